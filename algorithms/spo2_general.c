/* algorithms/spo2_general.c - see spo2_general.h. */
#include "algorithms/spo2_general.h"

#include "algorithms/order.h"

#include <math.h>
#include <stdlib.h>

#define PERCENTILE 0.01
#define BELOW_MEDIAN_PCT 2.0
#define DELTA_WINDOW_S 12

static void measure_moments(const double *x, size_t n, struct spo2_general *out)
{
    double sum = 0, m2 = 0, m3 = 0, m4 = 0;
    const double count = (double)out->n_valid;

    for (size_t i = 0; i < n; i++)
        sum += isnan(x[i]) ? 0 : x[i];
    const double mean = sum / count;
    for (size_t i = 0; i < n; i++) {
        const double d = isnan(x[i]) ? 0 : x[i] - mean, d2 = d * d;
        m2 += d2;
        m3 += d2 * d;
        m4 += d2 * d2;
    }
    m2 /= count;
    out->av_pct = mean;
    out->sd_pct = sqrt(m2);
    out->sk = m2 > 0 ? m3 / count / (m2 * sqrt(m2)) : NAN;
    out->k = m2 > 0 ? m4 / count / (m2 * m2) - 3 : NAN;
}

/* valid[n_valid] is put in another order, and gone afterwards. */
static void measure_order(double *valid, struct spo2_general *out)
{
    const size_t n = out->n_valid;
    size_t n_below = 0;

    out->med_pct = order_quantile(valid, n, 0.5);
    out->p_pct = order_quantile(valid, n, PERCENTILE);
    out->p5_pct = order_quantile(valid, n, 0.05);
    out->p25_pct = order_quantile(valid, n, 0.25);
    out->p75_pct = order_quantile(valid, n, 0.75);
    out->p95_pct = order_quantile(valid, n, 0.95);
    out->min_pct = order_select(valid, n, 0);
    out->rg_pct = order_select(valid, n, n - 1) - out->min_pct;
    for (size_t i = 0; i < n; i++) {
        n_below += valid[i] < out->med_pct - BELOW_MEDIAN_PCT;
        valid[i] = fabs(valid[i] - out->med_pct);
    }
    out->m_pct = 100 * (double)n_below / (double)n;
    out->mad_pct = order_quantile(valid, n, 0.5);
}

static double count_crossings(const double *x, size_t n, double level)
{
    size_t crossings = 0;
    int side = 0;

    for (size_t i = 0; i < n; i++) {
        const int now = (x[i] > level) - (x[i] < level);
        crossings += now * side < 0;
        side = isnan(x[i]) ? 0 : now != 0 ? now : side;
    }
    return (double)crossings;
}

static double window_mean(const double *x)
{
    double sum = 0;
    size_t n = 0;

    for (size_t i = 0; i < DELTA_WINDOW_S; i++)
        if (!isnan(x[i])) {
            sum += x[i];
            n++;
        }
    return sum / (double)n;   /* 0 / 0 is NaN, as wanted */
}

static double delta_index(const double *x, size_t n)
{
    double sum = 0, before = NAN;
    size_t pairs = 0;

    for (size_t i = 0; i + DELTA_WINDOW_S <= n; i += DELTA_WINDOW_S) {
        const double mean = window_mean(x + i);
        if (!isnan(mean - before)) {
            sum += fabs(mean - before);
            pairs++;
        }
        before = mean;
    }
    return sum / (double)pairs;   /* 0 / 0 is NaN, as wanted */
}

int spo2_general(const double *x_pct, size_t n, struct spo2_general *out, struct kymo_err *e)
{
    *out = (struct spo2_general){
        .av_pct = NAN, .med_pct = NAN, .min_pct = NAN, .sd_pct = NAN, .rg_pct = NAN, .p_pct = NAN, .m_pct = NAN, .zc = NAN,
        .di_pct = NAN, .mad_pct = NAN, .k = NAN, .sk = NAN, .p5_pct = NAN, .p25_pct = NAN, .p75_pct = NAN, .p95_pct = NAN,
    };
    if (n == 0)
        return 0;
    double *const valid = malloc(n * sizeof *valid);
    if (!valid)
        return kymo_fail(e, KYMO_ENOMEM, "no memory to sort %zu samples", n);
    for (size_t i = 0; i < n; i++)
        if (!isnan(x_pct[i]))
            valid[out->n_valid++] = x_pct[i];
    if (out->n_valid > 0) {
        measure_moments(x_pct, n, out);
        measure_order(valid, out);
        out->zc = count_crossings(x_pct, n, out->av_pct);
        out->di_pct = delta_index(x_pct, n);
    }
    free(valid);
    return 0;
}
