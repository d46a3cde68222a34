/* cli/chart_disclosure.c - see chart_disclosure.h. */
#include "cli/chart_disclosure.h"
#include "algorithms/polyline.h"
#include "lib/vocabulary.h"

#include <math.h>

#define LARGEST_MM_PER_MV 20.0
#define SMALLEST_MM_PER_MV 0.05
#define OVERLAP 1.6
#define POINT_MM (25.4 / 72)
#define COLUMN_MM (POINT_MM / 2)
#define GRID_MM (POINT_MM / 8)
#define TOLERANCE_MM 0.03
#define PEN_MM 0.13

enum { MOST_COLUMNS = 4096, POINTS_OF_COLUMN = 3 };   /* least, greatest, and a gap */

size_t chart_disclosure_columns(double width_mm)
{
    const double n = floor((width_mm - DISCLOSURE_TIMES_MM) / COLUMN_MM);

    return n < 1 ? 1 : n > MOST_COLUMNS ? MOST_COLUMNS : (size_t)n;
}

/* The points of a line, from *at on: moves *at behind them. */
static struct chart_curve line_of(const struct chart_disclosure *c, size_t line, size_t *at)
{
    const double end_s = c->from_s + (double)(line + 1) * c->line_s;
    const size_t first = *at;

    while (*at < c->lead->n && c->lead->t_s[*at] < end_s)
        ++*at;
    return (struct chart_curve){"", "", c->lead->t_s + first, c->lead->y + first, *at - first};
}

double chart_disclosure_gain(const struct chart_disclosure *c, double line_mm)
{
    for (double gain = LARGEST_MM_PER_MV; gain > SMALLEST_MM_PER_MV; gain /= 2) {
        size_t at = 0, n = 0, n_fit = 0;
        for (size_t i = 0; i < c->n_lines; i++) {
            const struct chart_curve line = line_of(c, i, &at);
            double lo, hi;
            chart_limits(&line, &lo, &hi);
            if (isnan(lo))
                continue;
            n++;
            n_fit += (hi - lo) * gain <= OVERLAP * line_mm ? 1 : 0;
        }
        if (10 * n_fit >= 9 * n)
            return gain;
    }
    return SMALLEST_MM_PER_MV;
}

/* Where its baseline is: the mean, NaN where there is no point. */
static double middle_of(const struct chart_curve *c)
{
    double sum = 0, n = 0;

    for (size_t i = 0; i < c->n; i++)
        if (!isnan(c->y[i])) {
            sum += c->y[i];
            n++;
        }
    return sum / n;
}

/* What is drawn of a line: points on the page. */
struct trace {
    double from_s, column_s, left, zero_y, mm_per_mv;
    double x[POINTS_OF_COLUMN * MOST_COLUMNS], y[POINTS_OF_COLUMN * MOST_COLUMNS];
    size_t n;
};

static double column_of(const struct trace *t, double t_s) { return floor((t_s - t->from_s) / t->column_s + 1e-6); }

static void add_point(struct trace *t, double t_s, double mv)
{
    t->x[t->n] = t->left + COLUMN_MM / 2 * round(2 * (t_s - t->from_s) / t->column_s);
    t->y[t->n++] = GRID_MM * round((t->zero_y - mv * t->mm_per_mv) / GRID_MM);
}

/* Points first..end of c, which are of one column: what is no higher than the line is thick is a point. */
static void add_column(struct trace *t, const struct chart_curve *c, size_t first, size_t end)
{
    size_t least = first, greatest = first;

    for (size_t i = first; i < end; i++) {
        least = c->y[i] < c->y[least] ? i : least;
        greatest = c->y[i] > c->y[greatest] ? i : greatest;
    }
    const size_t from = least < greatest ? least : greatest, to = least < greatest ? greatest : least;
    if ((c->y[greatest] - c->y[least]) * t->mm_per_mv <= PEN_MM) {
        add_point(t, (c->t_s[from] + c->t_s[to]) / 2, (c->y[from] + c->y[to]) / 2);
    } else {
        add_point(t, c->t_s[from], c->y[from]);
        add_point(t, c->t_s[to], c->y[to]);
    }
}

