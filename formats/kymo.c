/* formats/kymo.c - the kymo stream, read and written: kymo-stream(5) is its specification.
 *
 * The writer cuts frames at multiples of a time that depends on the header alone, so that the same recording gives the
 * same bytes whatever the blocks it came in. The reader gives out a block for each DATA frame. */
#include "formats/kymo_header.h"
#include "lib/bytes.h"
#include "lib/writer.h"

#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define MAGIC "\x89KYMO\r\n\x1a"
#define MAGIC_BYTES 8
#define HEAD_BYTES 8             /* type, length */
#define CHECK_BYTES 8
#define PAYLOAD_LIMIT (1u << 30)
#define SPAN_BYTES 12            /* first index, number of samples */
#define EVENT_BYTES 56           /* an event without its texts */
#define FRAME_BYTES 131072       /* samples in a frame, about: hides the cost of a frame, stays in the cache */
#define EVENTS_A_FRAME 4096
#define INDEX_LIMIT (INT64_C(1) << 52)   /* 10^15 samples: index arithmetic cannot overflow */
#define TIME_LIMIT (INT64_C(1) << 60)    /* 36 years in ns, likewise */

enum frame { HEAD, SEGM, DATA, EVNT, ENDS, FRAME_TYPES };
static const char *const frame_name[] = {"HEAD", "SEGM", "DATA", "EVNT", "ENDS"};

struct totals {
    uint64_t frames, samples, events;
};

static bool is_time(int64_t ns) { return ns >= -TIME_LIMIT && ns <= TIME_LIMIT; }
static bool is_length(int64_t ns) { return ns == KYMO_UNKNOWN || is_time(ns); }
static bool is_index(int64_t i) { return i >= -INDEX_LIMIT && i <= INDEX_LIMIT; }

/* ---- writer ---- */

/* One signal's samples of the frame that is being filled, packed as they will be sent. */
struct pack {
    int64_t first, segment_first;
    int64_t next;                /* index of the sample that comes next */
    int64_t end;                 /* index of the first sample behind the frame; held while the frame is open */
    size_t n, cap;
    unsigned char *bytes;
};

