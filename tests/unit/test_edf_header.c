/* tests/unit/test_edf_header.c - the header of EDF and BDF files, made here field by field. */
#include "support.h"

#include "formats/edf_header.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct parsed {
    struct kymo_header hdr;
    struct edf_header edf;
    struct warnings warnings;
    struct kymo_err e;
    int rc;
};

static void parse_bytes(struct parsed *p, const struct bytes *b, bool strict)
{
    struct kymo_input *in = kymo_input_memory("x.edf", b->p, b->n, &p->e);

    *p = (struct parsed){.rc = 0};
    const struct kymo_log log = log_to(&p->warnings, strict);
    kymo_header_init(&p->hdr);
    p->rc = edf_header_read(in, &p->hdr, &p->edf, &log, &p->e);
    kymo_input_close(in);
}

static struct parsed parse(const struct edf_spec *spec, bool strict)
{
    struct bytes b = {0};
    struct parsed p;

    put_edf_header(&b, spec);
    parse_bytes(&p, &b, strict);
    bytes_free(&b);
    return p;
}

static void parsed_free(struct parsed *p)
{
    edf_header_release(&p->edf);
    kymo_header_release(&p->hdr);
}

static struct parsed parse_column(struct edf_column column, const char *duration)
{
    const struct edf_spec spec = {.duration = duration, .n = 1, .column = &column};

    return parse(&spec, false);
}

/* ---- rates and calibration ---- */

static void rates_are_samples_over_duration_exactly(void **state)
{
    static const struct { const char *samples, *duration; int64_t num, den; } all[] = {
        {"256", "1", 256, 1}, {"100", "0.5", 200, 1}, {"1001", "1.001", 1000, 1}, {"1", "30", 1, 30},
        {"600", "0.99898", 30000000, 49949},
        {"15000", "30", 500, 1}, {"1", "3600", 1, 3600}, {"7", "0.3", 70, 3},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct parsed p = parse_column((struct edf_column){.samples = all[i].samples}, all[i].duration);
        assert_int_equal(p.rc, 0);
        assert_int_equal(p.hdr.signal[0].rate.num, all[i].num);
        assert_int_equal(p.hdr.signal[0].rate.den, all[i].den);
        assert_int_equal(p.warnings.n, 0);
        parsed_free(&p);
    }
}

static double physical(const struct kymo_signal *s, double digital) { return (digital - s->baseline) / s->gain; }

static void limits_map_onto_limits(void **state)
{
    static const struct { const char *pmin, *pmax, *dmin, *dmax; double p0, p1, d0, d1; } all[] = {
        {"-500", "500", "-2048", "2047", -500, 500, -2048, 2047}, {"500", "-500", "-2048", "2047", 500, -500, -2048, 2047},
        {"0", "100", "0", "1000", 0, 100, 0, 1000}, {"-1e-3", "1e-3", "-32768", "32767", -1e-3, 1e-3, -32768, 32767},
        {"-1", "1", "10", "-10", -1, 1, 10, -10},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct parsed p = parse_column((struct edf_column){.phys_min = all[i].pmin, .phys_max = all[i].pmax,
                                                           .dig_min = all[i].dmin,
                                                           .dig_max = all[i].dmax}, "1");
        const struct kymo_signal *s = &p.hdr.signal[0];
        assert_int_equal(p.rc, 0);
        assert_int_equal(p.warnings.n, 0);
        assert_true(s->calibrated);
        assert_true(fabs(physical(s, all[i].d0) - all[i].p0) <= 1e-12 * fabs(all[i].p0));
        assert_true(fabs(physical(s, all[i].d1) - all[i].p1) <= 1e-12 * fabs(all[i].p1));
        assert_true(s->digital_min == all[i].d0 && s->digital_max == all[i].d1);
        parsed_free(&p);
    }
}

