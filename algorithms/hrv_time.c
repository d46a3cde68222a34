/* algorithms/hrv_time.c - see hrv_time.h. */
#include "algorithms/hrv_time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double MS_PER_MIN = 60000;

static int check_intervals(const double *nn_ms, size_t n, struct kymo_err *e)
{
    for (size_t i = 0; i < n; i++)
        if (!(nn_ms[i] > 0 && nn_ms[i] <= 1e12))   /* the bound keeps every sum of squares finite */
            return kymo_fail(e, KYMO_EDATA, "interval %zu is %g ms, not a positive number up to 1e12", i, nn_ms[i]);
    return 0;
}

/* Sample variance from sums of deviations from (nearly) the mean: the second term takes out what rounding left in it.
 * Chan, Golub, LeVeque, Am. Stat. 37:242-247, 1983, eq. 1.7. */
static double sd_of_deviations(double sum, double sum_squares, size_t n)
{
    const double count = (double)n;

    return n < 2 ? NAN : sqrt(fmax(0, sum_squares - sum * sum / count) / (count - 1));
}

static void measure_intervals(const double *nn_ms, size_t n, struct hrv_time *out)
{
    double sum = 0, sum_dev = 0, sum_dev2 = 0;

    out->min_nn_ms = out->max_nn_ms = n > 0 ? nn_ms[0] : NAN;
    for (size_t i = 0; i < n; i++) {
        sum += nn_ms[i];
        out->min_nn_ms = fmin(out->min_nn_ms, nn_ms[i]);
        out->max_nn_ms = fmax(out->max_nn_ms, nn_ms[i]);
    }
    const double mean = sum / (double)n;   /* 0 / 0 is NaN, as wanted */
    for (size_t i = 0; i < n; i++) {
        const double dev = nn_ms[i] - mean;
        sum_dev += dev;
        sum_dev2 += dev * dev;
    }
    out->n_nn = n;
    out->mean_nn_ms = mean;
    out->mean_hr_per_min = MS_PER_MIN / mean;
    out->sdnn_ms = sd_of_deviations(sum_dev, sum_dev2, n);
}

static double mean_difference(const struct nn_series *nn)
{
    double sum = 0;
    size_t m = 0;

    for (size_t i = 1; i < nn->n; i++)
        if (nn_follows(nn, i)) {
            sum += nn->nn_ms[i] - nn->nn_ms[i - 1];
            m++;
        }
    return sum / (double)m;
}

static void measure_differences(const struct nn_series *nn, struct hrv_time *out)
{
    const double mean = mean_difference(nn);
    double sum2 = 0, sum_dev = 0, sum_dev2 = 0;
    size_t m = 0;

    out->nn50 = out->nn20 = 0;
    for (size_t i = 1; i < nn->n; i++) {
        if (!nn_follows(nn, i))
            continue;
        const double d = nn->nn_ms[i] - nn->nn_ms[i - 1];
        m++;
        sum2 += d * d;
        sum_dev += d - mean;
        sum_dev2 += (d - mean) * (d - mean);
        out->nn50 += fabs(d) > 50 + NN_SLACK_MS;
        out->nn20 += fabs(d) > 20 + NN_SLACK_MS;
    }
    const double count = (double)m;
    out->n_differences = m;
    out->rmssd_ms = sqrt(sum2 / count);   /* 0 / 0 is NaN, as wanted; so in the next two */
    out->pnn50_pct = 100 * (double)out->nn50 / count;
    out->pnn20_pct = 100 * (double)out->nn20 / count;
    out->sdsd_ms = sd_of_deviations(sum_dev, sum_dev2, m);
}

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

/* Reorders x[n] until x[k] is what sorting would put there, nothing larger before it and nothing smaller after.
 * C. A. R. Hoare, Algorithm 65: FIND, Commun. ACM 4:321-322, 1961. Both scans stop at equal values, so that the many
 * ties of sampled intervals halve the range like any others. */
static double select_kth(double *x, size_t n, size_t k)
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

static double largest(const double *x, size_t n)
{
    double max = x[0];

    for (size_t i = 1; i < n; i++)
        max = fmax(max, x[i]);
    return max;
}

static int find_median(const double *nn_ms, size_t n, double *median_ms, struct kymo_err *e)
{
    *median_ms = NAN;
    if (n == 0)
        return 0;
    double *const x = malloc(n * sizeof *x);
    if (!x)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the median of %zu intervals", n);
    memcpy(x, nn_ms, n * sizeof *x);
    const double upper = select_kth(x, n, n / 2);
    *median_ms = n % 2 ? upper : (largest(x, n / 2) + upper) / 2;
    free(x);
    return 0;
}

int hrv_time(const struct nn_series *nn, struct hrv_time *out, struct kymo_err *e)
{
    const int rc = check_intervals(nn->nn_ms, nn->n, e);

    if (rc < 0)
        return rc;
    measure_intervals(nn->nn_ms, nn->n, out);
    measure_differences(nn, out);
    return find_median(nn->nn_ms, nn->n, &out->median_nn_ms, e);
}
