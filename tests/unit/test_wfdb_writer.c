/* tests/unit/test_wfdb_writer.c - WFDB records as kymo writes them, judged by reading them back: header, samples and segments
 * are what was written, and the reader, which verifies checksums, has nothing to warn of. Annotations are judged in
 * test_wfdb_writer_events.c. Whole real records (mitdb/100) need $KYMO_DATA. */
#include "wfdb_made.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define S KYMO_NS_PER_S

/* ---- copying ---- */

static void assert_copies_whole(const char *from, const char *name, const char *annotator, const char *variant, bool same_bytes)
{
    struct folder f;
    struct taken there, back;
    struct wfdb_copying c = {.variant = variant};
    char to[160], dat[200], source[200];

    folder_make(&f);
    wfdb_copy(&c, from, annotator, &f, name);
    assert_wfdb_copied(&c);
    folder_path(&f, name, to);
    wfdb_read_back(from, annotator, &there);
    wfdb_read_back(to, annotator, &back);
    if (same_bytes)
        assert_same_header(&there.hdr, &back.hdr);
    assert_same_samples(&there, &back);
    assert_same_events(&there, &back);
    assert_int_equal(back.n_segments, 0);
    snprintf(dat, sizeof dat, "%s.dat", to);
    snprintf(source, sizeof source, "%s.dat", from);
    if (same_bytes)
        assert_same_file(source, dat);
    taken_free(&there);
    taken_free(&back);
    folder_remove(&f);
}

static void a_copy_has_the_same_bytes(void **state)
{
    (void)state;
    assert_copies_whole("testdata/demo", "demo", "atr", "212", true);
    assert_copies_whole("testdata/demo16", "demo16", NULL, NULL, true);
}

static void a_copy_in_another_format_has_the_same_samples(void **state)
{
    static const char *const variants[] = {NULL, "16", "24", "32", "516", "524"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(variants); i++) {
        assert_copies_whole("testdata/demo", "demo", "atr", variants[i], false);
        assert_copies_whole("testdata/demo16", "d", NULL, variants[i], false);
    }
}

static void mitdb_100_is_copied_whole(void **state)
{
    static const char *const variants[] = {NULL, "24", "32", "516"};
    char path[400];
    (void)state;

    if (!getenv("KYMO_DATA")) {
        print_message("skipped: copies of mitdb/100 (KYMO_DATA unset)\n");
        return;
    }
    snprintf(path, sizeof path, "%s/mitdb/100", getenv("KYMO_DATA"));
    assert_copies_whole(path, "100", "atr", "212", true);
    for (size_t i = 0; i < COUNT_OF(variants); i++)
        assert_copies_whole(path, "100", "atr", variants[i], false);
}

/* ---- recordings made here ---- */

static void signals_of_any_rates_and_widths_come_back(void **state)
{
    static const struct kymo_ratio rates[] = {{250, 1}, {1, 30}, {9999, 20}, {100000, 3}, {1, 1}};
    struct dice d = {1};
    (void)state;

    for (int round = 0; round < 60; round++) {
        struct wfdb_made m;
        wfdb_made_init(&m, rates[round % (int)COUNT_OF(rates)], roll_between(&d, 1, 3000));
        const size_t n = 1 + roll_below(&d, round % 7 == 0 ? 100 : 6);
        char label[100][24];
        for (size_t s = 0; s < n; s++) {
            snprintf(label[s], sizeof label[s], "S %zu", s);
            wfdb_add_signal(&m, label[s], s == 0 ? 1 : roll_between(&d, 1, 5), (enum kymo_storage)roll_below(&d, 3));
        }
        assert_wfdb_round_trip(&m);
        wfdb_made_release(&m);
    }
}

