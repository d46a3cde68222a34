/* tests/unit/test_wfdb.c - WFDB records in a folder of their own; and the MIT-BIH ones where KYMO_DATA names them. */
#include "support.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define S KYMO_NS_PER_S

struct record {
    struct folder folder;
    struct taken taken;
    struct warnings warnings;
    struct kymo_err e;
    int rc;
};

static int make_record(void **state)
{
    struct record *r = calloc(1, sizeof *r);

    folder_make(&r->folder);
    *state = r;
    return 0;
}

static int remove_record(void **state)
{
    struct record *r = *state;

    taken_free(&r->taken);
    folder_remove(&r->folder);
    free(r);
    return 0;
}

static void put_header_file(struct record *r, const char *text) { folder_put(&r->folder, "x.hea", text, strlen(text)); }

/* Reads x as want says; warnings are kept, and failures where strict. */
static void read_record(struct record *r, const struct kymo_want *want, bool strict)
{
    struct kymo_want with_log = want ? *want : (struct kymo_want){.no_samples = false};
    char path[160];

    taken_free(&r->taken);
    r->e = (struct kymo_err){0};
    r->warnings = (struct warnings){0};
    with_log.log = log_to(&r->warnings, strict);
    r->rc = read_path(folder_path(&r->folder, "x", path), &with_log, &r->taken, &r->e);
}

/* n samples of 16 bits: first, first + 1, ... */
static void put_16(struct record *r, const char *name, int first, size_t n)
{
    struct bytes b = {0};

    for (size_t i = 0; i < n; i++)
        put_le(&b, (uint64_t)(first + (int64_t)i), 2);
    folder_put(&r->folder, name, b.p ? (const void *)b.p : "", b.n);
    bytes_free(&b);
}

/* n samples of 12 bits, two in three bytes. */
static void put_212(struct record *r, const char *name, const int *x, size_t n)
{
    struct bytes b = {0};

    for (size_t i = 0; i < n; i += 2) {
        const unsigned a = (unsigned)x[i] & 0xfff, c = i + 1 < n ? (unsigned)x[i + 1] & 0xfff : 0;
        put_le(&b, a & 0xff, 1);
        put_le(&b, a >> 8 | c >> 8 << 4, 1);
        if (i + 1 < n)
            put_le(&b, c & 0xff, 1);
    }
    folder_put(&r->folder, name, b.p, b.n);
    bytes_free(&b);
}

/* ---- samples ---- */

static void interleaved_signals_are_taken_apart(void **state)
{
    struct record *r = *state;

    put_header_file(r, "x 2 100 5\nx.dat 16 10(1) 16 0 0 20 0 a\nx.dat 16 10 16 0 1 25 0 b\n");
    put_16(r, "x.dat", 0, 10);
    read_record(r, NULL, true);
    assert_int_equal(r->rc, 0);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(r->taken.trace[0].digital[i], 2 * i);
        assert_int_equal(r->taken.trace[1].digital[i], 2 * i + 1);
        assert_true(r->taken.trace[0].physical[i] == (2 * i - 1) / 10.0);
        assert_int_equal(r->taken.trace[0].time_ns[i], 10000000 * i);
    }
    assert_int_equal(r->taken.hdr.duration_ns, 50000000);
    assert_string_equal(r->taken.hdr.format, "wfdb");
}

static void odd_counts_of_12_bits_come_whole(void **state)
{
    static const int x[] = {1, -1, 2047, -2047, -2048, 5, 1000};
    struct record *r = *state;

    for (size_t n = 1; n <= COUNT_OF(x); n++) {
        char text[80];
        snprintf(text, sizeof text, "x 1 100 %zu\nx.dat 212\n", n);
        put_header_file(r, text);
        put_212(r, "x.dat", x, n);
        read_record(r, NULL, true);
        assert_int_equal(r->rc, 0);
        assert_int_equal(r->taken.trace[0].n, n);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(r->taken.trace[0].digital[i], x[i] == -2048 ? KYMO_MISSING : x[i]);
    }
    assert_true(isnan(r->taken.trace[0].physical[4]));
}

static void a_signal_may_have_several_samples_in_a_frame(void **state)
{
    struct record *r = *state;

    put_header_file(r, "x 2 0.1 3\nx.dat 16x4 1 16 0 0 0 0 fast\nx.dat 16\n");
    folder_put(&r->folder, "x.dat", "\0\0\1\0\2\0\3\0\4\0" "\5\0\6\0\7\0\x8\0\x9\0" "\xa\0\xb\0\xc\0\xd\0\xe\0", 30);
    read_record(r, NULL, false);
    assert_int_equal(r->taken.hdr.signal[0].rate.num, 2);
    assert_int_equal(r->taken.hdr.signal[0].rate.den, 5);
    assert_int_equal(r->taken.trace[0].n, 12);
    assert_int_equal(r->taken.trace[1].n, 3);
    for (int i = 0; i < 12; i++)
        assert_int_equal(r->taken.trace[0].digital[i], i / 4 * 5 + i % 4);
    assert_int_equal(r->taken.trace[1].digital[2], 14);
    assert_int_equal(r->taken.trace[0].time_ns[1], 2500000000);
}

