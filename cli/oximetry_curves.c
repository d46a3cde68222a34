/* cli/oximetry_curves.c - see oximetry_curves.h. */
#include "cli/oximetry_curves.h"
#include "algorithms/envelope.h"

#include <math.h>
#include <stdlib.h>

#define SLOWEST 20.0              /* per min */
#define QUICKEST 300.0

/* Values of lo..hi, the others being none. */
static struct chart_curve curve_of(struct envelope *envelope, const struct oximetry_series *s, double from_s, double lo,
                                   double hi, double *room)
{
    const size_t bound = envelope_bound(envelope);
    const double step_s = 1 / s->fs_hz;

    envelope_reset(envelope, from_s);
    for (size_t i = 0; i < s->n; i++) {
        const double x = s->x[i] >= lo && s->x[i] <= hi ? s->x[i] : (double)NAN;
        envelope_push(envelope, (double)oximetry_time(s, i) / (double)KYMO_NS_PER_S, step_s, &x, 1);
    }
    return (struct chart_curve){
        .label = "", .unit = "", .t_s = room, .y = room + bound, .n = envelope_points(envelope, room, room + bound),
    };
}

int oximetry_curves_make(struct oximetry_curves *c, const struct oximetry *o, double from_s, double to_s, size_t n_columns,
                         struct kymo_err *e)
{
    struct envelope *const envelope = envelope_create(from_s, (to_s - from_s) / (double)n_columns, n_columns, e);

    if (!envelope)
        return e->cause[0].code;
    const size_t bound = envelope_bound(envelope);
    c->room = malloc(4 * bound * sizeof *c->room);
    if (c->room) {
        c->has_pulse = o->pulse.signal >= 0;
        c->spo2 = curve_of(envelope, &o->spo2, from_s, 0, 100, c->room);
        if (c->has_pulse)
            c->pulse = curve_of(envelope, &o->pulse, from_s, SLOWEST, QUICKEST, c->room + 2 * bound);
    }
    envelope_destroy(envelope);
    return c->room ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory to draw a night");
}

void oximetry_curves_release(struct oximetry_curves *c) { free(c->room); }
