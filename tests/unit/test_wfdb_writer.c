/* tests/unit/test_wfdb_writer.c - WFDB records as kymo writes them, judged by reading them back: header, samples, segments and
 * events are what was written, and the reader, which verifies checksums, has nothing to warn of.
 *
 * The samples of a made recording are a function of signal and index. Whole real records (mitdb/100) need $KYMO_DATA. */
#include "support.h"

#include "lib/vocabulary.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define S KYMO_NS_PER_S
#define MOST_SEGMENTS 4

/* ---- copying ---- */

struct copying {
    const char *variant;
    bool lossy, strict;
    int rc;
    struct warnings told;
    struct kymo_err e;
};

/* From a path to the record "rec" of f. */
static void copy_record(struct copying *c, const char *from, const char *annotator, const struct folder *f, const char *name)
{
    const struct kymo_log log = log_to(&c->told, c->strict);
    const struct kymo_want want = {.annotator = annotator};
    char to[160];
    struct kymo_block *b;
    struct kymo_reader *r = kymo_open(from, &want, &c->e);

    if (!r)
        assert_error(&c->e, 0, "no error at all");
    struct kymo_writer *w = kymo_create_variant(kymo_format_named("wfdb"), c->variant, folder_path(f, name, to), &r->hdr, 0,
                                                c->lossy, &log, &c->e);
    c->rc = w ? 0 : (int)c->e.cause[0].code;
    while (c->rc == 0 && (c->rc = kymo_read(r, &b, &c->e)) > 0)
        c->rc = kymo_write(w, b, &c->e);
    if (c->rc == 0)
        c->rc = kymo_write_finish(w, &c->e);
    kymo_writer_destroy(w);
    kymo_close(r);
}

static void must(const struct copying *c)
{
    if (c->rc < 0)
        assert_error(&c->e, 0, "no error at all");
    if (c->told.n > 0)
        fail_msg("warning \"%s\"", c->told.text[0]);
}

/* All of a record, which must read without a warning. */
static void read_back(const char *path, const char *annotator, struct taken *t)
{
    struct warnings told = {0};
    struct kymo_err e = {0};
    const struct kymo_want want = {.annotator = annotator, .log = log_to(&told, true)};

    if (read_path(path, &want, t, &e) < 0)
        assert_error(&e, 0, "no error at all");
}

static void assert_same_file(const char *a, const char *b)
{
    FILE *x = fopen(a, "rb"), *y = fopen(b, "rb");
    int c = 0, d = 0;
    long at = 0;

    assert_non_null(x);
    assert_non_null(y);
    for (; c == d && c != EOF; at++)
        c = getc(x), d = getc(y);
    if (c != d)
        fail_msg("%s and %s differ at byte %ld", a, b, at - 1);
    fclose(x);
    fclose(y);
}

