/* tests/unit/test_measurematch.c - pairs of measurements by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "algorithms/measurematch.h"

static const struct measure ref_all[] = {{100, 60}, {200, 80}, {300, 100}};
static const struct measure_series ref = {ref_all, 3}, none = {0};

static struct measurematch compare(const struct measure_series *r, const struct measure *t, size_t n, int64_t start, int64_t end)
{
    struct measurematch m;
    struct kymo_err e = {0};

    assert_int_equal(measurematch_compare(r, &(struct measure_series){t, n}, start, end, &m, &e), 0);
    return m;
}

static void test_nearest(void **state)
{
    /* before the first, nearer to the first, as near to both (the later), exact, behind the last */
    const struct measure t[] = {{0, 61}, {149, 62}, {150, 77}, {200, 84}, {999, 105}};
    const struct measurematch m = compare(&ref, t, 5, 0, 0);

    (void)state;
    assert_int_equal(m.n, 5);
    assert_true(m.square_sum == 1 + 4 + 9 + 16 + 25);
    assert_true(m.difference_sum == 1 + 2 - 3 + 4 + 5);
    assert_true(m.ref_sum == 60 + 60 + 80 + 80 + 100);
    assert_true(fabs(measurematch_rms(&m) - sqrt(11)) < 1e-14);
    assert_true(fabs(measurematch_normalised_pct(&m) - 100 * sqrt(11) / 76) < 1e-12);
}

static void test_period(void **state)
{
    const struct measure t[] = {{99, 1}, {100, 61}, {300, 101}, {301, 1}};
    const struct measurematch m = compare(&ref, t, 4, 100, 300);

    (void)state;
    assert_int_equal(m.n, 2);
    assert_true(m.square_sum == 2);
    assert_true(measurematch_rms(&m) == 1);
}

static void test_nothing(void **state)
{
    const struct measure t[] = {{100, 1}}, zero[] = {{100, 0}};
    struct measurematch m = compare(&none, t, 1, 0, 0);

    (void)state;
    assert_int_equal(m.n, 0);
    assert_true(isnan(measurematch_rms(&m)) && isnan(measurematch_normalised_pct(&m)));
    m = compare(&(struct measure_series){zero, 1}, t, 1, 0, 0);
    assert_true(measurematch_rms(&m) == 1 && isnan(measurematch_normalised_pct(&m)));
}

static void test_refuses(void **state)
{
    const struct measure t[] = {{100, 1}, {99, 1}};
    struct measurematch m;
    struct kymo_err e = {0};

    (void)state;
    assert_int_equal(measurematch_compare(&ref, &(struct measure_series){t, 2}, 0, 0, &m, &e), KYMO_EDATA);
    assert_int_equal(measurematch_compare(&(struct measure_series){t, 2}, &ref, 0, 0, &m, &e), KYMO_EDATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nearest), cmocka_unit_test(test_period), cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_refuses),
    };

    return cmocka_run_group_tests_name("measurematch", tests, NULL, NULL);
}
