/* tests/unit/test_wfdb_header.c - WFDB header files: defaults, every field, and nonsense in each of them. */
#include "support.h"

#include "formats/wfdb_header.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct parsed {
    struct kymo_header hdr;
    struct wfdb_header wfdb;
    struct warnings warnings;
    struct kymo_err e;
    int rc;
};

static struct parsed *parse(const char *text, bool strict)
{
    static struct parsed p;
    struct kymo_log log;

    p = (struct parsed){.rc = 0};
    log = log_to(&p.warnings, strict);
    struct kymo_input *in = kymo_input_memory("x.hea", text, strlen(text), &p.e);
    kymo_header_init(&p.hdr);
    p.rc = wfdb_header_read(in, &p.hdr, &p.wfdb, &log, &p.e);
    kymo_input_close(in);
    return &p;
}

static void parsed_free(struct parsed *p)
{
    wfdb_header_release(&p->wfdb);
    kymo_header_release(&p->hdr);
}

static void an_ordinary_header_is_read_whole(void **state)
{
    struct parsed *p = parse("# before\n\n100 2 360 650000 1:02:03.5 28/02/2001\r\n"
                             "100.dat 212 200 11 1024 995 -22131 0 MLII\r\n"
                             "other.dat 16x4+100 -2.5e2(10)/uV 16 3 0 7 0 ECG lead V5\n"
                             "# 69 M 1085\n#\n#Aldomet, Inderal\n", true);
    const struct kymo_signal *s = p->hdr.signal;
    const struct wfdb_signal *w = p->wfdb.signal;
    (void)state;

    assert_int_equal(p->rc, 0);
    assert_string_equal(p->hdr.record, "100");
    assert_true(p->wfdb.frame_rate.num == 360 && p->wfdb.frame_rate.den == 1);
    assert_int_equal(p->wfdb.n_frames, 650000);
    assert_int_equal(p->hdr.start.time_ns, 3723500000000);
    assert_true(p->hdr.start.year == 2001 && p->hdr.start.month == 2 && p->hdr.start.day == 28);
    assert_int_equal(p->hdr.n_signals, 2);
    assert_string_equal(s[0].label, "MLII");
    assert_string_equal(s[0].unit, "mV");
    assert_true(s[0].gain == 200 && s[0].baseline == 1024 && s[0].calibrated && s[0].kind == KYMO_ECG);
    assert_true(s[0].digital_min == 0 && s[0].digital_max == 2047);
    assert_string_equal(s[1].label, "ECG lead V5");
    assert_string_equal(s[1].unit, "uV");
    assert_true(s[1].gain == -250 && s[1].baseline == 10);
    assert_string_equal(w[0].file, "100.dat");
    assert_true(w[0].format == 212 && w[0].samples_per_frame == 1 && w[0].has_checksum && w[0].checksum == -22131 &&
                w[0].line == 4);
    assert_true(w[1].format == 16 && w[1].samples_per_frame == 4 && w[1].byte_offset == 100 && w[1].checksum == 7);
    assert_int_equal(p->hdr.n_notes, 2);
    assert_string_equal(p->hdr.note[0], "69 M 1085");
    assert_string_equal(p->hdr.note[1], "Aldomet, Inderal");
    parsed_free(p);
}

static void what_is_missing_has_its_default(void **state)
{
    struct parsed *p = parse("x 1\nx.dat 16", true);
    const struct kymo_signal *s = p->hdr.signal;
    (void)state;

    assert_int_equal(p->rc, 0);
    assert_true(p->wfdb.frame_rate.num == 250 && p->wfdb.n_frames == KYMO_UNKNOWN);
    assert_true(!p->hdr.start.has_date && !p->hdr.start.has_time);
    assert_true(s->gain == 200 && s->baseline == 0 && !s->calibrated && isnan(s->digital_min));
    assert_string_equal(s->unit, "mV");
    assert_string_equal(s->label, "signal 0");
    assert_false(p->wfdb.signal->has_checksum);
    parsed_free(p);
}

static void gains_come_in_all_forms(void **state)
{
    static const struct { const char *text; double gain, baseline; const char *unit; bool calibrated; } all[] = {
        {"200", 200, 7, "mV", true}, {"0", 200, 7, "mV", false}, {"200(-5)", 200, -5, "mV", true},
        {"200/mmHg", 200, 7, "mmHg", true},
        {"0.5(0)/bpm", 0.5, 0, "bpm", true}, {"1e2(3)/\xb5V", 100, 3, "\xc2\xb5V", true}, {"200/", 200, 7, "mV", true},
        {"10/degrees/s", 10, 7, "degrees/s", true},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        char text[100];
        snprintf(text, sizeof text, "x 1\nx.dat 16 %s 12 7 0 0 0 x\n", all[i].text);
        struct parsed *p = parse(text, true);
        const struct kymo_signal *s = p->hdr.signal;
        assert_int_equal(p->rc, 0);
        if (s->gain != all[i].gain || s->baseline != all[i].baseline || s->calibrated != all[i].calibrated)
            fail_msg("%s: gain %g, baseline %g", all[i].text, s->gain, s->baseline);
        assert_string_equal(s->unit, all[i].unit);
        parsed_free(p);
    }
}

static void rates_may_be_fractions_and_have_a_counter_beside_them(void **state)
{
    static const struct { const char *text; int64_t num, den; } all[] = {
        {"360", 360, 1}, {"499.95", 9999, 20}, {"360/1(0)", 360, 1}, {"1e3", 1000, 1}, {"0.033", 33, 1000},
            {"125/24.75(5)", 125, 1},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        char text[100];
        snprintf(text, sizeof text, "x 0 %s\n", all[i].text);
        struct parsed *p = parse(text, true);
        assert_int_equal(p->rc, 0);
        assert_true(p->wfdb.frame_rate.num == all[i].num && p->wfdb.frame_rate.den == all[i].den);
        parsed_free(p);
    }
}