static void every_format_holds_its_limits(void **state)
{
    static const struct {
        const char *variant;
        int bits;
        enum kymo_storage storage;
    } formats[] = {{"212", 12, KYMO_I16}, {"16", 16, KYMO_I16}, {"24", 24, KYMO_I24}, {"32", 32, KYMO_I32},
                   {"508", 8, KYMO_I16}, {"516", 16, KYMO_I16}, {"524", 24, KYMO_I24}};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(formats); i++)
        for (int sign = -1; sign <= 1; sign += 2) {
            struct wfdb_made m;
            wfdb_made_init(&m, kymo_ratio(360, 1), 1001);   /* odd: a last half unit of format 212 */
            wfdb_add_signal(&m, "A", 1, formats[i].storage);
            m.c.variant = formats[i].variant;
            m.bits = formats[i].bits;
            m.odd_at = 500;
            m.odd_value = sign * (int32_t)((INT64_C(1) << (m.bits - 1)) - 1);
            assert_wfdb_round_trip(&m);
            m.odd_value += m.bits < 32 ? sign : 0;
            wfdb_write_rec(&m);
            if (m.bits < 32)
                assert_error(&m.c.e, KYMO_EDATA, "sample 500 of A is ");
            m.c.lossy = true;
            wfdb_write_rec(&m);
            assert_int_equal(m.c.rc, 0);
            if (m.bits < 32)
                assert_warned(&m.c.told, "1 samples of A beyond ");
            wfdb_made_release(&m);
        }
}

static void the_value_of_missing_samples_is_refused(void **state)
{
    struct wfdb_made m;
    struct taken t;
    (void)state;

    wfdb_made_init(&m, kymo_ratio(10, 1), 20);
    wfdb_add_signal(&m, "A", 1, KYMO_I16)->can_miss = false;
    m.odd_at = 7;
    m.odd_value = -32768;
    wfdb_write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "sample 7 of A is -32768, by which format 16 means \"no sample\"; a wider "
                                     "format holds it, --lossy makes it -32767");
    m.c.lossy = true;
    wfdb_write_rec(&m);
    assert_warned(&m.c.told, "1 samples of A beyond -32767..32767 cut off, the first is sample 7, -32768");
    wfdb_read_rec(&m, NULL, &t);
    assert_int_equal(t.trace[0].digital[7], -32767);
    taken_free(&t);
    wfdb_made_release(&m);
}

static void flac_files_have_eight_signals_of_one_rate(void **state)
{
    struct wfdb_made m;
    char label[20][8];
    struct stat st;
    char path[160];
    (void)state;

    wfdb_made_init(&m, kymo_ratio(100, 1), 5000);
    for (size_t s = 0; s < 20; s++) {
        snprintf(label[s], sizeof label[s], "C%zu", s);
        wfdb_add_signal(&m, label[s], s < 17 ? 2 : 1, KYMO_I16);
    }
    m.c.variant = "516";
    assert_wfdb_round_trip(&m);
    assert_int_equal(stat(folder_path(&m.f, "rec.d3", path), &st), 0);   /* 8, 8, 1 and 3 */
    assert_int_equal(stat(folder_path(&m.f, "rec.d4", path), &st), -1);
    wfdb_made_release(&m);
}

static void a_flac_file_tells_its_length(void **state)
{
    unsigned char head[42];
    struct wfdb_made m;
    char path[160];
    (void)state;

    wfdb_made_init(&m, kymo_ratio(100, 1), 70000);
    wfdb_add_signal(&m, "A", 1, KYMO_I16);
    m.c.variant = "516";
    assert_wfdb_round_trip(&m);
    FILE *file = fopen(folder_path(&m.f, "rec.dat", path), "rb");
    assert_non_null(file);
    assert_int_equal(fread(head, 1, sizeof head, file), sizeof head);
    fclose(file);
    assert_memory_equal(head, "fLaC", 4);
    const unsigned rate = (unsigned)head[18] << 12 | (unsigned)head[19] << 4 | head[20] >> 4;
    const unsigned length = (unsigned)head[22] << 24 | (unsigned)head[23] << 16 | (unsigned)head[24] << 8 | head[25];
    assert_int_equal(rate, 96000);
    assert_int_equal(length, 70000);
    wfdb_made_release(&m);
}

static void a_variant_that_is_none_is_wrong_use(void **state)
{
    static const char *const none[] = {"17", "x", "", "310", "-16"};
    struct wfdb_made m;
    (void)state;

    wfdb_made_init(&m, kymo_ratio(100, 1), 1);
    wfdb_add_signal(&m, "A", 1, KYMO_I16);
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        m.c.variant = none[i];
        wfdb_write_rec(&m);
        assert_error(&m.c.e, KYMO_EUSAGE, "is none of the WFDB signal formats that kymo writes");
    }
    wfdb_made_release(&m);
}

/* ---- gaps and frames ---- */

