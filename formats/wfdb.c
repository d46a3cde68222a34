/* formats/wfdb.c - WFDB records: a header file, signal files beside it, annotation files beside it. (Records of several
 * segments: wfdb_segments.h.)
 *
 * The header names the signal files; consecutive signals of one file are interleaved frame by frame. Signal files are
 * opened only if one of their signals is wanted, so that annotations can be read without them. Checksums of signals
 * that were read from beginning to end are compared with the header's. */
#include "formats/wfdb_annot.h"
#include "formats/wfdb_check.h"
#include "formats/wfdb_file.h"
#include "formats/wfdb_identity.h"
#include "formats/wfdb_marks.h"
#include "formats/wfdb_segments.h"
#include "formats/wfdb_writer.h"
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
    struct wfdb_file *file;      /* NULL: none of its signals is wanted */
    size_t frame_samples;        /* of all its signals */
};

struct wfdb {
    struct wfdb_header header;
    struct wfdb_segments *segments;   /* of a record of several; then there are no groups */
    struct group *group;
    size_t n_groups;
    int64_t frame, n_frames;     /* next one; how many there really are, KYMO_UNKNOWN: until a file ends */
    size_t block_frames;
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

static struct kymo_input *open_beside(const struct kymo_reader *r, const char *name, struct kymo_err *e)
{
    char *path = wfdb_path_beside(r->path, name, "");
    struct kymo_input *in = path ? kymo_input_open(path, e) : NULL;

    if (!path)
        out_of_memory(e);
    if (in)
        kymo_input_be_patient(in, r->want->patience);
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
            *g = (struct group){.first = i};
            s->n_groups++;
        }
        if (!wfdb_packing_of(sig[i].format))
            return kymo_fail_at(e, KYMO_EFORMAT, r->path, sig[i].line, "signal format %d is none of 8 16 24 32 61 80 160 "
                                "212 310 311 508 516 524", sig[i].format);
        if (sig[i].format != sig[g->first].format)
            return kymo_fail_at(e, KYMO_EFORMAT, r->path, sig[i].line, "formats %d and %d in one file", sig[i].format,
                                sig[g->first].format);
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
    const size_t units = BLOCK_SAMPLES / (frame_samples ? frame_samples : 1) / WFDB_LARGEST_UNIT;
    s->block_frames = WFDB_LARGEST_UNIT * (units && !r->want->patience ? units : 1);   /* of a file that grows, none waits */
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
            sig->storage = wfdb_packing_of(s->header.signal[i].format)->storage;
            sig->can_miss = !wfdb_packing_of(s->header.signal[i].format)->differences;
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
    kymo_input_be_patient(r->in, NULL);   /* it is the samples that grow, not the header */
    if ((rc = wfdb_header_read(r->in, &r->source, &s->header, &r->want->log, e)) < 0)
        return rc;
    if (!(r->source.format = kymo_header_text(&r->source, "wfdb", 4, e)))
        return KYMO_ENOMEM;
    if (s->header.n_segments > 0 && !(s->segments = wfdb_segments_open(r, &s->header, e)))
        return e->cause[0].code;
    if (!s->segments && ((rc = find_groups(r, e)) < 0 || (rc = describe_signals(r, e)) < 0))
        return rc;
    return open_annotations(r, e);
}

/* A signal file that does not hold what the header says: tells, and reads what there is. */
static int check_length(struct kymo_reader *r, const struct group *g, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    const struct wfdb_signal *const sig = &s->header.signal[g->first];
    const int64_t held = wfdb_file_frames(g->file);

    if (held == KYMO_UNKNOWN || r->want->patience)
        return 0;
    if (s->n_frames == KYMO_UNKNOWN || held < s->n_frames) {
        const int64_t said = s->n_frames;
        s->n_frames = held;
        s->whole = said == KYMO_UNKNOWN && s->whole;
        if (said != KYMO_UNKNOWN)
            return kymo_warn(&r->want->log, e, wfdb_file_name(g->file), wfdb_file_size(g->file),
                             "file ends after %lld of %lld samples", (long long)held, (long long)said);
    } else if ((held - s->n_frames) * (int64_t)g->frame_samples >= (int64_t)wfdb_packing_of(sig->format)->n_unit) {
        return kymo_warn(&r->want->log, e, wfdb_file_name(g->file), wfdb_file_size(g->file),
                         "file holds %lld samples, of which %lld are read", (long long)held, (long long)s->n_frames);
    }
    return 0;
}

