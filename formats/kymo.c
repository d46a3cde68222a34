/* formats/kymo.c - the kymo stream: kymo-stream(5) is its specification. Read here, a block for each DATA frame; written in
 * kymo_writer.c. */
#include "formats/kymo_frame.h"
#include "formats/kymo_header.h"
#include "formats/kymo_writer.h"
#include "lib/bytes.h"
#include "lib/reader.h"

#include <stdlib.h>
#include <string.h>

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a frame of the stream"); }

struct stream_reader {
    int64_t *next;               /* index that each source signal must go on with; KYMO_UNKNOWN: any */
    int64_t segment_ns, *segment_first;
    bool new_segment;            /* since the last block */
    struct kymo_totals seen;
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
static int next_frame(struct kymo_reader *r, struct payload *f, enum kymo_frame *type, struct kymo_err *e)
{
    const int64_t offset = kymo_offset(r->in);
    const unsigned char *p;
    ssize_t got = kymo_peek(r->in, KYMO_HEAD_BYTES, &p, e);
    int t = 0;

    if (got < 0)
        return (int)got;
    if (got < KYMO_HEAD_BYTES)
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), offset + got,
                            "stream cut off: it ends without its end mark");
    while (t < KYMO_FRAMES && memcmp(p, kymo_frame_name[t], 4) != 0)
        t++;
    const size_t n = kymo_le32(p + 4);
    if (t == KYMO_FRAMES || n > KYMO_PAYLOAD_LIMIT)
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), offset, "no frame of a kymo stream here: damaged");
    if ((got = kymo_peek(r->in, KYMO_HEAD_BYTES + n + KYMO_CHECK_BYTES, &p, e)) < 0)
        return (int)got;
    if ((size_t)got < KYMO_HEAD_BYTES + n + KYMO_CHECK_BYTES)
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), offset + got,
                            "stream cut off: it ends inside a frame of %zu bytes", n);
    if (kymo_le64(p + KYMO_HEAD_BYTES + n) != kymo_frame_check(p, KYMO_HEAD_BYTES + n))
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), offset, "checksum of frame %s does not match: damaged",
                            kymo_frame_name[t]);
    kymo_skip(r->in, KYMO_HEAD_BYTES + n + KYMO_CHECK_BYTES);
    *f = (struct payload){p + KYMO_HEAD_BYTES, n, offset + KYMO_HEAD_BYTES};
    *type = (enum kymo_frame)t;
    return 0;
}

static int probe_stream(const unsigned char *head, size_t n, const char *path)
{
    (void)path;
    return n >= KYMO_MAGIC_BYTES && memcmp(head, KYMO_MAGIC, KYMO_MAGIC_BYTES) == 0 ? 100 : 0;
}

static int open_stream(struct kymo_reader *r, struct kymo_err *e)
{
    unsigned char magic[KYMO_MAGIC_BYTES];
    struct stream_reader *s = calloc(1, sizeof *s);
    struct payload f;
    enum kymo_frame type;
    int rc;

    r->state = s;
    if (!s)
        return out_of_memory(e);
    if (kymo_take(r->in, magic, sizeof magic, e) != KYMO_MAGIC_BYTES)
        return KYMO_EFORMAT;
    if ((rc = next_frame(r, &f, &type, e)) < 0)
        return rc;
    if (type != KYMO_HEAD)
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
    if (!kymo_frame_time(s->segment_ns))
        return fail_here(r, f, KYMO_EFORMAT, "a segment that begins at no possible time", e);
    for (size_t i = 0; i < n; i++) {
        s->segment_first[i] = (int64_t)kymo_le64(f->p + 8 + 8 * i);
        s->next[i] = KYMO_UNKNOWN;
        if (!kymo_frame_index(s->segment_first[i]))
            return fail_here(r, f, KYMO_EFORMAT, "a segment that begins at no possible sample", e);
    }
    return 0;
}

/* Where a signal's part of a DATA frame begins and how long it is; checks that it goes on from the last. */
static int check_part(struct kymo_reader *r, const struct payload *f, size_t i, size_t at, struct kymo_err *e)
{
    struct stream_reader *s = r->state;
    const struct kymo_signal *sig = &r->source.signal[i];
    const int64_t first = (int64_t)kymo_le64(f->p + KYMO_SPAN_BYTES * i);
    const size_t n = kymo_le32(f->p + KYMO_SPAN_BYTES * i + 8);

    if (n * kymo_storage_bytes(sig->storage) > f->n - at || !kymo_frame_index(first))
        return fail_here(r, f, KYMO_EFORMAT, "a DATA frame whose parts do not fit into it", e);
    if (n > 0 && (!kymo_frame_time(s->segment_ns + kymo_time_of(sig->rate, first - s->segment_first[i])) ||
                  !kymo_frame_time(s->segment_ns + kymo_time_of(sig->rate, first - s->segment_first[i] + (int64_t)n))))
        return fail_here(r, f, KYMO_EFORMAT, "samples at no possible time", e);
    if (s->next[i] != KYMO_UNKNOWN && n > 0 && first != s->next[i])
        return kymo_fail_at(e, KYMO_EDATA, kymo_input_name(r->in), f->offset,
                            "samples of %s %s on the way: sample %lld follows %lld", sig->label,
                            first < s->next[i] ? "came twice" : "were lost", (long long)first,
                            (long long)s->next[i] - 1);
    if (n > 0)
        s->next[i] = first + (int64_t)n;
    s->seen.samples += n;
    return 0;
}

