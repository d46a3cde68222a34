/* tests/unit/test_kymo.c - the kymo stream, held to kymo-stream(5).
 *
 * A plan says which segments a recording has; its samples are a function of signal and index, so that what was read can
 * be judged without keeping what was written. */
#include "support.h"

#include "formats/kymo_header.h"
#include "lib/bytes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define MOST_SEGMENTS 6
#define MOST_EVENTS 200
#define S KYMO_NS_PER_S

struct plan {
    struct kymo_header hdr;
    size_t n_segments, n_events;
    struct {
        int64_t start_ns, length_ns;
    } segment[MOST_SEGMENTS];
    struct kymo_event event[MOST_EVENTS];   /* in order of time */
    int64_t delay_ns;
};

/* ---- the samples of a plan ---- */

static uint64_t hash_of(size_t signal, int64_t index)
{
    struct dice d = {(uint64_t)index * 64 + signal};

    return roll(&d);
}

static int32_t digital_of(const struct kymo_signal *sig, size_t signal, int64_t index)
{
    const uint64_t h = hash_of(signal, index);
    const int bits = 8 * (int)kymo_storage_bytes(sig->storage);
    const int64_t least = -(INT64_C(1) << (bits - 1)), most = -least - 1;

    if (h % 16 == 0)
        return sig->can_miss ? KYMO_MISSING : sig->storage == KYMO_I32 ? INT32_MIN + 1 : (int32_t)least;
    if (h % 16 == 1)
        return (int32_t)most;
    if (h % 16 == 2)
        return (int32_t)least + 1;
    return (int32_t)(least + 1 + (int64_t)(h >> 8) % most);
}

static double physical_of(const struct kymo_signal *sig, size_t signal, int64_t index)
{
    const uint64_t h = hash_of(signal, index);
    const double x = h % 16 == 0 ? (double)NAN : h % 16 == 1 ? -1.0 / 3 : (double)(h >> 11) * 1e-5;

    return sig->storage == KYMO_F32 ? (double)(float)x : x;
}

static int64_t first_of(const struct plan *p, size_t segment, size_t signal)
{
    return kymo_index_at(p->hdr.signal[signal].rate, p->segment[segment].start_ns);
}

/* The first index of a signal at or after ns, in the grid of a segment. */
static int64_t index_in(const struct plan *p, size_t segment, size_t signal, int64_t ns)
{
    return first_of(p, segment, signal) + kymo_index_at(p->hdr.signal[signal].rate, ns - p->segment[segment].start_ns);
}

/* ---- writing a plan ---- */

/* The samples of one stretch of a segment. Returns the time of the earliest, or INT64_MAX where there is none. */
static int64_t fill_stretch(const struct plan *p, size_t segment, int64_t from_ns, int64_t to_ns, struct kymo_block *b)
{
    int64_t earliest = INT64_MAX;
    struct kymo_err e = {0};

    kymo_block_clear(b);
    b->segment_ns = p->segment[segment].start_ns;
    for (size_t s = 0; s < p->hdr.n_signals; s++) {
        const struct kymo_signal *sig = &p->hdr.signal[s];
        const int64_t first = index_in(p, segment, s, from_ns), end = index_in(p, segment, s, to_ns);
        assert_int_equal(kymo_block_reserve(b, s, (size_t)(end - first), &e), 0);
        struct kymo_span *span = &b->span[s];
        span->first = first;
        span->segment_first = first_of(p, segment, s);
        span->n = (size_t)(end - first);
        for (size_t i = 0; i < span->n; i++)
            if (kymo_storage_is_integer(sig->storage))
                span->digital[i] = digital_of(sig, s, first + (int64_t)i);
            else
                span->physical[i] = physical_of(sig, s, first + (int64_t)i);
        if (span->n > 0 && kymo_block_time(b, s, first) < earliest)
            earliest = kymo_block_time(b, s, first);
    }
    return earliest;
}

/* The block before a sample at ns brings the events that are known by then, each late by its own part of the delay. */
static void add_known(const struct plan *p, struct kymo_block *b, size_t *done, int64_t ns)
{
    struct kymo_err e = {0};

    for (; *done < p->n_events; (*done)++) {
        struct dice d = {*done};
        const int64_t late = p->delay_ns ? (int64_t)roll_below(&d, (uint64_t)p->delay_ns) : 0;
        if (p->event[*done].time_ns + late >= ns)
            return;
        assert_int_equal(kymo_block_event(b, &p->event[*done], &e), 0);
    }
}

/* A block that waits until it is known when the next begins. */
struct writing {
    const struct plan *p;
    struct kymo_writer *w;
    struct kymo_block block[2];
    bool waits;
    size_t now, n_events;
};

static void write_waiting(struct writing *s, int64_t next_ns)
{
    struct kymo_err e = {0};

    if (s->waits) {
        add_known(s->p, &s->block[s->now], &s->n_events, next_ns);
        if (kymo_write(s->w, &s->block[s->now], &e) < 0)
            assert_error(&e, 0, "no error at all");
    }
    s->waits = false;
}

