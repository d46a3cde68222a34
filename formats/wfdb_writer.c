/* formats/wfdb_writer.c - see wfdb_writer.h.
 *
 * Samples wait in a lane for each signal until every signal has the whole frame. A segment's files are named as those of
 * a record of one piece, until a gap is found; then they move to RECORD_0001 and so on. Nothing is put in place before
 * everything is on the disk, and the header comes last, so that a failure leaves an old record as it was. */
#include "formats/wfdb_writer.h"

#include "formats/wfdb_header.h"

#include "formats/wfdb_marks.h"
#include "formats/wfdb_pack.h"
#include "formats/wfdb_plan.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_WAITING ((size_t)1 << 26)   /* samples of one signal that wait for another's */
#define LONGEST_LINE 65000       /* of a header: what readers take */

/* Stored values of one signal that wait for the rest of their frame. */
struct lane {
    int32_t *x;
    size_t n, cap;
    int64_t next;                /* place on the record's grid of the sample behind them */
    uint16_t sum;                /* of all of the segment so far */
    bool begun;
    int32_t initial;
    uint64_t n_cut;              /* values beyond the format's limits; where the first was, and what */
    int64_t first_cut;
    double cut_value, rounding;  /* rounding: the most that a real number was changed, in the signal's unit */
};

struct segment {
    int64_t frame, n_frames;
};

struct wfdb_writer {
    struct wfdb_plan plan;
    char *base;                  /* "out/rec" */
    const char *name;            /* "rec", in it */
    struct lane *lane;
    struct wfdb_pack **pack;     /* for each group, of the segment that is being written */
    const int32_t **at;          /* scratch */
    bool in_segment, several;    /* several: there is a gap, so the record has segments */
    int64_t file_frame, n_frames;   /* of the segment that is being written: where it begins, what is packed */
    int64_t anchor_ns, anchor_frame;   /* the source's segment: when it began, and the frame that it is put at */
    struct segment *segment;     /* those that are complete */
    size_t n_segments;
    struct kymo_output **file;   /* complete, waiting to be put in place */
    size_t n_files;
    struct wfdb_marks **marks;   /* for each track */
    char **track;                /* their names, as endings */
    uint64_t n_padded;           /* missing samples added to fill frames; in the first signal that needed it */
    size_t first_padded;
    size_t n_moved;              /* segments that lay between frames, and the farthest that one was moved */
    int64_t most_moved_ns;
};

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