static void gaps_come_back_as_they_were(void **state)
{
    static const char *const variants[] = {NULL, "212", "516"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(variants); i++)
        for (int late = 0; late < 2; late++) {
            struct wfdb_made m;
            wfdb_made_init(&m, kymo_ratio(50, 3), 333);
            if (late)
                m.n_segments = 0;
            wfdb_add_signal(&m, "A", 3, KYMO_I16);
            wfdb_add_signal(&m, "B", 1, KYMO_I16);
            wfdb_add_gap(&m, 400, 1);
            wfdb_add_gap(&m, 1000, 555);
            wfdb_add_gap(&m, INT64_C(1) << 30, 10);
            m.c.variant = variants[i];
            assert_wfdb_round_trip(&m);
            wfdb_made_release(&m);
        }
}

static void segments_without_a_gap_are_one(void **state)
{
    struct wfdb_made m;
    struct taken t;
    struct stat st;
    char path[160];
    (void)state;

    wfdb_made_init(&m, kymo_ratio(100, 1), 100);
    wfdb_add_signal(&m, "A", 1, KYMO_I16);
    wfdb_add_gap(&m, 100, 50);
    wfdb_write_rec(&m);
    assert_wfdb_copied(&m.c);
    wfdb_read_rec(&m, NULL, &t);
    assert_int_equal(t.trace[0].n, 150);
    assert_int_equal(t.trace[0].digital[149], wfdb_value_of(&m, 0, 149));
    assert_int_equal(stat(folder_path(&m.f, "rec.dat", path), &st), 0);
    taken_free(&t);
    wfdb_made_release(&m);
}

static void a_gap_that_ends_between_frames_is_refused_or_moved(void **state)
{
    struct wfdb_made m;
    struct taken t;
    (void)state;

    wfdb_made_init(&m, kymo_ratio(4, 1), 20);
    wfdb_add_signal(&m, "A", 2, KYMO_I16);
    wfdb_add_signal(&m, "B", 1, KYMO_I16);
    wfdb_add_gap(&m, 40, 20);
    m.segment[1].start_ns += 60000000;
    wfdb_write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "samples go on at 10.06 s behind a gap, between two of the record's frames, 4 a second; "
                                     "--lossy would move them by -0.06 s");
    m.c.lossy = true;
    wfdb_write_rec(&m);
    assert_int_equal(m.c.rc, 0);
    assert_warned(&m.c.told, "1 segments moved to whole frames, by up to -0.06 s");
    wfdb_read_rec(&m, NULL, &t);
    m.segment[1].start_ns -= 60000000;
    assert_wfdb_samples(&m, &t);
    taken_free(&t);
    wfdb_made_release(&m);
}

static void a_segment_inside_the_frame_before_it_is_moved_behind(void **state)
{
    struct wfdb_made m;
    struct taken t;
    (void)state;

    wfdb_made_init(&m, kymo_ratio(4, 1), 20);
    wfdb_add_signal(&m, "A", 2, KYMO_I16);
    wfdb_add_signal(&m, "B", 1, KYMO_I16);
    wfdb_add_gap(&m, 20, 20);
    m.segment[1].start_ns += 60000000;
    m.extra = 1;                 /* of each segment: its last frame is filled up */
    m.c.lossy = true;
    wfdb_write_rec(&m);
    assert_int_equal(m.c.rc, 0);
    assert_warned(&m.c.told, "1 segments moved to whole frames, by up to 0.19 s");
    wfdb_read_rec(&m, NULL, &t);
    assert_int_equal(t.trace[1].n, 42);
    assert_int_equal(t.trace[1].digital[20], KYMO_MISSING);
    assert_int_equal(t.trace[1].digital[21], wfdb_value_of(&m, 1, 20));
    assert_int_equal(t.trace[0].digital[42], wfdb_value_of(&m, 0, 40));
    taken_free(&t);
    wfdb_made_release(&m);
}

static void a_segment_with_other_indices_is_refused(void **state)
{
    struct wfdb_made m;
    (void)state;

    wfdb_made_init(&m, kymo_ratio(4, 1), 20);
    wfdb_add_signal(&m, "A", 1, KYMO_I16);
    wfdb_add_gap(&m, 40, 20);
    m.segment[1].first_frame++;
    wfdb_write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "samples go on at 10 s behind a gap");
    wfdb_made_release(&m);
}

static void time_does_not_go_back(void **state)
{
    struct wfdb_made m;
    (void)state;

    wfdb_made_init(&m, kymo_ratio(4, 1), 20);
    wfdb_add_signal(&m, "A", 1, KYMO_I16);
    wfdb_add_gap(&m, 10, 20);
    m.c.lossy = true;
    wfdb_write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "samples at frame 10 follow frame 19: WFDB cannot go back");
    wfdb_made_release(&m);
}

