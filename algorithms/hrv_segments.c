/* algorithms/hrv_segments.c - see hrv_segments.h. */
#include "algorithms/hrv_segments.h"

#include <math.h>

#define LEAST_COVERED 0.5
#define SLACK_S 1e-8           /* sums of times: an interval that ends on a segment's end belongs to it */

/* Mean and variance, updated one by one: B. P. Welford, Technometrics 4:419-420, 1962. */
struct moments {
    double n, mean, sum2;
};

static void add(struct moments *m, double x)
{
    const double off = x - m->mean;

    m->mean += off / ++m->n;
    m->sum2 += off * (x - m->mean);
}

static double sd_of(const struct moments *m) { return m->n < 2 ? NAN : sqrt(m->sum2 / (m->n - 1)); }

void hrv_segments(const struct nn_series *nn, double length_s, struct hrv_segments *out)
{
    struct moments means = {0}, sds = {0};
    const double begin_s = nn->n ? nn->end_s[0] - nn->nn_ms[0] / 1000 : 0;
    const double end_s = nn->n ? nn->end_s[nn->n - 1] : 0;
    double k = 0;

    for (size_t i = 0; i < nn->n; k++) {
        const double to_s = begin_s + (k + 1) * length_s + SLACK_S;
        struct moments within = {0};
        if (to_s > end_s + 2 * SLACK_S)
            break;
        if (nn->end_s[i] - nn->nn_ms[i] / 1000 > to_s)      /* nothing here: on to the segment that it begins in */
            k = fmax(k, floor((nn->end_s[i] - begin_s) / length_s) - 2);
        for (; i < nn->n && nn->end_s[i] <= begin_s + (k + 1) * length_s + SLACK_S; i++)
            add(&within, nn->nn_ms[i]);
        if (within.n * within.mean / 1000 < LEAST_COVERED * length_s)
            continue;
        add(&means, within.mean);
        if (within.n >= 2)
            add(&sds, sd_of(&within));
    }
    out->n_segments = means.n;
    out->sdann_ms = sd_of(&means);
    out->sdnn_index_ms = sds.n > 0 ? sds.mean : NAN;
}
