/* tests/unit/test_hrv_time.c - closed forms, laws, gaps, and agreement with independent programs on 14 series. */
#include "algorithms/hrv_time.h"
#include "algorithms/random.h"
#include "tests/unit/hrv_peers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N 1000

/* Sums of up to N = 1000 terms of order 1e3 in doubles: relative error below N eps = 2e-13; one figure to spare. */
#define ROUNDING 1e-12

static void assert_close(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("%.17g is not %.17g within %g", got, want, relative);
}

static struct hrv_time measure(const double *nn_ms, const unsigned char *follows, size_t n)
{
    struct kymo_err e = { 0 };
    struct hrv_time h;

    assert_int_equal(hrv_time(&(struct nn_series){.nn_ms = nn_ms, .follows = follows, .n = n}, 50, &h, &e), 0);
    return h;
}

static void fill_random(double *nn_ms, size_t n)
{
    struct random r;

    random_init(&r, 96, 0);
    for (size_t i = 0; i < n; i++)
        nn_ms[i] = 800 + 60 * random_normal(&r);
}

static void test_constant(void **state)
{
    double x[N];

    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = 800;
    const struct hrv_time h = measure(x, NULL, N);
    assert_int_equal(h.n_nn, N);
    assert_int_equal(h.n_differences, N - 1);
    assert_true(h.mean_nn_ms == 800 && h.median_nn_ms == 800 && h.min_nn_ms == 800 && h.max_nn_ms == 800);
    assert_true(h.mean_hr_per_min == 75);
    assert_true(h.sdnn_ms == 0 && h.rmssd_ms == 0 && h.sdsd_ms == 0 && h.pnn50_pct == 0 && h.pnn20_pct == 0);
}

/* 770, 830, 770 ...: SDNN^2 = 30^2 n/(n-1); every |d| is 60; d is 60 and -60 in turn, 500 and 499 times. */
static void test_alternating(void **state)
{
    const double m = N - 1, mean_d = 60 / m;
    double x[N];

    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = i % 2 ? 830 : 770;
    const struct hrv_time h = measure(x, NULL, N);
    assert_close(h.sdnn_ms, 30 * sqrt(N / (N - 1.0)), ROUNDING);
    assert_close(h.rmssd_ms, 60, ROUNDING);
    assert_close(h.sdsd_ms, sqrt((3600 - mean_d * mean_d) * m / (m - 1)), ROUNDING);
    assert_int_equal((int)h.nn50, N - 1);
    assert_close(h.pnn50_pct, 100, ROUNDING);
    assert_close(h.median_nn_ms, 800, ROUNDING);
}

/* 600 + i: variance of 0..n-1 with n-1 is n(n+1)/12; d is 1 throughout. */
static void test_ramp(void **state)
{
    double x[N];

    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = 600 + (double)i;
    const struct hrv_time h = measure(x, NULL, N);
    assert_close(h.mean_nn_ms, 600 + (N - 1) / 2.0, ROUNDING);
    assert_close(h.sdnn_ms, sqrt(N * (N + 1.0) / 12), ROUNDING);
    assert_true(h.rmssd_ms == 1 && h.sdsd_ms == 0);
    assert_true(h.min_nn_ms == 600 && h.max_nn_ms == 600 + N - 1);
    assert_true(h.median_nn_ms == 600 + (N - 1) / 2.0);
}

/* 18 samples at 360 Hz are 50 ms and not more than 50 ms, whatever the division leaves in the last bit; 19 are more. */
static void test_sampled_beats_on_the_limit(void **state)
{
    double x[N];

    (void)state;
    for (int more = 0; more < 2; more++) {
        int64_t beat = 77;
        for (size_t i = 0; i < N; i++) {
            const int64_t next = beat + 280 + (i % 2 ? 18 + more : 0);
            x[i] = (double)next * 1000 / 360 - (double)beat * 1000 / 360;   /* the careless way, on purpose */
            beat = next;
        }
        const struct hrv_time h = measure(x, NULL, N);
        assert_int_equal((int)h.nn50, more ? N - 1 : 0);
        assert_int_equal((int)h.nn20, N - 1);
    }
}

