/* lib/join.c - see join.h. */
#include "lib/join.h"

#include <stdlib.h>
#include <string.h>

/* What is known of a recording before it is read. */
struct part {
    const char *path;
    struct kymo_start start;
    int64_t duration_ns;         /* KYMO_UNKNOWN where not told */
};

struct kymo_join {
    struct part *part;
    size_t n_parts;
    bool direct;
    struct kymo_header hdr;      /* of the whole */
    struct kymo_block block;     /* belongs to hdr */
    int64_t end_ns;              /* of what was written */
    bool any_samples;

    /* Of the part at hand: */
    int64_t offset_ns;
    int64_t *shift, *shift_before;   /* of sample numbers, by signal: in the segment at hand and the one before */
    int64_t segment_ns;          /* of the segment at hand, in the part's time */
    int64_t anchor_ns, *anchor;  /* how much later it begins in the whole, and by how many samples of each signal */
    bool begun, in_segment;
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to join recordings"); }

struct kymo_join *kymo_join_create(size_t most, bool direct, struct kymo_err *e)
{
    struct kymo_join *j = calloc(1, sizeof *j);

    if (!j || !(j->part = calloc(most + 1, sizeof *j->part))) {
        out_of_memory(e);
        free(j);
        return NULL;
    }
    j->direct = direct;
    kymo_header_init(&j->hdr);
    return j;
}

void kymo_join_destroy(struct kymo_join *j)
{
    if (!j)
        return;
    kymo_block_release(&j->block);
    kymo_header_release(&j->hdr);
    free(j->part);
    free(j->shift);
    free(j->shift_before);
    free(j->anchor);
    free(j);
}

/* ---- do they fit together ---- */

static int fail_other(const struct part *p, const struct part *first, const char *label, const char *what, const char *here,
                      const char *there, struct kymo_err *e)
{
    return kymo_fail_at(e, KYMO_EDATA, p->path, -1, "%.40s has %s %.40s, %.40s in %.80s", label, what, here, there,
                        first->path);
}

static int fail_number(const struct part *p, const struct part *first, const char *label, const char *what, double here,
                       double there, struct kymo_err *e)
{
    return kymo_fail_at(e, KYMO_EDATA, p->path, -1, "%.40s has %s %.9g, %.9g in %.80s", label, what, here, there, first->path);
}

static bool same_number(double a, double b) { return !(a < b || a > b); }   /* NaN is the same as anything */

static int compare_signal(const struct part *p, const struct part *first, const struct kymo_signal *a,
                          const struct kymo_signal *b, struct kymo_err *e)
{
    if (strcmp(a->label, b->label) != 0)
        return kymo_fail_at(e, KYMO_EDATA, p->path, -1, "a signal %.40s where %.80s has %.40s", a->label, first->path,
                            b->label);
    if (a->rate.num != b->rate.num || a->rate.den != b->rate.den)
        return fail_number(p, first, a->label, "rate", kymo_ratio_real(a->rate), kymo_ratio_real(b->rate), e);
    if (strcmp(a->unit, b->unit) != 0)
        return fail_other(p, first, a->label, "unit", *a->unit ? a->unit : "none", *b->unit ? b->unit : "none", e);
    if (a->storage != b->storage)
        return fail_other(p, first, a->label, "storage", kymo_storage_name(a->storage), kymo_storage_name(b->storage), e);
    if (a->calibrated != b->calibrated)
        return fail_other(p, first, a->label, "calibration", a->calibrated ? "told" : "not told",
                          b->calibrated ? "told" : "not told", e);
    if (kymo_storage_is_integer(a->storage) && !same_number(a->gain, b->gain))
        return fail_number(p, first, a->label, "gain", a->gain, b->gain, e);
    if (kymo_storage_is_integer(a->storage) && !same_number(a->baseline, b->baseline))
        return fail_number(p, first, a->label, "baseline", a->baseline, b->baseline, e);
    return 0;
}

static int add_track(struct kymo_header *h, const char *name, struct kymo_err *e)
{
    for (size_t i = 0; i < h->n_tracks; i++)
        if (strcmp(h->track[i], name) == 0)
            return (int)i;
    return kymo_header_add_track(h, name, e);
}

int kymo_join_add(struct kymo_join *j, const char *path, const struct kymo_header *h, struct kymo_err *e)
{
    struct part *p = &j->part[j->n_parts++];
    int rc = 0;

    p->path = path;
    p->start = h->start;
    p->duration_ns = h->duration_ns;
    if (p == j->part)
        return kymo_header_copy(&j->hdr, h, NULL, 0, e);
    if (h->n_signals != j->hdr.n_signals)
        return kymo_fail_at(e, KYMO_EDATA, p->path, -1, "%zu signals, %zu in %.80s", h->n_signals, j->hdr.n_signals,
                            j->part->path);
    for (size_t i = 0; rc == 0 && i < h->n_signals; i++) {
        struct kymo_signal *whole = &j->hdr.signal[i];
        const int64_t n = h->signal[i].n_samples;
        rc = compare_signal(p, j->part, &h->signal[i], whole, e);
        whole->can_miss |= h->signal[i].can_miss;
        if (!(h->signal[i].digital_min >= whole->digital_min))   /* unknown if one of them is */
            whole->digital_min = h->signal[i].digital_min;
        if (!(h->signal[i].digital_max <= whole->digital_max))
            whole->digital_max = h->signal[i].digital_max;
        whole->n_samples = whole->n_samples < 0 || n < 0 ? KYMO_UNKNOWN : whole->n_samples + n;
    }
    for (size_t i = 0; rc >= 0 && i < h->n_tracks; i++)
        rc = add_track(&j->hdr, h->track[i], e);
    return rc < 0 ? rc : 0;
}

/* ---- when each begins ---- */

static int64_t days_of(const struct kymo_start *s)
{
    const int64_t y = s->year - (s->month <= 2), of_year = (153 * (s->month + (s->month > 2 ? -3 : 9)) + 2) / 5 + s->day - 1;

    return 365 * y + y / 4 - y / 100 + y / 400 + of_year;
}

/* From the start of the first recording to that of another; false where the dates do not tell. */
static bool start_after(const struct kymo_start *first, const struct kymo_start *s, int64_t *ns)
{
    if (!first->has_date || !first->has_time || !s->has_date || !s->has_time)
        return false;
    const int64_t days = days_of(s) - days_of(first);
    if (llabs(days) >= 10000)
        return false;
    *ns = days * 86400 * KYMO_NS_PER_S + s->time_ns - first->time_ns;
    return true;
}

/* Where the part at hand begins, whose first sample is at first_ns of its own time. */
static int choose_offset(struct kymo_join *j, const struct part *p, int64_t first_ns, const struct kymo_log *log,
                         struct kymo_err *e)
{
    struct kymo_log told = *log;
    int64_t ns;

