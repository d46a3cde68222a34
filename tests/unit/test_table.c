/* tests/unit/test_table.c - tables in all forms: quoting, empty cells, numbers, alignment; JSON is parsed back. */
#include "support.h"

#include "lib/json.h"
#include "lib/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct kymo_column columns[] = {{"name", 0}, {"n", 0}, {"x_mv", 3}, {"t_s", 9}};

struct printer {
    struct kymo_output *out;
    struct kymo_table *table;
    struct kymo_err e;
};

static struct printer print_as(enum kymo_table_form form)
{
    struct printer p = {.e = {0}};

    p.out = kymo_output_memory(&p.e);
    p.table = kymo_table_create(p.out, form, columns, COUNT_OF(columns), &p.e);
    assert_non_null(p.table);
    return p;
}

static void row(struct printer *p, const char *name, int64_t n, double x, int64_t t)
{
    kymo_cell_text(p->table, name);
    kymo_cell_int(p->table, n);
    kymo_cell_real(p->table, x);
    kymo_cell_seconds(p->table, t);
    assert_int_equal(kymo_row_end(p->table, &p->e), 0);
}

/* What was printed, terminated; for the caller to free. */
static char *printed(struct printer *p)
{
    size_t n;

    assert_int_equal(kymo_table_finish(p->table, &p->e), 0);
    const unsigned char *bytes = kymo_output_bytes(p->out, &n);
    char *text = strndup((const char *)bytes, n);
    kymo_table_destroy(p->table);
    kymo_output_destroy(p->out);
    return text;
}

static void assert_printed(struct printer *p, const char *wanted)
{
    char *text = printed(p);

    assert_string_equal(text, wanted);
    free(text);
}

static void csv_quotes_what_needs_it(void **state)
{
    struct printer p = print_as(KYMO_CSV);
    (void)state;

    row(&p, "plain", 1, 0.5, 1500000000);
    row(&p, "a,b", -2, -0.25, 0);
    row(&p, "say \"hi\"", INT64_MIN, 1e9, -1);
    row(&p, "\"", 0, 0, 0);
    row(&p, "two\nlines", 0, 0, 0);
    row(&p, " led by a blank", 0, 0, 0);
    row(&p, "ended by one ", 0, 0, 0);
    assert_printed(&p, "name,n,x_mv,t_s\nplain,1,0.5,1.5\n\"a,b\",-2,-0.25,0\n"
                       "\"say \"\"hi\"\"\",-9223372036854775808,1000000000,-0.000000001\n\"\"\"\",0,0,0\n"
                       "\"two\nlines\",0,0,0\n\" led by a blank\",0,0,0\n\"ended by one \",0,0,0\n");
}

/* A tab in a text would make one cell more, and the mnemonic of a note is a quote. */
static void tsv_quotes_what_needs_it(void **state)
{
    struct printer p = print_as(KYMO_TSV);
    (void)state;

    row(&p, "a,b", 1, 2, 3);
    row(&p, "a\tb", 0, 0, 0);
    row(&p, "\"", 0, 0, 0);
    assert_printed(&p, "name\tn\tx_mv\tt_s\na,b\t1\t2\t0.000000003\n\"a\tb\"\t0\t0\t0\n\"\"\"\"\t0\t0\t0\n");
}

static void cells_without_a_value_are_empty(void **state)
{
    struct printer p = print_as(KYMO_CSV);
    (void)state;

    row(&p, NULL, 0, (double)NAN, 0);
    row(&p, "", 0, (double)INFINITY, 0);
    kymo_cell_none(p.table);
    assert_int_equal(kymo_row_end(p.table, &p.e), 0);   /* cells that are missing too */
    assert_printed(&p, "name,n,x_mv,t_s\n,0,,0\n,0,,0\n,,,\n");
}

static void reals_have_their_decimals_and_no_idle_zeros(void **state)
{
    struct printer p = print_as(KYMO_CSV);
    (void)state;

    row(&p, "a", 0, 1.23456, 0);
    row(&p, "a", 0, 100, 0);
    row(&p, "a", 0, -0.0001, 0);
    row(&p, "a", 0, 0.9999, 0);
    row(&p, "a", 0, 1e20, 0);
    assert_printed(&p, "name,n,x_mv,t_s\na,0,1.235,0\na,0,100,0\na,0,0,0\na,0,1,0\na,0,100000000000000000000,0\n");
}