static const char *ending_of(const struct wfdb_writer *s, size_t group, char ending[32])
{
    if (s->plan.n_groups == 1)
        return ".dat";
    snprintf(ending, 32, ".d%zu", group);
    return ending;
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

static int name_track(struct kymo_writer *w, size_t i, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    const char *track = w->hdr.track[i];
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
        char ending[32], *path = path_of(s, s->n_segments, ending_of(s, g, ending));
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
        char ending[32], *path = path_of(s, s->n_segments, ending_of(s, g, ending));
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

/* ---- header files ---- */

static int put_line(struct kymo_output *out, struct kymo_err *e, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static int put_line(struct kymo_output *out, struct kymo_err *e, const char *fmt, ...)
{
    char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    const int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0)
        return out_of_memory(e);
    int rc = kymo_put_text(out, text, e);
    if (n > LONGEST_LINE)
        rc = kymo_fail_at(e, KYMO_EDATA, kymo_output_name(out), -1, "a text of %d bytes, at most %d fit into a WFDB header", n,
                          LONGEST_LINE);
    if (rc == 0)
        rc = kymo_put_text(out, "\n", e);
    free(text);
    return rc;
}

/* Baselines that are not whole, which WFDB has no field for. */
static int put_baselines(const struct wfdb_writer *s, struct kymo_output *out, struct kymo_err *e)
{
    int rc = 0;

    for (size_t g = 0; g < s->plan.n_groups; g++)
        for (size_t i = s->plan.group[g].first; rc == 0 && i < s->plan.group[g].first + s->plan.group[g].n; i++) {
            char text[32];
            if (isnan(s->plan.signal[i].exact_baseline))
                continue;
            kymo_format_real(s->plan.signal[i].exact_baseline, text);
            rc = put_line(out, e, "# " WFDB_BASELINE_NOTE " %zu: %s", i, text);
        }
    return rc;
}

static int put_signal_lines(const struct wfdb_writer *s, struct kymo_output *out, const char *name, struct kymo_err *e)
{
    int rc = 0;

    for (size_t g = 0; g < s->plan.n_groups; g++)
        for (size_t i = s->plan.group[g].first; rc == 0 && i < s->plan.group[g].first + s->plan.group[g].n; i++) {
            const struct wfdb_planned *p = &s->plan.signal[i];
            const struct lane *l = &s->lane[i];
            char ending[32], per_frame[24] = "", gain[32];
            if (p->per_frame != 1)
                snprintf(per_frame, sizeof per_frame, "x%zu", p->per_frame);
            kymo_format_real(p->gain, gain);
            rc = put_line(out, e, "%s%s %d%s %s(%d)/%s %d %lld %d %d 0 %s", name, ending_of(s, g, ending), p->format, per_frame,
                          gain, p->baseline, p->unit, p->resolution, (long long)p->zero, l->initial, (int16_t)l->sum, p->label);
        }
    return rc < 0 ? rc : put_baselines(s, out, e);
}

/* " HH:MM:SS[.sss] DD/MM/YYYY", as far as it is known. */
static int start_text(const struct kymo_writer *w, char text[128], struct kymo_err *e)
{
    const struct kymo_start *t = &w->hdr.start;
    char seconds[48], date[32] = "";
    const int64_t minute = 60 * KYMO_NS_PER_S;

    text[0] = '\0';
    if (!t->has_time)
        return t->has_date ? wfdb_lose(w, e, "the start has a date and no time of day: WFDB cannot hold that") : 0;
    const size_t n = kymo_format_seconds(t->time_ns % minute, seconds, sizeof seconds);
    if (t->has_date)
        snprintf(date, sizeof date, " %02d/%02d/%04d", t->day, t->month, t->year);
    const bool one_digit = n == 1 || seconds[1] == '.';
    snprintf(text, 128, " %02d:%02d:%s%s%s", (int)(t->time_ns / (60 * minute)), (int)(t->time_ns / minute % 60),
             one_digit ? "0" : "", seconds, date);
    return 0;
}

/* "# key: text", if there is a text. */
static int put_info(struct kymo_output *out, const char *key, const char *of, const char *text, bool *any, struct kymo_err *e)
{
    if (!*text)
        return 0;
    *any = true;
    return put_line(out, e, "# %s%s%s: %s", key, *of ? " of " : "", of, text);
}

/* The texts that WFDB has no place for, as info lines. */
static int put_texts(const struct kymo_writer *w, struct kymo_output *out, struct kymo_err *e)
{
    const struct kymo_header *h = &w->hdr;
    bool any = false;
    int rc = put_info(out, "subject", "", h->subject.id, &any, e);

    if (rc == 0)
        rc = put_info(out, "name", "", h->subject.name, &any, e);
    if (rc == 0)
        rc = put_info(out, "sex", "", h->subject.sex, &any, e);
    if (rc == 0)
        rc = put_info(out, "birth", "", h->subject.birth, &any, e);
    if (rc == 0)
        rc = put_info(out, "recording", "", h->recording, &any, e);
    for (size_t i = 0; rc == 0 && i < h->n_signals; i++) {
        rc = put_info(out, "transducer", h->signal[i].label, h->signal[i].transducer, &any, e);
        if (rc == 0)
            rc = put_info(out, "prefilter", h->signal[i].label, h->signal[i].prefilter, &any, e);
    }
    if (rc == 0 && any)
        rc = kymo_warn(&w->log, e, w->path, -1, "WFDB has no fields for the subject, who recorded, transducers and "
                       "prefilters: they are written as info lines");
    return rc;
}

static int put_notes(const struct kymo_writer *w, struct kymo_output *out, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < w->hdr.n_notes; i++)
        rc = put_line(out, e, "# %s", w->hdr.note[i]);
    if (rc == 0)
        rc = put_texts(w, out, e);
    for (size_t i = 0; rc == 0 && i < w->hdr.n_history; i++)
        rc = put_line(out, e, "# history: %s", w->hdr.history[i]);
    return rc;
}

/* Lines of the segments, and of the gaps between them. */
static int put_segment_lines(const struct wfdb_writer *s, struct kymo_output *out, struct kymo_err *e)
{
    int64_t frame = 0;
    int rc = 0;

    for (size_t k = 0; rc == 0 && k < s->n_segments; k++) {
        const struct segment *seg = &s->segment[k];
        if (seg->frame > frame)
            rc = put_line(out, e, "~ %lld", (long long)(seg->frame - frame));
        if (rc == 0)
            rc = put_line(out, e, "%s_%04zu %lld", s->name, k + 1, (long long)seg->n_frames);
        frame = seg->frame + seg->n_frames;
    }
    return rc;
}

/* "3" is put behind the name of a record of segments. */
static size_t n_segment_lines(const struct wfdb_writer *s)
{
    size_t n = 0;
    int64_t frame = 0;

    for (size_t k = 0; k < s->n_segments; k++) {
        n += s->segment[k].frame > frame ? 2 : 1;
        frame = s->segment[k].frame + s->segment[k].n_frames;
    }
    return n;
}

static int put_record(struct kymo_writer *w, struct kymo_output *out, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    const size_t n = w->hdr.n_signals;
    char start[128], segments[32] = "", frames[32] = "";
    int64_t end = 0;

    for (size_t k = 0; k < s->n_segments; k++)
        end = s->segment[k].frame + s->segment[k].n_frames;
    if (s->several)
        snprintf(segments, sizeof segments, "/%zu", n_segment_lines(s));
    int rc = start_text(w, start, e);
    if (end > 0 || *start)
        snprintf(frames, sizeof frames, " %lld", (long long)end);
    if (rc == 0)
        rc = put_line(out, e, "%s%s %zu %s%s%s", s->name, segments, n, s->plan.rate_text, frames, start);
    if (rc == 0)
        rc = s->several ? put_segment_lines(s, out, e) : put_signal_lines(s, out, s->name, e);
    return rc == 0 ? put_notes(w, out, e) : rc;
}

/* The header of the segment that is complete now. */
static int write_segment_header(struct wfdb_writer *s, size_t n_signals, struct kymo_err *e)
{
    char *path = path_of(s, s->n_segments, ".hea");
    struct kymo_output *out = path ? kymo_output_open(path, e) : NULL;
    const char *slash = path ? strrchr(path, '/') : NULL, *name = slash ? slash + 1 : path;
    int rc = path && out ? 0 : path ? (int)e->cause[0].code : out_of_memory(e);

    if (rc == 0) {
        path[strlen(path) - 4] = '\0';
        rc = put_line(out, e, "%s %zu %s %lld", name, n_signals, s->plan.rate_text, (long long)s->n_frames);
    }
    if (rc == 0)
        rc = put_signal_lines(s, out, name, e);
    if (rc == 0)
        rc = kymo_output_sync(out, e);
    free(path);
    if (rc == 0)
        return keep_file(s, out, e);
    kymo_output_destroy(out);
    return rc;
}

/* ---- samples ---- */

static int reserve(struct lane *l, size_t n, const struct kymo_signal *sig, struct kymo_err *e)
{
    if (l->n + n > MOST_WAITING)
        return kymo_fail(e, KYMO_EDATA, "%zu samples of %.40s wait for those of other signals", l->n, sig->label);
    if (l->n + n <= l->cap)
        return 0;
    int32_t *larger = realloc(l->x, 2 * (l->n + n) * sizeof *larger);
    if (!larger)
        return out_of_memory(e);
    l->x = larger;
    l->cap = 2 * (l->n + n);
    return 0;
}

/* A value that the format cannot hold: refused, or cut off and counted. */
static int cut(const struct kymo_writer *w, size_t i, int64_t sample, double v, int32_t *x, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    const struct wfdb_planned *p = &s->plan.signal[i];
    struct lane *l = &s->lane[i];

    if (!w->lossy && v == p->missing)
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "sample %lld of %.40s is %.17g, by which format %d means \"no "
                            "sample\"; a wider format holds it, --lossy makes it %d", (long long)sample, p->label, v,
                            p->format, p->least);
    if (!w->lossy)
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "sample %lld of %.40s is %.17g, format %d holds %d..%d",
                            (long long)sample, p->label, v, p->format, p->least, p->most);
    if (l->n_cut++ == 0) {
        l->first_cut = sample;
        l->cut_value = v;
    }
    *x = v < p->least ? p->least : p->most;
    return 0;
}

