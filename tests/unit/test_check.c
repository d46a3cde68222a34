/* tests/unit/test_check.c - kymo check's rules, one by one: a clean file with exactly one defect gives exactly that finding, at
 * its place; clean files give none; a repaired copy is clean, with the same samples. */
#include "findings.h"

#include "formats/edf_check.h"
#include "formats/wfdb_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- findings ---- */

static void assert_none(const struct findings *k)
{
    show_findings(k);
    assert_int_equal(k->n, 0);
}

/* Exactly one finding: its place, severity and field, and a part of its text. */
static void assert_only(const struct findings *k, int64_t offset, enum kymo_severity severity, const char *field, const char *part)
{
    if (k->n != 1 || k->f[0].offset != offset || k->f[0].severity != severity || strcmp(k->f[0].field, field) != 0 ||
        !strstr(k->f[0].text, part)) {
        print_message("not only %lld %s %s ... %s\n", (long long)offset, field, kymo_severity_name(severity), part);
        show_findings(k);
        fail();
    }
}

static void assert_has(const struct findings *k, int64_t offset, const char *part)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->f[i].offset == offset && strstr(k->f[i].text, part))
            return;
    print_message("no %lld ... %s\n", (long long)offset, part);
    show_findings(k);
    fail();
}

static struct findings check_bytes(const struct bytes *b, const char *name)
{
    struct findings k = {.n = 0};
    struct kymo_check c = {.found = keep_finding, .to = &k};
    struct kymo_err e = {0};
    struct kymo_input *in = kymo_input_memory(name, b->p, b->n, &e);

    assert_int_equal(edf_check(in, name, &c, &e), 0);
    kymo_input_close(in);
    return k;
}

static struct findings check_path(const char *path)
{
    struct findings k = {.n = 0};
    struct kymo_check c = {.found = keep_finding, .to = &k};
    struct kymo_err e = {0};

    assert_int_equal(kymo_check_recording(path, &c, &e), 0);
    return k;
}

/* ---- clean files ---- */

static void clean_files_give_no_finding(void **state)
{
    static const char *const path[] = {"testdata/night.edf", "testdata/gap.edf", "testdata/plain.edf", "testdata/demo.bdf",
                                       "testdata/demo", "testdata/demo16.hea", "testdata/events.csv"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(path); i++) {
        const struct findings k = check_path(path[i]);
        assert_none(&k);
    }
}

/* ---- EDF ---- */

/* Where fields are in a file of two signals; the first record is at DATA, its annotations at TAL. */
enum { PATIENT = 8, RECORDING = 88, DATE = 168, TIME = 176, HEADER_BYTES = 184, RESERVED = 192, RECORDS = 236, DURATION = 244,
       SIGNALS = 252, LABEL = 256, TRANSDUCER = 288, UNIT = 448, PHYS_MIN = 464, PHYS_MAX = 480, DIG_MIN = 496, DIG_MAX = 512,
       PREFILTER = 528, SAMPLES = 688, DATA = 768, TAL = DATA + 8, RECORD = 48 };

/* EDF+C or EDF+D, three records of 1 s: 4 samples of ECG in -100..100, 40 bytes of annotations. */
static struct bytes plus_file(bool gaps)
{
    static const struct edf_column column[] = {{.dig_min = "-100", .dig_max = "100", .phys_min = "-1", .phys_max = "1"},
                                               {.label = "EDF Annotations", .unit = "", .samples = "20"}};
    static const char *const tal[][3] = {{"+0||~+0.5^1.25|sleep|~", "+1||~", "+2||~"}, {"+0||~", "+5||~", "+6.5||~"}};
    const struct edf_spec spec = {.reserved = gaps ? "EDF+D" : "EDF+C", .records = "3", .n = 2, .column = column};
    struct bytes b = {0};

    put_edf_header(&b, &spec);
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < 4; i++)
            put_le(&b, i, 2);
        put_tals(&b, tal[gaps][k], 40);
    }
    return b;
}

/* EDF or BDF without annotations, two signals; the second of a BDF file is Status. Two records. */
static struct bytes simple_file(bool bdf)
{
    const struct edf_column column[] = {{.label = "ECG"}, {.label = bdf ? "Status" : "Resp"}};
    const struct edf_spec spec = {.bdf = bdf, .records = "2", .n = 2, .column = column};
    struct bytes b = {0};

    put_edf_header(&b, &spec);
    for (size_t i = 0; i < 16; i++)
        put_le(&b, i, bdf ? 3 : 2);
    return b;
}

enum kind { EDF, BDF, PLUS, GAPS };

static struct bytes clean_file(enum kind kind) { return kind < PLUS ? simple_file(kind == BDF) : plus_file(kind == GAPS); }

#define BYTES(text) text, sizeof(text) - 1

