/* cli/cat.c - kymo cat: several recordings in a row as one.
 *
 * All are opened before anything is written, to see that they fit together; then one after another is read. Each begins a
 * new segment, so that no filter and no interval goes across a joint. */
#include "lib/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct args {
    struct kymo_input_args in;
    const char *out;
    bool join, lossy;
};

static const struct kymo_opt options[] = {
    KYMO_OPT_FLAG('\0', "join", struct args, join, "each follows the one before directly, whatever their dates say"),
    KYMO_OPTS_SIGNAL(struct args, in), KYMO_OPTS_ANNOTATOR(struct args, in),
    KYMO_OPT_STRING('o', "output", struct args, out, "FILE", NULL,
                    "write to FILE, in the format of its ending, instead of a kymo stream"),
    KYMO_OPT_FLAG('\0', "lossy", struct args, lossy, "leave out what that format cannot hold, and say in numbers what it was"),
    KYMO_OPT_LAST
};

/* What is known of a recording before it is read. */
struct part {
    const char *path;
    struct kymo_start start;
    int64_t duration_ns;         /* KYMO_UNKNOWN where not told */
    struct kymo_reader *in;      /* kept open where it cannot be opened again: standard input */
};

struct chain {
    struct part *part;
    size_t n_parts;
    struct kymo_header hdr;      /* of the whole */
    struct kymo_block block;     /* belongs to hdr */
    struct kymo_writer *w;
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

/* One recording more of the whole: its header is the first one's, with the tracks of all. */
static int add_part(struct chain *c, struct part *p, const struct kymo_header *h, struct kymo_err *e)
{
    int rc = 0;

    p->start = h->start;
    p->duration_ns = h->duration_ns;
    if (p == c->part)
        return kymo_header_copy(&c->hdr, h, NULL, 0, e);
    if (h->n_signals != c->hdr.n_signals)
        return kymo_fail_at(e, KYMO_EDATA, p->path, -1, "%zu signals, %zu in %.80s", h->n_signals, c->hdr.n_signals,
                            c->part->path);
    for (size_t i = 0; rc == 0 && i < h->n_signals; i++) {
        struct kymo_signal *whole = &c->hdr.signal[i];
        const int64_t n = h->signal[i].n_samples;
        rc = compare_signal(p, c->part, &h->signal[i], whole, e);
        whole->can_miss |= h->signal[i].can_miss;
        if (!(h->signal[i].digital_min >= whole->digital_min))   /* unknown if one of them is */
            whole->digital_min = h->signal[i].digital_min;
        if (!(h->signal[i].digital_max <= whole->digital_max))
            whole->digital_max = h->signal[i].digital_max;
        whole->n_samples = whole->n_samples < 0 || n < 0 ? KYMO_UNKNOWN : whole->n_samples + n;
    }
    for (size_t i = 0; rc >= 0 && i < h->n_tracks; i++)
        rc = add_track(&c->hdr, h->track[i], e);
    return rc < 0 ? rc : 0;
}

static struct kymo_reader *open_part(const struct kymo_call *call, const struct part *p, struct kymo_err *e)
{
    const struct args *args = call->args;
    const struct kymo_call one = {.operand = &p->path, .n_operands = 1, .log = call->log};