/* n integers, which begin at sample first, to x. */
static int store_integers(const struct kymo_writer *w, size_t i, const int32_t *from, size_t n, int64_t first, int32_t *x,
                          struct kymo_err *e)
{
    const struct wfdb_planned *p = &((struct wfdb_writer *)w->state)->plan.signal[i];
    const int32_t least = p->least, most = p->most, missing = p->missing;
    int bad = 0, rc = 0;

    for (size_t k = 0; k < n; k++) {
        const int32_t v = from[k];
        bad |= v != KYMO_MISSING && (v < least || v > most);
        x[k] = v == KYMO_MISSING ? missing : v;
    }
    for (size_t k = 0; rc == 0 && bad && k < n; k++)
        if (from[k] != KYMO_MISSING && (from[k] < least || from[k] > most))
            rc = cut(w, i, first + (int64_t)k, from[k], &x[k], e);
    return rc;
}

static int store_reals(const struct kymo_writer *w, size_t i, const double *from, size_t n, int64_t first, int32_t *x,
                       struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    const struct wfdb_planned *p = &s->plan.signal[i];
    int rc = 0;

    for (size_t k = 0; rc == 0 && k < n; k++) {
        const double v = nearbyint(from[k] * p->scale + p->baseline);
        if (isnan(v)) {
            x[k] = p->missing;
        } else if (v < p->least || v > p->most) {
            rc = cut(w, i, first + (int64_t)k, v, &x[k], e);
        } else {
            x[k] = (int32_t)v;
            s->lane[i].rounding = fmax(s->lane[i].rounding, fabs((v - p->baseline) / p->scale - from[k]));
        }
    }
    return rc;
}

