/* tests/unit/test_join.c - recordings in a row: where each lies in the whole, numbers of samples and events, and what does
 * not fit together. */
#include "support.h"

#include "lib/join.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define S KYMO_NS_PER_S

/* Ten seconds at 100 Hz and 4 Hz, with a beat at 1 s and a note at 2 s, begun at that hour of a day. */
static void put_part(const char *path, int hour, const char *track)
{
    struct kymo_err e = {0};
    struct kymo_log log = {0};
    struct kymo_header h;
    struct kymo_block b;

    kymo_header_init(&h);
    for (int i = 0; i < 2; i++) {
        struct kymo_signal *s = kymo_header_signal(&h, &e);
        s->label = i ? "SpO2" : "ECG";
        s->rate = kymo_ratio(i ? 4 : 100, 1);
        s->gain = 200;
        s->n_samples = i ? 40 : 1000;
    }
    h.duration_ns = 10 * S;
    h.start = (struct kymo_start){.has_date = true, .has_time = true, .year = 2026, .month = 11, .day = 21,
                                  .time_ns = hour * 3600 * S};
    assert_int_equal(kymo_header_add_track(&h, track, &e), 0);
    struct kymo_writer *w = kymo_create_file(kymo_format_named("kymo"), path, &h, 0, false, &log, &e);
    assert_non_null(w);
    kymo_block_init(&b, &h);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(kymo_block_reserve(&b, i, 1000, &e), 0);
        b.span[i].n = i ? 40 : 1000;
        for (size_t k = 0; k < b.span[i].n; k++)
            b.span[i].digital[k] = (int32_t)k + hour;
    }
    struct kymo_event ev[] = {
        {.time_ns = S, .sample = 100, .signal = 0, .type = "N", .value = (double)NAN, .text = ""},
        {.time_ns = 2 * S, .sample = 8, .signal = -1, .type = "+", .value = (double)NAN, .text = "(N"},
    };
    for (size_t i = 0; i < COUNT_OF(ev); i++)
        assert_int_equal(kymo_block_event(&b, &ev[i], &e), 0);
    assert_int_equal(kymo_write(w, &b, &e), 0);
    assert_int_equal(kymo_write_finish(w, &e), 0);
    kymo_writer_destroy(w);
    kymo_block_release(&b);
    kymo_header_release(&h);
}

/* The two files in a row, as one. Returns what the joining did. */
static int join(const char *const path[2], bool direct, const char *to, struct warnings *warned, struct kymo_err *e)
{
    const struct kymo_log log = log_to(warned, false);
    struct kymo_join *j = kymo_join_create(2, direct, e);
    struct kymo_writer *w = NULL;
    int rc = 0;

    assert_non_null(j);
    for (size_t k = 0; rc == 0 && k < 2; k++) {
        struct kymo_reader *r = kymo_open(path[k], NULL, e);
        assert_non_null(r);
        rc = kymo_join_add(j, path[k], &r->hdr, e);
        kymo_close(r);
    }
    if (rc == 0) {
        w = kymo_create_file(kymo_format_named("kymo"), to, kymo_join_start(j, e), 0, false, &log, e);
        assert_non_null(w);
    }
    for (size_t k = 0; rc == 0 && k < 2; k++) {
        struct kymo_reader *r = kymo_open(path[k], NULL, e);
        assert_non_null(r);
        rc = kymo_join_copy(j, k, r, w, &log, e);
        kymo_close(r);
    }
    if (rc == 0)
        rc = kymo_write_finish(w, e);
    kymo_writer_destroy(w);
    kymo_join_destroy(j);
    return rc;
}

struct files {
    struct folder f;
    char one[160], two[160], to[160];
    const char *path[2];
};

static void files_make(struct files *s, int second_hour)
{
    folder_make(&s->f);
    s->path[0] = folder_path(&s->f, "1.kymo", s->one);
    s->path[1] = folder_path(&s->f, "2.kymo", s->two);
    folder_path(&s->f, "whole.kymo", s->to);
    put_part(s->one, 7, "atr");
    put_part(s->two, second_hour, "qrs");
}