static void assert_copies_whole(const char *from, const char *name, const char *annotator, const char *variant, bool same_bytes)
{
    struct folder f;
    struct taken there, back;
    struct copying c = {.variant = variant};
    char to[160], dat[200], source[200];

    folder_make(&f);
    copy_record(&c, from, annotator, &f, name);
    must(&c);
    folder_path(&f, name, to);
    read_back(from, annotator, &there);
    read_back(to, annotator, &back);
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

struct made {
    struct kymo_header hdr;
    size_t n_segments;
    struct {
        int64_t start_ns, first_frame, n_frames;
    } segment[MOST_SEGMENTS];
    int64_t extra;               /* samples of signal 0 behind its last frame */
    struct kymo_ratio frame_rate;
    int bits;                    /* of the values */
    const struct kymo_event *event;
    size_t n_events;
    int32_t odd_value;           /* of signal 0 at index odd_at */
    int64_t odd_at;
    struct copying c;
    struct folder f;
};

static void made_init(struct made *m, struct kymo_ratio frame_rate, int64_t n_frames)
{
    *m = (struct made){.frame_rate = frame_rate, .n_segments = 1, .bits = 11, .odd_at = -1};
    m->segment[0].n_frames = n_frames;
    kymo_header_init(&m->hdr);
    m->hdr.record = "rec";
    m->hdr.format = "wfdb";
    folder_make(&m->f);
}

static void made_release(struct made *m)
{
    kymo_header_release(&m->hdr);
    folder_remove(&m->f);
}

static struct kymo_signal *add_signal(struct made *m, const char *label, int64_t per_frame, enum kymo_storage storage)
{
    struct kymo_err e = {0};
    struct kymo_signal *sig = kymo_header_signal(&m->hdr, &e);

    assert_non_null(sig);
    sig->label = label;
    sig->unit = "mV";
    sig->kind = kymo_kind_of(label, "mV");
    sig->rate = kymo_ratio(m->frame_rate.num * per_frame, m->frame_rate.den);
    sig->storage = storage;
    sig->calibrated = sig->can_miss = true;
    sig->gain = 200 + (double)m->hdr.n_signals / 3;
    sig->baseline = -(double)m->hdr.n_signals;
    sig->digital_min = -2048, sig->digital_max = 2047;
    return sig;
}

static int64_t per_frame(const struct made *m, size_t s)
{
    const struct kymo_ratio r = kymo_ratio(m->hdr.signal[s].rate.num * m->frame_rate.den,
                                           m->hdr.signal[s].rate.den * m->frame_rate.num);
    return r.num;
}

static int32_t value_of(const struct made *m, size_t s, int64_t i)
{
    struct dice d = {(uint64_t)i * 64 + s};
    const int64_t half = INT64_C(1) << (m->bits - 1);

    if (s == 0 && i == m->odd_at)
        return m->odd_value;
    if (roll_below(&d, 10) == 0)
        return KYMO_MISSING;
    return (int32_t)roll_between(&d, -half + 1, half - 1);
}

static double real_of(const struct made *m, size_t s, int64_t i)
{
    const int32_t v = value_of(m, s, i);

    return v == KYMO_MISSING ? (double)NAN : v / 64.0;
}

/* The samples of one stretch of a segment, in frames of 1/16. */
static void fill_block(const struct made *m, size_t k, int64_t from, int64_t to, struct kymo_block *b)
{
    struct kymo_err e = {0};

    kymo_block_clear(b);
    b->segment_ns = m->segment[k].start_ns;
    b->new_segment = k > 0 && from == 0;
    for (size_t s = 0; s < m->hdr.n_signals; s++) {
        const int64_t n = per_frame(m, s), first = m->segment[k].first_frame * n;
        const int64_t extra = s == 0 && to == 16 * m->segment[k].n_frames ? m->extra : 0;
        const int64_t a = (from * n + 15) / 16, z = (to * n + 15) / 16 + extra;
        assert_int_equal(kymo_block_reserve(b, s, (size_t)(z - a), &e), 0);
        b->span[s].segment_first = first;
        b->span[s].first = first + a;
        b->span[s].n = (size_t)(z - a);
        for (int64_t i = 0; i < z - a; i++)
            if (kymo_storage_is_integer(m->hdr.signal[s].storage))
                b->span[s].digital[i] = value_of(m, s, first + a + i);
            else
                b->span[s].physical[i] = real_of(m, s, first + a + i);
    }
}

static int write_made(struct made *m, struct kymo_writer *w, struct dice *d)
{
    struct kymo_block b;
    int rc = 0;
    size_t done = 0;

    kymo_block_init(&b, &m->hdr);
    for (size_t s = 0; s < m->hdr.n_signals; s++)
        assert_int_equal(kymo_block_reserve(&b, s, 0, &m->c.e), 0);
    for (size_t k = 0; rc == 0 && k < m->n_segments; k++)
        for (int64_t at = 0, to; rc == 0 && at < 16 * m->segment[k].n_frames; at = to) {
            to = at + roll_between(d, 1, 16 * 400);
            to = to < 16 * m->segment[k].n_frames ? to : 16 * m->segment[k].n_frames;
            fill_block(m, k, at, to, &b);
            if (done < m->n_events)
                assert_int_equal(kymo_block_event(&b, &m->event[done++], &m->c.e), 0);
            rc = kymo_write(w, &b, &m->c.e);
        }
    for (; rc == 0 && done < m->n_events; done++)
        rc = kymo_write_event(w, &m->event[done], &m->c.e);
    kymo_block_release(&b);
    return rc == 0 ? kymo_write_finish(w, &m->c.e) : rc;
}

static void write_rec(struct made *m)
{
    const struct kymo_log log = log_to(&m->c.told, m->c.strict);
    struct dice d = {(uint64_t)m->hdr.n_signals};
    char to[160];

    m->c.e = (struct kymo_err){0};
    m->c.told.n = 0;
    struct kymo_writer *w = kymo_create_variant(kymo_format_named("wfdb"), m->c.variant, folder_path(&m->f, "rec", to), &m->hdr,
                                                0, m->c.lossy, &log, &m->c.e);
    m->c.rc = w ? write_made(m, w, &d) : (int)m->c.e.cause[0].code;
    kymo_writer_destroy(w);
}

static void read_rec(struct made *m, const char *annotator, struct taken *t)
{
    char path[160];

    read_back(folder_path(&m->f, "rec", path), annotator, t);
}

/* What was read are the samples of m, at their places. */
static void assert_samples(const struct made *m, const struct taken *t)
{
    assert_int_equal(t->hdr.n_signals, m->hdr.n_signals);
    for (size_t s = 0; s < m->hdr.n_signals; s++) {
        size_t at = 0;
        for (size_t k = 0; k < m->n_segments; k++) {
            const int64_t first = m->segment[k].first_frame * per_frame(m, s);
            for (int64_t i = 0; i < m->segment[k].n_frames * per_frame(m, s); i++, at++) {
                assert_true(at < t->trace[s].n);
                if (t->trace[s].index[at] != first + i || t->trace[s].digital[at] != value_of(m, s, first + i) ||
                    t->trace[s].time_ns[at] != m->segment[k].start_ns + kymo_time_of(m->hdr.signal[s].rate, i))
                    fail_msg("signal %zu, sample %zu: %d of index %lld at %lld ns, not %d of %lld", s, at,
                             t->trace[s].digital[at], (long long)t->trace[s].index[at], (long long)t->trace[s].time_ns[at],
                             value_of(m, s, first + i), (long long)(first + i));
            }
        }
        assert_int_equal(t->trace[s].n, at);
    }
    assert_int_equal(t->n_segments, m->n_segments - 1);
}

/* As if the header were read from the record. */
static void expect_lengths(struct made *m)
{
    const size_t last = m->n_segments - 1;
    const bool whole = m->n_segments == 1 && m->segment[0].first_frame == 0;
    const int64_t end = m->segment[last].first_frame + m->segment[last].n_frames;

    m->hdr.duration_ns = kymo_time_of(m->frame_rate, end);
    for (size_t s = 0; s < m->hdr.n_signals; s++)
        m->hdr.signal[s].n_samples = whole ? end * per_frame(m, s) : KYMO_UNKNOWN;
}

static void assert_round_trip(struct made *m)
{
    struct taken t;

    write_rec(m);
    must(&m->c);
    read_rec(m, NULL, &t);
    expect_lengths(m);
    assert_same_header(&m->hdr, &t.hdr);
    assert_samples(m, &t);
    taken_free(&t);
}

static void signals_of_any_rates_and_widths_come_back(void **state)
{
    static const struct kymo_ratio rates[] = {{250, 1}, {1, 30}, {9999, 20}, {100000, 3}, {1, 1}};
    struct dice d = {1};
    (void)state;

    for (int round = 0; round < 60; round++) {
        struct made m;
        made_init(&m, rates[round % (int)COUNT_OF(rates)], roll_between(&d, 1, 3000));
        const size_t n = 1 + roll_below(&d, round % 7 == 0 ? 100 : 6);
        char label[100][24];
        for (size_t s = 0; s < n; s++) {
            snprintf(label[s], sizeof label[s], "S %zu", s);
            add_signal(&m, label[s], s == 0 ? 1 : roll_between(&d, 1, 5), (enum kymo_storage)roll_below(&d, 3));
        }
        assert_round_trip(&m);
        made_release(&m);
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
            struct made m;
            made_init(&m, kymo_ratio(360, 1), 1001);   /* odd: a last half unit of format 212 */
            add_signal(&m, "A", 1, formats[i].storage);
            m.c.variant = formats[i].variant;
            m.bits = formats[i].bits;
            m.odd_at = 500;
            m.odd_value = sign * (int32_t)((INT64_C(1) << (m.bits - 1)) - 1);
            assert_round_trip(&m);
            m.odd_value += m.bits < 32 ? sign : 0;
            write_rec(&m);
            if (m.bits < 32)
                assert_error(&m.c.e, KYMO_EDATA, "sample 500 of A is ");
            m.c.lossy = true;
            write_rec(&m);
            assert_int_equal(m.c.rc, 0);
            if (m.bits < 32)
                assert_warned(&m.c.told, "1 samples of A beyond ");
            made_release(&m);
        }
}

static void the_value_of_missing_samples_is_refused(void **state)
{
    struct made m;
    struct taken t;
    (void)state;

    made_init(&m, kymo_ratio(10, 1), 20);
    add_signal(&m, "A", 1, KYMO_I16)->can_miss = false;
    m.odd_at = 7;
    m.odd_value = -32768;
    write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "sample 7 of A is -32768, by which format 16 means \"no sample\"; a wider "
                                     "format holds it, --lossy makes it -32767");
    m.c.lossy = true;
    write_rec(&m);
    assert_warned(&m.c.told, "1 samples of A beyond -32767..32767 cut off, the first is sample 7, -32768");
    read_rec(&m, NULL, &t);
    assert_int_equal(t.trace[0].digital[7], -32767);
    taken_free(&t);
    made_release(&m);
}

