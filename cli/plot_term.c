/* cli/plot_term.c - kymo plot --term: signals below each other in characters of braille, each of which is 2 dots wide and 4
 * high (Unicode 2800..28FF), as wide as the window; above them the words of episodes and the letters of beats. */
#include "cli/plot.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_UNLESS_TOLD = 80, WIDEST = 1000, LINES = 6, DOTS_HIGH = 4 * LINES };

/* Columns of the window, where standard output is one. */
static int window_width(void)
{
    struct winsize w;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) < 0 || w.ws_col == 0)
        return WIDTH_UNLESS_TOLD;
    return w.ws_col < 20 ? 20 : w.ws_col > WIDEST ? WIDEST : w.ws_col;
}

struct canvas {
    int width;                    /* characters */
    unsigned char cell[LINES][WIDEST];
};

static void set_dot(struct canvas *c, int x, int y)
{
    static const unsigned char bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

    if (x >= 0 && x < 2 * c->width && y >= 0 && y < DOTS_HIGH)
        c->cell[y / 4][x / 2] |= bit[y % 4][x % 2];
}

static void draw_line(struct canvas *c, double x0, double y0, double x1, double y1)
{
    const int n = (int)fmax(fabs(x1 - x0), fabs(y1 - y0)) + 1;

    for (int i = 0; i <= n; i++)
        set_dot(c, (int)floor(x0 + (x1 - x0) * i / n), (int)lround(y0 + (y1 - y0) * i / n));
}

static void draw_curve(struct canvas *c, const struct chart_curve *curve, double from_s, double dot_s, double lo, double hi)
{
    const double dot = hi > lo ? (hi - lo) / (DOTS_HIGH - 1) : 1;
    double x0 = (double)NAN, y0 = (double)NAN;

    memset(c->cell, 0, sizeof c->cell);
    for (size_t i = 0; i < curve->n; i++) {
        const double x = (curve->t_s[i] - from_s) / dot_s, y = (hi - curve->y[i]) / dot;
        if (!isnan(y))
            isnan(y0) ? draw_line(c, x, y, x, y) : draw_line(c, x0, y0, x, y);
        x0 = x, y0 = y;
    }
}

static int put_canvas(struct kymo_output *out, const struct canvas *c, struct kymo_err *e)
{
    int rc = 0;

    for (int line = 0; rc == 0 && line < LINES; line++) {
        for (int i = 0; rc == 0 && i < c->width; i++) {
            const unsigned char bits = c->cell[line][i];
            const unsigned char utf8[3] = {0xe2, (unsigned char)(0xa0 | bits >> 6), (unsigned char)(0x80 | (bits & 0x3f))};
            rc = kymo_put(out, utf8, sizeof utf8, e);
        }
        if (rc == 0)
            rc = kymo_put_text(out, "\n", e);
    }
    return rc;
}

static int put_signal(struct kymo_output *out, struct canvas *c, const struct chart_curve *curve, double from_s, double dot_s,
                      struct kymo_err *e)
{
    double lo, hi;

    chart_limits(curve, &lo, &hi);
    if (isnan(lo))
        return kymo_putf(out, e, "%s: no data\n", curve->label);
    draw_curve(c, curve, from_s, dot_s, lo, hi);
    const int rc = kymo_putf(out, e, "%s  %.4g to %.4g %s\n", curve->label, lo, hi, curve->unit);
    return rc < 0 ? rc : put_canvas(out, c, e);
}

/* ---- marks ---- */

/* A line of text, character by character, each in UTF-8. */
struct lane {
    bool used;
    char cell[WIDEST][5];
};

struct lanes {
    struct lane bar, word, beat;   /* word: of episodes, over their bars */
};

/* What a file says may have several bytes to a character; the word ends where the window does. */
static void write_word(struct lane *l, int at, int width, const char *word)
{
    memset(l->cell[at], 0, (size_t)(width - at) * sizeof *l->cell);   /* the one before ends here */
    for (; *word && at < width; at++) {
        size_t n = 1;
        while (n < 4 && ((unsigned char)word[n] & 0xc0) == 0x80)
            n++;
        memcpy(l->cell[at], word, n);
        word += n;
    }
    l->used = true;
}