    j->offset_ns = p == j->part ? 0 : j->end_ns - first_ns;
    if (p == j->part || j->direct || !start_after(&j->part->start, &p->start, &ns))
        return 0;
    const int64_t gap = ns + first_ns - j->end_ns;
    if (gap < 0)
        return kymo_fail_at(e, KYMO_EDATA, p->path, -1, "begins %.9g s before the recording ahead of it ends; --join has it "
                            "follow nevertheless", (double)-gap / 1e9);
    told.strict = false;         /* a gap is no damage */
    j->offset_ns = ns;
    return gap == 0 ? 0 : kymo_warn(&told, e, p->path, -1, "a gap of %.9g s before it, by the dates", (double)gap / 1e9);
}

/* ---- copying ---- */

/* The earliest time of a block's samples; false where there are none. */
static bool first_time(const struct kymo_block *b, int64_t *ns)
{
    bool any = false;

    for (size_t i = 0; i < b->hdr->n_signals; i++)
        if (b->span[i].n > 0) {
            const int64_t t = kymo_block_time(b, i, b->span[i].first);
            *ns = any && *ns < t ? *ns : t;
            any = true;
        }
    return any;
}

/* A part that begins in the middle of a segment, as kymo read -f makes it: that segment begins with its first sample, so
 * that the joint is where the others look for it. Not where the grids of its signals do not meet there. */
static void anchor(struct kymo_join *j, const struct kymo_block *b, int64_t first_ns)
{
    const size_t n = j->hdr.n_signals;

    j->anchor_ns = first_ns - b->segment_ns;
    for (size_t i = 0; i < n; i++) {
        const struct kymo_ratio rate = j->hdr.signal[i].rate;
        const struct kymo_span *span = &b->span[i];
        const int64_t late = kymo_block_time(b, i, span->first) - first_ns, k = kymo_index_at(rate, late);
        j->anchor[i] = span->first - k - span->segment_first;
        if (span->n == 0 || llabs(kymo_time_of(rate, k) - late) > 1) {
            memset(j->anchor, 0, n * sizeof *j->anchor);
            j->anchor_ns = 0;
            return;
        }
    }
}

/* Into the time of the whole. */
static void enter_segment(struct kymo_join *j, const struct kymo_block *b, int64_t first_ns)
{
    const size_t n = j->hdr.n_signals;

    memcpy(j->shift_before, j->shift, n * sizeof *j->shift);
    memset(j->anchor, 0, n * sizeof *j->anchor);
    j->anchor_ns = 0;
    if (!j->in_segment && j->any_samples)
        anchor(j, b, first_ns);
    j->segment_ns = b->segment_ns;
    j->block.segment_ns = j->offset_ns + b->segment_ns + j->anchor_ns;
    for (size_t i = 0; i < n; i++)
        j->shift[i] = kymo_index_at(j->hdr.signal[i].rate, j->block.segment_ns) - b->span[i].segment_first - j->anchor[i];
    if (!j->in_segment)
        memcpy(j->shift_before, j->shift, n * sizeof *j->shift);
    j->in_segment = true;
}

/* An event's sample counts on the grid of its signal, or of the slowest one; the segment shifts that. */
static int64_t shift_sample(const struct kymo_join *j, const struct kymo_event *ev)
{
    const size_t signal = ev->signal >= 0 ? (size_t)ev->signal : kymo_slowest_signal(&j->hdr);

    if (ev->sample == KYMO_UNKNOWN || j->offset_ns == 0)
        return ev->sample;
    if (j->hdr.n_signals == 0)
        return KYMO_UNKNOWN;
    if (!j->in_segment)
        return ev->sample + kymo_index_at(j->hdr.signal[signal].rate, j->offset_ns);
    return ev->sample + (ev->time_ns < j->segment_ns ? j->shift_before : j->shift)[signal];
}

static int copy_events(struct kymo_join *j, const struct kymo_block *b, const int *track, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < b->n_events; i++) {
        struct kymo_event ev = b->event[i];
        ev.sample = shift_sample(j, &ev);
        ev.track = track[ev.track];
        ev.time_ns += j->offset_ns;
        if (!j->any_samples && ev.time_ns > j->end_ns)
            j->end_ns = ev.time_ns;
        rc = kymo_block_event(&j->block, &ev, e);
    }
    return rc;
}

