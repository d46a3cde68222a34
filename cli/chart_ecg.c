/* cli/chart_ecg.c - see chart_ecg.h. */
#include "cli/chart_ecg.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <string.h>

#define FINE 0xf9dcdc
#define COARSE 0xeaa9a9
#define GRID_AT_ONCE 256

static const struct kymo_pen fine = {FINE, 0.1, false}, coarse = {COARSE, 0.18, false}, ink = {CHART_INK, 0.25, false};

/* ---- paper ---- */

/* Lines that are drawn as one: NaN parts them. */
struct grid_lines {
    double x[3 * GRID_AT_ONCE], y[3 * GRID_AT_ONCE];
    size_t n;
};

static void draw_grid_lines(struct kymo_draw *d, struct grid_lines *g, struct kymo_pen pen)
{
    if (g->n > 0)
        kymo_draw_lines(d, pen, g->x, g->y, g->n);
    g->n = 0;
}

static void add_grid_line(struct kymo_draw *d, struct grid_lines *g, struct kymo_pen pen, double x0, double y0, double x1,
                          double y1)
{
    const double x[] = {x0, x1, (double)NAN}, y[] = {y0, y1, (double)NAN};

    memcpy(g->x + g->n, x, sizeof x);
    memcpy(g->y + g->n, y, sizeof y);
    g->n += 3;
    if (g->n == sizeof g->x / sizeof *g->x)
        draw_grid_lines(d, g, pen);
}

static void draw_squares(struct kymo_draw *d, const struct chart_place *p, int every, struct kymo_pen pen)
{
    struct grid_lines g = {.n = 0};

    for (int i = 0; i <= (int)(p->width + 0.01); i += every)
        if (every == 5 || i % 5 != 0)
            add_grid_line(d, &g, pen, p->x + i, p->y, p->x + i, p->y + p->height);
    for (int i = 0; i <= (int)(p->height + 0.01); i += every)
        if (every == 5 || i % 5 != 0)
            add_grid_line(d, &g, pen, p->x, p->y + i, p->x + p->width, p->y + i);
    draw_grid_lines(d, &g, pen);
}

void ecg_grid(struct kymo_draw *d, const struct chart_place *p)
{
    kymo_draw_begin(d, "grid");
    draw_squares(d, p, 1, fine);
    draw_squares(d, p, 5, coarse);
    kymo_draw_end(d);
}

void ecg_calibration(struct kymo_draw *d, double x, double y, struct ecg_scale scale)
{
    const double half = scale.mm_per_mv / 2;
    const double at_x[] = {x, x + 1, x + 1, x + ECG_CALIBRATION_MM - 1, x + ECG_CALIBRATION_MM - 1, x + ECG_CALIBRATION_MM};
    const double at_y[] = {y + half, y + half, y - half, y - half, y + half, y + half};

    kymo_draw_begin(d, "calibration");
    kymo_draw_lines(d, ink, at_x, at_y, 6);
    kymo_draw_end(d);
}

/* ---- traces ---- */

void ecg_trace(struct kymo_draw *d, const struct chart_place *p, const struct chart_curve *c, double from_s,
               double middle_mv, struct ecg_scale scale)
{
    const struct chart_axis x = {from_s, from_s + p->width / scale.mm_per_s, 1, true, ""};
    const double half = p->height / scale.mm_per_mv / 2;
    const struct chart_axis y = {middle_mv - half, middle_mv + half, 1, false, ""};

    kymo_draw_begin(d, "trace");
    chart_curve(d, p, &x, &y, c, ink);
    kymo_draw_end(d);
}

/* ---- marks ---- */

/* When a mark that is no beat ends: a change of rhythm (+) with the next one. */
static double end_of(const struct chart_mark *mark, size_t n, size_t i)
{
    if (strcmp(mark[i].type, "+") != 0)
        return mark[i].t_s + mark[i].duration_s;
    for (size_t k = i + 1; k < n; k++)
        if (strcmp(mark[k].type, "+") == 0)
            return mark[k].t_s;
    return INFINITY;
}

#define EPISODE_MM 3.6            /* height of their lane, the upper half */
#define LONG_WORD_MM 30.0         /* no longer one is cut */

static bool is_episode(const struct chart_mark *m) { return !kymo_is_beat(m->type); }

static void draw_bars(struct kymo_draw *d, const struct chart_place *p, const struct chart_mark *mark, size_t n, double from_s,
                      double mm_per_s)
{
    for (size_t i = 0; i < n; i++) {
        const double from = fmax(0, (mark[i].t_s - from_s) * mm_per_s);
        const double to = fmin(p->width, (mark[i].t_s + mark[i].duration_s - from_s) * mm_per_s);
        if (is_episode(&mark[i]) && mark[i].duration_s > 0 && to > from)
            kymo_draw_box(d, CHART_PALE_ORANGE, p->x + from, p->y, to - from, EPISODE_MM);
    }
}

