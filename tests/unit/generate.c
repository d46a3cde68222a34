/* tests/unit/generate.c - see generate.h. */
#include "generate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define S KYMO_NS_PER_S
#define SAMPLES_WANTED 4000   /* in all; a recording of one period of all its rates may have more */

/* Rates that have whole numbers of samples in a period. */
static const struct family {
    int64_t period_s;
    struct kymo_ratio rate[6];
} families[] = {
    {1, {{250, 1}, {1, 1}, {257, 1}, {500, 1}, {100, 1}, {44100, 1}}},
    {2, {{125, 2}, {1, 2}, {999, 2}, {200, 1}, {1, 1}, {25, 2}}},
    {3, {{1000, 3}, {1, 1}, {125, 1}, {1, 3}, {50, 1}, {500, 3}}},
    {20, {{9999, 20}, {1, 10}, {1, 20}, {4, 1}, {50, 1}, {25, 2}}},
    {30, {{1, 30}, {1, 10}, {1, 1}, {10, 1}, {125, 2}, {4, 3}}},
};

static const char *const labels[] = {"ECG", "ECG", "", "a/b", ".", "Gl\xc3\xbc" "cose \xe2\x82\xac", "ECG (1)", "x y",
                                     "time_s", "1", "a,\"b\"", "one label of more than sixteen", "EDF Annotations",
                                     "BDF Annotations"};
static const char *const units[] = {"uV", "%", "degC", "\xc2\xb5V", "", "\xc2\xb0""C", "mmol/L of blood", "mmHg", "mmol/(l*h)"};
static const double gains[] = {200.25, -0.1, 1.0 / 3, 32767.0 / 5, -200, 1e-3, 6553.6, 2048};
static const double baselines[] = {0, 1024, -0.5, 1.0 / 3, -8191};

static const char *keep(struct kymo_header *h, const char *text)
{
    struct kymo_err e = {0};
    const char *kept = kymo_header_text(h, text, strlen(text), &e);

    assert_non_null(kept);
    return kept;
}

static int bits_of(const struct kymo_signal *s) { return 8 * (int)kymo_storage_bytes(s->storage); }

static void make_texts(struct kymo_header *h, struct kymo_signal *s, size_t i, struct dice *d)
{
    char name[400];

    snprintf(name, sizeof name, "%s", labels[roll_below(d, COUNT_OF(labels))]);
    if (i == 7) {
        for (size_t k = 0; k < 300; k += 2)
            memcpy(name + k, "\xc3\xbc", 3);
    }
    s->label = keep(h, name);
    s->unit = keep(h, units[roll_below(d, COUNT_OF(units))]);
    s->transducer = keep(h, i % 2 ? "AgCl" : "");
    s->prefilter = keep(h, i % 4 ? "HP:0.1Hz" : "");
    s->kind = (enum kymo_kind)roll_below(d, KYMO_KINDS);
}

static void make_gain(struct kymo_signal *s, struct dice *d)
{
    s->gain = gains[roll_below(d, COUNT_OF(gains))];
    s->baseline = baselines[roll_below(d, COUNT_OF(baselines))];
    s->calibrated = roll_below(d, 4) > 0;
    if (roll_below(d, 2)) {
        s->digital_min = -(double)(INT64_C(1) << (bits_of(s) - 1));
        s->digital_max = -s->digital_min - 1;
    }
}

static void make_signal(struct made *m, size_t i, struct kymo_ratio rate, unsigned may, struct dice *d)
{
    struct kymo_err e = {0};
    struct kymo_signal *s = kymo_header_signal(&m->hdr, &e);
    char name[32];

    assert_non_null(s);
    snprintf(name, sizeof name, "ECG %zu", i);
    s->label = keep(&m->hdr, name);
    s->unit = "mV";
    s->rate = rate;
    s->calibrated = true;
    s->gain = 200;
    s->n_samples = 0;
    if (may & MADE_TEXTS)
        make_texts(&m->hdr, s, i, d);
    else
        s->kind = kymo_kind_of(s->label, s->unit);
    const uint64_t width = roll_below(d, KYMO_STORAGES);
    if (width <= KYMO_I32 ? may & MADE_WIDE : may & MADE_REALS)
        s->storage = (enum kymo_storage)width;
    s->can_miss = may & MADE_MISSING && roll_below(d, 2);
    if (!kymo_storage_is_integer(s->storage))
        s->gain = 1;
    else if (may & MADE_GAINS)
        make_gain(s, d);
}