/* Without its file: an error where samples are to be read, since a header of which a name is wrong may tell the rest wrong. */
static int miss_file(struct kymo_reader *r, const struct group *g, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    const struct wfdb_signal *sig = &s->header.signal[g->first];

    if (!r->want->header_only || e->cause[0].code != KYMO_EIO)
        return kymo_during(e, "%s:%d: no signal file \"%s\"", r->path, sig->line, sig->file);
    *e = (struct kymo_err){0};
    s->n_frames = 0;
    return kymo_warn(&r->want->log, e, r->path, sig->line, "no signal file \"%s\": %zu signals have no samples",
                     sig->file, g->n);
}

static int start_wfdb(struct kymo_reader *r, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    int rc = 0;

    if (s->segments)
        return 0;
    for (size_t k = 0; rc == 0 && k < s->n_groups; k++) {
        struct group *g = &s->group[k];
        bool wanted = false;
        for (size_t i = g->first; i < g->first + g->n; i++)
            wanted |= r->slot[i] != KYMO_SKIP;
        if (!wanted)
            continue;
        const struct wfdb_signal *sig = &s->header.signal[g->first];
        struct kymo_input *in = open_beside(r, sig->file, e);
        if (in && !(g->file = wfdb_file_open(in, sig, g->n, e)))
            return e->cause[0].code;
        rc = in ? check_length(r, g, e) : miss_file(r, g, e);
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
        wfdb_file_close(s->group[k].file);
    kymo_input_close(s->annot_in);
    wfdb_segments_close(s->segments);
    wfdb_header_release(&s->header);
    free(s->group);
    free(s->sum);
    free(s);
}

/* ---- samples ---- */

/* The wanted signals of n frames, which are fetched, into the block. */
static int take_group(struct kymo_reader *r, const struct group *g, size_t n, struct kymo_block *b, struct kymo_err *e)
{
    struct wfdb *s = r->state;

    for (size_t i = g->first; i < g->first + g->n; i++) {
        const size_t per_frame = (size_t)s->header.signal[i].samples_per_frame, slot = r->slot[i];
        if (slot == KYMO_SKIP)
            continue;
        const int rc = kymo_block_reserve(b, slot, n * per_frame, e);
        if (rc < 0)
            return rc;
        b->span[slot].first = s->frame * (int64_t)per_frame;
        b->span[slot].n = n * per_frame;
        s->sum[i] = (uint16_t)(s->sum[i] + wfdb_file_signal(g->file, i - g->first, n, b->span[slot].digital));
    }
    wfdb_file_advance(g->file, n);
    return 0;
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

/* A pipe, or a FLAC file, that ends before the header says: told once. */
static int check_end(struct kymo_reader *r, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    const int64_t said = s->n_frames;

    if (said == KYMO_UNKNOWN || s->frame >= said || r->want->patience)
        return 0;
    s->n_frames = s->frame;
    s->whole = false;
    return kymo_warn(&r->want->log, e, r->path, -1, "samples end after %lld of %lld", (long long)s->frame, (long long)said);
}

/* The next frames of all groups. Returns 1, 0 where there are no more, or < 0. */
static int read_frames(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    size_t n = s->block_frames;

    if (s->n_frames != KYMO_UNKNOWN && s->n_frames - s->frame < (int64_t)n)
        n = s->n_frames > s->frame ? (size_t)(s->n_frames - s->frame) : 0;
    for (size_t k = 0; n > 0 && k < s->n_groups; k++) {
        const ssize_t got = s->group[k].file ? wfdb_file_fetch(s->group[k].file, n, e) : (ssize_t)n;
        if (got < 0)
            return (int)got;
        n = (size_t)got;   /* less where a file ends that is shorter than it was when it was opened, or of unknown length */
    }
    for (size_t k = 0; n > 0 && k < s->n_groups; k++) {
        const int rc = s->group[k].file ? take_group(r, &s->group[k], n, b, e) : 0;
        if (rc < 0)
            return rc;
    }
    s->frame += (int64_t)n;
    if (n < s->block_frames && s->n_frames == KYMO_UNKNOWN)
        s->n_frames = s->frame;
    if (n > 0)
        return 1;
    const int rc = check_end(r, e);
    return rc < 0 ? rc : check_sums(r, e);
}

/* To a block boundary at or before ns, so that blocks fall as they always do. */
static int seek_wfdb(struct kymo_reader *r, int64_t ns, struct kymo_err *e)
{
    struct wfdb *s = r->state;
    const int64_t block = (int64_t)s->block_frames;

    if (s->segments)
        wfdb_segments_seek(s->segments, ns);
    if (s->segments)
        return 0;
    int64_t frame = kymo_index_at(s->header.frame_rate, ns) / block * block;
    int rc = 0;

    if (s->n_frames != KYMO_UNKNOWN && frame > s->n_frames)
        frame = s->n_frames / block * block;
    if (frame <= 0)
        return 0;
    s->whole = false;
    s->frame = frame;
    for (size_t k = 0; rc == 0 && k < s->n_groups; k++) {
        if (s->group[k].file)
            rc = wfdb_file_seek(s->group[k].file, frame, e);
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

static int add_annotation(const struct kymo_reader *r, struct wfdb_annotation *a, struct kymo_block *b,
                          struct kymo_err *e)
{
    const struct wfdb *s = r->state;
    char name[8];
    struct kymo_event ev = {.time_ns = kymo_time_of(s->annotations.rate, a->time), .sample = a->time, .signal = -1,
                            .subtype = a->subtype, .num = a->num, .value = __builtin_nan(""), .text = a->aux};

    if (s->annotations.own_rate)
        ev.sample = kymo_index_at(s->header.frame_rate, ev.time_ns);
    if (a->has_channel && a->channel != WFDB_NO_CHANNEL && (size_t)a->channel < r->source.n_signals &&
        r->slot[a->channel] != KYMO_SKIP) {
        ev.signal = (int)r->slot[a->channel];
        ev.sample = kymo_index_at(r->source.signal[a->channel].rate, ev.time_ns);
    }
    snprintf(ev.type, sizeof ev.type, "%s", kymo_code_name(a->type, name));
    wfdb_take_note(a->aux, &ev);
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
    int rc = 0;

    if (r->hdr.n_signals > 0)
        rc = s->segments ? wfdb_segments_read(s->segments, r, b, &s->frame, e) : read_frames(r, b, e);
    if (rc < 0)
        return rc;
    const int64_t before = rc > 0 ? kymo_time_of(s->header.frame_rate, s->frame) : INT64_MAX;
    const int annotated = read_annotations(r, before, b, e);
    return annotated < 0 ? annotated : rc > 0 || b->n_events > 0;
}

const struct kymo_format kymo_format_wfdb = {
    .name = "wfdb", .about = "WFDB record (PhysioNet): header, signal and annotation files",
    .suffix = ".hea", .endings = ".hea",
    .check = wfdb_check, .fix = wfdb_fix, .hidden = wfdb_hidden, .put_identity = wfdb_put_identity,
    .probe = probe_wfdb, .open = open_wfdb, .start = start_wfdb, .read = read_wfdb, .seek = seek_wfdb,
    .close = close_wfdb,
    .makes_files = true, .create = wfdb_create, .write = wfdb_write, .write_event = wfdb_write_event,
    .finish = wfdb_finish, .discard = wfdb_discard,
};