static void frames_that_are_not_full_are_refused_or_filled(void **state)
{
    struct wfdb_made m;
    struct taken t;
    (void)state;

    wfdb_made_init(&m, kymo_ratio(10, 1), 20);
    wfdb_add_signal(&m, "A", 5, KYMO_I16);
    wfdb_add_signal(&m, "B", 1, KYMO_I16);
    m.extra = 3;
    wfdb_write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "A ends inside a frame, or before the others: 2 samples are not there to "
                                     "fill its frames of 5");
    m.c.lossy = true;
    wfdb_write_rec(&m);
    assert_int_equal(m.c.rc, 0);
    assert_warned(&m.c.told, "3 missing samples added, the first to A, so that frames are full");
    wfdb_read_rec(&m, NULL, &t);
    assert_int_equal(t.trace[0].n, 105);
    assert_int_equal(t.trace[0].digital[102], wfdb_value_of(&m, 0, 102));
    assert_int_equal(t.trace[0].digital[103], KYMO_MISSING);
    assert_int_equal(t.trace[1].digital[20], KYMO_MISSING);
    taken_free(&t);
    wfdb_made_release(&m);
}

static void a_part_of_a_record_stays_at_its_time(void **state)
{
    const struct kymo_want part = {.from_set = true, .from_ns = 10 * S, .to_set = true, .to_ns = 20 * S};
    struct folder f;
    struct kymo_err e = {0};
    struct warnings told = {0};
    const struct kymo_log log = log_to(&told, true);
    struct taken there, back;
    struct kymo_block *b;
    char to[160];
    int rc;
    (void)state;

    folder_make(&f);
    struct kymo_reader *r = kymo_open("testdata/demo16", &part, &e);
    struct kymo_writer *w = kymo_create_file(kymo_format_named("wfdb"), folder_path(&f, "part.hea", to), &r->hdr, 0, false,
                                             &log, &e);
    assert_non_null(w);
    while ((rc = kymo_read(r, &b, &e)) > 0)
        assert_int_equal(kymo_write(w, b, &e), 0);
    assert_int_equal(kymo_write_finish(w, &e), 0);
    kymo_writer_destroy(w);
    kymo_close(r);
    assert_int_equal(read_path("testdata/demo16", &part, &there, &e), 0);
    wfdb_read_back(to, NULL, &back);
    assert_int_equal(back.trace[0].n, 5000);
    assert_same_samples(&there, &back);
    taken_free(&there);
    taken_free(&back);
    folder_remove(&f);
}

static void rates_without_a_common_frame_are_refused(void **state)
{
    struct wfdb_made m;
    (void)state;

    wfdb_made_init(&m, kymo_ratio(1000, 1), 1);
    wfdb_add_signal(&m, "A", 1, KYMO_I16);
    wfdb_add_signal(&m, "B", 1, KYMO_I16)->rate = kymo_ratio(INT64_C(999999999989), 1000);
    m.c.lossy = true;
    wfdb_write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "B has 999999999.989 samples per second, A 1000: no frame of WFDB");
    wfdb_made_release(&m);
}

/* ---- the header ---- */

static void a_baseline_that_is_not_whole_comes_back_and_is_told(void **state)
{
    struct wfdb_made m;
    struct taken t;
    (void)state;

    wfdb_made_init(&m, kymo_ratio(10, 1), 20);
    struct kymo_signal *sig = wfdb_add_signal(&m, "A", 1, KYMO_I16);
    sig->gain = 10;
    sig->baseline = 99.75;
    wfdb_add_signal(&m, "B", 1, KYMO_I16)->baseline = 0.125;
    sig = &m.hdr.signal[0];
    wfdb_write_rec(&m);
    assert_int_equal(m.c.rc, 0);
    assert_int_equal(m.c.told.n, 1);
    assert_warned(&m.c.told, "2 signals are 0 between two digital values, WFDB holds whole ones: Kymo reads them right, other "
                             "programs shift A, which is at 99.75, by -0.025 mV");
    wfdb_read_rec(&m, NULL, &t);
    assert_true(t.hdr.signal[0].baseline == 99.75 && t.hdr.signal[1].baseline == 0.125);
    assert_int_equal(t.hdr.n_notes, m.hdr.n_notes);
    assert_wfdb_samples(&m, &t);
    taken_free(&t);
    m.hdr.signal[1].baseline = 7 - 1e-9;
    sig->baseline = 100 + 1e-9;   /* arithmetic */
    wfdb_write_rec(&m);
    assert_wfdb_copied(&m.c);
    sig->baseline = 1e10;
    wfdb_write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "A is 0 mV at the digital value 10000000000: WFDB holds -2147483648..2147483647");
    wfdb_made_release(&m);
}