/* What is put where, and the one finding that comes of it. */
static const struct {
    enum kind kind;
    size_t at;
    const char *bytes;
    size_t n;
    int64_t offset;
    enum kymo_severity severity;
    const char *field, *text;
} edf_defect[] = {
    {EDF, 0, BYTES("1"), 0, KYMO_ERROR, "version", "not the mark of EDF"},
    {BDF, 1, BYTES("BIOSEMA"), 0, KYMO_ERROR, "version", "not the mark of BDF"},
    {EDF, PATIENT + 3, BYTES("\xe8"), PATIENT + 3, KYMO_WARNING, "patient", "byte E8"},
    {EDF, RECORDING + 5, BYTES("\n"), RECORDING + 5, KYMO_WARNING, "recording", "byte 0A"},
    {EDF, TRANSDUCER, BYTES("\0\0\0\0"), TRANSDUCER, KYMO_WARNING, "signal 0: transducer", "zero bytes"},
    {EDF, PREFILTER, BYTES(" HP"), PREFILTER, KYMO_WARNING, "signal 0: prefilter", "left-justified"},
    {EDF, RECORDS, BYTES(" 2      "), RECORDS, KYMO_WARNING, "number of data records", "left-justified"},
    {EDF, UNIT, BYTES("\xb5V"), UNIT, KYMO_WARNING, "signal 0: dimension", "byte B5"},
    {EDF, DATE, BYTES("01.13.03"), DATE, KYMO_ERROR, "start date", "not a date"},
    {EDF, DATE, BYTES("29.02.03"), DATE, KYMO_ERROR, "start date", "not a date"},
    {EDF, DATE, BYTES("29.02.yy"), DATE, KYMO_ERROR, "start date", "not a date"},
    {EDF, DATE, BYTES("01/02/03"), DATE, KYMO_WARNING, "start date", "separators"},
    {EDF, TIME, BYTES("24.00.00"), TIME, KYMO_ERROR, "start time", "not a time"},
    {EDF, TIME, BYTES("04:05:06"), TIME, KYMO_WARNING, "start time", "separators"},
    {EDF, HEADER_BYTES, BYTES("512"), HEADER_BYTES, KYMO_ERROR, "header bytes", "= 768"},
    {EDF, HEADER_BYTES, BYTES("abc"), HEADER_BYTES, KYMO_ERROR, "header bytes", "not an integer"},
    {EDF, RESERVED, BYTES("mine"), RESERVED, KYMO_NOTE, "reserved", "not empty"},
    {BDF, RESERVED, BYTES("     "), RESERVED, KYMO_WARNING, "reserved", "24BIT"},
    {PLUS, RESERVED, BYTES("BDF+C"), RESERVED, KYMO_WARNING, "reserved", "of 16 bits says EDF+C"},
    {EDF, RECORDS, BYTES("-1"), RECORDS, KYMO_WARNING, "number of data records", "still being recorded"},
    {EDF, RECORDS, BYTES("-7"), RECORDS, KYMO_ERROR, "number of data records", "negative"},
    {EDF, RECORDS, BYTES("x"), RECORDS, KYMO_ERROR, "number of data records", "not an integer"},
    {EDF, RECORDS, BYTES(" "), RECORDS, KYMO_ERROR, "number of data records", "empty"},
    {EDF, RECORDS, BYTES("3"), RECORDS, KYMO_ERROR, "number of data records", "ends at byte 800, after 2 data records"},
    {EDF, RECORDS, BYTES("1"), RECORDS, KYMO_ERROR, "number of data records", "holds 2 data records"},
    {EDF, DURATION, BYTES("1s"), DURATION, KYMO_ERROR, "duration of a data record", "not a number"},
    {EDF, DURATION, BYTES("0,5"), DURATION, KYMO_ERROR, "duration of a data record", "decimal comma"},
    {EDF, DURATION, BYTES("-1"), DURATION, KYMO_ERROR, "duration of a data record", "negative"},
    {EDF, DURATION, BYTES("0"), DURATION, KYMO_ERROR, "duration of a data record", "nothing but annotations"},
    {EDF, SIGNALS, BYTES("0"), SIGNALS, KYMO_ERROR, "number of signals", "at least one"},
    {EDF, SIGNALS, BYTES("x"), SIGNALS, KYMO_ERROR, "number of signals", "not an integer"},
    {EDF, SIGNALS, BYTES("9999"), 800, KYMO_ERROR, "header", "ends inside the header of 9999 signals"},
    {EDF, LABEL, BYTES("    "), LABEL, KYMO_NOTE, "signal 0: label", "no label"},
    {EDF, LABEL + 16, BYTES("ECG "), LABEL + 16, KYMO_NOTE, "signal 1: label", "label of signal 0"},
    {EDF, UNIT + 8, BYTES("  "), UNIT + 8, KYMO_NOTE, "signal 1: dimension", "uncalibrated"},
    {EDF, PHYS_MAX, BYTES("-32768"), PHYS_MAX, KYMO_ERROR, "signal 0: physical maximum", "equal to the physical minimum"},
    {EDF, PHYS_MIN + 8, BYTES("abc   "), PHYS_MIN + 8, KYMO_ERROR, "signal 1: physical minimum", "not a number"},
    {EDF, PHYS_MIN + 8, BYTES("-1,5  "), PHYS_MIN + 8, KYMO_ERROR, "signal 1: physical minimum", "decimal comma"},
    {EDF, PHYS_MIN + 8, BYTES("      "), PHYS_MIN + 8, KYMO_ERROR, "signal 1: physical minimum", "empty"},
    {EDF, DIG_MAX, BYTES("-32768"), DIG_MAX, KYMO_ERROR, "signal 0: digital maximum", "not above the digital minimum"},
    {EDF, DIG_MAX, BYTES("32768"), DIG_MAX, KYMO_ERROR, "signal 0: digital maximum", "no integer of 16 bits"},
    {BDF, DIG_MIN, BYTES("-8388609"), DIG_MIN, KYMO_ERROR, "signal 0: digital minimum", "no integer of 24 bits"},
    {EDF, DIG_MAX, BYTES("1e4  "), DIG_MAX, KYMO_ERROR, "signal 0: digital maximum", "not an integer"},
    {BDF, DIG_MIN + 8, BYTES("0       "), DIG_MIN + 8, KYMO_WARNING, "signal 1: digital minimum", "all 24 bits"},
    {EDF, SAMPLES, BYTES("0"), SAMPLES, KYMO_ERROR, "signal 0: samples per record", "less than 1"},
    {EDF, DIG_MAX, BYTES("5    "), DATA + 16, KYMO_WARNING, "signal 0: samples", "-32768..5: 4 samples"},

    {PLUS, RESERVED + 4, BYTES(" "), RESERVED, KYMO_ERROR, "reserved", "neither EDF+C"},
    {PLUS, PATIENT, BYTES("X X X  "), PATIENT, KYMO_ERROR, "patient", "3 of 4 subfields"},
    {PLUS, PATIENT, BYTES("X  X X X"), PATIENT, KYMO_ERROR, "patient", "an empty subfield"},
    {PLUS, PATIENT, BYTES("X m X X"), PATIENT + 2, KYMO_ERROR, "patient", "F, M or X"},
    {PLUS, PATIENT, BYTES("X M 02-mar-1951 X"), PATIENT + 4, KYMO_ERROR, "patient", "dd-MMM-yyyy"},
    {PLUS, PATIENT, BYTES("X M 02-MRZ-1951 X"), PATIENT + 4, KYMO_ERROR, "patient", "dd-MMM-yyyy"},
    {PLUS, PATIENT, BYTES("X M 30-FEB-1951 X"), PATIENT + 4, KYMO_ERROR, "patient", "dd-MMM-yyyy"},
    {PLUS, RECORDING, BYTES("startdate"), RECORDING, KYMO_ERROR, "recording", "begins it with Startdate"},
    {PLUS, RECORDING, BYTES("Startdate 01-02-2003 X X X"), RECORDING + 10, KYMO_ERROR, "recording", "dd-MMM-yyyy"},
    {PLUS, RECORDING, BYTES("Startdate 01-FEB-2004 X X X"), RECORDING + 10, KYMO_ERROR, "recording",
     "not the start date 01.02.03"},
    {PLUS, RECORDING, BYTES("Startdate X X    "), RECORDING + 10, KYMO_ERROR, "recording", "2 of 4 subfields"},
    {PLUS, DIG_MIN + 8, BYTES("-32767"), DIG_MIN + 8, KYMO_ERROR, "signal 1: digital minimum", "it is -32768"},
    {PLUS, DIG_MAX + 8, BYTES("1    "), DIG_MAX + 8, KYMO_ERROR, "signal 1: digital maximum", "it is 32767"},
    {PLUS, PHYS_MAX + 8, BYTES("-32768"), PHYS_MAX + 8, KYMO_ERROR, "signal 1: physical maximum", "equal"},
    {PLUS, UNIT + 8, BYTES("uV"), UNIT + 8, KYMO_WARNING, "signal 1: dimension", "it is empty"},
    {PLUS, DATA + 2, BYTES("\x65\0"), DATA + 2, KYMO_WARNING, "signal 0: samples", "-100..100: 1 sample"},
    {PLUS, TAL + RECORD, BYTES("\0\0\0\0\0"), TAL + RECORD, KYMO_ERROR, "time-keeping annotation", "missing"},
    {PLUS, TAL + RECORD, BYTES("+1\x14" "a\x14\0"), TAL + RECORD, KYMO_ERROR, "time-keeping annotation", "not empty"},
    {PLUS, TAL + RECORD, BYTES("+1\x15" "2\x14\x14\0"), TAL + RECORD, KYMO_WARNING, "time-keeping annotation", "duration"},
    {PLUS, TAL + RECORD, BYTES(" 1"), TAL + RECORD, KYMO_ERROR, "annotation onset", "not + or -"},
    {PLUS, TAL + RECORD, BYTES("1.\x14\x14\0"), TAL + RECORD, KYMO_ERROR, "annotation onset", "not + or -"},
    {PLUS, TAL + RECORD, BYTES("+1\0\0\0"), TAL + RECORD, KYMO_ERROR, "annotation", "no byte 14"},
    {GAPS, TAL, BYTES("+1"), TAL, KYMO_WARNING, "time-keeping annotation", "less than 1 s"},
    {PLUS, TAL + 10, BYTES("-1.25"), TAL + 10, KYMO_ERROR, "annotation duration", "without sign"},
    {PLUS, TAL + 15, BYTES("\xe9"), TAL + 15, KYMO_WARNING, "annotation text", "not UTF-8"},
    {PLUS, TAL + 16, BYTES("\x01"), TAL + 15, KYMO_WARNING, "annotation text", "control character"},
    {PLUS, TAL + 20, BYTES("\0"), TAL + 15, KYMO_ERROR, "annotation text", "not ended by a byte 14"},
    {PLUS, TAL + 2 * RECORD + 36, BYTES("+2\x14\x14"), TAL + 2 * RECORD + 36, KYMO_ERROR, "annotation", "runs into the end"},
    {PLUS, TAL + 2 * RECORD, BYTES("+3"), TAL + 2 * RECORD, KYMO_ERROR, "time-keeping annotation", "where the last one ended"},
    {PLUS, TAL + 2 * RECORD, BYTES("+2.002\x14\x14\0"), TAL + 2 * RECORD, KYMO_ERROR, "time-keeping annotation",
     "last one ended"},
    {PLUS, TAL + RECORD, BYTES("+1.002\x14\x14\0"), TAL + RECORD, KYMO_ERROR, "time-keeping annotation", "in 2 records"},
    {GAPS, TAL + RECORD, BYTES("+0.5\x14\x14\0"), TAL + RECORD, KYMO_ERROR, "time-keeping annotation", "before the last one"},
};

