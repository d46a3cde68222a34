/* algorithms/trend.c - see trend.h. */
#include "algorithms/trend.h"

static double time_of(const double *t, size_t i)
{
    return t ? t[i] - t[0] : (double)i;
}

/* From the first value on, so that what is constant comes out as nothing whatever its mean rounds to. */
static void remove_mean(double *x, size_t n)
{
    const double first = x[0];
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i] -= first;
    const double mean = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        x[i] -= mean;
}

static void remove_slope(const double *t, double *x, size_t n)
{
    double sum_t = 0, sum_tt = 0, sum_tx = 0;

    for (size_t i = 0; i < n; i++)
        sum_t += time_of(t, i);
    const double mean_t = sum_t / (double)n;
    for (size_t i = 0; i < n; i++) {
        const double from_mean = time_of(t, i) - mean_t;
        sum_tt += from_mean * from_mean;
        sum_tx += from_mean * x[i];
    }
    for (size_t i = 0; sum_tt > 0 && i < n; i++)
        x[i] -= sum_tx / sum_tt * (time_of(t, i) - mean_t);
}

void trend_remove(enum trend kind, const double *t, double *x, size_t n)
{
    if (kind == TREND_NONE || n == 0)
        return;
    remove_mean(x, n);
    if (kind == TREND_LINEAR)
        remove_slope(t, x, n);
}

/* Row i of D'D is 1 -4 6 -4 1 about the diagonal inside; the first and last rows have fewer differences in them. */
static double diagonal(size_t i, size_t n)
{
    return (i + 2 < n ? 1 : 0) + (i > 0 && i + 1 < n ? 4 : 0) + (i > 1 ? 1 : 0);
}

static double beside(size_t i, size_t n)   /* in column i+1 */
{
    return (i + 2 < n ? -2 : 0) + (i > 0 ? -2 : 0);
}

/* Solves (I + weight D'D) z = x, n >= 3, as L P L' z = x: P is diagonal; L has ones on the diagonal, l1[i] in row i+1 and
 * l2[i] in row i+2 of column i. */
static void solve_five_diagonals(double weight, const double *x, size_t n, double *z, double *l1, double *l2)
{
    double e1 = 0, f1 = 0, f2 = 0;   /* l1 and l2 of the column before this, l2 of that before it */
    double p1 = 0, p2 = 0, y1 = 0, y2 = 0;   /* so of P, and of y = L^-1 x */

    for (size_t i = 0; i < n; i++) {
        const double p = 1 + weight * diagonal(i, n) - e1 * e1 * p1 - f2 * f2 * p2;
        const double y = x[i] - e1 * y1 - f2 * y2;

        l1[i] = i + 1 < n ? (weight * beside(i, n) - f1 * p1 * e1) / p : 0;
        l2[i] = i + 2 < n ? weight / p : 0;
        z[i] = y / p;
        f2 = f1;
        e1 = l1[i];
        f1 = l2[i];
        p2 = p1;
        p1 = p;
        y2 = y1;
        y1 = y;
    }
    for (size_t i = n - 1; i-- > 0;)
        z[i] -= l1[i] * z[i + 1] + (i + 2 < n ? l2[i] * z[i + 2] : 0);
}

/* A line goes through the filter unchanged: taking it out first changes nothing but the rounding. */
void trend_remove_smooth(double lambda, double *x, size_t n, double *work)
{
    double *const slow = work;

    trend_remove(TREND_LINEAR, NULL, x, n);
    if (n < 3)
        return;
    solve_five_diagonals(lambda * lambda, x, n, slow, work + n, work + 2 * n);
    for (size_t i = 0; i < n; i++)
        x[i] -= slow[i];
}
