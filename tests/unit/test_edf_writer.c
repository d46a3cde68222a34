/* tests/unit/test_edf_writer.c - what is written is read back the same by kymo and by EDFlib, and refused where EDF cannot
 * hold it. EDFlib is the judge of what it can open: EDF+C and BDF+C of at most 640 signals. */
#include "support.h"

#include "formats/edf_event.h"
#include "formats/edf_layout.h"
#include "formats/edf_text.h"

#include <dirent.h>
#include <edflib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define S KYMO_NS_PER_S

extern const struct kymo_format kymo_format_edf, kymo_format_bdf, kymo_format_kymo;

/* ---- recordings that are made up ---- */

/* What a recording is written to: the format under test, and a kymo stream that tells what was written. */
struct both {
    struct kymo_output *memory;
    struct kymo_writer *stream, *file;
    struct warnings warned;
    struct kymo_err e;
    int rc;                       /* of the file's writer */
};

static void both_start(struct both *t, const struct kymo_format *format, const char *path, const struct kymo_header *h,
                       bool lossy)
{
    *t = (struct both){0};
    const struct kymo_log log = log_to(&t->warned, false);
    t->memory = kymo_output_memory(&t->e);
    t->stream = kymo_create(&kymo_format_kymo, t->memory, h, 0, &t->e);
    assert_non_null(t->stream);
    t->file = kymo_create_file(format, path, h, 0, lossy, &log, &t->e);
    t->rc = t->file ? 0 : (int)t->e.cause[0].code;
}

static void both_write(struct both *t, struct kymo_block *b)
{
    struct kymo_err e = {0};

    assert_int_equal(kymo_write(t->stream, b, &e), 0);
    if (t->rc == 0)
        t->rc = kymo_write(t->file, b, &t->e);
}

/* Ends both; what the stream holds is what was meant. Returns what writing the file came to. */
static int both_end(struct both *t, struct taken *meant)
{
    struct kymo_err e = {0};
    size_t n;

    assert_int_equal(kymo_write_finish(t->stream, &e), 0);
    const unsigned char *p = kymo_output_bytes(t->memory, &n);
    const struct bytes b = {.p = (unsigned char *)(uintptr_t)p, .n = n};
    assert_int_equal(read_bytes(&b, "meant.kymo", NULL, meant, &e), 0);
    if (t->rc == 0)
        t->rc = kymo_write_finish(t->file, &t->e);
    kymo_writer_destroy(t->stream);
    kymo_writer_destroy(t->file);
    kymo_output_destroy(t->memory);
    return t->rc;
}

static struct kymo_signal *add_signal(struct kymo_header *h, const char *label, int64_t num, int64_t den)
{
    struct kymo_err e = {0};
    struct kymo_signal *s = kymo_header_signal(h, &e);

    assert_non_null(s);
    s->label = label;
    s->unit = "mV";
    s->rate = kymo_ratio(num, den);
    s->calibrated = true;
    s->gain = 200;
    s->baseline = 1024;
    return s;
}

static void set_start(struct kymo_header *h)
{
    h->format = "test";
    h->start = (struct kymo_start){.has_date = true, .year = 2011, .month = 12, .day = 31, .has_time = true,
                                   .time_ns = 86399 * S + 250000000};
}

/* A block of everything in from <= time < to of a segment that begins at segment_ns; values are from the dice. */
static void make_block(struct kymo_block *b, int64_t segment_ns, int64_t from_ns, int64_t to_ns, struct dice *d)
{
    struct kymo_err e = {0};

    kymo_block_clear(b);
    b->segment_ns = segment_ns;
    for (size_t i = 0; i < b->hdr->n_signals; i++) {
        const struct kymo_signal *s = &b->hdr->signal[i];
        const int64_t first = kymo_index_at(s->rate, from_ns - segment_ns), next = kymo_index_at(s->rate, to_ns - segment_ns);
        const int32_t most = s->storage == KYMO_I24 ? 8000000 : 32767;   /* not all gains can tell the last of 2^24 */
        assert_int_equal(kymo_block_reserve(b, i, (size_t)(next - first) + 1, &e), 0);
        struct kymo_span *span = &b->span[i];
        span->segment_first = kymo_index_at(s->rate, segment_ns);
        span->first = span->segment_first + first;
        span->n = (size_t)(next - first);
        for (size_t k = 0; k < span->n; k++) {
            span->digital[k] = (int32_t)roll_between(d, -most - 1, most);
            span->physical[k] = span->digital[k] * 0.25;
        }
    }
}

static void add_event(struct kymo_block *b, int64_t ns, int64_t duration_ns, const char *type, const char *text)
{
    struct kymo_event ev = {.time_ns = ns, .duration_ns = duration_ns, .sample = KYMO_UNKNOWN, .signal = -1,
                            .value = (double)NAN, .text = text};
    struct kymo_err e = {0};

    snprintf(ev.type, sizeof ev.type, "%s", type);
    assert_int_equal(kymo_block_event(b, &ev, &e), 0);
}

/* One segment of so many seconds in blocks of 0.7 s. */
static void write_seconds(struct both *t, const struct kymo_header *h, int64_t ns, struct dice *d)
{
    struct kymo_block b;

    kymo_block_init(&b, h);
    for (int64_t at = 0; at < ns; at += 700000000) {
        make_block(&b, 0, at, at + 700000000 < ns ? at + 700000000 : ns, d);
        both_write(t, &b);
    }
    kymo_block_release(&b);
}

static void read_back(const char *path, struct taken *t)
{
    struct warnings warned = {0};
    const struct kymo_want want = {.log = log_to(&warned, true)};
    struct kymo_err e = {0};
    char text[2048];

    if (read_path(path, &want, t, &e) != 0) {
        kymo_err_text(&e, 0, text, sizeof text);
        fail_msg("%s", text);
    }
}

/* Copies through the format. Returns what the writer came to. */
static int copy_to(const char *from, const struct kymo_want *want, const struct kymo_format *format, const char *to,
                   bool lossy, struct warnings *warned, struct kymo_err *e)
{
    const struct kymo_log log = log_to(warned, false);
    struct kymo_block *b;
    int rc;

    *warned = (struct warnings){0};
    struct kymo_reader *r = kymo_open(from, want, e);
    assert_non_null(r);
    struct kymo_writer *w = kymo_create_file(format, to, &r->hdr, 0, lossy, &log, e);
    rc = w ? 0 : (int)e->cause[0].code;
    while (rc == 0 && (rc = kymo_read(r, &b, e)) > 0)
        rc = kymo_write(w, b, e);
    if (rc == 0)
        rc = kymo_write_finish(w, e);
    kymo_writer_destroy(w);
    kymo_close(r);
    return rc;
}