static void the_header_is_that_of_header_5(void **state)
{
    struct wfdb_made m;
    char path[160], text[512] = "", want[512];
    int sum[2] = {0};
    (void)state;

    wfdb_made_init(&m, kymo_ratio(125, 2), 3);
    wfdb_add_signal(&m, "ECG II", 2, KYMO_I16);
    wfdb_add_signal(&m, "B", 1, KYMO_I16)->gain = 0.1;
    m.odd_at = 0;
    m.odd_value = 77;
    m.hdr.start = (struct kymo_start){.has_date = true, .has_time = true, .year = 2024, .month = 2, .day = 9,
                                      .time_ns = (5 * 3600 + 4 * 60 + 3) * S + 12000000};
    wfdb_write_rec(&m);
    assert_wfdb_copied(&m.c);
    for (size_t s = 0; s < 2; s++)
        for (int64_t i = 0; i < 3 * wfdb_per_frame(&m, s); i++)
            sum[s] += wfdb_value_of(&m, s, i) == KYMO_MISSING ? -32768 : wfdb_value_of(&m, s, i);
    const int32_t first = wfdb_value_of(&m, 1, 0) == KYMO_MISSING ? -32768 : wfdb_value_of(&m, 1, 0);
    snprintf(want, sizeof want,
             "rec 2 62.5 3 05:04:03.012 09/02/2024\n"
             "rec.dat 16x2 200.33333333333334(-1)/mV 12 0 77 %d 0 ECG II\n"
             "rec.dat 16 0.1(-2)/mV 12 0 %d %d 0 B\n", (int16_t)sum[0], first, (int16_t)sum[1]);
    FILE *file = fopen(folder_path(&m.f, "rec.hea", path), "rb");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    assert_string_equal(text, want);
    wfdb_made_release(&m);
}

static void calibration_and_texts_come_back_exactly(void **state)
{
    struct wfdb_made m;
    struct kymo_err e = {0};
    (void)state;

    wfdb_made_init(&m, kymo_ratio(10, 1), 20);
    struct kymo_signal *a = wfdb_add_signal(&m, "Flow  (nasal) #2/x", 1, KYMO_I16);
    a->gain = -1.0 / 3e7;
    a->unit = "cmH2O/(l/s)";
    struct kymo_signal *b = wfdb_add_signal(&m, "\xc2\xb5", 1, KYMO_I24);
    b->unit = "\xc2\xb5V";
    b->gain = 1.7976931348623157e308;
    b->digital_min = -8388608, b->digital_max = 8388607;
    struct kymo_signal *c = wfdb_add_signal(&m, "12", 1, KYMO_I16);
    c->gain = 0.1;
    c->baseline = INT32_MIN;
    c->digital_min = 0, c->digital_max = 1023;
    struct kymo_signal *u = wfdb_add_signal(&m, "raw", 1, KYMO_I16);
    u->calibrated = false;
    u->gain = 200;
    u->digital_min = u->digital_max = (double)NAN;
    m.hdr.start = (struct kymo_start){.has_date = true, .has_time = true, .year = 2024, .month = 2, .day = 9,
                                      .time_ns = (5 * 3600 + 4 * 60 + 3) * S + 12000000};
    assert_int_equal(kymo_header_add_note(&m.hdr, "69 M", 4, &e), 0);
    assert_int_equal(kymo_header_add_note(&m.hdr, "# #", 3, &e), 0);
    assert_wfdb_round_trip(&m);
    m.hdr.start.has_date = false;
    m.hdr.start.year = m.hdr.start.month = m.hdr.start.day = 0;
    m.hdr.start.time_ns = 86400 * S - 1;
    assert_wfdb_round_trip(&m);
    wfdb_made_release(&m);
}

