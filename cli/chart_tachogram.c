/* cli/chart_tachogram.c - see chart_tachogram.h. */
#include "cli/chart_tachogram.h"
#include "algorithms/envelope.h"

#include <math.h>
#include <stdlib.h>

#define LONGEST_MS 3000.0
#define DOTS_AT_ONCE 1024

struct chart_axis chart_rr_axis(const struct nn_interval *interval, size_t n, size_t n_steps, const char *name)
{
    double lo = (double)NAN, hi = (double)NAN;

    for (size_t i = 0; i < n; i++)
        if (interval[i].ms <= LONGEST_MS || interval[i].state != NN_EXCLUDED) {
            lo = fmin(lo, interval[i].ms);   /* of a number and a NaN, the number */
            hi = fmax(hi, interval[i].ms);
        }
    return chart_round_axis(lo, hi, n_steps, name);
}

static bool is_excluded(const struct chart_tachogram *t, size_t i) { return t->interval[i].state == NN_EXCLUDED; }

/* Whether it is part of the line, and whether none of its neighbours is. */
static bool counts(const struct chart_tachogram *t, size_t i) { return !is_excluded(t, i); }

static bool is_alone(const struct chart_tachogram *t, size_t i)
{
    const bool follows = i > 0 && !t->interval[i].after_break && counts(t, i - 1);
    const bool leads = i + 1 < t->n && !t->interval[i + 1].after_break && counts(t, i + 1);

    return counts(t, i) && !follows && !leads;
}

/* An interval stands where it ends; its line comes from the one before it, if it follows that and both count. */
static int draw_line(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *x, const struct chart_axis *y,
                     const struct chart_tachogram *t, struct kymo_err *e)
{
    const size_t columns = (size_t)(p->width / CHART_COLUMN_MM);
    struct envelope *const s = envelope_create(x->lo, (x->hi - x->lo) / (double)columns, columns, e);
    double *const room = s ? malloc(2 * envelope_bound(s) * sizeof *room) : NULL;

    if (!room) {
        envelope_destroy(s);
        return s ? kymo_fail(e, KYMO_ENOMEM, "no memory to draw %zu intervals", t->n) : e->cause[0].code;
    }
    const double none = (double)NAN;
    for (size_t i = 0; i < t->n; i++) {
        const double next_s = i + 1 < t->n ? t->interval[i + 1].end_s - t->interval[i].end_s : 1;
        if (t->interval[i].after_break || !counts(t, i))
            envelope_push(s, t->interval[i].end_s, 0, &none, 1);
        if (counts(t, i))
            envelope_push(s, t->interval[i].end_s, next_s, &t->interval[i].ms, 1);
    }
    const size_t bound = envelope_bound(s);
    const struct chart_curve c = {.t_s = room, .y = room + bound, .n = envelope_points(s, room, room + bound)};
    chart_curve(d, p, x, y, &c, (struct kymo_pen){CHART_BLUE, 0.2, false});
    envelope_destroy(s);
    free(room);
    return 0;
}

/* A dot for each interval of which that holds; returns how many. */
static size_t draw_dots(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *x,
                        const struct chart_axis *y, const struct chart_tachogram *t,
                        bool (*holds)(const struct chart_tachogram *t, size_t i), struct kymo_pen pen)
{
    double at_x[DOTS_AT_ONCE], at_y[DOTS_AT_ONCE];
    size_t n = 0, all = 0;

    kymo_draw_clip(d, p->x, p->y, p->width, p->height);
    for (size_t i = 0; i < t->n; i++) {
        if (holds(t, i)) {
            at_x[n] = chart_x(p, x, t->interval[i].end_s);
            at_y[n++] = chart_y(p, y, t->interval[i].ms);
            all++;
        }
        if (n == DOTS_AT_ONCE || (n > 0 && i + 1 == t->n)) {
            kymo_draw_dots(d, pen, at_x, at_y, n);
            n = 0;
        }
    }
    kymo_draw_unclip(d);
    return all;
}

int chart_tachogram(struct kymo_draw *d, const struct chart_place *place, const struct chart_tachogram *t, struct kymo_err *e)
{
    const struct chart_place p = {
        place->x + CHART_LEFT_MM, place->y + CHART_ABOVE_MM, place->width - CHART_LEFT_MM - CHART_RIGHT_MM,
        place->height - CHART_ABOVE_MM - CHART_BELOW_MM,
    };

    if (t->n == 0) {
        chart_no_data(d, &p, "no intervals between beats");
        return 0;
    }
    const struct chart_axis x = chart_time_axis(t->from_s, t->to_s, (size_t)fmax(1, p.width / 22));
    const struct chart_axis y = chart_rr_axis(t->interval, t->n, (size_t)fmax(2, p.height / 10), "RR / ms");
    chart_axes(d, &p, &x, &y);
    kymo_draw_begin(d, "trace");
    const int rc = draw_line(d, &p, &x, &y, t, e);
    draw_dots(d, &p, &x, &y, t, is_alone, (struct kymo_pen){CHART_BLUE, 0.5, false});
    kymo_draw_end(d);
    kymo_draw_begin(d, "excluded");
    if (draw_dots(d, &p, &x, &y, t, is_excluded, (struct kymo_pen){CHART_RED, 0.5, false}) > 0)
        kymo_draw_text(d, (struct kymo_font){CHART_TEXT_MM, CHART_RED_TEXT, false}, KYMO_RIGHT, p.x + p.width, p.y - 1.4,
                       "\u25cf not between normal beats");
    kymo_draw_end(d);
    return rc;
}