static void assert_same_recording(struct taken *a, struct taken *b)
{
    a->hdr.record = b->hdr.record;   /* their paths */
    assert_same_header(&a->hdr, &b->hdr);
    assert_same_samples(a, b);
    assert_same_events(a, b);
}

static int count_files(const struct folder *f)
{
    DIR *dir = opendir(f->path);
    int n = 0;

    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir));)
        n += d->d_name[0] != '.';
    closedir(dir);
    return n;
}

/* ---- the judge ---- */

/* EDFlib reads the same integers, limits and, to its 100 ns, the same annotations, whose texts are those of the file. */
static void assert_edflib_agrees(const char *path, const struct taken *t, int64_t n_annotations)
{
    struct edf_hdr_struct *h = calloc(1, sizeof *h);
    int *x;

    assert_non_null(h);
    if (edfopen_file_readonly(path, h, EDFLIB_READ_ALL_ANNOTATIONS) != 0)
        fail_msg("EDFlib refuses %s: %d", path, h->filetype);
    assert_int_equal(h->edfsignals, t->hdr.n_signals);
    assert_int_equal(h->annotations_in_file, n_annotations);
    for (int i = 0; i < h->edfsignals; i++) {
        const struct edf_param_struct *p = &h->signalparam[i];
        const struct trace *trace = &t->trace[i];
        const double gain = (p->dig_max - p->dig_min) / (p->phys_max - p->phys_min);
        assert_true(p->smp_in_file >= (long long)trace->n);
        assert_true(fabs(gain / t->hdr.signal[i].gain - 1) < 1e-6);
        x = malloc(trace->n * sizeof *x + 1);
        assert_non_null(x);
        assert_int_equal(edfread_digital_samples(h->handle, i, (int)trace->n, x), trace->n);
        for (size_t k = 0; k < trace->n; k++)
            if (x[k] != trace->digital[k])
                fail_msg("signal %d, sample %zu: EDFlib reads %d, not %d", i, k, x[k], trace->digital[k]);
        free(x);
    }
    assert_int_equal(edfclose_file(h->handle), 0);
    free(h);
}

/* The annotations that EDFlib finds, in its words: "onset in 100 ns/text". */
static void assert_edflib_finds(const char *path, int64_t i, int64_t onset, const char *text)
{
    struct edf_hdr_struct *h = calloc(1, sizeof *h);
    struct edf_annotation_struct a;

    assert_non_null(h);
    assert_int_equal(edfopen_file_readonly(path, h, EDFLIB_READ_ALL_ANNOTATIONS), 0);
    assert_int_equal(edf_get_annotation(h->handle, (int)i, &a), 0);
    assert_int_equal(a.onset, onset);
    assert_string_equal(a.annotation, text);
    assert_int_equal(edfclose_file(h->handle), 0);
    free(h);
}

/* ---- copies of files ---- */

static void copies_keep_everything(void **state)
{
    static const struct { const char *path; bool bdf, judged; } files[] = {
        {"testdata/night.edf", false, true}, {"testdata/gap.edf", false, false}, {"testdata/plain.edf", false, true},
        {"testdata/demo.bdf", true, true},
    };
    struct folder f;
    char path[160];

    (void)state;
    folder_make(&f);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct taken a, b;
        struct warnings warned;
        struct kymo_err e = {0};
        const char *to = folder_path(&f, files[i].bdf ? "copy.bdf" : "copy.edf", path);
        assert_int_equal(copy_to(files[i].path, NULL, files[i].bdf ? &kymo_format_bdf : &kymo_format_edf, to, false, &warned,
                                 &e), 0);
        assert_int_equal(warned.n, 0);
        read_back(files[i].path, &a);
        read_back(to, &b);
        assert_true(a.trace[0].n > 100);
        assert_same_recording(&a, &b);
        if (files[i].judged)
            assert_edflib_agrees(to, &a, (int64_t)a.n_events);
        taken_free(&a);
        taken_free(&b);
    }
    assert_int_equal(count_files(&f), 2);
    folder_remove(&f);
}

static void a_copy_of_a_copy_is_the_same_file(void **state)
{
    struct folder f;
    char one[160], two[160];
    struct warnings warned;
    struct kymo_err e = {0};

    (void)state;
    folder_make(&f);
    folder_path(&f, "1.edf", one);
    folder_path(&f, "2.edf", two);
    assert_int_equal(copy_to("testdata/night.edf", NULL, &kymo_format_edf, one, false, &warned, &e), 0);
    assert_int_equal(copy_to(one, NULL, &kymo_format_edf, two, false, &warned, &e), 0);
    FILE *a = fopen(one, "rb"), *b = fopen(two, "rb");
    int c, n = 0;
    for (; (c = getc(a)) != EOF; n++)
        assert_int_equal(getc(b), c);
    assert_int_equal(getc(b), EOF);
    assert_true(n > 30000);
    fclose(a);
    fclose(b);
    folder_remove(&f);
}

/* A cut that is not on the grid of the slow signal: times of day stay, no sample comes or goes. */
static void a_cut_keeps_times_of_day(void **state)
{
    static const int64_t cuts[][2] = {{10 * S, 20 * S}, {10010000000, 20990000000}, {7, 59123456789},
                                    {30200000000, 30700000000}};
    struct folder f;
    char path[160];

    (void)state;
    folder_make(&f);
    for (size_t k = 0; k < COUNT_OF(cuts); k++) {
        const struct kymo_want want = {.from_set = true, .from_ns = cuts[k][0], .to_set = true, .to_ns = cuts[k][1]};
        struct taken a, b;
        struct warnings warned;
        struct kymo_err e = {0};
        const char *to = folder_path(&f, "cut.edf", path);
        assert_int_equal(copy_to("testdata/night.edf", &want, &kymo_format_edf, to, false, &warned, &e), 0);
        assert_int_equal(read_path("testdata/night.edf", &want, &a, &e), 0);
        read_back(to, &b);
        const int64_t shift = b.hdr.start.time_ns - a.hdr.start.time_ns;
        assert_int_equal(a.n_events, b.n_events);
        for (size_t i = 0; i < a.n_events; i++) {
            assert_int_equal(b.event[i].time_ns + shift, a.event[i].time_ns);
            assert_string_equal(b.event[i].text, a.event[i].text);
        }
        for (size_t i = 0; i < a.hdr.n_signals; i++) {
            assert_int_equal(a.trace[i].n, b.trace[i].n);
            assert_true(b.hdr.signal[i].n_samples == (int64_t)b.trace[i].n);
            for (size_t n = 0; n < a.trace[i].n; n++) {
                assert_true(llabs(a.trace[i].time_ns[n] - b.trace[i].time_ns[n] - shift) <= 1);
                assert_int_equal(a.trace[i].digital[n], b.trace[i].digital[n]);
            }
        }
        taken_free(&a);
        taken_free(&b);
    }
    folder_remove(&f);
}