static void flac_files_have_eight_signals_of_one_rate(void **state)
{
    struct made m;
    char label[20][8];
    struct stat st;
    char path[160];
    (void)state;

    made_init(&m, kymo_ratio(100, 1), 5000);
    for (size_t s = 0; s < 20; s++) {
        snprintf(label[s], sizeof label[s], "C%zu", s);
        add_signal(&m, label[s], s < 17 ? 2 : 1, KYMO_I16);
    }
    m.c.variant = "516";
    assert_round_trip(&m);
    assert_int_equal(stat(folder_path(&m.f, "rec.d3", path), &st), 0);   /* 8, 8, 1 and 3 */
    assert_int_equal(stat(folder_path(&m.f, "rec.d4", path), &st), -1);
    made_release(&m);
}

static void a_flac_file_tells_its_length(void **state)
{
    unsigned char head[42];
    struct made m;
    char path[160];
    (void)state;

    made_init(&m, kymo_ratio(100, 1), 70000);
    add_signal(&m, "A", 1, KYMO_I16);
    m.c.variant = "516";
    assert_round_trip(&m);
    FILE *file = fopen(folder_path(&m.f, "rec.dat", path), "rb");
    assert_non_null(file);
    assert_int_equal(fread(head, 1, sizeof head, file), sizeof head);
    fclose(file);
    assert_memory_equal(head, "fLaC", 4);
    const unsigned rate = (unsigned)head[18] << 12 | (unsigned)head[19] << 4 | head[20] >> 4;
    const unsigned length = (unsigned)head[22] << 24 | (unsigned)head[23] << 16 | (unsigned)head[24] << 8 | head[25];
    assert_int_equal(rate, 96000);
    assert_int_equal(length, 70000);
    made_release(&m);
}

static void a_variant_that_is_none_is_wrong_use(void **state)
{
    static const char *const none[] = {"17", "x", "", "310", "-16"};
    struct made m;
    (void)state;

    made_init(&m, kymo_ratio(100, 1), 1);
    add_signal(&m, "A", 1, KYMO_I16);
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        m.c.variant = none[i];
        write_rec(&m);
        assert_error(&m.c.e, KYMO_EUSAGE, "is none of the WFDB signal formats that kymo writes");
    }
    made_release(&m);
}

/* ---- gaps and frames ---- */

static void add_gap(struct made *m, int64_t first_frame, int64_t n_frames)
{
    m->segment[m->n_segments].first_frame = first_frame;
    m->segment[m->n_segments].start_ns = kymo_time_of(m->frame_rate, first_frame);
    m->segment[m->n_segments++].n_frames = n_frames;
}

static void gaps_come_back_as_they_were(void **state)
{
    static const char *const variants[] = {NULL, "212", "516"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(variants); i++)
        for (int late = 0; late < 2; late++) {
            struct made m;
            made_init(&m, kymo_ratio(50, 3), 333);
            if (late)
                m.n_segments = 0;
            add_signal(&m, "A", 3, KYMO_I16);
            add_signal(&m, "B", 1, KYMO_I16);
            add_gap(&m, 400, 1);
            add_gap(&m, 1000, 555);
            add_gap(&m, INT64_C(1) << 30, 10);
            m.c.variant = variants[i];
            assert_round_trip(&m);
            made_release(&m);
        }
}

static void segments_without_a_gap_are_one(void **state)
{
    struct made m;
    struct taken t;
    struct stat st;
    char path[160];
    (void)state;

    made_init(&m, kymo_ratio(100, 1), 100);
    add_signal(&m, "A", 1, KYMO_I16);
    add_gap(&m, 100, 50);
    write_rec(&m);
    must(&m.c);
    read_rec(&m, NULL, &t);
    assert_int_equal(t.trace[0].n, 150);
    assert_int_equal(t.trace[0].digital[149], value_of(&m, 0, 149));
    assert_int_equal(stat(folder_path(&m.f, "rec.dat", path), &st), 0);
    taken_free(&t);
    made_release(&m);
}

static void a_gap_that_ends_between_frames_is_refused_or_moved(void **state)
{
    struct made m;
    struct taken t;
    (void)state;

    made_init(&m, kymo_ratio(4, 1), 20);
    add_signal(&m, "A", 2, KYMO_I16);
    add_signal(&m, "B", 1, KYMO_I16);
    add_gap(&m, 40, 20);
    m.segment[1].start_ns += 60000000;
    write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "samples go on at 10.06 s behind a gap, between two of the record's frames, 4 a second; "
                                     "--lossy would move them by -0.06 s");
    m.c.lossy = true;
    write_rec(&m);
    assert_int_equal(m.c.rc, 0);
    assert_warned(&m.c.told, "1 segments moved to whole frames, by up to -0.06 s");
    read_rec(&m, NULL, &t);
    m.segment[1].start_ns -= 60000000;
    assert_samples(&m, &t);
    taken_free(&t);
    made_release(&m);
}

