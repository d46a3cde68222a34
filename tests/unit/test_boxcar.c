/* tests/unit/test_boxcar.c - algorithms/boxcar.h against sums made afresh, and closed forms. */
#include "filters.h"
#include "algorithms/boxcar.h"

#include <math.h>
#include <stdlib.h>

WINDOW_CALLS(boxcar);

enum { N = WINDOW_SAMPLES };

static void test_mean(void **state)
{
    double x[N], y[N];

    (void)state;
    fill_noise(x, N, 1);
    for (size_t k = 0; k < WINDOW_WIDTHS; k++) {
        struct boxcar *s = make_window(&boxcar_window, window_width[k]);
        const long half = (long)window_width[k] / 2;
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
    (void)state;
    assert_any_pieces_of_windows(&boxcar_window);
}

/* A constant comes out as itself, a ramp too but at its ends; what is large and gone leaves no trace. */
static void test_exact(void **state)
{
    double x[N], y[N];
    struct boxcar *s = make_window(&boxcar_window, 101);

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
    (void)state;
    assert_odd_widths_only(&boxcar_window);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mean), cmocka_unit_test(test_any_split), cmocka_unit_test(test_exact),
        cmocka_unit_test(test_wrong_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
