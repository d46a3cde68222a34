/* algorithms/distribution.c - see distribution.h. */
#include "algorithms/distribution.h"

#include "algorithms/order.h"

#include <math.h>

#define MAD_OF_SD 1.4826          /* 1 / quantile(3/4) of the normal distribution */

/* Those that are there to the front, in their order. */
static size_t keep_finite(double *x, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i]))
            x[kept++] = x[i];
    return kept;
}

static double mean_about(const double *x, size_t n, double about)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i] - about;
    return about + sum / (double)n;
}

static double sd_about(const double *x, size_t n, double mean)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return n > 1 ? sqrt(sum / (double)(n - 1)) : (double)NAN;
}

void distribution_of(double *x, size_t n, struct distribution *d)
{
    const size_t kept = keep_finite(x, n);

    *d = (struct distribution){.n = kept, .missing = n - kept, .mean = NAN, .sd = NAN, .min = NAN, .q1 = NAN, .median = NAN,
                               .q3 = NAN, .max = NAN, .mad = NAN};
    if (kept == 0)
        return;
    d->mean = mean_about(x, kept, mean_about(x, kept, 0));
    d->sd = sd_about(x, kept, d->mean);
    d->min = d->max = x[0];
    for (size_t i = 1; i < kept; i++) {
        d->min = x[i] < d->min ? x[i] : d->min;
        d->max = x[i] > d->max ? x[i] : d->max;
    }
    d->q1 = order_quantile(x, kept, 0.25);
    d->median = order_quantile(x, kept, 0.5);
    d->q3 = order_quantile(x, kept, 0.75);
    for (size_t i = 0; i < kept; i++)
        x[i] = fabs(x[i] - d->median);
    d->mad = order_quantile(x, kept, 0.5);
}

double distribution_distance(const struct distribution *d, double x)
{
    return d->n >= DISTRIBUTION_LEAST && d->mad > 0 ? (x - d->median) / (MAD_OF_SD * d->mad) : (double)NAN;
}