static void a_segment_inside_the_frame_before_it_is_moved_behind(void **state)
{
    struct made m;
    struct taken t;
    (void)state;

    made_init(&m, kymo_ratio(4, 1), 20);
    add_signal(&m, "A", 2, KYMO_I16);
    add_signal(&m, "B", 1, KYMO_I16);
    add_gap(&m, 20, 20);
    m.segment[1].start_ns += 60000000;
    m.extra = 1;                 /* of each segment: its last frame is filled up */
    m.c.lossy = true;
    write_rec(&m);
    assert_int_equal(m.c.rc, 0);
    assert_warned(&m.c.told, "1 segments moved to whole frames, by up to 0.19 s");
    read_rec(&m, NULL, &t);
    assert_int_equal(t.trace[1].n, 42);
    assert_int_equal(t.trace[1].digital[20], KYMO_MISSING);
    assert_int_equal(t.trace[1].digital[21], value_of(&m, 1, 20));
    assert_int_equal(t.trace[0].digital[42], value_of(&m, 0, 40));
    taken_free(&t);
    made_release(&m);
}

static void a_segment_with_other_indices_is_refused(void **state)
{
    struct made m;
    (void)state;

    made_init(&m, kymo_ratio(4, 1), 20);
    add_signal(&m, "A", 1, KYMO_I16);
    add_gap(&m, 40, 20);
    m.segment[1].first_frame++;
    write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "samples go on at 10 s behind a gap");
    made_release(&m);
}

static void time_does_not_go_back(void **state)
{
    struct made m;
    (void)state;

    made_init(&m, kymo_ratio(4, 1), 20);
    add_signal(&m, "A", 1, KYMO_I16);
    add_gap(&m, 10, 20);
    m.c.lossy = true;
    write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "samples at frame 10 follow frame 19: WFDB cannot go back");
    made_release(&m);
}

static void frames_that_are_not_full_are_refused_or_filled(void **state)
{
    struct made m;
    struct taken t;
    (void)state;

    made_init(&m, kymo_ratio(10, 1), 20);
    add_signal(&m, "A", 5, KYMO_I16);
    add_signal(&m, "B", 1, KYMO_I16);
    m.extra = 3;
    write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "A ends inside a frame, or before the others: 2 samples are not there to "
                                     "fill its frames of 5");
    m.c.lossy = true;
    write_rec(&m);
    assert_int_equal(m.c.rc, 0);
    assert_warned(&m.c.told, "3 missing samples added, the first to A, so that frames are full");
    read_rec(&m, NULL, &t);
    assert_int_equal(t.trace[0].n, 105);
    assert_int_equal(t.trace[0].digital[102], value_of(&m, 0, 102));
    assert_int_equal(t.trace[0].digital[103], KYMO_MISSING);
    assert_int_equal(t.trace[1].digital[20], KYMO_MISSING);
    taken_free(&t);
    made_release(&m);
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
    read_back(to, NULL, &back);
    assert_int_equal(back.trace[0].n, 5000);
    assert_same_samples(&there, &back);
    taken_free(&there);
    taken_free(&back);
    folder_remove(&f);
}

static void rates_without_a_common_frame_are_refused(void **state)
{
    struct made m;
    (void)state;

    made_init(&m, kymo_ratio(1000, 1), 1);
    add_signal(&m, "A", 1, KYMO_I16);
    add_signal(&m, "B", 1, KYMO_I16)->rate = kymo_ratio(INT64_C(999999999989), 1000);
    m.c.lossy = true;
    write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "B has 999999999.989 samples per second, A 1000: no frame of WFDB");
    made_release(&m);
}

/* ---- the header ---- */

static void a_baseline_that_is_not_whole_comes_back_and_is_told(void **state)
{
    struct made m;
    struct taken t;
    (void)state;

    made_init(&m, kymo_ratio(10, 1), 20);
    struct kymo_signal *sig = add_signal(&m, "A", 1, KYMO_I16);
    sig->gain = 10;
    sig->baseline = 99.75;
    add_signal(&m, "B", 1, KYMO_I16)->baseline = 0.125;
    sig = &m.hdr.signal[0];
    write_rec(&m);
    assert_int_equal(m.c.rc, 0);
    assert_int_equal(m.c.told.n, 1);
    assert_warned(&m.c.told, "2 signals are 0 between two digital values, WFDB holds whole ones: Kymo reads them right, other "
                             "programs shift A, which is at 99.75, by -0.025 mV");
    read_rec(&m, NULL, &t);
    assert_true(t.hdr.signal[0].baseline == 99.75 && t.hdr.signal[1].baseline == 0.125);
    assert_int_equal(t.hdr.n_notes, m.hdr.n_notes);
    assert_samples(&m, &t);
    taken_free(&t);
    m.hdr.signal[1].baseline = 7 - 1e-9;
    sig->baseline = 100 + 1e-9;   /* arithmetic */
    write_rec(&m);
    must(&m.c);
    sig->baseline = 1e10;
    write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "A is 0 mV at the digital value 10000000000: WFDB holds -2147483648..2147483647");
    made_release(&m);
}

static void the_header_is_that_of_header_5(void **state)
{
    struct made m;
    char path[160], text[512] = "", want[512];
    int sum[2] = {0};
    (void)state;

    made_init(&m, kymo_ratio(125, 2), 3);
    add_signal(&m, "ECG II", 2, KYMO_I16);
    add_signal(&m, "B", 1, KYMO_I16)->gain = 0.1;
    m.odd_at = 0;
    m.odd_value = 77;
    m.hdr.start = (struct kymo_start){.has_date = true, .has_time = true, .year = 2024, .month = 2, .day = 9,
                                      .time_ns = (5 * 3600 + 4 * 60 + 3) * S + 12000000};
    write_rec(&m);
    must(&m.c);
    for (size_t s = 0; s < 2; s++)
        for (int64_t i = 0; i < 3 * per_frame(&m, s); i++)
            sum[s] += value_of(&m, s, i) == KYMO_MISSING ? -32768 : value_of(&m, s, i);
    const int32_t first = value_of(&m, 1, 0) == KYMO_MISSING ? -32768 : value_of(&m, 1, 0);
    snprintf(want, sizeof want,
             "rec 2 62.5 3 05:04:03.012 09/02/2024\n"
             "rec.dat 16x2 200.33333333333334(-1)/mV 12 0 77 %d 0 ECG II\n"
             "rec.dat 16 0.1(-2)/mV 12 0 %d %d 0 B\n", (int16_t)sum[0], first, (int16_t)sum[1]);
    FILE *file = fopen(folder_path(&m.f, "rec.hea", path), "rb");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    assert_string_equal(text, want);
    made_release(&m);
}

