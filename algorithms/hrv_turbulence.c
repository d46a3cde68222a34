/* algorithms/hrv_turbulence.c - see hrv_turbulence.h. */
#include "algorithms/hrv_turbulence.h"

#include "algorithms/nn.h"

#include <math.h>

enum { BEFORE = HRV_TURBULENCE_BEFORE, AFTER = HRV_TURBULENCE_AFTER, FIT = 5 };

static const double SHORTEST_MS = 300, LONGEST_MS = 2000, MOST_STEP_MS = 200, MOST_OFF = 0.2, PREMATURE = 0.8, PAUSE = 1.2;

static bool is_unbroken(const struct rr_series *rr, size_t first, size_t end)
{
    for (size_t i = first + 1; i < end; i++)
        if (rr->follows && !rr->follows[i])
            return false;
    return true;
}

static bool is_clean(const struct rr_series *rr, size_t first, size_t n, double reference_ms)
{
    for (size_t i = first; i < first + n; i++) {
        const double x = rr->rr_ms[i];
        if (!rr->sinus[i] || x < SHORTEST_MS - NN_SLACK_MS || x > LONGEST_MS + NN_SLACK_MS ||
            fabs(x - reference_ms) > MOST_OFF * reference_ms + NN_SLACK_MS)
            return false;
        if (i > first && fabs(x - rr->rr_ms[i - 1]) > MOST_STEP_MS + NN_SLACK_MS)
            return false;
    }
    return true;
}

static bool is_used(const struct rr_series *rr, size_t v)
{
    double reference_ms = 0;

    if (v < BEFORE || v >= rr->n || rr->n - v < 2 + AFTER || !is_unbroken(rr, v - BEFORE, v + 2 + AFTER))
        return false;
    for (size_t i = v - BEFORE; i < v; i++)
        reference_ms += rr->rr_ms[i] / BEFORE;
    return rr->rr_ms[v] <= PREMATURE * reference_ms + NN_SLACK_MS && rr->rr_ms[v + 1] >= PAUSE * reference_ms - NN_SLACK_MS &&
           is_clean(rr, v - BEFORE, BEFORE, reference_ms) && is_clean(rr, v + 2, AFTER, reference_ms);
}

static double onset_pct(const double *rr_ms, size_t v)
{
    const double before = rr_ms[v - 2] + rr_ms[v - 1];

    return 100 * (rr_ms[v + 2] + rr_ms[v + 3] - before) / before;
}

static double steepest(const double *x)
{
    double most = -INFINITY;

    for (size_t i = 0; i + FIT <= AFTER; i++)
        most = fmax(most, (2 * (x[i + 4] - x[i]) + x[i + 3] - x[i + 1]) / 10);   /* least squares at -2 .. 2 */
    return most;
}

void hrv_turbulence(const struct rr_series *rr, const size_t *ends_ventricular, size_t n_beats, struct hrv_turbulence *out)
{
    double onset = 0, sum[AFTER] = { 0 };

    *out = (struct hrv_turbulence){.to_pct = NAN, .ts_ms_per_rr = NAN};
    for (size_t b = 0; b < n_beats; b++) {
        const size_t v = ends_ventricular[b];
        if (!is_used(rr, v))
            continue;
        out->n_used++;
        onset += onset_pct(rr->rr_ms, v);
        for (size_t k = 0; k < AFTER; k++)
            sum[k] += rr->rr_ms[v + 2 + k];
    }
    const double n = (double)out->n_used;
    for (size_t k = 0; k < AFTER; k++)
        out->tachogram_ms[k] = sum[k] / n;   /* 0 / 0 is NaN, as wanted */
    if (out->n_used > 0) {
        out->to_pct = onset / n;
        out->ts_ms_per_rr = steepest(out->tachogram_ms);
    }
}