static int copy_samples(struct kymo_join *j, const struct kymo_block *b, size_t i, struct kymo_err *e)
{
    const struct kymo_span *from = &b->span[i];
    struct kymo_span *to = &j->block.span[i];
    const int rc = kymo_block_reserve(&j->block, i, from->n, e);

    if (rc < 0)
        return rc;
    to->n = from->n;
    to->segment_first = from->segment_first + j->anchor[i] + j->shift[i];
    to->first = from->first + j->shift[i];
    if (kymo_storage_is_integer(j->hdr.signal[i].storage))
        memcpy(to->digital, from->digital, from->n * sizeof *to->digital);
    else
        memcpy(to->physical, from->physical, from->n * sizeof *to->physical);
    if (from->n > 0) {
        const int64_t end = j->block.segment_ns + kymo_time_of(j->hdr.signal[i].rate,
                                                               to->first + (int64_t)to->n - to->segment_first);
        j->end_ns = end > j->end_ns ? end : j->end_ns;
        j->any_samples = true;
    }
    return 0;
}

static int copy_block(struct kymo_join *j, const struct part *p, const struct kymo_block *b, const int *track,
                      struct kymo_writer *w, const struct kymo_log *log, struct kymo_err *e)
{
    int64_t first_ns = 0;
    const bool any = first_time(b, &first_ns);
    int rc = j->begun ? 0 : choose_offset(j, p, first_ns, log, e);