static void limits_that_cannot_be_leave_raw_values_and_a_warning(void **state)
{
    static const struct { struct edf_column column; const char *part; } all[] = {
        {{.phys_min = "5", .phys_max = "5"}, "x.edf:360: physical minimum and maximum of ECG are both 5: raw values"},
        {{.dig_min = "7", .dig_max = "7"}, "x.edf:376: digital minimum and maximum of ECG are both 7: raw values"},
        {{.phys_min = ""}, "x.edf:360: physical minimum of ECG \"        \" is not a number"},
        {{.phys_max = "abc"}, "x.edf:368: physical maximum of ECG \"abc"},
        {{.dig_max = "nan"}, "x.edf:384: digital maximum of ECG \"nan"},
        {{.phys_min = "-1e308", .phys_max = "1e308"}, "x.edf:360: limits of ECG make no gain"},
        {{.phys_min = "0", .phys_max = "1e-320"}, "make no gain"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct parsed p = parse_column(all[i].column, "1");
        assert_int_equal(p.rc, 0);
        assert_warned(&p.warnings, all[i].part);
        assert_false(p.hdr.signal[0].calibrated);
        assert_true(p.hdr.signal[0].gain == 1 && p.hdr.signal[0].baseline == 0);
        parsed_free(&p);
        const struct edf_spec spec = {.n = 1, .column = &all[i].column};
        p = parse(&spec, true);
        assert_error(&p.e, KYMO_EDATA, all[i].part);
        parsed_free(&p);
    }
}

/* ---- start ---- */

static void years_turn_at_1985(void **state)
{
    static const struct { const char *date; int year; } all[] = {{"31.12.84", 2084}, {"01.01.85", 1985}, {"01.01.99", 1999},
                                                                 {"01.01.00", 2000}, {"01-01-26", 2026}, {"01/01/26", 2026}};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        const struct edf_spec spec = {.date = all[i].date, .n = 1, .column = &(struct edf_column){.label = "x"}};
        struct parsed p = parse(&spec, false);
        assert_int_equal(p.warnings.n, 0);
        assert_true(p.hdr.start.has_date);
        assert_int_equal(p.hdr.start.year, all[i].year);
        parsed_free(&p);
    }
}

static void edf_plus_tells_the_whole_year(void **state)
{
    const struct edf_column column = {.label = "x"};
    const struct edf_spec after = {.date = "02.03.yy", .reserved = "EDF+C", .recording = "Startdate 02-MAR-2090 X X X", .n = 1,
                                   .column = &column};
    const struct edf_spec plain = {.date = "02.03.yy", .recording = "Startdate 02-MAR-2090 X X X", .n = 1, .column = &column};
    struct parsed p = parse(&after, false), q = parse(&plain, false);
    (void)state;

    assert_int_equal(p.warnings.n, 0);
    assert_true(p.hdr.start.has_date && p.hdr.start.has_time);
    assert_int_equal(p.hdr.start.year, 2090);
    assert_int_equal(p.hdr.start.month, 3);
    assert_int_equal(p.hdr.start.day, 2);
    assert_false(q.hdr.start.has_date);
    assert_warned(&q.warnings, "x.edf:168: start date \"02.03.yy\" is not a day dd.mm.yy: date unknown");
    parsed_free(&p);
    parsed_free(&q);
}

static void a_start_that_makes_no_sense_is_unknown_and_told(void **state)
{
    static const char *const dates[] = {"", "32.01.00", "31.02.00", "00.01.00", "01.13.00", "2.8.51", "aa.bb.cc"};
    static const char *const times[] = {"", "24.00.00", "-1.00.00", "00.60.00", "00.00.60", "1:2:3", "aa.bb.cc"};
    const struct edf_column column = {.label = "x"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(dates); i++) {
        const struct edf_spec d = {.date = dates[i], .n = 1, .column = &column};
        const struct edf_spec t = {.time = times[i], .n = 1, .column = &column};
        struct parsed p = parse(&d, false), q = parse(&t, false), r = parse(&t, true);
        assert_true(p.rc == 0 && q.rc == 0 && r.rc == KYMO_EDATA);
        assert_warned(&p.warnings, "x.edf:168: start date \"");
        assert_warned(&q.warnings, "x.edf:176: start time \"");
        assert_true(!p.hdr.start.has_date && p.hdr.start.has_time && q.hdr.start.has_date && !q.hdr.start.has_time);
        parsed_free(&p);
        parsed_free(&q);
        parsed_free(&r);
    }
}

static void colons_in_the_time_are_taken(void **state)
{
    const struct edf_spec spec = {.time = "23:59:58", .n = 1, .column = &(struct edf_column){.label = "x"}};
    struct parsed p = parse(&spec, false);
    (void)state;

    assert_int_equal(p.warnings.n, 0);
    assert_int_equal(p.hdr.start.time_ns, (86400 - 2) * KYMO_NS_PER_S);
    parsed_free(&p);
}

/* ---- texts ---- */