static void each_edf_defect_is_the_one_finding(void **state)
{
    (void)state;

    for (size_t i = 0; i < COUNT_OF(edf_defect); i++) {
        struct bytes b = clean_file(edf_defect[i].kind);
        struct findings k = check_bytes(&b, "x.edf");
        assert_none(&k);
        memcpy(b.p + edf_defect[i].at, edf_defect[i].bytes, edf_defect[i].n);
        k = check_bytes(&b, "x.edf");
        assert_only(&k, edf_defect[i].offset, edf_defect[i].severity, edf_defect[i].field, edf_defect[i].text);
        bytes_free(&b);
    }
}

static void a_file_with_annotations_is_an_edf_plus_file(void **state)
{
    struct bytes b = plus_file(false);
    (void)state;

    memset(b.p + RESERVED, ' ', 5);
    struct findings k = check_bytes(&b, "x.edf");
    assert_only(&k, RESERVED, KYMO_WARNING, "reserved", "signal 1 has annotations: the file says EDF+C or EDF+D here");
    memcpy(b.p + RESERVED, "EDF+C", 5);
    memcpy(b.p + LABEL + 16, "No", 2);
    memcpy(b.p + UNIT + 8, "mV", 2);
    k = check_bytes(&b, "x.edf");
    assert_only(&k, RESERVED, KYMO_ERROR, "reserved", "EDF+ has at least one signal labelled EDF Annotations");
    bytes_free(&b);
}

static void late_dates_stand_in_the_recording_field(void **state)
{
    struct bytes b = plus_file(false);
    (void)state;

    memcpy(b.p + DATE, "01.02.yy", 8);
    memcpy(b.p + RECORDING, "Startdate 01-FEB-2101 X X X", 27);
    struct findings k = check_bytes(&b, "x.edf");
    assert_none(&k);
    memcpy(b.p + RECORDING, "Startdate 01-FEB-2010 X X X", 27);
    k = check_bytes(&b, "x.edf");
    assert_only(&k, RECORDING + 10, KYMO_ERROR, "recording", "not the start date 01.02.yy");
    bytes_free(&b);
}

