/* formats/wfdb_segments.c - see wfdb_segments.h. */
#include "formats/wfdb_segments.h"

#include "formats/wfdb_signal.h"
#include "lib/remote.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct wfdb_segments {
    const struct wfdb_header *whole;
    int64_t *per_frame;          /* samples in a frame, of each source signal */
    size_t next;                 /* segment to open next */
    int64_t frame;               /* where it begins */
    int64_t read_to;             /* frame behind the last sample given out */
    bool begun;                  /* some were */
    int64_t from_ns;             /* nothing before is wanted; KYMO_UNKNOWN: all */
    struct kymo_reader *in;      /* of the segment that is being read; NULL: none */
    int64_t in_frame;            /* where that one begins */
    size_t *source;              /* its signal for each of ours, KYMO_SKIP: it has none */
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a record of segments"); }

char *wfdb_path_beside(const char *header_path, const char *name, const char *suffix)
{
    const char *slash = strrchr(header_path, '/');
    const bool is_whole = name[0] == '/' && !kymo_is_remote(header_path);   /* a header from elsewhere names no file of ours */
    char *path;

    if (asprintf(&path, "%s%.*s%s%s", !slash && kymo_is_remote(name) ? "./" : "",   /* and one of ours none elsewhere */
                 is_whole || !slash ? 0 : (int)(slash - header_path + 1), header_path, name, suffix) < 0)
        return NULL;
    return path;
}

static bool is_gap(const struct wfdb_segment *seg) { return strcmp(seg->name, "~") == 0; }

/* ---- what there is in all ---- */

/* The header of one segment into h and w, which the caller releases. Returns 1, 0 where the file is not there, or < 0. */
static int read_segment_header(const struct kymo_reader *r, const struct wfdb_segment *seg, struct kymo_header *h,
                               struct wfdb_header *w, struct kymo_err *e)
{
    char *path = wfdb_path_beside(r->path, seg->name, ".hea");
    struct kymo_input *in = NULL;
    int rc;

    kymo_header_init(h);
    *w = (struct wfdb_header){0};
    if (!path)
        return out_of_memory(e);
    rc = kymo_input_exists(path, e);
    if (rc > 0 && !(in = kymo_input_open(path, e)))
        rc = e->cause[0].code;
    if (rc > 0 && wfdb_header_read(in, h, w, &r->want->log, e) < 0)
        rc = e->cause[0].code;
    if (rc > 0 && w->n_segments > 0)
        rc = kymo_fail_at(e, KYMO_EFORMAT, path, 1, "a segment that has segments itself");
    kymo_input_close(in);
    free(path);
    return rc;
}

static bool is_layout(const struct wfdb_header *whole) { return whole->n_segments > 0 && whole->segment[0].n_frames == 0; }

/* Copies one described signal to the whole's. */
static int describe_signal(const struct wfdb_segments *s, struct kymo_reader *r, const struct kymo_signal *from,
                           int64_t per_frame, struct kymo_err *e)
{
    const struct kymo_ratio f = s->whole->frame_rate;
    struct kymo_signal *sig = kymo_header_signal(&r->source, e);

    if (!sig)
        return KYMO_ENOMEM;
    *sig = *from;
    sig->label = kymo_header_text(&r->source, from->label, strlen(from->label), e);
    sig->unit = kymo_header_text(&r->source, from->unit, strlen(from->unit), e);
    sig->rate = kymo_ratio(f.num * per_frame, f.den);
    sig->can_miss = true;
    if (sig->rate.num > KYMO_RATIO_LIMIT)
        return kymo_fail(e, KYMO_EFORMAT, "%lld samples per frame are too many", (long long)per_frame);
    return sig->label && sig->unit ? 0 : KYMO_ENOMEM;
}