static void test_too_few(void **state)
{
    const double x[] = { 700, 900, 750 };

    (void)state;
    struct hrv_time h = measure(x, NULL, 0);
    assert_true(h.n_nn == 0 && h.n_differences == 0 && isnan(h.nn50));
    assert_true(isnan(h.mean_nn_ms) && isnan(h.median_nn_ms) && isnan(h.min_nn_ms) && isnan(h.max_nn_ms));
    assert_true(isnan(h.mean_hr_per_min) && isnan(h.sdnn_ms));
    assert_true(isnan(h.rmssd_ms) && isnan(h.sdsd_ms) && isnan(h.pnn50_pct) && isnan(h.pnn20_pct));

    h = measure(x, NULL, 1);
    assert_true(h.mean_nn_ms == 700 && h.median_nn_ms == 700 && h.min_nn_ms == 700 && h.max_nn_ms == 700);
    assert_true(isnan(h.sdnn_ms) && isnan(h.rmssd_ms) && isnan(h.sdsd_ms) && isnan(h.pnn50_pct));

    h = measure(x, NULL, 2);
    assert_close(h.sdnn_ms, sqrt(2) * 100, ROUNDING);
    assert_true(h.rmssd_ms == 200 && isnan(h.sdsd_ms) && h.pnn50_pct == 100);

    h = measure(x, NULL, 3);   /* d = 200, -150 */
    assert_close(h.sdsd_ms, 350 / sqrt(2), ROUNDING);
}

/* 800 810 | 900 880 860 | 1000: d = 10, -20, -20 only; by hand RMSSD = sqrt(900 / 3), mean d = -10, SDSD^2 = 600 / 2. */
static void test_gaps_by_hand(void **state)
{
    const double x[] = { 800, 810, 900, 880, 860, 1000 };
    const unsigned char follows[] = { 1, 1, 0, 1, 1, 0 };   /* the first is not looked at */

    (void)state;
    const struct hrv_time h = measure(x, follows, 6);
    assert_int_equal(h.n_nn, 6);
    assert_int_equal(h.n_differences, 3);
    assert_close(h.mean_nn_ms, 875, ROUNDING);
    assert_close(h.rmssd_ms, sqrt(300), ROUNDING);
    assert_close(h.sdsd_ms, sqrt(300), ROUNDING);
    assert_true(h.nn20 == 0 && h.nn50 == 0 && h.pnn20_pct == 0);   /* 20 is not more than 20; 90 and 140 lie across gaps */
    assert_close(measure(x, NULL, 6).pnn50_pct, 100 * 2 / 5.0, ROUNDING);
}

static void test_nothing_follows(void **state)
{
    double x[N];
    unsigned char follows[N] = { 0 };

    (void)state;
    fill_random(x, N);
    const struct hrv_time h = measure(x, follows, N);
    assert_int_equal(h.n_differences, 0);
    assert_true(isnan(h.rmssd_ms) && isnan(h.sdsd_ms) && isnan(h.pnn50_pct));
    assert_close(h.sdnn_ms, measure(x, NULL, N).sdnn_ms, 0);
}

static void assert_same_spread(const struct hrv_time *got, const struct hrv_time *want, double factor, double relative)
{
    assert_close(got->sdnn_ms, factor * want->sdnn_ms, relative);
    assert_close(got->rmssd_ms, factor * want->rmssd_ms, relative);
    assert_close(got->sdsd_ms, factor * want->sdsd_ms, relative);
}

/* Adding 2^20 ms rounds each interval to 2^-33 ms = 1.2e-10 ms: against an SDNN of 60 ms that is 2e-12. A one-pass
 * variance would lose 1e12 * 2e-16 / 3600, 6e-8, and fail. */
static void test_shift(void **state)
{
    double x[N], y[N];

    (void)state;
    fill_random(x, N);
    for (size_t i = 0; i < N; i++)
        y[i] = x[i] + 0x1p20;
    const struct hrv_time a = measure(x, NULL, N), b = measure(y, NULL, N);
    assert_same_spread(&b, &a, 1, 1e-11);
    assert_close(b.median_nn_ms - a.median_nn_ms, 0x1p20, ROUNDING);
    assert_true(b.nn50 == a.nn50);
}