static void lengths_are_told_wherever_the_file_is_cut(void **state)
{
    struct bytes b = plus_file(false);
    (void)state;

    for (size_t n = 0; n < b.n; n++) {
        const struct bytes less = {b.p, n, n};
        const struct findings k = check_bytes(&less, "x.edf");
        if (n < 256)
            assert_has(&k, (int64_t)n, "inside the header of 256 bytes");
        else if (n < DATA)
            assert_has(&k, (int64_t)n, "inside the header of 2 signals");
        else
            assert_has(&k, RECORDS, "the file ends at byte");
        if (n > DATA && (n - DATA) % RECORD)
            assert_has(&k, (int64_t)(DATA + (n - DATA) / RECORD * RECORD), "behind the last whole data record of 48 bytes");
    }
    put_text(&b, "abcde");
    const struct findings k = check_bytes(&b, "x.edf");
    assert_only(&k, DATA + 3 * RECORD, KYMO_ERROR, "data records", "5 bytes behind the last whole data record of 48");
    bytes_free(&b);
}

static void what_many_records_do_is_one_finding(void **state)
{
    struct bytes b = plus_file(false);
    (void)state;

    for (size_t r = 0; r < 3; r++)
        memset(b.p + TAL + r * RECORD, 0, 40);
    struct findings k = check_bytes(&b, "x.edf");
    assert_only(&k, TAL, KYMO_ERROR, "time-keeping annotation", "(3 times in 3 records)");
    bytes_free(&b);
}

/* Each record 0.6 ms late: less than what is told of one, but it adds up. */
static void drift_of_onsets_is_found(void **state)
{
    struct bytes b = plus_file(false);
    (void)state;

    memcpy(b.p + TAL + RECORD, "+1.0006\x14\x14", 10);
    struct findings k = check_bytes(&b, "x.edf");
    assert_none(&k);
    memcpy(b.p + TAL + 2 * RECORD, "+2.0012\x14\x14", 10);
    k = check_bytes(&b, "x.edf");
    assert_only(&k, TAL + 2 * RECORD, KYMO_ERROR, "time-keeping annotation", "where the last one ended");
    bytes_free(&b);
}

static void long_records_and_annotation_files_are_allowed(void **state)
{
    const struct edf_column wide = {.samples = "30721"}, only = {.label = "EDF Annotations", .unit = "", .samples = "10"};
    struct edf_spec spec = {.n = 1, .column = &wide};
    struct bytes b = {0};
    struct findings k;
    (void)state;

    put_edf_header(&b, &spec);
    for (size_t i = 0; i < 30721; i++)
        put_le(&b, i, 2);
    k = check_bytes(&b, "x.edf");
    assert_only(&k, -1, KYMO_NOTE, "data record", "61442 bytes");
    bytes_free(&b);

    spec = (struct edf_spec){.reserved = "EDF+C", .duration = "0", .n = 1, .column = &only};
    put_edf_header(&b, &spec);
    put_tals(&b, "+0||~", 20);
    k = check_bytes(&b, "x.edf");
    assert_none(&k);
    bytes_free(&b);
}

/* ---- repair ---- */

static struct findings fix_file(const struct folder *f, const struct bytes *b, struct bytes *copy)
{
    struct findings k = {.n = 0};
    struct kymo_check c = {.found = keep_finding, .to = &k};
    struct kymo_err e = {0};
    char from[160], to[160], line[4096];

    folder_put(f, "x.edf", b->p, b->n);
    if (kymo_fix_recording(folder_path(f, "x.edf", from), folder_path(f, "y.edf", to), &c, &e) < 0)
        print_message("%s\n", e.cause[0].msg);
    assert_int_equal(e.n, 0);
    FILE *file = fopen(to, "rb");
    assert_non_null(file);
    for (size_t n; (n = fread(line, 1, sizeof line, file)) > 0;)
        put_bytes(copy, line, n);
    fclose(file);
    return k;
}

/* Defects whose repair makes the file clean; n: how many changes it takes. */
static const struct {
    enum kind kind;
    size_t at;
    const char *bytes;
    size_t n_bytes, n;
    const char *text;
} repair[] = {
    {PLUS, 0, BYTES("1"), 1, "now \"0\""},
    {EDF, PATIENT, BYTES("Ren\xe9"), 1, "now \"ReneX X\""},
    {EDF, PATIENT, BYTES("\xc3\x84\xc3\xb6"), 1, "now \"AoX X\""},
    {EDF, RECORDING, BYTES("a\nb\0\0"), 1, "now \"a b"},
    {EDF, TRANSDUCER, BYTES("\0\0\0\0"), 1, "now \"\""},
    {EDF, PREFILTER, BYTES("  HP"), 1, "now \"HP\""},
    {EDF, UNIT, BYTES("\xb5V"), 1, "now \"uV\""},
    {EDF, UNIT, BYTES("\xc2\xb5V"), 1, "now \"uV\""},
    {PLUS, DATE, BYTES("40.02.03"), 1, "now \"01.01.85\""},
    {EDF, DATE, BYTES("01-02-03"), 1, "now \"01.02.03\""},
    {EDF, TIME, BYTES("99.99.99"), 1, "now \"00.00.00\""},
    {EDF, TIME, BYTES("04:05:06"), 1, "now \"04.05.06\""},
    {EDF, HEADER_BYTES, BYTES("512"), 1, "now \"768\""},
    {BDF, RESERVED, BYTES("     "), 1, "now \"24BIT\""},
    {PLUS, RESERVED + 4, BYTES(" "), 1, "now \"EDF+C\""},
    {PLUS, RESERVED, BYTES("BDF+C"), 1, "now \"EDF+C\""},
    {EDF, RECORDS, BYTES("-1"), 1, "now \"2\""},
    {EDF, RECORDS, BYTES("9"), 1, "now \"2\""},
    {EDF, RECORDS, BYTES("1"), 1, "now \"2\""},
    {EDF, RECORDS, BYTES("x"), 1, "now \"2\""},
    {EDF, DURATION, BYTES("0,5"), 1, "now \"0.5\""},
    {PLUS, PATIENT, BYTES("John Doe"), 1, "now \"X X X John_Doe\""},
    {PLUS, PATIENT, BYTES("       "), 1, "now \"X X X X\""},
    {PLUS, PATIENT, BYTES("X m X X"), 1, "now \"X X X X_m_X_X\""},
    {PLUS, RECORDING, BYTES("Lab 7            "), 1, "now \"Startdate 01-FEB-2003 X X Lab_7\""},
    {PLUS, RECORDING, BYTES("Startdate 01-FEB-2004 X X X"), 1, "now \"Startdate 01-FEB-2003 X X X\""},
    {PLUS, RECORDING, BYTES("Startdate X X    "), 1, "X X X X"},
    {PLUS, DIG_MAX + 8, BYTES("1    "), 1, "now \"32767\""},
    {PLUS, PHYS_MAX + 8, BYTES("-32768"), 2, "now \"-1\""},
    {PLUS, UNIT + 8, BYTES("uV"), 1, "now \"\""},
    {EDF, PHYS_MIN, BYTES("-1,5  "), 1, "now \"-1.5\""},
};

