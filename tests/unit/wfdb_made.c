/* tests/unit/wfdb_made.c - see wfdb_made.h. */
#include "wfdb_made.h"

#include <math.h>
#include <stdio.h>

void wfdb_copy(struct wfdb_copying *c, const char *from, const char *annotator, const struct folder *f, const char *name)
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

void assert_wfdb_copied(const struct wfdb_copying *c)
{
    if (c->rc < 0)
        assert_error(&c->e, 0, "no error at all");
    if (c->told.n > 0)
        fail_msg("warning \"%s\"", c->told.text[0]);
}

void wfdb_read_back(const char *path, const char *annotator, struct taken *t)
{
    struct warnings told = {0};
    struct kymo_err e = {0};
    const struct kymo_want want = {.annotator = annotator, .log = log_to(&told, true)};

    if (read_path(path, &want, t, &e) < 0)
        assert_error(&e, 0, "no error at all");
}

void assert_same_file(const char *a, const char *b)
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

void wfdb_made_init(struct wfdb_made *m, struct kymo_ratio frame_rate, int64_t n_frames)
{
    *m = (struct wfdb_made){.frame_rate = frame_rate, .n_segments = 1, .bits = 11, .odd_at = -1};
    m->segment[0].n_frames = n_frames;
    kymo_header_init(&m->hdr);
    m->hdr.record = "rec";
    m->hdr.format = "wfdb";
    folder_make(&m->f);
}

void wfdb_made_release(struct wfdb_made *m)
{
    kymo_header_release(&m->hdr);
    folder_remove(&m->f);
}

struct kymo_signal *wfdb_add_signal(struct wfdb_made *m, const char *label, int64_t per_frame, enum kymo_storage storage)
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

int64_t wfdb_per_frame(const struct wfdb_made *m, size_t s)
{
    const struct kymo_ratio r = kymo_ratio(m->hdr.signal[s].rate.num * m->frame_rate.den,
                                           m->hdr.signal[s].rate.den * m->frame_rate.num);
    return r.num;
}

int32_t wfdb_value_of(const struct wfdb_made *m, size_t s, int64_t i)
{
    struct dice d = {(uint64_t)i * 64 + s};
    const int64_t half = INT64_C(1) << (m->bits - 1);

    if (s == 0 && i == m->odd_at)
        return m->odd_value;
    if (roll_below(&d, 10) == 0)
        return KYMO_MISSING;
    return (int32_t)roll_between(&d, -half + 1, half - 1);
}

double wfdb_real_of(const struct wfdb_made *m, size_t s, int64_t i)
{
    const int32_t v = wfdb_value_of(m, s, i);

    return v == KYMO_MISSING ? (double)NAN : v / 64.0;
}

/* The samples of one stretch of a segment, in frames of 1/16. */
static void fill_block(const struct wfdb_made *m, size_t k, int64_t from, int64_t to, struct kymo_block *b)
{
    struct kymo_err e = {0};

    kymo_block_clear(b);
    b->segment_ns = m->segment[k].start_ns;
    b->new_segment = k > 0 && from == 0;
    for (size_t s = 0; s < m->hdr.n_signals; s++) {
        const int64_t n = wfdb_per_frame(m, s), first = m->segment[k].first_frame * n;
        const int64_t extra = s == 0 && to == 16 * m->segment[k].n_frames ? m->extra : 0;
        const int64_t a = (from * n + 15) / 16, z = (to * n + 15) / 16 + extra;
        assert_int_equal(kymo_block_reserve(b, s, (size_t)(z - a), &e), 0);
        b->span[s].segment_first = first;
        b->span[s].first = first + a;
        b->span[s].n = (size_t)(z - a);
        for (int64_t i = 0; i < z - a; i++)
            if (kymo_storage_is_integer(m->hdr.signal[s].storage))
                b->span[s].digital[i] = wfdb_value_of(m, s, first + a + i);
            else
                b->span[s].physical[i] = wfdb_real_of(m, s, first + a + i);
    }
}

