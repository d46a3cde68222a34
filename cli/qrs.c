/* cli/qrs.c - kymo qrs: the heart beats of a recording, from its ECG.
 *
 * The detector and its sources are in algorithms/qrs.h, the user's view in man/kymo-qrs.1. Gaps end what the detector
 * knows: it starts anew behind them, and the gap itself is given out as an event. */
#include "algorithms/holes.h"
#include "algorithms/qrs.h"
#include "lib/command.h"
#include "lib/events.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LATEST_NS ((int64_t)(QRS_LOOK_AHEAD_S * KYMO_NS_PER_S))   /* a beat is known so long after it at most */

struct args {
    struct kymo_input_args in;
    struct kymo_output_args out;
};

static const struct kymo_opt options[] = {
    KYMO_OPTS_SIGNAL(struct args, in), KYMO_OPTS_RANGE(struct args, in),
    KYMO_OPTS_EVENTS(struct args, out, "form of the table; kymo passes the recording on with the beats in it"),
    KYMO_OPT_LAST
};

static const struct kymo_column columns[] = {KYMO_EVENT_COLUMNS};

struct detection {
    struct kymo_reader *in;
    struct kymo_table *table;     /* beats go here, */
    struct kymo_writer *stream;   /* or here, with the recording */
    struct kymo_block found;      /* events for the stream */
    size_t lead[QRS_MOST_LEADS], n_leads;
    struct qrs *qrs;
    struct qrs_beat *beat;
    size_t cap_beats;
    int64_t base, segment_first, segment_ns;   /* first sample given to the detector; the segment that it lies in */
    struct holes holes;           /* stretches that the detector jumps over, as it does gaps */
    struct kymo_event *gap;       /* gaps not yet given out: the beats before them come first */
    size_t n_gaps, cap_gaps;
    int64_t end_ns;               /* time behind the last sample */
    bool begun;
};

/* The leads: those asked for, else all ECGs; of them the ones sampled like the first. */
static int choose_leads(struct detection *d, const struct kymo_strings *asked, const struct kymo_log *log,
                        struct kymo_err *e)
{
    static const char *const any_ecg[] = {"ecg"};
    const struct kymo_header *h = &d->in->hdr;
    size_t *pick, n;
    int rc = asked->n ? kymo_select(h, asked->text, asked->n, &pick, &n, e) : kymo_select(h, any_ecg, 1, &pick, &n, e);

    if (rc < 0)
        return rc;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        const struct kymo_ratio rate = h->signal[pick[i]].rate, first = h->signal[pick[0]].rate;
        if (rate.num != first.num || rate.den != first.den)
            rc = kymo_warn(log, e, h->signal[pick[i]].label, -1, "left out: %g samples per second, %s has %g",
                           kymo_ratio_real(rate), h->signal[pick[0]].label, kymo_ratio_real(first));
        else if (d->n_leads == QRS_MOST_LEADS)
            rc = kymo_warn(log, e, h->signal[pick[i]].label, -1, "left out: more than %d leads", QRS_MOST_LEADS);
        else
            d->lead[d->n_leads++] = pick[i];
    }
    free(pick);
    return rc;
}

static int track_of(const struct detection *d) { return d->stream ? (int)d->stream->hdr.n_tracks - 1 : 0; }

static int put_event(struct detection *d, const struct kymo_event *ev, struct kymo_err *e)
{
    if (d->stream)
        return kymo_block_event(&d->found, ev, e);
    kymo_event_cells(d->table, &d->in->hdr, ev);
    return kymo_row_end(d->table, e);
}

/* Gives out the gaps that begin before ns. */
static int put_gaps(struct detection *d, int64_t ns, struct kymo_err *e)
{
    size_t n = 0;
    int rc = 0;

    for (; rc == 0 && n < d->n_gaps && d->gap[n].time_ns < ns; n++)
        rc = put_event(d, &d->gap[n], e);
    if (n > 0)
        memmove(d->gap, d->gap + n, (d->n_gaps - n) * sizeof *d->gap);
    d->n_gaps -= n;
    return rc;
}

