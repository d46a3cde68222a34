/* tests/unit/test_columns.c - tables read whole: separators, quotation marks, line ends, numbers, and what is refused. */
#include "support.h"

#include "lib/columns.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct kymo_columns *read_text(const char *text, struct kymo_err *e)
{
    struct kymo_input *const in = kymo_input_memory("t.csv", text, strlen(text), e);
    struct kymo_columns *const t = kymo_columns_read(in, e);

    kymo_input_close(in);
    return t;
}

static struct kymo_columns *must_read(const char *text)
{
    struct kymo_err e = {0};
    struct kymo_columns *const t = read_text(text, &e);

    assert_non_null(t);
    return t;
}

static void refused(const char *text, const char *why)
{
    struct kymo_err e = {0};

    assert_null(read_text(text, &e));
    assert_error(&e, KYMO_EFORMAT, why);
}

static void forms_of_a_table_are_read_alike(void **state)
{
    static const char *const forms[] = {
        "a,b,c\nx,1.5,p q\ny,,\n", "a\tb\tc\nx\t1.5\tp q\ny\t\t\n", "a;b;c\nx;1.5;p q\ny;;\n", "a,b,c\r\nx,1.5,p q\r\ny,,\r\n",
        "\xef\xbb\xbf" "a,b,c\nx,1.5,p q\ny,,", "# made by\n\n#\na,b,c\n\nx,1.5,p q\n\ny,,\n\n", "\"a\",\"b\",c\n\"x\",\"1.5\",\"p q\"\ny,\"\",",
        " a , b,c \n x,1.5 , p q\ny, , \r\n", "a,b,c\r\nx,1.5,\"p q\"\r\n\r\ny,,\"\"\r",
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct kymo_columns *const t = must_read(forms[i]);
        static const char *const cells[2][3] = {{"x", "1.5", "p q"}, {"y", "", ""}};
        assert_int_equal(t->n, 3);
        assert_int_equal(t->n_rows, 2);
        assert_string_equal(t->name[0], "a");
        assert_string_equal(t->name[2], "c");
        for (size_t r = 0; r < 2; r++)
            for (size_t c = 0; c < 3; c++)
                assert_string_equal(kymo_columns_cell(t, r, c), cells[r][c]);
        assert_int_equal(kymo_columns_find(t, "b"), 1);
        assert_int_equal(kymo_columns_find(t, "d"), 3);
        kymo_columns_close(t);
    }
}

static void quotation_marks_hold_anything(void **state)
{
    struct kymo_columns *const t = must_read("\"a,1\",b\n\"x \"\"y\"\"\",\"two\nlines, \"\n z\"w , 5\" \n\" k\",\"\"\"\"\n");
    (void)state;

    assert_string_equal(t->name[0], "a,1");
    assert_string_equal(kymo_columns_cell(t, 0, 0), "x \"y\"");
    assert_string_equal(kymo_columns_cell(t, 0, 1), "two\nlines, ");
    assert_string_equal(kymo_columns_cell(t, 1, 0), "z\"w");
    assert_string_equal(kymo_columns_cell(t, 1, 1), "5\"");
    assert_string_equal(kymo_columns_cell(t, 2, 0), " k");
    assert_string_equal(kymo_columns_cell(t, 2, 1), "\"");
    assert_int_equal(kymo_columns_line(t, 0), 2);
    assert_int_equal(kymo_columns_line(t, 1), 4);   /* the row before has two lines */
    kymo_columns_close(t);
}

static void columns_without_a_name_get_one(void **state)
{
    struct kymo_columns *const t = must_read(",a,\n0,1,2\n");
    (void)state;

    assert_string_equal(t->name[0], "column_1");
    assert_string_equal(t->name[2], "column_3");
    assert_string_equal(t->input, "t.csv");
    kymo_columns_close(t);
}

static void numbers_are_found_and_the_rest_counted(void **state)
{
    struct kymo_columns *const t = must_read("x;y\n1;a\n-2.5e3;NA\n1,25;\n;\nnan;1.234,5\n0x10;1,2,3\n inf;\n\" 7 \";\n");
    double x[8];
    const struct kymo_columns_count c = kymo_columns_numbers(t, 0, x), d = kymo_columns_numbers(t, 1, NULL);
    (void)state;

    assert_int_equal(c.numbers, 4);
    assert_int_equal(c.missing, 2);
    assert_int_equal(c.others, 2);
    assert_int_equal(c.commas, 1);
    assert_int_equal(c.first_other, 5);
    assert_true(x[0] == 1 && x[1] == -2500 && x[2] == 1.25 && isnan(x[3]) && isnan(x[4]) && isnan(x[5]) && isnan(x[6]) && x[7] == 7);
    assert_int_equal(d.numbers, 0);
    assert_int_equal(d.others, 3);
    assert_int_equal(d.first_other, 0);
    kymo_columns_close(t);
}

static void what_is_no_table_is_refused(void **state)
{
    (void)state;

    refused("", "nothing in it");
    refused("\n\n# x", "t.csv:3: no line of column names");
    refused("a,b\n1,2\n1\n", "t.csv:3: 1 cells, where the line of names has 2");
    refused("a,b\n1,2,3\n", "t.csv:2: 3 cells");
    refused("a,b\n1,2,\n", "t.csv:2: 3 cells");
    refused("a,b,a\n", "two columns are called \"a\"");
    refused("a,b\n\n\"x,1\n2,3\n", "t.csv:3: quotation marks that do not close");
    refused("a,b\n\"x\"y,1\n", "t.csv:2: text behind closing quotation marks");
    struct kymo_err e = {0};
    struct kymo_input *const in = kymo_input_memory("t.csv", "a,b\n1\0,2\n", 9, &e);
    assert_null(kymo_columns_read(in, &e));
    assert_error(&e, KYMO_EFORMAT, "t.csv:2: a byte of zero");
    kymo_input_close(in);
}

/* More rows than are asked for ahead, and than fit at first. */
static void many_rows_keep_their_places(void **state)
{
    enum { ROWS = 3000 };
    struct bytes b = {0};
    double x[ROWS];
    char line[64];
    (void)state;

    put_text(&b, "i,square,word\n");
    for (int i = 0; i < ROWS; i++) {
        snprintf(line, sizeof line, "%d,%d,w%d\n", i, i * i, i);
        put_text(&b, line);
    }
    put_bytes(&b, "", 1);
    struct kymo_columns *const t = must_read((const char *)b.p);
    assert_int_equal(t->n_rows, ROWS);
    assert_int_equal(kymo_columns_numbers(t, 1, x).numbers, ROWS);
    for (int i = 0; i < ROWS; i++) {
        snprintf(line, sizeof line, "w%d", i);
        assert_true(x[i] == i * i);
        assert_string_equal(kymo_columns_cell(t, (size_t)i, 2), line);
        assert_int_equal(kymo_columns_line(t, (size_t)i), i + 2);
    }
    kymo_columns_close(t);
    bytes_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_a_table_are_read_alike),
        cmocka_unit_test(quotation_marks_hold_anything),
        cmocka_unit_test(columns_without_a_name_get_one),
        cmocka_unit_test(numbers_are_found_and_the_rest_counted),
        cmocka_unit_test(what_is_no_table_is_refused),
        cmocka_unit_test(many_rows_keep_their_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
