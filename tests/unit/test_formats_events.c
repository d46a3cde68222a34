/* tests/unit/test_formats_events.c - tables of events read back: cells, quotes, what is wrong and in which line. */
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct taken read_table(const char *text)
{
    struct bytes b = {0};
    struct kymo_err e = {0};
    struct taken t;

    put_text(&b, text);
    if (read_bytes(&b, "x.csv", NULL, &t, &e) < 0)
        assert_error(&e, 0, "no error at all");
    bytes_free(&b);
    return t;
}

static void every_column_is_read(void **state)
{
    struct taken t = read_table("time_s,sample,signal,type,duration_s,value,text,extra\n"
                                "1.5,540,MLII,V,0.25,-0.125,\"say \"\"hi\"\", you\",ignored\n");
    const struct kymo_event *ev = t.event;
    (void)state;

    assert_int_equal(t.n_events, 1);
    assert_int_equal(ev->time_ns, 1500000000);
    assert_int_equal(ev->sample, 540);
    assert_string_equal(ev->type, "V");
    assert_int_equal(ev->duration_ns, 250000000);
    assert_true(ev->value == -0.125);
    assert_string_equal(ev->text, "say \"hi\", you");
    assert_int_equal(ev->signal, -1);
    assert_string_equal(t.hdr.track[0], "events");
    assert_int_equal(t.hdr.n_signals, 0);
    taken_free(&t);
}

static void empty_cells_say_nothing(void **state)
{
    struct taken t = read_table("time_s,sample,type,duration_s,value,text\n-2,,,,,\n");
    (void)state;

    assert_int_equal(t.event->time_ns, -2 * KYMO_NS_PER_S);
    assert_true(t.event->sample == KYMO_UNKNOWN && t.event->duration_ns == 0 && isnan(t.event->value));
    assert_string_equal(t.event->type, "");
    assert_string_equal(t.event->text, "");
    taken_free(&t);
}

static void any_order_of_columns_and_tabs_will_do(void **state)
{
    struct taken t = read_table("time_s\ttext\ttype\r\n1\ta,b\tN\r\n\n2\t\"\"\"\"\t\"\"\"\"\n");
    (void)state;

    assert_int_equal(t.n_events, 2);
    assert_string_equal(t.event[0].text, "a,b");
    assert_string_equal(t.event[0].type, "N");
    assert_string_equal(t.event[1].type, "note");
    assert_string_equal(t.event[1].text, "\"");
    taken_free(&t);
}

static void a_table_without_rows_has_no_events(void **state)
{
    struct taken t = read_table("time_s,type\n");
    (void)state;

    assert_int_equal(t.n_events, 0);
    taken_free(&t);
}

static void more_events_than_a_block_come_all(void **state)
{
    struct bytes b = {0};
    struct kymo_err e = {0};
    struct taken t;
    char line[32];
    (void)state;

    put_text(&b, "time_s,type\n");
    for (int i = 0; i < 5000; i++) {
        snprintf(line, sizeof line, "%d.25,N\n", i);
        put_text(&b, line);
    }
    assert_int_equal(read_bytes(&b, "x.csv", NULL, &t, &e), 0);
    assert_int_equal(t.n_events, 5000);
    assert_int_equal(t.event[4999].time_ns, 4999250000000);
    taken_free(&t);
    bytes_free(&b);
}

static void assert_wrong(const char *rows, int code, const char *part)
{
    struct bytes b = {0};
    struct kymo_err e = {0};
    struct taken t;

    put_text(&b, "time_s,sample,type,duration_s,value,text\n");
    put_text(&b, rows);
    assert_int_equal(read_bytes(&b, "x.csv", NULL, &t, &e), code);
    assert_error(&e, code, part);
    taken_free(&t);
    bytes_free(&b);
}

static void what_is_wrong_is_named_with_its_line(void **state)
{
    (void)state;
    assert_wrong("1,,N,,,\nabc,,N,,,\n", KYMO_EFORMAT, "x.csv:3: time_s is no number of seconds: \"abc\"");
    assert_wrong("1,x,N,,,\n", KYMO_EFORMAT, "x.csv:2: sample is no integer: \"x\"");
    assert_wrong("1,,N,x,,\n", KYMO_EFORMAT, "duration_s is no number");
    assert_wrong("1,,N,,x,\n", KYMO_EFORMAT, "value is no number");
    assert_wrong("1,,0123456789abcdef,,,\n", KYMO_EFORMAT, "type is longer than 15 bytes");
    assert_wrong("1,,N,,\n", KYMO_EFORMAT, "x.csv:2: fewer cells than the 6 columns");
    assert_wrong("1,,N,,,,\n", KYMO_EFORMAT, "x.csv:2: more cells than the 6 columns");
    assert_wrong(",,N,,,\n", KYMO_EFORMAT, "no time in an event of type \"N\"");
    assert_wrong("1,,error,,,disk full\n", KYMO_EDATA, "whoever made this table failed: disk full");
    assert_wrong("9999999999,,N,,,\n", KYMO_EFORMAT, "time_s is no number");
}

static void a_cut_table_is_noticed(void **state)
{
    (void)state;
    assert_wrong("1,,N,,,a\n2,,N,,,b", KYMO_EFORMAT, "x.csv:3: the last line is cut off");
    assert_wrong("1,,N,", KYMO_EFORMAT, "the last line is cut off");
}

static void open_quotes_are_refused(void **state)
{
    (void)state;
    assert_wrong("1,,N,,,\"abc\n", KYMO_EFORMAT, "a quote is not closed");
    assert_wrong("1,,N,,,\"\n", KYMO_EFORMAT, "a quote is not closed");
    assert_wrong("1,,N,,,\"abc\"\"\n", KYMO_EFORMAT, "a quote is not closed");
    assert_wrong("1,,N,,,\"abc\"d\n", KYMO_EFORMAT, "a quote is not closed");
}

static void a_line_longer_than_its_room_is_refused(void **state)
{
    (void)state;
    for (size_t n = 65500; n < 140000; n += 9000) {
        char *text = calloc(1, n + 20);
        memcpy(text, "1,,N,,,", 7);
        memset(text + 7, 'x', n);
        text[n + 7] = '\n';
        if (n + 7 > 65536)
            assert_wrong(text, KYMO_EFORMAT, "a line of more than 65536 bytes");
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_is_read),
        cmocka_unit_test(empty_cells_say_nothing),
        cmocka_unit_test(any_order_of_columns_and_tabs_will_do),
        cmocka_unit_test(a_table_without_rows_has_no_events),
        cmocka_unit_test(more_events_than_a_block_come_all),
        cmocka_unit_test(what_is_wrong_is_named_with_its_line),
        cmocka_unit_test(a_cut_table_is_noticed),
        cmocka_unit_test(open_quotes_are_refused),
        cmocka_unit_test(a_line_longer_than_its_room_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