static void what_a_header_cannot_hold_is_told(void **state)
{
    struct wfdb_made m;
    struct taken t;
    (void)state;

    wfdb_made_init(&m, kymo_ratio(10, 1), 20);
    struct kymo_signal *sig = wfdb_add_signal(&m, "A", 1, KYMO_I16);
    sig->unit = "";
    sig->digital_min = -32767, sig->digital_max = 32767;
    sig->calibrated = false;
    sig->gain = 1;
    sig->transducer = "belt";
    m.hdr.subject.id = "K-1";
    m.hdr.recording = "at home";
    wfdb_write_rec(&m);
    assert_int_equal(m.c.rc, 0);
    assert_int_equal(m.c.told.n, 4);
    assert_warned(&m.c.told, "1 signals have no unit (A): written as NU");
    assert_warned(&m.c.told, "digital limits of 1 signals (A: -32767..32767) are written as the range of bits around them");
    assert_warned(&m.c.told, "1 signals are not calibrated (A, gain 1): WFDB reads them with a gain of 200");
    assert_warned(&m.c.told, "written as info lines");
    wfdb_read_rec(&m, NULL, &t);
    assert_string_equal(t.hdr.signal[0].unit, "");
    assert_true(t.hdr.signal[0].digital_min == -32768 && t.hdr.signal[0].digital_max == 32767);
    assert_false(t.hdr.signal[0].calibrated);
    assert_int_equal(t.hdr.n_notes, 3);
    assert_string_equal(t.hdr.note[0], "subject: K-1");
    assert_string_equal(t.hdr.note[1], "recording: at home");
    assert_string_equal(t.hdr.note[2], "transducer of A: belt");
    taken_free(&t);
    wfdb_made_release(&m);
}

static void labels_that_are_none_are_told_of(void **state)
{
    struct wfdb_made m;
    struct taken t;
    (void)state;

    wfdb_made_init(&m, kymo_ratio(10, 1), 20);
    wfdb_add_signal(&m, "A", 1, KYMO_I16);
    wfdb_add_signal(&m, "", 1, KYMO_I16);
    wfdb_write_rec(&m);
    assert_int_equal(m.c.told.n, 1);
    assert_warned(&m.c.told, "1 signals have no label: WFDB reads \"signal 1\"");
    wfdb_read_rec(&m, NULL, &t);
    assert_string_equal(t.hdr.signal[1].label, "signal 1");
    taken_free(&t);
    wfdb_made_release(&m);
}

static void a_blank_in_a_unit_is_refused_or_replaced(void **state)
{
    struct wfdb_made m;
    struct taken t;
    (void)state;

    wfdb_made_init(&m, kymo_ratio(10, 1), 20);
    wfdb_add_signal(&m, "A", 1, KYMO_I16)->unit = "deg C";
    wfdb_write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "the unit \"deg C\" of A has a blank, which WFDB cannot hold");
    m.c.lossy = true;
    wfdb_write_rec(&m);
    assert_warned(&m.c.told, "the unit \"deg C\" of A has a blank, which WFDB cannot hold: _ in its place");
    wfdb_read_rec(&m, NULL, &t);
    assert_string_equal(t.hdr.signal[0].unit, "deg_C");
    taken_free(&t);
    wfdb_made_release(&m);
}

