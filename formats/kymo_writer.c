/* formats/kymo_writer.c - see kymo_writer.h.
 *
 * Frames are cut at multiples of a time that depends on the header alone, so that the same recording gives the same bytes
 * whatever the blocks it came in. Where the header states a latency they are no longer than it, and none waits in a buffer. */
#include "formats/kymo_writer.h"

#include "formats/kymo_frame.h"
#include "formats/kymo_header.h"
#include "lib/bytes.h"
#include "lib/grow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_BYTES 131072       /* samples in a frame, about: hides the cost of a frame, stays in the cache */
#define EVENTS_A_FRAME 4096

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
    struct kymo_totals sent;
    unsigned char *out;          /* the frame that is being sent */
    size_t n_out, cap_out;
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a frame of the stream"); }

static int begin_frame(struct stream_writer *s, enum kymo_frame type, size_t payload, struct kymo_err *e)
{
    const size_t need = KYMO_HEAD_BYTES + payload + KYMO_CHECK_BYTES;

    if (payload > KYMO_PAYLOAD_LIMIT)
        return kymo_fail(e, KYMO_EDATA, "a frame of %zu bytes, at most %d", payload, KYMO_PAYLOAD_LIMIT);
    if (need > s->cap_out) {
        unsigned char *larger = realloc(s->out, need);
        if (!larger)
            return out_of_memory(e);
        s->out = larger;
        s->cap_out = need;
    }
    memcpy(s->out, kymo_frame_name[type], 4);
    kymo_put_le32(s->out + 4, (uint32_t)payload);
    s->n_out = KYMO_HEAD_BYTES;
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

    add_u64(s, kymo_frame_check(s->out, s->n_out));
    const int rc = kymo_put(w->out, s->out, s->n_out, e);
    return rc == 0 && w->hdr.latency_ns > 0 ? kymo_output_flush(w->out, e) : rc;
}

static int send_header(struct kymo_writer *w, struct kymo_err *e)
{
    struct stream_writer *s = w->state;
    char *json = kymo_header_to_json(&w->hdr, e);
    int rc = json ? begin_frame(s, KYMO_HEAD, strlen(json), e) : KYMO_ENOMEM;

    if (rc == 0) {
        add_bytes(s, json, strlen(json));
        rc = kymo_put(w->out, KYMO_MAGIC, KYMO_MAGIC_BYTES, e);
    }
    free(json);
    return rc == 0 ? send_frame(w, e) : rc;
}

/* The longest of 10 ms .. 1 h in steps of 1-2-5 in which the samples do not outgrow FRAME_BYTES (or, with very many
 * signals, four times what the frame spends on telling where they begin). */
static int64_t choose_frame_ns(const struct kymo_header *h)
{
    double bytes_per_s = 0;
    const double room = fmax(FRAME_BYTES, 4.0 * KYMO_SPAN_BYTES * (double)h->n_signals);
    int64_t best = KYMO_NS_PER_S / 100, ns = best;

    for (size_t i = 0; i < h->n_signals; i++)
        bytes_per_s += kymo_ratio_real(h->signal[i].rate) * (double)kymo_storage_bytes(h->signal[i].storage);
    for (int step = 0; ns <= 3600 * KYMO_NS_PER_S; step++) {
        if (bytes_per_s * (double)ns / KYMO_NS_PER_S <= room)
            best = ns;
        ns = step % 3 == 1 ? ns / 2 * 5 : ns * 2;
    }
    return h->latency_ns > 0 && h->latency_ns < best ? h->latency_ns : best;
}

int kymo_stream_create(struct kymo_writer *w, struct kymo_err *e)
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

void kymo_stream_discard(struct kymo_writer *w)
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
        payload += KYMO_EVENT_BYTES + strlen(s->event[i].type) + strlen(s->event[i].text);
    if ((rc = begin_frame(s, KYMO_EVNT, payload, e)) < 0)
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
        payload += KYMO_SPAN_BYTES + s->pack[i].n * kymo_storage_bytes(w->hdr.signal[i].storage);
        samples += s->pack[i].n;
    }
    const int64_t end_ns = (s->frame + 1) * s->frame_ns;
    s->frame = INT64_MIN;
    if (samples == 0)
        return 0;
    if ((rc = begin_frame(s, KYMO_DATA, payload, e)) < 0)
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
    if (!kymo_frame_index(at))
        return kymo_fail(e, KYMO_EDATA, "sample %lld of %s: no stream holds so many", (long long)at, sig->label);
    if (!kymo_frame_time(s->segment_ns + kymo_time_of(sig->rate, at + (int64_t)n - p->segment_first)))
        return kymo_fail(e, KYMO_EDATA, "%zu samples of %s from %lld on: no stream is so long", n, sig->label, (long long)at);
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
        if (!kymo_frame_index(b->span[i].segment_first))
            return kymo_fail(e, KYMO_EDATA, "a segment at sample %lld of %s: no stream is so long",
                             (long long)b->span[i].segment_first, w->hdr.signal[i].label);
    if (!kymo_frame_time(b->segment_ns))
        return kymo_fail(e, KYMO_EDATA, "a segment at %lld ns: no stream is so long", (long long)b->segment_ns);
    if (rc == 0)
        rc = begin_frame(s, KYMO_SEGM, 8 + 8 * w->hdr.n_signals, e);
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
int kymo_stream_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e)
{
    struct stream_writer *s = w->state;
    size_t at = s->n_events;

    if (!kymo_frame_time(ev->time_ns) || !kymo_frame_length(ev->duration_ns))
        return kymo_fail(e, KYMO_EDATA, "an event at %lld ns of %lld ns: no stream is so long", (long long)ev->time_ns,
                         (long long)ev->duration_ns);
    struct kymo_event *const all = kymo_grown(s->event, at, &s->cap_events, sizeof *all);
    if (!all)
        return out_of_memory(e);
    s->event = all;
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
        if (!kymo_frame_time(ns))
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

int kymo_stream_write(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e)
{
    size_t *done = calloc(w->hdr.n_signals + 1, sizeof *done);
    int rc = done ? 0 : out_of_memory(e);

    if (rc == 0 && is_other_segment(w, b))
        rc = start_segment(w, b, e);
    for (size_t i = 0; rc == 0 && i < b->n_events; i++)
        rc = kymo_stream_event(w, &b->event[i], e);
    if (rc == 0)
        rc = write_samples(w, b, done, e);
    free(done);
    return rc;
}

int kymo_stream_finish(struct kymo_writer *w, struct kymo_err *e)
{
    struct stream_writer *s = w->state;
    int rc = close_frame(w, e);

    if (rc == 0)
        rc = send_events(w, s->n_events, e);
    if (rc == 0)
        rc = begin_frame(s, KYMO_ENDS, 24, e);
    if (rc < 0)
        return rc;
    add_u64(s, s->sent.frames);
    add_u64(s, s->sent.samples);
    add_u64(s, s->sent.events);
    return send_frame(w, e);
}
