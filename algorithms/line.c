/* algorithms/line.c - see line.h. */
#include "algorithms/line.h"

#include <math.h>

static double mean_of(const double *y, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += y[i];
    return sum / (double)n;
}

double line_slope(const double *y, size_t n)
{
    if (n < 2)
        return NAN;
    const double mean = mean_of(y, n), middle = (double)(n - 1) / 2;
    double sxy = 0, sxx = 0;
    for (size_t i = 0; i < n; i++) {
        const double t = (double)i - middle;
        sxy += t * (y[i] - mean);
        sxx += t * t;
    }
    return sxy / sxx;
}

double line_squares_left(const double *y, size_t n)
{
    double left = 0;

    if (n < 3)
        return 0;
    const double mean = mean_of(y, n), middle = (double)(n - 1) / 2, slope = line_slope(y, n);
    for (size_t i = 0; i < n; i++) {
        const double d = y[i] - mean - slope * ((double)i - middle);
        left += d * d;
    }
    return left;
}