static void subjects_of_edf_plus_are_taken_apart(void **state)
{
    const struct edf_column column = {.label = "x"};
    const struct edf_spec plus = {.patient = "MCH-0234567 F 02-MAY-1951 Haagse_Harry", .reserved = "EDF+C", .n = 1,
                                  .column = &column};
    const struct edf_spec none = {.patient = "X X X X", .reserved = "EDF+C", .n = 1, .column = &column};
    const struct edf_spec old = {.patient = "Harry M 1951", .n = 1, .column = &column};
    struct parsed p = parse(&plus, false), q = parse(&none, false), r = parse(&old, false);
    (void)state;

    assert_string_equal(p.hdr.subject.id, "MCH-0234567");
    assert_string_equal(p.hdr.subject.sex, "F");
    assert_string_equal(p.hdr.subject.birth, "02-MAY-1951");
    assert_string_equal(p.hdr.subject.name, "Haagse Harry");
    assert_string_equal(q.hdr.subject.id, "");
    assert_string_equal(q.hdr.subject.name, "");
    assert_string_equal(r.hdr.subject.id, "Harry M 1951");
    parsed_free(&p);
    parsed_free(&q);
    parsed_free(&r);
}

static void latin_1_in_a_header_becomes_utf8(void **state)
{
    struct parsed p = parse_column((struct edf_column){.label = "EEG \xe9", .unit = "\xb5V", .transducer = "AgAgCl",
                                                       .prefilter = "HP:0.1Hz"}, "1");
    (void)state;

    assert_string_equal(p.hdr.signal[0].label, "EEG \xc3\xa9");
    assert_string_equal(p.hdr.signal[0].unit, "\xc2\xb5V");
    assert_string_equal(p.hdr.signal[0].transducer, "AgAgCl");
    assert_string_equal(p.hdr.signal[0].prefilter, "HP:0.1Hz");
    parsed_free(&p);
}

static void bdf_has_24_bits(void **state)
{
    const struct edf_column columns[] = {{.label = "ECG"}, {.label = "BDF Annotations"}};
    const struct edf_spec spec = {.bdf = true, .reserved = "BDF+D", .n = 2, .column = columns};
    struct parsed p = parse(&spec, false);
    (void)state;

    assert_int_equal(p.rc, 0);
    assert_true(p.edf.bdf && p.edf.plus && p.edf.discontinuous && p.edf.field[1].is_annotations);
    assert_int_equal(p.edf.record_bytes, 24);
    assert_int_equal(p.edf.field[1].at, 12);
    assert_int_equal(p.hdr.n_signals, 1);
    assert_int_equal(p.hdr.signal[0].storage, KYMO_I24);
    parsed_free(&p);
}

/* ---- nonsense ---- */

static void assert_refused(const struct edf_spec *spec, const char *part)
{
    struct parsed p = parse(spec, false);

    assert_int_equal(p.rc, KYMO_EFORMAT);
    assert_int_equal(p.e.n, 1);
    assert_error(&p.e, KYMO_EFORMAT, part);
    parsed_free(&p);
}

#define REFUSED_WITH(part, samples_, ...) do { \
        const struct edf_column column_ = {.label = "x", .samples = samples_}; \
        const struct edf_spec spec_ = {.n = 1, .column = &column_, __VA_ARGS__}; \
        assert_refused(&spec_, part); \
    } while (0)
#define REFUSED(part, ...) REFUSED_WITH(part, NULL, __VA_ARGS__)

static void nonsense_in_a_field_names_field_value_and_byte(void **state)
{
    (void)state;
    REFUSED("x.edf:252: number of signals \"abc\" is not an integer in 1..9999", .n_signals = "abc");
    REFUSED("x.edf:252: number of signals \"0\"", .n_signals = "0");
    REFUSED("x.edf:252: number of signals \"-5\"", .n_signals = "-5");
    REFUSED("x.edf:244: duration of a data record \"one\" is not a number of seconds", .duration = "one");
    REFUSED("x.edf:244: duration of a data record \"-1\"", .duration = "-1");
    REFUSED("x.edf:244: data records of 0 s, but signal x has samples", .duration = "0");
    REFUSED_WITH("x.edf:472: samples per record \"0\" is not an integer in 1..67108864", "0", .bdf = false);
    REFUSED_WITH("x.edf:472: samples per record \"67108865\"", "67108865", .bdf = false);
    REFUSED_WITH("x.edf:472: samples per record \"many\"", "many", .bdf = false);
    REFUSED_WITH("x.edf:472: samples per record \"67108864\" is not possible in records so short", "67108864",
                 .duration = "1e-12");
    REFUSED_WITH("is not possible in records so short", "67108864", .duration = "1e-6");
}