static void write_segment(struct writing *s, size_t segment, struct dice *d, int64_t most_ns)
{
    const int64_t start = s->p->segment[segment].start_ns, end = start + s->p->segment[segment].length_ns;
    bool new_segment = segment > 0 || start != 0;

    for (int64_t at = start; at < end;) {
        const int64_t step = roll_between(d, 1, most_ns), to = end - at < step ? end : at + step;
        struct kymo_block *next = &s->block[1 - s->now];
        const int64_t earliest = fill_stretch(s->p, segment, at, to, next);
        at = to;
        if (earliest == INT64_MAX)
            continue;
        write_waiting(s, earliest);
        next->new_segment = new_segment;
        new_segment = false;
        s->now = 1 - s->now;
        s->waits = true;
    }
}

/* The stream of a plan that comes in blocks of up to most_ns, drawn by seed. */
static struct bytes stream_of(const struct plan *p, uint64_t seed, int64_t most_ns)
{
    struct dice d = {seed};
    struct kymo_err e = {0};
    struct kymo_output *out = kymo_output_memory(&e);
    struct writing s = {.p = p, .w = kymo_create(kymo_format_named("kymo"), out, &p->hdr, p->delay_ns, &e)};
    struct bytes b = {0};
    size_t n;

    assert_non_null(s.w);
    kymo_block_init(&s.block[0], &p->hdr);
    kymo_block_init(&s.block[1], &p->hdr);
    for (size_t k = 0; k < p->n_segments; k++)
        write_segment(&s, k, &d, most_ns);
    write_waiting(&s, INT64_MAX);
    while (s.n_events < p->n_events)
        assert_int_equal(kymo_write_event(s.w, &p->event[s.n_events++], &e), 0);
    assert_int_equal(kymo_write_finish(s.w, &e), 0);
    const unsigned char *bytes = kymo_output_bytes(out, &n);
    put_bytes(&b, bytes, n);
    kymo_block_release(&s.block[0]);
    kymo_block_release(&s.block[1]);
    kymo_writer_destroy(s.w);
    kymo_output_destroy(out);
    return b;
}

/* ---- judging what was read ---- */

static void assert_samples(const struct plan *p, const struct taken *t)
{
    for (size_t s = 0; s < p->hdr.n_signals; s++) {
        const struct kymo_signal *sig = &p->hdr.signal[s];
        const struct trace *x = &t->trace[s];
        size_t at = 0;
        for (size_t k = 0; k < p->n_segments; k++) {
            const int64_t start = p->segment[k].start_ns, first = first_of(p, k, s);
            for (int64_t i = first; i < index_in(p, k, s, start + p->segment[k].length_ns); i++, at++) {
                assert_true(at < x->n);
                assert_int_equal(x->index[at], i);
                assert_int_equal(x->time_ns[at], start + kymo_time_of(sig->rate, i - first));
                if (kymo_storage_is_integer(sig->storage))
                    assert_int_equal(x->digital[at], digital_of(sig, s, i));
                else
                    assert_true(x->physical[at] == physical_of(sig, s, i) ||
                                (isnan(x->physical[at]) && isnan(physical_of(sig, s, i))));
            }
        }
        assert_int_equal(x->n, at);
    }
}

static void assert_holds(const struct plan *p, const struct bytes *b)
{
    const struct taken wanted = {.event = (struct kymo_event *)(uintptr_t)p->event, .n_events = p->n_events};
    struct kymo_err e = {0};
    struct taken t;

    if (read_bytes(b, "x.kymo", NULL, &t, &e) < 0)
        assert_error(&e, 0, "no error at all");
    assert_same_header(&p->hdr, &t.hdr);
    assert_samples(p, &t);
    assert_same_events(&wanted, &t);
    taken_free(&t);
}

/* ---- plans ---- */

static void add_signal(struct plan *p, int64_t num, int64_t den, enum kymo_storage storage, bool can_miss)
{
    struct kymo_err e = {0};
    struct kymo_signal *s = kymo_header_signal(&p->hdr, &e);

    s->label = "ECG \xc2\xb5";
    s->unit = "mV";
    s->kind = KYMO_ECG;
    s->rate = kymo_ratio(num, den);
    s->storage = storage;
    s->can_miss = can_miss;
    s->calibrated = true;
    s->gain = -200.1;
    s->baseline = 1e-3;
    s->digital_min = -2048;
}

static void add_segment(struct plan *p, int64_t start_ns, int64_t length_ns)
{
    p->segment[p->n_segments].start_ns = start_ns;
    p->segment[p->n_segments++].length_ns = length_ns;
}

static void add_events(struct plan *p, size_t n, int64_t step_ns)
{
    for (size_t i = 0; i < n; i++)
        p->event[p->n_events++] = (struct kymo_event){
            .time_ns = (int64_t)i * step_ns, .duration_ns = i % 3 ? 0 : KYMO_UNKNOWN,
                .sample = i % 2 ? (int64_t)i : KYMO_UNKNOWN,
            .signal = p->hdr.n_signals > 0 && i % 4 == 0 ? 0 : -1, .track = (int)(i % 2), .subtype = -1, .num = (int)i,
            .type = "N", .value = i % 5 ? (double)NAN : 0.1, .text = i % 7 ? "" : "(AFIB \xc3\xa9",
        };
}

