/* formats/wfdb_writer.c - see wfdb_writer.h.
 *
 * A segment's files are named as those of a record of one piece, until a gap is found; then they move to RECORD_0001 and
 * so on. Nothing is put in place before everything is on the disk, and the header comes last, so that a failure leaves an
 * old record as it was. */
#include "formats/wfdb_writer.h"

#include "formats/wfdb_lane.h"
#include "formats/wfdb_marks.h"
#include "formats/wfdb_put.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RENAMED_TRACK "ann"

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to write a WFDB record"); }

/* Room for item n of an array that doubles at powers of two; NULL where memory ends. */
static void *grow(void *items, size_t n, size_t size)
{
    return n & (n - 1) ? items : realloc(items, (n ? 2 * n : 1) * size);
}

/* ---- names ---- */

/* "out/rec" and "out/rec.hea" name the same record. */
static int take_name(struct kymo_writer *w, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    size_t n = strlen(w->path);

    if (n > 4 && strcmp(w->path + n - 4, ".hea") == 0)
        n -= 4;
    if (!(s->base = strndup(w->path, n)))
        return out_of_memory(e);
    const char *slash = strrchr(s->base, '/');
    s->name = slash ? slash + 1 : s->base;
    if (!*s->name || *s->name == '#' || strcmp(s->name, "~") == 0)
        return kymo_fail(e, KYMO_EUSAGE, "\"%.100s\" is no name for a WFDB record", w->path);
    for (const char *c = s->name; *c; c++)
        if (*c <= ' ' && *c >= 0)
            return kymo_fail(e, KYMO_EUSAGE, "\"%.100s\" is no name for a WFDB record: it has a blank", w->path);
    return 0;
}

/* "out/rec" or "out/rec_0001", and the ending of a group's file. */
static char *path_of(const struct wfdb_writer *s, size_t segment, const char *ending)
{
    char number[32] = "", *path;

    if (s->several)
        snprintf(number, sizeof number, "_%04zu", segment + 1);
    return asprintf(&path, "%s%s%s", s->base, number, ending) < 0 ? NULL : path;
}

static bool is_ending(const char *name)
{
    return *name && strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == strlen(name);
}

/* Endings of the record's own files, "hea", "dat", "d0". */
static bool is_taken(const struct wfdb_writer *s, const char *name, size_t n_before)
{
    for (size_t i = 0; i < n_before; i++)
        if (strcmp(s->track[i], name) == 0)
            return true;
    return strcmp(name, "hea") == 0 || strcmp(name, "dat") == 0 ||
           (name[0] == 'd' && name[1] && strspn(name + 1, "0123456789") == strlen(name + 1));
}

/* The track of an EDF file is called edf: annotations in x.edf would take the place of the recording x.edf. */
static bool is_of_recordings(const char *track)
{
    char file[16];

    return snprintf(file, sizeof file, "x.%s", track) < (int)sizeof file && kymo_format_for(file);
}

static int name_track(struct kymo_writer *w, size_t i, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    const char *track = is_of_recordings(w->hdr.track[i]) ? RENAMED_TRACK : w->hdr.track[i];
    char *name = s->track[i] = strdup(*track ? track : "_");
    int rc = 0;

    if (!name)
        return out_of_memory(e);
    for (char *c = name; *c; c++)
        if (!is_ending((char[]){*c, '\0'}))
            *c = '_';
    if (strcmp(name, track) != 0)
        rc = wfdb_lose(w, e, "the event track \"%.60s\" is no ending for a file, of letters, digits, _ and -%s%s", track,
                       w->lossy ? ": written as ." : "", w->lossy ? name : "");
    if (rc == 0 && is_taken(s, name, i))
        rc = kymo_fail_at(e, KYMO_EDATA, w->path, -1, "the event track \"%.60s\" cannot be in %.60s.%.60s: that is "
                          "another file of the record", track, s->name, name);
    return rc;
}

