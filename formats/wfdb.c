/* formats/wfdb.c - WFDB records: a header file, signal files beside it, annotation files beside it.
 *
 * The header names the signal files; consecutive signals of one file are interleaved frame by frame. Signal files are
 * opened only if one of their signals is wanted, so that annotations can be read without them. Checksums of signals
 * that were read from beginning to end are compared with the header's. */
#include "formats/wfdb_annot.h"
#include "formats/wfdb_header.h"
#include "formats/wfdb_signal.h"
#include "lib/reader.h"
#include "lib/vocabulary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SAMPLES 32768      /* of all signals: raw and unpacked, this stays in the second-level cache */
#define SAMPLES_LIMIT (INT64_C(1) << 52)   /* of a signal: index arithmetic cannot overflow */
#define EVENTS_A_BLOCK 4096      /* behind the last sample, or where there are none */

/* One signal file: its signals are [first, first + n) of the record. */
struct group {
    size_t first, n;
    const struct wfdb_packing *packing;
    struct kymo_input *in;       /* NULL: none of its signals is wanted */
    size_t frame_samples;        /* of all its signals */
};

struct wfdb {
    struct wfdb_header header;
    struct group *group;
    size_t n_groups;
    int64_t frame, n_frames;     /* next one; how many there really are, KYMO_UNKNOWN: until a file ends */
    size_t block_frames;
    int32_t *unpacked;           /* a block of one group */
    size_t cap_unpacked;
    uint16_t *sum;               /* of each source signal */
    bool whole;                  /* no frame was left out so far */
    struct kymo_input *annot_in;
    struct wfdb_annotations annotations;
    struct wfdb_annotation pending;
    bool has_pending;
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a WFDB record"); }

/* ---- opening ---- */

static int probe_wfdb(const unsigned char *head, size_t n, const char *path)
{
    const size_t len = strlen(path);

    (void)head;
    (void)n;
    return len > 4 && strcmp(path + len - 4, ".hea") == 0 ? 50 : 0;
}

/* A file in the header's folder, or beside the record under another ending. malloc'ed. */
static char *path_beside(const char *header_path, const char *name)
{
    const char *slash = strrchr(header_path, '/');
    char *path;

    if (asprintf(&path, "%.*s%s", name[0] == '/' || !slash ? 0 : (int)(slash - header_path + 1), header_path, name) < 0)
        return NULL;
    return path;
}

static struct kymo_input *open_beside(const struct kymo_reader *r, const char *name, struct kymo_err *e)
{
    char *path = path_beside(r->path, name);
    struct kymo_input *in = path ? kymo_input_open(path, e) : NULL;

