/* tests/unit/test_baseline.c - algorithms/baseline_median.h and baseline_spline.h, on ECG with known drift. */
#include "filters.h"
#include "algorithms/baseline_median.h"
#include "algorithms/baseline_spline.h"
#include "algorithms/ecgsyn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.141592653589793

STAGE_CALLS(baseline_median);
STAGE_CALLS(baseline_spline);

static struct baseline_median *make_median(double fs_hz)
{
    struct kymo_err e = {0};
    struct baseline_median *s = baseline_median_create(fs_hz, &e);

    assert_non_null(s);
    return s;
}

static struct baseline_spline *make_spline(double fs_hz)
{
    struct kymo_err e = {0};
    struct baseline_spline *s = baseline_spline_create(fs_hz, &e);

    assert_non_null(s);
    return s;
}

/* In mV. */
static double *make_ecg(double fs_hz, double duration_s, double noise_mv, size_t *n)
{
    struct ecgsyn_options o = ecgsyn_defaults;
    struct kymo_err e = {0};

    o.fs_hz = fs_hz;
    o.duration_s = duration_s;
    o.heart_rate_per_min = 75;
    o.heart_rate_sd_per_min = 3;
    o.wander_mv = 0;
    o.noise_mv = noise_mv;
    struct ecgsyn *s = ecgsyn_create(&o, &e);
    assert_non_null(s);
    *n = (size_t)ecgsyn_n_samples(s);
    double *x = malloc(*n * sizeof *x);
    assert_int_equal(ecgsyn_next(s, x, *n), *n);
    ecgsyn_destroy(s);
    return x;
}

/* The largest difference of what comes of an ECG with and without a drift, but for 2 s at the ends. */
static double worst_left(const struct stage_calls *c, void *s, const double *x, size_t n, double fs_hz, double amplitude,
                         double hz)
{
    double *drifted = malloc(n * sizeof *drifted), *y = malloc(n * sizeof *y), *clean = malloc(n * sizeof *clean), worst = 0;

    for (size_t i = 0; i < n; i++)
        drifted[i] = x[i] + amplitude * sin(2 * PI * hz * (double)i / fs_hz);
    run_whole(c, s, x, n, clean);
    run_whole(c, s, drifted, n, y);
    for (size_t i = (size_t)(2 * fs_hz); i < n - (size_t)(2 * fs_hz); i++)
        worst = fmax(worst, fabs(y[i] - clean[i]));
    free(drifted);
    free(y);
    free(clean);
    return worst;
}

/* A cubic through values and slopes of a sinusoid, slopes by chords over intervals h that are hardly unequal: at most
 * (2 pi f h)^3 / 24 of its size for the slopes' part, (2 pi f h)^4 / 384 for the rest, f h = 0.16 at 0.2 Hz: 0.045, of 0.5 mV
 * 22 uV; at 0.05 Hz 0.4 uV. */
static void test_spline_drift(void **state)
{
    static const double rates[] = {128, 250, 500, 1000};

    (void)state;
    for (size_t k = 0; k < COUNT_OF(rates); k++)
        for (int noisy = 0; noisy < 2; noisy++) {
            size_t n;
            double *x = make_ecg(rates[k], 120, 0.01 * noisy, &n);
            struct baseline_spline *s = make_spline(rates[k]);
            assert_true(worst_left(&baseline_spline_calls, s, x, n, rates[k], 0.5, 0.2) < 0.023);
            assert_true(worst_left(&baseline_spline_calls, s, x, n, rates[k], 0.5, 0.05) < 0.001);
            baseline_spline_destroy(s);
            free(x);
        }
}

/* The form of the beats is kept: y is the ECG but for one offset, its level before a beat, which in this model moves with the
 * rate by a few uV in the mean. */
static void test_spline_keeps_form(void **state)
{
    size_t n;
    double *x = make_ecg(500, 120, 0, &n), *y = malloc(n * sizeof *y), mean = 0, sum2 = 0;
    struct baseline_spline *s = make_spline(500);

    (void)state;
    run_whole(&baseline_spline_calls, s, x, n, y);
    for (size_t i = 0; i < n; i++)
        mean += (x[i] - y[i]) / (double)n;
    for (size_t i = 0; i < n; i++)
        sum2 += pow(x[i] - y[i] - mean, 2) / (double)n;
    assert_true(sqrt(sum2) < 0.02);
    baseline_spline_destroy(s);
    free(x);
    free(y);
}