static void real_numbers_are_refused_or_rounded(void **state)
{
    struct wfdb_made m;
    struct taken t;
    (void)state;

    wfdb_made_init(&m, kymo_ratio(10, 1), 20);
    struct kymo_signal *sig = wfdb_add_signal(&m, "A", 1, KYMO_F64);
    sig->gain = 10;
    sig->baseline = 5;
    wfdb_write_rec(&m);                /* multiples of 1/64: decimals of 6 digits */
    assert_int_equal(m.c.rc, 0);
    assert_int_equal(m.c.told.n, 0);
    wfdb_read_rec(&m, NULL, &t);
    assert_true(t.hdr.signal[0].gain == 1e6 && t.hdr.signal[0].baseline == 0);
    for (int64_t i = 0; i < 20; i++) {
        const double x = wfdb_real_of(&m, 0, i), y = t.trace[0].physical[i];
        assert_true(x == y || (isnan(x) && isnan(y)));
    }
    taken_free(&t);
    m.c.variant = "16";
    wfdb_write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "A holds real numbers, no decimals like sample ");
    assert_error(&m.c.e, KYMO_EDATA, "that integers up to 32767 tell with a gain of a power of 10; --lossy rounds them");
    m.c.lossy = true;
    wfdb_write_rec(&m);
    assert_int_equal(m.c.rc, 0);
    assert_warned(&m.c.told, "values of A rounded, by up to 0.0");
    wfdb_read_rec(&m, NULL, &t);
    for (int64_t i = 0; i < 20; i++) {
        const double x = wfdb_real_of(&m, 0, i);
        assert_int_equal(t.trace[0].digital[i], isnan(x) ? KYMO_MISSING : (int)nearbyint(x * 10 + 5));
    }
    taken_free(&t);
    sig->digital_min = (double)NAN;
    wfdb_write_rec(&m);                /* all 16 bits for the range that is there */
    assert_int_equal(m.c.rc, 0);
    assert_warned(&m.c.told, "values of A rounded, by up to 0.00");
    wfdb_read_rec(&m, NULL, &t);
    double low = INFINITY, high = -INFINITY;
    for (int64_t i = 0; i < 20; i++) {
        low = fmin(low, wfdb_real_of(&m, 0, i));
        high = fmax(high, wfdb_real_of(&m, 0, i));
    }
    assert_true(fabs(t.hdr.signal[0].gain * (high - low) - 65533) < 1e-6);
    for (int64_t i = 0; i < 20; i++) {
        const double x = wfdb_real_of(&m, 0, i), y = t.trace[0].physical[i];
        assert_true(isnan(x) ? isnan(y) : fabs(x - y) <= 0.5000001 * (high - low) / 65533);
    }
    taken_free(&t);
    wfdb_made_release(&m);
}

static void names_that_no_record_can_have_are_wrong_use(void **state)
{
    static const char *const names[] = {"/tmp/.hea/", ".hea/", "/tmp/a b", "/tmp/#x"};
    struct wfdb_made m;
    const struct kymo_log log = {0};
    (void)state;

    wfdb_made_init(&m, kymo_ratio(10, 1), 20);
    wfdb_add_signal(&m, "A", 1, KYMO_I16);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct kymo_err e = {0};
        assert_null(kymo_create_file(kymo_format_named("wfdb"), names[i], &m.hdr, 0, false, &log, &e));
        assert_error(&e, KYMO_EUSAGE, "is no name for a WFDB record");
    }
    wfdb_made_release(&m);
}

/* ---- failure ---- */

static size_t count_files(const struct folder *f)
{
    DIR *dir = opendir(f->path);
    size_t n = 0;

    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir));)
        n += d->d_name[0] != '.';
    closedir(dir);
    return n;
}

static void assert_holds(const struct folder *f, const char *name, const char *text)
{
    char path[160], held[64] = "";
    FILE *file = fopen(folder_path(f, name, path), "rb");

    assert_non_null(file);
    assert_int_equal(fread(held, 1, sizeof held - 1, file), strlen(text));
    fclose(file);
    assert_string_equal(held, text);
}

static void a_failure_leaves_the_old_record(void **state)
{
    static const char *const name[] = {"rec.hea", "rec.dat", "rec.atr", "rec_0001.dat"};
    struct kymo_event ev = wfdb_event_at(S, "N", "");
    struct wfdb_made m;
    (void)state;

    for (int way = 0; way < 3; way++) {
        wfdb_made_with_track(&m, &ev, 1);
        for (size_t i = 0; i < COUNT_OF(name); i++)
            folder_put(&m.f, name[i], "old", 3);
        wfdb_add_gap(&m, 3000, 2000);
        if (way == 0) {
            m.odd_at = 4990;
            m.odd_value = 40000;
        } else if (way == 1) {
            m.extra = 1;       /* found out by finish: B lacks a sample */
            m.hdr.signal[0].rate = kymo_ratio(400, 1);
        } else {
            m.hdr.start.has_date = true;   /* by the header, which is written last */
        }
        wfdb_write_rec(&m);
        assert_error(&m.c.e, KYMO_EDATA, way == 0 ? "is 40000" : way == 1 ? "B ends inside a frame" : "the start has a date");
        for (size_t i = 0; i < COUNT_OF(name); i++)
            assert_holds(&m.f, name[i], "old");
        assert_int_equal(count_files(&m.f), COUNT_OF(name));
        m.odd_at = -1;
        m.extra = 0;
        m.hdr.signal[0].rate = kymo_ratio(100, 1);
        m.hdr.start.has_date = false;
        wfdb_write_rec(&m);
        assert_wfdb_copied(&m.c);
        assert_int_equal(count_files(&m.f), 7);   /* and rec_0001.hea, rec_0002.hea, rec_0002.dat */
        wfdb_made_release(&m);
    }
}

