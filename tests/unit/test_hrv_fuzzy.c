/* tests/unit/test_hrv_fuzzy.c - against the plain loops with the C library's exp, laws, and another program. */
#include "algorithms/hrv_fuzzy.h"

#include "tests/unit/hrv_noise.h"
#include "tests/unit/hrv_peers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double measure(const double *nn_ms, const unsigned char *follows, size_t n, struct hrv_entropy_opt opt, int power)
{
    struct kymo_err e = { 0 };
    double fuzzyen;
    const struct nn_series nn = {.nn_ms = nn_ms, .follows = follows, .n = n};

    assert_int_equal(hrv_fuzzy(&nn, &opt, power, &fuzzyen, &e), 0);
    return fuzzyen;
}

static double distance(const double *a, const double *b, size_t length)
{
    double mean = 0, most = 0;

    for (size_t k = 0; k < length; k++)
        mean += (a[k] - b[k]) / (double)length;
    for (size_t k = 0; k < length; k++)
        most = fmax(most, fabs(a[k] - b[k] - mean));
    return most;
}

static double measure_plainly(const struct nn_series *nn, struct hrv_entropy_opt opt, int power)
{
    const double r_ms = hrv_entropy_r_ms(nn, &opt);
    uint32_t *const left = malloc(nn->n * sizeof *left);
    double sum_m = 0, sum_longer = 0;

    nn_count_left(nn, left);
    for (size_t i = 0; i < nn->n; i++)
        for (size_t j = 0; j < i; j++)
            if (left[i] > opt.m && left[j] > opt.m) {
                sum_m += exp(-pow(distance(nn->nn_ms + i, nn->nn_ms + j, opt.m) / r_ms, power));
                sum_longer += exp(-pow(distance(nn->nn_ms + i, nn->nn_ms + j, opt.m + 1) / r_ms, power));
            }
    free(left);
    return log(sum_m / sum_longer);
}

/* 1e-14 of each exp, and 1e5 terms of one sign added up: 1e-11 is a hundred times what is seen. */
static void test_against_plain_loops(void **state)
{
    enum { N = 500 };
    static double x[N];
    static unsigned char follows[N];
    struct random r;

    (void)state;
    random_init(&r, 14, 0);
    for (size_t n = 20; n <= N; n += 53)
        for (size_t m = 1; m <= 4; m++)
            for (int power = 1; power <= 2; power++) {
                const struct hrv_entropy_opt opt = {.m = m, .r = n % 2 ? 0.2 : 0.05};
                fill_walk(&r, x, n, 1);
                fill_breaks(&r, follows, n, n % 3 ? 0 : 0.05);
                const struct nn_series nn = {.nn_ms = x, .follows = follows, .n = n};
                assert_near(measure(x, follows, n, opt, power), measure_plainly(&nn, opt, power), 1e-11);
            }
}

static void test_laws(void **state)
{
    enum { N = 400 };
    static double x[N], y[N];
    struct random r;

    (void)state;
    random_init(&r, 15, 0);
    fill_walk(&r, x, N, 0);
    for (int power = 1; power <= 2; power++) {
        const double fuzzyen = measure(x, NULL, N, HRV_ENTROPY_USUAL, power);
        for (size_t i = 0; i < N; i++)
            y[i] = 5 * x[i] + 300;
        assert_near(measure(y, NULL, N, HRV_ENTROPY_USUAL, power), fuzzyen, 1e-11);
        for (size_t i = 0; i < N; i++)
            y[i] = 500 + 40 * (double)(i % 2);   /* regular: two patterns, each going on in one way only */
        assert_true(measure(y, NULL, N, HRV_ENTROPY_USUAL, power) < fuzzyen);
    }
}

static void test_too_little(void **state)
{
    enum { LONG = HRV_PAIRS_MAX + 1 };
    static double x[LONG];
    const struct hrv_entropy_opt usual = HRV_ENTROPY_USUAL;
    struct nn_series nn = {.nn_ms = x, .n = 50};
    struct kymo_err e = { 0 };
    struct random r;
    double fuzzyen;

    (void)state;
    for (size_t i = 0; i < 50; i++)
        x[i] = 800;
    assert_true(isnan(measure(x, NULL, 50, usual, 2)));
    random_init(&r, 16, 0);
    fill_white(&r, x, LONG);
    for (size_t n = 0; n <= 3; n++)
        assert_true(isnan(measure(x, NULL, n, usual, 2)));
    assert_true(isfinite(measure(x, NULL, 4, usual, 1)));
    assert_true(isnan(measure(x, NULL, LONG, usual, 2)));
    assert_int_equal(hrv_fuzzy(&nn, &usual, 3, &fuzzyen, &e), KYMO_EUSAGE);
    assert_int_equal(hrv_fuzzy(&nn, &(struct hrv_entropy_opt){.m = 9, .r = 0.2}, 2, &fuzzyen, &e), KYMO_EUSAGE);
}

/* neurokit: power 1, the N-m templates for both lengths, SD with n-1. No other program there has the measure. */
static void compare(const struct nn_series *nn, const struct peer_value *v, void *arg)
{
    size_t *const n_compared = arg;

    if (strcmp(v->peer, "neurokit2") != 0 || strcmp(v->metric, "HRV_FuzzyEn") != 0)
        return;
    const double ours = measure(nn->nn_ms, NULL, nn->n, HRV_ENTROPY_USUAL, 1);
    if (!isfinite(v->value) || isnan(ours))
        return;
    assert_agrees(ours, v, 1e-9, 0);
    ++*n_compared;
}

static void test_agreement_with_another_program(void **state)
{
    size_t n_compared = 0;

    (void)state;
    for_each_peer_value(compare, &n_compared);
    assert_true(n_compared >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_plain_loops), cmocka_unit_test(test_laws), cmocka_unit_test(test_too_little),
        cmocka_unit_test(test_agreement_with_another_program),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
