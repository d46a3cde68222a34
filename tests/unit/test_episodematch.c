/* tests/unit/test_episodematch.c - episodes by hand. epicmp's own reports are compared in tests/validation/reference.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "algorithms/episodematch.h"

#define SERIES(name, ...) \
    const struct episode name##_all[] = {__VA_ARGS__}; \
    const struct episode_series name = {name##_all, sizeof name##_all / sizeof *name##_all}

static void assert_side(struct episodematch_side s, int64_t found, int64_t missed, int64_t duration, int64_t overlap)
{
    assert_int_equal(s.found, found);
    assert_int_equal(s.missed, missed);
    assert_int_equal(s.duration, duration);
    assert_int_equal(s.overlap, overlap);
}

static struct episodematch compare(const struct episode_series *ref, const struct episode_series *test, int64_t start,
                                   int64_t end)
{
    struct episodematch m;
    struct kymo_err e = {0};

    assert_int_equal(episodematch_compare(ref, test, start, end, &m, &e), 0);
    return m;
}

static void test_any_overlap_counts(void **state)
{
    SERIES(ref, {100, 200}, {300, 400}, {500, 600});
    SERIES(test, {199, 301}, {600, 700});
    const struct episodematch m = compare(&ref, &test, 0, 0);

    (void)state;
    assert_side(m.ref, 2, 1, 300, 2);      /* 500-600 touches 600-700, which is no overlap */
    assert_side(m.test, 1, 1, 202, 2);
}

static void test_one_against_many(void **state)
{
    SERIES(ref, {100, 1000});
    SERIES(test, {50, 150}, {300, 400}, {900, 1100});
    const struct episodematch m = compare(&ref, &test, 0, 0);

    (void)state;
    assert_side(m.ref, 1, 0, 900, 250);
    assert_side(m.test, 3, 0, 400, 250);
}

static void test_period(void **state)
{
    SERIES(ref, {0, 50}, {80, 200}, {400, 600}, {700, 800});
    SERIES(test, {60, 120}, {450, 650});
    struct episodematch m = compare(&ref, &test, 100, 500);

    (void)state;
    assert_side(m.ref, 2, 0, 200, 70);     /* 100-200 and 400-500 */
    assert_side(m.test, 2, 0, 70, 70);     /* 100-120 and 450-500 */
    m = compare(&ref, &test, 120, 450);    /* a test episode that ends at the start has no time left, and counts */
    assert_side(m.test, 0, 1, 0, 0);
    assert_side(m.ref, 0, 2, 130, 0);
}

static void test_specificity(void **state)
{
    SERIES(ref, {60, 120}, {450, 650});
    SERIES(test, {0, 50}, {80, 200}, {400, 600}, {700, 800});
    struct episodematch m = compare(&ref, &test, 100, 500);

    (void)state;
    assert_int_equal(m.without, 330);      /* 400 less 100-120 and 450-500 */
    assert_int_equal(m.clear, 200);        /* of these the test has 120-200 and 400-450 */
    episodematch_add(&m, &m);
    assert_int_equal(m.without, 660);
    assert_int_equal(m.clear, 400);
    m = compare(&ref, &test, 100, 0);
    assert_int_equal(m.without, 0);
    assert_int_equal(m.clear, 0);
}

static void test_nothing(void **state)
{
    SERIES(ref, {0, 50});
    const struct episode_series none = {0};
    struct episodematch m = compare(&none, &none, 0, 0);

    (void)state;
    assert_side(m.ref, 0, 0, 0, 0);
    m = compare(&ref, &none, 0, 0);
    assert_side(m.ref, 0, 1, 50, 0);
    assert_side(m.test, 0, 0, 0, 0);
    episodematch_add(&m, &m);
    assert_side(m.ref, 0, 2, 100, 0);
}

static void test_refuses(void **state)
{
    SERIES(overlapping, {0, 50}, {40, 60});
    SERIES(backwards, {50, 0});
    const struct episode_series none = {0};
    struct episodematch m;
    struct kymo_err e = {0};

    (void)state;
    assert_int_equal(episodematch_compare(&overlapping, &none, 0, 0, &m, &e), KYMO_EDATA);
    assert_int_equal(episodematch_compare(&none, &backwards, 0, 0, &m, &e), KYMO_EDATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_overlap_counts), cmocka_unit_test(test_one_against_many), cmocka_unit_test(test_period), cmocka_unit_test(test_specificity),
        cmocka_unit_test(test_nothing), cmocka_unit_test(test_refuses),
    };

    return cmocka_run_group_tests_name("episodematch", tests, NULL, NULL);
}