static void test_scale(void **state)
{
    double x[N], y[N];

    (void)state;
    fill_random(x, N);
    for (size_t i = 0; i < N; i++)
        y[i] = 4 * x[i];
    const struct hrv_time a = measure(x, NULL, N), b = measure(y, NULL, N);
    assert_same_spread(&b, &a, 4, 0);   /* a power of two: exact */
    assert_true(b.median_nn_ms == 4 * a.median_nn_ms && b.mean_hr_per_min == a.mean_hr_per_min / 4);
}

static void test_time_reversal(void **state)
{
    double x[N], y[N];
    unsigned char follows[N], reversed[N];

    (void)state;
    fill_random(x, N);
    for (size_t i = 0; i < N; i++)
        follows[i] = i % 7 != 3;
    for (size_t i = 0; i < N; i++) {
        y[i] = x[N - 1 - i];
        reversed[i] = i == 0 ? 0 : follows[N - i];   /* y[i] and y[i-1] touch where x[N-i] follows x[N-1-i] */
    }
    const struct hrv_time a = measure(x, follows, N), b = measure(y, reversed, N);
    assert_same_spread(&b, &a, 1, ROUNDING);
    assert_true(b.nn50 == a.nn50 && b.nn20 == a.nn20 && b.n_differences == a.n_differences);
    assert_true(b.median_nn_ms == a.median_nn_ms);
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Against sorting; many ties, as sampled intervals have them, and lengths from 1; the input stays as it was. */
static void test_median(void **state)
{
    struct random r;
    double x[100], kept[100];

    (void)state;
    random_init(&r, 5, 0);
    for (int round = 0; round < 2000; round++) {
        const size_t n = 1 + (size_t)random_below(&r, 100);
        const uint64_t n_values = 1 + random_below(&r, 60);
        for (size_t i = 0; i < n; i++)
            kept[i] = x[i] = 500 + (double)random_below(&r, n_values);
        const double got = measure(x, NULL, n).median_nn_ms;
        assert_memory_equal(x, kept, n * sizeof *x);
        qsort(x, n, sizeof *x, compare);
        assert_true(got == (x[(n - 1) / 2] + x[n / 2]) / 2);
    }
}

static void test_refuses_bad_intervals(void **state)
{
    const double bad[] = { NAN, INFINITY, 0, -800 };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const double x[] = { 800, 810, bad[i] };
        struct kymo_err e = { 0 };
        struct hrv_time h;
        assert_int_equal(hrv_time(&(struct nn_series){.nn_ms = x, .n = 3}, 50, &h, &e), KYMO_EDATA);
        assert_non_null(strstr(e.cause[0].msg, "interval 2 is "));
    }
}

/* ---- agreement with independent programs ---- */

/* Our value under the row's definition, or NaN if the row is about something else. plainref divides pNNx by the
 * differences as we do; NeuroKit2 by the intervals, so its pNNx is ours times m / n (PEERS.md, disagreement 1). */