static void signals_may_lie_in_several_files_at_offsets(void **state)
{
    static const char *const last[] = {"c"};
    const struct kymo_want want = {.signal = last, .n_signals = 1};
    struct record *r = *state;

    put_header_file(r, "x 3 100 4\na.dat 16+6 1 16 0 0 0 0 a\nb.dat 16 1 16 0 0 0 0 b\nb.dat 16 1 16 0 0 0 0 c\n");
    put_16(r, "a.dat", 100, 7);
    put_16(r, "b.dat", 200, 8);
    read_record(r, NULL, false);
    assert_int_equal(r->rc, 0);
    assert_int_equal(r->taken.trace[0].digital[0], 103);
    assert_int_equal(r->taken.trace[1].digital[3], 206);
    assert_int_equal(r->taken.trace[2].digital[3], 207);
    char path[160];
    remove(folder_path(&r->folder, "a.dat", path));    /* not needed for the last signal */
    read_record(r, &want, false);
    assert_int_equal(r->rc, 0);
    assert_int_equal(r->taken.trace[0].digital[0], 201);
    read_record(r, NULL, false);
    assert_int_equal(r->rc, KYMO_EIO);
    assert_error(&r->e, KYMO_EIO, "x.hea:2: no signal file \"a.dat\"");
}

static void a_changed_sample_is_told_by_its_checksum(void **state)
{
    struct record *r = *state;

    put_header_file(r, "x 1 100 5\nx.dat 16 1 16 0 0 10 0 ecg\n");
    put_16(r, "x.dat", 0, 5);
    read_record(r, NULL, true);
    assert_int_equal(r->rc, 0);
    put_16(r, "x.dat", 1, 5);
    read_record(r, NULL, false);
    assert_int_equal(r->rc, 0);
    assert_warned(&r->warnings, "x.hea:2: checksum of ecg is 15, the header says 10");
    read_record(r, NULL, true);
    assert_error(&r->e, KYMO_EDATA, "checksum of ecg");
}

static void a_part_has_no_checksum(void **state)
{
    const struct kymo_want begin = {.to_set = true, .to_ns = S}, end = {.from_set = true, .from_ns = 999 * S};
    struct record *r = *state;

    put_header_file(r, "x 1 100 100000\nx.dat 16 1 16 0 0 999 0 ecg\n");
    put_16(r, "x.dat", 0, 100000);
    read_record(r, &begin, true);
    assert_int_equal(r->rc, 0);
    assert_int_equal(r->taken.trace[0].n, 100);
    read_record(r, &end, true);
    assert_int_equal(r->rc, 0);
    assert_int_equal(r->taken.trace[0].n, 100);
}

static void a_short_file_gives_what_it_has_and_a_warning(void **state)
{
    struct record *r = *state;

    put_header_file(r, "x 2 100 1000\nx.dat 16 1 16 0 0 1 0 a\nx.dat 16 1 16 0 0 1 0 b\n");
    put_16(r, "x.dat", 0, 21);
    read_record(r, NULL, false);
    assert_int_equal(r->rc, 0);
    assert_warned(&r->warnings, "x.dat:42: file ends after 10 of 1000 samples");
    assert_int_equal(r->taken.trace[1].n, 10);
    assert_int_equal(r->taken.hdr.duration_ns, 100000000);
    read_record(r, NULL, true);
    assert_int_equal(r->rc, KYMO_EDATA);
}

static void a_length_that_is_not_told_is_the_files(void **state)
{
    struct record *r = *state;

    put_header_file(r, "x 1 100\nx.dat 16\n");
    put_16(r, "x.dat", 0, 12345);
    read_record(r, NULL, true);
    assert_int_equal(r->rc, 0);
    assert_int_equal(r->taken.trace[0].n, 12345);
    assert_int_equal(r->taken.hdr.signal[0].n_samples, 12345);
}

