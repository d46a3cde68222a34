/* algorithms/hrv_time.c - see hrv_time.h. */
#include "algorithms/hrv_time.h"

#include "algorithms/order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double MS_PER_MIN = 60000;

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

static void measure_differences(const struct nn_series *nn, double x_ms, struct hrv_time *out)
{
    const double mean = mean_difference(nn);
    double sum2 = 0, sum_dev = 0, sum_dev2 = 0;
    size_t m = 0, n50 = 0, n20 = 0, nx = 0;

    for (size_t i = 1; i < nn->n; i++) {
        if (!nn_follows(nn, i))
            continue;
        const double d = nn->nn_ms[i] - nn->nn_ms[i - 1];
        m++;
        sum2 += d * d;
        sum_dev += d - mean;
        sum_dev2 += (d - mean) * (d - mean);
        n50 += fabs(d) > 50 + NN_SLACK_MS;
        n20 += fabs(d) > 20 + NN_SLACK_MS;
        nx += fabs(d) > x_ms + NN_SLACK_MS;
    }
    const double count = (double)m;
    out->n_differences = m;
    out->rmssd_ms = sqrt(sum2 / count);   /* 0 / 0 is NaN, as wanted; so in the next three */
    out->pnn50_pct = 100 * (double)n50 / count;
    out->pnn20_pct = 100 * (double)n20 / count;
    out->pnnx_pct = 100 * (double)nx / count;
    out->nn50 = m ? (double)n50 : NAN;
    out->nn20 = m ? (double)n20 : NAN;
    out->sdsd_ms = sd_of_deviations(sum_dev, sum_dev2, m);
}

/* So that the median deviation of normal values is their standard deviation: 1 / (upper quartile of the normal), to the four
 * decimals that R and others use. */
static const double MAD_SCALE = 1.4826;

static int measure_order(const double *nn_ms, size_t n, struct hrv_time *out, struct kymo_err *e)
{
    double *const x = malloc((n + 1) * sizeof *x);

    if (!x)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the median of %zu intervals", n);
    memcpy(x, nn_ms, n * sizeof *x);
    out->median_nn_ms = order_quantile(x, n, 0.5);
    out->prc20_nn_ms = order_quantile(x, n, 0.2);
    out->prc80_nn_ms = order_quantile(x, n, 0.8);
    out->iqr_nn_ms = order_quantile(x, n, 0.75) - order_quantile(x, n, 0.25);
    for (size_t i = 0; i < n; i++)
        x[i] = fabs(nn_ms[i] - out->median_nn_ms);
    out->mad_nn_ms = MAD_SCALE * order_quantile(x, n, 0.5);
    free(x);
    return 0;
}

static void measure_rates(const double *nn_ms, size_t n, struct hrv_time *out)
{
    double sum = 0, sum2 = 0;

    for (size_t i = 0; i < n; i++) {
        const double dev = MS_PER_MIN / nn_ms[i] - out->mean_hr_per_min;
        sum += dev;
        sum2 += dev * dev;
    }
    out->sd_hr_per_min = sd_of_deviations(sum, sum2, n);
    out->min_hr_per_min = MS_PER_MIN / out->max_nn_ms;
    out->max_hr_per_min = MS_PER_MIN / out->min_nn_ms;
}

int hrv_time(const struct nn_series *nn, double x_ms, struct hrv_time *out, struct kymo_err *e)
{
    const int rc = nn_check(nn, e);

    if (rc < 0)
        return rc;
    measure_intervals(nn->nn_ms, nn->n, out);
    measure_differences(nn, x_ms, out);
    measure_rates(nn->nn_ms, nn->n, out);
    out->cvnn_pct = 100 * out->sdnn_ms / out->mean_nn_ms;
    out->cvsd_pct = 100 * out->rmssd_ms / out->mean_nn_ms;
    return measure_order(nn->nn_ms, nn->n, out, e);
}
