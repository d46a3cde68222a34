/* tests/unit/test_quality_wave.c - algorithms/quality_wave.h, on sines, steps and noise whose measures have closed forms. */
#include "algorithms/quality_wave.h"
#include "algorithms/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#define PI 3.14159265358979323846
#define FS_HZ 250.0

enum { N = 2500 };

static void assert_near(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.9g is not %.9g +- %.3g", got, wanted, tolerance);
}

/* Adds a sine of that amplitude. */
static void add_sine(double *x, double hz, double amplitude)
{
    for (size_t i = 0; i < N; i++)
        x[i] += amplitude * sin(2 * PI * hz * (double)i / FS_HZ + 0.3);
}

static void measure(const double *x, size_t n, double fs_hz, struct quality_wave *out)
{
    struct kymo_err e = {0};
    struct quality_waves *const s = quality_waves_create(fs_hz, n, &e);

    assert_non_null(s);
    quality_wave_measure(s, x, n, out);
    quality_waves_destroy(s);
}

static void moments_of_a_sine_and_of_noise(void **state)
{
    double x[N] = {0};
    struct quality_wave q;
    struct random r;

    (void)state;
    add_sine(x, 5, 2);
    measure(x, N, FS_HZ, &q);
    assert_near((double)q.mean, 0, 1e-6);
    assert_near((double)q.sd, 2 / sqrt(2), 1e-6);
    assert_near((double)q.ksqi, 1.5, 1e-5);     /* of a sine 3/2 */
    assert_near((double)q.ssqi, 0, 1e-5);
    assert_true(q.valid == 1 && q.flat == 0 && q.spikes == 0);
    random_init(&r, 1, 0);
    for (size_t i = 0; i < N; i++)
        x[i] = random_normal(&r);
    measure(x, N, FS_HZ, &q);
    assert_near((double)q.ksqi, 3, 4 * sqrt(24.0 / N));   /* four standard errors */
    assert_near((double)q.ssqi, 0, 4 * sqrt(6.0 / N));
}

/* Whole periods in the window: the Hann window is exact for them; between bins less than a per cent is lost. */
static void mains_has_its_amplitude(void **state)
{
    double x[N] = {0};
    struct quality_wave q;

    (void)state;
    add_sine(x, 50, 0.1);
    add_sine(x, 7, 1);
    measure(x, N, FS_HZ, &q);
    assert_near((double)q.mains, 0.1, 1e-4);
    assert_near((double)q.mains_hz, 50, 0);
    assert_near((double)q.muscle, 0, 1e-4);
    for (size_t i = 0; i < N; i++)
        x[i] = 0;
    add_sine(x, 60.03, 0.2);
    measure(x, N, FS_HZ, &q);
    assert_near((double)q.mains, 0.2, 0.004);
    assert_near((double)q.mains_hz, 60, 0);
}

static void bands_hold_their_power(void **state)
{
    double x[N] = {0};
    struct quality_wave q;

    (void)state;
    add_sine(x, 80, 0.3);
    measure(x, N, FS_HZ, &q);
    assert_near((double)q.muscle, 0.3 / sqrt(2), 1e-4);
    for (size_t i = 0; i < N; i++)
        x[i] = 0;
    add_sine(x, 10, 3);
    add_sine(x, 20, 1);
    add_sine(x, 0.5, 2);
    measure(x, N, FS_HZ, &q);
    assert_near((double)q.psqi, 9.0 / 10, 1e-3);
    assert_near((double)q.bassqi, 10.0 / 14, 1e-3);
    for (size_t i = 0; i < N; i++)
        x[i] = 0;
    add_sine(x, 0.4, 2);       /* the stated weight; its neighbours in the Hann window have others, which nearly cancel */
    measure(x, N, FS_HZ, &q);
    const double sinc = sin(0.4 * PI) / (0.4 * PI);
    assert_near((double)q.wander, sqrt(2 * (1 - sinc * sinc)), 0.05);
}

