/* algorithms/order.c - see order.h. */
#include "algorithms/order.h"

#include <math.h>

static void swap(double *a, double *b)
{
    const double held = *a;

    *a = *b;
    *b = held;
}

static double median_of_3(double a, double b, double c)
{
    return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* C. A. R. Hoare, Algorithm 65: FIND, Commun. ACM 4:321-322, 1961. Both scans stop at equal values, so that the many ties
 * of sampled intervals halve the range like any others. */
double order_select(double *x, size_t n, size_t k)
{
    size_t first = 0, last = n - 1;

    while (first < last) {
        const double pivot = median_of_3(x[first], x[first + (last - first) / 2], x[last]);
        ptrdiff_t i = (ptrdiff_t)first, j = (ptrdiff_t)last;

        while (i <= j) {
            while (x[i] < pivot)
                i++;
            while (x[j] > pivot)
                j--;
            if (i <= j)
                swap(&x[i++], &x[j--]);
        }
        if ((ptrdiff_t)k <= j)
            last = (size_t)j;
        else if ((ptrdiff_t)k >= i)
            first = (size_t)i;
        else
            break;
    }
    return x[k];
}

double order_quantile(double *x, size_t n, double share)
{
    if (n == 0)
        return NAN;
    const double at = share * (double)(n - 1);
    const size_t k = (size_t)at;
    const double value = order_select(x, n, k);
    double next = INFINITY;

    if (at <= (double)k)
        return value;
    for (size_t i = k + 1; i < n; i++)
        next = x[i] < next ? x[i] : next;
    return value + (at - (double)k) * (next - value);
}