/* The second part begins at_ns into the whole. */
static void assert_joined(const struct files *s, int64_t at_ns)
{
    struct kymo_err e = {0};
    struct taken t;

    assert_int_equal(read_path(s->to, NULL, &t, &e), 0);
    assert_int_equal(t.hdr.duration_ns, at_ns + 10 * S);
    assert_int_equal(t.hdr.signal[0].n_samples, 2000);
    assert_int_equal(t.n_segments, 1);   /* behind the first */
    assert_int_equal(t.trace[0].n, 2000);
    assert_int_equal(t.trace[0].digital[0], 7);
    assert_int_equal(t.trace[0].index[1000], at_ns / (S / 100));
    assert_int_equal(t.trace[0].time_ns[1000], at_ns);
    assert_int_equal(t.trace[1].index[40], at_ns / (S / 4));
    assert_int_equal(t.hdr.n_tracks, 2);
    assert_int_equal(t.n_events, 4);
    assert_int_equal(t.event[2].time_ns, at_ns + S);
    assert_int_equal(t.event[2].sample, at_ns / (S / 100) + 100);
    assert_int_equal(t.event[3].sample, at_ns / (S / 4) + 8);   /* at the rate of the slowest signal */
    assert_string_equal(t.hdr.track[t.event[0].track], "atr");
    assert_string_equal(t.hdr.track[t.event[2].track], "qrs");
    taken_free(&t);
}

static void dates_tell_where_each_lies(void **state)
{
    struct kymo_err e = {0};
    struct warnings warned = {0};
    struct files s;
    (void)state;

    files_make(&s, 8);
    assert_int_equal(join(s.path, false, s.to, &warned, &e), 0);
    assert_warned(&warned, "a gap of 3590 s before it, by the dates");
    assert_joined(&s, 3600 * S);
    folder_remove(&s.f);
}

static void direct_ones_follow_each_other(void **state)
{
    struct kymo_err e = {0};
    struct warnings warned = {0};
    struct files s;
    (void)state;

    files_make(&s, 6);
    assert_int_equal(join(s.path, false, s.to, &warned, &e), KYMO_EDATA);
    assert_error(&e, KYMO_EDATA, "begins 3610 s before the recording ahead of it ends");
    e = (struct kymo_err){0};
    assert_int_equal(join(s.path, true, s.to, &warned, &e), 0);
    assert_int_equal(warned.n, 0);
    assert_joined(&s, 10 * S);
    folder_remove(&s.f);
}

static void alter_label(struct kymo_header *h) { h->signal[1].label = "PR"; }
static void alter_rate(struct kymo_header *h) { h->signal[1].rate = kymo_ratio(5, 1); }
static void alter_unit(struct kymo_header *h) { h->signal[0].unit = "uV"; }
static void alter_storage(struct kymo_header *h) { h->signal[0].storage = KYMO_I24; }
static void alter_gain(struct kymo_header *h) { h->signal[0].gain = 100; }
static void alter_number(struct kymo_header *h) { h->n_signals--; }

static void what_does_not_fit_is_refused(void **state)
{
    static const struct { void (*alter)(struct kymo_header *); const char *why; } cases[] = {
        {alter_label, "two: a signal PR where one has SpO2"}, {alter_rate, "SpO2 has rate 5, 4 in one"},
        {alter_unit, "ECG has unit uV, none in one"}, {alter_storage, "ECG has storage i24, i16 in one"},
        {alter_gain, "ECG has gain 100, 200 in one"}, {alter_number, "1 signals, 2 in one"},
    };
    struct kymo_err e = {0};
    struct files s;
    (void)state;

    files_make(&s, 8);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct kymo_join *j = kymo_join_create(2, false, &e);
        struct kymo_reader *r = kymo_open(s.one, NULL, &e);
        const size_t n = r->hdr.n_signals;
        assert_int_equal(kymo_join_add(j, "one", &r->hdr, &e), 0);
        const struct kymo_signal was[] = {r->hdr.signal[0], r->hdr.signal[1]};
        cases[i].alter(&r->hdr);
        assert_int_equal(kymo_join_add(j, "two", &r->hdr, &e), KYMO_EDATA);
        assert_error(&e, KYMO_EDATA, cases[i].why);
        memcpy(r->hdr.signal, was, sizeof was);
        r->hdr.n_signals = n;
        e = (struct kymo_err){0};
        kymo_close(r);
        kymo_join_destroy(j);
    }
    folder_remove(&s.f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_tell_where_each_lies), cmocka_unit_test(direct_ones_follow_each_other),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