static int keep_gap(struct detection *d, int64_t from_ns, int64_t to_ns, struct kymo_err *e)
{
    if (d->n_gaps == d->cap_gaps) {
        const size_t cap = d->cap_gaps ? 2 * d->cap_gaps : 16;
        struct kymo_event *all = realloc(d->gap, cap * sizeof *all);
        if (!all)
            return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu gaps", cap);
        d->gap = all;
        d->cap_gaps = cap;
    }
    d->gap[d->n_gaps++] = (struct kymo_event){
        .time_ns = from_ns, .duration_ns = to_ns - from_ns, .sample = KYMO_UNKNOWN, .signal = -1, .track = track_of(d),
        .type = "gap", .value = (double)NAN, .text = "",
    };
    return 0;
}

/* Time of a sample that the detector counts. */
static int64_t time_of(const struct detection *d, int64_t sample)
{
    return d->segment_ns + kymo_time_of(d->in->hdr.signal[d->lead[0]].rate, d->base + sample - d->segment_first);
}

static int put_beats(struct detection *d, size_t n, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++) {
        const struct kymo_event ev = {
            .time_ns = time_of(d, d->beat[i].sample), .sample = d->base + d->beat[i].sample, .signal = (int)d->lead[0],
            .track = track_of(d), .type = "N", .value = round(1000 * d->beat[i].score) / 1000, .text = "",
        };
        rc = put_gaps(d, ev.time_ns, e);
        if (rc == 0)
            rc = put_event(d, &ev, e);
    }
    return rc;
}

/* Notes the stretches of x[n] in which no lead has a sample. */
static int find_holes(struct detection *d, const double *const x[], size_t n, struct kymo_err *e)
{
    struct hole hole;
    size_t at = 0;
    int rc = 0;

    while (rc == 0 && holes_next(&d->holes, x, d->n_leads, n, &at, &hole))
        rc = keep_gap(d, time_of(d, hole.first), time_of(d, hole.first + hole.n), e);
    return rc;
}

static int reserve_beats(struct detection *d, size_t n, struct kymo_err *e)
{
    const size_t need = qrs_bound(d->qrs, n);

    if (need <= d->cap_beats)
        return 0;
    free(d->beat);
    d->beat = malloc(need * sizeof *d->beat);
    d->cap_beats = d->beat ? need : 0;
    return d->beat ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu beats", need);
}

/* What the detector still holds, and the gaps. */
static int flush_beats(struct detection *d, struct kymo_err *e)
{
    struct hole hole;
    int rc = reserve_beats(d, 0, e);
    size_t n;

    while (rc == 0 && d->cap_beats > 0 && (n = qrs_flush(d->qrs, d->beat, d->cap_beats)) > 0)
        rc = put_beats(d, n, e);
    if (rc == 0 && holes_flush(&d->holes, &hole))
        rc = keep_gap(d, time_of(d, hole.first), time_of(d, hole.first + hole.n), e);
    return rc < 0 ? rc : put_gaps(d, INT64_MAX, e);
}

/* Flushes at a gap, and notes where the samples that follow lie. */
static int enter_segment(struct detection *d, const struct kymo_block *b, struct kymo_err *e)
{
    const struct kymo_span *span = &b->span[d->lead[0]];
    int rc = 0;

    if (d->begun && b->new_segment && (rc = flush_beats(d, e)) == 0)
        rc = keep_gap(d, d->end_ns, kymo_block_time(b, d->lead[0], span->first), e);
    if (!d->begun || b->new_segment) {
        d->base = span->first;
        d->segment_first = span->segment_first;
        d->segment_ns = b->segment_ns;
        d->begun = true;
    }
    return rc;
}

static int detect_block(struct detection *d, struct kymo_block *b, struct kymo_err *e)
{
    const struct kymo_span *span = &b->span[d->lead[0]];
    const double *x[QRS_MOST_LEADS];
    int rc;

    if (span->n == 0)
        return 0;
    for (size_t k = 0; k < d->n_leads; k++) {
        const struct kymo_span *other = &b->span[d->lead[k]];
        if (other->n != span->n || other->first != span->first)
            return kymo_fail(e, KYMO_EDATA, "leads do not bring the same samples at %lld", (long long)span->first);
        x[k] = kymo_physical(b, d->lead[k]);
    }
    if ((rc = enter_segment(d, b, e)) < 0 || (rc = reserve_beats(d, span->n, e)) < 0)
        return rc;
    d->end_ns = kymo_block_time(b, d->lead[0], span->first + (int64_t)span->n);
    if ((rc = find_holes(d, x, span->n, e)) < 0)
        return rc;
    return put_beats(d, qrs_push(d->qrs, x, span->n, d->beat), e);
}