/* ---- made up ---- */

static void draw_header(struct kymo_header *h, struct dice *d, bool bdf)
{
    static const struct kymo_ratio rates[] = {{250, 1}, {256, 1}, {1, 30}, {9999, 20}, {1000, 3}, {360, 1}, {1, 1}, {125, 2},
                                              {512, 1}, {200, 1}};
    static const char *const labels[] = {"ECG II", "SpO2", "Flow", "x"};
    const size_t n = roll_below(d, 20) == 0 ? 500 : 1 + roll_below(d, 4);

    set_start(h);
    for (size_t i = 0; i < n; i++) {
        const struct kymo_ratio rate = rates[n == 500 ? 6 : roll_below(d, COUNT_OF(rates))];
        struct kymo_signal *s = add_signal(h, labels[i % COUNT_OF(labels)], rate.num, rate.den);
        s->storage = bdf && roll_below(d, 2) ? KYMO_I24 : KYMO_I16;
        s->gain = s->storage == KYMO_I24 ? 32 : roll_below(d, 2) ? 200 : -32767.0 / 5;
        s->baseline = roll_below(d, 2) ? 1024 : 0;
    }
    struct kymo_err e = {0};
    if (roll_below(d, 2))
        assert_true(kymo_header_add_track(h, "atr", &e) == 0 && kymo_header_add_track(h, "50 % \xc3\xa4", &e) == 1);
    else
        assert_int_equal(kymo_header_add_track(h, bdf ? "bdf" : "edf", &e), 0);
}

static void draw_events(struct kymo_block *b, int64_t ns, int64_t span_ns, struct dice *d)
{
    int64_t at = ns;

    for (uint64_t n = roll_below(d, 12); n > 0; n--) {
        struct kymo_event ev;
        struct kymo_err e = {0};
        at += roll_between(d, 0, span_ns / 12);
        draw_event(&ev, b->hdr, at, d);
        assert_int_equal(kymo_block_event(b, &ev, &e), 0);
    }
}

/* Whole seconds, or any end: the samples are what a clock would cut. */
static void draw_recording(struct both *t, const struct kymo_header *h, struct dice *d, bool gaps)
{
    const int64_t n_segments = gaps ? roll_between(d, 2, 5) : 1;
    int64_t segment_ns = 0;
    struct kymo_block b;

    kymo_block_init(&b, h);
    for (int64_t k = 0; k < n_segments; k++) {
        const int64_t length = roll_below(d, 2) ? roll_between(d, 31, 70) * S : roll_between(d, 31 * S, 70 * S);
        for (int64_t at = 0; at < length;) {
            const int64_t next = at + roll_between(d, 1, 20 * S), end = next < length ? next : length;
            make_block(&b, segment_ns, segment_ns + at, segment_ns + end, d);
            b.new_segment = at == 0 && k > 0;
            draw_events(&b, segment_ns + at, end - at, d);
            both_write(t, &b);
            at = end;
        }
        segment_ns += length + roll_between(d, 30 * S, 60 * S);
    }
    kymo_block_release(&b);
}

static void made_up_recordings_come_back(void **state)
{
    struct dice d = {20};
    struct folder f;
    char path[160];

    (void)state;
    folder_make(&f);
    for (int round = 0; round < 60; round++) {
        const bool bdf = round % 2, gaps = round % 3 == 0;
        struct kymo_header h;
        struct both t;
        struct taken a, b;
        char text[2048];
        kymo_header_init(&h);
        draw_header(&h, &d, bdf);
        const char *to = folder_path(&f, bdf ? "x.bdf" : "x.edf", path);
        both_start(&t, bdf ? &kymo_format_bdf : &kymo_format_edf, to, &h, false);
        draw_recording(&t, &h, &d, gaps);
        if (both_end(&t, &a) != 0) {
            kymo_err_text(&t.e, 0, text, sizeof text);
            fail_msg("round %d: %s", round, text);
        }
        read_back(to, &b);
        for (size_t i = 0; i < h.n_signals; i++) {   /* widened, if BDF */
            assert_int_equal(a.hdr.signal[i].rate.num, b.hdr.signal[i].rate.num);
            assert_int_equal(a.hdr.signal[i].rate.den, b.hdr.signal[i].rate.den);
            assert_true(b.hdr.signal[i].n_samples == KYMO_UNKNOWN || b.hdr.signal[i].n_samples == (int64_t)b.trace[i].n);
            for (size_t k = 0; k < a.trace[i].n && k < b.trace[i].n; k++)
                assert_true(fabs(a.trace[i].physical[k] - b.trace[i].physical[k]) <= 0.5000001 / fabs(h.signal[i].gain));
            memcpy(b.trace[i].physical, a.trace[i].physical, a.trace[i].n * sizeof(double));
        }
        assert_same_samples(&a, &b);
        assert_same_events(&a, &b);
        assert_int_equal(a.hdr.n_tracks, b.hdr.n_tracks);
        for (size_t i = 0; i < a.hdr.n_tracks; i++)
            assert_string_equal(a.hdr.track[i], b.hdr.track[i]);
        assert_int_equal(a.n_segments, b.n_segments);
        if (!gaps) {
            int64_t marks = h.n_tracks > 1;
            for (int i = 0; i < t.warned.n && i < (int)COUNT_OF(t.warned.text); i++)
                marks += strstr(t.warned.text[i], "padding") != NULL;
            assert_edflib_agrees(to, &a, (int64_t)a.n_events + marks);
        }
        taken_free(&a);
        taken_free(&b);
        kymo_header_release(&h);
    }
    folder_remove(&f);
}

/* The gap is shorter than what is left of the last record before it. */
static void padding_may_reach_over_a_gap(void **state)
{
    /* 0.64 s: just where the padded record ends; -1 ms: less than a sample's time behind the last one, at 5.35833 s */
    static const int64_t gaps_ns[] = {10000000, 640000000, 3 * S, -1000000};
    struct dice d = {3};
    struct folder f;
    char path[160];

    (void)state;
    folder_make(&f);
    for (size_t k = 0; k < COUNT_OF(gaps_ns); k++) {
        struct kymo_header h;
        struct kymo_block b;
        struct both t;
        struct taken a, c;
        kymo_header_init(&h);
        set_start(&h);
        add_signal(&h, "ECG", 360, 1);
        kymo_block_init(&b, &h);
        both_start(&t, &kymo_format_edf, folder_path(&f, "x.edf", path), &h, false);
        make_block(&b, 0, 0, 5360000000, &d);
        both_write(&t, &b);
        make_block(&b, 5360000000 + gaps_ns[k], 5360000000 + gaps_ns[k], 9 * S, &d);
        b.new_segment = true;
        both_write(&t, &b);
        assert_int_equal(both_end(&t, &a), 0);
        read_back(path, &c);
        assert_int_equal(c.n_segments, 1);
        assert_int_equal(c.segment_ns[0], 5360000000 + gaps_ns[k]);
        assert_same_samples(&a, &c);
        taken_free(&a);
        taken_free(&c);
        kymo_block_release(&b);
        kymo_header_release(&h);
    }
    folder_remove(&f);
}

