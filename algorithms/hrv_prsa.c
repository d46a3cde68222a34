/* algorithms/hrv_prsa.c - see hrv_prsa.h. */
#include "algorithms/hrv_prsa.h"

#include <math.h>

/* 1 a deceleration, -1 an acceleration, 0 neither. */
static int anchor_kind(double before, double now, double limit)
{
    const double change = fabs(now - before);

    if (change <= NN_SLACK_MS || change > limit * before + NN_SLACK_MS)
        return 0;
    return now > before ? 1 : -1;
}

int hrv_prsa(const struct nn_series *nn, const struct hrv_prsa_opt *opt, struct hrv_prsa *out, struct kymo_err *e)
{
    const size_t half = opt->half_width;
    double sum_dc = 0, sum_ac = 0;
    size_t in_run = 0;

    *out = (struct hrv_prsa){.dc_ms = NAN, .ac_ms = NAN};
    if (!(opt->limit > 0))
        return kymo_fail(e, KYMO_EUSAGE, "limit %g of a change from interval to interval is not above 0", opt->limit);
    if (half < 2)
        return kymo_fail(e, KYMO_EUSAGE, "%zu intervals each side of an anchor are fewer than 2", half);
    for (size_t last = 0; last < nn->n; last++) {
        in_run = last > 0 && nn_follows(nn, last) ? in_run + 1 : 1;
        if (in_run < half || in_run - half < half)
            continue;
        const double *const x = nn->nn_ms + (last + 1 - half);   /* the last that has its half_width */
        const int kind = anchor_kind(x[-1], x[0], opt->limit);
        const double capacity = (x[0] + x[1] - x[-1] - x[-2]) / 4;
        out->n_dc += kind > 0;
        out->n_ac += kind < 0;
        sum_dc += kind > 0 ? capacity : 0;
        sum_ac += kind < 0 ? capacity : 0;
    }
    if (out->n_dc > 0)
        out->dc_ms = sum_dc / (double)out->n_dc;
    if (out->n_ac > 0)
        out->ac_ms = sum_ac / (double)out->n_ac;
    return 0;
}