/* Signals from the layout, or from the first segment that is there. */
static int describe_signals(struct wfdb_segments *s, struct kymo_reader *r, struct kymo_err *e)
{
    struct kymo_header h;
    struct wfdb_header w;
    int rc = 0;

    for (size_t k = 0; rc == 0 && k < s->whole->n_segments; k++) {
        if (is_gap(&s->whole->segment[k]))
            continue;
        rc = read_segment_header(r, &s->whole->segment[k], &h, &w, e);
        if (rc > 0 && (s->per_frame = calloc(h.n_signals + 1, sizeof *s->per_frame)))
            for (size_t i = 0; rc > 0 && i < h.n_signals; i++) {
                s->per_frame[i] = w.signal[i].samples_per_frame;
                if (describe_signal(s, r, &h.signal[i], s->per_frame[i], e) < 0)
                    rc = e->cause[0].code;
            }
        else if (rc > 0)
            rc = out_of_memory(e);
        kymo_header_release(&h);
        wfdb_header_release(&w);
    }
    if (rc == 0)
        return kymo_fail_at(e, KYMO_EFORMAT, r->path, 1, "none of its segments is there");
    return rc < 0 ? rc : 0;
}

/* The signal of h in the place of our signal i: by its description, in records of fixed layout by number. KYMO_SKIP: none. */
static size_t find_named(const struct wfdb_segments *s, const struct kymo_reader *r, const struct kymo_header *h, size_t i)
{
    if (!is_layout(s->whole))
        return i < h->n_signals ? i : KYMO_SKIP;
    for (size_t k = 0; k < h->n_signals; k++)
        if (strcmp(h->signal[k].label, r->source.signal[i].label) == 0)
            return k;
    return KYMO_SKIP;
}

/* The same, but none of another unit: its values are not ours. */
static size_t find_signal(const struct wfdb_segments *s, const struct kymo_reader *r, const struct kymo_header *h, size_t i)
{
    const size_t k = find_named(s, r, h, i);

    return k == KYMO_SKIP || strcmp(h->signal[k].unit, r->source.signal[i].unit) == 0 ? k : KYMO_SKIP;
}

/* Takes into account how one segment stores our signals: widest storage, physical values where calibrations differ. */
static void join_storage(struct wfdb_segments *s, struct kymo_reader *r, const struct kymo_header *h,
                         const struct wfdb_header *w, bool first)
{
    for (size_t i = 0; i < r->source.n_signals; i++) {
        struct kymo_signal *sig = &r->source.signal[i];
        const size_t k = find_signal(s, r, h, i);
        const struct wfdb_packing *p = k == KYMO_SKIP ? NULL : wfdb_packing_of(w->signal[k].format);
        if (!p || sig->storage == KYMO_F64)
            continue;
        if (first)
            sig->storage = KYMO_I16;
        if (h->signal[k].gain != sig->gain || h->signal[k].baseline != sig->baseline) {
            *sig = (struct kymo_signal){.label = sig->label, .unit = sig->unit, .transducer = "", .prefilter = "",
                                        .kind = sig->kind, .rate = sig->rate, .storage = KYMO_F64, .calibrated = true,
                                        .can_miss = true, .gain = 1, .digital_min = (double)NAN,
                                        .digital_max = (double)NAN, .n_samples = sig->n_samples};
        } else if (p->storage > sig->storage) {
            sig->storage = p->storage;
        }
    }
}

/* What does not fit in a segment that is there, each kind told once. */
struct misfits {
    bool unit, label, length;
};