/* n values are in x[l->n]: counts them in. */
static void add_stored(struct lane *l, size_t n)
{
    const int32_t *x = l->x + l->n;
    uint32_t sum = 0;

    if (n == 0)
        return;
    if (!l->begun)
        l->initial = x[0];
    l->begun = true;
    for (size_t k = 0; k < n; k++)
        sum += (uint32_t)x[k];
    l->sum = (uint16_t)(l->sum + sum);
    l->n += n;
    l->next += (int64_t)n;
}

/* Fills n samples of a frame that has only others: missing ones. */
static int pad(struct kymo_writer *w, size_t i, size_t n, const char *where, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    const struct kymo_signal *sig = &w->hdr.signal[i];
    struct lane *l = &s->lane[i];

    if (n == 0)
        return 0;
    if (!w->lossy)
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "%.40s %s: %zu samples are not there to fill its frames of %zu; "
                            "--lossy adds missing ones", sig->label, where, n, s->plan.signal[i].per_frame);
    const int rc = reserve(l, n, sig, e);
    if (rc < 0)
        return rc;
    for (size_t k = 0; k < n; k++)
        l->x[l->n + k] = s->plan.signal[i].missing;
    add_stored(l, n);
    if (s->n_padded == 0)
        s->first_padded = i;
    s->n_padded += n;
    return 0;
}