struct stream_writer {
    int64_t frame_ns;            /* frames end at multiples of it */
    int64_t segment_ns;
    int64_t frame;               /* number of the frame that is open, or INT64_MIN */
    struct pack *pack;
    struct kymo_event *event;    /* waiting for their turn, in order of time */
    size_t n_events, cap_events;
    struct kymo_text_piece *text;
    struct totals sent;
    unsigned char *out;          /* the frame that is being sent */
    size_t n_out, cap_out;
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a frame of the stream"); }

static int begin_frame(struct stream_writer *s, enum frame type, size_t payload, struct kymo_err *e)
{
    const size_t need = HEAD_BYTES + payload + CHECK_BYTES;

    if (payload > PAYLOAD_LIMIT)
        return kymo_fail(e, KYMO_EDATA, "a frame of %zu bytes, at most %u", payload, PAYLOAD_LIMIT);
    if (need > s->cap_out) {
        unsigned char *larger = realloc(s->out, need);
        if (!larger)
            return out_of_memory(e);
        s->out = larger;
        s->cap_out = need;
    }
    memcpy(s->out, frame_name[type], 4);
    kymo_put_le32(s->out + 4, (uint32_t)payload);
    s->n_out = HEAD_BYTES;
    return 0;
}

static void add_bytes(struct stream_writer *s, const void *bytes, size_t n)
{
    if (n > 0)   /* a pack that never held a sample has no bytes */
        memcpy(s->out + s->n_out, bytes, n);
    s->n_out += n;
}

static void add_u32(struct stream_writer *s, uint32_t v)
{
    kymo_put_le32(s->out + s->n_out, v);
    s->n_out += 4;
}

static void add_u64(struct stream_writer *s, uint64_t v)
{
    kymo_put_le64(s->out + s->n_out, v);
    s->n_out += 8;
}

static int send_frame(struct kymo_writer *w, struct kymo_err *e)
{
    struct stream_writer *s = w->state;

    add_u64(s, XXH3_64bits(s->out, s->n_out));
    return kymo_put(w->out, s->out, s->n_out, e);
}

static int send_header(struct kymo_writer *w, struct kymo_err *e)
{
    struct stream_writer *s = w->state;
    char *json = kymo_header_to_json(&w->hdr, e);
    int rc = json ? begin_frame(s, HEAD, strlen(json), e) : KYMO_ENOMEM;

    if (rc == 0) {
        add_bytes(s, json, strlen(json));
        rc = kymo_put(w->out, MAGIC, MAGIC_BYTES, e);
    }
    free(json);
    return rc == 0 ? send_frame(w, e) : rc;
}

/* The longest of 10 ms .. 1 h in steps of 1-2-5 in which the samples do not outgrow FRAME_BYTES (or, with very many
 * signals, four times what the frame spends on telling where they begin). */
static int64_t choose_frame_ns(const struct kymo_header *h)
{
    double bytes_per_s = 0;
    const double room = fmax(FRAME_BYTES, 4.0 * SPAN_BYTES * (double)h->n_signals);
    int64_t best = KYMO_NS_PER_S / 100, ns = best;

    for (size_t i = 0; i < h->n_signals; i++)
        bytes_per_s += kymo_ratio_real(h->signal[i].rate) * (double)kymo_storage_bytes(h->signal[i].storage);
    for (int step = 0; ns <= 3600 * KYMO_NS_PER_S; step++) {
        if (bytes_per_s * (double)ns / KYMO_NS_PER_S <= room)
            best = ns;
        ns = step % 3 == 1 ? ns / 2 * 5 : ns * 2;
    }
    return best;
}

static int create_stream(struct kymo_writer *w, struct kymo_err *e)
{
    struct stream_writer *s = calloc(1, sizeof *s);

    if (!s)
        return out_of_memory(e);
    w->state = s;
    s->frame_ns = choose_frame_ns(&w->hdr);
    s->frame = INT64_MIN;
    if (!(s->pack = calloc(w->hdr.n_signals + 1, sizeof *s->pack)))
        return out_of_memory(e);
    return send_header(w, e);
}

static void discard_stream(struct kymo_writer *w)
{
    struct stream_writer *s = w->state;

    if (!s)
        return;
    for (size_t i = 0; s->pack && i < w->hdr.n_signals; i++)
        free(s->pack[i].bytes);
    free(s->pack);
    free(s->event);
    kymo_text_free(&s->text);
    free(s->out);
    free(s);
}

/* The packers: n values of one storage. Return how many of them the storage cannot hold. */
static size_t pack_i16(const int32_t *x, size_t n, bool can_miss, unsigned char *to)
{
    uint16_t *out = (uint16_t *)(void *)to;   /* pack buffers are aligned as malloc gives them, 2 n bytes in */
    const int32_t least = can_miss ? -32767 : -32768, missing = can_miss ? KYMO_MISSING : -32768;
    int32_t bad = 0;

    for (size_t i = 0; i < n; i++) {
        const int32_t v = x[i];
        bad += v != missing && (v < least || v > 32767);
        out[i] = htole16((uint16_t)(v == KYMO_MISSING ? -32768 : v));
    }
    return (size_t)bad;
}

static size_t pack_i24(const int32_t *x, size_t n, bool can_miss, unsigned char *to)
{
    const int32_t limit = 1 << 23;
    size_t bad = 0;

    for (size_t i = 0; i < n; i++) {
        const bool gone = x[i] == KYMO_MISSING;
        const int32_t v = gone ? -limit : x[i];
        bad += gone ? !can_miss : v < -limit + can_miss || v >= limit;
        for (int k = 0; k < 3; k++)
            to[3 * i + (size_t)k] = (unsigned char)((uint32_t)v >> 8 * k);
    }
    return bad;
}

static size_t pack_i32(const int32_t *x, size_t n, bool can_miss, unsigned char *to)
{
    size_t bad = 0;

    for (size_t i = 0; i < n; i++) {
        bad += x[i] == KYMO_MISSING && !can_miss;
        kymo_put_le32(to + 4 * i, (uint32_t)x[i]);
    }
    return bad;
}

static size_t pack_real(const double *x, size_t n, enum kymo_storage storage, unsigned char *to)
{
    for (size_t i = 0; i < n; i++) {
        const float f = (float)x[i];
        uint32_t bits;
        memcpy(&bits, &f, sizeof bits);
        if (storage == KYMO_F32)
            kymo_put_le32(to + 4 * i, bits);
        else
            kymo_put_le_f64(to + 8 * i, x[i]);
    }
    return 0;
}

static size_t pack_span(const struct kymo_signal *sig, const struct kymo_span *span, size_t from, size_t n,
                        unsigned char *to)
{
    switch (sig->storage) {
    case KYMO_I16: return pack_i16(span->digital + from, n, sig->can_miss, to);
    case KYMO_I24: return pack_i24(span->digital + from, n, sig->can_miss, to);
    case KYMO_I32: return pack_i32(span->digital + from, n, sig->can_miss, to);
    default: return pack_real(span->physical + from, n, sig->storage, to);
    }
}

/* Opens the frame that holds ns: fixes where each signal's part of it ends. */
static void open_frame(struct kymo_writer *w, int64_t ns)
{
    struct stream_writer *s = w->state;

    s->frame = ns / s->frame_ns - (ns % s->frame_ns < 0);
    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        struct pack *p = &s->pack[i];
        p->end = p->segment_first +
                 kymo_index_at(w->hdr.signal[i].rate, (s->frame + 1) * s->frame_ns - s->segment_ns);
        p->n = 0;
    }
}