static void any_stretch_is_that_part_of_the_whole(void **state)
{
    struct record *r = *state;
    struct dice d = {80};
    struct taken all;
    char path[160];
    int *x = malloc(100001 * sizeof *x);

    for (size_t i = 0; i < 100001; i++)
        x[i] = (int)roll_below(&d, 4096) - 2048;
    put_header_file(r, "x 1 360 100001\nx.dat 212 200 12 0 0 0 0 x\n");
    put_212(r, "x.dat", x, 100001);
    assert_int_equal(read_path(folder_path(&r->folder, "x", path), NULL, &all, &r->e), 0);
    for (int k = 0; k < 40; k++) {
        const int64_t from = roll_between(&d, 0, 280 * S), to = from + roll_between(&d, 1, k % 2 ? S : 280 * S);
        const struct kymo_want want = {.from_set = true, .to_set = true, .from_ns = from, .to_ns = to};
        const struct kymo_ratio rate = {360, 1};
        const int64_t first = kymo_index_at(rate, from), end = kymo_index_at(rate, to);
        const int64_t most = 100001, n = (end < most ? end : most) - (first < most ? first : most);
        read_record(r, &want, false);
        assert_int_equal(r->rc, 0);
        assert_int_equal(r->taken.trace[0].n, n);
        for (int64_t i = 0; i < n; i++) {
            assert_int_equal(r->taken.trace[0].index[i], first + i);
            assert_int_equal(r->taken.trace[0].digital[i], all.trace[0].digital[first + i]);
        }
    }
    taken_free(&all);
    free(x);
}

static void claims_allocate_nothing_and_overflow_nothing(void **state)
{
    static const char *const refused[] = {"x 1 1e12\nx.dat 16x1048576\n", "x 1 1 4503599627370496\nx.dat 16x1048576\n"};
    struct record *r = *state;
    struct kymo_block *b;
    char path[160];

    put_16(r, "x.dat", 0, 5);
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        put_header_file(r, refused[i]);
        read_record(r, NULL, false);
        assert_int_equal(r->rc, KYMO_EFORMAT);
        assert_error(&r->e, KYMO_EFORMAT, "samples per frame are too many");
    }
    put_header_file(r, "x 2 1\nx.dat 16x1048576\nx.dat 16x1048576\n");
    struct kymo_reader *reader = kymo_open(folder_path(&r->folder, "x", path), NULL, &r->e);
    assert_non_null(reader);
    assert_int_equal(kymo_read(reader, &b, &r->e), 0);
    assert_int_equal(reader->block.span[0].cap, 0);
    kymo_close(reader);
}

static void formats_that_do_not_go_together_are_refused(void **state)
{
    struct record *r = *state;

    put_16(r, "x.dat", 0, 5);
    put_header_file(r, "x 2 1\nx.dat 16\nx.dat 212\n");
    read_record(r, NULL, false);
    assert_error(&r->e, KYMO_EFORMAT, "x.hea:3: formats 212 and 16 in one file");
    put_header_file(r, "x 1 1\nx.dat 17\n");
    read_record(r, NULL, false);
    assert_error(&r->e, KYMO_EFORMAT, "x.hea:2: signal format 17");
}

/* ---- annotations ---- */

static void put_annotations(struct record *r, bool whole)
{
    struct bytes b = {0};

    put_le(&b, 1 << 10 | 2, 2);          /* N at sample 2 */
    put_le(&b, 28 << 10 | 1, 2);         /* + at 3, "(AFIB", of signal 1 */
    put_le(&b, 62 << 10 | 1, 2);
    put_le(&b, 63 << 10 | 5, 2);
    put_bytes(&b, "(AFIB\0", 6);
    put_le(&b, 5 << 10 | 100, 2);        /* V at 103, behind the last sample */
    if (whole)
        put_le(&b, 0, 2);
    folder_put(&r->folder, "x.atr", b.p, b.n);
    bytes_free(&b);
}

static const struct kymo_want with_atr = {.annotator = "atr"};

static void annotations_come_with_the_samples_they_lie_in(void **state)
{
    struct record *r = *state;

    put_header_file(r, "x 2 100 5\nx.dat 16 1 16 0 0 20 0 a\nx.dat 16 1 16 0 0 25 0 b\n");
    put_16(r, "x.dat", 0, 10);
    put_annotations(r, true);
    read_record(r, &with_atr, true);
    assert_int_equal(r->rc, 0);
    const struct kymo_event *ev = r->taken.event;
    assert_int_equal(r->taken.n_events, 3);
    assert_true(ev[0].time_ns == 20000000 && ev[0].sample == 2 && ev[0].signal == -1);
    assert_string_equal(ev[0].type, "N");
    assert_true(ev[1].time_ns == 30000000 && ev[1].signal == 1);
    assert_string_equal(ev[1].text, "(AFIB");
    assert_string_equal(ev[2].type, "V");
    assert_string_equal(r->taken.hdr.track[0], "atr");
}

static void annotations_need_no_signal_files(void **state)
{
    const struct kymo_want want = {.annotator = "atr", .no_samples = true};
    struct record *r = *state;

    put_header_file(r, "x 2 100 5\nabsent.dat 16\nabsent.dat 16\n");
    put_annotations(r, true);
    read_record(r, &want, true);
    assert_int_equal(r->rc, 0);
    assert_int_equal(r->taken.n_events, 3);
}