static void each_repair_makes_the_file_clean(void **state)
{
    struct folder f;
    (void)state;

    folder_make(&f);
    for (size_t i = 0; i < COUNT_OF(repair); i++) {
        struct bytes b = clean_file(repair[i].kind), copy = {0};
        memcpy(b.p + repair[i].at, repair[i].bytes, repair[i].n_bytes);
        struct findings k = fix_file(&f, &b, &copy);
        if (k.n != repair[i].n || k.f[0].severity != KYMO_FIXED || !strstr(k.f[0].text, repair[i].text)) {
            print_message("repair %zu: %s\n", i, repair[i].text);
            show_findings(&k);
            fail();
        }
        assert_int_equal(copy.n, b.n);
        assert_memory_equal(copy.p + DATA, b.p + DATA, b.n - DATA);
        k = check_bytes(&copy, "y.edf");
        assert_none(&k);
        bytes_free(&b);
        bytes_free(&copy);
    }
    folder_remove(&f);
}

/* Where no gain can be told the copy is uncalibrated, which only a note is about. */
static void equal_limits_become_uncalibrated_and_swapped_ones_change_places(void **state)
{
    struct bytes b = simple_file(false), copy = {0};
    struct folder f;
    (void)state;

    folder_make(&f);
    memcpy(b.p + PHYS_MIN, "5       ", 8);
    memcpy(b.p + PHYS_MAX, "5.0     ", 8);
    memcpy(b.p + DIG_MIN + 8, "2047    ", 8);
    memcpy(b.p + DIG_MAX + 8, "-2048   ", 8);
    memcpy(b.p + PHYS_MIN + 8, "1.5     ", 8);
    memcpy(b.p + PHYS_MAX + 8, "-3      ", 8);
    struct findings k = fix_file(&f, &b, &copy);
    assert_int_equal(k.n, 7);
    assert_memory_equal(copy.p + PHYS_MIN, "-32768  -3      ", 16);
    assert_memory_equal(copy.p + PHYS_MAX, "32767   1.5     ", 16);
    assert_memory_equal(copy.p + DIG_MIN, "-32768  -2048   ", 16);
    assert_memory_equal(copy.p + UNIT, "        mV      ", 16);
    k = check_bytes(&copy, "y.edf");
    assert_only(&k, UNIT, KYMO_NOTE, "signal 0: dimension", "uncalibrated");
    bytes_free(&b);
    bytes_free(&copy);
    folder_remove(&f);
}

static void a_piece_of_a_record_is_left_out(void **state)
{
    struct bytes b = plus_file(false), copy = {0};
    struct folder f;
    (void)state;

    folder_make(&f);
    b.n -= 3;
    struct findings k = fix_file(&f, &b, &copy);
    assert_int_equal(k.n, 2);
    assert_has(&k, RECORDS, "now \"2\"");
    assert_has(&k, DATA + 2 * RECORD, "45 bytes behind");
    assert_int_equal(copy.n, DATA + 2 * RECORD);
    k = check_bytes(&copy, "y.edf");
    assert_none(&k);
    bytes_free(&b);
    bytes_free(&copy);
    folder_remove(&f);
}

static void what_cannot_be_repaired_is_refused(void **state)
{
    struct kymo_check c = {.found = keep_finding, .to = &(struct findings){.n = 0}};
    struct kymo_err e = {0};
    struct bytes b = simple_file(false);
    struct folder f;
    char from[160], to[160];
    (void)state;

    folder_make(&f);
    memcpy(b.p + SAMPLES, "x", 1);
    folder_put(&f, "x.edf", b.p, b.n);
    folder_path(&f, "x.edf", from);
    assert_int_equal(kymo_fix_recording(from, folder_path(&f, "y.edf", to), &c, &e), KYMO_EDATA);
    assert_error(&e, KYMO_EDATA, "beyond repair");
    e.n = 0;
    assert_int_equal(kymo_fix_recording(from, from, &c, &e), KYMO_EUSAGE);
    assert_error(&e, KYMO_EUSAGE, "name another for the copy");
    e.n = 0;
    assert_int_equal(kymo_fix_recording("testdata/events.csv", to, &c, &e), KYMO_EUSAGE);
    assert_error(&e, KYMO_EUSAGE, "no repair");
    e.n = 0;
    assert_int_equal(kymo_fix_recording("testdata/demo", to, &c, &e), KYMO_EUSAGE);
    assert_error(&e, KYMO_EUSAGE, "ends in .hea");
    bytes_free(&b);
    folder_remove(&f);
}

/* ---- WFDB ---- */

/* Two signals of 6 samples in format 16, 1..6 and -1..-6: sums 21 and -21. */
#define GOOD_LINES "r.dat 16 200(0)/mV 16 0 1 21 0 I\nr.dat 16 200/mV 16 0 -1 -21 0 II\n"

static void put_record(const struct folder *f, const char *header, size_t n_header)
{
    struct bytes b = {0};

    for (int i = 1; i <= 6; i++) {
        put_le(&b, (uint64_t)i, 2);
        put_le(&b, (uint64_t)-i, 2);
    }
    folder_put(f, "r.dat", b.p, b.n);
    folder_put(f, "r.hea", header, n_header);
    bytes_free(&b);
}

#define LINE_2 "r.dat 16 200/mV 16 0 -1 -21 0 II\n"

