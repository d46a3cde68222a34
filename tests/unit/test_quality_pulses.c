/* tests/unit/test_quality_pulses.c - algorithms/quality_pulses.h, on a pressure of known systole and diastole. */
#include "algorithms/quality_pulses.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#define FS_HZ 125.0

enum { N = 1250, PULSES = 12, EVERY = 100, FIRST = 60 };

/* A saw tooth: up from 80 to 120 within 0.08 s, down in the rest; pulse[]: half way up. */
static void make_pressure(double *x, double *pulse)
{
    for (int i = 0; i < N; i++) {
        const int phase = (i + EVERY - FIRST + 5) % EVERY;
        x[i] = phase < 10 ? 80 + 4 * phase : 120 - 40.0 * (phase - 10) / (EVERY - 10);
    }
    for (int p = 0; p < PULSES; p++)
        pulse[p] = FIRST + p * EVERY;
}

static void measure(const double *x, const double *pulse, size_t n_pulses, double mmhg, struct quality_pulses *out)
{
    struct kymo_err e = {0};
    struct quality_pulser *const s = quality_pulser_create(FS_HZ, N, &e);

    assert_non_null(s);
    quality_pulses_measure(s, x, N, pulse, n_pulses, mmhg, out);
    quality_pulser_destroy(s);
}

static void a_clean_pressure_passes(void **state)
{
    double x[N], pulse[PULSES];
    struct quality_pulses q;

    (void)state;
    make_pressure(x, pulse);
    measure(x, pulse, PULSES, 1, &q);
    assert_true(q.jsqi == 1 && q.feasible == 1 && q.n == PULSES);
    assert_true(fabsf(q.rate_per_min - 75) < 1e-3F && q.template > 0.9999F);
    assert_true(q.systolic == 120 && q.diastolic == 80);
    measure(x, pulse, PULSES, (double)NAN, &q);
    assert_true(isnan(q.jsqi) && q.template > 0.9999F);
}

/* Of 11 intervals: one pulse 30 mmHg too high jumps, and so does the next, which is right again. */
static void jumps_are_abnormal(void **state)
{
    double x[N], pulse[PULSES];
    struct quality_pulses q;

    (void)state;
    make_pressure(x, pulse);
    for (int i = FIRST + 5 * EVERY; i < FIRST + 5 * EVERY + 50; i++)
        x[i] += 30;
    measure(x, pulse, PULSES, 1, &q);
    assert_true(fabsf(q.jsqi - 9.0F / 11) < 1e-6F);
}

static void limits_are_in_mmhg(void **state)
{
    double x[N], pulse[PULSES];
    struct quality_pulses q;

    (void)state;
    make_pressure(x, pulse);
    for (int i = 0; i < N; i++)
        x[i] /= 7.50062;
    measure(x, pulse, PULSES, 7.50062, &q);       /* kPa */
    assert_true(q.jsqi == 1);
    measure(x, pulse, PULSES, 1, &q);             /* taken for mmHg: diastole below 20 */
    assert_true(q.jsqi == 0);
}

static void irregular_intervals_are_not_feasible(void **state)
{
    double x[N], pulse[PULSES];
    struct quality_pulses q;

    (void)state;
    make_pressure(x, pulse);
    pulse[4] -= 60;
    measure(x, pulse, PULSES, 1, &q);
    assert_true(q.feasible == 0 && q.jsqi < 1);
}

static void few_pulses_and_holes(void **state)
{
    double x[N], pulse[PULSES];
    struct quality_pulses q;
    struct kymo_err e = {0};

    (void)state;
    make_pressure(x, pulse);
    measure(x, pulse, 2, 1, &q);
    assert_true(q.n == 2 && isnan(q.template) && isnan(q.jsqi) && isnan(q.feasible));
    for (int i = FIRST + 3 * EVERY; i < FIRST + 6 * EVERY; i++)
        x[i] = (double)NAN;
    measure(x, pulse, PULSES, 1, &q);
    assert_true(q.jsqi == 1 && q.template > 0.9999F);
    for (int i = 0; i < N; i++)
        x[i] = (double)NAN;
    measure(x, pulse, PULSES, 1, &q);
    assert_true(isnan(q.jsqi) && isnan(q.template));
    assert_null(quality_pulser_create(10, N, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_pressure_passes), cmocka_unit_test(jumps_are_abnormal), cmocka_unit_test(limits_are_in_mmhg),
        cmocka_unit_test(irregular_intervals_are_not_feasible), cmocka_unit_test(few_pulses_and_holes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
