/* tests/unit/test_wavelet.c - algorithms/wavelet.h: perfect reconstruction, noise alone, an ECG in noise. */
#include "filters.h"
#include "algorithms/ecgsyn.h"
#include "algorithms/random.h"
#include "algorithms/wavelet.h"

#include <math.h>
#include <stdlib.h>

STAGE_CALLS(wavelet);

static struct wavelet *make(double fs_hz, int levels, enum wavelet_rule rule)
{
    struct kymo_err e = {0};
    struct wavelet *s = wavelet_create(fs_hz, levels, rule, &e);

    assert_non_null(s);
    return s;
}

static double rms_difference(const double *a, const double *b, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (a[i] - (b ? b[i] : 0)) * (a[i] - (b ? b[i] : 0));
    return sqrt(sum / (double)n);
}

/* Without a threshold the output is the input: 2 * 8 sums of 8 products, each rounded, of numbers below 2^(8/2) * 5. */
static void test_reconstruction(void **state)
{
    static const size_t lengths[] = {1, 2, 5, 100, 1999, 5000};
    double *x = malloc(5000 * sizeof *x), *y = malloc(5000 * sizeof *y);

    (void)state;
    for (int levels = 1; levels <= 8; levels += levels < 4 ? 1 : 4)
        for (size_t k = 0; k < COUNT_OF(lengths); k++) {
            struct wavelet *s = make(250, levels, WAVELET_NONE);
            fill_noise(x, lengths[k], 1);
            run_whole(&wavelet_calls, s, x, lengths[k], y);
            for (size_t i = 0; i < lengths[k]; i++)
                assert_true(isnan(x[i]) ? isnan(y[i]) : fabs(x[i] - y[i]) < 1e-12);
            wavelet_destroy(s);
        }
    free(x);
    free(y);
}

/* A constant has no details, nor has a parabola within (the wavelet has four vanishing moments): no threshold touches them. */
static void test_smooth_stays(void **state)
{
    enum { N = 10000 };
    double *x = malloc(N * sizeof *x), *y = malloc(N * sizeof *y);

    (void)state;
    for (int rule = WAVELET_SURE; rule <= WAVELET_NONE; rule++) {
        struct wavelet *s = make(250, 4, (enum wavelet_rule)rule);
        for (size_t i = 0; i < N; i++)
            x[i] = 1234.5;
        run_whole(&wavelet_calls, s, x, N, y);
        for (size_t i = 0; i < N; i++)
            assert_true(fabs(x[i] - y[i]) < 1e-9);
        for (size_t i = 0; i < N; i++)
            x[i] = 1 + pow((double)i / N - 0.3, 2);
        run_whole(&wavelet_calls, s, x, N, y);
        for (size_t i = 105; i < N - 105; i++)
            assert_true(fabs(x[i] - y[i]) < 1e-12);
        wavelet_destroy(s);
    }
    free(x);
    free(y);
}

/* Of noise alone only what lies below the deepest level is left, less than 2^-levels of its power: the
 * filter there and back has no sharp edge. */
static void test_noise_goes(void **state)
{
    enum { N = 100000, LEVELS = 4 };
    double *x = malloc(N * sizeof *x), *y = malloc(N * sizeof *y);

    (void)state;
    for (int rule = WAVELET_SURE; rule < WAVELET_NONE; rule++) {
        struct wavelet *s = make(250, LEVELS, (enum wavelet_rule)rule);
        fill_noise(x, N, 0);
        run_whole(&wavelet_calls, s, x, N, y);
        const double left = rms_difference(y, NULL, N);
        assert_true(left > 0.2 && left < 0.25);
        wavelet_destroy(s);
    }
    free(x);
    free(y);
}

/* White noise on an ECG becomes less than 0.45 of it; were the levels that the ECG shares left alone, it would be 0.5. Of a
 * clean ECG less than 2 uV are taken. */
static void test_ecg(void **state)
{
    static const double rates[] = {250, 360, 500, 1000};

    (void)state;
    for (size_t k = 0; k < COUNT_OF(rates); k++) {
        struct ecgsyn_options o = ecgsyn_defaults;
        struct kymo_err e = {0};
        struct random r;
        random_init(&r, 3, 0);
        o.fs_hz = rates[k];
        struct ecgsyn *g = ecgsyn_create(&o, &e);
        const size_t n = (size_t)ecgsyn_n_samples(g);
        double *x = malloc(n * sizeof *x), *noisy = malloc(n * sizeof *x), *y = malloc(n * sizeof *y);
        assert_int_equal(ecgsyn_next(g, x, n), n);
        ecgsyn_destroy(g);
        for (size_t i = 0; i < n; i++)
            noisy[i] = x[i] + 0.03 * random_normal(&r);
        struct wavelet *s = make(rates[k], wavelet_levels_above(rates[k], 11), WAVELET_SURE);
        run_whole(&wavelet_calls, s, noisy, n, y);
        assert_true(rms_difference(x, y, n) < 0.0135);
        run_whole(&wavelet_calls, s, x, n, y);
        assert_true(rms_difference(x, y, n) < 0.002);
        wavelet_destroy(s);
        free(x);
        free(noisy);
        free(y);
    }
}

static void test_any_split(void **state)
{
    struct dice d = {1};
    enum { N = 9000 };
    double x[N];

    (void)state;
    for (int gaps = 0; gaps < 2; gaps++)
        for (int levels = 1; levels <= 7; levels += 3)
            for (size_t n = N; n > 0; n /= 20) {
                struct wavelet *s = make(100, levels, WAVELET_SURE);
                fill_noise(x, n, gaps);
                assert_any_pieces(&wavelet_calls, s, x, n, &d);
                wavelet_destroy(s);
            }
}

static void test_levels(void **state)
{
    struct kymo_err e = {0};

    (void)state;
    assert_int_equal(wavelet_levels_above(250, 11), 3);    /* 15.6 Hz */
    assert_int_equal(wavelet_levels_above(360, 11), 4);    /* 11.25 Hz */
    assert_int_equal(wavelet_levels_above(1000, 11), 5);
    assert_int_equal(wavelet_levels_above(1, 11), 1);
    assert_int_equal(wavelet_levels_above(1e6, 1e-9), WAVELET_MOST_LEVELS);
    assert_null(wavelet_create(250, 0, WAVELET_SURE, &e));
    assert_null(wavelet_create(250, 13, WAVELET_SURE, &e));
    assert_null(wavelet_create(NAN, 3, WAVELET_SURE, &e));
    assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    wavelet_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reconstruction), cmocka_unit_test(test_smooth_stays), cmocka_unit_test(test_noise_goes),
        cmocka_unit_test(test_ecg), cmocka_unit_test(test_any_split), cmocka_unit_test(test_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