static const struct {
    const char *header;
    size_t n;
    int64_t line;
    enum kymo_severity severity;
    const char *field, *text;
} wfdb_defect[] = {
    {BYTES(""), 1, KYMO_ERROR, "record line", "missing"},
    {BYTES("s 2 250 6\n" GOOD_LINES), 1, KYMO_ERROR, "record name", "named r.hea: WFDB refuses"},
    {BYTES("r x 250 6\n"), 1, KYMO_ERROR, "number of signals", "not an integer"},
    {BYTES("r\n"), 1, KYMO_ERROR, "number of signals", "missing"},
    {BYTES("r 3 250 6\n" GOOD_LINES), 1, KYMO_ERROR, "number of signals", "2 signal lines follow"},
    {BYTES("r 2 250 6\n" GOOD_LINES "r.dat 16\n"), 4, KYMO_WARNING, "signal line", "1 more"},
    {BYTES("r 2 -5 6\n" GOOD_LINES), 1, KYMO_ERROR, "sampling frequency", "not a number above 0"},
    {BYTES("r 2 250/x 6\n" GOOD_LINES), 1, KYMO_WARNING, "counter frequency", "not a number"},
    {BYTES("r 2 250/10(x 6\n" GOOD_LINES), 1, KYMO_WARNING, "base counter value", "in brackets"},
    {BYTES("r 2 250 x\n" GOOD_LINES), 1, KYMO_ERROR, "number of samples", "not an integer"},
    {BYTES("r 2 250\n" GOOD_LINES), 1, KYMO_NOTE, "number of samples", "not told"},
    {BYTES("r 2 250 6 25:00:00\n" GOOD_LINES), 1, KYMO_WARNING, "base time", "not a time of day"},
    {BYTES("r 2 250 6 01/02/2003 12:00:00\n" GOOD_LINES), 1, KYMO_WARNING, "base time", "a date where the time is"},
    {BYTES("r 2 250 6 12:00:00 40/02/2003\n" GOOD_LINES), 1, KYMO_WARNING, "base date", "not a date"},
    {BYTES("r 2 250 6 12:00:00 01-02-2003\n" GOOD_LINES), 1, KYMO_WARNING, "base date", "separators"},
    {BYTES("r 2 250 6 12:00:00 01/02/2003 x\n" GOOD_LINES), 1, KYMO_WARNING, "record line", "more than"},
    {BYTES("r 2 250 6\n#a\n" GOOD_LINES), 2, KYMO_NOTE, "comment", "before the last signal line"},
    {BYTES("r 2 250 6\nr.dat 16 200/\xb5V 16 0 1 21 0 I\n" LINE_2), 2, KYMO_WARNING, "header", "byte B5"},
    {BYTES("r 1 250 6\nr.dat\n"), 2, KYMO_ERROR, "format", "missing"},
    {BYTES("r 1 250 6\nr.dat 17 200(0)/mV\n"), 2, KYMO_ERROR, "format", "none of 8 16"},
    {BYTES("r 1 250 6\nr.dat 16x0 200/mV 0 0\n"), 2, KYMO_ERROR, "samples per frame", "1 or more"},
    {BYTES("r 1 250 6\nr.dat 16:x 200/mV 0 0\n"), 2, KYMO_ERROR, "skew", "0 or more"},
    {BYTES("r 2 250 6\nno.dat 16 200/mV 16 0 1 21 0 I\nno.dat 16 200/mV 16 0\n"), 2, KYMO_ERROR, "file", "no such signal file"},
    {BYTES("r 2 250 6\nr.dat 16 abc/mV 16 0 1 21 0 I\n" LINE_2), 2, KYMO_ERROR, "gain", "not a number"},
    {BYTES("r 2 250 6\nr.dat 16 0/mV 16 0 1 21 0 I\n" LINE_2), 2, KYMO_NOTE, "gain", "uncalibrated"},
    {BYTES("r 2 250 6\nr.dat 16 200(0/mV 16 0 1 21 0 I\n" LINE_2), 2, KYMO_ERROR, "baseline", "in brackets"},
    {BYTES("r 2 250 6\nr.dat 16 200(0)mV 16 0 1 21 0 I\n" LINE_2), 2, KYMO_ERROR, "gain", "GAIN(BASELINE)/UNITS"},
    {BYTES("r 2 250 6\nr.dat 16 200(0)/ 16 0 1 21 0 I\n" LINE_2), 2, KYMO_WARNING, "units", "empty"},
    {BYTES("r 2 250 6\nr.dat 16 200 16 0 1 21 0 I\n" LINE_2), 2, KYMO_NOTE, "units", "missing of 1 signal:"},
    {BYTES("r 2 250 6\nr.dat 16 200/mV\n" LINE_2), 2, KYMO_NOTE, "baseline", "no ADC zero"},
    {BYTES("r 2 250 6\nr.dat 16 200/mV 24 0 1 21 0 I\n" LINE_2), 2, KYMO_WARNING, "ADC resolution", "holds 16 bits"},
    {BYTES("r 2 250 6\nr.dat 16 200/mV -1 0 1 21 0 I\n" LINE_2), 2, KYMO_WARNING, "ADC resolution", "negative"},
    {BYTES("r 2 250 6\nr.dat 16 200/mV 16 x 1 21 0 I\n" LINE_2), 2, KYMO_ERROR, "ADC zero", "not an integer"},
    {BYTES("r 2 250 6\nr.dat 16 200/mV 16 0 2 21 0 I\n" LINE_2), 2, KYMO_WARNING, "initial value", "the first sample is 1"},
    {BYTES("r 2 250 6\nr.dat 16 200/mV 16 0 1 22 0 I\n" LINE_2), 2, KYMO_ERROR, "checksum", "is 21"},
    {BYTES("r 2 250 6\nr.dat 16 200/mV 16 0 1 65557 0 I\n" LINE_2), 2, KYMO_WARNING, "checksum", "not of 16 bits"},
    {BYTES("r 2 250 7\n" GOOD_LINES), 24, KYMO_ERROR, "length", "ends after 6 of 7 samples"},
    {BYTES("r 2 250 5\nr.dat 16 200/mV 16 0 1 15 0 I\nr.dat 16 200/mV 16 0 -1 -15 0 I\n"), 20, KYMO_WARNING, "length",
     "4 bytes behind the last of 5 samples"},
    {BYTES("r 2 250 6\nr.dat 16 200/mV 16 0\nr.dat 61 200/mV 16 0\n"), 3, KYMO_ERROR, "format", "first signal has format 16"},
    {BYTES("r 3 250 3\nr.dat 16 1/mV 16 0\nr.hea 8 1/mV 8 0\nr.dat 16 1/mV 16 0\n"), 4, KYMO_ERROR, "file", "stand together"},
};