    if (!path)
        out_of_memory(e);
    free(path);
    return in;
}

static int open_annotations(struct kymo_reader *r, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    char *path = NULL;

    if (!r->want->annotator)
        return 0;
    if (asprintf(&path, "%.*s.%s", (int)(strlen(r->path) - 4), r->path, r->want->annotator) < 0)
        return out_of_memory(e);
    s->annot_in = kymo_input_open(path, e);
    free(path);
    if (!s->annot_in)
        return kymo_during(e, "no annotations \"%s\"", r->want->annotator);
    wfdb_annotations_init(&s->annotations, s->annot_in, s->header.frame_rate);
    return kymo_header_add_track(&r->source, r->want->annotator, e);
}

/* Signals of the same file in a row form a group. */
static int find_groups(struct kymo_reader *r, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    const struct wfdb_signal *sig = s->header.signal;
    const size_t n = r->source.n_signals;

    if (!(s->group = calloc(n + 1, sizeof *s->group)) || !(s->sum = calloc(n + 1, sizeof *s->sum)))
        return out_of_memory(e);
    for (size_t i = 0; i < n; i++) {
        struct group *g = &s->group[s->n_groups];
        if (i > 0 && strcmp(sig[i].file, sig[i - 1].file) == 0) {
            g--;
        } else {
            *g = (struct group){.first = i, .packing = wfdb_packing_of(sig[i].format)};
            s->n_groups++;
        }
        if (!g->packing)
            return kymo_fail_at(e, KYMO_EFORMAT, r->path, sig[i].line, "signal format %d is not 16 or 212, those read by "
                                "this version", sig[i].format);
        if (sig[i].format != g->packing->format)
            return kymo_fail_at(e, KYMO_EFORMAT, r->path, sig[i].line, "formats %d and %d in one file", sig[i].format,
                                g->packing->format);
        if (sig[i].skew != 0)
            return kymo_fail_at(e, KYMO_EFORMAT, r->path, sig[i].line, "skew %lld is not 0, all that this version reads",
                                (long long)sig[i].skew);
        g->n++;
        g->frame_samples += (size_t)sig[i].samples_per_frame;
    }
    return 0;
}

/* Rates, storage, lengths and block sizes, once the groups are known. */
static int describe_signals(struct kymo_reader *r, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    size_t frame_samples = 0;

    for (size_t g = 0; g < s->n_groups; g++)
        frame_samples += s->group[g].frame_samples;
    s->block_frames = frame_samples < BLOCK_SAMPLES / 2 ? BLOCK_SAMPLES / (frame_samples + !frame_samples) & ~(size_t)1 : 2;
    s->n_frames = s->header.n_frames;
    if (s->n_frames != KYMO_UNKNOWN)
        r->source.duration_ns = kymo_time_of(s->header.frame_rate, s->n_frames);
    for (size_t g = 0, i = 0; g < s->n_groups; g++)
        for (; i < s->group[g].first + s->group[g].n; i++) {
            struct kymo_signal *sig = &r->source.signal[i];
            const struct kymo_ratio f = s->header.frame_rate;
            const int64_t spf = s->header.signal[i].samples_per_frame;
            sig->rate = kymo_ratio(f.num * spf, f.den);
            if (sig->rate.num > KYMO_RATIO_LIMIT || (s->n_frames != KYMO_UNKNOWN && s->n_frames > SAMPLES_LIMIT / spf))
                return kymo_fail_at(e, KYMO_EFORMAT, r->path, s->header.signal[i].line,
                                    "%lld samples per frame are too many for so high a rate or so long a record",
                                    (long long)spf);
            sig->storage = s->group[g].packing->storage;
            sig->can_miss = true;
            if (s->n_frames != KYMO_UNKNOWN)
                sig->n_samples = s->n_frames * spf;
        }
    return 0;
}

static int open_wfdb(struct kymo_reader *r, struct kymo_err *e)
{
    struct wfdb *s = calloc(1, sizeof *s);
    int rc;

    r->state = s;
    if (!s)
        return out_of_memory(e);
    s->whole = true;
    if ((rc = wfdb_header_read(r->in, &r->source, &s->header, &r->want->log, e)) < 0)
        return rc;
    if (!(r->source.format = kymo_header_text(&r->source, "wfdb", 4, e)))
        return KYMO_ENOMEM;
    if ((rc = find_groups(r, e)) < 0 || (rc = describe_signals(r, e)) < 0)
        return rc;
    return open_annotations(r, e);
}

/* A signal file that does not hold what the header says: tells, and reads what there is. */
static int check_length(struct kymo_reader *r, const struct group *g, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    const int64_t size = kymo_input_size(g->in) - s->header.signal[g->first].byte_offset;

    if (kymo_input_size(g->in) < 0)
        return 0;
    const int64_t held = wfdb_packed_samples(g->packing, size > 0 ? size : 0) / (int64_t)g->frame_samples;
    if (s->n_frames == KYMO_UNKNOWN || held < s->n_frames) {
        const int64_t said = s->n_frames;
        s->n_frames = held;
        s->whole = said == KYMO_UNKNOWN && s->whole;
        if (said != KYMO_UNKNOWN)
            return kymo_warn(&r->want->log, e, kymo_input_name(g->in), kymo_input_size(g->in),
                             "file ends after %lld of %lld samples", (long long)held, (long long)said);
    }
    return 0;
}

static int start_wfdb(struct kymo_reader *r, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    int rc = 0;

    for (size_t k = 0; rc == 0 && k < s->n_groups; k++) {
        struct group *g = &s->group[k];
        bool wanted = false;
        for (size_t i = g->first; i < g->first + g->n; i++)
            wanted |= r->slot[i] != KYMO_SKIP;
        if (!wanted)
            continue;
        if (!(g->in = open_beside(r, s->header.signal[g->first].file, e)))
            return kymo_during(e, "%s:%d: no signal file \"%s\"", r->path, s->header.signal[g->first].line,
                               s->header.signal[g->first].file);
        rc = check_length(r, g, e);
        if (rc == 0)
            rc = kymo_seek(g->in, s->header.signal[g->first].byte_offset, e);
    }
    for (size_t i = 0; i < r->source.n_signals; i++)
        if (r->slot[i] != KYMO_SKIP && s->n_frames != KYMO_UNKNOWN) {
            r->hdr.signal[r->slot[i]].n_samples = s->n_frames * s->header.signal[i].samples_per_frame;
            r->hdr.duration_ns = kymo_time_of(s->header.frame_rate, s->n_frames);
        }
    return rc;
}

static void close_wfdb(struct kymo_reader *r)
{
    struct wfdb *s = r->state;

    if (!s)
        return;
    for (size_t k = 0; s->group && k < s->n_groups; k++)
        kymo_input_close(s->group[k].in);
    kymo_input_close(s->annot_in);
    wfdb_header_release(&s->header);
    free(s->group);
    free(s->unpacked);
    free(s->sum);
    free(s);
}

/* ---- samples ---- */

/* One signal out of the interleaved frames; returns the 16-bit sum of the stored values. */
static uint16_t pick_signal(const int32_t *x, size_t stride, size_t per_frame, size_t frames, int32_t missing,
                            int32_t *out)
{
    uint32_t sum = 0;

    if (per_frame == 1) {
        for (size_t f = 0; f < frames; f++) {
            const int32_t v = x[f * stride];
            sum += (uint32_t)v;
            out[f] = v == missing ? KYMO_MISSING : v;
        }
        return (uint16_t)sum;
    }
    for (size_t f = 0; f < frames; f++)
        for (size_t k = 0; k < per_frame; k++) {
            const int32_t v = x[f * stride + k];
            sum += (uint32_t)v;
            *out++ = v == missing ? KYMO_MISSING : v;
        }
    return (uint16_t)sum;
}

/* Room for frames that have arrived: how many samples make one is only what the header claims. */
static int reserve_frames(struct kymo_reader *r, const struct group *g, size_t frames, struct kymo_block *b,
                          struct kymo_err *e)
{
    struct wfdb *s = r->state;
    const size_t n = frames * g->frame_samples;
    int rc = 0;