static int name_tracks(struct kymo_writer *w, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    int rc = 0;

    s->track = calloc(w->hdr.n_tracks + 1, sizeof *s->track);
    s->marks = calloc(w->hdr.n_tracks + 1, sizeof *s->marks);
    if (!s->track || !s->marks)
        return out_of_memory(e);
    for (size_t i = 0; rc == 0 && i < w->hdr.n_tracks; i++) {
        rc = name_track(w, i, e);
        if (rc == 0 && !(s->marks[i] = wfdb_marks_create(w, s->plan.frame_rate, e)))
            rc = KYMO_ENOMEM;
    }
    return rc;
}

/* ---- files of a segment ---- */

/* Opens them, which also finds out early where nothing can be written. */
static int open_files(struct kymo_writer *w, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;

    for (size_t g = 0; g < s->plan.n_groups; g++) {
        const struct wfdb_group *group = &s->plan.group[g];
        char ending[32], *path = path_of(s, s->n_segments, wfdb_ending_of(s, g, ending));
        size_t *per_frame = calloc(group->n, sizeof *per_frame);
        for (size_t i = 0; per_frame && i < group->n; i++)
            per_frame[i] = s->plan.signal[group->first + i].per_frame;
        if (path && per_frame)
            s->pack[g] = wfdb_pack_create(path, s->plan.signal[group->first].format, group->n, per_frame, e);
        else
            out_of_memory(e);
        free(path);
        free(per_frame);
        if (!s->pack[g])
            return e->cause[0].code;
    }
    return 0;
}

/* Keeps a complete file, which is NULL where the making of it failed. */
static int keep_file(struct wfdb_writer *s, struct kymo_output *out, struct kymo_err *e)
{
    struct kymo_output **all = out ? grow(s->file, s->n_files, sizeof *all) : NULL;

    if (!all) {
        kymo_output_destroy(out);
        return out ? out_of_memory(e) : (int)e->cause[0].code;
    }
    s->file = all;
    s->file[s->n_files++] = out;
    return 0;
}

static int close_files(struct kymo_writer *w, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    int rc = 0;

    for (size_t g = 0; rc == 0 && g < s->plan.n_groups; g++) {
        char ending[32], *path = path_of(s, s->n_segments, wfdb_ending_of(s, g, ending));
        struct kymo_output *out = path ? wfdb_pack_end(s->pack[g], e) : NULL;
        if (path)
            s->pack[g] = NULL;
        else
            out_of_memory(e);
        rc = keep_file(s, out, e);
        if (rc == 0)
            rc = kymo_output_move(out, path, e);
        free(path);
    }
    return rc;
}

/* ---- segments ---- */

/* The header of the segment that is complete now. */
static int write_segment_header(struct wfdb_writer *s, size_t n_signals, struct kymo_err *e)
{
    char *path = path_of(s, s->n_segments, ".hea");
    struct kymo_output *out = path ? kymo_output_open(path, e) : NULL;
    const char *slash = path ? strrchr(path, '/') : NULL, *name = slash ? slash + 1 : path;
    int rc = path && out ? 0 : path ? (int)e->cause[0].code : out_of_memory(e);

    if (rc == 0) {
        path[strlen(path) - 4] = '\0';
        rc = wfdb_put_segment(s, n_signals, out, name, e);
    }
    if (rc == 0)
        rc = kymo_output_sync(out, e);
    free(path);
    if (rc == 0)
        return keep_file(s, out, e);
    kymo_output_destroy(out);
    return rc;
}

/* Its files are complete; filled up before. */
static int end_segment(struct kymo_writer *w, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    struct segment *all = grow(s->segment, s->n_segments, sizeof *all);
    int rc = all ? close_files(w, e) : out_of_memory(e);

    if (all)
        s->segment = all;
    if (rc == 0 && s->several)
        rc = write_segment_header(s, w->hdr.n_signals, e);
    if (rc < 0)
        return rc;
    s->segment[s->n_segments++] = (struct segment){s->file_frame, s->n_frames};
    s->in_segment = false;
    return 0;
}

