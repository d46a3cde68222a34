/* tests/unit/test_alarm_rule.c - rules as they are written, and what is refused, with its place. */
#include "support.h"

#include "algorithms/alarm_rule.h"

#include <string.h>

#define S INT64_C(1000000000)

static struct alarm_rule parse(const char *text)
{
    struct kymo_err e = {0};
    struct alarm_rule rule;

    if (alarm_rule_parse(text, &rule, &e) < 0)
        fail_msg("%s: %s", text, e.cause[0].msg);
    return rule;
}

static void conditions_are_told_apart(void **state)
{
    static const struct {
        const char *text, *subject, *of, *name;
        enum alarm_what what;
    } cases[] = {
        {"hr > 120", "hr", "", "hr", ALARM_VALUE},
        {"asystole", "asystole", "", "asystole", ALARM_EPISODE},
        {"no data", "", "", "no data", ALARM_NO_DATA},
        {"NO Data of \"II ECG\"", "II ECG", "", "no data", ALARM_NO_DATA},
        {"event V", "V", "", "V", ALARM_EVENT},
        {"event + (AFIB", "+", "(AFIB", "(AFIB", ALARM_EVENT},
        {"\"no\" < 3", "no", "", "no", ALARM_VALUE},
        {"\"say \"\"aah\"\"\" < 3", "say \"aah\"", "", "say \"aah\"", ALARM_VALUE},
        {"vt as \"run of V\"", "vt", "", "run of V", ALARM_EPISODE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct alarm_rule rule = parse(cases[i].text);
        assert_int_equal(rule.what, cases[i].what);
        assert_string_equal(rule.subject, cases[i].subject);
        assert_string_equal(rule.text, cases[i].of);
        assert_string_equal(rule.name, cases[i].name);
    }
}

static void limits_have_sign_number_and_unit(void **state)
{
    (void)state;
    assert_int_equal(parse("x<5").sign, ALARM_BELOW);
    assert_int_equal(parse("x <= 5").sign, ALARM_AT_MOST);
    assert_int_equal(parse("x>5").sign, ALARM_ABOVE);
    assert_int_equal(parse("x >=5").sign, ALARM_AT_LEAST);
    assert_true(parse("x < -2.5").limit == -2.5);
    assert_string_equal(parse("spo2 < 88% for 15s").unit, "%");
    assert_string_equal(parse("glucose < 54 mg/dL").unit, "mg/dL");
    assert_string_equal(parse("spo2 < 88 for 15s").unit, "");
}

static void clauses_come_in_any_order(void **state)
{
    const struct alarm_rule rule =
        parse("spo2 < 88 % refractory 1 h as desat priority high hysteresis 2.5 clear 500ms FOR 1.5min");

    (void)state;
    assert_int_equal(rule.for_ns, 90 * S);
    assert_int_equal(rule.clear_ns, S / 2);
    assert_int_equal(rule.refractory_ns, 3600 * S);
    assert_int_equal(rule.priority, ALARM_HIGH);
    assert_true(rule.hysteresis == 2.5);
    assert_string_equal(rule.name, "desat");
    assert_int_equal(parse("no data").for_ns, ALARM_NO_DATA_NS);
    assert_int_equal(parse("no data for 30").for_ns, 30 * S);
    assert_int_equal(parse("hr > 1").for_ns, 0);
    assert_int_equal(parse("hr > 1").priority, ALARM_MEDIUM);
}

static void what_is_no_rule_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text, *told;
    } cases[] = {
        {"", "expected a quantity"},
        {"hr >", "at its byte 4"},
        {"hr > fast", "expected a number, not \"fast\", at its byte 5"},
        {"hr > 120 /min soon", "expected for"},
        {"hr > 1.2.3", "expected a number"},
        {"hr > 120 for", "expected a number"},
        {"hr > 120 for 25h", "expected a time of 0..24 h"},
        {"hr > 120 for -1s", "expected a time of 0..24 h"},
        {"hr > 120 for 5s for 6s", "expected each clause once"},
        {"asystole hysteresis 3", "only of a value"},
        {"hr > 120 hysteresis -3", "0 or more"},
        {"hr > 120 priority urgent", "low, medium or high"},
        {"no signal", "expected \"no data\""},
        {"event", "expected the type"},
        {"> 3", "expected a quantity"},
        {"\"hr > 3", "between double quotes"},
        {"asystole soon", "expected for"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa > 3", "at most 63 bytes"},
        {"x > 99999999999999999999999999999999999999999999999", "expected a number"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct kymo_err e = {0};
        struct alarm_rule rule;
        assert_int_equal(alarm_rule_parse(cases[i].text, &rule, &e), KYMO_EUSAGE);
        if (!strstr(e.cause[0].msg, cases[i].told))
            fail_msg("%s: %s", cases[i].text, e.cause[0].msg);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_are_told_apart),
        cmocka_unit_test(limits_have_sign_number_and_unit),
        cmocka_unit_test(clauses_come_in_any_order),
        cmocka_unit_test(what_is_no_rule_is_refused_with_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