static int send_events(struct kymo_writer *w, size_t n, struct kymo_err *e)
{
    struct stream_writer *s = w->state;
    size_t payload = 4;
    int rc;

    if (n == 0)
        return 0;
    for (size_t i = 0; i < n; i++)
        payload += EVENT_BYTES + strlen(s->event[i].type) + strlen(s->event[i].text);
    if ((rc = begin_frame(s, EVNT, payload, e)) < 0)
        return rc;
    add_u32(s, (uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        const struct kymo_event *ev = &s->event[i];
        unsigned char value[8];
        kymo_put_le_f64(value, ev->value);
        add_u64(s, (uint64_t)ev->time_ns);
        add_u64(s, (uint64_t)ev->duration_ns);
        add_u64(s, (uint64_t)ev->sample);
        add_bytes(s, value, sizeof value);
        add_u32(s, (uint32_t)ev->signal);
        add_u32(s, (uint32_t)ev->track);
        add_u32(s, (uint32_t)ev->subtype);
        add_u32(s, (uint32_t)ev->num);
        add_u32(s, (uint32_t)strlen(ev->type));
        add_u32(s, (uint32_t)strlen(ev->text));
        add_bytes(s, ev->type, strlen(ev->type));
        add_bytes(s, ev->text, strlen(ev->text));
    }
    memmove(s->event, s->event + n, (s->n_events - n) * sizeof *s->event);
    s->n_events -= n;
    s->sent.events += n;
    if (s->n_events == 0)
        kymo_text_free(&s->text);
    return send_frame(w, e);
}

/* Sends the events that no later block can precede, given that all samples before ns are out. */
static int send_due_events(struct kymo_writer *w, int64_t ns, struct kymo_err *e)
{
    const struct stream_writer *s = w->state;
    size_t due = 0;

    while (due < s->n_events && s->event[due].time_ns < ns - w->event_delay_ns)
        due++;
    return send_events(w, due, e);
}

/* Sends what the open frame holds, if anything. */
static int close_frame(struct kymo_writer *w, struct kymo_err *e)
{
    struct stream_writer *s = w->state;
    size_t payload = 0, samples = 0;
    int rc;

    if (s->frame == INT64_MIN)
        return 0;
    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        payload += SPAN_BYTES + s->pack[i].n * kymo_storage_bytes(w->hdr.signal[i].storage);
        samples += s->pack[i].n;
    }
    const int64_t end_ns = (s->frame + 1) * s->frame_ns;
    s->frame = INT64_MIN;
    if (samples == 0)
        return 0;
    if ((rc = begin_frame(s, DATA, payload, e)) < 0)
        return rc;
    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        add_u64(s, (uint64_t)s->pack[i].first);
        add_u32(s, (uint32_t)s->pack[i].n);
    }
    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        struct pack *p = &s->pack[i];
        add_bytes(s, p->bytes, p->n * kymo_storage_bytes(w->hdr.signal[i].storage));
        p->first += (int64_t)p->n;
        p->n = 0;
    }
    s->sent.frames++;
    s->sent.samples += samples;
    if ((rc = send_frame(w, e)) < 0)
        return rc;
    return send_due_events(w, end_ns, e);
}

