/* cli/chart_overview.c - see chart_overview.h. */
#include "cli/chart_overview.h"

#include <math.h>
#include <stdio.h>

#define NAMES_MM 52.0             /* left of the lanes */
#define LEAST_AREA_MM 0.5         /* so that a heart that never varies is seen */
#define AT_ONCE 512
#define LEAST_MM 0.2              /* width of a mark */
#define CLOSE_MM 0.05             /* what adds no more than this to a mark cannot be seen: a day may have a hundred thousand */

double chart_overview_height(const struct chart_overview *o)
{
    return OVERVIEW_RATE_MM + CHART_ABOVE_MM + CHART_BELOW_MM + (double)o->n_lanes * OVERVIEW_LANE_MM;
}

/* From least to greatest as an area for each stretch without a hole, the mean as a line on it. */
static void draw_rates(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *x, const struct chart_axis *y,
                       const struct chart_overview *o)
{
    double mean_x[AT_ONCE], mean_y[AT_ONCE];
    size_t n = 0;

    for (size_t i = 0; i < o->n_bins; i++) {
        const struct overview_bin *const b = &o->bin[i];
        const double left = chart_x(p, x, o->from_s + (double)i * o->bin_s);
        const double right = fmin(p->x + p->width, left + p->width * o->bin_s / (x->hi - x->lo));
        if (!isnan(b->mean)) {
            const double top = chart_y(p, y, b->greatest), bottom = chart_y(p, y, b->least);
            kymo_draw_box(d, CHART_SKY, left, top, right - left, fmax(bottom - top, LEAST_AREA_MM));
        }
    }
    for (size_t i = 0; i < o->n_bins; i++) {
        mean_x[n] = chart_x(p, x, o->from_s + ((double)i + 0.5) * o->bin_s);
        mean_y[n++] = chart_y(p, y, o->bin[i].mean);
        if (n == AT_ONCE || i + 1 == o->n_bins) {
            kymo_draw_lines(d, (struct kymo_pen){CHART_INK, 0.25, false}, mean_x, mean_y, n);
            mean_x[0] = mean_x[n - 1], mean_y[0] = mean_y[n - 1];   /* parts share a point */
            n = 1;
        }
    }
}

static void draw_lane(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *x,
                      const struct overview_lane *l)
{
    const struct kymo_pen rule = {CHART_PALE, 0.15, false};
    double drawn_to = -INFINITY;
    char name[80];

    snprintf(name, sizeof name, "%.60s (%zu)", l->name, l->n);
    kymo_draw_line(d, rule, p->x, p->y + p->height, p->x + p->width, p->y + p->height);
    chart_text_within(d, chart_small, KYMO_RIGHT, p->x - 1, p->y + p->height - 1.6, NAMES_MM - 2, name);
    for (size_t i = 0; i < l->n; i++) {
        const double from = chart_x(p, x, l->mark[i].t_s);
        const double to = fmax(from + LEAST_MM, chart_x(p, x, l->mark[i].t_s + l->mark[i].duration_s));
        if (to <= drawn_to + CLOSE_MM)
            continue;
        kymo_draw_box(d, CHART_RED, from, p->y + 1, to - from, p->height - 2);
        drawn_to = to;
    }
}

void chart_overview(struct kymo_draw *d, const struct chart_place *place, const struct chart_overview *o)
{
    const double lanes = (double)o->n_lanes * OVERVIEW_LANE_MM;
    const struct chart_place p = {
        place->x + NAMES_MM, place->y + CHART_ABOVE_MM, place->width - NAMES_MM - CHART_RIGHT_MM,
        place->height - CHART_ABOVE_MM - CHART_BELOW_MM - lanes,
    };
    const struct chart_axis x = chart_time_axis(o->from_s, o->to_s, (size_t)fmax(1, p.width / 20));
    double lo = (double)NAN, hi = (double)NAN;
    char name[100];

    for (size_t i = 0; i < o->n_bins; i++) {
        lo = fmin(lo, o->bin[i].least);   /* of a number and a NaN, the number */
        hi = fmax(hi, o->bin[i].greatest);
    }
    snprintf(name, sizeof name, "heart rate / per min: mean, and least to greatest in %g s, of 4 intervals each", o->bin_s);
    const struct chart_axis y = chart_round_axis(lo, hi, (size_t)fmax(2, p.height / 12), name);
    if (isnan(lo))
        chart_no_data(d, &p, "no intervals between beats");
    else
        chart_axes(d, &p, &x, &y);
    kymo_draw_begin(d, "trace");
    kymo_draw_clip(d, p.x, p.y, p.width, p.height);
    draw_rates(d, &p, &x, &y, o);
    kymo_draw_unclip(d);
    kymo_draw_end(d);
    kymo_draw_begin(d, "marks");
    for (size_t i = 0; i < o->n_lanes; i++)
        draw_lane(d, &(struct chart_place){p.x, p.y + p.height + CHART_BELOW_MM - 2 + (double)i * OVERVIEW_LANE_MM, p.width,
                                           OVERVIEW_LANE_MM}, &x, &o->lane[i]);
    kymo_draw_end(d);
}
