/* cli/calc.c - kymo calc: signals that are computed of others.
 *
 * What can be said is in algorithms/expression.h, the user's view in man/kymo-calc.1. */
#include "algorithms/expression.h"

#include "lib/command.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct args {
    struct kymo_input_args in;
    struct kymo_strings expression;
    bool only;
    struct kymo_output_args out;
};

static const struct kymo_opt options[] = {
    KYMO_OPT_STRINGS('e', "signal", struct args, expression, "NAME=EXPRESSION",
                     "a new signal, as 'III = II - I' or 'avg = mean(V1..V6) [mV]'; may be given again"),
    KYMO_OPT_FLAG('\0', "only", struct args, only, "leave the signals of the source out"),
    KYMO_OPTS_ANNOTATOR(struct args, in), KYMO_OPTS_SOURCE(struct args, in), KYMO_OPTS_OUTPUT(struct args, out), KYMO_OPT_LAST
};

struct derived {
    struct expression *expression;
    const size_t *of;             /* signals that it is made of: of the source, and behind these derived ones before it */
    size_t n_of;
    const double **x;             /* their samples in a block */
    double **room;                /* for those that do not begin or end with the first */
    size_t cap;                   /* of each room */
    int64_t n_undefined;
};

struct work {
    const struct kymo_call *call;
    const struct args *args;
    struct kymo_reader *in;
    struct kymo_writer *out;
    struct kymo_header all;       /* the source's signals, then the derived ones */
    struct kymo_block block;      /* of all */
    struct kymo_block sent;       /* of what goes out, with --only */
    struct derived *derived;
    size_t n_source, n;           /* signals of the source; derived ones */
};

/* ---- samples ---- */

static int reserve_room(struct derived *d, size_t n, struct kymo_err *e)
{
    if (n <= d->cap)
        return 0;
    d->cap = 0;
    for (size_t k = 0; k < d->n_of; k++) {
        free(d->room[k]);
        if (!(d->room[k] = malloc(n * sizeof *d->room[k])))
            return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu samples", n);
    }
    d->cap = n;
    return 0;
}

/* The samples of a signal at the times of those of another of its rate, NaN where it has none. */
static const double *line_up(struct kymo_block *b, size_t signal, const struct kymo_span *with, double *room)
{
    const struct kymo_span *span = &b->span[signal];
    const double *x = kymo_physical(b, signal);
    const int64_t later = (with->first - with->segment_first) - (span->first - span->segment_first);

    if (later == 0 && span->n >= with->n)
        return x;
    for (size_t i = 0; i < with->n; i++) {
        const int64_t at = (int64_t)i + later;
        room[i] = at >= 0 && at < (int64_t)span->n ? x[at] : (double)NAN;
    }
    return room;
}

static int compute(struct work *w, size_t k, struct kymo_err *e)
{
    struct derived *d = &w->derived[k];
    const struct kymo_span *first = &w->block.span[d->of[0]];
    int rc = kymo_block_reserve(&w->block, w->n_source + k, first->n, e);

    if (rc < 0 || (rc = reserve_room(d, first->n, e)) < 0)
        return rc;
    struct kymo_span *span = &w->block.span[w->n_source + k];
    span->first = first->first;
    span->segment_first = first->segment_first;
    span->n = first->n;
    for (size_t i = 0; i < d->n_of; i++)
        d->x[i] = line_up(&w->block, d->of[i], first, d->room[i]);
    d->n_undefined += (int64_t)expression_run(d->expression, d->x, span->n, span->physical);
    for (size_t i = 0; i < span->n; i++) {
        const float y = (float)span->physical[i];   /* what all formats will give back */
        span->physical[i] = isinf(y) ? (double)NAN : (double)y;
        d->n_undefined += isinf(y) != 0;
    }
    return 0;
}

static int copy_span(struct kymo_block *to, size_t at, const struct kymo_block *from, size_t signal, struct kymo_err *e)
{
    const struct kymo_span *span = &from->span[signal];
    const int rc = kymo_block_reserve(to, at, span->n, e);

    if (rc < 0)
        return rc;
    struct kymo_span *copy = &to->span[at];
    copy->first = span->first;
    copy->segment_first = span->segment_first;
    copy->n = span->n;
    if (span->n == 0)
        return 0;
    if (kymo_storage_is_integer(from->hdr->signal[signal].storage))
        memcpy(copy->digital, span->digital, span->n * sizeof *span->digital);
    else
        memcpy(copy->physical, span->physical, span->n * sizeof *span->physical);
    return 0;
}