/* Moves samples [done, ...) of a span into the open frame, as far as that reaches. */
static int fill_pack(struct kymo_writer *w, size_t i, const struct kymo_span *span, size_t *done, struct kymo_err *e)
{
    struct stream_writer *s = w->state;
    const struct kymo_signal *sig = &w->hdr.signal[i];
    const size_t width = kymo_storage_bytes(sig->storage);
    struct pack *p = &s->pack[i];
    const int64_t at = span->first + (int64_t)*done, room = p->end - at;
    const size_t left = span->n - *done, n = room <= 0 ? 0 : (int64_t)left < room ? left : (size_t)room;

    if (n == 0)
        return 0;
    if (p->cap < p->n + n) {
        const size_t cap = 2 * p->cap > p->n + n ? 2 * p->cap : p->n + n;
        unsigned char *larger = realloc(p->bytes, cap * width);
        if (!larger)
            return out_of_memory(e);
        p->bytes = larger;
        p->cap = cap;
    }
    if (p->n == 0)
        p->first = at;
    if (!is_index(at))
        return kymo_fail(e, KYMO_EDATA, "sample %lld of %s: no stream holds so many", (long long)at, sig->label);
    const size_t bad = pack_span(sig, span, *done, n, p->bytes + p->n * width);
    if (bad > 0)
        return kymo_fail(e, KYMO_EDATA, "%zu samples of %s at %lld do not fit into %s", bad, sig->label, (long long)at,
                         kymo_storage_name(sig->storage));
    p->n += n;
    p->next = at + (int64_t)n;
    *done += n;
    return 0;
}

static int start_segment(struct kymo_writer *w, const struct kymo_block *b, struct kymo_err *e)
{
    struct stream_writer *s = w->state;
    int rc = close_frame(w, e);

    for (size_t i = 0; i < w->hdr.n_signals; i++)
        if (!is_index(b->span[i].segment_first))
            return kymo_fail(e, KYMO_EDATA, "a segment at sample %lld of %s: no stream is so long",
                             (long long)b->span[i].segment_first, w->hdr.signal[i].label);
    if (!is_time(b->segment_ns))
        return kymo_fail(e, KYMO_EDATA, "a segment at %lld ns: no stream is so long", (long long)b->segment_ns);
    if (rc == 0)
        rc = begin_frame(s, SEGM, 8 + 8 * w->hdr.n_signals, e);
    if (rc < 0)
        return rc;
    s->segment_ns = b->segment_ns;
    add_u64(s, (uint64_t)b->segment_ns);
    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        s->pack[i].next = s->pack[i].segment_first = b->span[i].segment_first;
        add_u64(s, (uint64_t)b->span[i].segment_first);
    }
    return send_frame(w, e);
}

/* In which segment a block lies. Also where the first block is of a later one than the stream's first. */
static bool is_other_segment(const struct kymo_writer *w, const struct kymo_block *b)
{
    const struct stream_writer *s = w->state;

    if (b->new_segment || b->segment_ns != s->segment_ns)
        return w->hdr.n_signals > 0;
    for (size_t i = 0; i < w->hdr.n_signals; i++)
        if (b->span[i].segment_first != s->pack[i].segment_first)
            return true;
    return false;
}

/* Into the waiting events, at its place by time. */
static int write_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e)
{
    struct stream_writer *s = w->state;
    size_t at = s->n_events;

    if (!is_time(ev->time_ns) || !is_length(ev->duration_ns))
        return kymo_fail(e, KYMO_EDATA, "an event at %lld ns of %lld ns: no stream is so long", (long long)ev->time_ns,
                         (long long)ev->duration_ns);
    if (at == s->cap_events) {
        const size_t cap = at ? 2 * at : 256;
        struct kymo_event *all = realloc(s->event, cap * sizeof *all);
        if (!all)
            return out_of_memory(e);
        s->event = all;
        s->cap_events = cap;
    }
    const char *text = kymo_text_keep(&s->text, ev->text, strlen(ev->text));
    if (!text)
        return out_of_memory(e);
    for (; at > 0 && s->event[at - 1].time_ns > ev->time_ns; at--)
        s->event[at] = s->event[at - 1];
    s->event[at] = *ev;
    s->event[at].text = text;
    s->n_events++;
    return w->hdr.n_signals == 0 && s->n_events == EVENTS_A_FRAME ? send_events(w, EVENTS_A_FRAME, e) : 0;
}