static void begin_plan(struct plan *p)
{
    struct kymo_err e = {0};

    *p = (struct plan){.n_segments = 0};
    kymo_header_init(&p->hdr);
    p->hdr.record = "r";
    p->hdr.format = "test";
    kymo_header_add_track(&p->hdr, "atr", &e);
    kymo_header_add_track(&p->hdr, "qrs", &e);
}

/* Rates far apart, every storage, gaps on and off the grid, events that come late. */
static void plan_mixed(struct plan *p)
{
    begin_plan(p);
    add_signal(p, 360, 1, KYMO_I16, true);
    add_signal(p, 1, 1, KYMO_I24, true);
    add_signal(p, 1, 30, KYMO_F32, false);
    add_signal(p, 9999, 20, KYMO_I16, false);
    add_signal(p, 100, 1, KYMO_I32, true);
    add_signal(p, 25, 3, KYMO_F64, false);
    add_signal(p, 50, 1, KYMO_I24, false);
    add_segment(p, 0, 95 * S);
    add_segment(p, 120 * S, 31 * S);                 /* on the grid */
    add_segment(p, 200 * S + 123456789, 40 * S);     /* off it */
    add_segment(p, 241 * S, S / 1000);               /* shorter than a sample of most */
    p->delay_ns = 2 * S;
    add_events(p, 190, 3 * S / 2);
}

static void plan_small(struct plan *p)
{
    begin_plan(p);
    add_signal(p, 4, 1, KYMO_I16, true);
    add_signal(p, 1, 1, KYMO_F64, false);
    add_segment(p, 0, 3 * S);
    add_segment(p, 10 * S + 1, 2 * S);
    add_events(p, 3, 2 * S);
}

/* ---- tests: there and back ---- */

static void every_storage_rate_and_gap_comes_back(void **state)
{
    struct plan p;
    (void)state;

    plan_mixed(&p);
    struct bytes b = stream_of(&p, 1, 10 * S);
    assert_holds(&p, &b);
    bytes_free(&b);
    kymo_header_release(&p.hdr);
}

static void assert_same_bytes(const struct plan *p, const int64_t *most_ns, size_t n)
{
    struct bytes wanted = stream_of(p, 1, INT64_C(1) << 60);

    assert_holds(p, &wanted);
    for (size_t i = 0; i < n; i++) {
        struct bytes b = stream_of(p, 100 + i, most_ns[i]);
        assert_int_equal(b.n, wanted.n);
        assert_memory_equal(b.p, wanted.p, b.n);
        bytes_free(&b);
    }
    bytes_free(&wanted);
}

static void bytes_are_the_same_whatever_the_blocks(void **state)
{
    static const int64_t most_ns[] = {S / 100, S / 7, S / 2, S, 3 * S, 3 * S, 10 * S, 30 * S, 60 * S, 60 * S, 100 * S};
    struct plan p;
    (void)state;

    plan_mixed(&p);
    assert_same_bytes(&p, most_ns, COUNT_OF(most_ns));
    kymo_header_release(&p.hdr);
}

static void so_they_are_for_slow_signals_alone(void **state)
{
    static const int64_t most_ns[] = {7 * S, 60 * S, 3600 * S, 20000 * S};
    struct plan p;
    (void)state;

    begin_plan(&p);
    add_signal(&p, 1, 30, KYMO_I16, true);
    add_signal(&p, 1, 60, KYMO_F64, false);
    add_segment(&p, 0, 50000 * S);
    add_events(&p, 150, 333 * S);
    assert_same_bytes(&p, most_ns, COUNT_OF(most_ns));
    kymo_header_release(&p.hdr);
}

static void so_they_are_for_plans_drawn_at_random(void **state)
{
    struct dice d = {77};
    (void)state;

    for (int k = 0; k < 60; k++) {
        struct plan p;
        begin_plan(&p);
        const size_t n_signals = 1 + roll_below(&d, 4);
        for (size_t s = 0; s < n_signals; s++)
            add_signal(&p, 1 + (int64_t)roll_below(&d, 1000), 1 + (int64_t)roll_below(&d, 20),
                       (enum kymo_storage)roll_below(&d, KYMO_STORAGES), roll_below(&d, 2));
        for (int64_t at = (int64_t)roll_below(&d, 3) * 1000000007; p.n_segments < 3;) {
            add_segment(&p, at, 1 + (int64_t)roll_below(&d, 20 * S));
            at += p.segment[p.n_segments - 1].length_ns + (int64_t)roll_below(&d, 5 * S);
        }
        p.delay_ns = (int64_t)roll_below(&d, 2) * S;
        add_events(&p, roll_below(&d, 100), S / 3);
        const int64_t most_ns[] = {S, (int64_t)(1 + roll_below(&d, 10 * S)), 20 * S};
        assert_same_bytes(&p, most_ns, COUNT_OF(most_ns));
        kymo_header_release(&p.hdr);
    }
}