static void segments_must_be_in_order(void **state)
{
    struct dice d = {3};
    struct folder f;
    struct kymo_header h;
    struct kymo_block b;
    struct both t;
    struct taken a;
    char path[160];

    (void)state;
    folder_make(&f);
    kymo_header_init(&h);
    set_start(&h);
    add_signal(&h, "ECG", 100, 1);
    kymo_block_init(&b, &h);
    both_start(&t, &kymo_format_edf, folder_path(&f, "x.edf", path), &h, true);
    for (int64_t ns = 20 * S; ns >= 0; ns -= 20 * S) {
        make_block(&b, ns, ns, ns + S, &d);
        b.new_segment = true;
        both_write(&t, &b);
    }
    assert_int_equal(both_end(&t, &a), KYMO_EDATA);
    assert_error(&t.e, KYMO_EDATA, "the segment at 0.000000 s comes behind a later one");
    assert_int_equal(count_files(&f), 0);
    taken_free(&a);
    kymo_block_release(&b);
    kymo_header_release(&h);
    folder_remove(&f);
}

/* 650000 samples at 360 Hz fill no number of records that have a decimal duration. */
static void half_hours_of_mitdb_come_back_whole(void **state)
{
    struct dice d = {4};
    struct folder f;
    char path[160];
    struct kymo_header h;
    struct both t;
    struct taken a, b;

    (void)state;
    folder_make(&f);
    kymo_header_init(&h);
    set_start(&h);
    add_signal(&h, "MLII", 360, 1);
    add_signal(&h, "V5", 360, 1);
    both_start(&t, &kymo_format_edf, folder_path(&f, "100.edf", path), &h, false);
    write_seconds(&t, &h, 1805555555556, &d);
    assert_int_equal(both_end(&t, &a), 0);
    assert_int_equal(a.trace[0].n, 650000);
    assert_warned(&t.warned, "320 places in the last data record hold no samples: data records of 1 s");
    read_back(path, &b);
    assert_same_samples(&a, &b);
    assert_int_equal(b.hdr.signal[0].n_samples, 650000);
    assert_int_equal(b.hdr.duration_ns, 1805555555556);
    assert_edflib_agrees(path, &a, 1);
    assert_edflib_finds(path, 0, 18055550000, "%padding");
    taken_free(&a);
    taken_free(&b);
    kymo_header_release(&h);
    folder_remove(&f);
}

/* ---- numbers of the header ---- */