static void calibration_and_texts_come_back_exactly(void **state)
{
    struct made m;
    struct kymo_err e = {0};
    (void)state;

    made_init(&m, kymo_ratio(10, 1), 20);
    struct kymo_signal *a = add_signal(&m, "Flow  (nasal) #2/x", 1, KYMO_I16);
    a->gain = -1.0 / 3e7;
    a->unit = "cmH2O/(l/s)";
    struct kymo_signal *b = add_signal(&m, "\xc2\xb5", 1, KYMO_I24);
    b->unit = "\xc2\xb5V";
    b->gain = 1.7976931348623157e308;
    b->digital_min = -8388608, b->digital_max = 8388607;
    struct kymo_signal *c = add_signal(&m, "12", 1, KYMO_I16);
    c->gain = 0.1;
    c->baseline = INT32_MIN;
    c->digital_min = 0, c->digital_max = 1023;
    struct kymo_signal *u = add_signal(&m, "raw", 1, KYMO_I16);
    u->calibrated = false;
    u->gain = 200;
    u->digital_min = u->digital_max = (double)NAN;
    m.hdr.start = (struct kymo_start){.has_date = true, .has_time = true, .year = 2024, .month = 2, .day = 9,
                                      .time_ns = (5 * 3600 + 4 * 60 + 3) * S + 12000000};
    assert_int_equal(kymo_header_add_note(&m.hdr, "69 M", 4, &e), 0);
    assert_int_equal(kymo_header_add_note(&m.hdr, "# #", 3, &e), 0);
    assert_round_trip(&m);
    m.hdr.start.has_date = false;
    m.hdr.start.year = m.hdr.start.month = m.hdr.start.day = 0;
    m.hdr.start.time_ns = 86400 * S - 1;
    assert_round_trip(&m);
    made_release(&m);
}

static void what_a_header_cannot_hold_is_told(void **state)
{
    struct made m;
    struct taken t;
    (void)state;

    made_init(&m, kymo_ratio(10, 1), 20);
    struct kymo_signal *sig = add_signal(&m, "A", 1, KYMO_I16);
    sig->unit = "";
    sig->digital_min = -32767, sig->digital_max = 32767;
    sig->calibrated = false;
    sig->gain = 1;
    sig->transducer = "belt";
    m.hdr.subject.id = "K-1";
    m.hdr.recording = "at home";
    write_rec(&m);
    assert_int_equal(m.c.rc, 0);
    assert_int_equal(m.c.told.n, 4);
    assert_warned(&m.c.told, "1 signals have no unit (A): written as NU");
    assert_warned(&m.c.told, "digital limits of 1 signals (A: -32767..32767) are written as the range of bits around them");
    assert_warned(&m.c.told, "1 signals are not calibrated (A, gain 1): WFDB reads them with a gain of 200");
    assert_warned(&m.c.told, "written as info lines");
    read_rec(&m, NULL, &t);
    assert_string_equal(t.hdr.signal[0].unit, "");
    assert_true(t.hdr.signal[0].digital_min == -32768 && t.hdr.signal[0].digital_max == 32767);
    assert_false(t.hdr.signal[0].calibrated);
    assert_int_equal(t.hdr.n_notes, 3);
    assert_string_equal(t.hdr.note[0], "subject: K-1");
    assert_string_equal(t.hdr.note[1], "recording: at home");
    assert_string_equal(t.hdr.note[2], "transducer of A: belt");
    taken_free(&t);
    made_release(&m);
}

static void labels_that_are_none_are_told_of(void **state)
{
    struct made m;
    struct taken t;
    (void)state;

    made_init(&m, kymo_ratio(10, 1), 20);
    add_signal(&m, "A", 1, KYMO_I16);
    add_signal(&m, "", 1, KYMO_I16);
    write_rec(&m);
    assert_int_equal(m.c.told.n, 1);
    assert_warned(&m.c.told, "1 signals have no label: WFDB reads \"signal 1\"");
    read_rec(&m, NULL, &t);
    assert_string_equal(t.hdr.signal[1].label, "signal 1");
    taken_free(&t);
    made_release(&m);
}

static void a_blank_in_a_unit_is_refused_or_replaced(void **state)
{
    struct made m;
    struct taken t;
    (void)state;

    made_init(&m, kymo_ratio(10, 1), 20);
    add_signal(&m, "A", 1, KYMO_I16)->unit = "deg C";
    write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "the unit \"deg C\" of A has a blank, which WFDB cannot hold");
    m.c.lossy = true;
    write_rec(&m);
    assert_warned(&m.c.told, "the unit \"deg C\" of A has a blank, which WFDB cannot hold: _ in its place");
    read_rec(&m, NULL, &t);
    assert_string_equal(t.hdr.signal[0].unit, "deg_C");
    taken_free(&t);
    made_release(&m);
}