/* Packs the frames that all signals have. */
static int pack_frames(struct kymo_writer *w, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    const size_t n_signals = w->hdr.n_signals;
    size_t frames = SIZE_MAX;
    int rc = 0;

    for (size_t i = 0; i < n_signals; i++) {
        const size_t held = s->lane[i].n / s->plan.signal[i].per_frame;
        frames = held < frames ? held : frames;
        s->at[i] = s->lane[i].x;
    }
    if (n_signals == 0 || frames == 0)
        return 0;
    for (size_t g = 0; rc == 0 && g < s->plan.n_groups; g++)
        rc = wfdb_pack_frames(s->pack[g], s->at + s->plan.group[g].first, frames, e);
    for (size_t i = 0; i < n_signals; i++) {
        struct lane *l = &s->lane[i];
        const size_t used = frames * s->plan.signal[i].per_frame;
        memmove(l->x, l->x + used, (l->n - used) * sizeof *l->x);
        l->n -= used;
    }
    s->n_frames += (int64_t)frames;
    return rc;
}

static int take_span(struct kymo_writer *w, size_t i, const struct kymo_span *span, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    const struct kymo_signal *sig = &w->hdr.signal[i];
    struct lane *l = &s->lane[i];
    const int64_t at = span->first - span->segment_first + s->anchor_frame * (int64_t)s->plan.signal[i].per_frame;
    int rc = 0;

    if (span->n == 0)
        return 0;
    if (at < l->next || (l->begun && at > l->next))
        return kymo_fail(e, KYMO_EDATA, "sample %lld of %.40s follows %lld in one piece", (long long)span->first, sig->label,
                         (long long)(span->first + l->next - at - 1));
    if (at > l->next)
        rc = pad(w, i, (size_t)(at - l->next), "begins inside a frame", e);
    if (rc == 0)
        rc = reserve(l, span->n, sig, e);
    if (rc == 0)
        rc = kymo_storage_is_integer(sig->storage)
                 ? store_integers(w, i, span->digital, span->n, span->first, l->x + l->n, e)
                 : store_reals(w, i, span->physical, span->n, span->first, l->x + l->n, e);
    if (rc == 0)
        add_stored(l, span->n);
    return rc;
}

/* ---- segments ---- */

/* Fills the last frames, so that all signals end together. */
static int fill_up(struct kymo_writer *w, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    size_t frames = 0;
    int rc = 0;

    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        const size_t per_frame = s->plan.signal[i].per_frame, held = (s->lane[i].n + per_frame - 1) / per_frame;
        frames = held > frames ? held : frames;
    }
    for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++)
        rc = pad(w, i, frames * s->plan.signal[i].per_frame - s->lane[i].n, "ends inside a frame, or before the others", e);
    return rc == 0 ? pack_frames(w, e) : rc;
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
    int rc = s->in_segment ? fill_up(w, e) : 0;

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
    if (s->in_segment && frame == end)   /* no gap at all */
        return 0;
    s->several = s->several || frame > end;
    if (s->in_segment && (rc = end_segment(w, e)) < 0)
        return rc;
    return begin_segment(w, frame, e);
}

int wfdb_write(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    int rc = 0;

    if (has_samples(b, w->hdr.n_signals)) {
        if (!s->in_segment || b->new_segment || b->segment_ns != s->anchor_ns)
            rc = enter_segment(w, b, e);
        for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++)
            rc = take_span(w, i, &b->span[i], e);
        if (rc == 0)
            rc = pack_frames(w, e);
    }
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
    s->pack = calloc(s->plan.n_groups + 1, sizeof *s->pack);
    if (!s->lane || !s->at || !s->pack)
        rc = out_of_memory(e);
    if (rc == 0)
        rc = name_tracks(w, e);
    return rc == 0 ? open_files(w, e) : rc;
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
    int rc = s->in_segment ? fill_up(w, e) : begin_segment(w, 0, e);   /* no samples at all: empty files */

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
    int rc = complete(w, e);

    if (rc < 0)
        return rc;
    if (asprintf(&path, "%s.hea", s->base) < 0)
        return out_of_memory(e);
    struct kymo_output *out = kymo_output_open(path, e);
    free(path);
    rc = keep_file(s, out, e);
    if (rc == 0)
        rc = put_record(w, out, e);
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