    if (n > s->cap_unpacked) {
        free(s->unpacked);
        s->unpacked = malloc(n * sizeof *s->unpacked);
        s->cap_unpacked = s->unpacked ? n : 0;
        rc = s->unpacked ? 0 : out_of_memory(e);
    }
    for (size_t i = g->first; rc == 0 && i < g->first + g->n; i++)
        if (r->slot[i] != KYMO_SKIP)
            rc = kymo_block_reserve(b, r->slot[i], frames * (size_t)s->header.signal[i].samples_per_frame, e);
    return rc;
}

/* Up to n frames of one group into the block. Returns how many, less than n only where the file ends, or < 0. */
static ssize_t read_group(struct kymo_reader *r, const struct group *g, size_t n, struct kymo_block *b,
                          struct kymo_err *e)
{
    struct wfdb *s = r->state;
    const unsigned char *p;
    const size_t bytes = wfdb_packed_bytes(g->packing, n * g->frame_samples);
    const ssize_t got = kymo_peek(g->in, bytes, &p, e);

    if (got < 0)
        return got;
    const size_t frames =
        (size_t)got == bytes ? n : (size_t)wfdb_packed_samples(g->packing, got) / g->frame_samples;
    const int rc = reserve_frames(r, g, frames, b, e);
    if (rc < 0)
        return rc;
    g->packing->unpack(p, frames * g->frame_samples, s->unpacked);
    kymo_skip(g->in, (size_t)got);
    for (size_t i = g->first, at = 0; i < g->first + g->n; i++) {
        const size_t per_frame = (size_t)s->header.signal[i].samples_per_frame;
        if (r->slot[i] != KYMO_SKIP) {
            struct kymo_span *span = &b->span[r->slot[i]];
            span->first = s->frame * (int64_t)per_frame;
            span->n = frames * per_frame;
            s->sum[i] = (uint16_t)(s->sum[i] + pick_signal(s->unpacked + at, g->frame_samples, per_frame, frames,
                                                           g->packing->missing, span->digital));
        }
        at += per_frame;
    }
    return (ssize_t)frames;
}

static int check_sums(struct kymo_reader *r, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    int rc = 0;

    for (size_t i = 0; rc == 0 && s->whole && i < r->source.n_signals; i++) {
        const struct wfdb_signal *sig = &s->header.signal[i];
        if (r->slot[i] != KYMO_SKIP && sig->has_checksum && s->header.n_frames != KYMO_UNKNOWN &&
            s->sum[i] != (uint16_t)sig->checksum)
            rc = kymo_warn(&r->want->log, e, r->path, sig->line, "checksum of %s is %d, the header says %d: samples were "
                           "changed", r->source.signal[i].label, (int16_t)s->sum[i], sig->checksum);
    }
    s->whole = false;   /* told once */
    return rc;
}

/* The next frames of all groups. Returns 1, 0 where there are no more, or < 0. */
static int read_frames(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    size_t n = s->block_frames;

    if (s->n_frames != KYMO_UNKNOWN && s->n_frames - s->frame < (int64_t)n)
        n = s->n_frames > s->frame ? (size_t)(s->n_frames - s->frame) : 0;
    for (size_t k = 0; n > 0 && k < s->n_groups; k++) {
        if (!s->group[k].in)
            continue;
        const ssize_t got = read_group(r, &s->group[k], n, b, e);
        if (got < 0)
            return (int)got;
        if ((size_t)got < n)   /* shorter than it was when it was opened, or of unknown length */
            n = (size_t)got;
    }
    for (size_t i = 0; i < r->source.n_signals; i++)
        if (r->slot[i] != KYMO_SKIP)
            b->span[r->slot[i]].n = n * (size_t)s->header.signal[i].samples_per_frame;
    s->frame += (int64_t)n;
    if (n < s->block_frames && s->n_frames == KYMO_UNKNOWN)
        s->n_frames = s->frame;
    return n > 0 ? 1 : check_sums(r, e);
}

/* To a block boundary at or before ns, so that blocks, and packed pairs, fall as they always do. */
static int seek_wfdb(struct kymo_reader *r, int64_t ns, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    const int64_t block = (int64_t)s->block_frames;
    int64_t frame = kymo_index_at(s->header.frame_rate, ns) / block * block;
    int rc = 0;

    if (s->n_frames != KYMO_UNKNOWN && frame > s->n_frames)
        frame = s->n_frames / block * block;
    if (frame <= 0)
        return 0;
    s->whole = false;
    s->frame = frame;
    for (size_t k = 0; rc == 0 && k < s->n_groups; k++) {
        const struct group *g = &s->group[k];
        if (g->in)   /* block is even: whole packed units lie before it */
            rc = kymo_seek(g->in, s->header.signal[g->first].byte_offset +
                           frame / (int64_t)g->packing->n_unit * (int64_t)(g->packing->bytes_unit * g->frame_samples), e);
    }
    return rc;
}

/* ---- annotations ---- */

/* Takes the next annotation to s->pending. A file that stops in the middle is told of once and taken as ended. */
static int next_annotation(struct kymo_reader *r, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    struct kymo_err damage = {0};
    char text[256];
    const int rc = wfdb_annotation_next(&s->annotations, &s->pending, &damage);

    s->has_pending = rc > 0;
    if (rc >= 0)
        return 0;
    s->annotations.at_end = true;
    kymo_err_text(&damage, 0, text, sizeof text);
    if (rc != KYMO_EFORMAT)
        return kymo_fail(e, (enum kymo_code)rc, "%s", text);
    return kymo_warn(&r->want->log, e, text, -1, "annotations up to there are used");
}

static int add_annotation(const struct kymo_reader *r, const struct wfdb_annotation *a, struct kymo_block *b,
                          struct kymo_err *e)
{
    const struct wfdb *s = r->state;
    char name[8];
    struct kymo_event ev = {.time_ns = kymo_time_of(s->annotations.rate, a->time), .sample = a->time, .signal = -1,
                            .subtype = a->subtype, .num = a->num, .value = __builtin_nan(""), .text = a->aux};

