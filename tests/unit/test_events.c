/* tests/unit/test_events.c - events as rows of a table, and the row of a maker that failed. */
#include "support.h"

#include "lib/events.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct kymo_column columns[] = {KYMO_EVENT_COLUMNS};

static void assert_row(const struct kymo_header *h, const struct kymo_event *ev, const char *wanted)
{
    struct kymo_err e = {0};
    struct kymo_output *out = kymo_output_memory(&e);
    struct kymo_table *t = kymo_table_create(out, KYMO_CSV, columns, COUNT_OF(columns), &e);
    static const char names[] = "time_s,sample,signal,type,duration_s,value,text\n";
    size_t n;

    kymo_event_cells(t, h, ev);
    assert_int_equal(kymo_row_end(t, &e), 0);
    const unsigned char *p = kymo_output_bytes(out, &n);
    char *text = strndup((const char *)p, n);
    assert_memory_equal(text, names, sizeof names - 1);
    assert_string_equal(text + sizeof names - 1, wanted);
    free(text);
    kymo_table_destroy(t);
    kymo_output_destroy(out);
}

static void a_row_says_what_is_known(void **state)
{
    struct kymo_signal signal = {.label = "MLII"};
    const struct kymo_header h = {.n_signals = 1, .signal = &signal};
    const struct kymo_event all = {.time_ns = 1500000000, .duration_ns = 250000000, .sample = 540, .signal = 0, .type = "V",
                                   .value = 0.125, .text = "a, b"};
    const struct kymo_event least = {.time_ns = -1, .duration_ns = KYMO_UNKNOWN, .sample = KYMO_UNKNOWN, .signal = -1,
                                     .value = (double)NAN, .text = ""};
    const struct kymo_event elsewhere = {.signal = 5, .sample = 0, .type = "N", .value = (double)NAN, .text = ""};
    (void)state;

    assert_row(&h, &all, "1.5,540,MLII,V,0.25,0.125,\"a, b\"\n");
    assert_row(&h, &least, "-0.000000001,,,,,,\n");
    assert_row(&h, &elsewhere, "0,0,,N,,,\n");
}

static void the_row_of_a_failure_is_refused_by_a_reader(void **state)
{
    struct kymo_err e = {0}, why = {0}, back = {0};
    struct kymo_output *out = kymo_output_memory(&e);
    struct kymo_table *t = kymo_table_create(out, KYMO_CSV, columns, COUNT_OF(columns), &e);
    struct bytes b = {0};
    struct taken taken;
    size_t n;
    (void)state;

    kymo_fail_at(&why, KYMO_EFORMAT, "x.edf", 7, "cut, \"off\"");
    assert_int_equal(kymo_event_error(t, &why, &e), 0);
    const unsigned char *p = kymo_output_bytes(out, &n);
    put_bytes(&b, p, n);
    assert_int_equal(read_bytes(&b, "x.csv", NULL, &taken, &back), KYMO_EDATA);
    assert_error(&back, KYMO_EDATA, "x.csv:2: whoever made this table failed: x.edf:7: cut, \"off\"");
    taken_free(&taken);
    bytes_free(&b);
    kymo_table_destroy(t);
    kymo_output_destroy(out);
}

/* What the columns hold comes back; no signal, track, subtype or number does, an unknown duration is an empty cell,
 * and a value has six decimals. */
static void what_the_columns_hold_comes_back(void **state)
{
    struct kymo_err e = {0};
    struct dice d = {12};
    struct kymo_output *out = kymo_output_memory(&e);
    struct kymo_table *t = kymo_table_create(out, KYMO_CSV, columns, COUNT_OF(columns), &e);
    struct kymo_header h = {0};
    struct kymo_event ev[300];
    struct bytes b = {0};
    struct taken taken;
    size_t n;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(ev); i++) {
        draw_event(&ev[i], &h, roll_between(&d, -KYMO_NS_PER_S, INT64_C(1) << 50), &d);
        kymo_event_cells(t, &h, &ev[i]);
        assert_int_equal(kymo_row_end(t, &e), 0);
    }
    const unsigned char *p = kymo_output_bytes(out, &n);
    put_bytes(&b, p, n);
    assert_int_equal(read_bytes(&b, "x.csv", NULL, &taken, &e), 0);
    assert_int_equal(taken.n_events, COUNT_OF(ev));
    for (size_t i = 0; i < COUNT_OF(ev); i++) {
        const struct kymo_event *back = &taken.event[i];
        assert_int_equal(back->time_ns, ev[i].time_ns);
        assert_int_equal(back->duration_ns, ev[i].duration_ns == KYMO_UNKNOWN ? 0 : ev[i].duration_ns);
        assert_int_equal(back->sample, ev[i].sample);
        assert_string_equal(back->type, ev[i].type);
        assert_string_equal(back->text, ev[i].text);
        assert_true(fabs(back->value - ev[i].value) <= 0.51e-6 || (isnan(back->value) && isnan(ev[i].value)));
    }
    taken_free(&taken);
    bytes_free(&b);
    kymo_table_destroy(t);
    kymo_output_destroy(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_says_what_is_known),
        cmocka_unit_test(what_the_columns_hold_comes_back),
        cmocka_unit_test(the_row_of_a_failure_is_refused_by_a_reader),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
