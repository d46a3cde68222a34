/* cli/chart_spo2.c - see chart_spo2.h. */
#include "cli/chart_spo2.h"

#include <math.h>

#define LEVEL_PCT 90.0
#define EVENTS_MM 3.0             /* the lane of desaturations: between both curves, or at the foot of the only one */

static void draw_desats(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *x,
                        const struct chart_spo2 *s)
{
    const double y = p->y + p->height + 1 - (s->pulse ? 0 : EVENTS_MM);

    kymo_draw_begin(d, "marks");
    for (size_t i = 0; i < s->n_desats; i++) {
        const double from = chart_x(p, x, s->desat[i].t_s), to = chart_x(p, x, s->desat[i].t_s + s->desat[i].duration_s);
        kymo_draw_box(d, CHART_RED, from, y, fmax(to - from, 0.2), EVENTS_MM - 1);
    }
    kymo_draw_end(d);
}

static void draw_curve(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *x,
                       const struct chart_curve *c, const struct chart_axis *y, struct kymo_pen pen)
{
    double lo, hi;

    chart_limits(c, &lo, &hi);
    if (isnan(lo)) {
        chart_no_data(d, p, "no valid reading");
        chart_text_within(d, chart_text, KYMO_LEFT, p->x, p->y - 1.4, p->width, y->name);
        return;
    }
    chart_axes(d, p, x, y);
    kymo_draw_begin(d, "trace");
    chart_curve(d, p, x, y, c, pen);
    kymo_draw_end(d);
}

void chart_spo2(struct kymo_draw *d, const struct chart_place *place, const struct chart_spo2 *s)
{
    const double width = place->width - CHART_LEFT_MM - CHART_RIGHT_MM, below = s->pulse ? 0.36 : 0;
    const double room = place->height - CHART_ABOVE_MM - CHART_BELOW_MM - EVENTS_MM - (s->pulse ? CHART_ABOVE_MM : 0);
    const struct chart_place top = {place->x + CHART_LEFT_MM, place->y + CHART_ABOVE_MM, width, room * (1 - below)};
    const struct chart_place bottom = {top.x, top.y + top.height + EVENTS_MM + CHART_ABOVE_MM, width, room * below};
    struct chart_axis x = chart_time_axis(s->from_s, s->to_s, (size_t)fmax(1, width / 22));
    double lo, hi;

    chart_limits(s->spo2, &lo, &hi);
    struct chart_axis y = chart_round_axis(fmin(lo, LEVEL_PCT - 5), 100, (size_t)fmax(2, top.height / 10), "SpO2 / %");
    y.hi = 100;
    if (!s->pulse)
        y.lo -= (y.hi - y.lo) * EVENTS_MM / top.height;
    const double level = chart_y(&top, &y, LEVEL_PCT);
    if (s->pulse)
        x.name = NULL;
    draw_curve(d, &top, &x, s->spo2, &y, (struct kymo_pen){CHART_BLUE, 0.2, false});
    kymo_draw_line(d, (struct kymo_pen){CHART_GREY, 0.25, true}, top.x, level, top.x + width, level);
    draw_desats(d, &top, &x, s);
    if (s->pulse) {
        chart_limits(s->pulse, &lo, &hi);
        y = chart_round_axis(lo, hi, (size_t)fmax(2, bottom.height / 10), "pulse rate / per min");
        x.name = "";
        draw_curve(d, &bottom, &x, s->pulse, &y, (struct kymo_pen){CHART_GREEN, 0.2, false});
    }
}
