/* tests/unit/test_json.c - members of JSON objects: absent, present, of the wrong type. */
#include "support.h"

#include "lib/json.h"

#include <string.h>

struct object {
    json_t *json;
    struct kymo_err e;
};

static int make_object(void **state)
{
    static struct object o;

    o = (struct object){.json = json_loads("{\"t\":\"x\",\"r\":1.5,\"i\":7,\"b\":true,\"a\":[1,2],\"n\":null}", 0, NULL)};
    *state = &o;
    return o.json ? 0 : -1;
}

static int free_object(void **state)
{
    json_decref(((struct object *)*state)->json);
    return 0;
}

static void members_of_their_type_are_read(void **state)
{
    struct object *o = *state;
    const char *text = "";
    double real = 0;
    int64_t integer = 0;
    bool flag = false;
    const json_t *array;
    size_t n;

    assert_int_equal(kymo_json_text(o->json, "t", &text, &o->e), 0);
    assert_string_equal(text, "x");
    assert_int_equal(kymo_json_real(o->json, "r", &real, &o->e), 0);
    assert_true(real == 1.5);
    assert_int_equal(kymo_json_real(o->json, "i", &real, &o->e), 0);
    assert_true(real == 7);
    assert_int_equal(kymo_json_int(o->json, "i", &integer, &o->e), 0);
    assert_int_equal(integer, 7);
    assert_int_equal(kymo_json_bool(o->json, "b", &flag, &o->e), 0);
    assert_true(flag);
    assert_int_equal(kymo_json_array(o->json, "a", &array, &n, &o->e), 0);
    assert_int_equal(n, 2);
}

static void absent_members_leave_the_value(void **state)
{
    struct object *o = *state;
    const char *text = "kept";
    int64_t integer = 5;
    const json_t *array;
    size_t n = 9;

    assert_int_equal(kymo_json_text(o->json, "?", &text, &o->e), 0);
    assert_string_equal(text, "kept");
    assert_int_equal(kymo_json_int(NULL, "?", &integer, &o->e), 0);
    assert_int_equal(integer, 5);
    assert_int_equal(kymo_json_array(o->json, "?", &array, &n, &o->e), 0);
    assert_null(array);
    assert_int_equal(n, 0);
}

static void members_of_another_type_are_named(void **state)
{
    struct object *o = *state;
    const char *text;
    double real;
    int64_t integer;
    bool flag;
    const json_t *array;
    size_t n;

    assert_int_equal(kymo_json_text(o->json, "i", &text, &o->e), KYMO_EFORMAT);
    assert_error(&o->e, KYMO_EFORMAT, "\"i\" is not a text");
    assert_int_equal(kymo_json_real(o->json, "t", &real, &o->e), KYMO_EFORMAT);
    assert_int_equal(kymo_json_int(o->json, "r", &integer, &o->e), KYMO_EFORMAT);
    assert_int_equal(kymo_json_bool(o->json, "n", &flag, &o->e), KYMO_EFORMAT);
    assert_int_equal(kymo_json_array(o->json, "t", &array, &n, &o->e), KYMO_EFORMAT);
}

static void put_takes_what_is_there_and_refuses_nothing(void **state)
{
    struct object *o = *state;

    assert_true(kymo_json_put(o->json, "new", json_integer(1)));
    assert_false(kymo_json_put(o->json, "new", NULL));
    assert_false(kymo_json_put(NULL, "new", json_integer(1)));
}

static void a_text_of_any_bytes_is_utf8(void **state)
{
    json_t *const plain = kymo_json_string("\303\244"), *const latin = kymo_json_string("a\344");

    (void)state;
    assert_string_equal(json_string_value(plain), "\303\244");
    assert_string_equal(json_string_value(latin), "a\303\244");
    json_decref(plain);
    json_decref(latin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(members_of_their_type_are_read, make_object, free_object),
        cmocka_unit_test_setup_teardown(absent_members_leave_the_value, make_object, free_object),
        cmocka_unit_test_setup_teardown(members_of_another_type_are_named, make_object, free_object),
        cmocka_unit_test_setup_teardown(put_takes_what_is_there_and_refuses_nothing, make_object, free_object),
        cmocka_unit_test(a_text_of_any_bytes_is_utf8),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