/* Without beats, means of a second 1.5 s apart: a line is taken out from the first to the last of them. */
static void test_spline_without_beats(void **state)
{
    enum { N = 10000, FS = 100 };
    double *x = malloc(N * sizeof *x), *y = malloc(N * sizeof *y);
    struct baseline_spline *s = make_spline(FS);

    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = 5 + 0.001 * (double)i;
    run_whole(&baseline_spline_calls, s, x, N, y);
    for (size_t i = FS * 3 / 2; i + 3 * FS < N; i++)
        assert_true(fabs(y[i]) < 1e-9);
    for (size_t i = 0; i < FS; i++)
        x[i] = 7;
    run_whole(&baseline_spline_calls, s, x, FS, y);
    for (size_t i = 0; i < FS; i++)
        assert_true(fabs(y[i]) < 1e-12);
    baseline_spline_destroy(s);
    free(x);
    free(y);
}

static void test_spline_any_split(void **state)
{
    struct dice d = {1};
    size_t n;
    double *x = make_ecg(100, 90, 0.01, &n);
    struct baseline_spline *s = make_spline(100);

    (void)state;
    assert_any_pieces(&baseline_spline_calls, s, x, n, &d);
    assert_any_pieces(&baseline_spline_calls, s, x, 0, &d);
    assert_any_pieces(&baseline_spline_calls, s, x, 63, &d);
    for (size_t i = 2000; i < 3500; i++)
        x[i] = (double)NAN;
    for (size_t i = 5000; i < n; i += 171)
        x[i] = (double)NAN;
    assert_any_pieces(&baseline_spline_calls, s, x, n, &d);
    baseline_spline_destroy(s);
    free(x);
}

/* A step of the baseline within a gap of 15 s leaves no trace 1.5 s away from it. */
static void test_spline_gap(void **state)
{
    size_t n;
    double *x = make_ecg(250, 90, 0, &n), *moved = malloc(n * sizeof *x);
    double *y = malloc(n * sizeof *y), *z = malloc(n * sizeof *z);
    struct baseline_spline *s = make_spline(250);

    (void)state;
    for (size_t i = 30 * 250; i < 45 * 250; i++)
        x[i] = (double)NAN;
    for (size_t i = 0; i < n; i++)
        moved[i] = x[i] + (i > 40 * 250 ? 8 : 0);
    run_whole(&baseline_spline_calls, s, x, n, y);
    run_whole(&baseline_spline_calls, s, moved, n, z);
    for (size_t i = 0; i < n; i++)
        assert_true(isnan(x[i]) ? isnan(z[i]) : fabs(y[i] - z[i]) < 1e-9);
    baseline_spline_destroy(s);
    free(x);
    free(moved);
    free(y);
    free(z);
}

static void test_median_laws(void **state)
{
    enum { N = 5000 };
    double x[N], y[N];
    struct baseline_median *s = make_median(250);

    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = 3 + (double)i;
    run_whole(&baseline_median_calls, s, x, N, y);
    for (size_t i = 100; i < N - 100; i++)
        assert_true(y[i] == 0);
    for (size_t i = 0; i < N; i++)   /* complexes of 80 ms, 1 mV, each second, on a step */
        x[i] = (i % 250 < 20) + (i > 2500 ? 4 : 0);
    run_whole(&baseline_median_calls, s, x, N, y);
    for (size_t i = 0; i < N; i++)
        if (i < 2400 || i > 2600)
            assert_true(y[i] == (i % 250 < 20));
    baseline_median_destroy(s);
}

/* Half of a drift of 0.05 Hz would be 0.25 mV; what is left is how far medians of an ECG stray while its baseline moves by
 * 2 pi f 0.8 s of 0.5 mV, an eighth of a mV, between two beats. */
static void test_median_drift(void **state)
{
    size_t n;
    double *x = make_ecg(500, 120, 0, &n);
    struct baseline_median *s = make_median(500);

    (void)state;
    assert_true(worst_left(&baseline_median_calls, s, x, n, 500, 0.5, 0.05) < 0.125);
    baseline_median_destroy(s);
    free(x);
}

static void test_median_any_split(void **state)
{
    struct dice d = {1};
    double x[2000];

    (void)state;
    for (int gaps = 0; gaps < 2; gaps++)
        for (size_t n = 2000; n > 0; n /= 20) {
            struct baseline_median *s = make_median(250);
            fill_noise(x, n, gaps);
            assert_any_pieces(&baseline_median_calls, s, x, n, &d);
            baseline_median_destroy(s);
        }
}

static void test_wrong_rate(void **state)
{
    struct kymo_err e = {0};

    (void)state;
    assert_null(baseline_median_create(0, &e));
    assert_null(baseline_median_create(NAN, &e));
    assert_null(baseline_spline_create(59, &e));
    assert_null(baseline_spline_create(NAN, &e));
    assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    baseline_median_destroy(NULL);
    baseline_spline_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spline_drift), cmocka_unit_test(test_spline_keeps_form),
        cmocka_unit_test(test_spline_without_beats), cmocka_unit_test(test_spline_any_split), cmocka_unit_test(test_spline_gap),
        cmocka_unit_test(test_median_laws), cmocka_unit_test(test_median_drift), cmocka_unit_test(test_median_any_split),
        cmocka_unit_test(test_wrong_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
