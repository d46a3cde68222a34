/* tests/unit/test_kymo_header.c - the JSON of a stream's HEAD: there and back, what may be missing, what is refused. */
#include "support.h"

#include "formats/kymo_header.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int parse(struct kymo_header *h, const char *json, struct kymo_err *e)
{
    kymo_header_init(h);
    return kymo_header_from_json(h, json, strlen(json), e);
}

static void every_member_comes_back(void **state)
{
    struct kymo_err e = {0};
    struct kymo_header h, back;
    (void)state;

    kymo_header_init(&h);
    h.record = "100", h.format = "wfdb", h.recording = "Holter \xc2\xb5 \"x\"";
    h.subject = (struct kymo_subject){"id", "name", "F", "02-MAY-1951"};
    h.start = (struct kymo_start){.has_date = true, .has_time = true, .year = 2090, .month = 12, .day = 31,
                                  .time_ns = 86399999999999};
    h.duration_ns = 1805555555556;
    struct kymo_signal *s = kymo_header_signal(&h, &e);
    *s = (struct kymo_signal){.label = "MLII", .unit = "mV", .transducer = "t", .prefilter = "HP", .kind = KYMO_ECG,
                              .rate = {9999, 20}, .storage = KYMO_I24, .calibrated = true, .can_miss = true, .gain = -200.1,
                              .baseline = 1.0 / 3, .digital_min = -8388608, .digital_max = (double)NAN,
                                  .n_samples = 5000000000};
    kymo_header_signal(&h, &e);
    kymo_header_add_track(&h, "atr", &e);
    kymo_header_add_history(&h, "kymo read", &e);
    kymo_header_add_note(&h, "69 M", 4, &e);
    char *json = kymo_header_to_json(&h, &e);
    assert_int_equal(parse(&back, json, &e), 0);
    assert_same_header(&h, &back);
    assert_true(back.signal[0].gain == -200.1 && back.signal[0].baseline == 1.0 / 3 && isnan(back.signal[0].digital_max));
    assert_int_equal(back.signal[0].n_samples, 5000000000);
    assert_int_equal(back.signal[1].n_samples, KYMO_UNKNOWN);
    assert_int_equal(back.signal[0].kind, KYMO_ECG);
    assert_int_equal(back.start.time_ns, 86399999999999);
    assert_int_equal(back.duration_ns, 1805555555556);
    assert_string_equal(back.recording, h.recording);
    free(json);
    kymo_header_release(&h);
    kymo_header_release(&back);
}

static void only_version_and_signals_are_required(void **state)
{
    struct kymo_err e = {0};
    struct kymo_header h;
    (void)state;

    assert_int_equal(parse(&h, "{\"version\":1,\"signals\":[]}", &e), 0);
    assert_string_equal(h.record, "");
    assert_int_equal(h.duration_ns, KYMO_UNKNOWN);
    kymo_header_release(&h);
    assert_int_equal(parse(&h, "{\"version\":1,\"signals\":[{\"label\":\"x\",\"rate\":[6,4],\"storage\":\"f32\"}]}", &e), 0);
    assert_true(h.signal[0].rate.num == 3 && h.signal[0].rate.den == 2 && h.signal[0].gain == 1 && !h.signal[0].calibrated);
    kymo_header_release(&h);
}

static void members_of_a_later_kymo_are_passed_over(void **state)
{
    struct kymo_err e = {0};
    struct kymo_header h;
    (void)state;

    assert_int_equal(parse(&h, "{\"version\":1,\"new\":{\"a\":[1]},\"signals\":[{\"label\":\"x\",\"rate\":[1,1],"
                               "\"storage\":\"i16\",\"kind\":\"sweat\",\"new\":null}]}", &e), 0);
    assert_int_equal(h.signal[0].kind, KYMO_OTHER);
    kymo_header_release(&h);
}

static void assert_refused(const char *json, const char *part)
{
    struct kymo_err e = {0};
    struct kymo_header h;

    if (parse(&h, json, &e) >= 0)
        fail_msg("taken: %s", json);
    assert_error(&e, KYMO_EFORMAT, part);
    kymo_header_release(&h);
}

static void assert_signal_refused(const char *members, const char *part)
{
    char json[300];

    snprintf(json, sizeof json, "{\"version\":1,\"signals\":[{\"label\":\"x\",%s}]}", members);
    assert_refused(json, part);
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    assert_refused("", "header is no JSON at its byte");
    assert_refused("{\"version\":1,\"signals\":[]", "header is no JSON");
    assert_refused("{\"version\":1,\"version\":1,\"signals\":[]}", "header is no JSON");
    assert_refused("[]", "stream version 0");
    assert_refused("{\"signals\":[]}", "stream version 0, this kymo reads 1");
    assert_refused("{\"version\":2,\"signals\":[]}", "stream version 2");
    assert_refused("{\"version\":\"1\",\"signals\":[]}", "\"version\" is not an integer");
    assert_refused("{\"version\":1}", "no \"signals\"");
    assert_refused("{\"version\":1,\"signals\":{}}", "\"signals\" is not an array");
    assert_refused("{\"version\":1,\"signals\":[7]}", "signal 0: \"rate\" is not");
    assert_refused("{\"version\":1,\"signals\":[],\"record\":1}", "\"record\" is not a text");
    assert_refused("{\"version\":1,\"signals\":[],\"tracks\":[1]}", "\"tracks\" holds something that is no text");
    assert_refused("{\"version\":1,\"signals\":[],\"duration_ns\":1.5}", "\"duration_ns\" is not an integer");
    assert_refused("{\"version\":1,\"signals\":[],\"start\":{\"date\":\"2001-13-01\"}}",
                   "start date \"2001-13-01\" is not YYYY-MM-DD");
    assert_refused("{\"version\":1,\"signals\":[],\"start\":{\"time_ns\":86400000000000}}",
                   "start 86400000000000 ns after midnight");
}

static void signals_that_cannot_be_are_refused(void **state)
{
    static const char *const rates[] = {"[0,1]", "[1,0]", "[-1,1]", "[1,-1]", "[1]", "[]", "1", "\"1\"", "[1.5,1]",
                                        "[1000000000001,1]", "[1,1000000000001]"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(rates); i++) {
        char members[100];
        snprintf(members, sizeof members, "\"storage\":\"i16\",\"rate\":%s", rates[i]);
        assert_signal_refused(members, "\"rate\" is not two integers in 1..10^12");
    }
    assert_signal_refused("\"rate\":[1,1]", "storage \"\" is none of i16 i24 i32 f32 f64");
    assert_signal_refused("\"rate\":[1,1],\"storage\":\"i8\"", "storage \"i8\"");
    assert_signal_refused("\"rate\":[1,1],\"storage\":\"i16\",\"gain\":0", "gain 0, baseline 0 are no calibration");
    assert_signal_refused("\"rate\":[1,1],\"storage\":\"i16\",\"n_samples\":-1", "-1 samples");
    assert_signal_refused("\"rate\":[1,1],\"storage\":\"i16\",\"can_miss\":1", "\"can_miss\" is not true or false");
}

static void texts_that_cannot_be_json_are_an_error(void **state)
{
    struct kymo_err e = {0};
    struct kymo_header h;
    (void)state;

    kymo_header_init(&h);
    h.record = "\xff";
    assert_null(kymo_header_to_json(&h, &e));
    assert_true(e.n > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_comes_back),
        cmocka_unit_test(only_version_and_signals_are_required),
        cmocka_unit_test(members_of_a_later_kymo_are_passed_over),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(signals_that_cannot_be_are_refused),
        cmocka_unit_test(texts_that_cannot_be_json_are_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
