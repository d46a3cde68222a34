/* tests/unit/test_boxcar.c - algorithms/boxcar.h against sums made afresh, and closed forms. */
#include "filters.h"
#include "algorithms/boxcar.h"

#include <math.h>
#include <stdlib.h>

STAGE_CALLS(boxcar);

enum { N = 2000 };

static struct boxcar *make(size_t width)
{
    struct kymo_err e = {0};
    struct boxcar *s = boxcar_create(width, &e);

    assert_non_null(s);
    return s;
}

static const size_t widths[] = {1, 3, 5, 31, 301, 1999, 2001, 5001};

static void test_mean(void **state)
{
    double x[N], y[N];

    (void)state;
    fill_noise(x, N, 1);
    for (size_t k = 0; k < COUNT_OF(widths); k++) {
        struct boxcar *s = make(widths[k]);
        const long half = (long)widths[k] / 2;
        run_whole(&boxcar_calls, s, x, N, y);
        for (long i = 0; i < N; i++) {
            double sum = 0;
            long n = 0;
            for (long j = i > half ? i - half : 0; j <= i + half && j < N; j++)
                if (!isnan(x[j])) {
                    sum += x[j];
                    n++;
                }
            if (isnan(x[i]))
                assert_true(isnan(y[i]));
            else
                assert_true(fabs(y[i] - sum / (double)n) < 1e-13);   /* 2000 additions of numbers below 5, on either side */
        }
        boxcar_destroy(s);
    }
}

static void test_any_split(void **state)
{
    struct dice d = {1};
    double x[N];

    (void)state;
    for (int gaps = 0; gaps < 2; gaps++)
        for (size_t k = 0; k < COUNT_OF(widths); k++)
            for (size_t n = N; n > 0; n /= 20) {
                struct boxcar *s = make(widths[k]);
                fill_noise(x, n, gaps);
                assert_any_pieces(&boxcar_calls, s, x, n, &d);
                boxcar_destroy(s);
            }
}

/* A constant comes out as itself, a ramp too but at its ends; what is large and gone leaves no trace. */
static void test_exact(void **state)
{
    double x[N], y[N];
    struct boxcar *s = make(101);

    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = 0.1;
    run_whole(&boxcar_calls, s, x, N, y);
    assert_memory_equal(x, y, sizeof x);
    for (size_t i = 0; i < N; i++)
        x[i] = 3 + 2 * (double)i;
    run_whole(&boxcar_calls, s, x, N, y);
    assert_memory_equal(x + 50, y + 50, (N - 100) * sizeof *x);
    assert_true(y[0] == x[25] && y[N - 1] == x[N - 26]);
    for (size_t i = 0; i < N; i++)
        x[i] = i == 300 ? 1e18 : i == 400 ? (double)INFINITY : (double)(i % 101);
    run_whole(&boxcar_calls, s, x, N, y);
    for (size_t i = 500; i + 50 < N; i++)
        assert_true(y[i] == 50);
    assert_true(isnan(y[400]) && isfinite(y[399]));
    boxcar_destroy(s);
}

static void test_wrong_width(void **state)
{
    struct kymo_err e = {0};

    (void)state;
    assert_null(boxcar_create(0, &e));
    assert_null(boxcar_create(10, &e));
    assert_null(boxcar_create((size_t)-1, &e));
    assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    boxcar_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mean), cmocka_unit_test(test_any_split), cmocka_unit_test(test_exact),
        cmocka_unit_test(test_wrong_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