static int tell_misfits(const struct wfdb_segments *s, const struct kymo_reader *r, const struct wfdb_segment *seg,
                        const struct kymo_header *h, const struct wfdb_header *w, struct misfits *told, struct kymo_err *e)
{
    const struct kymo_log *const log = &r->want->log;
    int rc = 0;

    if (!told->length && w->n_frames != KYMO_UNKNOWN && w->n_frames != seg->n_frames) {
        told->length = true;
        rc = kymo_warn(log, e, r->path, seg->line, "segment %s has %lld samples, its own header says %lld", seg->name,
                       (long long)seg->n_frames, (long long)w->n_frames);
    }
    for (size_t i = 0; rc == 0 && i < r->source.n_signals; i++) {
        const struct kymo_signal *const ours = &r->source.signal[i];
        const size_t k = find_named(s, r, h, i);
        if (k == KYMO_SKIP)
            continue;
        if (!told->unit && strcmp(h->signal[k].unit, ours->unit) != 0) {
            told->unit = true;
            rc = kymo_warn(log, e, r->path, seg->line, "segment %s has %s in %s, not %s: missing there", seg->name, ours->label,
                           h->signal[k].unit, ours->unit);
        } else if (!told->label && strcmp(h->signal[k].label, ours->label) != 0) {
            told->label = true;
            rc = kymo_warn(log, e, r->path, seg->line, "segment %s has %s in the place of %s: taken for it", seg->name,
                           h->signal[k].label, ours->label);
        }
    }
    if (rc == 0 && !told->label && !is_layout(s->whole) && h->n_signals != r->source.n_signals) {
        told->label = true;
        rc = kymo_warn(log, e, r->path, seg->line, "segment %s has %zu signals, the record %zu", seg->name, h->n_signals,
                       r->source.n_signals);
    }
    return rc;
}

static int survey_segments(struct wfdb_segments *s, struct kymo_reader *r, struct kymo_err *e)
{
    struct misfits told = {false};
    bool first = true;
    size_t n_absent = 0, absent = 0;
    int64_t frames_absent = 0;

    for (size_t k = 0; k < s->whole->n_segments; k++) {
        const struct wfdb_segment *seg = &s->whole->segment[k];
        struct kymo_header h;
        struct wfdb_header w;
        if (is_gap(seg) || seg->n_frames == 0)
            continue;
        int rc = read_segment_header(r, seg, &h, &w, e);
        if (rc > 0 && (rc = tell_misfits(s, r, seg, &h, &w, &told, e)) == 0) {
            join_storage(s, r, &h, &w, first);
            first = false;
            rc = 1;
        } else if (rc == 0) {
            absent = n_absent++ ? absent : k;
            frames_absent += seg->n_frames;
        }
        kymo_header_release(&h);
        wfdb_header_release(&w);
        if (rc < 0)
            return rc;
    }
    if (n_absent == 0)
        return 0;
    return kymo_warn(&r->want->log, e, r->path, s->whole->segment[absent].line,
                     "%zu of %zu segments are not there (the first: %s): gaps of %lld samples", n_absent,
                     s->whole->n_segments, s->whole->segment[absent].name, (long long)frames_absent);
}

static int tell_length(const struct kymo_reader *r, const struct wfdb_header *whole, int64_t frames, struct kymo_err *e)
{
    if (whole->n_frames == KYMO_UNKNOWN || whole->n_frames == frames)
        return 0;
    return kymo_warn(&r->want->log, e, r->path, 1, "segments of %lld samples together, the record line says %lld",
                     (long long)frames, (long long)whole->n_frames);
}

struct wfdb_segments *wfdb_segments_open(struct kymo_reader *r, const struct wfdb_header *whole, struct kymo_err *e)
{
    struct wfdb_segments *s = calloc(1, sizeof *s);
    int64_t frames = 0;

    if (!s) {
        out_of_memory(e);
        return NULL;
    }
    s->whole = whole;
    s->from_ns = KYMO_UNKNOWN;
    for (size_t k = 0; k < whole->n_segments; k++)
        if (whole->segment[k].n_frames > (INT64_C(1) << 52) - frames) {
            kymo_fail_at(e, KYMO_EFORMAT, r->path, whole->segment[k].line, "segments too long together");
            free(s);
            return NULL;
        } else {
            frames += whole->segment[k].n_frames;
        }
    if (tell_length(r, whole, frames, e) == 0 && describe_signals(s, r, e) == 0 && survey_segments(s, r, e) == 0 &&
        (s->source = calloc(r->source.n_signals + 1, sizeof *s->source))) {
        for (size_t i = 0; i < r->source.n_signals; i++)
            r->source.signal[i].n_samples = KYMO_UNKNOWN;   /* gaps have none */
        r->source.duration_ns = kymo_time_of(whole->frame_rate, frames);
        return s;
    }
    if (e->n == 0)
        out_of_memory(e);
    wfdb_segments_close(s);
    return NULL;
}