    return kymo_call_open(&one, &args->in, false, e);
}

static int look_at_part(const struct kymo_call *call, struct chain *c, struct part *p, struct kymo_err *e)
{
    struct kymo_call quiet = *call;

    quiet.log = (struct kymo_log){.strict = call->log.strict};   /* it warns when it is read */
    for (const struct part *before = c->part; before < p; before++)
        if (before->in && strcmp(p->path, "-") == 0)
            return kymo_fail(e, KYMO_EUSAGE, "standard input can be named once only");
    struct kymo_reader *r = open_part(strcmp(p->path, "-") == 0 ? call : &quiet, p, e);
    if (!r)
        return e->cause[0].code;
    const int rc = add_part(c, p, &r->hdr, e);
    if (strcmp(p->path, "-") == 0)
        p->in = r;
    else
        kymo_close(r);
    return rc;
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
static int choose_offset(const struct kymo_call *call, struct chain *c, const struct part *p, int64_t first_ns,
                         struct kymo_err *e)
{
    const struct args *args = call->args;
    struct kymo_log told = call->log;
    int64_t ns;

    c->offset_ns = p == c->part ? 0 : c->end_ns - first_ns;
    if (p == c->part || args->join || !start_after(&c->part->start, &p->start, &ns))
        return 0;
    const int64_t gap = ns + first_ns - c->end_ns;
    if (gap < 0)
        return kymo_fail_at(e, KYMO_EDATA, p->path, -1, "begins %.9g s before the recording ahead of it ends; --join has it "
                            "follow nevertheless", (double)-gap / 1e9);
    told.strict = false;         /* a gap is no damage */
    c->offset_ns = ns;
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
static void anchor(struct chain *c, const struct kymo_block *b, int64_t first_ns)
{
    const size_t n = c->hdr.n_signals;

    c->anchor_ns = first_ns - b->segment_ns;
    for (size_t i = 0; i < n; i++) {
        const struct kymo_ratio rate = c->hdr.signal[i].rate;
        const struct kymo_span *span = &b->span[i];
        const int64_t late = kymo_block_time(b, i, span->first) - first_ns, k = kymo_index_at(rate, late);
        c->anchor[i] = span->first - k - span->segment_first;
        if (span->n == 0 || llabs(kymo_time_of(rate, k) - late) > 1) {
            memset(c->anchor, 0, n * sizeof *c->anchor);
            c->anchor_ns = 0;
            return;
        }
    }
}

/* Into the time of the whole. */
static void enter_segment(struct chain *c, const struct kymo_block *b, int64_t first_ns)
{
    const size_t n = c->hdr.n_signals;

    memcpy(c->shift_before, c->shift, n * sizeof *c->shift);
    memset(c->anchor, 0, n * sizeof *c->anchor);
    c->anchor_ns = 0;
    if (!c->in_segment && c->any_samples)
        anchor(c, b, first_ns);
    c->segment_ns = b->segment_ns;
    c->block.segment_ns = c->offset_ns + b->segment_ns + c->anchor_ns;
    for (size_t i = 0; i < n; i++)
        c->shift[i] = kymo_index_at(c->hdr.signal[i].rate, c->block.segment_ns) - b->span[i].segment_first - c->anchor[i];
    if (!c->in_segment)
        memcpy(c->shift_before, c->shift, n * sizeof *c->shift);
    c->in_segment = true;
}

static size_t slowest_signal(const struct kymo_header *h)
{
    size_t slowest = 0;

    for (size_t i = 1; i < h->n_signals; i++)
        if (kymo_ratio_real(h->signal[i].rate) < kymo_ratio_real(h->signal[slowest].rate))
            slowest = i;
    return slowest;
}

/* An event of no signal counts samples at the frame rate, which is that of the slowest signal. */
static int64_t shift_sample(const struct chain *c, const struct kymo_event *ev)
{
    const size_t signal = ev->signal >= 0 ? (size_t)ev->signal : slowest_signal(&c->hdr);

    if (ev->sample == KYMO_UNKNOWN || c->offset_ns == 0)
        return ev->sample;
    if (c->hdr.n_signals == 0)
        return KYMO_UNKNOWN;
    if (!c->in_segment)
        return ev->sample + kymo_index_at(c->hdr.signal[signal].rate, c->offset_ns);
    return ev->sample + (ev->time_ns < c->segment_ns ? c->shift_before : c->shift)[signal];
}

static int copy_events(struct chain *c, const struct kymo_block *b, const int *track, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < b->n_events; i++) {
        struct kymo_event ev = b->event[i];
        ev.sample = shift_sample(c, &ev);
        ev.track = track[ev.track];
        ev.time_ns += c->offset_ns;
        if (!c->any_samples && ev.time_ns > c->end_ns)
            c->end_ns = ev.time_ns;
        rc = kymo_block_event(&c->block, &ev, e);
    }
    return rc;
}

static int copy_samples(struct chain *c, const struct kymo_block *b, size_t i, struct kymo_err *e)
{
    const struct kymo_span *from = &b->span[i];
    struct kymo_span *to = &c->block.span[i];
    const int rc = kymo_block_reserve(&c->block, i, from->n, e);

    if (rc < 0)
        return rc;
    to->n = from->n;
    to->segment_first = from->segment_first + c->anchor[i] + c->shift[i];
    to->first = from->first + c->shift[i];
    if (kymo_storage_is_integer(c->hdr.signal[i].storage))
        memcpy(to->digital, from->digital, from->n * sizeof *to->digital);
    else
        memcpy(to->physical, from->physical, from->n * sizeof *to->physical);
    if (from->n > 0) {
        const int64_t end = c->block.segment_ns + kymo_time_of(c->hdr.signal[i].rate,
                                                               to->first + (int64_t)to->n - to->segment_first);
        c->end_ns = end > c->end_ns ? end : c->end_ns;
        c->any_samples = true;
    }
    return 0;
}

static int copy_block(const struct kymo_call *call, struct chain *c, const struct part *p, const struct kymo_block *b,
                      const int *track, struct kymo_err *e)
{
    int64_t first_ns = 0;
    const bool any = first_time(b, &first_ns);
    int rc = c->begun ? 0 : choose_offset(call, c, p, first_ns, e);

    if (rc < 0)
        return rc;
    c->begun = true;
    kymo_block_clear(&c->block);
    if (any && (!c->in_segment || b->new_segment || b->segment_ns != c->segment_ns)) {
        enter_segment(c, b, first_ns);
        c->block.new_segment = c->any_samples;
    }
    rc = copy_events(c, b, track, e);
    for (size_t i = 0; rc == 0 && any && i < c->hdr.n_signals; i++)
        rc = copy_samples(c, b, i, e);
    return rc < 0 ? rc : kymo_write(c->w, &c->block, e);
}

static int copy_part(const struct kymo_call *call, struct chain *c, struct part *p, struct kymo_err *e)
{
    struct kymo_reader *r = p->in ? p->in : open_part(call, p, e);
    struct kymo_block *b;
    int rc = r ? 0 : e->cause[0].code;
    int *track = r ? calloc(r->hdr.n_tracks + 1, sizeof *track) : NULL;

    p->in = r;
    if (rc == 0 && !track)
        rc = out_of_memory(e);
    for (size_t i = 0; rc == 0 && i < r->hdr.n_tracks; i++) {
        track[i] = add_track(&c->hdr, r->hdr.track[i], e);   /* there since it was looked at */
        rc = track[i] < 0 ? track[i] : 0;
    }
    c->in_segment = c->begun = false;
    c->segment_ns = 0;
    while (rc == 0 && (rc = kymo_read(r, &b, e)) > 0)
        rc = copy_block(call, c, p, b, track, e);
    if (rc == 0 && c->begun && !c->any_samples && p->duration_ns != KYMO_UNKNOWN && c->offset_ns + p->duration_ns > c->end_ns)
        c->end_ns = c->offset_ns + p->duration_ns;
    free(track);
    kymo_close(r);
    p->in = NULL;
    return rc;
}

/* ---- the whole ---- */

/* Where all lengths are known, and the dates, so is the length of the whole. */
static int64_t whole_duration(const struct chain *c, bool join)
{
    int64_t end = 0;

    for (size_t i = 0; i < c->n_parts; i++) {
        const struct part *p = &c->part[i];
        int64_t offset = end;
        if (p->duration_ns == KYMO_UNKNOWN)
            return KYMO_UNKNOWN;
        if (i > 0 && !join)
            start_after(&c->part->start, &p->start, &offset);
        end = offset + p->duration_ns > end ? offset + p->duration_ns : end;
    }
    return end;
}

static int open_writer(const struct kymo_call *call, struct chain *c, struct kymo_err *e)
{
    const struct args *args = call->args;
    const bool is_stdout = !args->out || strcmp(args->out, "-") == 0;
    const struct kymo_format *format = is_stdout ? kymo_format_named("kymo") : kymo_format_for(args->out);

    if (!format)
        return kymo_fail(e, KYMO_EUSAGE, "--output %.120s: no format by its ending", args->out);
    if (is_stdout && isatty(STDOUT_FILENO))
        return kymo_fail(e, KYMO_EUSAGE, "a recording is not for a terminal: use a pipe or -o FILE");
    c->hdr.duration_ns = whole_duration(c, args->join);
    const int rc = kymo_header_add_history(&c->hdr, call->history, e);
    if (rc < 0)
        return rc;
    c->w = kymo_create_file(format, args->out, &c->hdr, 0, args->lossy, &call->log, e);
    return c->w ? 0 : e->cause[0].code;
}

static int join_parts(const struct kymo_call *call, struct chain *c, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < c->n_parts; i++) {
        c->part[i].path = call->operand[i];
        rc = look_at_part(call, c, &c->part[i], e);
    }
    if (rc == 0)
        rc = open_writer(call, c, e);
    kymo_block_init(&c->block, &c->hdr);
    for (size_t i = 0; rc == 0 && i < c->hdr.n_signals; i++)
        rc = kymo_block_reserve(&c->block, i, 1, e);
    c->shift = calloc(c->hdr.n_signals + 1, sizeof *c->shift);
    c->shift_before = calloc(c->hdr.n_signals + 1, sizeof *c->shift_before);
    c->anchor = calloc(c->hdr.n_signals + 1, sizeof *c->anchor);
    if (rc == 0 && (!c->shift || !c->shift_before || !c->anchor))
        rc = out_of_memory(e);
    for (size_t i = 0; rc == 0 && i < c->n_parts; i++)
        rc = copy_part(call, c, &c->part[i], e);
    return rc < 0 ? rc : kymo_write_finish(c->w, e);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    struct chain c = {.n_parts = call->n_operands};
    int rc = 0;

    kymo_header_init(&c.hdr);
    if (!(c.part = calloc(c.n_parts, sizeof *c.part)))
        rc = out_of_memory(e);
    if (rc == 0)
        rc = join_parts(call, &c, e);
    for (size_t i = 0; c.part && i < c.n_parts; i++)
        kymo_close(c.part[i].in);
    kymo_writer_destroy(c.w);
    kymo_block_release(&c.block);
    kymo_header_release(&c.hdr);
    free(c.part);
    free(c.shift);
    free(c.shift_before);
    free(c.anchor);
    return rc;
}

const struct kymo_command kymo_cmd_cat = {
    .name = "cat", .about = "several recordings in a row as one", .operands = "RECORD...",
    .least = 1, .most = SIZE_MAX, .options = options, .args_size = sizeof(struct args), .run = run,
};