static void a_full_frame_is_sent_at_once(void **state)
{
    struct kymo_err e = {0};
    struct kymo_output *out = kymo_output_memory(&e);
    struct kymo_block block;
    struct plan p;
    size_t before, after;
    (void)state;

    begin_plan(&p);
    add_signal(&p, 1, 1, KYMO_I16, true);
    add_segment(&p, 0, 2000 * S);      /* the longest that a frame lasts */
    struct kymo_writer *w = kymo_create(kymo_format_named("kymo"), out, &p.hdr, 0, &e);
    kymo_block_init(&block, &p.hdr);
    kymo_output_bytes(out, &before);
    fill_stretch(&p, 0, 0, 2000 * S, &block);
    assert_int_equal(kymo_write(w, &block, &e), 0);
    kymo_output_bytes(out, &after);
    assert_int_equal(after - before, 16 + 12 + 2 * 2000);
    kymo_block_release(&block);
    kymo_writer_destroy(w);
    kymo_output_destroy(out);
    kymo_header_release(&p.hdr);
}

static void events_need_no_signals(void **state)
{
    struct plan p;
    (void)state;

    begin_plan(&p);
    add_events(&p, MOST_EVENTS, S);
    struct bytes b = stream_of(&p, 1, S);
    assert_holds(&p, &b);
    bytes_free(&b);
    kymo_header_release(&p.hdr);
}

static void an_empty_recording_is_a_whole_one(void **state)
{
    struct plan p;
    (void)state;

    begin_plan(&p);
    add_signal(&p, 360, 1, KYMO_I16, true);
    struct bytes b = stream_of(&p, 1, S);
    assert_holds(&p, &b);
    bytes_free(&b);
    kymo_header_release(&p.hdr);
}

static void events_follow_in_order_of_time_whatever_order_they_came_in(void **state)
{
    struct kymo_err e = {0};
    struct kymo_output *out = kymo_output_memory(&e);
    struct bytes b = {0};
    struct plan p;
    struct taken t;
    size_t n;
    (void)state;

    begin_plan(&p);
    add_signal(&p, 1, 1, KYMO_I16, true);
    struct kymo_writer *w = kymo_create(kymo_format_named("kymo"), out, &p.hdr, 0, &e);
    struct dice d = {5};
    for (int i = 0; i < 1000; i++) {
        const struct kymo_event ev = {.time_ns = roll_between(&d, 0, 1000000), .signal = -1, .type = "N", .text = "t"};
        assert_int_equal(kymo_write_event(w, &ev, &e), 0);
    }
    assert_int_equal(kymo_write_finish(w, &e), 0);
    const unsigned char *bytes = kymo_output_bytes(out, &n);
    put_bytes(&b, bytes, n);
    assert_int_equal(read_bytes(&b, "x.kymo", NULL, &t, &e), 0);
    assert_int_equal(t.n_events, 1000);
    for (size_t i = 1; i < t.n_events; i++)
        assert_true(t.event[i].time_ns >= t.event[i - 1].time_ns);
    taken_free(&t);
    bytes_free(&b);
    kymo_writer_destroy(w);
    kymo_output_destroy(out);
    kymo_header_release(&p.hdr);
}

static void what_was_read_can_be_written_again(void **state)
{
    struct kymo_err e = {0};
    struct plan p;
    struct bytes b, again = {0};
    struct kymo_block *block;
    size_t n;
    (void)state;

    plan_mixed(&p);
    b = stream_of(&p, 1, 10 * S);
    struct kymo_reader *r = open_bytes(&b, "x.kymo", NULL, &e);
    struct kymo_output *out = kymo_output_memory(&e);
    struct kymo_writer *w = kymo_create(kymo_format_named("kymo"), out, &r->hdr, p.delay_ns, &e);
    while (kymo_read(r, &block, &e) > 0)
        assert_int_equal(kymo_write(w, block, &e), 0);
    assert_int_equal(kymo_write_finish(w, &e), 0);
    const unsigned char *bytes = kymo_output_bytes(out, &n);
    put_bytes(&again, bytes, n);
    assert_holds(&p, &again);
    kymo_close(r);
    kymo_writer_destroy(w);
    kymo_output_destroy(out);
    bytes_free(&b);
    bytes_free(&again);
    kymo_header_release(&p.hdr);
}

static void a_pipe_in_any_pieces_gives_the_same(void **state)
{
    static const size_t most[] = {1, 2, 17, 4096};
    struct dice d = {9};
    struct kymo_err e = {0};
    struct plan small, mixed;
    struct taken there, piped;
    (void)state;

    plan_small(&small);
    plan_mixed(&mixed);
    for (size_t i = 0; i < COUNT_OF(most); i++) {
        struct bytes b = stream_of(most[i] < 100 ? &small : &mixed, 1, 5 * S);
        assert_int_equal(read_bytes(&b, "x.kymo", NULL, &there, &e), 0);
        assert_int_equal(read_piped(&b, most[i], &d, NULL, &piped, &e), 0);
        assert_same_samples(&there, &piped);
        assert_same_events(&there, &piped);
        taken_free(&there);
        taken_free(&piped);
        bytes_free(&b);
    }
    kymo_header_release(&small.hdr);
    kymo_header_release(&mixed.hdr);
}