/* A gap lies between two columns, and not inside one (see envelope.h). */
static void fill_trace(struct trace *t, const struct chart_curve *c)
{
    size_t end;

    for (size_t i = 0; i < c->n && t->n + POINTS_OF_COLUMN <= sizeof t->x / sizeof *t->x; i = end) {
        for (end = i; end < c->n && !isnan(c->y[end]) && column_of(t, c->t_s[end]) == column_of(t, c->t_s[i]); end++)
            ;
        if (end > i)
            add_column(t, c, i, end);
        else
            add_point(t, c->t_s[end++], (double)NAN);
    }
}

static void draw_line(struct kymo_draw *d, const struct chart_place *p, const struct chart_disclosure *c, size_t line,
                      size_t *at)
{
    const double from_s = c->from_s + (double)line * c->line_s;
    const struct chart_curve points = line_of(c, line, at);
    struct trace t = {
        .from_s = from_s, .column_s = c->line_s * COLUMN_MM / p->width, .left = COLUMN_MM * round(p->x / COLUMN_MM),
        .zero_y = p->y + p->height / 2 + middle_of(&points) * c->mm_per_mv, .mm_per_mv = c->mm_per_mv,
    };
    char text[48];

    chart_time_text(from_s, 1, text, sizeof text);
    kymo_draw_text(d, chart_small, KYMO_RIGHT, p->x - 1.5, p->y + p->height / 2 + 0.8, text);
    if (isnan(t.zero_y))
        return;
    fill_trace(&t, &points);
    kymo_draw_clip(d, p->x, p->y - p->height, p->width, 3 * p->height);   /* it may reach into its neighbours */
    kymo_draw_lines(d, (struct kymo_pen){CHART_INK, PEN_MM, false}, t.x, t.y, polyline_simplify(t.x, t.y, t.n, TOLERANCE_MM));
    kymo_draw_unclip(d);
}

/* Beats that are not normal, and whatever is no beat, as ticks and bars at the foot of their line. */
static void draw_marks(struct kymo_draw *d, const struct chart_place *p, const struct chart_disclosure *c, size_t line)
{
    const double from_s = c->from_s + (double)line * c->line_s, mm_per_s = p->width / c->line_s;

    for (size_t i = 0; i < c->n_marks && c->mark[i].t_s < from_s + c->line_s; i++) {
        const struct chart_mark *const m = &c->mark[i];
        const double from = fmax(0, (m->t_s - from_s) * mm_per_s);
        const double to = fmin(p->width, (m->t_s + m->duration_s - from_s) * mm_per_s);
        if (kymo_is_normal_beat(m->type) || to < 0 || (to == 0 && m->t_s < from_s))
            continue;
        kymo_draw_box(d, kymo_is_beat(m->type) ? CHART_RED : CHART_ORANGE, p->x + from, p->y + p->height - 0.9,
                      fmax(to - from, 0.3), 0.9);
    }
}

void chart_disclosure(struct kymo_draw *d, const struct chart_place *place, const struct chart_disclosure *c)
{
    const double each = place->height / (double)c->n_lines;
    const double width = (double)chart_disclosure_columns(place->width) * COLUMN_MM;
    struct chart_place p = {place->x + DISCLOSURE_TIMES_MM, place->y, width, each};
    size_t at = 0;

    for (size_t i = 0; i < c->n_lines && c->from_s + (double)i * c->line_s < c->to_s; i++, p.y += each) {
        kymo_draw_begin(d, "marks");
        draw_marks(d, &p, c, i);
        kymo_draw_end(d);
        kymo_draw_begin(d, "trace");
        draw_line(d, &p, c, i, &at);
        kymo_draw_end(d);
    }
}
