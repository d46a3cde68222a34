/* cli/qrs.c - kymo qrs: the heart beats of a recording, from its ECG.
 *
 * The detector and its sources are in algorithms/qrs.h, how it sees a recording in cli/detector.h, the user's view in
 * man/kymo-qrs.1. */
#include "cli/detector.h"
#include "lib/events.h"

struct args {
    struct kymo_input_args in;
    struct detector_args detector;
    struct kymo_output_args out;
};

static const struct kymo_opt options[] = {
    KYMO_OPTS_SIGNAL(struct args, in), KYMO_OPTS_RANGE(struct args, in), KYMO_OPTS_AS(struct args, in),
    DETECTOR_OPTS(struct args, detector),
    KYMO_OPTS_EVENTS(struct args, out, "form of the table; kymo passes the recording on with the beats in it"),
    KYMO_OPT_LAST
};

static const struct kymo_column columns[] = {KYMO_EVENT_COLUMNS, {"quality", 3}};

struct detection {
    struct kymo_reader *in;
    struct detector *detector;
    struct kymo_table *table;     /* events go here, */
    struct kymo_writer *stream;   /* or here, with the recording */
    int track;                    /* of the stream */
};

static int put_found(const struct detection *d, struct kymo_err *e)
{
    size_t n;
    const struct finding *found = detector_found(d->detector, &n);
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++) {
        struct kymo_event ev = found[i].event;
        ev.track = d->track;
        if (d->stream) {
            rc = kymo_write_event(d->stream, &ev, e);
        } else {
            kymo_event_cells(d->table, &d->in->hdr, &ev);
            kymo_cell_real(d->table, found[i].quality);
            rc = kymo_row_end(d->table, e);
        }
    }
    return rc;
}

/* The stream gets the events found so far and then the samples: so it knows, whenever it gets samples, all beats that lie the
 * detector's delay before them, and its bytes do not depend on how long the blocks are. */
static int detect(const struct kymo_call *call, const struct detection *d, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    while ((rc = kymo_read(d->in, &b, e)) > 0)
        if ((rc = detector_push(d->detector, b, e)) < 0 || (rc = put_found(d, e)) < 0 ||
            (d->stream && (rc = kymo_write(d->stream, b, e)) < 0))
            return rc;
    if (rc < 0 || (rc = detector_flush(d->detector, e)) < 0 || (rc = put_found(d, e)) < 0)
        return rc;
    const char *const why = detector_why_none(d->detector);
    if (why && (rc = kymo_warn(&call->log, e, d->in->path, -1, "%s", why)) < 0)
        return rc;
    return d->stream ? kymo_write_finish(d->stream, e) : kymo_table_finish(d->table, e);
}

/* What the events are written to: table or stream. */
static int open_output(const struct kymo_call *call, struct detection *d, struct kymo_output *out, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct kymo_header h;

    kymo_output_be_live(out, d->in->hdr.latency_ns > 0);
    if (args->out.form != KYMO_FORM_STREAM) {
        d->table = kymo_table_create(out, (enum kymo_table_form)args->out.form, columns, sizeof columns / sizeof *columns, e);
        return d->table ? 0 : KYMO_ENOMEM;
    }
    kymo_header_init(&h);
    if (kymo_header_copy(&h, &d->in->hdr, NULL, 0, e) == 0 && (d->track = kymo_header_add_track(&h, "qrs", e)) >= 0)
        d->stream = kymo_call_stream(call, out, &h, detector_latest_ns(d->detector), e);
    kymo_header_release(&h);
    return d->stream ? 0 : e->cause[0].code;
}

/* Reads all signals where they pass on, and where pulses may help; else those that are asked for. */
static int open_input(const struct kymo_call *call, struct detection *d, struct kymo_err *e)
{
    const struct args *args = call->args;
    const bool asked = args->in.signals.n > 0, passes = args->out.form == KYMO_FORM_STREAM;
    const char *ecg = "ecg";
    const struct kymo_strings none = {NULL, 0}, any_ecg = {&ecg, 1};
    struct kymo_input_args in = args->in;
    struct detector_args detector = args->detector;

    if (asked)
        detector.pulse = DETECTOR_NO_PULSE;
    if (passes || detector.pulse == DETECTOR_PULSE)
        in.signals = none;
    else if (!asked)
        in.signals = any_ecg;
    const struct kymo_strings *const leads = !asked ? &any_ecg : passes ? &args->in.signals : NULL;
    if ((d->in = kymo_call_open(call, &in, false, e)))
        d->detector = detector_create(&d->in->hdr, leads, &detector, &call->log, e);
    return d->detector ? 0 : e->cause[0].code;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct detection d = {.in = NULL};
    int rc = open_input(call, &d, e);
    struct kymo_output *out = rc == 0 ? kymo_output_open(args->out.path, e) : NULL;

    if (rc == 0)
        rc = out ? open_output(call, &d, out, e) : e->cause[0].code;
    if (rc == 0) {
        struct kymo_err ignored = {0};
        rc = detect(call, &d, e);
        if (rc == 0)
            rc = kymo_output_finish(out, e);
        else if (d.table && kymo_event_error(d.table, e, &ignored) == 0)   /* so that nobody takes what came for all */
            kymo_output_flush(out, &ignored);
    }
    kymo_table_destroy(d.table);
    kymo_writer_destroy(d.stream);
    kymo_output_destroy(out);
    detector_destroy(d.detector);
    kymo_close(d.in);
    return rc;
}

const struct kymo_command kymo_cmd_qrs = {
    .name = "qrs", .about = "find heart beats in an ECG", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct args), .run = run,
};