/* The earliest time of a block's samples that are not yet packed; false where there are none. */
static bool next_time(const struct kymo_block *b, const size_t *done, int64_t *ns)
{
    bool any = false;

    for (size_t i = 0; i < b->hdr->n_signals; i++)
        if (done[i] < b->span[i].n) {
            const int64_t t = kymo_block_time(b, i, b->span[i].first + (int64_t)done[i]);
            if (!any || t < *ns)
                *ns = t;
            any = true;
        }
    return any;
}

/* Whether every signal has all its samples of the open frame: then it need not wait for the next block. */
static bool is_full(const struct kymo_writer *w)
{
    const struct stream_writer *s = w->state;

    for (size_t i = 0; i < w->hdr.n_signals; i++)
        if (s->pack[i].next < s->pack[i].end)
            return false;
    return true;
}

static int write_samples(struct kymo_writer *w, const struct kymo_block *b, size_t *done, struct kymo_err *e)
{
    struct stream_writer *s = w->state;
    int64_t ns = 0;
    int rc = 0;

    while (rc == 0 && next_time(b, done, &ns)) {
        if (!is_time(ns))
            return kymo_fail(e, KYMO_EDATA, "samples at %lld ns: no stream is so long", (long long)ns);
        if (s->frame != INT64_MIN && ns >= (s->frame + 1) * s->frame_ns)
            rc = close_frame(w, e);
        if (rc == 0 && s->frame == INT64_MIN)
            open_frame(w, ns);
        for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++)
            rc = fill_pack(w, i, &b->span[i], &done[i], e);
        if (rc == 0 && is_full(w))
            rc = close_frame(w, e);
    }
    return rc;
}

static int write_stream(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e)
{
    size_t *done = calloc(w->hdr.n_signals + 1, sizeof *done);
    int rc = done ? 0 : out_of_memory(e);

    if (rc == 0 && is_other_segment(w, b))
        rc = start_segment(w, b, e);
    for (size_t i = 0; rc == 0 && i < b->n_events; i++)
        rc = write_event(w, &b->event[i], e);
    if (rc == 0)
        rc = write_samples(w, b, done, e);
    free(done);
    return rc;
}

static int finish_stream(struct kymo_writer *w, struct kymo_err *e)
{
    struct stream_writer *s = w->state;
    int rc = close_frame(w, e);

    if (rc == 0)
        rc = send_events(w, s->n_events, e);
    if (rc == 0)
        rc = begin_frame(s, ENDS, 24, e);
    if (rc < 0)
        return rc;
    add_u64(s, s->sent.frames);
    add_u64(s, s->sent.samples);
    add_u64(s, s->sent.events);
    return send_frame(w, e);
}

/* ---- reader ---- */

struct stream_reader {
    int64_t *next;               /* index that each source signal must go on with; KYMO_UNKNOWN: any */
    int64_t segment_ns, *segment_first;
    bool new_segment;            /* since the last block */
    struct totals seen;
};

struct payload {
    const unsigned char *p;
    size_t n;
    int64_t offset;              /* of p[0] in the input */
};

static int fail_here(const struct kymo_reader *r, const struct payload *f, enum kymo_code code, const char *what,
                     struct kymo_err *e)
{
    return kymo_fail_at(e, code, kymo_input_name(r->in), f->offset, "%s", what);
}