void wfdb_segments_close(struct wfdb_segments *s)
{
    if (!s)
        return;
    kymo_close(s->in);
    free(s->per_frame);
    free(s->source);
    free(s);
}

/* ---- one after another ---- */

void wfdb_segments_seek(struct wfdb_segments *s, int64_t ns)
{
    const struct kymo_ratio rate = s->whole->frame_rate;

    while (s->next + 1 < s->whole->n_segments && kymo_time_of(rate, s->frame + s->whole->segment[s->next].n_frames) <= ns)
        s->frame += s->whole->segment[s->next++].n_frames;
    s->from_ns = ns;
}

static int check_rates(const struct wfdb_segments *s, const struct kymo_reader *r, struct kymo_err *e)
{
    for (size_t i = 0; i < r->source.n_signals; i++) {
        if (s->source[i] == KYMO_SKIP)
            continue;
        const struct kymo_ratio theirs = s->in->source.signal[s->source[i]].rate, ours = r->source.signal[i].rate;
        if (theirs.num != ours.num || theirs.den != ours.den)
            return kymo_fail_at(e, KYMO_EFORMAT, s->in->path, -1, "%s has %g samples per second, %g in the whole record",
                                r->source.signal[i].label, kymo_ratio_real(theirs), kymo_ratio_real(ours));
    }
    return 0;
}

/* A segment whose signal file is not there is a gap; one that makes no sense is an error. */
static int skip_segment(const struct wfdb_segments *s, const struct kymo_reader *r, const struct kymo_err *why,
                        struct kymo_err *e)
{
    const struct wfdb_segment *seg = &s->whole->segment[s->next];
    char text[300];

    if (why->cause[0].code != KYMO_EIO) {
        *e = *why;
        return kymo_during(e, "cannot read segment %s", seg->name);
    }
    kymo_err_text(why, 0, text, sizeof text);
    return kymo_warn(&r->want->log, e, r->path, seg->line, "a gap of %lld samples: %s", (long long)seg->n_frames, text);
}

/* Opens the next segment that is there. Returns 1, 0 where there is none, or < 0. */
static int open_next(struct wfdb_segments *s, struct kymo_reader *r, struct kymo_err *e)
{
    for (; s->next < s->whole->n_segments; s->frame += s->whole->segment[s->next++].n_frames) {
        const struct wfdb_segment *seg = &s->whole->segment[s->next];
        struct kymo_want want = {.log = r->want->log};
        char *path = is_gap(seg) || seg->n_frames == 0 ? NULL : wfdb_path_beside(r->path, seg->name, ".hea");
        const int64_t start_ns = kymo_time_of(s->whole->frame_rate, s->frame);
        const int there = path ? kymo_input_exists(path, e) : 0;
        if (there <= 0)
            free(path);
        if (there < 0)
            return there;
        if (there == 0)
            continue;
        if (s->from_ns != KYMO_UNKNOWN && s->from_ns > start_ns) {
            want.from_set = true;
            want.from_ns = s->from_ns - start_ns;
        }
        struct kymo_err why = {0};
        s->in = kymo_open(path, &want, &why);
        free(path);
        if (!s->in && skip_segment(s, r, &why, e) < 0)
            return e->cause[0].code;
        if (!s->in)
            continue;
        for (size_t i = 0; i < r->source.n_signals; i++)
            s->source[i] = find_signal(s, r, &s->in->source, i);
        s->in_frame = s->frame;
        s->frame += seg->n_frames;
        s->next++;
        return check_rates(s, r, e) < 0 ? e->cause[0].code : 1;
    }
    return 0;
}

