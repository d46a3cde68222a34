/* algorithms/spo2_sort.c - see spo2_sort.h. */
#include "algorithms/spo2_sort.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

size_t spo2_sort(const double *x, size_t n, double *sorted)
{
    size_t n_valid = 0;

    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]))
            sorted[n_valid++] = x[i];
    qsort(sorted, n_valid, sizeof *sorted, compare);
    return n_valid;
}

double spo2_quantile(const double *sorted, size_t n, double q)
{
    if (n == 0)
        return NAN;
    const double at = q * (double)(n - 1);
    const size_t below = (size_t)at;
    const size_t above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}