static void add_mark(struct lanes *l, const struct chart_mark *m, int width, double from_s, double s_per_cell)
{
    const double first = floor((m->t_s - from_s) / s_per_cell), last = floor((m->t_s + m->duration_s - from_s) / s_per_cell);
    const int at = (int)fmax(0, fmin(first, width - 1));
    char word[400];

    if (kymo_is_beat(m->type)) {
        if (first < 0 || first >= width || (*l->beat.cell[at] && kymo_is_normal_beat(m->type)))
            return;
        snprintf(l->beat.cell[at], sizeof l->beat.cell[at], "%.1s", m->type);
        l->beat.used = true;
        return;
    }
    for (int i = at; m->duration_s > 0 && i <= last && i < width; i++)
        *l->bar.cell[i] = '-';
    kymo_utf8(chart_mark_word(m), strnlen(chart_mark_word(m), sizeof word / 3 - 1), word, sizeof word);
    write_word(&l->word, at, width, word);
}

static int put_cells(struct kymo_output *out, const struct lane *over, const struct lane *under, int width, struct kymo_err *e)
{
    int rc = 0;

    while (width > 0 && !*over->cell[width - 1] && !*under->cell[width - 1])
        width--;
    for (int i = 0; rc == 0 && i < width; i++)
        rc = kymo_put_text(out, *over->cell[i] ? over->cell[i] : *under->cell[i] ? under->cell[i] : " ", e);
    return rc < 0 ? rc : kymo_put_text(out, "\n", e);
}

/* A line of episodes and one of beats, where there are such; of several beats in one place one that is not normal. */
static int put_marks(struct kymo_output *out, const struct plot_source *s, int width, double from_s, double to_s,
                     struct kymo_err *e)
{
    struct lanes *const l = calloc(1, sizeof *l);
    const struct chart_mark *mark;
    const size_t n = plot_marks(s, from_s, to_s, &mark);
    int rc = l ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory to draw");

    for (size_t i = 0; l && i < n; i++)
        add_mark(l, &mark[i], width, from_s, (to_s - from_s) / width);
    if (rc == 0 && l->word.used)
        rc = put_cells(out, &l->word, &l->bar, width, e);
    if (rc == 0 && l->beat.used)
        rc = put_cells(out, &l->beat, &l->beat, width, e);
    free(l);
    return rc;
}

/* ---- all of it ---- */

static int put_times(struct kymo_output *out, int width, double from_s, double to_s, struct kymo_err *e)
{
    char from[48], to[48];

    chart_time_text(from_s, (to_s - from_s) / 10, from, sizeof from);
    chart_time_text(to_s, (to_s - from_s) / 10, to, sizeof to);
    return kymo_putf(out, e, "%s%*s\n", from, width - (int)strlen(from), to);
}

static int put_view(struct plot *p, const struct plot_view *v, int width, double from_s, double to_s, struct kymo_err *e)
{
    struct kymo_output *const out = kymo_output_open(NULL, e);
    struct canvas *const c = calloc(1, sizeof *c);
    int rc = !out ? e->cause[0].code : c ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory to draw");

    if (rc == 0)
        c->width = width;
    if (rc == 0 && !plot_view_has_data(v))
        rc = kymo_fail_at(e, KYMO_EDATA, p->source.in->path, -1, "no samples from %g s to %g s", from_s, to_s);
    if (rc == 0)
        rc = put_marks(out, &p->source, width, from_s, to_s, e);
    for (size_t i = 0; rc == 0 && i < v->n; i++)
        rc = put_signal(out, c, &v->curve[i], from_s, (to_s - from_s) / (2 * width), e);
    if (rc == 0)
        rc = put_times(out, width, from_s, to_s, e);
    if (rc == 0)
        rc = kymo_output_finish(out, e);
    free(c);
    kymo_output_destroy(out);
    return rc;
}

int plot_term(struct plot *p, enum plot_kind kind, struct kymo_err *e)
{
    const int width = window_width();
    const double from_s = plot_from_s(p), end_s = plot_to_s(p);
    const bool strip = kind == PLOT_STRIP;
    double to_s = end_s;
    struct plot_view v = {.n = 0};
    int rc = plot_pick(&p->source, strip ? KYMO_ECG : KYMO_KINDS, p->args->in.signals.n > 0, e);

    if (strip && !p->args->in.to.set)
        to_s = fmin(end_s, from_s + p->args->strip_s);   /* of a number and a NaN, the number */
    if (rc == 0)
        rc = plot_check_range(p, from_s, to_s, e);
    if (rc == 0)
        rc = plot_view_make(&v, &p->source, isnan(to_s) ? 0 : (to_s - from_s) / (2 * width), (size_t)(2 * width), e);
    if (rc == 0)
        rc = plot_view_read(&p->source, &v, from_s, false, e);
    if (rc == 0 && isnan(to_s))
        to_s = (double)p->source.end_ns / (double)KYMO_NS_PER_S;
    if (rc == 0)
        rc = put_view(p, &v, width, from_s, to_s, e);
    plot_view_release(&v);
    return rc;
}