static double our_value(const struct hrv_time *h, const struct peer_value *r)
{
    const struct { const char *peer, *method, *metric; double value; } known[] = {
        { "plainref", "mean", "MeanNN", h->mean_nn_ms },
        { "plainref", "ddof=1", "SDNN", h->sdnn_ms },
        { "plainref", "mean over N-1 diffs", "RMSSD", h->rmssd_ms },
        { "plainref", "ddof=1", "SDSD", h->sdsd_ms },
        { "plainref", "|d|>50; /(N-1); percent", "pNN50", h->pnn50_pct },
        { "plainref", "|d|>20; /(N-1); percent", "pNN20", h->pnn20_pct },
        { "plainref", "count", "NN50", h->nn50 },
        { "plainref", "count", "NN20", h->nn20 },
        { "neurokit2", "hrv_time(default)", "HRV_MeanNN", h->mean_nn_ms },
        { "neurokit2", "hrv_time(default)", "HRV_SDNN", h->sdnn_ms },
        { "neurokit2", "hrv_time(default)", "HRV_RMSSD", h->rmssd_ms },
        { "neurokit2", "hrv_time(default)", "HRV_SDSD", h->sdsd_ms },
        { "neurokit2", "hrv_time(default)", "HRV_MedianNN", h->median_nn_ms },
        { "neurokit2", "hrv_time(default)", "HRV_MinNN", h->min_nn_ms },
        { "neurokit2", "hrv_time(default)", "HRV_MaxNN", h->max_nn_ms },
        { "neurokit2", "hrv_time(default)", "HRV_IQRNN", h->iqr_nn_ms },
        { "neurokit2", "hrv_time(default)", "HRV_MadNN", h->mad_nn_ms },
        { "neurokit2", "hrv_time(default)", "HRV_Prc20NN", h->prc20_nn_ms },
        { "neurokit2", "hrv_time(default)", "HRV_Prc80NN", h->prc80_nn_ms },
        { "neurokit2", "hrv_time(default)", "HRV_CVNN", h->cvnn_pct / 100 },
        { "neurokit2", "hrv_time(default)", "HRV_CVSD", h->cvsd_pct / 100 },
        { "hrv-analysis", "get_time_domain_features", "std_hr",   /* it divides by n */
          h->sd_hr_per_min * sqrt(((double)h->n_nn - 1) / (double)h->n_nn) },
        { "hrv-analysis", "get_time_domain_features", "min_hr", h->min_hr_per_min },
        { "hrv-analysis", "get_time_domain_features", "max_hr", h->max_hr_per_min },
        { "neurokit2", "hrv_time(default)", "HRV_pNN50", 100 * h->nn50 / (double)h->n_nn },
        { "neurokit2", "hrv_time(default)", "HRV_pNN20", 100 * h->nn20 / (double)h->n_nn },
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].peer, r->peer) == 0 && strcmp(known[i].metric, r->metric) == 0 &&
            strcmp(known[i].method, r->method) == 0)
            return known[i].value;
    return NAN;
}

struct comparison {
    struct hrv_time h;
    char series[64];
    size_t n_compared, n_series;
};

/* Both sides do double arithmetic on the same numbers: 1e-6 relative is far above rounding and far below
 * any difference of definition (n or n-1 alone is 1e-5 at n = 1e5). The absolute part is for peers whose constant
 * series gives 1e-13 instead of 0. */
static void compare_value(const struct nn_series *nn, const struct peer_value *v, void *arg)
{
    struct comparison *c = arg;

    if (strcmp(c->series, v->series) != 0) {
        strcpy(c->series, v->series);
        c->h = measure(nn->nn_ms, NULL, nn->n);
    }
    const double ours = our_value(&c->h, v);
    if (isnan(ours))
        return;
    assert_agrees(ours, v, 1e-6, 1e-9);
    c->n_compared++;
    c->n_series += strcmp(v->metric, "MeanNN") == 0;
}

static void test_agrees_with_other_programs(void **state)
{
    struct comparison c = {.n_compared = 0};

    (void)state;
    for_each_peer_value(compare_value, &c);
    print_message("agreed in %zu values; plainref has %zu series\n", c.n_compared, c.n_series);
    assert_true(c.n_series >= 14);   /* mitdb119_rr has values but no series beside them */
    assert_true(c.n_compared >= 14 * 8 + 10 * 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_constant), cmocka_unit_test(test_alternating), cmocka_unit_test(test_ramp),
        cmocka_unit_test(test_sampled_beats_on_the_limit), cmocka_unit_test(test_too_few),
        cmocka_unit_test(test_gaps_by_hand), cmocka_unit_test(test_nothing_follows), cmocka_unit_test(test_shift),
        cmocka_unit_test(test_scale), cmocka_unit_test(test_time_reversal), cmocka_unit_test(test_median),
        cmocka_unit_test(test_refuses_bad_intervals), cmocka_unit_test(test_agrees_with_other_programs),
    };

    return cmocka_run_group_tests_name("hrv_time", tests, NULL, NULL);
}