/* Gives the stream the events found so far and then the samples: so it knows, whenever it sends samples, all beats that
 * lie LATEST_NS before them, and its bytes do not depend on how long the blocks are. */
static int pass_on(struct detection *d, struct kymo_block *b, struct kymo_err *e)
{
    int rc = 0;

    if (!d->stream)
        return 0;
    for (size_t i = 0; rc == 0 && i < d->found.n_events; i++)
        rc = kymo_write_event(d->stream, &d->found.event[i], e);
    if (rc == 0 && b)
        rc = kymo_write(d->stream, b, e);
    kymo_block_clear(&d->found);
    return rc;
}

static int detect(struct detection *d, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    while ((rc = kymo_read(d->in, &b, e)) > 0)
        if ((rc = detect_block(d, b, e)) < 0 || (rc = pass_on(d, b, e)) < 0)
            return rc;
    if (rc == 0)
        rc = flush_beats(d, e);
    if (rc == 0)
        rc = pass_on(d, NULL, e);
    if (rc == 0)
        return d->stream ? kymo_write_finish(d->stream, e) : kymo_table_finish(d->table, e);
    return rc;
}

/* What the beats are written to: table or stream. */
static int open_outputs(const struct kymo_call *call, struct detection *d, struct kymo_output *out, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct kymo_header h;
    int rc = 0;

    if (args->out.form != KYMO_FORM_STREAM) {
        d->table = kymo_table_create(out, (enum kymo_table_form)args->out.form, columns, sizeof columns / sizeof *columns, e);
        return d->table ? 0 : KYMO_ENOMEM;
    }
    kymo_header_init(&h);
    if ((rc = kymo_header_copy(&h, &d->in->hdr, NULL, 0, e)) == 0 && (rc = kymo_header_add_track(&h, "qrs", e)) >= 0)
        d->stream = kymo_call_stream(call, out, &h, LATEST_NS, e);
    kymo_header_release(&h);
    return d->stream ? 0 : e->cause[0].code;
}

static int open_detection(const struct kymo_call *call, struct detection *d, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct kymo_input_args in = args->in;
    const char *ecg = "ecg";

    if (args->out.form == KYMO_FORM_STREAM)
        in.signals = (struct kymo_strings){0};   /* all pass on */
    else if (in.signals.n == 0)
        in.signals = (struct kymo_strings){&ecg, 1};
    if (!(d->in = kymo_call_open(call, &in, false, e)))
        return e->cause[0].code;
    kymo_block_init(&d->found, &d->in->hdr);
    const int rc = choose_leads(d, &args->in.signals, &call->log, e);
    if (rc < 0)
        return rc;
    const double rate_hz = kymo_ratio_real(d->in->hdr.signal[d->lead[0]].rate);
    d->holes.shortest = (int64_t)(QRS_BRIDGED_S * rate_hz) + 1;
    d->qrs = qrs_create(rate_hz, d->n_leads, e);
    return d->qrs ? 0 : kymo_during(e, "cannot find beats in %s", d->in->hdr.signal[d->lead[0]].label);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct detection d = {.in = NULL};
    int rc = open_detection(call, &d, e);
    struct kymo_output *out = rc == 0 ? kymo_output_open(args->out.path, e) : NULL;

    if (rc == 0)
        rc = out ? open_outputs(call, &d, out, e) : e->cause[0].code;
    if (rc == 0) {
        struct kymo_err ignored = {0};
        rc = detect(&d, e);
        if (rc == 0)
            rc = kymo_output_finish(out, e);
        else if (d.table && kymo_event_error(d.table, e, &ignored) == 0)   /* so that nobody takes what came for all */
            kymo_output_flush(out, &ignored);
    }
    kymo_table_destroy(d.table);
    kymo_writer_destroy(d.stream);
    kymo_output_destroy(out);
    kymo_block_release(&d.found);
    free(d.beat);
    free(d.gap);
    qrs_destroy(d.qrs);
    kymo_close(d.in);
    return rc;
}

const struct kymo_command kymo_cmd_qrs = {
    .name = "qrs", .about = "find heart beats in an ECG", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct args), .run = run,
};
