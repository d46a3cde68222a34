/* tests/unit/test_spline.c - a cubic comes back exactly; what is continuous is; what is free is not-a-knot; few points. */
#include "algorithms/random.h"
#include "algorithms/spline.h"
#include "tests/unit/hrv_series.h"

#include <math.h>

#define N 60
#define RATE 64

/* Uneven points 0.3 .. 1.5 apart, from 10 on. */
static void make_times(struct random *r, double *t, size_t n)
{
    for (size_t i = 0; i < n; i++)
        t[i] = i == 0 ? 10 : t[i - 1] + 0.3 + 1.2 * random_uniform(r);
}

static double cubic(double t)
{
    return 3 - 0.5 * (t - 20) + 0.02 * (t - 20) * (t - 20) - 0.003 * (t - 20) * (t - 20) * (t - 20);
}

static size_t count(const double *t, size_t n)
{
    return (size_t)ceil((t[n - 1] - t[0]) * RATE);
}

/* From 4 points on the spline through a cubic is that cubic. Values reach 1000, so rounding is near 1e-12 of it at a point;
 * solving for M and reading between points add to that. */
static void test_cubic(void **state)
{
    double t[N], x[N], m[N], work[N], y[N * 2 * RATE];
    struct random r;

    (void)state;
    random_init(&r, 3, 0);
    for (size_t n = 4; n <= N; n++) {
        make_times(&r, t, n);
        for (size_t i = 0; i < n; i++)
            x[i] = cubic(t[i]);
        spline_bend(t, x, n, m, work);
        spline_read(t, x, m, n, RATE, y, count(t, n));
        for (size_t k = 0; k < count(t, n); k++)
            assert_near(y[k], cubic(t[0] + (double)k / RATE), 1e-9);
    }
}

/* s' from both sides of point i, and the third derivative right of it, from the second ones. */
static double slope_left(const double *t, const double *x, const double *m, size_t i)
{
    const double h = t[i] - t[i - 1];

    return (x[i] - x[i - 1]) / h + h * (m[i - 1] + 2 * m[i]) / 6;
}

static double slope_right(const double *t, const double *x, const double *m, size_t i)
{
    const double h = t[i + 1] - t[i];

    return (x[i + 1] - x[i]) / h - h * (2 * m[i] + m[i + 1]) / 6;
}

static double third(const double *t, const double *m, size_t i)
{
    return (m[i + 1] - m[i]) / (t[i + 1] - t[i]);
}

static void test_continuity(void **state)
{
    double t[N], x[N], m[N], work[N], y[N * 2 * RATE];
    struct random r;

    (void)state;
    random_init(&r, 4, 0);
    for (size_t n = 4; n <= N; n++) {
        make_times(&r, t, n);
        for (size_t i = 0; i < n; i++)
            x[i] = random_normal(&r);
        spline_bend(t, x, n, m, work);
        for (size_t i = 1; i + 1 < n; i++)
            assert_near(slope_left(t, x, m, i), slope_right(t, x, m, i), 1e-10);
        assert_near(third(t, m, 0), third(t, m, 1), 1e-9);
        assert_near(third(t, m, n - 3), third(t, m, n - 2), 1e-9);
        for (size_t i = 0; i + 1 < n; i++) {   /* and it goes through the points: a grid that begins there */
            spline_read(t + i, x + i, m + i, n - i, RATE, y, 1);
            assert_near(y[0], x[i], 0);
        }
    }
}

static void test_lines(void **state)
{
    const double t[] = { 1, 2, 4 }, x[] = { 5, 7, 3 };
    double y[3 * 64];

    (void)state;
    spline_read(t, x, NULL, 3, 64, y, 3 * 64);
    for (size_t k = 0; k < 3 * 64; k++) {
        const double at = 1 + (double)k / 64;
        assert_near(y[k], at < 2 ? 5 + 2 * (at - 1) : 7 - 2 * (at - 2), 1e-14);
    }
}

/* One point, two (a line), three (the parabola x = t^2). */
static void test_few(void **state)
{
    const double t[] = { 1, 2, 4 }, x[] = { 1, 4, 16 };
    double m[3], work[3], y[3 * 64];

    (void)state;
    spline_bend(t, x, 1, m, work);
    spline_read(t, x, m, 1, 64, y, 1);
    assert_true(y[0] == 1);
    spline_bend(t, x, 2, m, work);
    spline_read(t, x, m, 2, 64, y, 64);
    for (size_t k = 0; k < 64; k++)
        assert_near(y[k], 1 + 3 * (double)k / 64, 1e-14);
    spline_bend(t, x, 3, m, work);
    spline_read(t, x, m, 3, 64, y, 3 * 64);
    for (size_t k = 0; k < 3 * 64; k++)
        assert_near(y[k], (1 + (double)k / 64) * (1 + (double)k / 64), 1e-13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cubic), cmocka_unit_test(test_continuity), cmocka_unit_test(test_lines),
        cmocka_unit_test(test_few),
    };

    return cmocka_run_group_tests_name("spline", tests, NULL, NULL);
}
