/* tests/unit/test_distribution.c - distributions in closed form, laws of shift and scale, the rule of outliers. */
#include "support.h"

#include "algorithms/distribution.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void assert_near(double got, double wanted, double within) { assert_true(fabs(got - wanted) <= within); }

static struct distribution of(const double *x, size_t n)
{
    double *const copy = malloc((n + 1) * sizeof *copy);
    struct distribution d;

    memcpy(copy, x, n * sizeof *copy);
    distribution_of(copy, n, &d);
    free(copy);
    return d;
}

/* Whole numbers 1..n: mean (n + 1) / 2, variance n (n + 1) / 12, quantiles 1 + p (n - 1). */
static void whole_numbers_have_closed_forms(void **state)
{
    enum { MOST = 301 };
    double x[MOST];
    (void)state;

    for (size_t n = 2; n <= MOST; n++) {
        for (size_t i = 0; i < n; i++)
            x[i] = (double)(i + 1);
        for (size_t i = 0; i + 1 < n; i += 3) {
            const double held = x[i];
            x[i] = x[n - 1 - i / 2];
            x[n - 1 - i / 2] = held;
        }
        const double m = (double)n;
        const struct distribution d = of(x, n);
        assert_int_equal(d.n, n);
        assert_int_equal(d.missing, 0);
        assert_near(d.mean, (m + 1) / 2, 1e-12 * m);      /* rounding */
        assert_near(d.sd, sqrt(m * (m + 1) / 12), 1e-12 * m);
        assert_near(d.min, 1, 0);
        assert_near(d.max, m, 0);
        assert_near(d.q1, 1 + (m - 1) / 4, 1e-12 * m);
        assert_near(d.median, (m + 1) / 2, 1e-12 * m);
        assert_near(d.q3, 1 + 3 * (m - 1) / 4, 1e-12 * m);
    }
    /* |x - 3| of 1..5: 2 1 0 1 2 */
    assert_near(of((const double[]){1, 2, 3, 4, 5}, 5).mad, 1, 0);
    /* |x - 3.5| of 1 2 3 4 5 60: 2.5 1.5 0.5 0.5 1.5 56.5 */
    assert_near(of((const double[]){60, 2, 3, 1, 5, 4}, 6).mad, 1.5, 0);
}

static void shift_and_scale_are_kept(void **state)
{
    struct dice dice = {5};
    double x[257], y[257];
    (void)state;

    for (size_t i = 0; i < COUNT_OF(x); i++) {
        x[i] = (double)roll_between(&dice, -1000, 1000);
        y[i] = 1e9 - 4 * x[i];     /* exact */
    }
    const struct distribution a = of(x, COUNT_OF(x)), b = of(y, COUNT_OF(y));
    assert_near(b.mean, 1e9 - 4 * a.mean, 2e-7);           /* an ulp of 1e9 is 1.2e-7 */
    assert_near(b.sd, 4 * a.sd, 1e-9 * a.sd);              /* as large an offset costs no more than that */
    assert_near(b.median, 1e9 - 4 * a.median, 0);
    assert_near(b.mad, 4 * a.mad, 0);
    assert_near(b.q1, 1e9 - 4 * a.q3, 0);
    assert_near(b.min, 1e9 - 4 * a.max, 0);
}

static void what_is_not_there_is_counted(void **state)
{
    const double x[] = {NAN, 2, INFINITY, 4, -INFINITY, NAN};
    const struct distribution d = of(x, COUNT_OF(x)), none = of(x, 1), one = of(x + 1, 1);
    (void)state;

    assert_int_equal(d.n, 2);
    assert_int_equal(d.missing, 4);
    assert_near(d.mean, 3, 0);
    assert_near(d.sd, sqrt(2), 1e-15);
    assert_int_equal(none.n, 0);
    assert_true(isnan(none.mean) && isnan(none.sd) && isnan(none.min) && isnan(none.median) && isnan(none.mad));
    assert_near(one.median, 2, 0);
    assert_true(isnan(one.sd));
}

static void outliers_are_those_beyond_the_rule(void **state)
{
    const struct distribution d = of((const double[]){1, 2, 3, 4, 5}, 5);          /* median 3, MAD 1 */
    const struct distribution few = of((const double[]){1, 2, 3, 9}, 4), equal = of((const double[]){1, 7, 7, 7, 9}, 5);
    (void)state;

    assert_near(distribution_distance(&d, 3), 0, 0);
    assert_near(distribution_distance(&d, 3 + 3 * 1.4826), 3, 1e-12);
    assert_near(distribution_distance(&d, 3 - 1.4826), -1, 1e-12);
    assert_true(isnan(distribution_distance(&d, NAN)));
    assert_true(isnan(distribution_distance(&few, 100)));
    assert_true(isnan(distribution_distance(&equal, 100)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_have_closed_forms),
        cmocka_unit_test(shift_and_scale_are_kept),
        cmocka_unit_test(what_is_not_there_is_counted),
        cmocka_unit_test(outliers_are_those_beyond_the_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
