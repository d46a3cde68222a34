/* cli/chart_poincare.c - see chart_poincare.h. */
#include "cli/chart_poincare.h"
#include "algorithms/hrv_poincare.h"
#include "cli/chart_tachogram.h"

#include <math.h>
#include <stdio.h>

#define DOTS_AT_ONCE 1024
#define ELLIPSE_POINTS 181
#define PI 3.14159265358979323846

/* Pairs of intervals that follow each other: those that count, or the others. */
static size_t draw_pairs(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *a,
                         const struct nn_interval *interval, size_t n, bool counting, struct kymo_pen pen)
{
    double x[DOTS_AT_ONCE], y[DOTS_AT_ONCE];
    size_t held = 0, all = 0;

    for (size_t i = 1; i < n; i++) {
        const bool counts = interval[i].state != NN_EXCLUDED && interval[i - 1].state != NN_EXCLUDED;
        if (!interval[i].after_break && counts == counting) {
            x[held] = chart_x(p, a, interval[i - 1].ms);
            y[held++] = chart_y(p, a, interval[i].ms);
            all++;
        }
        if (held == DOTS_AT_ONCE) {
            kymo_draw_dots(d, pen, x, y, held);
            held = 0;
        }
    }
    if (held > 0)
        kymo_draw_dots(d, pen, x, y, held);
    return all;
}

/* Half axes of SD1 across and SD2 along the line of identity, round the mean. */
static void draw_ellipse(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *a, double mean_ms,
                         const struct hrv_poincare *v)
{
    double x[ELLIPSE_POINTS], y[ELLIPSE_POINTS];

    for (int i = 0; i < ELLIPSE_POINTS; i++) {
        const double turn = 2 * PI * i / (ELLIPSE_POINTS - 1), along = v->sd2_ms * cos(turn), across = v->sd1_ms * sin(turn);
        x[i] = chart_x(p, a, mean_ms + (along - across) / sqrt(2));
        y[i] = chart_y(p, a, mean_ms + (along + across) / sqrt(2));
    }
    kymo_draw_lines(d, (struct kymo_pen){CHART_INK, 0.35, false}, x, y, ELLIPSE_POINTS);
}

static void draw_summary(struct kymo_draw *d, const struct chart_place *p, const struct hrv_poincare *v, const char *withheld,
                         size_t n_others)
{
    char text[160];

    if (withheld)
        snprintf(text, sizeof text, "%zu pairs   SD1, SD2 not given:", v->n_points);
    else
        snprintf(text, sizeof text, "SD1 %.1f ms   SD2 %.1f ms   %zu pairs", v->sd1_ms, v->sd2_ms, v->n_points);
    chart_text_within(d, chart_text, KYMO_LEFT, p->x, p->y + p->height + (withheld ? 10.8 : 12), p->width, text);
    if (withheld)
        chart_text_within(d, chart_small, KYMO_LEFT, p->x, p->y + p->height + 13.7, p->width, withheld);
    if (n_others > 0)
        kymo_draw_text(d, (struct kymo_font){CHART_TEXT_MM, CHART_RED_TEXT, false}, KYMO_RIGHT, p->x + p->width, p->y - 1.4,
                       "\u25cf not between normal beats");
}

void chart_poincare(struct kymo_draw *d, const struct chart_place *place, const struct nn_interval *interval, size_t n,
                    const struct nn_series *nn, const char *withheld)
{
    const double side = fmin(place->width - CHART_LEFT_MM - CHART_RIGHT_MM,
                             place->height - CHART_ABOVE_MM - CHART_BELOW_MM - 6);
    const struct chart_place p = {place->x + CHART_LEFT_MM, place->y + CHART_ABOVE_MM, side, side};
    struct hrv_poincare v;
    double sum_ms = 0;

    if (n < 2) {
        chart_no_data(d, &p, "no intervals between beats");
        return;
    }
    for (size_t i = 0; i < nn->n; i++)
        sum_ms += nn->nn_ms[i];
    const struct chart_axis y = chart_rr_axis(interval, n, (size_t)fmax(2, side / 14), "next RR / ms");
    struct chart_axis x = y;
    x.name = "RR / ms";
    hrv_poincare(nn, &v);
    chart_axes(d, &p, &x, &y);
    kymo_draw_clip(d, p.x, p.y, side, side);
    kymo_draw_line(d, (struct kymo_pen){CHART_GREY, 0.15, true}, p.x, p.y + side, p.x + side, p.y);
    kymo_draw_begin(d, "excluded");
    const size_t others = draw_pairs(d, &p, &x, interval, n, false, (struct kymo_pen){CHART_RED, 0.5, false});
    kymo_draw_end(d);
    kymo_draw_begin(d, "trace");
    draw_pairs(d, &p, &x, interval, n, true, (struct kymo_pen){CHART_BLUE, 0.5, false});
    kymo_draw_end(d);
    if (!withheld && !isnan(v.sd1_ms))
        draw_ellipse(d, &p, &x, sum_ms / (double)nn->n, &v);
    kymo_draw_unclip(d);
    draw_summary(d, &p, &v, withheld, others);
}
