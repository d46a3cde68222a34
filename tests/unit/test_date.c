/* tests/unit/test_date.c - dates counted in days, against the C library's. */
#include "support.h"

#include "lib/date.h"

#include <time.h>

static void days_are_those_of_timegm(void **state)
{
    (void)state;
    for (int64_t day = -719162; day < 200000; day += 17) {   /* from the year 1 to 2517 */
        const time_t t = (time_t)(day * 86400);
        struct tm tm;
        struct kymo_start s = {.has_date = true, .time_ns = 7};
        gmtime_r(&t, &tm);
        kymo_set_days(&s, day);
        assert_int_equal(s.year, tm.tm_year + 1900);
        assert_int_equal(s.month, tm.tm_mon + 1);
        assert_int_equal(s.day, tm.tm_mday);
        assert_int_equal(s.time_ns, 7);
        assert_int_equal(kymo_days_of(s.year, s.month, s.day), day);
    }
}

static void only_days_that_the_calendar_has_are_dates(void **state)
{
    (void)state;
    assert_true(kymo_is_date(2024, 2, 29) && kymo_is_date(2000, 2, 29) && kymo_is_date(1, 1, 1) && kymo_is_date(9999, 12, 31));
    assert_false(kymo_is_date(2023, 2, 29) || kymo_is_date(1900, 2, 29) || kymo_is_date(2020, 4, 31));
    assert_false(kymo_is_date(2020, 1, 0));
    assert_false(kymo_is_date(2020, 13, 1) || kymo_is_date(2020, 0, 1) || kymo_is_date(0, 1, 1) || kymo_is_date(10000, 1, 1));
    assert_false(kymo_is_date(INT64_MAX, 1, 1) || kymo_is_date(2020, INT64_MIN, 1) || kymo_is_date(2020, 1, INT64_MAX));
}

static void a_start_moves_over_midnight_both_ways(void **state)
{
    struct kymo_start s = {.has_date = true, .has_time = true, .year = 2000, .month = 2, .day = 28,
                           .time_ns = 86399 * KYMO_NS_PER_S};
    (void)state;

    kymo_move_start(&s, KYMO_NS_PER_S);
    assert_int_equal(s.day, 29);
    assert_int_equal(s.time_ns, 0);
    kymo_move_start(&s, -1);
    assert_int_equal(s.day, 28);
    assert_int_equal(s.time_ns, 86400 * KYMO_NS_PER_S - 1);
    kymo_move_start(&s, -59 * 86400 * KYMO_NS_PER_S);
    assert_int_equal(s.year, 1999);
    assert_int_equal(s.month, 12);
    assert_int_equal(s.day, 31);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_those_of_timegm),
        cmocka_unit_test(only_days_that_the_calendar_has_are_dates),
        cmocka_unit_test(a_start_moves_over_midnight_both_ways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