static void digits_that_count_are_kept_without_an_exponent(void **state)
{
    struct printer p = print_as(KYMO_CSV);
    (void)state;

    kymo_cell_text(p.table, "a");
    kymo_cell_digits(p.table, 1234567.8, 3);
    kymo_cell_digits(p.table, -0.000012345678, 4);
    kymo_cell_digits(p.table, 0, 9);
    assert_int_equal(kymo_row_end(p.table, &p.e), 0);
    kymo_cell_text(p.table, "a");
    kymo_cell_digits(p.table, 99.9996, 5);
    kymo_cell_digits(p.table, (double)NAN, 5);
    kymo_cell_digits(p.table, 2.5e-310, 2);
    assert_int_equal(kymo_row_end(p.table, &p.e), 0);
    char *const text = printed(&p), *const tail = strrchr(text, ',');
    assert_int_equal(strlen(tail), 1 + 2 + 311 + 1);   /* "0." and 311 digits */
    assert_string_equal(tail + 1 + 2 + 309, "25\n");
    memcpy(tail, "\n", 2);
    assert_string_equal(text, "name,n,x_mv,t_s\na,1234568,-0.00001235,0\na,100,\n");
    free(text);
}

static void numbers_stay_as_they_are_written(void **state)
{
    struct printer csv = print_as(KYMO_CSV), json = print_as(KYMO_JSONL);
    struct printer *const both[] = {&csv, &json};
    (void)state;

    for (size_t i = 0; i < 2; i++) {
        kymo_cell_number(both[i]->table, "1.50");
        kymo_cell_number(both[i]->table, "");
        kymo_cell_number(both[i]->table, "-3e2");
        kymo_cell_number(both[i]->table, "NA");
        assert_int_equal(kymo_row_end(both[i]->table, &both[i]->e), 0);
    }
    assert_printed(&csv, "name,n,x_mv,t_s\n1.50,,-3e2,NA\n");
    assert_printed(&json, "{\"name\":1.5,\"n\":null,\"x_mv\":-300.0,\"t_s\":\"NA\"}\n");
}

static void a_table_without_rows_still_names_its_columns(void **state)
{
    struct printer csv = print_as(KYMO_CSV), text = print_as(KYMO_TEXT), json = print_as(KYMO_JSON),
        jsonl = print_as(KYMO_JSONL);
    (void)state;

    assert_printed(&csv, "name,n,x_mv,t_s\n");
    assert_printed(&text, "name  n  x_mv  t_s\n");
    assert_printed(&json, "[]\n");
    assert_printed(&jsonl, "");
}

static void text_is_aligned_by_characters(void **state)
{
    struct printer p = print_as(KYMO_TEXT);
    (void)state;

    row(&p, "\xc2\xb5V", 7, 1.5, 0);
    row(&p, "long name", 12345, -10, KYMO_NS_PER_S);
    row(&p, NULL, 1, (double)NAN, 0);
    assert_printed(&p, "name           n  x_mv  t_s\n"
                       "\xc2\xb5V             7   1.5    0\n"
                       "long name  12345   -10    1\n"
                       "               1          0\n");
}

static void a_single_wide_row_of_text_stands_upright(void **state)
{
    char wide[200], want[300];
    (void)state;

    memset(wide, 'w', sizeof wide - 1);
    wide[sizeof wide - 1] = '\0';
    snprintf(want, sizeof want, "name  %s\nn     7\nx_mv\nt_s   0\n", wide);
    struct printer one = print_as(KYMO_TEXT), two = print_as(KYMO_TEXT);
    row(&one, wide, 7, (double)NAN, 0);
    assert_printed(&one, want);
    row(&two, wide, 7, (double)NAN, 0);
    row(&two, "", 7, (double)NAN, 0);
    char *text = printed(&two);
    assert_non_null(strstr(text, "  n  x_mv  t_s\n"));
    free(text);
}

static void text_beyond_the_aligned_rows_goes_on(void **state)
{
    struct printer p = print_as(KYMO_TEXT);
    size_t lines = 0;
    (void)state;

    for (int i = 0; i < 2500; i++)
        row(&p, i < 2000 ? "a" : "much wider than before", i, i, i);
    char *text = printed(&p);
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    assert_int_equal(lines, 2501);
    assert_non_null(strstr(text, "\nmuch wider than before  2499  2499  0.000002499\n"));
    free(text);
}

static void check_json_row(const json_t *o)
{
    assert_int_equal(json_object_size(o), COUNT_OF(columns));
    assert_string_equal(json_string_value(json_object_get(o, "name")), "a \"b\"\\\n\xc3\xa9");
    assert_int_equal(json_integer_value(json_object_get(o, "n")), INT64_MAX);
    assert_true(json_number_value(json_object_get(o, "x_mv")) == 0.1);
    assert_true(json_is_null(json_object_get(o, "t_s")));
}