static int take_data(struct kymo_reader *r, const struct payload *f, struct kymo_block *b, struct kymo_err *e)
{
    struct stream_reader *s = r->state;
    size_t at = KYMO_SPAN_BYTES * r->source.n_signals;
    int rc = 0;

    if (f->n < at)
        return fail_here(r, f, KYMO_EFORMAT, "a DATA frame too short for its signals", e);
    b->new_segment = s->new_segment;
    b->segment_ns = s->segment_ns;
    s->new_segment = false;
    for (size_t i = 0; i < r->source.n_signals; i++) {
        const struct kymo_signal *sig = &r->source.signal[i];
        const size_t n = kymo_le32(f->p + KYMO_SPAN_BYTES * i + 8), slot = r->slot[i];
        if ((rc = check_part(r, f, i, at, e)) < 0)
            return rc;
        if (slot != KYMO_SKIP) {
            if ((rc = kymo_block_reserve(b, slot, n, e)) < 0)
                return rc;
            struct kymo_span *span = &b->span[slot];
            span->first = (int64_t)kymo_le64(f->p + KYMO_SPAN_BYTES * i);
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

    if (f->n - at < KYMO_EVENT_BYTES)
        return fail_here(r, f, KYMO_EFORMAT, "an EVNT frame shorter than its events", e);
    const size_t n_type = kymo_le32(p + 48), n_text = kymo_le32(p + 52);
    const int32_t signal = (int32_t)kymo_le32(p + 32), track = (int32_t)kymo_le32(p + 36);
    if (n_type + n_text > f->n - at - KYMO_EVENT_BYTES || n_type >= sizeof ev.type)
        return fail_here(r, f, KYMO_EFORMAT, "an event whose texts do not fit", e);
    if (signal < -1 || signal >= (int32_t)r->source.n_signals || track < 0 || track >= (int32_t)r->source.n_tracks)
        return fail_here(r, f, KYMO_EFORMAT, "an event of a signal or track that the header does not have", e);
    const size_t slot = signal < 0 ? KYMO_SKIP : r->slot[signal];
    char *text = malloc(n_text + 1);
    if (!text)
        return out_of_memory(e);
    memcpy(text, p + KYMO_EVENT_BYTES + n_type, n_text);
    text[n_text] = '\0';
    memcpy(ev.type, p + KYMO_EVENT_BYTES, n_type);
    ev.time_ns = (int64_t)kymo_le64(p);
    ev.duration_ns = (int64_t)kymo_le64(p + 8);
    ev.sample = (int64_t)kymo_le64(p + 16);
    ev.value = kymo_le_f64(p + 24);
    ev.signal = slot == KYMO_SKIP ? -1 : (int)slot;
    ev.track = track;
    ev.subtype = (int32_t)kymo_le32(p + 40);
    ev.num = (int32_t)kymo_le32(p + 44);
    ev.text = text;
    if (!kymo_frame_time(ev.time_ns) || !kymo_frame_length(ev.duration_ns)) {
        free(text);
        return fail_here(r, f, KYMO_EFORMAT, "an event at no possible time", e);
    }
    rc = kymo_block_event(b, &ev, e);
    free(text);
    return rc < 0 ? rc : (ssize_t)(KYMO_EVENT_BYTES + n_type + n_text);
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

/* A followed file ends with its end mark. */
static bool is_ended(void *of)
{
    (void)of;
    return true;
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
    kymo_input_until(r->in, is_ended, NULL);
    const ssize_t more = kymo_peek(r->in, 1, &p, e);
    if (more > 0)
        return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), kymo_offset(r->in), "more data behind the end mark");
    return (int)more;
}

static int read_stream(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    for (;;) {
        struct payload f;
        enum kymo_frame type;
        int rc = next_frame(r, &f, &type, e);
        if (rc < 0)
            return rc;
        switch (type) {
        case KYMO_SEGM: rc = take_segment(r, &f, e); break;
        case KYMO_DATA: rc = take_data(r, &f, b, e); break;
        case KYMO_EVNT: rc = take_events(r, &f, b, e); break;
        case KYMO_ENDS: return take_end(r, &f, e);
        default: return fail_here(r, &f, KYMO_EFORMAT, "a second header", e);
        }
        if (rc != 0)
            return rc;
    }
}

const struct kymo_format kymo_format_kymo = {
    .name = "kymo", .about = "kymo stream, see kymo-stream(5)", .endings = ".kymo",
    .probe = probe_stream, .open = open_stream, .read = read_stream, .close = close_stream,
    .create = kymo_stream_create, .write = kymo_stream_write, .write_event = kymo_stream_event,
    .finish = kymo_stream_finish, .discard = kymo_stream_discard,
};
