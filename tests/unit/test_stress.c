/* tests/unit/test_stress.c - algorithms/stress.h. */
#include "algorithms/stress.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const struct stress_course course = {.clean_ns = 100, .on_ns = 20, .period_ns = 50};
static const struct stress_course lasting = {.clean_ns = 100, .on_ns = 20, .period_ns = 20};

/* Between two changes nothing changes, at each of them it does. */
static void noise_is_on_between_its_changes(void **state)
{
    (void)state;
    int64_t change = 0;
    for (int64_t ns = 0; ns < 1000; ns++) {
        change += ns == stress_change_ns(&course, change);
        assert_int_equal(stress_is_on(&course, ns), change % 2 == 1);
        assert_int_equal(stress_is_on(&lasting, ns), ns >= 100);
    }
    assert_int_equal(change, 36);   /* 900 of 50, two in each */
    assert_false(stress_lasts(&course));
    assert_true(stress_lasts(&lasting));
}

/* From any time on, the first change that is told is the last coming on if noise is on, else the next one. */
static void a_course_can_be_joined(void **state)
{
    (void)state;
    for (int64_t ns = 0; ns < 1000; ns++) {
        const int64_t change = stress_change_at(&course, ns), at_ns = stress_change_ns(&course, change);
        assert_int_equal(change % 2, 0);
        assert_true(stress_is_on(&course, ns) ? at_ns <= ns && ns < at_ns + 20 : at_ns > ns && at_ns <= ns + 100);
        assert_int_equal(stress_change_at(&lasting, ns), 0);
    }
}

/* Noise that is on from the start is itself but for a constant; a step of what is added is never larger than one of the
 * noise; while it is off nothing moves. */
static void noise_comes_and_goes_without_a_step(void **state)
{
    struct stress_mix mix = {.gain = 3};
    double noise = 100, added = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        const bool on = i % 70 >= 40;
        const double next = 100 + 10 * sin(i * 0.7), now = stress_mix_next(&mix, next, on);
        assert_true(fabs(now - added - (on && i > 0 ? 3 * (next - noise) : 0)) < 1e-9);   /* rounding of numbers below 1000 */
        noise = next;
        added = now;
    }
    assert_true(stress_mix_next(&(struct stress_mix){.gain = 3}, 100, true) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_on_between_its_changes), cmocka_unit_test(a_course_can_be_joined),
        cmocka_unit_test(noise_comes_and_goes_without_a_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