static void real_numbers_are_refused_or_rounded(void **state)
{
    struct made m;
    struct taken t;
    (void)state;

    made_init(&m, kymo_ratio(10, 1), 20);
    struct kymo_signal *sig = add_signal(&m, "A", 1, KYMO_F64);
    sig->gain = 10;
    sig->baseline = 5;
    write_rec(&m);                /* multiples of 1/64: decimals of 6 digits */
    assert_int_equal(m.c.rc, 0);
    assert_int_equal(m.c.told.n, 0);
    read_rec(&m, NULL, &t);
    assert_true(t.hdr.signal[0].gain == 1e6 && t.hdr.signal[0].baseline == 0);
    for (int64_t i = 0; i < 20; i++) {
        const double x = real_of(&m, 0, i), y = t.trace[0].physical[i];
        assert_true(x == y || (isnan(x) && isnan(y)));
    }
    taken_free(&t);
    m.c.variant = "16";
    write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "A holds real numbers, no decimals like sample ");
    assert_error(&m.c.e, KYMO_EDATA, "that integers up to 32767 tell with a gain of a power of 10; --lossy rounds them");
    m.c.lossy = true;
    write_rec(&m);
    assert_int_equal(m.c.rc, 0);
    assert_warned(&m.c.told, "values of A rounded, by up to 0.0");
    read_rec(&m, NULL, &t);
    for (int64_t i = 0; i < 20; i++) {
        const double x = real_of(&m, 0, i);
        assert_int_equal(t.trace[0].digital[i], isnan(x) ? KYMO_MISSING : (int)nearbyint(x * 10 + 5));
    }
    taken_free(&t);
    sig->digital_min = (double)NAN;
    write_rec(&m);                /* all 16 bits for the range that is there */
    assert_int_equal(m.c.rc, 0);
    assert_warned(&m.c.told, "values of A rounded, by up to 0.00");
    read_rec(&m, NULL, &t);
    double low = INFINITY, high = -INFINITY;
    for (int64_t i = 0; i < 20; i++) {
        low = fmin(low, real_of(&m, 0, i));
        high = fmax(high, real_of(&m, 0, i));
    }
    assert_true(fabs(t.hdr.signal[0].gain * (high - low) - 65533) < 1e-6);
    for (int64_t i = 0; i < 20; i++) {
        const double x = real_of(&m, 0, i), y = t.trace[0].physical[i];
        assert_true(isnan(x) ? isnan(y) : fabs(x - y) <= 0.5000001 * (high - low) / 65533);
    }
    taken_free(&t);
    made_release(&m);
}

static void names_that_no_record_can_have_are_wrong_use(void **state)
{
    static const char *const names[] = {"/tmp/.hea/", ".hea/", "/tmp/a b", "/tmp/#x"};
    struct made m;
    const struct kymo_log log = {0};
    (void)state;

    made_init(&m, kymo_ratio(10, 1), 20);
    add_signal(&m, "A", 1, KYMO_I16);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct kymo_err e = {0};
        assert_null(kymo_create_file(kymo_format_named("wfdb"), names[i], &m.hdr, 0, false, &log, &e));
        assert_error(&e, KYMO_EUSAGE, "is no name for a WFDB record");
    }
    made_release(&m);
}

/* ---- annotations ---- */

static struct kymo_event event_at(int64_t ns, const char *type, const char *text)
{
    struct kymo_event ev = {.time_ns = ns, .sample = KYMO_UNKNOWN, .signal = -1, .value = (double)NAN, .text = text};

    snprintf(ev.type, sizeof ev.type, "%s", type);
    return ev;
}

/* A record of 100 frames a second with a track. */
static void made_with_track(struct made *m, const struct kymo_event *ev, size_t n)
{
    struct kymo_err e = {0};

    made_init(m, kymo_ratio(100, 1), 2000);
    add_signal(m, "A", 1, KYMO_I16);
    add_signal(m, "B", 4, KYMO_I16);
    assert_int_equal(kymo_header_add_track(&m->hdr, "atr", &e), 0);
    m->event = ev;
    m->n_events = n;
}

static void assert_event_is(const struct kymo_event *a, const struct kymo_event *b)
{
    assert_string_equal(a->type, b->type);
    assert_string_equal(a->text, b->text);
    assert_int_equal(a->time_ns, b->time_ns);
    assert_int_equal(a->duration_ns, b->duration_ns);
    assert_int_equal(a->signal, b->signal);
    assert_int_equal(a->subtype, b->subtype);
    assert_int_equal(a->num, b->num);
    assert_int_equal(a->sample, b->sample);
    assert_true(a->value == b->value || (isnan(a->value) && isnan(b->value)));
}

static void assert_events_come_back(const struct kymo_event *ev, size_t n, const char *resolution)
{
    struct made m;
    struct taken t;
    char path[160], head[64] = "", note[64];

    made_with_track(&m, ev, n);
    write_rec(&m);
    must(&m.c);
    read_rec(&m, "atr", &t);
    assert_int_equal(t.n_events, n);
    for (size_t i = 0; i < n; i++)
        assert_event_is(&t.event[i], &ev[i]);
    FILE *file = fopen(folder_path(&m.f, "rec.atr", path), "rb");
    assert_non_null(file);
    assert_true(fread(head, 1, sizeof head - 1, file) > 1);
    fclose(file);
    snprintf(note, sizeof note, "## time resolution: %s", resolution ? resolution : "");
    if (resolution)
        assert_memory_equal(head + 4, note, strlen(note));
    else
        assert_true(memcmp(head + 4, note, strlen(note)) != 0);
    taken_free(&t);
    made_release(&m);
}

static void annotations_come_back(void **state)
{
    struct kymo_event ev[] = {
        event_at(0, "N", ""), event_at(10000000, "V", "odd"), event_at(10000000, "+", "(AFIB"),
        event_at(11 * S, "note", "even"),
        event_at(11 * S + 230000000, "[45]", ""), event_at(11 * S + 240000000, "[58]", ""), event_at(12 * S, "N", ""),
        event_at(100 * S, "/", ""),
        event_at(INT64_C(100000000) * S, "~", "far: two SKIPs"),
    };
    (void)state;

    ev[1].signal = 1, ev[1].num = -3, ev[1].subtype = 7;
    ev[2].signal = 0;
    ev[3].num = 127, ev[3].subtype = -128;
    ev[5].signal = -1;
    ev[6].signal = 1;
    assert_events_come_back(ev, COUNT_OF(ev), NULL);
}

static void an_annotation_of_every_code_comes_back(void **state)
{
    struct kymo_event ev[58];
    (void)state;

    for (int i = 0; i < 58; i++) {
        char name[8];
        ev[i] = event_at(i * S, kymo_code_of("N") == 1 ? kymo_code_name(i + 1, name) : "", "");
    }
    assert_events_come_back(ev, COUNT_OF(ev), NULL);
}

