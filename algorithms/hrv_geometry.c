/* algorithms/hrv_geometry.c - see hrv_geometry.h. */
#include "algorithms/hrv_geometry.h"

#include <math.h>
#include <stdlib.h>

#define BIN_MS 7.8125
#define BINS 7680              /* 60 s */

static size_t bin_of(double nn_ms)
{
    const double bin = (nn_ms + NN_SLACK_MS) / BIN_MS;

    return bin < BINS - 1 ? (size_t)bin : BINS - 1;
}

/* How many bins from the peak, count[0], the triangle's foot is, on the side where the histogram goes on for n bins in
 * direction step: the height falls to 0 in so many bins. */
static size_t find_foot(const double *count, ptrdiff_t step, size_t n)
{
    double least = INFINITY;
    size_t best = 1;

    for (size_t foot = 1; foot <= n; foot++) {
        double error = 0;
        for (size_t k = 0; k < n && error < least; k++) {
            const double height = k < foot ? count[0] * (1 - (double)k / (double)foot) : 0;
            const double off = count[step * (ptrdiff_t)k] - height;
            error += off * off;
        }
        if (error < least) {
            least = error;
            best = foot;
        }
    }
    return best;
}

int hrv_geometry(const struct nn_series *nn, struct hrv_geometry *out, struct kymo_err *e)
{
    size_t first = BINS, last = 0, peak = 0;

    *out = (struct hrv_geometry){NAN, NAN, NAN};
    if (nn->n == 0)
        return 0;
    double *const count = calloc(BINS, sizeof *count);
    if (!count)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a histogram");
    for (size_t i = 0; i < nn->n; i++) {
        const size_t bin = bin_of(nn->nn_ms[i]);
        count[bin]++;
        first = bin < first ? bin : first;
        last = bin > last ? bin : last;
    }
    for (size_t bin = first; bin <= last; bin++)
        if (count[bin] > count[peak])
            peak = bin;
    const double tallest = count[peak];
    out->hti = (double)nn->n / tallest;
    out->tinn_area_ms = 2 * BIN_MS * out->hti;
    const size_t before = find_foot(&count[peak], -1, peak - first + 1), after = find_foot(&count[peak], 1, last - peak + 1);
    out->tinn_ms = BIN_MS * (double)(before + after);
    free(count);
    return 0;
}