static void limits_give_gain_and_baseline(void **state)
{
    static const struct { double gain, baseline, digital_min, digital_max; const char *min, *max; } cases[] = {
        {200, 1024, NAN, NAN, "-168.96", "158.715"}, {200, 0, 0, 2047, "0", "10.235"},
        {65535 / 6553.5, -0.5, -32768, 32767, "-3276.75", "3276.75"}, {-1000, 12, -2048, 2047, "32.78", "-32.755"},
        {4095 / 8388.607, 100, NAN, NAN, NULL, NULL}, {306.35, 0, NAN, NAN, NULL, NULL}, {1e-3, 0, NAN, NAN, NULL, NULL},
        {1, 0, 0, 100, "0", "100"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct kymo_signal s = {.gain = cases[i].gain, .baseline = cases[i].baseline, .calibrated = true,
                                      .digital_min = cases[i].digital_min, .digital_max = cases[i].digital_max};
        struct edf_limits l;
        assert_true(edf_limits_for(&s, false, 10, 80, -32768, 32767, &l));
        assert_true(strlen(l.physical_min) <= 8 && strlen(l.physical_max) <= 8);
        assert_true(l.digital_min <= 10 && l.digital_max >= 80);
        assert_true(l.off_steps <= (cases[i].min ? 1e-9 : 0.5));
        for (double v = l.digital_min; v < l.digital_max; v += 997)
            assert_true(fabs((v - l.baseline) / l.gain - (v - s.baseline) / s.gain) * fabs(s.gain) <= 0.5);
        if (cases[i].min) {
            assert_true(l.gain == s.gain && l.baseline == s.baseline);
            assert_string_equal(l.physical_min, cases[i].min);
            assert_string_equal(l.physical_max, cases[i].max);
        }
    }
}

/* Four numbers of at most 8 characters, as in any EDF file: found again from gain and baseline alone. */
static void limits_of_any_file_are_found_again(void **state)
{
    struct dice d = {8};

    (void)state;
    for (int i = 0; i < 3000; i++) {
        char text[2][32];
        double p[2];
        for (int k = 0; k < 2; k++) {
            const int decimals = (int)roll_below(&d, 6);
            snprintf(text[k], sizeof text[k], "%.*f", decimals, (double)roll_between(&d, -999999, 999999) / pow(10, decimals));
            text[k][8] = '\0';
            p[k] = strtod(text[k], NULL);
        }
        const double low = (double)roll_between(&d, -32768, 0), high = (double)roll_between(&d, 1, 32767);
        const double gain = (high - low) / (p[1] - p[0]), baseline = low - p[0] * gain;
        const struct kymo_signal s = {.gain = gain, .baseline = baseline, .digital_min = low, .digital_max = high};
        struct edf_limits l;
        if (p[0] == p[1])
            continue;
        assert_true(edf_limits_for(&s, true, -32768, 32767, -32768, 32767, &l));
        if (l.gain != gain || l.baseline != baseline || l.digital_min != (int)low || l.digital_max != (int)high)
            fail_msg("%s..%s over %g..%g became %s..%s over %d..%d", text[0], text[1], low, high, l.physical_min,
                     l.physical_max, l.digital_min, l.digital_max);
    }
}

static void durations_make_rates_exact(void **state)
{
    static const struct { struct kymo_ratio period; int64_t common; const char *text; bool divides, exact; } cases[] = {
        {{1, 250}, 2500, "1", true, true}, {{1, 256}, 256 * 7, "1", true, true}, {{30, 1}, 4, "30", true, true},
        {{20, 9999}, 9999 * 3, "20", true, true}, {{3, 1000}, 1000, "0.75", true, true}, {{1, 360}, 650000, "1", false, true},
        {{1, 250}, 251 * 7, "1.004", true, true}, {{1, 1}, 61, "1", true, true},
        {{1, 1000003}, 1, NULL, false, true}, {{1, 99999989}, 0, NULL, false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct edf_duration d;
        assert_true(edf_duration_for(cases[i].period, cases[i].common, 4, &d));
        if (cases[i].text)
            assert_string_equal(d.text, cases[i].text);
        if (d.divides != cases[i].divides || (d.off == 0) != cases[i].exact)
            fail_msg("case %zu: %s s, %lld periods, divides %d, off %g", i, d.text, (long long)d.periods, d.divides, d.off);
        double v = 0;
        assert_true(kymo_parse_real(d.text, strlen(d.text), &v));
        assert_true(fabs(v / ((double)d.periods * kymo_ratio_real(cases[i].period)) - 1) < 1e-6);
    }
}

static void numbers_of_eight_characters(void **state)
{
    static const struct { double v; int way; const char *text; } cases[] = {
        {0, 0, "0"}, {-168.96, 0, "-168.96"}, {3276.75, 0, "3276.75"}, {1.0 / 3, 0, ".3333333"}, {-1.0 / 3, 0, "-.333333"},
        {-1.0 / 3, -1, "-.333334"}, {123456.789, 1, "123456.8"}, {1234567890.0, 0, "1.23e+09"}, {1e-9, 0, "1e-09"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[9];
        edf_format_number(cases[i].v, cases[i].way, text);
        assert_string_equal(text, cases[i].text);
    }
}

/* ---- events ---- */

static void forms_of_events(void **state)
{
    static const struct { struct kymo_event ev; const char *form; } cases[] = {
        {{.type = "N", .signal = -1, .text = ""}, "N"}, {{.type = "+", .signal = -1, .text = "(AFIB"}, "+ (AFIB"},
        {{.type = "note", .signal = -1, .sample = KYMO_UNKNOWN, .text = "lights off"}, "lights off"},
        {{.type = "note", .signal = -1, .sample = 9, .text = "lights off"}, "lights off %note{sample=9}"},
        {{.type = "N", .signal = -1, .sample = KYMO_UNKNOWN, .duration_ns = KYMO_UNKNOWN, .text = ""},
         "N{sample=?,duration=?}"},
        {{.type = "+", .signal = -1, .duration_ns = -1500000000, .track = 1, .text = "(N"}, "+{duration=-1.5,track=1} (N"},
        {{.type = "N", .signal = -1, .text = "%x"}, "%x %N"},
        {{.type = "tracks", .signal = -1, .sample = KYMO_UNKNOWN, .text = "a"}, "a %%74racks"},
        {{.type = "a{b}%c@", .signal = -1, .sample = KYMO_UNKNOWN, .text = ""}, "%a%7Bb%7D%25c%40"},
        {{.type = "note", .signal = -1, .sample = KYMO_UNKNOWN, .text = "N"}, "N %note"},
        {{.type = "note", .signal = -1, .sample = KYMO_UNKNOWN, .text = "R wave"}, "R wave %note"},
        {{.type = "note", .signal = -1, .sample = KYMO_UNKNOWN, .text = ""}, "%note"},
        {{.type = "note", .signal = 1, .text = "odd"}, "odd@@SpO2"},
        {{.type = "note", .signal = -1, .sample = KYMO_UNKNOWN, .text = "odd@@SpO2"}, "odd@@SpO2 %note"},
        {{.type = "V", .signal = 0, .subtype = 1, .text = ""}, "V{sub=1} @@ECG"},
        {{.type = "V", .signal = 2, .num = -3, .text = "x"}, "V{num=-3,signal=2} x"},
        {{.type = "desat", .signal = -1, .sample = KYMO_UNKNOWN, .text = ""}, "%desat"},
        {{.type = "note", .signal = -1, .sample = KYMO_UNKNOWN, .text = "%x"}, "%x %note"},
        {{.type = "[42]", .signal = -1, .text = " two"}, "[42]  two"},
        {{.type = "note", .signal = -1, .sample = KYMO_UNKNOWN, .text = "N{sub=x}"}, "N{sub=x}"},
    };
    struct kymo_header h;
    struct kymo_err e = {0};

    (void)state;
    kymo_header_init(&h);
    add_signal(&h, "ECG", 1, 1);
    add_signal(&h, "SpO2", 1, 1);
    add_signal(&h, "twice", 1, 1);
    add_signal(&h, "twice", 1, 1);
    assert_true(kymo_header_add_track(&h, "one", &e) == 0 && kymo_header_add_track(&h, "two", &e) == 1);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct kymo_event ev = cases[i].ev, back = {.duration_ns = ev.duration_ns > 0 ? ev.duration_ns : 0};
        ev.value = (double)NAN;
        char *form = edf_event_format(&h, &ev, &e);
        assert_non_null(form);
        assert_string_equal(form, cases[i].form);
        edf_event_parse(&h, form, &back);
        assert_string_equal(back.type, ev.type);
        assert_string_equal(back.text, ev.text);
        assert_int_equal(back.signal, ev.signal);
        assert_int_equal(back.subtype, ev.subtype);
        assert_int_equal(back.num, ev.num);
        assert_int_equal(back.sample, ev.sample);
        assert_int_equal(back.duration_ns, ev.duration_ns);
        assert_int_equal(back.track, ev.track);
        free(form);
    }
    kymo_header_release(&h);
}

static void copy_with_notes(const char *to, size_t n, const char *text, bool samples, struct taken *a, struct taken *b)
{
    struct dice d = {1};
    struct kymo_header h;
    struct kymo_block block;
    struct both t;
    struct kymo_err e = {0};

    kymo_header_init(&h);
    set_start(&h);
    if (samples)
        add_signal(&h, "ECG", 100, 1);
    assert_int_equal(kymo_header_add_track(&h, "edf", &e), 0);
    kymo_block_init(&block, &h);
    both_start(&t, &kymo_format_edf, to, &h, false);
    make_block(&block, 0, 0, 10 * S, &d);
    for (size_t i = 0; i < n; i++)
        add_event(&block, S + (int64_t)i * 1000, 0, "note", text);
    both_write(&t, &block);
    assert_int_equal(both_end(&t, a), 0);
    read_back(to, b);
    kymo_block_release(&block);
    kymo_header_release(&h);
}

/* EDFlib itself would keep 40 bytes of a text, and one annotation for each data record. */
static void no_annotation_is_lost(void **state)
{
    static char text[5000];
    struct taken a, b;
    struct folder f;
    char path[160];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    folder_make(&f);
    folder_path(&f, "x.edf", path);
    copy_with_notes(path, 3000, "three thousand of them in a second", true, &a, &b);
    assert_int_equal(b.n_events, 3000);
    assert_same_events(&a, &b);
    assert_edflib_agrees(path, &a, 3000);
    assert_edflib_finds(path, 2999, 10000000 + 2999 * 10, "three thousand of them in a second");
    taken_free(&a);
    taken_free(&b);
    copy_with_notes(path, 3, text, true, &a, &b);
    assert_int_equal(strlen(b.event[2].text), sizeof text - 1);
    assert_same_events(&a, &b);
    taken_free(&a);
    taken_free(&b);
    copy_with_notes(path, 300, "no signals", false, &a, &b);
    assert_int_equal(b.hdr.n_signals, 0);
    assert_int_equal(b.n_events, 300);
    assert_same_events(&a, &b);
    taken_free(&a);
    taken_free(&b);
    folder_remove(&f);
}

/* Each stands in the data record in which it begins, in order of time, in whatever order they came. */
static void annotations_stand_where_they_begin(void **state)
{
    struct dice d = {1};
    struct folder f;
    struct kymo_header h;
    struct kymo_block block;
    struct both t;
    struct taken a, b;
    struct kymo_err e = {0};
    char path[160], bytes[8192];
    size_t at[2];

    (void)state;
    folder_make(&f);
    kymo_header_init(&h);
    set_start(&h);
    add_signal(&h, "ECG", 100, 1);
    assert_int_equal(kymo_header_add_track(&h, "edf", &e), 0);
    kymo_block_init(&block, &h);
    both_start(&t, &kymo_format_edf, folder_path(&f, "x.edf", path), &h, false);
    make_block(&block, 0, 0, 10 * S, &d);
    add_event(&block, 6500000000, 0, "note", "second");
    add_event(&block, 2500000000, 0, "note", "first");
    both_write(&t, &block);
    assert_int_equal(both_end(&t, &a), 0);
    read_back(path, &b);
    assert_string_equal(b.event[0].text, "first");
    FILE *file = fopen(path, "rb");
    const size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (int k = 0; k < 2; k++) {
        const char *text = k ? "second" : "first", *found = memmem(bytes, n, text, strlen(text));
        assert_non_null(found);
        at[k] = ((size_t)(found - bytes) - 256 * 3) / ((n - 256 * 3) / 10);
    }
    assert_int_equal(at[0], 2);
    assert_int_equal(at[1], 6);
    taken_free(&a);
    taken_free(&b);
    kymo_block_release(&block);
    kymo_header_release(&h);
    folder_remove(&f);
}

/* What other programs wrote as "N" or "R" is a note, and stays one when it is copied. */
static void notes_of_other_programs_stay_notes(void **state)
{
    static const struct edf_column column[] = {{.samples = "4"}, {.label = "EDF Annotations", .samples = "60", .unit = "",
                                               .phys_min = "-1", .phys_max = "1"}};
    const struct edf_spec spec = {.reserved = "EDF+C", .n = 2, .column = column};
    static const char samples[8] = "abcdefgh";
    struct bytes bytes = {0};
    struct folder f;
    struct taken a, b;
    struct warnings warned;
    struct kymo_err e = {0};
    char from[160], to[160];

    (void)state;
    put_edf_header(&bytes, &spec);
    put_bytes(&bytes, samples, sizeof samples);
    put_tals(&bytes, "+0||~+0.1|N|R|~+0.2^1|+ (AFIB|~+0.3|%padding|~+0.4|x@@ECG|~", 120);
    folder_make(&f);
    folder_put(&f, "a.edf", bytes.p, bytes.n);
    folder_path(&f, "a.edf", from);
    folder_path(&f, "b.edf", to);
    assert_int_equal(copy_to(from, NULL, &kymo_format_edf, to, false, &warned, &e), 0);
    read_back(from, &a);
    read_back(to, &b);
    assert_int_equal(a.n_events, 5);
    assert_string_equal(b.event[0].type, "note");
    assert_same_recording(&a, &b);
    taken_free(&a);
    taken_free(&b);
    bytes_free(&bytes);
    folder_remove(&f);
}

/* ---- start, texts ---- */

static void starts_come_back(void **state)
{
    static const struct { struct kymo_start start; int64_t cut_ns; const char *text; bool empty; } cases[] = {
        {{true, true, 2011, 12, 31, 86399 * S + 250000000}, 0, "2011-12-31T23:59:59.25", false},
        {{true, true, 2011, 12, 31, 86399 * S + 250000000}, 0, "2011-12-31T23:59:59.25", true},
        {{true, true, 2011, 12, 31, 86399 * S + 250000000}, 2 * S, "2012-01-01T00:00:01.25", false},
        {{true, true, 2000, 2, 28, 80000 * S}, 90000 * S, "2000-02-29T23:13:20", false},
        {{true, true, 1970, 1, 1, 5 * S}, 0, "1970-01-01T00:00:05", false}, {{true, true, 2090, 6, 7, 0}, 0, "2090-06-07T00:00:00", false},
        {{true, true, 2012, 1, 1, S}, -2 * S, "2011-12-31T23:59:59", false},
        {{false, false, 0, 0, 0, 0}, 3 * S, "", false}, {{false, true, 0, 0, 0, 3600 * S}, 0, "01:00:00", false},
    };
    struct dice d = {1};
    struct folder f;
    char path[160], text[48];

    (void)state;
    folder_make(&f);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct kymo_header h;
        struct kymo_block b;
        struct both t;
        struct taken a, c;
        kymo_header_init(&h);
        h.start = cases[i].start;
        add_signal(&h, "ECG", 100, 1);
        kymo_block_init(&b, &h);
        both_start(&t, &kymo_format_edf, folder_path(&f, "x.edf", path), &h, false);
        make_block(&b, 0, cases[i].cut_ns, cases[i].empty ? cases[i].cut_ns : cases[i].cut_ns + S, &d);
        both_write(&t, &b);
        assert_int_equal(both_end(&t, &a), 0);
        read_back(path, &c);
        kymo_start_text(&c.hdr.start, text, sizeof text);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(c.trace[0].n, cases[i].empty ? 0 : 100);
        assert_true(cases[i].empty || c.trace[0].time_ns[0] == 0);
        taken_free(&a);
        taken_free(&c);
        kymo_block_release(&b);
        kymo_header_release(&h);
    }
    folder_remove(&f);
}

/* Writes one second of h, whatever h says; returns what it came to. */
static int write_one(const struct kymo_format *format, const struct kymo_header *h, const char *path, bool lossy,
                     struct both *t, struct taken *meant, void (*spoil)(struct kymo_block *))
{
    struct dice d = {1};
    struct kymo_block b;

    kymo_block_init(&b, h);
    both_start(t, format, path, h, lossy);
    make_block(&b, 0, 0, S, &d);
    if (spoil)
        spoil(&b);
    both_write(t, &b);
    kymo_block_release(&b);
    return both_end(t, meant);
}

static void spoil_missing(struct kymo_block *b) { b->span[0].digital[5] = b->span[0].digital[7] = KYMO_MISSING; }
static void spoil_large(struct kymo_block *b) { b->span[0].digital[3] = 70000; }

static void spoil_value(struct kymo_block *b)
{
    add_event(b, 0, 0, "N", "");
    b->event[0].value = (double)INFINITY;
}

static void spoil_ragged(struct kymo_block *b)
{
    if (b->hdr->n_signals > 1)
        b->span[1].n -= 30;
}

static void signal_plain(struct kymo_signal *s) { (void)s; }
static void signal_can_miss(struct kymo_signal *s) { s->can_miss = true; }
static void signal_wide(struct kymo_signal *s) { s->storage = KYMO_I24; }
static void signal_i32(struct kymo_signal *s) { s->storage = KYMO_I32; }
static void signal_real(struct kymo_signal *s) { s->storage = KYMO_F64; }
static void signal_accent(struct kymo_signal *s) { s->label = "Th\xc3\xa9r\xc3\xa8se"; }
static void signal_long(struct kymo_signal *s) { s->label = "a label of more than 16"; }
static void signal_long_unit(struct kymo_signal *s) { s->unit = "mmol/litre"; }
static void signal_of_lists(struct kymo_signal *s) { s->label = "EDF Annotations"; }
static void signal_odd_rate(struct kymo_signal *s) { s->rate = kymo_ratio(99999989, 1000003); }

static void what_edf_cannot_hold_is_refused_or_told(void **state)
{
    static const struct {
        void (*signal)(struct kymo_signal *);
        void (*spoil)(struct kymo_block *);
        const char *refusal, *lossy;
    } cases[] = {
        {signal_can_miss, spoil_missing, "sample 5 of signal ECG is missing, which EDF cannot tell",
         "2 samples of signal ECG are missing and become the least integer"},
        {signal_i32, spoil_large, "sample 3 of signal ECG is 70000, EDF holds -32768..32767 (BDF has 24 bits)",
         "signal ECG, 100 samples in"},
        {signal_wide, NULL, "EDF holds -32768..32767", "scaled to steps of"},
        {signal_real, NULL, "signal ECG holds f64 values, EDF integers of 16 bits", "signal ECG, 100 samples in"},
        {signal_accent, NULL, "\" has 2 characters that are not ASCII, as EDF wants; lossy it is Therese", "becomes Therese"},
        {signal_long, NULL, "label \"a label of more than 16\" has 23 characters, EDF holds 16", "23 characters"},
        {signal_long_unit, NULL, "unit of ECG \"mmol/litre\" has 10 characters, EDF holds 8", "10 characters"},
        {signal_of_lists, NULL, "label \"EDF Annotations\" of a signal is that of the lists of annotations; lossy it is "
         "EDF_Annotations", ": becomes EDF_Annotations"},
        {signal_odd_rate, NULL, "no data record lasts 8 characters exactly", "is off by"},
        {signal_plain, spoil_value, "the value of the event at 0.000000 s is infinite", "1 events have infinite values"},
        {signal_plain, spoil_ragged, "the signals do not begin or end at one time", "they are filled up"},
    };
    struct folder f;
    char path[160];

    (void)state;
    folder_make(&f);
    folder_path(&f, "x.edf", path);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (int lossy = 0; lossy < 2; lossy++) {
            struct kymo_header h;
            struct both t;
            struct taken a, b;
            struct kymo_err e = {0};
            kymo_header_init(&h);
            set_start(&h);
            assert_true(kymo_header_add_track(&h, "one", &e) == 0 && kymo_header_add_track(&h, "two", &e) == 1);
            cases[i].signal(add_signal(&h, "ECG", 100, 1));
            if (cases[i].spoil == spoil_ragged)
                add_signal(&h, "other", 100, 1);
            folder_put(&f, "x.edf", "old", 3);
            const int rc = write_one(&kymo_format_edf, &h, path, lossy, &t, &a, cases[i].spoil);
            if (lossy) {
                assert_int_equal(rc, 0);
                assert_warned(&t.warned, cases[i].lossy);
                read_back(path, &b);
                assert_true(b.trace[0].n >= a.trace[0].n);
                taken_free(&b);
            } else {
                assert_error(&t.e, KYMO_EDATA, cases[i].refusal);
                assert_error(&t.e, KYMO_EDATA, path);
                FILE *old = fopen(path, "rb");
                char three[8] = "";
                assert_int_equal(fread(three, 1, 8, old), 3);
                assert_string_equal(three, "old");
                fclose(old);
            }
            assert_int_equal(count_files(&f), 1);
            taken_free(&a);
            kymo_header_release(&h);
        }
    folder_remove(&f);
}

static void units_without_calibration_are_told_of(void **state)
{
    struct kymo_header h;
    struct folder f;
    struct both t;
    struct taken a, b;
    char path[160];

    (void)state;
    folder_make(&f);
    folder_path(&f, "x.edf", path);
    kymo_header_init(&h);
    set_start(&h);
    add_signal(&h, "ECG", 100, 1);
    add_signal(&h, "raw", 100, 1)->calibrated = false;
    assert_int_equal(write_one(&kymo_format_edf, &h, path, false, &t, &a, NULL), 0);
    assert_warned(&t.warned, "1 signals are not calibrated (raw, mV): their units are left out");
    read_back(path, &b);
    assert_string_equal(b.hdr.signal[0].unit, "mV");
    assert_string_equal(b.hdr.signal[1].unit, "");
    taken_free(&a);
    taken_free(&b);
    kymo_header_release(&h);
    folder_remove(&f);
}

/* Multiples of 1/4 up to 8000: 800000 is beyond 16 bits, not beyond 24. */
static void decimals_are_integers(void **state)
{
    struct kymo_header h;
    struct folder f;
    struct both t;
    struct taken a, b;
    char path[160];

    (void)state;
    folder_make(&f);
    folder_path(&f, "x.bdf", path);
    kymo_header_init(&h);
    set_start(&h);
    struct kymo_signal *sig = add_signal(&h, "ECG", 100, 1);
    sig->storage = KYMO_F64;
    sig->gain = 1;
    sig->baseline = 0;
    assert_int_equal(write_one(&kymo_format_bdf, &h, path, false, &t, &a, NULL), 0);
    assert_int_equal(t.warned.n, 0);
    read_back(path, &b);
    assert_true(b.hdr.signal[0].gain == 100 && b.hdr.signal[0].baseline == 0);
    assert_int_equal(b.trace[0].n, a.trace[0].n);
    assert_memory_equal(b.trace[0].physical, a.trace[0].physical, a.trace[0].n * sizeof *a.trace[0].physical);
    taken_free(&a);
    taken_free(&b);
    kymo_header_release(&h);
    folder_remove(&f);
}

/* Scaled values are off by at most half a step, and the steps use all 16 bits. */
static void lossy_scaling_is_as_good_as_its_steps(void **state)
{
    static void (*const make[])(struct kymo_signal *) = {signal_wide, signal_real};
    struct folder f;
    char path[160];

    (void)state;
    folder_make(&f);
    for (size_t k = 0; k < COUNT_OF(make); k++) {
        struct kymo_header h;
        struct both t;
        struct taken a, b;
        kymo_header_init(&h);
        set_start(&h);
        make[k](add_signal(&h, "ECG", 100, 1));
        assert_int_equal(write_one(&kymo_format_edf, &h, folder_path(&f, "x.edf", path), true, &t, &a, NULL), 0);
        read_back(path, &b);
        for (size_t i = 0; i < 100; i++)
            assert_true(fabs(a.trace[0].physical[i] - b.trace[0].physical[i]) <= 0.5000001 / fabs(b.hdr.signal[0].gain));
        int32_t least = INT32_MAX, most = INT32_MIN;
        for (size_t i = 0; i < 100; i++) {
            least = b.trace[0].digital[i] < least ? b.trace[0].digital[i] : least;
            most = b.trace[0].digital[i] > most ? b.trace[0].digital[i] : most;
        }
        assert_true(most - least > 65000);
        taken_free(&a);
        taken_free(&b);
        kymo_header_release(&h);
    }
    folder_remove(&f);
}

static void texts_become_ascii(void **state)
{
    char out[64];

    (void)state;
    assert_int_equal(edf_ascii("\xc2\xb5V", out, sizeof out), 0);
    assert_string_equal(out, "uV");
    assert_int_equal(edf_ascii("\xc2\xb0" "C", out, sizeof out), 0);
    assert_string_equal(out, "degC");
    assert_int_equal(edf_ascii("k\xce\xa9", out, sizeof out), 0);
    assert_string_equal(out, "kOhm");
    assert_int_equal(edf_ascii("\xc3\x84rztin \xe2\x82\xac", out, sizeof out), 2);
    assert_string_equal(out, "Arztin ?");
}

/* ---- accidents ---- */

static void what_is_not_finished_is_not_there(void **state)
{
    struct dice d = {1};
    struct folder f;
    char path[160];
    struct kymo_header h;
    struct kymo_block b;
    struct kymo_err e = {0};
    const struct kymo_log log = {0};

    (void)state;
    folder_make(&f);
    folder_put(&f, "x.edf", "old", 3);
    kymo_header_init(&h);
    set_start(&h);
    add_signal(&h, "ECG", 100, 1);
    kymo_block_init(&b, &h);
    struct kymo_writer *w = kymo_create_file(&kymo_format_edf, folder_path(&f, "x.edf", path), &h, 0, false, &log, &e);
    assert_non_null(w);
    make_block(&b, 0, 0, 100 * S, &d);
    assert_int_equal(kymo_write(w, &b, &e), 0);
    assert_int_equal(count_files(&f), 1);   /* not even in between */
    kymo_writer_destroy(w);
    assert_int_equal(count_files(&f), 1);
    FILE *old = fopen(path, "rb");
    char three[8] = "";
    assert_int_equal(fread(three, 1, 8, old), 3);
    fclose(old);
    kymo_block_release(&b);
    kymo_header_release(&h);
    folder_remove(&f);
}

static void places_that_cannot_be_written(void **state)
{
    static const char *const paths[] = {"/tmp/there/is/no/such/folder/x.edf", "/dev/full"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct kymo_header h;
        struct both t;
        struct taken a;
        kymo_header_init(&h);
        set_start(&h);
        add_signal(&h, "ECG", 100, 1);
        assert_int_equal(write_one(&kymo_format_edf, &h, paths[i], false, &t, &a, NULL), KYMO_EIO);
        assert_error(&t.e, KYMO_EIO, "cannot be written");
        taken_free(&a);
        kymo_header_release(&h);
    }
}

/* More signals than EDFlib knows, one sample each a second. */
static void thousands_of_signals(void **state)
{
    struct folder f;
    char path[160];
    struct kymo_header h;
    struct both t;
    struct taken a, b;

    (void)state;
    folder_make(&f);
    kymo_header_init(&h);
    set_start(&h);
    for (int i = 0; i < 3000; i++)
        add_signal(&h, "x", 2, 1);
    assert_int_equal(write_one(&kymo_format_bdf, &h, folder_path(&f, "x.bdf", path), false, &t, &a, NULL), 0);
    read_back(path, &b);
    assert_int_equal(b.hdr.n_signals, 3000);
    assert_same_samples(&a, &b);
    taken_free(&a);
    taken_free(&b);
    kymo_header_release(&h);
    folder_remove(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_keep_everything), cmocka_unit_test(a_copy_of_a_copy_is_the_same_file),
        cmocka_unit_test(a_cut_keeps_times_of_day), cmocka_unit_test(made_up_recordings_come_back),
        cmocka_unit_test(padding_may_reach_over_a_gap),
        cmocka_unit_test(segments_must_be_in_order), cmocka_unit_test(half_hours_of_mitdb_come_back_whole),
        cmocka_unit_test(limits_give_gain_and_baseline), cmocka_unit_test(limits_of_any_file_are_found_again),
        cmocka_unit_test(durations_make_rates_exact), cmocka_unit_test(numbers_of_eight_characters),
        cmocka_unit_test(forms_of_events), cmocka_unit_test(no_annotation_is_lost),
        cmocka_unit_test(annotations_stand_where_they_begin),
        cmocka_unit_test(notes_of_other_programs_stay_notes), cmocka_unit_test(starts_come_back),
        cmocka_unit_test(what_edf_cannot_hold_is_refused_or_told),
        cmocka_unit_test(units_without_calibration_are_told_of), cmocka_unit_test(decimals_are_integers),
        cmocka_unit_test(lossy_scaling_is_as_good_as_its_steps),
        cmocka_unit_test(texts_become_ascii), cmocka_unit_test(what_is_not_finished_is_not_there),
        cmocka_unit_test(places_that_cannot_be_written), cmocka_unit_test(thousands_of_signals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