static void words_durations_and_values_come_back(void **state)
{
    struct kymo_event ev[] = {
        event_at(S, "gap", ""), event_at(2 * S, "desat", "to 81 %"), event_at(3 * S, "note", "W"),
        event_at(4 * S, "+", "(AFIB"),
        event_at(5 * S, "N", ""), event_at(6 * S, "note", "{kymo}"), event_at(7 * S, "note", "x {kymo gap duration=3}"),
        event_at(8 * S, "note", "{kymo a b}"), event_at(9 * S, "N", "{kymo gap}"), event_at(10 * S, "note", "{} {kymo"),
        event_at(11 * S, "note", "a{kymo}"), event_at(12 * S, "fifteen_letters", "}"),
        event_at(13 * S, "note", "{kymo duration=}"),
    };
    (void)state;

    ev[0].duration_ns = 5250000001;
    ev[1].duration_ns = 30 * S, ev[1].value = 81.1, ev[1].signal = 1;
    ev[2].duration_ns = KYMO_UNKNOWN;
    ev[3].duration_ns = 1;
    ev[4].value = -1.0 / 3;
    assert_events_come_back(ev, COUNT_OF(ev), NULL);
}

static void a_plain_note_is_a_note_of_wfdb(void **state)
{
    struct kymo_event ev = event_at(S, "note", "Lights off");
    struct made m;
    struct taken t;
    (void)state;

    ev.sample = 100;
    made_with_track(&m, &ev, 1);
    write_rec(&m);
    must(&m.c);
    read_rec(&m, "atr", &t);
    assert_int_equal(t.n_events, 1);
    assert_event_is(&t.event[0], &ev);
    taken_free(&t);
    made_release(&m);
}

/* Whatever an event is, it comes back, from the file of its track. */
static void any_event_comes_back(void **state)
{
    struct dice d = {31};
    struct kymo_event ev[40];
    struct made like;
    (void)state;

    made_with_track(&like, NULL, 0);
    for (int round = 0; round < 40; round++) {
        int64_t ns = 0;
        for (size_t i = 0; i < COUNT_OF(ev); i++) {
            ns += round % 2 ? roll_between(&d, 0, S) : roll_between(&d, 0, 100) * (S / 100);
            draw_event(&ev[i], &like.hdr, ns, &d);
        }
        assert_events_come_back(ev, COUNT_OF(ev), round % 2 ? "1000000000" : NULL);
    }
    made_release(&like);
}

static void times_between_frames_get_the_resolution_they_need(void **state)
{
    struct kymo_event ev[] = {event_at(10000000, "N", ""), event_at(20000000, "N", ""), event_at(3000 * S, "N", "")};
    (void)state;

    assert_events_come_back(ev, COUNT_OF(ev), NULL);
    ev[1].time_ns = 22500000;      /* a sample of B */
    assert_events_come_back(ev, COUNT_OF(ev), "400");
    ev[1].time_ns = 23000000;
    assert_events_come_back(ev, COUNT_OF(ev), "1000");
    ev[1].time_ns = 23001000;
    assert_events_come_back(ev, COUNT_OF(ev), "1000000");
    ev[1].time_ns = 23001001;
    assert_events_come_back(ev, COUNT_OF(ev), "1000000000");
}

static void events_are_put_in_order_of_time(void **state)
{
    struct kymo_event ev[] = {event_at(5 * S, "V", ""), event_at(S, "N", ""), event_at(5 * S, "A", ""),
                              event_at(2 * S, "N", "")};
    struct made m;
    struct taken t;
    (void)state;

    made_with_track(&m, ev, COUNT_OF(ev));
    write_rec(&m);
    must(&m.c);
    read_rec(&m, "atr", &t);
    assert_int_equal(t.n_events, 4);
    assert_event_is(&t.event[0], &ev[1]);
    assert_event_is(&t.event[1], &ev[3]);
    assert_event_is(&t.event[2], &ev[0]);
    assert_event_is(&t.event[3], &ev[2]);
    taken_free(&t);
    made_release(&m);
}

static void events_that_no_annotation_holds_are_refused_or_told(void **state)
{
    char text[300], cut[300];
    struct kymo_event ev[] = {event_at(-S, "N", ""), event_at(S, "N", ""), event_at(2 * S, "N", text)};
    static const char *const why[] = {"the event N at -1 s lies before the record",
                                      "the event N at 1 s has a subtype or a number beyond -128..127",
                                      "the event N at 2 s has a text of 256 bytes, more than 255"};
    struct made m;
    struct taken t;
    (void)state;

    memset(text, 'x', sizeof text);
    memcpy(text + 254, "\xc2\xb5", 3);   /* a character on the edge */
    ev[1].num = 128;
    ev[1].sample = 100;
    ev[2].sample = 200;
    for (size_t i = 0; i < COUNT_OF(ev); i++) {
        made_with_track(&m, &ev[i], 1);
        write_rec(&m);
        assert_error(&m.c.e, KYMO_EDATA, why[i]);
        made_release(&m);
    }
    made_with_track(&m, ev, COUNT_OF(ev));
    m.c.lossy = true;
    write_rec(&m);
    assert_int_equal(m.c.rc, 0);
    assert_warned(&m.c.told, "1 events before the record left out (the first at -1 s)");
    assert_warned(&m.c.told, "1 events with subtypes or numbers beyond -128..127 written without (the first at 1 s)");
    assert_warned(&m.c.told, "1 texts cut to 255 bytes (the first at 2 s)");
    read_rec(&m, "atr", &t);
    assert_int_equal(t.n_events, 2);
    snprintf(cut, sizeof cut, "%.254s", text);
    assert_string_equal(t.event[1].text, cut);
    taken_free(&t);
    made_release(&m);
}

static void tracks_are_endings(void **state)
{
    struct made m;
    struct kymo_err e = {0};
    struct taken t;
    (void)state;

    made_with_track(&m, NULL, 0);
    assert_int_equal(kymo_header_add_track(&m.hdr, "EDF Annotations", &e), 1);
    write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "the event track \"EDF Annotations\" is no ending for a file");
    m.c.lossy = true;
    write_rec(&m);
    assert_warned(&m.c.told, "the event track \"EDF Annotations\" is no ending for a file, of letters, digits, _ and -: "
                             "written as .EDF_Annotations");
    read_rec(&m, "EDF_Annotations", &t);
    assert_int_equal(t.n_events, 0);
    taken_free(&t);
    assert_int_equal(kymo_header_add_track(&m.hdr, "d0", &e), 2);
    write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "the event track \"d0\" cannot be in rec.d0: that is another file of the record");
    made_release(&m);
}

