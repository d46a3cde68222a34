/* cli/chart_stack.c - see chart_stack.h. */
#include "cli/chart_stack.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdio.h>

#define BETWEEN_MM 2.0
#define NAMES_MM 4.5              /* above each signal, for its label and unit */

static void draw_signal(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *x,
                        const struct chart_curve *c)
{
    double lo, hi;

    chart_limits(c, &lo, &hi);
    if (isnan(lo)) {
        chart_no_data(d, p, "no data");
        kymo_draw_text(d, chart_text, KYMO_LEFT, p->x, p->y - 1.4, c->label);
        return;
    }
    char name[400];
    snprintf(name, sizeof name, "%s%s%s", c->label, *c->unit ? " / " : "", c->unit);
    struct chart_axis y = chart_round_axis(lo, hi, (size_t)fmax(2, p->height / 5), name);
    if (hi > lo)
        y.lo = lo - (hi - lo) / 20, y.hi = hi + (hi - lo) / 20;
    chart_axes(d, p, x, &y);
    kymo_draw_begin(d, "trace");
    chart_curve(d, p, x, &y, c, (struct kymo_pen){CHART_BLUE, 0.2, false});
    kymo_draw_end(d);
}

/* Whether a mark's word has room before the next one; that of a rhythm or an episode, before the next of these. */
static bool has_room(const struct chart_stack *s, size_t i, double room_s)
{
    const bool beat = kymo_is_beat(s->mark[i].type);

    for (size_t k = i + 1; k < s->n_marks && s->mark[k].t_s < s->mark[i].t_s + room_s; k++)
        if (beat || !kymo_is_beat(s->mark[k].type))
            return false;
    return true;
}

/* Episodes as pale bars behind everything, moments as ticks above all signals. */
static void draw_marks(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *x,
                       const struct chart_stack *s)
{
    const double s_per_mm = (x->hi - x->lo) / p->width;
    double free_from = -INFINITY;

    kymo_draw_begin(d, "marks");
    for (size_t i = 0; i < s->n_marks; i++) {
        const struct chart_mark *const m = &s->mark[i];
        const double right = p->x + p->width;
        const double from = fmax(p->x, chart_x(p, x, m->t_s)), to = fmin(right, chart_x(p, x, m->t_s + m->duration_s));
        if (kymo_is_normal_beat(m->type) || to < p->x || from > right)
            continue;
        if (m->duration_s > 0)
            kymo_draw_box(d, CHART_PALE_ORANGE, from, p->y, to - from, p->height);
        else
            kymo_draw_line(d, (struct kymo_pen){CHART_RED, 0.15, false}, from, p->y - 1.2, from, p->y);
        const char *const word = chart_mark_word(m);
        const double width = kymo_draw_text_width(d, chart_small, word);
        if (from < free_from || from + width > right || !has_room(s, i, (width + 1) * s_per_mm))
            continue;
        chart_draw_mark_word(d, chart_small, from, p->y - 1.6, width + 0.01, m);
        free_from = from + width + 1;
    }
    kymo_draw_end(d);
}

void chart_stack(struct kymo_draw *d, const struct chart_place *place, const struct chart_stack *s)
{
    const double marks = s->n_marks > 0 ? 4 : 0, inner = place->width - CHART_LEFT_MM - CHART_RIGHT_MM;
    const double each = (place->height - marks - CHART_BELOW_MM) / (double)s->n;
    const struct chart_axis x = chart_time_axis(s->from_s, s->to_s, (size_t)fmax(1, inner / 22));
    const struct chart_place all = {place->x + CHART_LEFT_MM, place->y + marks, inner, place->height - marks - CHART_BELOW_MM};

    draw_marks(d, &all, &x, s);
    for (size_t i = 0; i < s->n; i++) {
        struct chart_axis own = x;
        own.name = i + 1 < s->n ? NULL : x.name;
        draw_signal(d, &(struct chart_place){all.x, all.y + (double)i * each + NAMES_MM, inner, each - NAMES_MM - BETWEEN_MM},
                    &own, &s->curve[i]);
    }
}