    if (rc < 0)
        return rc;
    j->begun = true;
    kymo_block_clear(&j->block);
    if (any && (!j->in_segment || b->new_segment || b->segment_ns != j->segment_ns)) {
        enter_segment(j, b, first_ns);
        j->block.new_segment = j->any_samples;
    }
    rc = copy_events(j, b, track, e);
    for (size_t i = 0; rc == 0 && any && i < j->hdr.n_signals; i++)
        rc = copy_samples(j, b, i, e);
    return rc < 0 ? rc : kymo_write(w, &j->block, e);
}

int kymo_join_copy(struct kymo_join *j, size_t k, struct kymo_reader *r, struct kymo_writer *w, const struct kymo_log *log,
                   struct kymo_err *e)
{
    const struct part *p = &j->part[k];
    struct kymo_block *b;
    int *track = calloc(r->hdr.n_tracks + 1, sizeof *track), rc = track ? 0 : out_of_memory(e);

    for (size_t i = 0; rc == 0 && i < r->hdr.n_tracks; i++) {
        track[i] = add_track(&j->hdr, r->hdr.track[i], e);   /* there since it was added */
        rc = track[i] < 0 ? track[i] : 0;
    }
    j->in_segment = j->begun = false;
    j->segment_ns = 0;
    while (rc == 0 && (rc = kymo_read(r, &b, e)) > 0)
        rc = copy_block(j, p, b, track, w, log, e);
    if (rc == 0 && j->begun && !j->any_samples && p->duration_ns != KYMO_UNKNOWN && j->offset_ns + p->duration_ns > j->end_ns)
        j->end_ns = j->offset_ns + p->duration_ns;
    free(track);
    return rc;
}

/* ---- the whole ---- */

/* Where all lengths are known, and the dates, so is the length of the whole. */
static int64_t whole_duration(const struct kymo_join *j)
{
    int64_t end = 0;

    for (size_t i = 0; i < j->n_parts; i++) {
        const struct part *p = &j->part[i];
        int64_t offset = end;
        if (p->duration_ns == KYMO_UNKNOWN)
            return KYMO_UNKNOWN;
        if (i > 0 && !j->direct)
            start_after(&j->part->start, &p->start, &offset);
        end = offset + p->duration_ns > end ? offset + p->duration_ns : end;
    }
    return end;
}

struct kymo_header *kymo_join_start(struct kymo_join *j, struct kymo_err *e)
{
    const size_t n = j->hdr.n_signals;

    j->hdr.duration_ns = whole_duration(j);
    kymo_block_init(&j->block, &j->hdr);
    for (size_t i = 0; i < n; i++)
        if (kymo_block_reserve(&j->block, i, 1, e) < 0)
            return NULL;
    j->shift = calloc(n + 1, sizeof *j->shift);
    j->shift_before = calloc(n + 1, sizeof *j->shift_before);
    j->anchor = calloc(n + 1, sizeof *j->anchor);
    if (j->shift && j->shift_before && j->anchor)
        return &j->hdr;
    out_of_memory(e);
    return NULL;
}