static void events_alone_make_a_record(void **state)
{
    const struct kymo_event ev[] = {event_at(S / 1000, "N", ""), event_at(10 * S, "V", "")};
    struct kymo_err e = {0};
    struct made m;
    struct taken t;
    (void)state;

    made_init(&m, kymo_ratio(1000, 1), 0);
    assert_int_equal(kymo_header_add_track(&m.hdr, "qrs", &e), 0);
    m.event = ev;
    m.n_events = 2;
    write_rec(&m);
    must(&m.c);
    read_rec(&m, "qrs", &t);
    assert_int_equal(t.hdr.n_signals, 0);
    assert_int_equal(t.n_events, 2);
    assert_event_is(&t.event[0], &ev[0]);
    assert_event_is(&t.event[1], &ev[1]);
    taken_free(&t);
    made_release(&m);
}

static void a_recording_without_samples_is_an_empty_record(void **state)
{
    struct made m;
    struct taken t;
    (void)state;

    for (int flac = 0; flac < 2; flac++) {
        made_init(&m, kymo_ratio(1000, 1), 0);
        add_signal(&m, "A", 1, KYMO_I16);
        m.c.variant = flac ? "516" : NULL;
        write_rec(&m);
        must(&m.c);
        if (!flac) {
            read_rec(&m, NULL, &t);
            assert_int_equal(t.trace[0].n, 0);
            taken_free(&t);
        }
        made_release(&m);
    }
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
    struct kymo_event ev = event_at(S, "N", "");
    struct made m;
    (void)state;

    for (int way = 0; way < 3; way++) {
        made_with_track(&m, &ev, 1);
        for (size_t i = 0; i < COUNT_OF(name); i++)
            folder_put(&m.f, name[i], "old", 3);
        add_gap(&m, 3000, 2000);
        if (way == 0) {
            m.odd_at = 4990;
            m.odd_value = 40000;
        } else if (way == 1) {
            m.extra = 1;       /* found out by finish: B lacks a sample */
            m.hdr.signal[0].rate = kymo_ratio(400, 1);
        } else {
            m.hdr.start.has_date = true;   /* by the header, which is written last */
        }
        write_rec(&m);
        assert_error(&m.c.e, KYMO_EDATA, way == 0 ? "is 40000" : way == 1 ? "B ends inside a frame" : "the start has a date");
        for (size_t i = 0; i < COUNT_OF(name); i++)
            assert_holds(&m.f, name[i], "old");
        assert_int_equal(count_files(&m.f), COUNT_OF(name));
        m.odd_at = -1;
        m.extra = 0;
        m.hdr.signal[0].rate = kymo_ratio(100, 1);
        m.hdr.start.has_date = false;
        write_rec(&m);
        must(&m.c);
        assert_int_equal(count_files(&m.f), 7);   /* and rec_0001.hea, rec_0002.hea, rec_0002.dat */
        made_release(&m);
    }
}

static void a_header_that_cannot_be_written_leaves_the_samples(void **state)
{
    struct made m;
    char path[160];
    (void)state;

    made_init(&m, kymo_ratio(100, 1), 10);
    add_signal(&m, "A", 1, KYMO_I16);
    folder_put(&m.f, "rec.dat", "old", 3);
    assert_int_equal(mkdir(folder_path(&m.f, "rec.hea", path), 0700), 0);
    write_rec(&m);
    assert_error(&m.c.e, KYMO_EIO, "rec.hea: cannot be written");
    assert_holds(&m.f, "rec.dat", "old");
    assert_int_equal(count_files(&m.f), 2);
    assert_int_equal(remove(path), 0);
    made_release(&m);
}

static void a_writer_that_is_given_up_leaves_nothing(void **state)
{
    const struct kymo_log log = {0};
    struct kymo_err e = {0};
    struct made m;
    char to[160];
    (void)state;

    for (int flac = 0; flac < 2; flac++) {
        made_init(&m, kymo_ratio(100, 1), 10);
        add_signal(&m, "A", 1, KYMO_I16);
        struct kymo_writer *w = kymo_create_variant(kymo_format_named("wfdb"), flac ? "516" : NULL,
                                                    folder_path(&m.f, "rec", to), &m.hdr, 0, false, &log, &e);
        assert_non_null(w);
        assert_int_equal(count_files(&m.f), 1);
        kymo_writer_destroy(w);
        assert_int_equal(count_files(&m.f), 0);
        made_release(&m);
    }
}

static void strictness_makes_a_loss_a_failure(void **state)
{
    struct made m;
    (void)state;

    made_init(&m, kymo_ratio(10, 1), 20);
    add_signal(&m, "A", 1, KYMO_I16)->unit = "deg C";
    m.c.lossy = m.c.strict = true;
    write_rec(&m);
    assert_error(&m.c.e, KYMO_EDATA, "the unit \"deg C\"");
    assert_int_equal(count_files(&m.f), 0);
    made_release(&m);
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
        cmocka_unit_test(annotations_come_back),
        cmocka_unit_test(an_annotation_of_every_code_comes_back),
        cmocka_unit_test(words_durations_and_values_come_back),
        cmocka_unit_test(a_plain_note_is_a_note_of_wfdb), cmocka_unit_test(any_event_comes_back),
        cmocka_unit_test(times_between_frames_get_the_resolution_they_need),
        cmocka_unit_test(events_are_put_in_order_of_time),
        cmocka_unit_test(events_that_no_annotation_holds_are_refused_or_told),
        cmocka_unit_test(tracks_are_endings),
        cmocka_unit_test(events_alone_make_a_record),
        cmocka_unit_test(a_recording_without_samples_is_an_empty_record),
        cmocka_unit_test(a_failure_leaves_the_old_record),
        cmocka_unit_test(a_header_that_cannot_be_written_leaves_the_samples),
        cmocka_unit_test(a_writer_that_is_given_up_leaves_nothing),
        cmocka_unit_test(strictness_makes_a_loss_a_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