/* The next frame, checked and consumed; its payload is a view until the next read. */
static int next_frame(struct kymo_reader *r, struct payload *f, enum frame *type, struct kymo_err *e)
{
    const int64_t offset = kymo_offset(r->in);
    const unsigned char *p;
    ssize_t got = kymo_peek(r->in, HEAD_BYTES, &p, e);
    int t = 0;

    if (got < 0)
        return (int)got;
    if (got < HEAD_BYTES)
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), offset + got,
                            "stream cut off: it ends without its end mark");
    while (t < FRAME_TYPES && memcmp(p, frame_name[t], 4) != 0)
        t++;
    const size_t n = kymo_le32(p + 4);
    if (t == FRAME_TYPES || n > PAYLOAD_LIMIT)
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), offset, "no frame of a kymo stream here: damaged");
    if ((got = kymo_peek(r->in, HEAD_BYTES + n + CHECK_BYTES, &p, e)) < 0)
        return (int)got;
    if ((size_t)got < HEAD_BYTES + n + CHECK_BYTES)
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), offset + got,
                            "stream cut off: it ends inside a frame of %zu bytes", n);
    if (kymo_le64(p + HEAD_BYTES + n) != XXH3_64bits(p, HEAD_BYTES + n))
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), offset, "checksum of frame %s does not match: damaged",
                            frame_name[t]);
    kymo_skip(r->in, HEAD_BYTES + n + CHECK_BYTES);
    *f = (struct payload){p + HEAD_BYTES, n, offset + HEAD_BYTES};
    *type = (enum frame)t;
    return 0;
}

static int probe_stream(const unsigned char *head, size_t n, const char *path)
{
    (void)path;
    return n >= MAGIC_BYTES && memcmp(head, MAGIC, MAGIC_BYTES) == 0 ? 100 : 0;
}

static int open_stream(struct kymo_reader *r, struct kymo_err *e)
{
    unsigned char magic[MAGIC_BYTES];
    struct stream_reader *s = calloc(1, sizeof *s);
    struct payload f;
    enum frame type;
    int rc;

    r->state = s;
    if (!s)
        return out_of_memory(e);
    if (kymo_take(r->in, magic, sizeof magic, e) != MAGIC_BYTES)
        return KYMO_EFORMAT;
    if ((rc = next_frame(r, &f, &type, e)) < 0)
        return rc;
    if (type != HEAD)
        return fail_here(r, &f, KYMO_EFORMAT, "the first frame is not HEAD", e);
    if ((rc = kymo_header_from_json(&r->source, (const char *)f.p, f.n, e)) < 0)
        return fail_here(r, &f, KYMO_EFORMAT, "unusable header", e);
    const size_t n = r->source.n_signals;
    s->next = malloc((n + 1) * sizeof *s->next);
    s->segment_first = calloc(n + 1, sizeof *s->segment_first);
    if (!s->next || !s->segment_first)
        return out_of_memory(e);
    for (size_t i = 0; i < n; i++)
        s->next[i] = KYMO_UNKNOWN;
    return 0;
}

static void close_stream(struct kymo_reader *r)
{
    struct stream_reader *s = r->state;

    if (!s)
        return;
    free(s->next);
    free(s->segment_first);
    free(s);
}

static void unpack(const struct kymo_signal *sig, const unsigned char *p, size_t n, struct kymo_span *span)
{
    switch (sig->storage) {
    case KYMO_I16: {
        const int32_t missing = sig->can_miss ? KYMO_MISSING : -32768;
        for (size_t i = 0; i < n; i++) {
            const int32_t v = kymo_le16s(p + 2 * i);
            span->digital[i] = v == -32768 ? missing : v;
        }
        break;
    }
    case KYMO_I24:
        for (size_t i = 0; i < n; i++) {
            const int32_t v = kymo_le24s(p + 3 * i);
            span->digital[i] = v == -(1 << 23) && sig->can_miss ? KYMO_MISSING : v;
        }
        break;
    case KYMO_I32:
        for (size_t i = 0; i < n; i++)
            span->digital[i] = (int32_t)kymo_le32(p + 4 * i);
        break;
    case KYMO_F32:
        for (size_t i = 0; i < n; i++) {
            const uint32_t bits = kymo_le32(p + 4 * i);
            float v;
            memcpy(&v, &bits, sizeof v);
            span->physical[i] = v;
        }
        break;
    default:
        for (size_t i = 0; i < n; i++)
            span->physical[i] = kymo_le_f64(p + 8 * i);
        break;
    }
}