/* Of 8 bits up to those of the storage, now and then at its ends. */
static int32_t roll_digital(const struct kymo_signal *s, int bits, struct dice *d)
{
    const int64_t limit = INT64_C(1) << (bits - 1);
    const uint64_t kind = roll_below(d, 20);

    if (s->can_miss && kind < 3)
        return KYMO_MISSING;
    if (kind == 4)
        return (int32_t)(limit - 1);
    if (kind == 5)
        return (int32_t)(-limit + (s->can_miss || bits == 32));
    return (int32_t)roll_between(d, -limit + 1, limit - 1);
}

static double roll_physical(const struct kymo_signal *s, struct dice *d)
{
    const double x = s->can_miss && roll_below(d, 10) == 0 ? (double)NAN : (double)roll_between(d, -1000000, 1000000) / 777.0;

    return s->storage == KYMO_F32 ? (double)(float)x : x;
}

static void make_part(struct made *m, size_t segment, size_t i, int64_t length_ns, bool ragged, struct dice *d)
{
    static const int widths[] = {8, 12, 16, 24, 32};
    struct kymo_signal *s = &m->hdr.signal[i];
    struct made_part *p = &m->part[segment * m->hdr.n_signals + i];
    const int64_t end = kymo_index_at(s->rate, length_ns);
    const bool late = ragged && segment % 2 && end > 3, absent = ragged && (roll_below(d, 8) == 0 || end < 3);
    const int drawn = widths[roll_below(d, COUNT_OF(widths))], bits = drawn < bits_of(s) ? drawn : bits_of(s);

    p->origin = kymo_index_at(s->rate, m->segment_ns[segment]);
    p->first = p->origin + (late ? (int64_t)roll_below(d, 3) : 0);
    p->n = absent ? 0 : (size_t)(end - (p->first - p->origin));
    p->digital = calloc(p->n + 1, sizeof *p->digital);
    p->physical = calloc(p->n + 1, sizeof *p->physical);
    assert_non_null(p->digital);
    assert_non_null(p->physical);
    for (size_t k = 0; k < p->n; k++)
        if (kymo_storage_is_integer(s->storage))
            p->digital[k] = roll_digital(s, bits, d);
        else
            p->physical[k] = roll_physical(s, d);
    s->n_samples += (int64_t)p->n;
}

/* In order of time, the first at 0, the last at the end. */
static void make_events(struct made *m, int64_t end_ns, unsigned may, struct dice *d)
{
    static const char *const texts[] = {"", "note", "\xc3\xa9pisode \xe2\x86\x92 2", "(AFIB", "@@ECG", "%x", "R", "{kymo a=1}"};
    static const char *const types[] = {"N", "V", "+", "note", "\"", "fifteen_letters", "~", "[42]", "desat", "gap"};
    const bool words = may & MADE_WORDS;

    for (size_t i = 0; i < m->n_events; i++) {
        struct kymo_event *ev = &m->event[i];
        const int64_t step = end_ns / (int64_t)m->n_events;
        *ev = (struct kymo_event){
            .time_ns = i == 0 ? 0 : i + 1 == m->n_events ? end_ns : step * (int64_t)i + roll_between(d, 0, step),
            .sample = KYMO_UNKNOWN, .signal = -1, .value = (double)NAN, .type = "N", .text = "",
        };
        if (!words)
            continue;
        ev->duration_ns = i % 5 ? roll_between(d, 0, S) : KYMO_UNKNOWN;
        ev->sample = i % 3 ? (int64_t)i : KYMO_UNKNOWN;
        ev->signal = (int)roll_below(d, m->hdr.n_signals + 1) - 1;
        ev->track = (int)roll_below(d, m->hdr.n_tracks);
        ev->subtype = (int)i % 7 - 3;
        ev->num = roll_below(d, 4) ? 0 : (int)roll_between(d, -128, 127);
        ev->value = i % 2 ? (double)NAN : (double)i / 3;
        ev->text = texts[roll_below(d, COUNT_OF(texts))];
        snprintf(ev->type, sizeof ev->type, "%s", types[roll_below(d, COUNT_OF(types))]);
    }
}