/* An event of a signal that is left out is one of the recording. */
static int copy_events(const struct work *w, struct kymo_block *to, const struct kymo_block *from, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < from->n_events; i++) {
        struct kymo_event ev = from->event[i];
        ev.signal = w->args->only ? -1 : ev.signal;
        const struct kymo_ratio was = kymo_event_rate(&w->in->hdr, from->event[i].signal);
        const struct kymo_ratio is = kymo_event_rate(to->hdr, ev.signal);
        if (ev.sample != KYMO_UNKNOWN && (was.num != is.num || was.den != is.den))
            ev.sample = kymo_index_at(is, ev.time_ns);
        rc = kymo_block_event(to, &ev, e);
    }
    return rc;
}

static int take_block(struct work *w, const struct kymo_block *b, struct kymo_err *e)
{
    struct kymo_block *const sent = w->args->only ? &w->sent : &w->block;
    int rc = 0;

    kymo_block_clear(&w->block);
    kymo_block_clear(&w->sent);
    sent->new_segment = b->new_segment;
    sent->segment_ns = b->segment_ns;
    for (size_t i = 0; rc == 0 && i < w->n_source; i++)
        rc = copy_span(&w->block, i, b, i, e);
    for (size_t k = 0; rc == 0 && k < w->n; k++)
        rc = compute(w, k, e);
    for (size_t k = 0; rc == 0 && w->args->only && k < w->n; k++)
        rc = copy_span(&w->sent, k, &w->block, w->n_source + k, e);
    if (rc == 0)
        rc = copy_events(w, sent, b, e);
    return rc < 0 ? rc : kymo_write(w->out, sent, e);
}

static int tell_undefined(const struct work *w, struct kymo_err *e)
{
    int rc = 0;

    for (size_t k = 0; rc == 0 && k < w->n; k++)
        if (w->derived[k].n_undefined > 0)
            rc = kymo_warn(&w->call->log, e, w->all.signal[w->n_source + k].label, -1,
                           "%lld samples are missing: a division by zero, the root of a negative number, or too large",
                           (long long)w->derived[k].n_undefined);
    return rc;
}

static int pass_on(struct work *w, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    kymo_block_init(&w->block, &w->all);
    kymo_block_init(&w->sent, &w->out->hdr);
    while ((rc = kymo_read(w->in, &b, e)) > 0)
        if ((rc = take_block(w, b, e)) < 0)
            break;
    if (rc == 0)
        rc = tell_undefined(w, e);
    kymo_block_release(&w->sent);
    kymo_block_release(&w->block);
    return rc < 0 ? rc : kymo_write_finish(w->out, e);
}

/* ---- setting up ---- */

static int check_rates(const struct work *w, const struct derived *d, const char *text, struct kymo_err *e)
{
    const struct kymo_signal *all = w->all.signal, *first = &all[d->of[0]];

    for (size_t i = 1; i < d->n_of; i++) {
        const struct kymo_signal *s = &all[d->of[i]];
        if (s->rate.num != first->rate.num || s->rate.den != first->rate.den)
            return kymo_fail(e, KYMO_EUSAGE, "%.60s: %.40s has %g Hz, %.40s %g Hz; kymo resample makes them one", text,
                             first->label, kymo_ratio_real(first->rate), s->label, kymo_ratio_real(s->rate));
    }
    return 0;
}

/* Whether all signals that it is made of have the same text or kind. */
static bool same_kind(const struct work *w, const struct derived *d)
{
    for (size_t i = 1; i < d->n_of; i++)
        if (w->all.signal[d->of[i]].kind != w->all.signal[d->of[0]].kind)
            return false;
    return true;
}

static bool same_prefilter(const struct work *w, const struct derived *d)
{
    for (size_t i = 1; i < d->n_of; i++)
        if (strcmp(w->all.signal[d->of[i]].prefilter, w->all.signal[d->of[0]].prefilter) != 0)
            return false;
    return true;
}