static void a_number_of_records_that_is_none_is_unknown_and_told(void **state)
{
    static const char *const records[] = {"", "x1", "-2"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(records); i++) {
        const struct edf_spec spec = {.records = records[i], .n = 1, .column = &(struct edf_column){.label = "x"}};
        struct parsed p = parse(&spec, false);
        assert_int_equal(p.rc, 0);
        assert_warned(&p.warnings, "x.edf:236: number of data records \"");
        assert_int_equal(p.edf.n_records, -1);
        parsed_free(&p);
    }
}

static void decimal_commas_are_taken_and_told(void **state)
{
    const struct edf_spec spec = {.duration = "0,5", .n = 1, .column = &(struct edf_column){
        .label = "x", .phys_min = "-3,5", .phys_max = "3,5", .dig_min = "-350", .dig_max = "350", .samples = "100"}};
    struct parsed p = parse(&spec, false), q = parse(&spec, true);
    (void)state;

    assert_int_equal(p.rc, 0);
    assert_warned(&p.warnings, "x.edf:244: duration of a data record \"0,5     \" has a decimal comma, taken for a point");
    assert_warned(&p.warnings, "x.edf:360: limits of x have a decimal comma, taken for a point");
    assert_true(p.hdr.signal[0].calibrated && p.hdr.signal[0].gain == 100);
    assert_int_equal(p.hdr.signal[0].rate.num, 200);
    assert_int_equal(q.rc, KYMO_EDATA);
    parsed_free(&p);
    parsed_free(&q);
}

static void a_wrong_header_length_is_told_and_passed_over(void **state)
{
    const struct edf_spec spec = {.header_bytes = "999", .n = 1, .column = &(struct edf_column){.label = "x"}};
    struct parsed p = parse(&spec, false), q = parse(&spec, true);
    (void)state;

    assert_int_equal(p.rc, 0);
    assert_warned(&p.warnings, "x.edf:184: header length \"999     \" is not 512");
    assert_error(&q.e, KYMO_EDATA, "header length");
    parsed_free(&p);
    parsed_free(&q);
}

static void a_header_cut_at_any_byte_is_an_error(void **state)
{
    const struct edf_column columns[] = {{.label = "x"}, {.label = "EDF Annotations"}};
    const struct edf_spec spec = {.n = 2, .column = columns};
    struct bytes b = {0};
    (void)state;

    put_edf_header(&b, &spec);
    for (struct bytes cut = b; cut.n-- > 0;) {
        struct parsed p;
        char place[80];
        parse_bytes(&p, &cut, false);
        snprintf(place, sizeof place, "x.edf:%zu: file ends inside the header", cut.n);
        assert_int_equal(p.rc, KYMO_EFORMAT);
        assert_error(&p.e, KYMO_EFORMAT, place);
        parsed_free(&p);
    }
    bytes_free(&b);
}

static void every_changed_byte_is_read_or_refused(void **state)
{
    const struct edf_column columns[] = {{.label = "x"}, {.label = "EDF Annotations"}};
    const struct edf_spec spec = {.reserved = "EDF+C", .n = 2, .column = columns};
    struct bytes b = {0};
    struct dice d = {50};
    (void)state;

    put_edf_header(&b, &spec);
    for (size_t k = 0; k < 20 * b.n; k++) {
        struct parsed p;
        const unsigned char was = b.p[k % b.n];
        b.p[k % b.n] = (unsigned char)roll(&d);
        parse_bytes(&p, &b, false);
        assert_true(p.rc == 0 || p.e.n > 0);
        parsed_free(&p);
        b.p[k % b.n] = was;
    }
    bytes_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_are_samples_over_duration_exactly),
        cmocka_unit_test(limits_map_onto_limits),
        cmocka_unit_test(limits_that_cannot_be_leave_raw_values_and_a_warning),
        cmocka_unit_test(years_turn_at_1985),
        cmocka_unit_test(edf_plus_tells_the_whole_year),
        cmocka_unit_test(a_start_that_makes_no_sense_is_unknown_and_told),
        cmocka_unit_test(colons_in_the_time_are_taken),
        cmocka_unit_test(subjects_of_edf_plus_are_taken_apart),
        cmocka_unit_test(latin_1_in_a_header_becomes_utf8),
        cmocka_unit_test(bdf_has_24_bits),
        cmocka_unit_test(nonsense_in_a_field_names_field_value_and_byte),
        cmocka_unit_test(a_number_of_records_that_is_none_is_unknown_and_told),
        cmocka_unit_test(decimal_commas_are_taken_and_told),
        cmocka_unit_test(a_wrong_header_length_is_told_and_passed_over),
        cmocka_unit_test(a_header_cut_at_any_byte_is_an_error),
        cmocka_unit_test(every_changed_byte_is_read_or_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