/* Files for samples that begin at that frame. */
static int begin_segment(struct kymo_writer *w, int64_t frame, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;

    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        struct lane *l = &s->lane[i];
        l->n = 0;
        l->begun = false;
        l->sum = 0;
        l->initial = 0;
        l->next = frame * (int64_t)s->plan.signal[i].per_frame;
    }
    s->in_segment = true;
    s->file_frame = frame;
    s->n_frames = 0;
    return s->pack[0] ? 0 : open_files(w, e);   /* those of the first are open since the beginning */
}

/* The frame at a time, in *frame; whether all signals' samples lie exactly there. */
static bool find_frame(const struct kymo_writer *w, const struct kymo_block *b, int64_t *frame)
{
    const struct wfdb_writer *s = w->state;
    const struct kymo_ratio rate = s->plan.frame_rate;
    const int64_t after = kymo_index_at(rate, b->segment_ns);
    bool exact = kymo_time_of(rate, after) == b->segment_ns;

    *frame = after;
    if (after > 0 && b->segment_ns - kymo_time_of(rate, after - 1) < kymo_time_of(rate, after) - b->segment_ns)
        --*frame;
    for (size_t i = 0; i < w->hdr.n_signals; i++)
        exact = exact && b->span[i].segment_first == after * (int64_t)s->plan.signal[i].per_frame;
    return exact;
}

/* A segment between two frames: refused, or moved to the nearest and counted. */
static int move_segment(struct kymo_writer *w, const struct kymo_block *b, int64_t frame, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    char at[48];
    const int64_t by = kymo_time_of(s->plan.frame_rate, frame) - b->segment_ns;

    kymo_format_seconds(b->segment_ns, at, sizeof at);
    if (!w->lossy)
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "samples go on at %s s behind a gap, between two of the record's "
                            "frames, %.9g a second; --lossy would move them by %.9g s", at,
                            kymo_ratio_real(s->plan.frame_rate), (double)by / 1e9);
    s->n_moved++;
    if (llabs(by) > llabs(s->most_moved_ns))
        s->most_moved_ns = by;
    return 0;
}

/* The first frame that a block has samples of. */
static int64_t first_frame(const struct kymo_writer *w, const struct kymo_block *b, int64_t anchor)
{
    const struct wfdb_writer *s = w->state;
    int64_t frame = INT64_MAX;

    for (size_t i = 0; i < w->hdr.n_signals; i++)
        if (b->span[i].n > 0) {
            const int64_t f = anchor + (b->span[i].first - b->span[i].segment_first) / (int64_t)s->plan.signal[i].per_frame;
            frame = f < frame ? f : frame;
        }
    return frame;
}

static bool has_samples(const struct kymo_block *b, size_t n_signals)
{
    for (size_t i = 0; b->span && i < n_signals; i++)
        if (b->span[i].n > 0)
            return true;
    return false;
}

/* A stretch of samples that does not go on from the one before. */
static int enter_segment(struct kymo_writer *w, const struct kymo_block *b, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    int64_t anchor;
    const bool exact = find_frame(w, b, &anchor);
    int rc = s->in_segment ? wfdb_lanes_fill_up(w, e) : 0;

    if (rc < 0)
        return rc;
    const int64_t end = s->in_segment ? s->file_frame + s->n_frames : 0;
    int64_t frame = first_frame(w, b, anchor);
    if (!exact && w->lossy && frame < end) {
        anchor += end - frame;
        frame = end;
    }
    if (frame < end)
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "samples at frame %lld follow frame %lld: WFDB cannot go back",
                            (long long)frame, (long long)end - 1);
    if (!exact && (rc = move_segment(w, b, anchor, e)) < 0)
        return rc;
    s->anchor_ns = b->segment_ns;
    s->anchor_frame = anchor;
    for (size_t i = 0; i < w->hdr.n_signals; i++)
        s->lane[i].fresh = true;
    if (s->in_segment && frame == end)   /* no gap at all */
        return 0;
    s->several = s->several || frame > end;
    if (s->in_segment && (rc = end_segment(w, e)) < 0)
        return rc;
    return begin_segment(w, frame, e);
}

