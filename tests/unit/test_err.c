/* tests/unit/test_err.c - chains of causes: order, room, cleaning, cutting. */
#include "support.h"

#include <string.h>

static void chain_prints_outermost_first(void **state)
{
    struct kymo_err e = {0};
    char text[200];
    (void)state;

    assert_int_equal(kymo_fail_at(&e, KYMO_EFORMAT, "a.edf", 236, "%d data records", -3), KYMO_EFORMAT);
    assert_int_equal(kymo_during(&e, "cannot open"), KYMO_EFORMAT);
    kymo_err_text(&e, 0, text, sizeof text);
    assert_string_equal(text, "cannot open: a.edf:236: -3 data records");
}

static void input_without_offset_has_no_number(void **state)
{
    struct kymo_err e = {0};
    char text[200];
    (void)state;

    kymo_fail_at(&e, KYMO_EIO, "x", -1, "no such file");
    kymo_err_text(&e, 0, text, sizeof text);
    assert_string_equal(text, "x: no such file");
}

static void source_is_named_on_demand(void **state)
{
    struct kymo_err e = {0};
    char text[200];
    (void)state;

    kymo_fail(&e, KYMO_EDATA, "odd");
    kymo_err_text(&e, 1, text, sizeof text);
    assert_non_null(strstr(text, "odd [tests/unit/test_err.c:"));
}

static void control_characters_do_not_reach_the_terminal(void **state)
{
    struct kymo_err e = {0};
    char text[200];
    (void)state;

    kymo_fail_at(&e, KYMO_EFORMAT, "a\nb", 1, "label \"\x1b[2J\x7f\"");
    kymo_err_text(&e, 0, text, sizeof text);
    assert_string_equal(text, "a?b:1: label \"?[2J?\"");
}

static void full_chain_keeps_root_and_outermost(void **state)
{
    struct kymo_err e = {0};
    (void)state;

    for (int i = 0; i < 20; i++)
        kymo_fail(&e, KYMO_EDATA, "cause %d", i);
    assert_int_equal(e.n, COUNT_OF(e.cause));
    assert_string_equal(e.cause[0].msg, "cause 0");
    assert_string_equal(e.cause[e.n - 1].msg, "cause 19");
}

static void text_is_cut_and_terminated(void **state)
{
    struct kymo_err e = {0};
    char text[12] = "###########", nothing = '#';
    (void)state;

    kymo_fail_at(&e, KYMO_EIO, "a long file name", 123456, "a message");
    for (size_t cap = 1; cap <= sizeof text; cap++) {
        kymo_err_text(&e, 1, text, cap);
        assert_int_equal(strlen(text), cap - 1);
    }
    kymo_err_text(&e, 1, &nothing, 0);
    assert_int_equal(nothing, '#');
}

static void long_names_and_messages_are_cut(void **state)
{
    struct kymo_err e = {0};
    char name[1000];
    (void)state;

    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    kymo_fail_at(&e, KYMO_EIO, name, 1, "%s", name);
    assert_int_equal(strlen(e.cause[0].input), sizeof e.cause[0].input - 1);
    assert_int_equal(strlen(e.cause[0].msg), sizeof e.cause[0].msg - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chain_prints_outermost_first),
        cmocka_unit_test(input_without_offset_has_no_number),
        cmocka_unit_test(source_is_named_on_demand),
        cmocka_unit_test(control_characters_do_not_reach_the_terminal),
        cmocka_unit_test(full_chain_keeps_root_and_outermost),
        cmocka_unit_test(text_is_cut_and_terminated),
        cmocka_unit_test(long_names_and_messages_are_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