    if (s->annotations.own_rate)
        ev.sample = kymo_index_at(s->header.frame_rate, ev.time_ns);
    if (a->has_channel && (size_t)a->channel < r->source.n_signals && r->slot[a->channel] != KYMO_SKIP)
        ev.signal = (int)r->slot[a->channel];
    snprintf(ev.type, sizeof ev.type, "%s", kymo_code_name(a->type, name));
    return kymo_block_event(b, &ev, e);
}

/* Annotations before frame limit, at most EVENTS_A_BLOCK where all that are left may come. */
static int read_annotations(struct kymo_reader *r, int64_t before_ns, struct kymo_block *b, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    int rc = 0;

    if (!s->annot_in)
        return 0;
    while (rc >= 0 && (before_ns != INT64_MAX || b->n_events < EVENTS_A_BLOCK)) {
        if (!s->has_pending && (rc = next_annotation(r, e)) < 0)
            return rc;
        if (!s->has_pending || kymo_time_of(s->annotations.rate, s->pending.time) >= before_ns)
            break;
        rc = add_annotation(r, &s->pending, b, e);
        s->has_pending = false;
    }
    return rc;
}

static int read_wfdb(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    int rc = r->hdr.n_signals > 0 ? read_frames(r, b, e) : 0;

    if (rc < 0)
        return rc;
    const int64_t before = rc > 0 ? kymo_time_of(s->header.frame_rate, s->frame) : INT64_MAX;
    const int annotated = read_annotations(r, before, b, e);
    return annotated < 0 ? annotated : rc > 0 || b->n_events > 0;
}

const struct kymo_format kymo_format_wfdb = {
    .name = "wfdb", .about = "WFDB record (PhysioNet): header, signal and annotation files", .suffix = ".hea",
    .probe = probe_wfdb, .open = open_wfdb, .start = start_wfdb, .read = read_wfdb, .seek = seek_wfdb,
    .close = close_wfdb,
};