static void make_head(struct made *m, unsigned may, struct dice *d)
{
    struct kymo_header *h = &m->hdr;
    struct kymo_err e = {0};

    h->record = keep(h, "rec 1");
    h->format = keep(h, "edf");
    h->start = (struct kymo_start){.has_time = roll_below(d, 2)};
    h->start.has_date = h->start.has_time ? roll_below(d, 4) > 0 : may & MADE_TEXTS && roll_below(d, 4) == 0;
    if (h->start.has_date)
        h->start.year = 1985, h->start.month = 2, h->start.day = 28;
    if (h->start.has_time)
        h->start.time_ns = roll_below(d, 2) ? 86399 * S : roll_below(d, 2) ? 43200250000000 : 86399999999999;
    assert_int_equal(kymo_header_add_track(h, "atr", &e), 0);
    if (may & MADE_WORDS)
        assert_int_equal(kymo_header_add_track(h, "qrs", &e), 1);
    if (!(may & MADE_TEXTS))
        return;
    h->recording = keep(h, "ward 3, \xc3\xa9t\xc3\xa9");
    h->subject.id = keep(h, "X-17");
    h->subject.birth = keep(h, "01-JAN-1980");
    for (int i = 0; i < 3; i++)
        assert_int_equal(kymo_header_add_history(h, "kymo filter --band 0.5-40", &e), 0);
    for (uint64_t n = roll_below(d, 4) * 500; n > 0; n--)
        assert_int_equal(kymo_header_add_note(h, "note \xe2\x82\xac", 8, &e), 0);
}

/* Many signals have slow rates, so that the recording stays small. */
static struct kymo_ratio roll_rate(const struct family *f, size_t n_signals, struct dice *d)
{
    struct kymo_ratio r;

    do
        r = f->rate[roll_below(d, COUNT_OF(f->rate))];
    while (r.num > (n_signals > 20 ? 4 : 1000) * r.den && (n_signals > 3 || roll_below(d, 4)));
    return r;
}

/* A length: whole periods, or any. */
static int64_t roll_length(int64_t period_ns, int64_t most, bool ragged, struct dice *d)
{
    return ragged ? roll_between(d, 1, most * period_ns) : roll_between(d, 1, most) * period_ns;
}

void made_make(struct made *m, const struct recipe *r, struct dice *d)
{
    const struct family *family = &families[roll_below(d, COUNT_OF(families))];
    const int64_t period_ns = family->period_s * S;
    const bool ragged = r->may & MADE_RAGGED;
    double samples = 1;
    int64_t at = 0;

    *m = (struct made){.n_segments = r->n_segments, .n_events = r->n_events};
    kymo_header_init(&m->hdr);
    make_head(m, r->may, d);
    struct kymo_ratio rate = roll_rate(family, r->n_signals, d);
    for (size_t i = 0; i < r->n_signals; i++) {
        if (r->may & MADE_RATES)
            rate = roll_rate(family, r->n_signals, d);
        make_signal(m, i, rate, r->may, d);
        samples += kymo_ratio_real(rate) * (double)family->period_s;
    }
    m->part = calloc(r->n_segments * r->n_signals + 1, sizeof *m->part);
    assert_non_null(m->part);
    int64_t most = (int64_t)(SAMPLES_WANTED / samples / (double)(r->n_segments + 1));
    most = most < 1 || family->period_s > 10 ? 1 : most > 20 ? 20 : most;
    for (size_t k = 0; k < r->n_segments; k++) {
        const int64_t length = roll_length(period_ns, most, ragged, d);
        m->segment_ns[k] = at;
        for (size_t i = 0; i < r->n_signals; i++)
            make_part(m, k, i, length, ragged, d);
        at += length;
        if (k + 1 < r->n_segments)
            at += ragged && k % 2 ? roll_between(d, 1, 3) * 4000000 : roll_length(period_ns, 3, ragged, d);
    }
    m->hdr.duration_ns = at;
    make_events(m, at, r->may, d);
}