static void flat_and_missing_shares(void **state)
{
    double x[N] = {0};
    struct quality_wave q;

    (void)state;
    add_sine(x, 1.1, 1);
    for (size_t i = 500; i < 1000; i++)
        x[i] = 0.7;
    for (size_t i = 2000; i < N; i++)
        x[i] = (double)NAN;
    measure(x, N, FS_HZ, &q);
    assert_near((double)q.valid, 0.8, 1e-6);
    assert_near((double)q.flat, 0.25, 1e-6);
    for (size_t i = 0; i < N; i++)
        x[i] = (double)NAN;
    measure(x, N, FS_HZ, &q);
    assert_true(q.valid == 0 && isnan(q.flat) && isnan(q.mean) && isnan(q.low));
    for (size_t i = 0; i < N; i++)
        x[i] = 3;
    measure(x, N, FS_HZ, &q);
    assert_true(q.flat == 1 && q.low == 3 && q.high == 3 && isnan(q.ksqi) && isnan(q.muscle));
}

/* A sine that is cut at c stays there for acos(c) / pi of the time. */
static void clipping_is_found_where_the_rail_is(void **state)
{
    struct quality_rail low = {0}, high = {0};
    double x[N];
    struct quality_wave q;

    (void)state;
    for (int w = 0; w < 3; w++) {
        for (size_t i = 0; i < N; i++)
            x[i] = fmin(0.8, sin(2 * PI * 0.7 * (double)i / FS_HZ));
        measure(x, N, FS_HZ, &q);
        quality_rail_push(&low, -1, &q);
        quality_rail_push(&high, 1, &q);
        assert_near((double)q.at_high, acos(0.8) / PI, 0.005);
        assert_true(w > 0 || isnan(quality_rail_at(&high)));
    }
    assert_near(quality_rail_at(&high), 0.8, 0);
    assert_true(isnan(quality_rail_at(&low)));
    for (size_t i = 0; i < N; i++)
        x[i] = sin(2 * PI * 0.7 * (double)i / FS_HZ);   /* goes beyond it: that was no rail */
    measure(x, N, FS_HZ, &q);
    quality_rail_push(&high, 1, &q);
    assert_true(isnan(quality_rail_at(&high)));
}

static void spikes_are_counted(void **state)
{
    double x[N] = {0};
    struct quality_wave q;

    (void)state;
    add_sine(x, 1, 1);
    for (size_t i = 100; i < N; i += 500)
        x[i] += 5;
    measure(x, N, FS_HZ, &q);
    assert_near((double)q.spikes, 5, 0);
}

static void signatures_tell_signals_apart(void **state)
{
    double x[N], y[N], z[N];
    struct quality_wave a, b, c, d;
    struct random r;

    (void)state;
    random_init(&r, 3, 0);
    for (size_t i = 0; i < N; i++) {
        x[i] = random_normal(&r);
        y[i] = 5 - 0.02 * x[i];
        z[i] = x[i] + 0.3 * random_normal(&r);
    }
    measure(x, N, FS_HZ, &a);
    measure(y, N, FS_HZ, &b);
    measure(z, N, FS_HZ, &c);
    assert_near((double)a.signature, -(double)b.signature, 1e-3);
    assert_true(fabsf(a.signature - c.signature) > 0.02F);
    measure(x, N / 2, FS_HZ, &d);
    assert_true(a.signature != d.signature);
}

static void few_samples_are_no_evidence(void **state)
{
    const double x[] = {1, 2, 3, 4, 5, 4, 3, 2, 1, 2};
    struct quality_wave q;
    struct kymo_err e = {0};

    (void)state;
    measure(x, 10, 1, &q);
    assert_true(q.valid == 1 && q.mean == 2.7F && isnan(q.muscle) && isnan(q.mains) && isnan(q.psqi) && isnan(q.spikes));
    assert_null(quality_waves_create(0, 10, &e));
    assert_null(quality_waves_create(250, 1, &e));
    assert_null(quality_waves_create((double)NAN, 10, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_of_a_sine_and_of_noise), cmocka_unit_test(mains_has_its_amplitude),
        cmocka_unit_test(bands_hold_their_power), cmocka_unit_test(flat_and_missing_shares),
        cmocka_unit_test(clipping_is_found_where_the_rail_is), cmocka_unit_test(spikes_are_counted),
        cmocka_unit_test(signatures_tell_signals_apart), cmocka_unit_test(few_samples_are_no_evidence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