static int take_samples(struct kymo_writer *w, const struct kymo_block *b, struct kymo_err *e)
{
    const struct wfdb_writer *s = w->state;
    int rc = 0;

    if (!s->in_segment || b->new_segment || b->segment_ns != s->anchor_ns)
        rc = enter_segment(w, b, e);
    for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++)
        rc = wfdb_lanes_take(w, i, &b->span[i], e);
    return rc == 0 ? wfdb_lanes_pack(w, e) : rc;
}

/* Samples wait until all real numbers have been seen. */
static int put_aside(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;

    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        const struct kymo_span *span = &b->span[i];
        const size_t k = s->plan.signal[i].undecided ? reals_see(&s->seen[i], span->physical, span->n) : span->n;
        if (k < span->n && !w->lossy)
            return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "%.40s holds real numbers, no decimals like sample %lld, %.17g, "
                                "that integers up to %.0f tell with a gain of a power of 10; --lossy rounds them",
                                w->hdr.signal[i].label, (long long)span->first + (long long)k, span->physical[k],
                                s->seen[i].most);
    }
    return kymo_spool_write_samples(s->spool, b, e);
}

int wfdb_write(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    int rc = 0;

    if (has_samples(b, w->hdr.n_signals))
        rc = s->spool ? put_aside(w, b, e) : take_samples(w, b, e);
    for (size_t i = 0; rc == 0 && i < b->n_events; i++)
        rc = wfdb_write_event(w, &b->event[i], e);
    return rc;
}

int wfdb_write_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;

    if (ev->track < 0 || (size_t)ev->track >= w->hdr.n_tracks)
        return kymo_fail(e, KYMO_EDATA, "an event of track %d, of %zu", ev->track, w->hdr.n_tracks);
    return wfdb_marks_add(s->marks[ev->track], w, ev, e);
}

/* ---- from beginning to end ---- */

int wfdb_create(struct kymo_writer *w, struct kymo_err *e)
{
    struct wfdb_writer *s = calloc(1, sizeof *s);
    const size_t n = w->hdr.n_signals;

    if (!s)
        return out_of_memory(e);
    w->state = s;   /* discard frees it, whatever comes */
    int rc = take_name(w, e);
    if (rc == 0)
        rc = wfdb_plan_make(&s->plan, w, e);
    if (rc < 0)
        return rc;
    s->lane = calloc(n + 1, sizeof *s->lane);
    s->at = calloc(n + 1, sizeof *s->at);
    s->pack = calloc(n + 1, sizeof *s->pack);
    s->seen = calloc(n + 1, sizeof *s->seen);
    if (!s->lane || !s->at || !s->pack || !s->seen)
        rc = out_of_memory(e);
    for (size_t i = 0; rc == 0 && i < n; i++)
        reals_init(&s->seen[i], wfdb_plan_most(&s->plan), w->hdr.signal[i].storage == KYMO_F32);
    if (rc == 0)
        rc = name_tracks(w, e);
    if (rc < 0 || !s->plan.undecided)
        return rc == 0 ? open_files(w, e) : rc;
    s->spool = kymo_spool_create(kymo_output_scratch(w->path, e), &w->hdr, e);
    return s->spool ? 0 : (int)e->cause[0].code;
}

/* Takes the samples that were put aside. */
static int take_up(struct kymo_writer *w, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    struct kymo_block *b;

    wfdb_plan_settle(&s->plan, w, s->seen);
    int rc = open_files(w, e);
    struct kymo_reader *r = rc == 0 ? kymo_spool_read(s->spool, e) : NULL;
    if (!r)
        return e->cause[0].code;
    while ((rc = kymo_read(r, &b, e)) > 0)
        if (has_samples(b, w->hdr.n_signals) && (rc = take_samples(w, b, e)) < 0)
            break;
    kymo_close(r);
    return rc;
}