/* The signal that goes behind all others: in the unit of the first that it is made of, unless another is said. */
static int add_signal(struct work *w, const struct derived *d, struct kymo_err *e)
{
    const char *name = expression_name(d->expression), *unit = expression_unit(d->expression);
    struct kymo_signal *s = kymo_header_signal(&w->all, e);

    if (!s)
        return KYMO_ENOMEM;
    const struct kymo_signal *first = &w->all.signal[d->of[0]];
    s->rate = first->rate;
    s->n_samples = first->n_samples;
    s->storage = KYMO_F32;
    s->calibrated = unit || first->calibrated;
    s->prefilter = same_prefilter(w, d) ? first->prefilter : "";
    if (!(s->label = kymo_header_text(&w->all, name, strlen(name), e)) ||
        !(s->unit = unit ? kymo_header_text(&w->all, unit, strlen(unit), e) : first->unit))
        return KYMO_ENOMEM;
    s->kind = kymo_kind_of(s->label, s->unit);
    if (s->kind == KYMO_OTHER && same_kind(w, d))
        s->kind = first->kind;
    return 0;
}

static int check_name(const struct work *w, const char *name, struct kymo_err *e)
{
    for (size_t i = w->args->only ? w->n_source : 0; i < w->all.n_signals; i++)
        if (strcmp(w->all.signal[i].label, name) == 0)
            return kymo_fail(e, KYMO_EUSAGE, "there is a signal %.60s already%s", name,
                             i < w->n_source ? "; --only leaves those of the source out" : "");
    return 0;
}

static int add_derived(struct work *w, const char *text, struct kymo_err *e)
{
    struct derived *d = &w->derived[w->n];
    const char **label = calloc(w->all.n_signals, sizeof *label);

    if (!label)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", w->all.n_signals);
    for (size_t i = 0; i < w->all.n_signals; i++)
        label[i] = w->all.signal[i].label;
    d->expression = expression_compile(text, label, w->all.n_signals, e);
    free(label);
    if (!d->expression)
        return e->cause[0].code;
    w->n++;
    d->n_of = expression_signals(d->expression, &d->of);
    d->x = calloc(d->n_of, sizeof *d->x);
    d->room = calloc(d->n_of, sizeof *d->room);
    if (!d->x || !d->room)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", d->n_of);
    int rc = check_name(w, expression_name(d->expression), e);
    if (rc == 0)
        rc = check_rates(w, d, text, e);
    return rc < 0 ? rc : add_signal(w, d, e);
}

static int add_all(struct work *w, struct kymo_err *e)
{
    const struct kymo_strings *asked = &w->args->expression;
    int rc = kymo_header_copy(&w->all, &w->in->hdr, NULL, 0, e);

    w->n_source = w->all.n_signals;
    if (rc == 0 && w->n_source == 0)
        return kymo_fail_at(e, KYMO_EDATA, kymo_operand(w->call), -1, "no signals");
    if (rc == 0 && !(w->derived = calloc(asked->n, sizeof *w->derived)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", asked->n);
    for (size_t k = 0; rc == 0 && k < asked->n; k++)
        rc = add_derived(w, asked->text[k], e);
    return rc;
}

static int open_output(struct work *w, struct kymo_err *e)
{
    size_t *pick = w->args->only ? calloc(w->n, sizeof *pick) : NULL;
    struct kymo_header h;

    if (w->args->only && !pick)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", w->n);
    for (size_t k = 0; pick && k < w->n; k++)
        pick[k] = w->n_source + k;
    kymo_header_init(&h);
    int rc = kymo_header_copy(&h, &w->all, pick, w->n, e);
    if (rc == 0 && !(w->out = kymo_call_writer(w->call, w->args->out.path, &h, e)))
        rc = e->cause[0].code;
    kymo_header_release(&h);
    free(pick);
    return rc;
}

static void release(struct work *w)
{
    for (size_t k = 0; k < w->n; k++) {
        struct derived *d = &w->derived[k];
        for (size_t i = 0; d->room && i < d->n_of; i++)
            free(d->room[i]);
        free(d->room);
        free(d->x);
        expression_destroy(d->expression);
    }
    free(w->derived);
    kymo_header_release(&w->all);
    kymo_writer_destroy(w->out);
    kymo_close(w->in);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct work w = {.call = call, .args = args};
    int rc = 0;

    kymo_header_init(&w.all);
    if (args->expression.n == 0)
        rc = kymo_fail(e, KYMO_EUSAGE, "which signal? --signal 'NAME = EXPRESSION'");
    if (rc == 0 && !(w.in = kymo_call_open(call, &args->in, false, e)))
        rc = e->cause[0].code;
    if (rc == 0)
        rc = add_all(&w, e);
    if (rc == 0)
        rc = open_output(&w, e);
    if (rc == 0)
        rc = pass_on(&w, e);
    release(&w);
    return rc;
}

const struct kymo_command kymo_cmd_calc = {
    .name = "calc", .about = "signals that are computed of others", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct args), .run = run,
};