void made_free(struct made *m)
{
    for (size_t i = 0; i < m->n_segments * m->hdr.n_signals; i++) {
        free(m->part[i].digital);
        free(m->part[i].physical);
    }
    free(m->part);
    kymo_header_release(&m->hdr);
}

/* The samples of a segment in [from, to) of it, into the block. Returns how many come behind them. */
static size_t cut_block(const struct made *m, size_t segment, int64_t from, int64_t to, struct kymo_block *b)
{
    struct kymo_err e = {0};
    size_t left = 0;

    for (size_t i = 0; i < m->hdr.n_signals; i++) {
        const struct made_part *p = &m->part[segment * m->hdr.n_signals + i];
        const struct kymo_ratio rate = m->hdr.signal[i].rate;
        const int64_t end = p->first + (int64_t)p->n;
        int64_t begin = p->origin + kymo_index_at(rate, from), stop = p->origin + kymo_index_at(rate, to);
        begin = begin < p->first ? p->first : begin > end ? end : begin;
        stop = stop < begin ? begin : stop > end ? end : stop;
        const size_t n = (size_t)(stop - begin);
        assert_int_equal(kymo_block_reserve(b, i, n, &e), 0);
        b->span[i].first = begin;
        b->span[i].segment_first = p->origin;
        b->span[i].n = n;
        if (n > 0) {
            memcpy(b->span[i].digital, p->digital + (begin - p->first), n * sizeof *p->digital);
            memcpy(b->span[i].physical, p->physical + (begin - p->first), n * sizeof *p->physical);
        }
        left += (size_t)(end - stop);
    }
    return left;
}

int made_write(const struct made *m, struct kymo_writer *w, int64_t most_ns, struct dice *d, struct kymo_err *e)
{
    struct kymo_block b;
    size_t next = 0;
    int rc = 0;

    kymo_block_init(&b, &m->hdr);
    for (size_t k = 0; rc == 0 && k < m->n_segments; k++) {
        size_t left = 1;
        for (int64_t at = 0, end; rc == 0 && left > 0; at = end) {
            end = at + roll_between(d, 1, most_ns);
            kymo_block_clear(&b);
            left = cut_block(m, k, at, end, &b);
            b.segment_ns = m->segment_ns[k];
            b.new_segment = k > 0 && at == 0;
            for (; next < m->n_events && m->event[next].time_ns < b.segment_ns + end; next++)
                assert_int_equal(kymo_block_event(&b, &m->event[next], e), 0);
            rc = kymo_write(w, &b, e);
        }
    }
    for (; rc == 0 && next < m->n_events; next++)
        rc = kymo_write_event(w, &m->event[next], e);
    kymo_block_release(&b);
    return rc == 0 ? kymo_write_finish(w, e) : rc;
}

void made_stream(const struct made *m, struct bytes *to, struct dice *d)
{
    struct kymo_err e = {0};
    struct kymo_output *out = kymo_output_memory(&e);
    size_t n;

    assert_non_null(out);
    struct kymo_writer *w = kymo_create(kymo_format_named("kymo"), out, &m->hdr, 0, &e);
    assert_non_null(w);
    assert_int_equal(made_write(m, w, 5 * S, d, &e), 0);
    const unsigned char *p = kymo_output_bytes(out, &n);
    put_bytes(to, p, n);
    kymo_writer_destroy(w);
    kymo_output_destroy(out);
}