static int tell_losses(const struct kymo_writer *w, struct kymo_err *e)
{
    const struct wfdb_writer *s = w->state;
    int rc = 0;

    if (s->n_padded > 0)
        rc = kymo_warn(&w->log, e, w->path, -1, "%llu missing samples added, the first to %.40s, so that frames are full",
                       (unsigned long long)s->n_padded, w->hdr.signal[s->first_padded].label);
    if (rc == 0 && s->n_moved > 0)
        rc = kymo_warn(&w->log, e, w->path, -1, "%zu segments moved to whole frames, by up to %.9g s", s->n_moved,
                       (double)s->most_moved_ns / 1e9);
    for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++) {
        const struct lane *l = &s->lane[i];
        const struct wfdb_planned *p = &s->plan.signal[i];
        if (l->n_cut > 0)
            rc = kymo_warn(&w->log, e, w->path, -1, "%llu samples of %.40s beyond %d..%d cut off, the first is sample %lld, "
                           "%.17g", (unsigned long long)l->n_cut, p->label, p->least, p->most, (long long)l->first_cut,
                           l->cut_value);
        if (rc == 0 && l->rounding > 0)
            rc = kymo_warn(&w->log, e, w->path, -1, "values of %.40s rounded, by up to %.6g %.20s", p->label, l->rounding,
                           w->hdr.signal[i].unit);
    }
    return rc;
}

/* Everything but the header is on the disk. */
static int complete(struct kymo_writer *w, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    int rc = s->in_segment ? wfdb_lanes_fill_up(w, e) : begin_segment(w, 0, e);   /* no samples at all: empty files */

    if (rc == 0)
        rc = end_segment(w, e);
    for (size_t i = 0; rc == 0 && i < w->hdr.n_tracks; i++) {
        char *path = NULL;
        if (asprintf(&path, "%s.%s", s->base, s->track[i]) < 0)
            return out_of_memory(e);
        rc = keep_file(s, wfdb_marks_end(s->marks[i], w, path, e), e);
        free(path);
    }
    return rc == 0 ? tell_losses(w, e) : rc;
}

int wfdb_finish(struct kymo_writer *w, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    char *path = NULL;
    int rc = s->spool ? take_up(w, e) : 0;

    if (rc == 0)
        rc = complete(w, e);

    if (rc < 0)
        return rc;
    if (asprintf(&path, "%s.hea", s->base) < 0)
        return out_of_memory(e);
    struct kymo_output *out = kymo_output_open(path, e);
    free(path);
    rc = keep_file(s, out, e);
    if (rc == 0)
        rc = wfdb_put_record(w, out, e);
    if (rc == 0)
        rc = kymo_output_sync(out, e);
    for (size_t i = 0; rc == 0 && i < s->n_files; i++)
        rc = kymo_output_finish(s->file[i], e);
    return rc;
}

void wfdb_discard(struct kymo_writer *w)
{
    struct wfdb_writer *s = w->state;

    if (!s)
        return;
    for (size_t g = 0; s->pack && g < s->plan.n_groups; g++)
        wfdb_pack_destroy(s->pack[g]);
    for (size_t i = 0; s->lane && i < w->hdr.n_signals; i++)
        free(s->lane[i].x);
    for (size_t i = 0; i < s->n_files; i++)
        kymo_output_destroy(s->file[i]);
    for (size_t i = 0; i < w->hdr.n_tracks; i++) {
        if (s->marks)
            wfdb_marks_destroy(s->marks[i]);
        if (s->track)
            free(s->track[i]);
    }
    kymo_spool_destroy(s->spool);
    free(s->seen);
    free(s->marks);
    free(s->track);
    free(s->file);
    free(s->segment);
    free(s->pack);
    free(s->at);
    free(s->lane);
    wfdb_plan_release(&s->plan);
    free(s->base);
    free(s);
}