/* Our signal i of a segment's block; missing where the segment does not have it. */
static int copy_span(const struct wfdb_segments *s, const struct kymo_reader *r, struct kymo_block *from, size_t i,
                     int64_t first_frame, size_t frames, struct kymo_block *to, struct kymo_err *e)
{
    const size_t slot = r->slot[i], n = frames * (size_t)s->per_frame[i], k = s->source[i];
    const bool real = r->source.signal[i].storage == KYMO_F64;
    struct kymo_span *span = &to->span[slot];
    const int rc = kymo_block_reserve(to, slot, n, e);

    if (rc < 0)
        return rc;
    span->n = n;
    span->first = (s->in_frame + first_frame) * s->per_frame[i];
    if (k != KYMO_SKIP && real)
        memcpy(span->physical, kymo_physical(from, k), n * sizeof *span->physical);
    else if (k != KYMO_SKIP)
        memcpy(span->digital, from->span[k].digital, n * sizeof *span->digital);
    for (size_t j = 0; k == KYMO_SKIP && j < n; j++)
        if (real)
            span->physical[j] = (double)NAN;
        else
            span->digital[j] = KYMO_MISSING;
    return 0;
}

/* The place of a segment's block in frames, by the first signal that the segment has; false where it has none of ours. */
static bool frames_of(const struct wfdb_segments *s, const struct kymo_reader *r, const struct kymo_block *b, int64_t *first,
                      int64_t *n)
{
    for (size_t i = 0; i < r->source.n_signals; i++)
        if (s->source[i] != KYMO_SKIP) {
            *first = b->span[s->source[i]].first / s->per_frame[i];
            *n = (int64_t)b->span[s->source[i]].n / s->per_frame[i];
            return true;
        }
    return false;
}

/* A block of the open segment, cut where the whole record says that the segment ends. Returns 1, 0: nothing, or < 0. */
static int copy_block(struct wfdb_segments *s, struct kymo_reader *r, struct kymo_block *from, struct kymo_block *b,
                      struct kymo_err *e)
{
    int64_t first, frames;
    int rc = 0;

    if (!frames_of(s, r, from, &first, &frames))
        return 0;
    if (frames > s->frame - s->in_frame - first)
        frames = s->frame - s->in_frame - first;
    if (frames <= 0)
        return 0;
    const bool follows = s->in_frame + first == s->read_to;
    if (!follows) {
        b->new_segment = s->begun;
        b->segment_ns = kymo_time_of(s->whole->frame_rate, s->in_frame);
    }
    for (size_t i = 0; rc == 0 && i < r->source.n_signals; i++) {
        if (r->slot[i] == KYMO_SKIP)
            continue;
        if (!follows)
            b->span[r->slot[i]].segment_first = s->in_frame * s->per_frame[i];
        rc = copy_span(s, r, from, i, first, (size_t)frames, b, e);
    }
    s->begun = true;
    s->read_to = s->in_frame + first + frames;
    return rc < 0 ? rc : 1;
}

int wfdb_segments_read(struct wfdb_segments *s, struct kymo_reader *r, struct kymo_block *b, int64_t *end_frame,
                       struct kymo_err *e)
{
    for (;;) {
        struct kymo_block *from;
        int rc = s->in ? 1 : open_next(s, r, e);
        if (rc <= 0)
            return rc;
        if ((rc = kymo_read(s->in, &from, e)) < 0)
            return rc;
        if (rc > 0)
            rc = copy_block(s, r, from, b, e);
        if (rc != 0) {
            *end_frame = s->read_to;
            return rc;
        }
        kymo_close(s->in);
        s->in = NULL;
    }
}
