/* cli/chart_disclosure.c - see chart_disclosure.h. */
#include "cli/chart_disclosure.h"
#include "lib/vocabulary.h"

#include <math.h>

#define LARGEST_MM_PER_MV 20.0
#define SMALLEST_MM_PER_MV 0.05
#define OVERLAP 1.6

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

static void draw_line(struct kymo_draw *d, const struct chart_place *p, const struct chart_disclosure *c, size_t line,
                      size_t *at)
{
    const double from_s = c->from_s + (double)line * c->line_s;
    const struct chart_curve points = line_of(c, line, at);
    const double middle = middle_of(&points), height = 3 * p->height, half_mv = height / c->mm_per_mv / 2;
    const struct chart_place wide = {p->x, p->y - p->height, p->width, height};   /* it may reach into its neighbours */
    const struct chart_axis x = {from_s, from_s + c->line_s, c->line_s, true, ""};
    const struct chart_axis y = {middle - half_mv, middle + half_mv, 1, false, ""};
    char text[48];

    chart_time_text(from_s, 1, text, sizeof text);
    kymo_draw_text(d, chart_small, KYMO_RIGHT, p->x - 1.5, p->y + p->height / 2 + 0.8, text);
    if (!isnan(middle))
        chart_curve(d, &wide, &x, &y, &points, (struct kymo_pen){CHART_INK, 0.13, false});
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
    struct chart_place p = {place->x + DISCLOSURE_TIMES_MM, place->y, place->width - DISCLOSURE_TIMES_MM, each};
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