static void a_selection_keeps_events_and_forgets_signals_that_are_gone(void **state)
{
    static const char *const second[] = {"1"};
    const struct kymo_want want = {.signal = second, .n_signals = 1}, none = {.no_samples = true};
    struct kymo_err e = {0};
    struct plan p;
    struct taken t;
    (void)state;

    plan_small(&p);
    struct bytes b = stream_of(&p, 1, S);
    assert_int_equal(read_bytes(&b, "x.kymo", &want, &t, &e), 0);
    assert_int_equal(t.hdr.n_signals, 1);
    assert_int_equal(t.trace[0].n, 5);
    assert_int_equal(t.n_events, 3);
    assert_int_equal(t.event[0].signal, -1);   /* was of signal 0 */
    taken_free(&t);
    assert_int_equal(read_bytes(&b, "x.kymo", &none, &t, &e), 0);
    assert_int_equal(t.n_events, 3);
    taken_free(&t);
    bytes_free(&b);
    kymo_header_release(&p.hdr);
}

/* ---- tests: damage ---- */

static void a_stream_cut_at_any_byte_is_an_error(void **state)
{
    struct plan p;
    struct taken t;
    (void)state;

    plan_small(&p);
    struct bytes b = stream_of(&p, 1, S);
    for (struct bytes cut = b; cut.n-- > 0;) {
        struct kymo_err e = {0};
        if (read_bytes(&cut, "x.kymo", NULL, &t, &e) >= 0)
            fail_msg("cut after %zu of %zu bytes, and no error", cut.n, b.n);
        taken_free(&t);
    }
    bytes_free(&b);
    kymo_header_release(&p.hdr);
}