static int take_segment(struct kymo_reader *r, const struct payload *f, struct kymo_err *e)
{
    struct stream_reader *s = r->state;
    const size_t n = r->source.n_signals;

    if (f->n != 8 + 8 * n)
        return fail_here(r, f, KYMO_EFORMAT, "a segment of the wrong length", e);
    s->segment_ns = (int64_t)kymo_le64(f->p);
    s->new_segment = true;
    if (!is_time(s->segment_ns))
        return fail_here(r, f, KYMO_EFORMAT, "a segment that begins at no possible time", e);
    for (size_t i = 0; i < n; i++) {
        s->segment_first[i] = (int64_t)kymo_le64(f->p + 8 + 8 * i);
        s->next[i] = KYMO_UNKNOWN;
        if (!is_index(s->segment_first[i]))
            return fail_here(r, f, KYMO_EFORMAT, "a segment that begins at no possible sample", e);
    }
    return 0;
}

/* Where a signal's part of a DATA frame begins and how long it is; checks that it goes on from the last. */
static int check_part(struct kymo_reader *r, const struct payload *f, size_t i, size_t at, struct kymo_err *e)
{
    struct stream_reader *s = r->state;
    const struct kymo_signal *sig = &r->source.signal[i];
    const int64_t first = (int64_t)kymo_le64(f->p + SPAN_BYTES * i);
    const size_t n = kymo_le32(f->p + SPAN_BYTES * i + 8);

    if (n * kymo_storage_bytes(sig->storage) > f->n - at || !is_index(first))
        return fail_here(r, f, KYMO_EFORMAT, "a DATA frame whose parts do not fit into it", e);
    if (n > 0 && (!is_time(s->segment_ns + kymo_time_of(sig->rate, first - s->segment_first[i])) ||
                  !is_time(s->segment_ns + kymo_time_of(sig->rate, first - s->segment_first[i] + (int64_t)n))))
        return fail_here(r, f, KYMO_EFORMAT, "samples at no possible time", e);
    if (s->next[i] != KYMO_UNKNOWN && n > 0 && first != s->next[i])
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), f->offset,
                            "samples of %s were lost on the way: sample %lld follows %lld", sig->label, (long long)first,
                            (long long)s->next[i] - 1);
    if (n > 0)
        s->next[i] = first + (int64_t)n;
    s->seen.samples += n;
    return 0;
}

static int take_data(struct kymo_reader *r, const struct payload *f, struct kymo_block *b, struct kymo_err *e)
{
    struct stream_reader *s = r->state;
    size_t at = SPAN_BYTES * r->source.n_signals;
    int rc = 0;

    if (f->n < at)
        return fail_here(r, f, KYMO_EFORMAT, "a DATA frame too short for its signals", e);
    b->new_segment = s->new_segment;
    b->segment_ns = s->segment_ns;
    s->new_segment = false;
    for (size_t i = 0; i < r->source.n_signals; i++) {
        const struct kymo_signal *sig = &r->source.signal[i];
        const size_t n = kymo_le32(f->p + SPAN_BYTES * i + 8), slot = r->slot[i];
        if ((rc = check_part(r, f, i, at, e)) < 0)
            return rc;
        if (slot != KYMO_SKIP) {
            if ((rc = kymo_block_reserve(b, slot, n, e)) < 0)
                return rc;
            struct kymo_span *span = &b->span[slot];
            span->first = (int64_t)kymo_le64(f->p + SPAN_BYTES * i);
            span->segment_first = s->segment_first[i];
            span->n = n;
            unpack(sig, f->p + at, n, span);
        }
        at += n * kymo_storage_bytes(sig->storage);
    }
    if (at != f->n)
        return fail_here(r, f, KYMO_EFORMAT, "a DATA frame longer than its signals", e);
    s->seen.frames++;
    return 1;
}

/* One event at p[n]; returns the bytes it takes, or a negative code. */
static ssize_t take_event(struct kymo_reader *r, const struct payload *f, size_t at, struct kymo_block *b,
                          struct kymo_err *e)
{
    const unsigned char *p = f->p + at;
    struct kymo_event ev = {0};
    int rc;