static void each_wfdb_defect_is_the_one_finding(void **state)
{
    struct folder f;
    char path[160];
    (void)state;

    folder_make(&f);
    put_record(&f, BYTES("r 2 250 6 12:00:00 01/02/2003\n" GOOD_LINES "# info\n"));
    struct findings k = check_path(folder_path(&f, "r", path));
    assert_none(&k);
    for (size_t i = 0; i < COUNT_OF(wfdb_defect); i++) {
        put_record(&f, wfdb_defect[i].header, wfdb_defect[i].n);
        k = check_path(folder_path(&f, "r.hea", path));
        if (strcmp(wfdb_defect[i].text, "stand together") == 0)   /* the lengths of these are wrong as well */
            assert_has(&k, wfdb_defect[i].line, wfdb_defect[i].text);
        else
            assert_only(&k, wfdb_defect[i].line, wfdb_defect[i].severity, wfdb_defect[i].field, wfdb_defect[i].text);
    }
    folder_remove(&f);
}

/* ---- annotations ---- */

#define AT(type, interval) (char)((interval) & 0xff), (char)((type) << 2 | (interval) >> 8)
#define END_MARK 0, 0

static void annotation_files_are_judged_word_by_word(void **state)
{
    static const char good[] = {AT(1, 2), AT(5, 3), AT(63, 3), 'a', 'b', 'c', 0, END_MARK};
    static const char unknown[] = {AT(1, 2), AT(5, 1), AT(1, 1), END_MARK};
    static const char back[] = {AT(1, 3), AT(59, 0), -1, -1, -2, -1, AT(1, 0), END_MARK};
    static const char no_end[] = {AT(1, 2), AT(5, 3)};
    static const char cut[] = {AT(1, 2), AT(63, 9), 'a', 'b'};
    static const char behind[] = {AT(1, 2), AT(5, 3), END_MARK, 'x', 'y'};
    static const char beyond[] = {AT(1, 2), AT(5, 5), AT(1, 1), END_MARK};
    static const char finer[] = {AT(22, 0), AT(63, 24), '#', '#', ' ', 't', 'i', 'm', 'e', ' ', 'r', 'e', 's', 'o', 'l', 'u',
                                 't', 'i', 'o', 'n', ':', ' ', '5', '0', '0', ' ', AT(1, 11), END_MARK};
    char later[600], many[800];
    static const struct {
        const char *bytes;
        size_t n;
        int64_t offset;
        enum kymo_severity severity;
        const char *field, *text;
    } defect[] = {
        {back, sizeof back, 2, KYMO_ERROR, "annotation time", "in order of time"},
        {no_end, sizeof no_end, 4, KYMO_ERROR, "end mark", "missing"},
        {cut, sizeof cut, 4, KYMO_ERROR, "annotation text", "the file ends inside it"},
        {beyond, sizeof beyond, 2, KYMO_WARNING, "annotation time", "behind the end of the record (2 times)"},
    };
    struct folder f;
    struct findings k;
    char path[160];
    (void)state;

    folder_make(&f);
    put_record(&f, BYTES("r 2 250 6\n" GOOD_LINES));
    folder_path(&f, "r.hea", path);
    folder_put(&f, "r.txt", BYTES("some notes about the record, which are no annotations"));
    folder_put(&f, "r.fin", finer, sizeof finer);
    folder_put(&f, "r.atr", good, sizeof good);
    k = check_path(path);
    assert_none(&k);
    for (size_t i = 0; i < COUNT_OF(defect); i++) {
        folder_put(&f, "r.atr", defect[i].bytes, defect[i].n);
        k = check_path(path);
        assert_only(&k, defect[i].offset, defect[i].severity, defect[i].field, defect[i].text);
        assert_non_null(strstr(k.f[0].file, "/r.atr"));
    }
    folder_put(&f, "r.atr", behind, sizeof behind);   /* so short and odd: no annotations */
    k = check_path(path);
    assert_none(&k);

    for (size_t i = 0; i < sizeof later; i += 2)   /* further on, what comes is judged */
        memcpy(later + i, (const char[]){AT(1, 0)}, 2);
    memcpy(many, later, sizeof later);
    memcpy(many + sizeof later, behind, sizeof behind);
    folder_put(&f, "r.atr", many, sizeof later + sizeof behind);
    k = check_path(path);
    assert_only(&k, sizeof later + 6, KYMO_WARNING, "end mark", "data behind it");
    memcpy(many + sizeof later, unknown, sizeof unknown);
    many[sizeof later + 3] = (char)(55 << 2);
    folder_put(&f, "r.atr", many, sizeof later + sizeof unknown);
    k = check_path(path);
    assert_only(&k, sizeof later + 2, KYMO_WARNING, "annotation type", "1 to 49");
    folder_remove(&f);
}

/* ---- several segments ---- */

static void put_segments(const struct folder *f, const char *whole)
{
    const char *const layout = "lay 2 250 0\n~ 0 200/mV 16 0 0 0 0 I\n~ 0 200/mV 16 0 0 0 0 II\n";

    put_record(f, BYTES("r 2 250 6\n" GOOD_LINES));
    folder_put(f, "lay.hea", layout, strlen(layout));
    folder_put(f, "w.hea", whole, strlen(whole));
}

static void segments_fit_together(void **state)
{
    static const struct {
        const char *header;
        int64_t line;
        enum kymo_severity severity;
        const char *field, *text;
    } defect[] = {
        {"w/3 2 250 12\nr 6\n~ 1\nr 6\n", 1, KYMO_ERROR, "number of samples", "add up to 13"},
        {"w/3 2 250 12\nr 6\nr 6\n", 1, KYMO_ERROR, "number of segments", "2 segment lines follow"},
        {"w/x 2 250 12\n", 1, KYMO_ERROR, "number of segments", "not an integer"},
        {"w/1 2 250 12\nr 6\nr 6\n", 3, KYMO_WARNING, "segment line", "1 more"},
        {"w/2 2 250 12\nr 6\nr x\n", 3, KYMO_ERROR, "length of a segment", "not an integer"},
        {"w/2 2 250 6\nr 6\nr 0\n", 3, KYMO_WARNING, "length of a segment", "only the first"},
        {"w/2 2 250 12\nr 6\nno 6\n", 3, KYMO_ERROR, "segment", "no header"},
        {"w/2 2 250 11\nr 6\nr 5\n", 3, KYMO_ERROR, "length of a segment", "6 samples"},
        {"w/1 2 360 6\nr 6\n", 2, KYMO_ERROR, "segment", "frequency 250"},
        {"w/1 3 250 6\nr 6\n", 2, KYMO_ERROR, "segment", "2 signals, the record has 3"},
        {"w/2 3 250 6\nlay 0\nr 6\n", 2, KYMO_ERROR, "segment", "2 signals, the record has 3"},
    };
    struct folder f;
    char path[160];
    (void)state;

    folder_make(&f);
    folder_path(&f, "w", path);
    put_segments(&f, "w/3 2 250 18\nr 6\n~ 6\nr 6\n");
    struct findings k = check_path(path);
    assert_none(&k);
    put_segments(&f, "w/3 2 250 12\nlay 0\nr 6\nr 6\n");
    k = check_path(path);
    assert_none(&k);
    for (size_t i = 0; i < COUNT_OF(defect); i++) {
        put_segments(&f, defect[i].header);
        k = check_path(path);
        if (strcmp(defect[i].header, "w/1 2 250 12\nr 6\nr 6\n") == 0)
            assert_has(&k, 3, "1 more");
        else
            assert_only(&k, defect[i].line, defect[i].severity, defect[i].field, defect[i].text);
    }
    put_segments(&f, "w/2 2 250 6\nlay 0\nr 6\n");
    folder_put(&f, "r.hea", BYTES("r 2 250 6\nr.dat 16 200/mV 16 0 1 21 0 I\nr.dat 16 200/mV 16 0 -1 -21 0 V\n"));
    k = check_path(path);
    assert_only(&k, 3, KYMO_ERROR, "description", "no signal of the layout");
    folder_remove(&f);
}