static void a_changed_bit_anywhere_is_an_error(void **state)
{
    struct plan p;
    struct taken t;
    (void)state;

    plan_small(&p);
    struct bytes b = stream_of(&p, 1, S);
    for (size_t bit = 0; bit < 8 * b.n; bit++) {
        struct kymo_err e = {0};
        b.p[bit / 8] ^= (unsigned char)(1 << bit % 8);
        if (read_bytes(&b, "x.kymo", NULL, &t, &e) >= 0)
            fail_msg("bit %zu of byte %zu of %zu changed, and no error", bit % 8, bit / 8, b.n);
        taken_free(&t);
        b.p[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    assert_holds(&p, &b);
    bytes_free(&b);
    kymo_header_release(&p.hdr);
}

/* Without the n-th frame of that type; false where there are not so many. */
static bool lose_frame(const struct bytes *b, const char *type, int n, struct bytes *rest)
{
    bool lost = false;

    put_bytes(rest, b->p, 8);
    for (size_t at = 8; at < b->n;) {
        const size_t len = 16 + kymo_le32(b->p + at + 4);
        if (memcmp(b->p + at, type, 4) == 0 && n-- == 0)
            lost = true;
        else
            put_bytes(rest, b->p + at, len);
        at += len;
    }
    return lost;
}

static void a_lost_frame_is_noticed(void **state)
{
    static const char *const types[] = {"HEAD", "SEGM", "DATA", "EVNT", "ENDS"};
    struct plan p;
    struct taken t;
    (void)state;

    plan_mixed(&p);
    struct bytes b = stream_of(&p, 1, S);
    for (size_t k = 0; k < COUNT_OF(types); k++)
        for (int n = 0; n < 1000; n++) {
            struct kymo_err e = {0};
            struct bytes rest = {0};
            const bool lost = lose_frame(&b, types[k], n, &rest);
            if (lost && read_bytes(&rest, "x.kymo", NULL, &t, &e) >= 0)
                fail_msg("%s frame %d lost, and no error", types[k], n);
            bytes_free(&rest);
            if (!lost) {
                assert_true(n > 0);
                break;
            }
            taken_free(&t);
        }
    bytes_free(&b);
    kymo_header_release(&p.hdr);
}

/* ---- tests: hostile frames with good checksums ---- */

#define TWO_SIGNALS "{\"version\":1,\"signals\":[{\"label\":\"a\",\"rate\":[1,1],\"storage\":\"i16\"}," \
                    "{\"label\":\"b\",\"rate\":[1000000000000,1],\"storage\":\"f64\"}],\"tracks\":[\"t\"]}"

static void put_frame(struct bytes *b, const char *type, const struct bytes *payload)
{
    struct bytes f = {0};

    put_text(&f, type);
    put_le(&f, payload->n, 4);
    put_bytes(&f, payload->p, payload->n);
    put_le(&f, XXH3_64bits(f.p, f.n), 8);
    put_bytes(b, f.p, f.n);
    bytes_free(&f);
}

static void put_header(struct bytes *b, const char *json)
{
    struct bytes payload = {0};

    put_bytes(b, "\x89KYMO\r\n\x1a", 8);
    put_text(&payload, json);
    put_frame(b, "HEAD", &payload);
    bytes_free(&payload);
}

/* A frame of numbers: format "8" takes a u64, "4" a u32, "2" a u16, "1" a byte. */
static void put_numbers(struct bytes *b, const char *type, const char *widths, ...)
{
    struct bytes payload = {0};
    va_list ap;

    va_start(ap, widths);
    for (const char *w = widths; *w; w++)
        put_le(&payload, (uint64_t)va_arg(ap, long long), (size_t)(*w - '0'));
    va_end(ap);
    put_frame(b, type, &payload);
    bytes_free(&payload);
}

#define BEGIN(b) struct bytes b = {0}; put_header(&b, TWO_SIGNALS)

static void assert_refused(struct bytes *b, int code, const char *part)
{
    struct kymo_err e = {0};
    struct taken t;

    assert_int_equal(read_bytes(b, "x.kymo", NULL, &t, &e), code);
    assert_error(&e, code, part);
    taken_free(&t);
    bytes_free(b);
}

#define REFUSED(part, type, widths, ...) do { \
        BEGIN(b_); \
        put_numbers(&b_, type, widths, __VA_ARGS__); \
        assert_refused(&b_, KYMO_EFORMAT, part); \
    } while (0)

static void data_frames_that_claim_more_than_they_hold_are_refused(void **state)
{
    (void)state;
    REFUSED("too short for its signals", "DATA", "84", 0LL, 0LL);
    REFUSED("parts do not fit", "DATA", "84842", 0LL, 2LL, 0LL, 0LL, 7LL);
    REFUSED("parts do not fit", "DATA", "8484", 0LL, 0xffffffffLL, 0LL, 0LL);
    REFUSED("parts do not fit", "DATA", "8484", 0LL, 0LL, 0LL, 0x80000000LL);
    REFUSED("parts do not fit", "DATA", "84842", 0LL, 1LL, 0LL, 0xffffffffLL, 7LL);
    REFUSED("longer than its signals", "DATA", "848422", 0LL, 1LL, 0LL, 0LL, 7LL, 7LL);
    REFUSED("parts do not fit", "DATA", "84842", 1LL << 53, 1LL, 0LL, 0LL, 7LL);
    REFUSED("parts do not fit", "DATA", "84842", (long long)INT64_MIN, 1LL, 0LL, 0LL, 7LL);
    REFUSED("samples at no possible time", "DATA", "84842", 1LL << 40, 1LL, 0LL, 0LL, 7LL);
}

static void segments_of_the_wrong_size_or_place_are_refused(void **state)
{
    (void)state;
    REFUSED("a segment of the wrong length", "SEGM", "88", 0LL, 0LL);
    REFUSED("a segment of the wrong length", "SEGM", "8888", 0LL, 0LL, 0LL, 0LL);
    REFUSED("no possible time", "SEGM", "888", (1LL << 60) + 1, 0LL, 0LL);
    REFUSED("no possible time", "SEGM", "888", (long long)INT64_MIN, 0LL, 0LL);
    REFUSED("no possible sample", "SEGM", "888", 0LL, (1LL << 52) + 1, 0LL);
    REFUSED("no possible sample", "SEGM", "888", 0LL, 0LL, (long long)INT64_MIN);
}

#define EVENT_HEAD "4" "8888" "4444" "44"

static void events_that_do_not_fit_are_refused(void **state)
{
    const long long no = INT64_MIN;
    (void)state;

    REFUSED("longer than its events", "EVNT", "2", 0LL);
    REFUSED("longer than its events", "EVNT", "44", 0LL, 0LL);
    REFUSED("shorter than its events", "EVNT", "4", 0xffffffffLL);
    REFUSED("texts do not fit", "EVNT", EVENT_HEAD, 1LL, 0LL, no, no, 0LL, -1LL, 0LL, 0LL, 0LL, 1LL, 0LL);
    REFUSED("texts do not fit", "EVNT", EVENT_HEAD, 1LL, 0LL, no, no, 0LL, -1LL, 0LL, 0LL, 0LL, 0xffffffffLL, 0xffffffffLL);
    REFUSED("texts do not fit", "EVNT", EVENT_HEAD "88", 1LL, 0LL, no, no, 0LL, -1LL, 0LL, 0LL, 0LL, 16LL, 0LL, 0LL, 0LL);
    REFUSED("signal or track", "EVNT", EVENT_HEAD, 1LL, 0LL, no, no, 0LL, 2LL, 0LL, 0LL, 0LL, 0LL, 0LL);
    REFUSED("signal or track", "EVNT", EVENT_HEAD, 1LL, 0LL, no, no, 0LL, -2LL, 0LL, 0LL, 0LL, 0LL, 0LL);
    REFUSED("signal or track", "EVNT", EVENT_HEAD, 1LL, 0LL, no, no, 0LL, -1LL, 1LL, 0LL, 0LL, 0LL, 0LL);
    REFUSED("signal or track", "EVNT", EVENT_HEAD, 1LL, 0LL, no, no, 0LL, -1LL, -1LL, 0LL, 0LL, 0LL, 0LL);
    REFUSED("no possible time", "EVNT", EVENT_HEAD, 1LL, no, no, no, 0LL, -1LL, 0LL, 0LL, 0LL, 0LL, 0LL);
    REFUSED("no possible time", "EVNT", EVENT_HEAD, 1LL, 0LL, (long long)INT64_MAX, no, 0LL, -1LL, 0LL, 0LL, 0LL, 0LL, 0LL);
}

static void frames_out_of_place_are_refused(void **state)
{
    struct bytes headless = {0}, two = {0}, behind = {0}, unknown = {0}, huge = {0};
    (void)state;

    put_bytes(&headless, "\x89KYMO\r\n\x1a", 8);
    put_numbers(&headless, "ENDS", "888", 0LL, 0LL, 0LL);
    assert_refused(&headless, KYMO_EFORMAT, "the first frame is not HEAD");
    put_header(&two, TWO_SIGNALS);
    put_numbers(&two, "HEAD", "1", 0LL);
    assert_refused(&two, KYMO_EFORMAT, "a second header");
    put_header(&behind, TWO_SIGNALS);
    put_numbers(&behind, "ENDS", "888", 0LL, 0LL, 0LL);
    put_numbers(&behind, "ENDS", "888", 0LL, 0LL, 0LL);
    assert_refused(&behind, KYMO_EFORMAT, "more data behind the end mark");
    put_header(&unknown, TWO_SIGNALS);
    put_numbers(&unknown, "WHAT", "8", 0LL);
    assert_refused(&unknown, KYMO_EFORMAT, "no frame of a kymo stream here");
    put_header(&huge, TWO_SIGNALS);
    put_text(&huge, "DATA");
    put_le(&huge, 0x40000001, 4);
    assert_refused(&huge, KYMO_EFORMAT, "no frame of a kymo stream here");
}

static void wrong_totals_are_refused(void **state)
{
    static const long long totals[][3] = {{0, 1, 0}, {1, 0, 0}, {2, 1, 0}, {1, 1, 1}, {1, (1LL << 40) + 1, 0}};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(totals); i++) {
        BEGIN(b);
        put_numbers(&b, "DATA", "84842", 0LL, 1LL, 0LL, 0LL, 7LL);
        put_numbers(&b, "ENDS", "888", totals[i][0], totals[i][1], totals[i][2]);
        assert_refused(&b, KYMO_EDATA, "the end mark tells of");
    }
    REFUSED("an end mark of the wrong length", "ENDS", "88", 0LL, 0LL);
}