static void json_row(struct printer *p)
{
    kymo_cell_text(p->table, "a \"b\"\\\n\xc3\xa9");
    kymo_cell_int(p->table, INT64_MAX);
    kymo_cell_real(p->table, 0.1);
    kymo_cell_none(p->table);
    assert_int_equal(kymo_row_end(p->table, &p->e), 0);
}

static void json_parses_back(void **state)
{
    struct printer p = print_as(KYMO_JSON);
    (void)state;

    for (int i = 0; i < 3; i++)
        json_row(&p);
    char *text = printed(&p);
    json_t *a = json_loads(text, 0, NULL);
    assert_int_equal(json_array_size(a), 3);
    for (size_t i = 0; i < 3; i++)
        check_json_row(json_array_get(a, i));
    json_decref(a);
    free(text);
}

static void json_lines_parse_back_one_by_one(void **state)
{
    struct printer p = print_as(KYMO_JSONL);
    char *rest = NULL;
    int n = 0;
    (void)state;

    for (int i = 0; i < 3; i++)
        json_row(&p);
    char *text = printed(&p);
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest), n++) {
        json_t *o = json_loads(line, 0, NULL);
        check_json_row(o);
        json_decref(o);
    }
    assert_int_equal(n, 3);
    free(text);
}

static void json_takes_names_that_are_not_utf8(void **state)
{
    struct printer p = print_as(KYMO_JSON);
    (void)state;

    row(&p, "caf\xe9", 0, 0, 0);
    char *text = printed(&p);
    assert_non_null(strstr(text, "caf\xc3\xa9"));
    free(text);
}

static void numbers_are_json_numbers_whatever_their_size(void **state)
{
    struct printer p = print_as(KYMO_JSON);
    (void)state;

    row(&p, "x", 0, 1e70, 0);
    row(&p, "x", 0, -1.7e308, 0);
    char *text = printed(&p);
    json_t *a = json_loads(text, 0, NULL);
    assert_true(json_number_value(json_object_get(json_array_get(a, 0), "x_mv")) == 1e70);
    assert_true(json_number_value(json_object_get(json_array_get(a, 1), "x_mv")) == -1.7e308);
    json_decref(a);
    free(text);
}

static void a_full_disk_is_an_error(void **state)
{
    struct kymo_err e = {0};
    struct kymo_output *out = kymo_output_open("/dev/full", &e);
    struct kymo_table *t = kymo_table_create(out, KYMO_CSV, columns, COUNT_OF(columns), &e);
    int rc = 0;
    (void)state;

    for (int i = 0; rc == 0 && i < 100000; i++) {
        kymo_cell_text(t, "text");
        rc = kymo_row_end(t, &e);
    }
    assert_int_equal(rc, KYMO_EIO);
    kymo_table_destroy(t);
    kymo_output_destroy(out);
}

static void cells_beyond_the_last_column_are_dropped(void **state)
{
    struct printer p = print_as(KYMO_CSV);
    (void)state;

    for (int i = 0; i < 9; i++)
        kymo_cell_int(p.table, i);
    kymo_cell_real(p.table, 1);
    assert_int_equal(kymo_row_end(p.table, &p.e), 0);
    assert_printed(&p, "name,n,x_mv,t_s\n0,1,2,3\n");
}

static void an_unfinished_aligned_table_frees_what_it_holds(void **state)
{
    struct printer p = print_as(KYMO_TEXT);
    (void)state;

    row(&p, "held", 1, 2, 3);
    kymo_table_destroy(p.table);
    kymo_table_destroy(NULL);
    kymo_output_destroy(p.out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_quotes_what_needs_it),
        cmocka_unit_test(tsv_quotes_what_needs_it),
        cmocka_unit_test(cells_without_a_value_are_empty),
        cmocka_unit_test(reals_have_their_decimals_and_no_idle_zeros),
        cmocka_unit_test(digits_that_count_are_kept_without_an_exponent),
        cmocka_unit_test(numbers_stay_as_they_are_written),
        cmocka_unit_test(a_table_without_rows_still_names_its_columns),
        cmocka_unit_test(text_is_aligned_by_characters),
        cmocka_unit_test(a_single_wide_row_of_text_stands_upright),
        cmocka_unit_test(text_beyond_the_aligned_rows_goes_on),
        cmocka_unit_test(json_parses_back),
        cmocka_unit_test(json_lines_parse_back_one_by_one),
        cmocka_unit_test(json_takes_names_that_are_not_utf8),
        cmocka_unit_test(numbers_are_json_numbers_whatever_their_size),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(cells_beyond_the_last_column_are_dropped),
        cmocka_unit_test(an_unfinished_aligned_table_frees_what_it_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