/* How much of a word is written: all of it, unless it is a sentence that reaches to the next episode. */
static double word_width(struct kymo_draw *d, struct kymo_font font, const struct chart_mark *mark, size_t n, size_t i,
                         double room_mm, double mm_per_s)
{
    size_t next = i + 1;

    while (next < n && !(is_episode(&mark[next]) && mark[next].t_s > mark[i].t_s))
        next++;
    const double until_next = next < n ? (mark[next].t_s - mark[i].t_s) * mm_per_s - 1 : room_mm;
    return fmin(kymo_draw_text_width(d, font, chart_mark_word(&mark[i])), fmin(room_mm, fmax(LONG_WORD_MM, until_next)));
}

/* Those that are no beats. A word begins where its mark does, or, of one that began before, at the left edge; behind the word
 * before it where that is longer, and farther left where the paper ends. Where it has no room there is the tick alone. */
static void draw_episodes(struct kymo_draw *d, const struct chart_place *p, const struct chart_mark *mark, size_t n,
                          double from_s, double mm_per_s)
{
    const struct kymo_font font = {CHART_TEXT_MM, CHART_BLUE_TEXT, true};
    const double right = p->x + p->width;
    const char *before = "";      /* the last word of those that began before */
    double free_from = p->x + 0.7;

    draw_bars(d, p, mark, n, from_s, mm_per_s);
    for (size_t i = 0; i < n; i++) {
        const double at = p->x + (mark[i].t_s - from_s) * mm_per_s, to = p->x + (end_of(mark, n, i) - from_s) * mm_per_s;
        const char *const word = chart_mark_word(&mark[i]);
        if (!is_episode(&mark[i]) || at > right || to < p->x || (at < p->x && strcmp(word, before) == 0))
            continue;
        const double width = word_width(d, font, mark, n, i, p->width - 1.4, mm_per_s);
        const double x = fmin(fmax(at + 0.7, free_from), right - 0.7 - width);
        const bool fits = x >= free_from;
        const double top = at < free_from - 1 || (fits && x < at) ? p->y + 3 : p->y;   /* not through a word */
        if (at >= p->x)
            kymo_draw_line(d, (struct kymo_pen){CHART_BLUE, 0.3, false}, at, top, at, p->y + EPISODE_MM);
        else
            before = word;
        if (!fits)
            continue;
        chart_draw_mark_word(d, font, x, p->y + 2.7, width + 0.01, &mark[i]);
        free_from = x + width + 1.5;
    }
}

/* Beats: a tick each, and the type where there is room. Those that are not normal are written first. */
static void draw_beats(struct kymo_draw *d, const struct chart_place *p, const struct chart_mark *mark, size_t n, double from_s,
                       double mm_per_s)
{
    const struct kymo_font font[] = {{CHART_TEXT_MM, CHART_GREY, false}, {CHART_TEXT_MM, CHART_RED_TEXT, true}};
    const struct kymo_pen pen[] = {{CHART_GREY, 0.15, false}, {CHART_RED, 0.3, false}};
    const double bottom = p->y + ECG_MARKS_MM;
    double last_s = -INFINITY;

    for (size_t i = 0; i < n; i++) {
        const double x = p->x + (mark[i].t_s - from_s) * mm_per_s;
        if (!kymo_is_beat(mark[i].type) || x < p->x || x >= p->x + p->width)
            continue;
        const bool odd = !kymo_is_normal_beat(mark[i].type);
        const double half = kymo_draw_text_width(d, font[odd], mark[i].type) / 2;
        const double before = (mark[i].t_s - last_s) * mm_per_s;
        last_s = mark[i].t_s;
        kymo_draw_line(d, pen[odd], x, bottom - 1, x, bottom);
        if ((odd || before > 2.5) && x - half >= p->x && x + half <= p->x + p->width)
            kymo_draw_text(d, font[odd], KYMO_CENTRE, x, bottom - 1.4, mark[i].type);
    }
}

void ecg_marks(struct kymo_draw *d, const struct chart_place *p, const struct chart_mark *mark, size_t n, double from_s,
               struct ecg_scale scale)
{
    kymo_draw_begin(d, "marks");
    draw_episodes(d, p, mark, n, from_s, scale.mm_per_s);
    draw_beats(d, p, mark, n, from_s, scale.mm_per_s);
    kymo_draw_end(d);
}