static void a_header_that_cannot_be_written_leaves_the_samples(void **state)
{
    struct wfdb_made m;
    char path[160];
    (void)state;

    wfdb_made_init(&m, kymo_ratio(100, 1), 10);
    wfdb_add_signal(&m, "A", 1, KYMO_I16);
    folder_put(&m.f, "rec.dat", "old", 3);
    assert_int_equal(mkdir(folder_path(&m.f, "rec.hea", path), 0700), 0);
    wfdb_write_rec(&m);
    assert_error(&m.c.e, KYMO_EIO, "rec.hea: cannot be written");
    assert_holds(&m.f, "rec.dat", "old");
    assert_int_equal(count_files(&m.f), 2);
    assert_int_equal(remove(path), 0);
    wfdb_made_release(&m);
}

static void a_writer_that_is_given_up_leaves_nothing(void **state)
{
    const struct kymo_log log = {0};
    struct kymo_err e = {0};
    struct wfdb_made m;
    char to[160];
    (void)state;

    for (int flac = 0; flac < 2; flac++) {
        wfdb_made_init(&m, kymo_ratio(100, 1), 10);
        wfdb_add_signal(&m, "A", 1, KYMO_I16);
        struct kymo_writer *w = kymo_create_variant(kymo_format_named("wfdb"), flac ? "516" : NULL,
                                                    folder_path(&m.f, "rec", to), &m.hdr, 0, false, &log, &e);
        assert_non_null(w);
        assert_int_equal(count_files(&m.f), 1);
        kymo_writer_destroy(w);
        assert_int_equal(count_files(&m.f), 0);
        wfdb_made_release(&m);
    }
}

static void strictness_makes_a_loss_a_failure(void **state)
{
    struct wfdb_made m;
    (void)state;

    wfdb_made_init(&m, kymo_ratio(10, 1), 20);
    wfdb_add_signal(&m, "A", 1, KYMO_I16)->unit = "deg C";
    m.c.lossy = m.c.strict = true;
    wfdb_write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "the unit \"deg C\"");
    assert_int_equal(count_files(&m.f), 0);
    wfdb_made_release(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_has_the_same_bytes),
        cmocka_unit_test(a_copy_in_another_format_has_the_same_samples),
        cmocka_unit_test(mitdb_100_is_copied_whole),
        cmocka_unit_test(signals_of_any_rates_and_widths_come_back),
        cmocka_unit_test(every_format_holds_its_limits),
        cmocka_unit_test(the_value_of_missing_samples_is_refused),
        cmocka_unit_test(flac_files_have_eight_signals_of_one_rate),
        cmocka_unit_test(a_flac_file_tells_its_length),
        cmocka_unit_test(a_variant_that_is_none_is_wrong_use),
        cmocka_unit_test(gaps_come_back_as_they_were),
        cmocka_unit_test(segments_without_a_gap_are_one),
        cmocka_unit_test(a_gap_that_ends_between_frames_is_refused_or_moved),
        cmocka_unit_test(a_segment_inside_the_frame_before_it_is_moved_behind),
        cmocka_unit_test(a_segment_with_other_indices_is_refused),
        cmocka_unit_test(time_does_not_go_back),
        cmocka_unit_test(frames_that_are_not_full_are_refused_or_filled),
        cmocka_unit_test(a_part_of_a_record_stays_at_its_time),
        cmocka_unit_test(rates_without_a_common_frame_are_refused),
        cmocka_unit_test(a_baseline_that_is_not_whole_comes_back_and_is_told),
        cmocka_unit_test(the_header_is_that_of_header_5),
        cmocka_unit_test(calibration_and_texts_come_back_exactly),
        cmocka_unit_test(what_a_header_cannot_hold_is_told),
        cmocka_unit_test(labels_that_are_none_are_told_of), cmocka_unit_test(a_blank_in_a_unit_is_refused_or_replaced),
        cmocka_unit_test(real_numbers_are_refused_or_rounded),
        cmocka_unit_test(names_that_no_record_can_have_are_wrong_use),
        cmocka_unit_test(a_failure_leaves_the_old_record),
        cmocka_unit_test(a_header_that_cannot_be_written_leaves_the_samples),
        cmocka_unit_test(a_writer_that_is_given_up_leaves_nothing),
        cmocka_unit_test(strictness_makes_a_loss_a_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