static void a_start_that_makes_no_sense_is_unknown_and_told(void **state)
{
    static const struct { const char *text, *part; bool date, time; } all[] = {
        {"25:00:00 01/02/2003", "x.hea:1: start time \"25:00:00\" is no time of day", true, false},
        {"abc 01/02/2003", "start time \"abc\"", true, false}, {"- 01/02/2003", "start time \"-\"", true, false},
        {"10:00:00 32/01/2003", "x.hea:1: start date \"32/01/2003\" is not DD/MM/YYYY", false, true},
        {"10:00:00 01/13/2003", "start date", false, true}, {"10:00:00 -", "start date \"-\"", false, true},
        {"01/02/2003 10:00:00", "start time \"01/02/2003\"", false, false},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        char text[100];
        snprintf(text, sizeof text, "x 0 250 1000 %s\n", all[i].text);
        struct parsed *p = parse(text, false);
        assert_int_equal(p->rc, 0);
        assert_warned(&p->warnings, all[i].part);
        assert_int_equal(p->hdr.start.has_date, all[i].date);
        assert_int_equal(p->hdr.start.has_time, all[i].time);
        parsed_free(p);
        p = parse(text, true);
        assert_error(&p->e, KYMO_EDATA, all[i].part);
        parsed_free(p);
    }
}

static void dates_with_dashes_or_dots_are_taken(void **state)
{
    struct parsed *p = parse("x 0 250 1000 10:00:00 01-02-2003\n", true);
    (void)state;

    assert_int_equal(p->rc, 0);
    assert_true(p->hdr.start.has_date && p->hdr.start.year == 2003 && p->hdr.start.month == 2 && p->hdr.start.day == 1);
    parsed_free(p);
}

static void nonsense_names_its_line_and_value(void **state)
{
    static const struct { const char *text, *part; } all[] = {
        {"", "no record line"}, {"# only\n", "no record line"},
        {"x\n", "x.hea:1: number of signals \"\" is not an integer"}, {"x abc\n", "number of signals \"abc\""},
        {"x -1\n", "number of signals \"-1\""}, {"x 65537\n", "number of signals \"65537\" is not an integer in 0..65536"},
        {"x 1 0\n", "sampling frequency \"0\" is not a number above 0"}, {"x 1 fast\n", "sampling frequency \"fast\""},
        {"x 1 -5\n", "sampling frequency"}, {"x 1 250 many\n", "number of samples \"many\""},
        {"x 1 250 -1\n", "number of samples \"-1\""}, {"x 2\nx.dat 16\n", "2 signals announced, 1 described"},
        {"x 1\nx.dat\n", "x.hea:2: signal format \"\""}, {"x 1\nx.dat abc\n", "signal format \"abc\""},
        {"x 1\nx.dat 16x0\n", "samples per frame \"0\""}, {"x 1\nx.dat 16xa\n", "samples per frame \"a\""},
        {"x 1\nx.dat 16+-1\n", "byte offset \"-1\""}, {"x 1\nx.dat 16:a\n", "skew \"a\""},
        {"# c\nx 1\nx.dat 16 abc\n", "x.hea:3: gain \"abc\" is not a number"}, {"x 1\nx.dat 16 inf\n", "gain \"inf\""},
        {"x 1\nx.dat 16 200(abc)\n", "baseline \"abc\""}, {"x 1\nx.dat 16 200(1.5)\n", "baseline \"1.5\""},
        {"x 1\nx.dat 16 200 abc\n", "ADC resolution \"abc\""}, {"x 1\nx.dat 16 200 12 abc\n", "ADC zero \"abc\""},
        {"x 1\nx.dat 16 200 12 0 abc\n", "initial value \"abc\""}, {"x 1\nx.dat 16 200 12 0 0 abc\n", "checksum \"abc\""},
        {"x 1\nx.dat 16 200 12 0 0 0 abc\n", "block size \"abc\""},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct parsed *p = parse(all[i].text, false);
        if (p->rc != KYMO_EFORMAT)
            fail_msg("taken: %s", all[i].text);
        assert_error(&p->e, KYMO_EFORMAT, all[i].part);
        parsed_free(p);
    }
}

static void a_header_cut_at_any_byte_is_read_or_refused(void **state)
{
    static const char text[] = "100 2 360 650000 1:02:03 28/02/2001\n100.dat 212x2:1+5 200(3)/mV 11 1024 995 -22131 0 MLII\n"
                               "100.dat 212 200 11 1024 1011 20052 0 V5\n# note\n";
    char cut[sizeof text];
    (void)state;

    for (size_t n = 0; n < sizeof text; n++) {
        memcpy(cut, text, n);
        cut[n] = '\0';
        struct parsed *p = parse(cut, false);
        assert_true(p->rc >= 0 || p->e.n == 1);
        if (n <= 90)   /* no further than the first signal's line: the second is missing */
            assert_int_equal(p->rc, KYMO_EFORMAT);
        parsed_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ordinary_header_is_read_whole),
        cmocka_unit_test(what_is_missing_has_its_default),
        cmocka_unit_test(gains_come_in_all_forms),
        cmocka_unit_test(rates_may_be_fractions_and_have_a_counter_beside_them),
        cmocka_unit_test(a_start_that_makes_no_sense_is_unknown_and_told),
        cmocka_unit_test(dates_with_dashes_or_dots_are_taken),
        cmocka_unit_test(nonsense_names_its_line_and_value),
        cmocka_unit_test(a_header_cut_at_any_byte_is_read_or_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