static void a_hole_without_segm_is_refused(void **state)
{
    BEGIN(b);
    (void)state;

    put_numbers(&b, "DATA", "84842", 0LL, 1LL, 0LL, 0LL, 7LL);
    put_numbers(&b, "DATA", "84842", 2LL, 1LL, 0LL, 0LL, 7LL);
    put_numbers(&b, "ENDS", "888", 2LL, 2LL, 0LL);
    assert_refused(&b, KYMO_EDATA, "samples of a were lost on the way: sample 2 follows 0");
}

static void times_asked_for_overflow_nothing(void **state)
{
    static const int64_t ends[] = {INT64_MIN, 0, INT64_MAX};
    struct taken t;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(ends); i++)
        for (int sign = -1; sign <= 1; sign += 2) {
            const struct kymo_want want = {.from_set = true, .to_set = true, .from_ns = ends[i], .to_ns = ends[i]};
            struct kymo_err e = {0};
            BEGIN(b);
            put_numbers(&b, "SEGM", "888", sign * (1LL << 60), 0LL, 0LL);
            put_numbers(&b, "DATA", "84842", sign < 0 ? 0LL : -1LL, 1LL, 0LL, 0LL, 7LL);
            put_numbers(&b, "ENDS", "888", 1LL, 1LL, 0LL);
            assert_int_equal(read_bytes(&b, "x.kymo", &want, &t, &e), 0);
            assert_int_equal(t.trace[0].n, 0);
            taken_free(&t);
            bytes_free(&b);
        }
}

static void a_frame_that_claims_a_gigabyte_allocates_none(void **state)
{
    struct kymo_err e = {0};
    BEGIN(b);
    struct kymo_block *block;
    (void)state;

    put_text(&b, "DATA");
    put_le(&b, 1 << 30, 4);
    struct kymo_reader *r = open_bytes(&b, "x.kymo", NULL, &e);
    assert_non_null(r);
    assert_int_equal(kymo_read(r, &block, &e), KYMO_EFORMAT);
    assert_error(&e, KYMO_EFORMAT, "stream cut off: it ends inside a frame of 1073741824 bytes");
    assert_int_equal(r->block.span[0].cap, 0);
    kymo_close(r);
    bytes_free(&b);
}

/* ---- tests: what the writer refuses ---- */

/* Writes one block of one sample; *e tells why not. */
static int write_one(const struct kymo_signal *like, int32_t digital, int64_t index, int64_t segment_ns, struct kymo_err *e)
{
    struct kymo_err made = {0};
    struct kymo_output *out = kymo_output_memory(&made);
    struct kymo_header h;
    struct kymo_block b;

    kymo_header_init(&h);
    struct kymo_signal *sig = kymo_header_signal(&h, &made);
    *sig = *like;
    sig->label = "x", sig->unit = "", sig->transducer = "", sig->prefilter = "";
    sig->gain = 1;
    sig->rate = (struct kymo_ratio){1, 1};
    kymo_block_init(&b, &h);
    kymo_block_reserve(&b, 0, 1, &made);
    b.segment_ns = segment_ns;
    b.span[0].first = index;
    b.span[0].n = 1;
    b.span[0].digital[0] = digital;
    struct kymo_writer *w = kymo_create(kymo_format_named("kymo"), out, &h, 0, &made);
    const int rc = kymo_write(w, &b, e);
    kymo_writer_destroy(w);
    kymo_output_destroy(out);
    kymo_block_release(&b);
    kymo_header_release(&h);
    return rc;
}

