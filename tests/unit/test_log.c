/* tests/unit/test_log.c - warnings: told once, with their place; failures where the log is strict. */
#include "support.h"

static void warning_names_its_place(void **state)
{
    struct warnings w = {0};
    struct kymo_err e = {0};
    const struct kymo_log log = log_to(&w, false);
    (void)state;

    assert_int_equal(kymo_warn(&log, &e, "a.edf", 12, "%d bytes", 3), 0);
    assert_int_equal(w.n, 1);
    assert_string_equal(w.text[0], "a.edf:12: 3 bytes");
    assert_int_equal(e.n, 0);
}

static void strict_log_turns_it_into_an_error(void **state)
{
    struct warnings w = {0};
    struct kymo_err e = {0};
    const struct kymo_log log = log_to(&w, true);
    (void)state;

    assert_int_equal(kymo_warn(&log, &e, "a.edf", 12, "odd"), KYMO_EDATA);
    assert_error(&e, KYMO_EDATA, "a.edf:12: odd");
    assert_int_equal(w.n, 0);
}

static void nobody_need_listen(void **state)
{
    struct kymo_err e = {0};
    const struct kymo_log log = {.strict = false};
    (void)state;

    assert_int_equal(kymo_warn(&log, &e, "a", -1, "odd"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(warning_names_its_place),
        cmocka_unit_test(strict_log_turns_it_into_an_error),
        cmocka_unit_test(nobody_need_listen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