static void a_window_without_annotations_is_no_error(void **state)
{
    const struct kymo_want want = {.annotator = "atr", .no_samples = true, .from_set = true, .from_ns = 500 * S};
    struct record *r = *state;

    put_header_file(r, "x 0 100\n");
    put_annotations(r, true);
    read_record(r, &want, true);
    assert_int_equal(r->rc, 0);
    assert_int_equal(r->taken.n_events, 0);
}

static void cut_annotations_are_told_and_used_so_far(void **state)
{
    const struct kymo_want want = {.annotator = "atr", .no_samples = true};
    struct record *r = *state;

    put_header_file(r, "x 0 100\n");
    put_annotations(r, false);
    read_record(r, &want, false);
    assert_int_equal(r->rc, 0);
    assert_true(r->taken.n_events >= 2);
    assert_warned(&r->warnings, "annotations stop without an end mark");
    read_record(r, &want, true);
    assert_int_equal(r->rc, KYMO_EDATA);
}

static void an_annotator_that_is_not_there_is_named(void **state)
{
    struct record *r = *state;

    put_header_file(r, "x 0 100\n");
    read_record(r, &with_atr, false);
    assert_int_equal(r->rc, KYMO_EIO);
    assert_error(&r->e, KYMO_EIO, "no annotations \"atr\"");
}

static void a_resolution_of_their_own_sets_the_times(void **state)
{
    const struct kymo_want want = {.annotator = "atr", .no_samples = true};
    struct record *r = *state;
    struct bytes b = {0};

    put_le(&b, 22 << 10, 2);
    put_le(&b, 63 << 10 | 24, 2);
    put_text(&b, "## time resolution: 1000");
    put_le(&b, 1 << 10 | 500, 2);
    put_le(&b, 0, 2);
    folder_put(&r->folder, "x.atr", b.p, b.n);
    bytes_free(&b);
    put_header_file(r, "x 0 100\n");
    read_record(r, &want, true);
    assert_int_equal(r->taken.n_events, 1);
    assert_int_equal(r->taken.event[0].time_ns, S / 2);
    assert_int_equal(r->taken.event[0].sample, 50);
}

/* ---- real records ---- */

static void every_record_of_mitdb_has_its_checksums(void **state)
{
    const char *data = getenv("KYMO_DATA");
    char path[400];
    int n_records = 0;
    (void)state;

    if (!data) {
        print_message("KYMO_DATA names no folder: skipped\n");
        skip();
    }
    snprintf(path, sizeof path, "%s/mitdb", data);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir));) {
        const char *ending = strstr(d->d_name, ".hea");
        struct warnings w = {0};
        struct kymo_err e = {0};
        struct kymo_want want = {.annotator = "atr", .log = log_to(&w, true)};
        struct kymo_block *b;
        int64_t n = 0;
        int rc;
        if (!ending || ending[4])
            continue;
        snprintf(path, sizeof path, "%s/mitdb/%s", data, d->d_name);
        struct kymo_reader *r = kymo_open(path, &want, &e);
        assert_non_null(r);
        while ((rc = kymo_read(r, &b, &e)) > 0)
            n += (int64_t)b->span[0].n;
        if (rc < 0)
            assert_error(&e, 0, "no error at all");
        assert_int_equal(n, 650000);
        kymo_close(r);
        n_records++;
    }
    closedir(dir);
    assert_true(n_records > 40);
}

#define WITH_RECORD(test) cmocka_unit_test_setup_teardown(test, make_record, remove_record)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RECORD(interleaved_signals_are_taken_apart),
        WITH_RECORD(odd_counts_of_12_bits_come_whole),
        WITH_RECORD(a_signal_may_have_several_samples_in_a_frame),
        WITH_RECORD(signals_may_lie_in_several_files_at_offsets),
        WITH_RECORD(a_changed_sample_is_told_by_its_checksum),
        WITH_RECORD(a_part_has_no_checksum),
        WITH_RECORD(a_short_file_gives_what_it_has_and_a_warning),
        WITH_RECORD(a_length_that_is_not_told_is_the_files),
        WITH_RECORD(any_stretch_is_that_part_of_the_whole),
        WITH_RECORD(claims_allocate_nothing_and_overflow_nothing),
        WITH_RECORD(formats_that_do_not_go_together_are_refused),
        WITH_RECORD(annotations_come_with_the_samples_they_lie_in),
        WITH_RECORD(annotations_need_no_signal_files),
        WITH_RECORD(a_window_without_annotations_is_no_error),
        WITH_RECORD(cut_annotations_are_told_and_used_so_far),
        WITH_RECORD(an_annotator_that_is_not_there_is_named),
        WITH_RECORD(a_resolution_of_their_own_sets_the_times),
        cmocka_unit_test(every_record_of_mitdb_has_its_checksums),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