    if (f->n - at < EVENT_BYTES)
        return fail_here(r, f, KYMO_EFORMAT, "an EVNT frame shorter than its events", e);
    const size_t n_type = kymo_le32(p + 48), n_text = kymo_le32(p + 52);
    const int32_t signal = (int32_t)kymo_le32(p + 32), track = (int32_t)kymo_le32(p + 36);
    if (n_type + n_text > f->n - at - EVENT_BYTES || n_type >= sizeof ev.type)
        return fail_here(r, f, KYMO_EFORMAT, "an event whose texts do not fit", e);
    if (signal < -1 || signal >= (int32_t)r->source.n_signals || track < 0 || track >= (int32_t)r->source.n_tracks)
        return fail_here(r, f, KYMO_EFORMAT, "an event of a signal or track that the header does not have", e);
    const size_t slot = signal < 0 ? KYMO_SKIP : r->slot[signal];
    char *text = malloc(n_text + 1);
    if (!text)
        return out_of_memory(e);
    memcpy(text, p + EVENT_BYTES + n_type, n_text);
    text[n_text] = '\0';
    memcpy(ev.type, p + EVENT_BYTES, n_type);
    ev.time_ns = (int64_t)kymo_le64(p);
    ev.duration_ns = (int64_t)kymo_le64(p + 8);
    ev.sample = (int64_t)kymo_le64(p + 16);
    ev.value = kymo_le_f64(p + 24);
    ev.signal = slot == KYMO_SKIP ? -1 : (int)slot;
    ev.track = track;
    ev.subtype = (int32_t)kymo_le32(p + 40);
    ev.num = (int32_t)kymo_le32(p + 44);
    ev.text = text;
    if (!is_time(ev.time_ns) || !is_length(ev.duration_ns)) {
        free(text);
        return fail_here(r, f, KYMO_EFORMAT, "an event at no possible time", e);
    }
    rc = kymo_block_event(b, &ev, e);
    free(text);
    return rc < 0 ? rc : (ssize_t)(EVENT_BYTES + n_type + n_text);
}

static int take_events(struct kymo_reader *r, const struct payload *f, struct kymo_block *b, struct kymo_err *e)
{
    struct stream_reader *s = r->state;
    const size_t n = f->n >= 4 ? kymo_le32(f->p) : SIZE_MAX;
    size_t at = 4;

    for (size_t i = 0; i < n && f->n >= 4; i++) {
        const ssize_t used = take_event(r, f, at, b, e);
        if (used < 0)
            return (int)used;
        at += (size_t)used;
    }
    if (at != f->n)
        return fail_here(r, f, KYMO_EFORMAT, "an EVNT frame longer than its events", e);
    s->seen.events += n;
    return n > 0;
}

static int take_end(struct kymo_reader *r, const struct payload *f, struct kymo_err *e)
{
    const struct stream_reader *s = r->state;
    const unsigned char *p;

    if (f->n != 24)
        return fail_here(r, f, KYMO_EFORMAT, "an end mark of the wrong length", e);
    if (kymo_le64(f->p) != s->seen.frames || kymo_le64(f->p + 8) != s->seen.samples ||
        kymo_le64(f->p + 16) != s->seen.events)
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), f->offset,
                            "the end mark tells of %llu samples and %llu events, %llu and %llu came",
                            (unsigned long long)kymo_le64(f->p + 8), (unsigned long long)kymo_le64(f->p + 16),
                            (unsigned long long)s->seen.samples, (unsigned long long)s->seen.events);
    const ssize_t more = kymo_peek(r->in, 1, &p, e);
    if (more > 0)
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), kymo_offset(r->in), "more data behind the end mark");
    return (int)more;
}

static int read_stream(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    for (;;) {
        struct payload f;
        enum frame type;
        int rc = next_frame(r, &f, &type, e);
        if (rc < 0)
            return rc;
        switch (type) {
        case SEGM: rc = take_segment(r, &f, e); break;
        case DATA: rc = take_data(r, &f, b, e); break;
        case EVNT: rc = take_events(r, &f, b, e); break;
        case ENDS: return take_end(r, &f, e);
        default: return fail_here(r, &f, KYMO_EFORMAT, "a second header", e);
        }
        if (rc != 0)
            return rc;
    }
}

const struct kymo_format kymo_format_kymo = {
    .name = "kymo", .about = "kymo stream, see kymo-stream(5)", .endings = ".kymo",
    .probe = probe_stream, .open = open_stream, .read = read_stream, .close = close_stream,
    .create = create_stream, .write = write_stream, .write_event = write_event,
    .finish = finish_stream, .discard = discard_stream,
};