static int write_made(struct wfdb_made *m, struct kymo_writer *w, struct dice *d)
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

void wfdb_write_rec(struct wfdb_made *m)
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

void wfdb_read_rec(struct wfdb_made *m, const char *annotator, struct taken *t)
{
    char path[160];

    wfdb_read_back(folder_path(&m->f, "rec", path), annotator, t);
}

void assert_wfdb_samples(const struct wfdb_made *m, const struct taken *t)
{
    assert_int_equal(t->hdr.n_signals, m->hdr.n_signals);
    for (size_t s = 0; s < m->hdr.n_signals; s++) {
        size_t at = 0;
        for (size_t k = 0; k < m->n_segments; k++) {
            const int64_t first = m->segment[k].first_frame * wfdb_per_frame(m, s);
            for (int64_t i = 0; i < m->segment[k].n_frames * wfdb_per_frame(m, s); i++, at++) {
                assert_true(at < t->trace[s].n);
                if (t->trace[s].index[at] != first + i || t->trace[s].digital[at] != wfdb_value_of(m, s, first + i) ||
                    t->trace[s].time_ns[at] != m->segment[k].start_ns + kymo_time_of(m->hdr.signal[s].rate, i))
                    fail_msg("signal %zu, sample %zu: %d of index %lld at %lld ns, not %d of %lld", s, at,
                             t->trace[s].digital[at], (long long)t->trace[s].index[at], (long long)t->trace[s].time_ns[at],
                             wfdb_value_of(m, s, first + i), (long long)(first + i));
            }
        }
        assert_int_equal(t->trace[s].n, at);
    }
    assert_int_equal(t->n_segments, m->n_segments - 1);
}

void wfdb_expect_lengths(struct wfdb_made *m)
{
    const size_t last = m->n_segments - 1;
    const bool whole = m->n_segments == 1 && m->segment[0].first_frame == 0;
    const int64_t end = m->segment[last].first_frame + m->segment[last].n_frames;

    m->hdr.duration_ns = kymo_time_of(m->frame_rate, end);
    for (size_t s = 0; s < m->hdr.n_signals; s++)
        m->hdr.signal[s].n_samples = whole ? end * wfdb_per_frame(m, s) : KYMO_UNKNOWN;
}

void assert_wfdb_round_trip(struct wfdb_made *m)
{
    struct taken t;

    wfdb_write_rec(m);
    assert_wfdb_copied(&m->c);
    wfdb_read_rec(m, NULL, &t);
    wfdb_expect_lengths(m);
    assert_same_header(&m->hdr, &t.hdr);
    assert_wfdb_samples(m, &t);
    taken_free(&t);
}

void wfdb_add_gap(struct wfdb_made *m, int64_t first_frame, int64_t n_frames)
{
    m->segment[m->n_segments].first_frame = first_frame;
    m->segment[m->n_segments].start_ns = kymo_time_of(m->frame_rate, first_frame);
    m->segment[m->n_segments++].n_frames = n_frames;
}

struct kymo_event wfdb_event_at(int64_t ns, const char *type, const char *text)
{
    struct kymo_event ev = {.time_ns = ns, .sample = KYMO_UNKNOWN, .signal = -1, .value = (double)NAN, .text = text};

    snprintf(ev.type, sizeof ev.type, "%s", type);
    return ev;
}

void wfdb_made_with_track(struct wfdb_made *m, const struct kymo_event *ev, size_t n)
{
    struct kymo_err e = {0};

    wfdb_made_init(m, kymo_ratio(100, 1), 2000);
    wfdb_add_signal(m, "A", 1, KYMO_I16);
    wfdb_add_signal(m, "B", 4, KYMO_I16);
    assert_int_equal(kymo_header_add_track(&m->hdr, "atr", &e), 0);
    m->event = ev;
    m->n_events = n;
}