static void samples_that_do_not_fit_their_storage_are_refused(void **state)
{
    static const struct { enum kymo_storage storage; bool can_miss; int32_t value; bool fits; } all[] = {
        {KYMO_I16, false, 32767, true}, {KYMO_I16, false, 32768, false}, {KYMO_I16, false, -32768, true},
        {KYMO_I16, true, -32768, false}, {KYMO_I16, true, -32767, true}, {KYMO_I16, true, KYMO_MISSING, true},
        {KYMO_I16, false, KYMO_MISSING, false}, {KYMO_I16, true, 65536, false},
        {KYMO_I24, false, (1 << 23) - 1, true}, {KYMO_I24, false, 1 << 23, false}, {KYMO_I24, false, -(1 << 23), true},
        {KYMO_I24, true, -(1 << 23), false}, {KYMO_I24, true, KYMO_MISSING, true}, {KYMO_I24, false, KYMO_MISSING, false},
        {KYMO_I32, true, KYMO_MISSING, true}, {KYMO_I32, false, KYMO_MISSING, false}, {KYMO_I32, false, INT32_MAX, true},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        const struct kymo_signal like = {.storage = all[i].storage, .can_miss = all[i].can_miss};
        struct kymo_err e = {0};
        const int rc = write_one(&like, all[i].value, 0, 0, &e);
        if (rc != (all[i].fits ? 0 : KYMO_EDATA))
            fail_msg("%d in %s: %d", all[i].value, kymo_storage_name(all[i].storage), rc);
        if (!all[i].fits)
            assert_error(&e, KYMO_EDATA, "1 samples of x at 0 do not fit into");
    }
}

static void what_no_reader_would_take_is_not_written(void **state)
{
    const struct kymo_signal like = {.storage = KYMO_I16};
    struct kymo_err e = {0}, f = {0}, g = {0}, h = {0}, i = {0};
    (void)state;

    assert_int_equal(write_one(&like, 1, INT64_C(1) << 53, 0, &e), KYMO_EDATA);
    assert_error(&e, KYMO_EDATA, "no stream is so long");
    assert_int_equal(write_one(&like, 1, 0, (INT64_C(1) << 60) + 1, &f), KYMO_EDATA);
    assert_error(&f, KYMO_EDATA, "a segment at 1152921504606846977 ns");
    assert_int_equal(write_one(&like, 1, 2000000000, 0, &g), KYMO_EDATA);   /* 63 years */
    assert_error(&g, KYMO_EDATA, "samples at 2000000000000000000 ns");
    assert_int_equal(write_one(&like, 1, INT64_C(1) << 51, 0, &h), KYMO_EDATA);   /* a time that is held: no frame ends there */
    assert_int_equal(write_one(&like, 1, 1152921503, 0, &i), 0);
    assert_int_equal(write_one(&like, 1, 1152921504, 0, &i), KYMO_EDATA);   /* begins before the limit, ends behind it */
    assert_error(&i, KYMO_EDATA, "1 samples of x from 1152921504 on");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_storage_rate_and_gap_comes_back),
        cmocka_unit_test(bytes_are_the_same_whatever_the_blocks),
        cmocka_unit_test(so_they_are_for_slow_signals_alone),
        cmocka_unit_test(so_they_are_for_plans_drawn_at_random),
        cmocka_unit_test(a_full_frame_is_sent_at_once),
        cmocka_unit_test(events_need_no_signals),
        cmocka_unit_test(an_empty_recording_is_a_whole_one),
        cmocka_unit_test(events_follow_in_order_of_time_whatever_order_they_came_in),
        cmocka_unit_test(what_was_read_can_be_written_again),
        cmocka_unit_test(a_pipe_in_any_pieces_gives_the_same),
        cmocka_unit_test(a_selection_keeps_events_and_forgets_signals_that_are_gone),
        cmocka_unit_test(a_stream_cut_at_any_byte_is_an_error),
        cmocka_unit_test(a_changed_bit_anywhere_is_an_error),
        cmocka_unit_test(a_lost_frame_is_noticed),
        cmocka_unit_test(data_frames_that_claim_more_than_they_hold_are_refused),
        cmocka_unit_test(segments_of_the_wrong_size_or_place_are_refused),
        cmocka_unit_test(events_that_do_not_fit_are_refused),
        cmocka_unit_test(frames_out_of_place_are_refused),
        cmocka_unit_test(wrong_totals_are_refused),
        cmocka_unit_test(a_hole_without_segm_is_refused),
        cmocka_unit_test(times_asked_for_overflow_nothing),
        cmocka_unit_test(a_frame_that_claims_a_gigabyte_allocates_none),
        cmocka_unit_test(samples_that_do_not_fit_their_storage_are_refused),
        cmocka_unit_test(what_no_reader_would_take_is_not_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
