/* tests/unit/test_trend.c - what is slow is gone and the rest is there: by hand, against a dense solution, by the filter's
 * gain. */
#include "algorithms/random.h"
#include "algorithms/trend.h"
#include "tests/unit/hrv_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_N 40

static void fill_random(double *x, size_t n, uint64_t seed)
{
    struct random r;

    random_init(&r, seed, 0);
    for (size_t i = 0; i < n; i++)
        x[i] = random_normal(&r);
}

/* 833.3 is no sum of powers of two, and its mean over n need not be itself. */
static void test_constant_becomes_nothing(void **state)
{
    double x[MAX_N], work[3 * MAX_N];

    (void)state;
    for (size_t n = 0; n <= MAX_N; n++)
        for (int kind = 0; kind < 3; kind++) {
            for (size_t i = 0; i < n; i++)
                x[i] = 833.3;
            if (kind == 2)
                trend_remove_smooth(500, x, n, work);
            else
                trend_remove(kind ? TREND_LINEAR : TREND_CONSTANT, NULL, x, n);
            for (size_t i = 0; i < n; i++)
                assert_true(x[i] == 0);
        }
}

static void test_none(void **state)
{
    double x[] = { 1, 2, 5 };

    (void)state;
    trend_remove(TREND_NONE, NULL, x, 3);
    assert_true(x[0] == 1 && x[1] == 2 && x[2] == 5);
}

/* What is left has no mean, and no part along t; what was added along them makes no difference. */
static void test_linear(void **state)
{
    double t[MAX_N], x[MAX_N], y[MAX_N];

    (void)state;
    fill_random(x, MAX_N, 1);
    for (size_t i = 0; i < MAX_N; i++) {
        t[i] = 1000 + (double)(i * i) / 50;
        y[i] = x[i] + 700 + 3 * (t[i] - 1000);
    }
    trend_remove(TREND_LINEAR, t, x, MAX_N);
    trend_remove(TREND_LINEAR, t, y, MAX_N);
    double sum = 0, along = 0;
    for (size_t i = 0; i < MAX_N; i++) {
        sum += x[i];
        along += x[i] * (t[i] - 1000);
        assert_near(y[i], x[i], 1e-11);   /* 700 and more, rounded */
    }
    assert_near(sum, 0, 1e-12);
    assert_near(along, 0, 1e-11);
    double line[] = { 2, 4, 6, 8 };
    trend_remove(TREND_LINEAR, NULL, line, 4);
    for (size_t i = 0; i < 4; i++)
        assert_near(line[i], 0, 1e-15);
}

/* Gauss on I + lambda^2 D'D, made from D as it is written in the paper. */
static void solve_densely(double lambda, const double *x, size_t n, double *z)
{
    static double a[MAX_N][MAX_N + 1];

    memset(a, 0, sizeof a);
    for (size_t i = 0; i < n; i++) {
        a[i][i] = 1;
        a[i][n] = x[i];
    }
    for (size_t d = 0; d + 2 < n; d++)
        for (size_t i = 0; i < 3; i++)
            for (size_t j = 0; j < 3; j++)
                a[d + i][d + j] += lambda * lambda * (i == 1 ? -2 : 1) * (j == 1 ? -2 : 1);
    for (size_t p = 0; p < n; p++)
        for (size_t i = p + 1; i < n; i++)
            for (size_t j = n + 1; j-- > p;)
                a[i][j] -= a[i][p] / a[p][p] * a[p][j];
    for (size_t i = n; i-- > 0;) {
        z[i] = a[i][n];
        for (size_t j = i + 1; j < n; j++)
            z[i] -= a[i][j] * z[j];
        z[i] /= a[i][i];
    }
}

/* Within what trend.h states for both, for lambda = 500 twice 4e-9 of about 4. */
static void test_smooth_is_the_dense_solution(void **state)
{
    const double lambdas[] = { 0, 1, 10, 500 };
    double x[MAX_N], z[MAX_N], work[3 * MAX_N];

    (void)state;
    for (size_t n = 3; n <= MAX_N; n++)
        for (size_t l = 0; l < 4; l++) {
            fill_random(x, n, n);
            solve_densely(lambdas[l], x, n, z);
            for (size_t i = 0; i < n; i++)
                z[i] = x[i] - z[i];
            trend_remove_smooth(lambdas[l], x, n, work);
            for (size_t i = 0; i < n; i++)
                assert_near(x[i], z[i], 2 * 4 * 1e-15 * (1 + 16 * lambdas[l] * lambdas[l]));
        }
}

/* Far from the ends a sine comes out as a sine of the stated gain. */
static void test_gain(void **state)
{
    enum { LONG = 40000 };
    const double lambda = 500, rate = 4, f[] = { 0.005, 0.0285, 0.04, 0.1, 0.25 };
    double *const x = malloc(LONG * sizeof *x), *const work = malloc(3 * LONG * sizeof *work);

    (void)state;
    assert_true(x && work);
    for (size_t j = 0; j < sizeof f / sizeof *f; j++) {
        const double edge = 2 * sin(M_PI * f[j] / rate), gain = 1 - 1 / (1 + lambda * lambda * pow(edge, 4));
        for (size_t i = 0; i < LONG; i++)
            x[i] = 800 + 40 * sin(2 * M_PI * f[j] / rate * (double)i);
        trend_remove_smooth(lambda, x, LONG, work);
        for (size_t i = LONG / 2 - 1000; i < LONG / 2 + 1000; i++)
            assert_near(x[i], gain * 40 * sin(2 * M_PI * f[j] / rate * (double)i), 1e-6);
    }
    assert_near(1 - 1 / (1 + 250000 * pow(2 * sin(M_PI * 0.0285 / 4), 4)), 0.5, 0.001);   /* as trend.h says */
    free(x);
    free(work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_constant_becomes_nothing), cmocka_unit_test(test_none), cmocka_unit_test(test_linear),
        cmocka_unit_test(test_smooth_is_the_dense_solution), cmocka_unit_test(test_gain),
    };

    return cmocka_run_group_tests_name("trend", tests, NULL, NULL);
}
