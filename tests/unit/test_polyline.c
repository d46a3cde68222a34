/* tests/unit/test_polyline.c - algorithms/polyline.h: what stays comes close to all that was, whatever the line. */
#include "support.h"

#include "algorithms/polyline.h"

#include <math.h>
#include <string.h>

enum { N = 4000 };

/* From (px, py) to the stretch between points i and i + 1. */
static double distance(const double *x, const double *y, size_t i, double px, double py)
{
    const double dx = x[i + 1] - x[i], dy = y[i + 1] - y[i], square = dx * dx + dy * dy;
    const double at = square > 0 ? fmax(0, fmin(1, ((px - x[i]) * dx + (py - y[i]) * dy) / square)) : 0;

    return hypot(px - x[i] - at * dx, py - y[i] - at * dy);
}

/* Points that stay are points that were, in order; those between two of them lie within the tolerance of their stretch. At
 * its ends it may fall short by a tolerance, too. */
static void check(const double *x, const double *y, size_t n, double tolerance)
{
    double less_x[N], less_y[N];
    size_t kept = 0;

    memcpy(less_x, x, n * sizeof *x);
    memcpy(less_y, y, n * sizeof *y);
    const size_t n_less = polyline_simplify(less_x, less_y, n, tolerance);
    for (size_t i = 0; i < n; i++) {
        if (isnan(y[i])) {
            kept += isnan(less_y[kept]) ? 1 : 0;
            continue;
        }
        if (kept < n_less && less_x[kept] == x[i] && less_y[kept] == y[i]) {
            kept++;
            continue;
        }
        assert_true(kept > 0 && kept < n_less);
        assert_true(distance(less_x, less_y, kept - 1, x[i], y[i]) <= sqrt(2) * tolerance * (1 + 1e-9));
    }
    assert_int_equal(kept, n_less);
}

static void stays_close(void **state)
{
    struct dice d = {7};
    double x[N], y[N];

    (void)state;
    for (int kind = 0; kind < 60; kind++) {
        const int64_t wide = kind % 4 == 0 ? 3 : 100, step = kind % 3;   /* step 0: up and down on the spot */
        for (size_t i = 0; i < N; i++) {
            x[i] = i == 0 ? 0 : x[i - 1] + (double)roll_between(&d, kind % 5 == 4 ? -step : 0, step) + 1e-7;   /* none twice */
            y[i] = (i == 0 || isnan(y[i - 1]) ? 0 : y[i - 1]) + (double)roll_between(&d, -wide, wide) / 10;
            if (kind % 2 && roll_below(&d, 50) == 0)
                y[i] = (double)NAN;
        }
        check(x, y, N, (double)(1 + kind % 7) / 4);
    }
}

static void leaves_what_it_must(void **state)
{
    (void)state;
    double x[] = {0, 1, 2, 3, 4, 5, 6, 7}, y[] = {0, 0.1, 0, -0.1, 0, 9, 0, 0};
    assert_int_equal(polyline_simplify(x, y, 8, 0.2), 5);   /* the peak, its feet, the ends */
    assert_true(x[0] == 0 && x[1] == 4 && x[2] == 5 && y[2] == 9 && x[3] == 6 && x[4] == 7);

    double up_x[] = {1, 1, 1, 1}, up_y[] = {0, 5, 2, 3};   /* it turns back, on its own way */
    assert_int_equal(polyline_simplify(up_x, up_y, 4, 0.2), 4);
}

static void keeps_breaks(void **state)
{
    const double none = (double)NAN;
    double x[] = {0, 1, 2, 3, 4, 5, 6, 7, 8}, y[] = {none, none, 1, 1, 1, none, none, 1, none};

    (void)state;
    const size_t n = polyline_simplify(x, y, 9, 1);
    assert_int_equal(n, 5);
    assert_true(x[0] == 2 && x[1] == 4 && isnan(y[2]) && x[3] == 7 && isnan(y[4]));
    assert_int_equal(polyline_simplify(x, y, 0, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stays_close), cmocka_unit_test(leaves_what_it_must), cmocka_unit_test(keeps_breaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