/* ---- repair of a WFDB header ---- */

static void a_wfdb_header_is_repaired_in_a_copy(void **state)
{
    static const char *const bad[] = {
        "r 2 250 9 12:00:00\r\nr.dat 16 200/mV 16 0 7 8 0 I\r\nr.dat 16 200/mV 16 0 -1 -20 0 lead II\r\n# info\r\n",
        "r 2\nr.dat 16 200/mV 16 0 1 21 0 I\nr.dat 16 200/mV 16 0\n",
    };
    static const char *const good[] = {
        "s 2 250 6 12:00:00\r\nr.dat 16 200/mV 16 0 1 21 0 I\r\nr.dat 16 200/mV 16 0 -1 -21 0 lead II\r\n# info\r\n",
        "s 2 250 6\nr.dat 16 200/mV 16 0 1 21 0 I\nr.dat 16 200/mV 16 0\n",
    };
    static const size_t changes[] = {5, 2};
    struct folder f;
    char from[160], to[160], text[400];
    (void)state;

    folder_make(&f);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct findings k = {.n = 0};
        struct kymo_check c = {.found = keep_finding, .to = &k};
        struct kymo_err e = {0};
        put_record(&f, bad[i], strlen(bad[i]));
        assert_int_equal(kymo_fix_recording(folder_path(&f, "r", from), folder_path(&f, "s.hea", to), &c, &e), 0);
        show_findings(&k);
        assert_int_equal(k.n, changes[i]);
        FILE *file = fopen(to, "rb");
        const size_t n = fread(text, 1, sizeof text, file);
        fclose(file);
        assert_int_equal(n, strlen(good[i]));
        assert_memory_equal(text, good[i], n);
        k = check_path(to);
        assert_none(&k);
    }
    folder_remove(&f);
}

/* ---- any format ---- */

static void what_cannot_be_opened_is_a_finding(void **state)
{
    struct folder f;
    char path[160];
    struct findings k = check_path("testdata/nothing_here");
    (void)state;

    assert_only(&k, -1, KYMO_ERROR, "", "No such file");
    folder_make(&f);
    folder_put(&f, "x.edf", BYTES("nonsense, and not much of it"));
    k = check_path(folder_path(&f, "x.edf", path));
    assert_only(&k, 28, KYMO_ERROR, "header", "inside the header of 256 bytes");
    folder_put(&f, "x.bin", BYTES("nonsense, and not much of it"));
    k = check_path(folder_path(&f, "x.bin", path));
    assert_only(&k, 0, KYMO_ERROR, "", "no recording that kymo knows");
    folder_remove(&f);
}

static void utf8_is_told_from_other_bytes(void **state)
{
    (void)state;

    assert_true(kymo_is_utf8("", 0));
    assert_true(kymo_is_utf8(BYTES("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80")));
    assert_false(kymo_is_utf8(BYTES("caf\xe9")));
    assert_false(kymo_is_utf8(BYTES("\xc0\x80")));           /* overlong */
    assert_false(kymo_is_utf8(BYTES("\xed\xa0\x80")));       /* surrogate */
    assert_false(kymo_is_utf8(BYTES("\xe2\x82")));           /* cut off */
}

static void values_are_shown_as_they_are(void **state)
{
    char text[96], few[12];
    (void)state;

    kymo_show_bytes(BYTES(" a\xe9\n\0b   "), text, sizeof text);
    assert_string_equal(text, " a\\xE9\\x0A\\x00b");
    kymo_show_bytes(BYTES("0123456789abcdef"), few, sizeof few);
    assert_string_equal(few, "01234567...");
    kymo_show_bytes(BYTES("\1\2\3\4\5"), few, sizeof few);
    assert_string_equal(few, "\\x01\\x02...");
    kymo_show_bytes("", 0, few, sizeof few);
    assert_string_equal(few, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_files_give_no_finding),
        cmocka_unit_test(each_edf_defect_is_the_one_finding),
        cmocka_unit_test(a_file_with_annotations_is_an_edf_plus_file),
        cmocka_unit_test(late_dates_stand_in_the_recording_field),
        cmocka_unit_test(lengths_are_told_wherever_the_file_is_cut),
        cmocka_unit_test(what_many_records_do_is_one_finding),
        cmocka_unit_test(drift_of_onsets_is_found),
        cmocka_unit_test(long_records_and_annotation_files_are_allowed),
        cmocka_unit_test(each_repair_makes_the_file_clean),
        cmocka_unit_test(equal_limits_become_uncalibrated_and_swapped_ones_change_places),
        cmocka_unit_test(a_piece_of_a_record_is_left_out),
        cmocka_unit_test(what_cannot_be_repaired_is_refused),
        cmocka_unit_test(each_wfdb_defect_is_the_one_finding),
        cmocka_unit_test(annotation_files_are_judged_word_by_word),
        cmocka_unit_test(segments_fit_together),
        cmocka_unit_test(a_wfdb_header_is_repaired_in_a_copy),
        cmocka_unit_test(what_cannot_be_opened_is_a_finding),
        cmocka_unit_test(utf8_is_told_from_other_bytes),
        cmocka_unit_test(values_are_shown_as_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
