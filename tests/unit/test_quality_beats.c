/* tests/unit/test_quality_beats.c - algorithms/quality_beats.h, on triangles at known places. */
#include "algorithms/quality_beats.h"
#include "algorithms/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define FS_HZ 500.0

enum { N = 5000, BEATS = 10, EVERY = 500, FIRST = 250 };

static void assert_near(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.9g is not %.9g +- %.3g", got, wanted, tolerance);
}

/* A triangle of 80 ms a second, of that height, and where the beats are. */
static void make_beats(double *x, double *beat, double height)
{
    memset(x, 0, N * sizeof *x);
    for (int b = 0; b < BEATS; b++) {
        beat[b] = FIRST + b * EVERY;
        for (int k = -20; k <= 20; k++)
            x[FIRST + b * EVERY + k] = height * (1 - abs(k) / 20.0);
    }
}

static void add_noise(double *x, double sd, uint64_t seed)
{
    struct random r;

    random_init(&r, seed, 0);
    for (size_t i = 0; i < N; i++)
        x[i] += sd * random_normal(&r);
}

static void measure(const double *x, size_t n, const double *beat, size_t n_beats, struct quality_beats *out, size_t *n_second)
{
    struct kymo_err e = {0};
    struct quality_beater *const s = quality_beater_create(FS_HZ, N, &e);

    assert_non_null(s);
    quality_beats_measure(s, x, n, beat, n_beats, out);
    if (n_second)
        quality_second_beats(s, n_second);
    quality_beater_destroy(s);
}

static void clean_beats_agree(void **state)
{
    double x[N], beat[BEATS];
    struct quality_beats q;
    size_t n_second;

    (void)state;
    make_beats(x, beat, 1);
    measure(x, N, beat, BEATS, &q, &n_second);
    assert_int_equal(n_second, BEATS);
    assert_true(q.bsqi == 1 && q.n == BEATS);
    assert_near((double)q.rate_per_min, 60, 1e-4);
    assert_near((double)q.amplitude, 1, 0.1);          /* the mean of 8 ms round the tip has lost a tenth */
    assert_near((double)q.template, 1, 1e-6);
    assert_near((double)q.noise, 0, 1e-9);
    assert_near((double)q.snr_db, 99, 0);
    assert_near((double)q.up, 1, 0.02);
    assert_near((double)q.width_s, 0.08 + 1 / 55.0, 0.017);   /* smeared by the mean, in steps of 8 ms */
}

static void upside_down_points_down(void **state)
{
    double x[N], beat[BEATS];
    struct quality_beats q;

    (void)state;
    make_beats(x, beat, -2);
    measure(x, N, beat, BEATS, &q, NULL);
    assert_near((double)q.up, -1, 0.02);
    assert_near((double)q.amplitude, 2, 0.2);
    assert_true(q.bsqi == 1);
}

/* White noise of standard deviation s through the mean of 10 samples and the grid has s / sqrt(10); the least of 18 neighbours
 * is somewhat less. */
static void noise_is_what_was_added(void **state)
{
    double x[N], beat[BEATS];
    struct quality_beats q;

    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        make_beats(x, beat, 1);
        add_noise(x, 0.1, seed);
        measure(x, N, beat, BEATS, &q, NULL);
        assert_near((double)q.noise, 0.1 / sqrt(10), 0.006);
        const double ratio = (double)(q.amplitude / q.noise);
        assert_near((double)q.snr_db, 10 * log10(ratio * ratio / 8), 1e-3);
    }
}

/* Every other beat of another shape: each has its like. */
static void two_shapes_are_no_noise(void **state)
{
    double x[N], beat[BEATS];
    struct quality_beats q;

    (void)state;
    make_beats(x, beat, 1);
    for (int b = 0; b < BEATS; b += 2)
        for (int k = -60; k <= 60; k++)
            x[FIRST + b * EVERY + k] = -1.5 * cos(k * 3.14159265 / 120);
    measure(x, N, beat, BEATS, &q, NULL);
    assert_near((double)q.noise, 0, 1e-9);
    assert_true(q.template < 0.9F);
}

/* Drift that is straight within a beat, and mains, are not the noise of beats. */
static void drift_and_mains_are_measured_elsewhere(void **state)
{
    double x[N], beat[BEATS];
    struct quality_beats q;

    (void)state;
    make_beats(x, beat, 1);
    for (size_t i = 0; i < N; i++)
        x[i] += 0.002 * (double)i + 0.2 * sin(2 * 3.14159265358979 * 50.3 * (double)i / FS_HZ);
    measure(x, N, beat, BEATS, &q, NULL);
    assert_true(q.noise < 0.02F);
}

static void missing_and_extra_beats_disagree(void **state)
{
    double x[N], beat[2 * BEATS];
    struct quality_beats q;

    (void)state;
    make_beats(x, beat, 1);
    measure(x, N, beat, 6, &q, NULL);          /* 4 of 10 missed */
    assert_near((double)q.bsqi, 0.6, 1e-6);
    for (int b = 0; b < 2 * BEATS; b++)
        beat[b] = FIRST + b * EVERY / 2;       /* 10 extra ones; the last lies too near to the end to count */
    measure(x, N, beat, 2 * BEATS, &q, NULL);
    assert_near((double)q.bsqi, 10.0 / 19, 1e-6);
}

static void nothing_says_nothing(void **state)
{
    double x[N], beat[BEATS];
    struct quality_beats q;
    struct kymo_err e = {0};
    size_t n_second;

    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = (double)NAN;
    make_beats((double[N]){0}, beat, 1);
    measure(x, N, beat, BEATS, &q, &n_second);
    assert_true(n_second == 0 && isnan(q.amplitude) && isnan(q.template));
    memset(x, 0, sizeof x);
    measure(x, N, beat, 0, &q, &n_second);
    assert_true(n_second == 0 && isnan(q.bsqi) && isnan(q.rate_per_min));
    measure(x, 3, beat, 0, &q, &n_second);
    measure(x, 0, beat, 0, &q, &n_second);
    assert_int_equal(n_second, 0);
    assert_null(quality_beater_create(50, N, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_beats_agree), cmocka_unit_test(upside_down_points_down),
        cmocka_unit_test(noise_is_what_was_added), cmocka_unit_test(two_shapes_are_no_noise),
        cmocka_unit_test(drift_and_mains_are_measured_elsewhere), cmocka_unit_test(missing_and_extra_beats_disagree),
        cmocka_unit_test(nothing_says_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
