/* tests/unit/test_running_median.c - algorithms/running_median.h against sorting. */
#include "filters.h"
#include "algorithms/order.h"
#include "algorithms/running_median.h"

#include <math.h>
#include <stdlib.h>

WINDOW_CALLS(running_median);

enum { N = WINDOW_SAMPLES };

static void check_by_sorting(const double *x, size_t width)
{
    double y[N], v[N];
    struct running_median *s = make_window(&running_median_window, width);
    const long half = (long)width / 2;

    run_whole(&running_median_calls, s, x, N, y);
    for (long i = 0; i < N; i++) {
        size_t n = 0;
        for (long j = i > half ? i - half : 0; j <= i + half && j < N; j++)
            if (!isnan(x[j]))
                v[n++] = x[j];
        if (isnan(x[i]))
            assert_true(isnan(y[i]));
        else
            assert_true(fabs(y[i] - order_quantile(v, n, 0.5)) <= 1e-15);   /* the mean of two may be rounded otherwise */
    }
    running_median_destroy(s);
}

static void test_sorting(void **state)
{
    double x[N];

    (void)state;
    for (size_t k = 0; k < WINDOW_WIDTHS; k++) {
        fill_noise(x, N, 1);
        check_by_sorting(x, window_width[k]);
        for (size_t i = 0; i < N; i++)
            x[i] = round(x[i]);   /* many that are equal */
        check_by_sorting(x, window_width[k]);
        for (size_t i = 0; i < N; i++)
            x[i] = (double)i;
        check_by_sorting(x, window_width[k]);
        for (size_t i = 0; i < N; i++)
            x[i] = -(double)(i % 700);
        check_by_sorting(x, window_width[k]);
    }
}

/* An independent program, but for the ends, which it takes for zeroes. */
static void test_peer(void **state)
{
    double *x = filtered_column("x"), *peer = filtered_column("medfilt_11"), y[FILTERED_ROWS];

    (void)state;
    if (!x || !peer) {
        print_message("skipped: agreement with another program (KYMO_REFERENCE unset)\n");
        skip();
    }
    struct running_median *s = make_window(&running_median_window, 11);
    run_whole(&running_median_calls, s, x, FILTERED_ROWS, y);
    assert_memory_equal(y + 5, peer + 5, (FILTERED_ROWS - 10) * sizeof *y);
    running_median_destroy(s);
    free(x);
    free(peer);
}

static void test_any_split(void **state)
{
    (void)state;
    assert_any_pieces_of_windows(&running_median_window);
}

/* A step stays where it is; a spike goes. */
static void test_step_and_spike(void **state)
{
    double x[N], y[N];
    struct running_median *s = make_window(&running_median_window, 51);

    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = i < 1000 ? 1 : 7;
    run_whole(&running_median_calls, s, x, N, y);
    assert_memory_equal(x, y, sizeof x);
    x[500] = 1e300;
    x[600] = (double)-INFINITY;
    run_whole(&running_median_calls, s, x, N, y);
    for (size_t i = 0; i < N; i++)
        assert_true(i == 600 ? isnan(y[i]) : y[i] == (i < 1000 ? 1 : 7));
    running_median_destroy(s);
}

static void test_wrong_width(void **state)
{
    (void)state;
    assert_odd_widths_only(&running_median_window);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sorting), cmocka_unit_test(test_peer), cmocka_unit_test(test_any_split),
        cmocka_unit_test(test_step_and_spike), cmocka_unit_test(test_wrong_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
