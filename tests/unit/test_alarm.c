/* tests/unit/test_alarm.c - when an alarm begins and ends, for values and times made by hand. */
#include "support.h"

#include "algorithms/alarm.h"

#include <math.h>

#define S INT64_C(1000000000)
#define MOST 16

struct change {
    enum alarm_change what;
    int64_t at_s;
};

static void settle(struct alarm *a, int64_t ns, struct change *got, size_t *n)
{
    int64_t at_ns;
    enum alarm_change c;

    while ((c = alarm_clock(a, ns, &at_ns)) != ALARM_NO_CHANGE) {
        assert_true(*n < MOST);
        got[(*n)++] = (struct change){c, at_ns / S};
    }
}

/* x[n], one a second, to the rule; the clock is looked at STEPS times in each second. */
static size_t run(const char *text, const double *x, size_t n, int steps, struct change got[MOST])
{
    struct kymo_err e = {0};
    struct alarm_rule rule;
    struct alarm a;
    size_t n_got = 0;

    assert_int_equal(alarm_rule_parse(text, &rule, &e), 0);
    alarm_init(&a, &rule);
    for (size_t i = 0; i < n; i++) {
        const int64_t ns = (int64_t)i * S;
        settle(&a, ns, got, &n_got);
        alarm_see(&a, ns, alarm_judge(&rule, x[i]));
        for (int k = 0; k < steps; k++)
            settle(&a, ns + k * S / steps, got, &n_got);
    }
    return n_got;
}

static void check(const char *text, const double *x, size_t n, const struct change *want, size_t n_want)
{
    for (int steps = 1; steps < 5; steps++) {
        struct change got[MOST];
        const size_t n_got = run(text, x, n, steps, got);
        if (n_got != n_want)
            fail_msg("%s: %zu changes, not %zu", text, n_got, n_want);
        for (size_t i = 0; i < n_got; i++)
            if (got[i].what != want[i].what || got[i].at_s != want[i].at_s)
                fail_msg("%s: change %zu is %d at %lld s", text, i, got[i].what, (long long)got[i].at_s);
    }
}

#define CHECK(text, x, ...) \
    check(text, x, COUNT_OF(x), (const struct change[]){__VA_ARGS__}, \
          sizeof (const struct change[]){__VA_ARGS__} / sizeof(struct change))

static void limits_are_limits(void **state)
{
    struct kymo_err e = {0};
    struct alarm_rule rule;
    static const struct {
        const char *text;
        enum alarm_truth below, at, between, above;   /* at 4, 5, 6, 8 */
    } cases[] = {
        {"x < 5", ALARM_HOLDS, ALARM_NOT, ALARM_NOT, ALARM_NOT},
        {"x <= 5", ALARM_HOLDS, ALARM_HOLDS, ALARM_NOT, ALARM_NOT},
        {"x > 5", ALARM_NOT, ALARM_NOT, ALARM_HOLDS, ALARM_HOLDS},
        {"x >= 5", ALARM_NOT, ALARM_HOLDS, ALARM_HOLDS, ALARM_HOLDS},
        {"x < 5 hysteresis 2", ALARM_HOLDS, ALARM_BETWEEN, ALARM_BETWEEN, ALARM_NOT},
        {"x > 7 hysteresis 2", ALARM_NOT, ALARM_NOT, ALARM_BETWEEN, ALARM_HOLDS},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(alarm_rule_parse(cases[i].text, &rule, &e), 0);
        assert_int_equal(alarm_judge(&rule, 4), cases[i].below);
        assert_int_equal(alarm_judge(&rule, 5), cases[i].at);
        assert_int_equal(alarm_judge(&rule, 6), cases[i].between);
        assert_int_equal(alarm_judge(&rule, 8), cases[i].above);
        assert_int_equal(alarm_judge(&rule, NAN), ALARM_UNKNOWN);
    }
}

static void an_alarm_waits_for_its_time(void **state)
{
    static const double x[] = {1, 9, 9, 1, 9, 9, 9, 9, 1, 1};

    (void)state;
    CHECK("x > 5", x, {ALARM_ON, 1}, {ALARM_OFF, 3}, {ALARM_ON, 4}, {ALARM_OFF, 8});
    CHECK("x > 5 for 3s", x, {ALARM_ON, 7}, {ALARM_OFF, 8});
    CHECK("x > 5 for 4s", x, {ALARM_ON, 8}, {ALARM_OFF, 8});   /* it held till the moment that ended it */
    assert_int_equal(run("x > 5 for 5s", x, COUNT_OF(x), 1, (struct change[MOST]){{0}}), 0);
}

static void a_missing_value_breaks_a_wait_and_ends_nothing(void **state)
{
    static const double x[] = {9, 9, NAN, 9, 9, 9, 9, NAN, NAN, 1};

    (void)state;
    CHECK("x > 5 for 3s", x, {ALARM_ON, 6}, {ALARM_OFF, 9});
}

static void hysteresis_and_clear_hold_an_alarm(void **state)
{
    static const double x[] = {9, 6, 9, 4, 9, 4, 4, 4, 6, 4};

    (void)state;
    CHECK("x > 7", x, {ALARM_ON, 0}, {ALARM_OFF, 1}, {ALARM_ON, 2}, {ALARM_OFF, 3}, {ALARM_ON, 4}, {ALARM_OFF, 5});
    CHECK("x > 7 hysteresis 2", x, {ALARM_ON, 0}, {ALARM_OFF, 3}, {ALARM_ON, 4}, {ALARM_OFF, 5});
    CHECK("x > 7 hysteresis 2 clear 2s", x, {ALARM_ON, 0}, {ALARM_OFF, 7});
}

static void another_does_not_begin_too_soon(void **state)
{
    static const double x[] = {9, 1, 9, 1, 9, 9, 9, 1, 9, 1};

    (void)state;
    CHECK("x > 5 refractory 6s", x, {ALARM_ON, 0}, {ALARM_OFF, 1}, {ALARM_ON, 6}, {ALARM_OFF, 7});
    CHECK("x > 5 refractory 8s", x, {ALARM_ON, 0}, {ALARM_OFF, 1}, {ALARM_ON, 8}, {ALARM_OFF, 9});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_limits),
        cmocka_unit_test(an_alarm_waits_for_its_time),
        cmocka_unit_test(a_missing_value_breaks_a_wait_and_ends_nothing),
        cmocka_unit_test(hysteresis_and_clear_hold_an_alarm),
        cmocka_unit_test(another_does_not_begin_too_soon),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
