/* cli/resample.c - kymo resample: signals at another rate, with their events and gaps.
 *
 * The maths and its sources are in algorithms/resample.h, the user's view in man/kymo-resample.1. A filter lags behind its
 * input, by more where rates are low: samples that are ready wait until all signals have come as far, so that blocks stay
 * stretches of time. */
#include "algorithms/resample.h"

#include "lib/command.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 4096                /* samples that one push gives, about */
#define MOST_HZ 1e6

struct args {
    struct kymo_input_args in;
    const char *rate;
    double pass, attenuation_db;
    bool real;
    struct kymo_output_args out;
};

static const struct kymo_opt options[] = {
    KYMO_OPT_STRING('r', "rate", struct args, rate, "HZ", NULL, "samples per second that are wanted: 250, 499.95, 1/30"),
    KYMO_OPTS_SIGNAL(struct args, in),
    KYMO_OPT_FLAG('\0', "real", struct args, real, "integers become 32-bit floating point, without rounding"),
    KYMO_OPT_NUMBER('\0', "pass", struct args, pass, "SHARE", "0.9", "share of half the lower rate that is kept, 0.1..0.99"),
    KYMO_OPT_NUMBER('\0', "attenuation", struct args, attenuation_db, "DB", "130",
                    "damping of what does not fit, and size of the ripple, 60..180"),
    KYMO_OPTS_ANNOTATOR(struct args, in),
    KYMO_OPT_STRING('\0', "source-rate", struct args, in.rate, "HZ", NULL,
                    "samples per second of a source that does not tell"),
    KYMO_OPT_STRING('\0', "unit", struct args, in.unit, "UNIT", NULL, "unit of signals whose source does not tell one"),
    KYMO_OPTS_AS(struct args, in), KYMO_OPTS_OUTPUT(struct args, out), KYMO_OPT_LAST
};

/* One signal, and its samples that wait. */
struct channel {
    struct kymo_ratio rate;       /* of what goes out */
    bool is_integer;
    struct resample *resample;    /* NULL: passes as it is */
    bool begun;                   /* has had samples in this segment */
    int64_t segment_first, first; /* index at which the segment begins, and of the first sample that waits */
    size_t n, cap;
    int32_t *digital;             /* either */
    double *physical;
    double *made;                 /* what a push gives */
    size_t made_cap;
    double least, most;           /* that integers can be */
    int64_t n_clipped;
};

struct filter {
    struct kymo_ratio rate;
    struct resample_filter *design;
};

struct work {
    const struct kymo_call *call;
    const struct args *args;
    struct kymo_ratio rate;
    struct kymo_reader *in;
    struct kymo_writer *out;
    struct kymo_block block;      /* that goes out */
    size_t *pick, n_pick;
    struct filter *filter;        /* one for each rate that comes in */
    size_t n_filters;
    struct channel *channel;
    bool begun;
    int64_t segment_ns;
};

/* ---- samples that wait ---- */

static int make_room(struct channel *c, size_t n, struct kymo_err *e)
{
    const size_t size = c->is_integer ? sizeof *c->digital : sizeof *c->physical;

    if (c->n + n <= c->cap)
        return 0;
    const size_t cap = 2 * c->cap > c->n + n ? 2 * c->cap : c->n + n;
    void *larger = realloc(c->is_integer ? (void *)c->digital : (void *)c->physical, cap * size);
    if (!larger)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu samples that wait for other signals", cap);
    if (c->is_integer)
        c->digital = larger;
    else
        c->physical = larger;
    c->cap = cap;
    return 0;
}

/* Values of signal s into the queue, as it holds them. */
static int queue_values(struct channel *c, const struct kymo_signal *s, const double *x, size_t n, struct kymo_err *e)
{
    const int rc = make_room(c, n, e);

    if (rc < 0)
        return rc;
    for (size_t i = 0; !c->is_integer && i < n; i++)
        c->physical[c->n + i] = s->storage == KYMO_F32 ? (double)(float)x[i] : x[i];
    for (size_t i = 0; c->is_integer && i < n; i++) {
        const double v = nearbyint(x[i] * s->gain + s->baseline), held = v > c->most ? c->most : v < c->least ? c->least : v;
        c->n_clipped += !isnan(v) && held != v;
        c->digital[c->n + i] = isnan(v) ? KYMO_MISSING : (int32_t)held;
    }
    c->n += n;
    return 0;
}

static int queue_span(struct channel *c, const struct kymo_span *span, struct kymo_err *e)
{
    const int rc = make_room(c, span->n, e);

    if (rc < 0)
        return rc;
    if (c->is_integer)
        memcpy(c->digital + c->n, span->digital, span->n * sizeof *span->digital);
    else
        memcpy(c->physical + c->n, span->physical, span->n * sizeof *span->physical);
    c->n += span->n;
    return 0;
}

/* The first n samples that wait into the block that goes out. */
static int take_queued(struct work *w, size_t i, size_t n, struct kymo_err *e)
{
    struct channel *c = &w->channel[i];
    const int rc = kymo_block_reserve(&w->block, i, n, e);

    if (rc < 0)
        return rc;
    struct kymo_span *span = &w->block.span[i];
    span->first = c->first;
    span->segment_first = c->segment_first;
    span->n = n;
    if (n == 0)
        return 0;
    if (c->is_integer) {
        memcpy(span->digital, c->digital, n * sizeof *span->digital);
        memmove(c->digital, c->digital + n, (c->n - n) * sizeof *c->digital);
    } else {
        memcpy(span->physical, c->physical, n * sizeof *span->physical);
        memmove(c->physical, c->physical + n, (c->n - n) * sizeof *c->physical);
    }
    c->n -= n;
    c->first += (int64_t)n;
    return 0;
}

/* The time, from the segment's begin, from which on a filter still has something to give; INT64_MAX: none has. */
static int64_t ready_until(const struct work *w)
{
    int64_t ns = INT64_MAX;

    for (size_t i = 0; i < w->in->hdr.n_signals; i++) {
        const struct channel *c = &w->channel[i];
        if (!c->resample || !c->begun)
            continue;
        const int64_t t = kymo_time_of(c->rate, c->first + (int64_t)c->n - c->segment_first);
        ns = t < ns ? t : ns;
    }
    return ns;
}

/* Writes what waits and lies before a time from the segment's begin; with the events of the block. */
static int send(struct work *w, int64_t until_ns, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < w->in->hdr.n_signals; i++) {
        const struct channel *c = &w->channel[i];
        const int64_t n = until_ns == INT64_MAX ? INT64_MAX : kymo_index_at(c->rate, until_ns) - (c->first - c->segment_first);
        rc = take_queued(w, i, n < 0 ? 0 : n < (int64_t)c->n ? (size_t)n : c->n, e);
    }
    if (rc == 0)
        rc = kymo_write(w->out, &w->block, e);
    kymo_block_clear(&w->block);
    return rc;
}

/* ---- samples ---- */

static int reserve_made(struct channel *c, size_t n, struct kymo_err *e)
{
    if (n <= c->made_cap)
        return 0;
    free(c->made);
    c->made_cap = 0;
    if (!(c->made = malloc(n * sizeof *c->made)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu samples", n);
    c->made_cap = n;
    return 0;
}

static int resample_span(struct work *w, size_t i, const double *x, size_t n, struct kymo_err *e)
{
    struct channel *c = &w->channel[i];
    const struct kymo_signal *to = &w->out->hdr.signal[i];
    const double up = kymo_ratio_real(c->rate) / kymo_ratio_real(w->in->hdr.signal[i].rate);
    const size_t piece = up > 1 ? (size_t)fmax(1, PIECE / up) : PIECE;
    int rc = 0;

    for (size_t now; rc == 0 && n > 0; x += now, n -= now) {
        now = n < piece ? n : piece;
        if ((rc = reserve_made(c, resample_bound(c->resample, now), e)) == 0)
            rc = queue_values(c, to, c->made, resample_push(c->resample, x, now, c->made), e);
    }
    return rc;
}

static int take_signal(struct work *w, struct kymo_block *b, size_t i, struct kymo_err *e)
{
    struct channel *c = &w->channel[i];
    const struct kymo_span *span = &b->span[i];

    if (span->n == 0)
        return 0;
    if (!c->begun && c->resample) {
        resample_start(c->resample, span->first - span->segment_first);
        c->first = c->segment_first + resample_next(c->resample);
    } else if (!c->begun)
        c->first = span->first;
    c->begun = true;
    return c->resample ? resample_span(w, i, kymo_physical(b, i), span->n, e) : queue_span(c, span, e);
}

/* What the filters still hold. */
static int finish_segment(struct work *w, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < w->in->hdr.n_signals; i++) {
        struct channel *c = &w->channel[i];
        size_t n;
        if (!c->resample || !c->begun)
            continue;
        rc = reserve_made(c, PIECE, e);
        while (rc == 0 && (n = resample_flush(c->resample, c->made, PIECE)) > 0)
            rc = queue_values(c, &w->out->hdr.signal[i], c->made, n, e);
    }
    return rc < 0 ? rc : send(w, INT64_MAX, e);
}

/* A segment begins when it did; its samples are counted from there on the grid of the recording's start. */
static void begin_segment(struct work *w, const struct kymo_block *b)
{
    w->block.new_segment = w->begun || b->new_segment;
    w->block.segment_ns = w->segment_ns = b->segment_ns;
    for (size_t i = 0; i < w->in->hdr.n_signals; i++) {
        struct channel *c = &w->channel[i];
        const int64_t on_grid = kymo_index_at(c->rate, b->segment_ns), behind = c->first + (int64_t)c->n;
        c->segment_first = c->resample ? (on_grid > behind || !w->begun ? on_grid : behind) : b->span[i].segment_first;
        c->first = c->segment_first;
        c->begun = false;
    }
    w->begun = true;
}

/* The block's events: their time stays, their number is that of the new rate. */
static int take_events(struct work *w, const struct kymo_block *b, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < b->n_events; i++) {
        struct kymo_event ev = b->event[i];
        const struct kymo_ratio was = kymo_event_rate(&w->in->hdr, ev.signal), is = kymo_event_rate(&w->out->hdr, ev.signal);
        if (ev.sample != KYMO_UNKNOWN && (was.num != is.num || was.den != is.den))
            ev.sample = kymo_index_at(is, ev.time_ns);
        rc = kymo_block_event(&w->block, &ev, e);
    }
    return rc;
}

static int take_block(struct work *w, struct kymo_block *b, struct kymo_err *e)
{
    int rc = 0;

    if (w->begun && (b->new_segment || b->segment_ns != w->segment_ns))
        rc = finish_segment(w, e);
    if (rc == 0 && (!w->begun || b->new_segment || b->segment_ns != w->segment_ns))
        begin_segment(w, b);
    for (size_t i = 0; rc == 0 && i < w->in->hdr.n_signals; i++)
        rc = take_signal(w, b, i, e);
    if (rc == 0)
        rc = take_events(w, b, e);
    return rc < 0 ? rc : send(w, ready_until(w), e);
}

static int pass_on(struct work *w, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    kymo_block_init(&w->block, &w->out->hdr);
    while ((rc = kymo_read(w->in, &b, e)) > 0)
        if ((rc = take_block(w, b, e)) < 0)
            break;
    if (rc == 0 && w->begun)
        rc = finish_segment(w, e);
    for (size_t i = 0; rc == 0 && i < w->in->hdr.n_signals; i++) {
        const struct channel *c = &w->channel[i];
        if (c->n_clipped > 0)
            rc = kymo_warn(&w->call->log, e, w->in->hdr.signal[i].label, -1, "%lld samples clipped at %.0f..%.0f",
                           (long long)c->n_clipped, c->least, c->most);
    }
    kymo_block_release(&w->block);
    return rc < 0 ? rc : kymo_write_finish(w->out, e);
}

/* ---- setting up ---- */

/* The filter from a rate to the one that is wanted: made once. */
static const struct resample_filter *find_filter(struct work *w, struct kymo_ratio from, struct kymo_err *e)
{
    const int64_t num = kymo_common_divisor(from.num, w->rate.num), den = kymo_common_divisor(from.den, w->rate.den);
    int64_t n_in, n_out;

    for (size_t i = 0; i < w->n_filters; i++)
        if (w->filter[i].rate.num == from.num && w->filter[i].rate.den == from.den)
            return w->filter[i].design;
    if (__builtin_mul_overflow(from.num / num, w->rate.den / den, &n_in) ||
        __builtin_mul_overflow(from.den / den, w->rate.num / num, &n_out)) {
        kymo_fail(e, KYMO_EUSAGE, "the rates have no ratio of whole numbers below 10^15");
        return NULL;
    }
    struct filter *const new = &w->filter[w->n_filters];
    new->rate = from;
    if ((new->design = resample_design(n_in, n_out, w->args->pass, w->args->attenuation_db, e)))
        w->n_filters++;
    return new->design;
}

/* Integers keep their calibration. A filter may go beyond what the source's converter could give: the limits become those of
 * the integers. */
static void set_storage(struct channel *c, struct kymo_signal *s, bool real)
{
    if (real && c->is_integer) {
        s->storage = KYMO_F32;
        s->gain = 1;
        s->baseline = 0;
        s->can_miss = false;
        s->digital_min = s->digital_max = NAN;
        c->is_integer = false;
    }
    if (!c->is_integer)
        return;
    c->most = ldexp(1, (int)(8 * kymo_storage_bytes(s->storage)) - 1) - 1;
    c->least = -c->most;          /* one lower often says "missing" */
    s->digital_min = c->least - 1;
    s->digital_max = c->most;
}

/* How many samples there are at the new rate, where it is told that none is missing. */
static int64_t count_samples(const struct work *w, const struct kymo_signal *s)
{
    const int64_t duration_ns = w->in->hdr.duration_ns, end_ns = kymo_time_of(s->rate, s->n_samples);

    if (s->n_samples == KYMO_UNKNOWN || duration_ns == KYMO_UNKNOWN || llabs(duration_ns - end_ns) > 1)
        return KYMO_UNKNOWN;
    return kymo_index_at(w->rate, end_ns);
}

static int change_signal(struct work *w, size_t i, struct kymo_header *h, struct kymo_err *e)
{
    struct kymo_signal *s = &h->signal[i];
    struct channel *c = &w->channel[i];
    char prefilter[200];

    if (s->rate.num == w->rate.num && s->rate.den == w->rate.den)
        return 0;
    const struct resample_filter *f = find_filter(w, s->rate, e);
    if (!f || !(c->resample = resample_create(f, e)))
        return kymo_during(e, "cannot bring %.60s from %g to %g Hz", s->label, kymo_ratio_real(s->rate),
                           kymo_ratio_real(w->rate));
    const double lower_hz = fmin(kymo_ratio_real(s->rate), kymo_ratio_real(w->rate));
    snprintf(prefilter, sizeof prefilter, "%.150s%sLP:%.4gHz", s->prefilter, *s->prefilter ? " " : "",
             lower_hz * (1 + w->args->pass) / 4);
    if (!(s->prefilter = kymo_header_text(h, prefilter, strlen(prefilter), e)))
        return KYMO_ENOMEM;
    s->n_samples = count_samples(w, s);
    s->rate = c->rate = w->rate;
    set_storage(c, s, w->args->real);
    return 0;
}

static int open_output(struct work *w, struct kymo_err *e)
{
    struct kymo_header h;

    kymo_header_init(&h);
    int rc = kymo_header_copy(&h, &w->in->hdr, NULL, 0, e);
    for (size_t i = 0; rc == 0 && i < h.n_signals; i++) {
        w->channel[i].rate = h.signal[i].rate;
        w->channel[i].is_integer = kymo_storage_is_integer(h.signal[i].storage);
    }
    for (size_t k = 0; rc == 0 && k < w->n_pick; k++)
        rc = change_signal(w, w->pick[k], &h, e);
    if (rc == 0 && !(w->out = kymo_call_writer(w->call, w->args->out.path, &h, e)))
        rc = e->cause[0].code;
    kymo_header_release(&h);
    return rc;
}

/* The signals that -s names, or all. */
static int choose_signals(struct work *w, struct kymo_err *e)
{
    const struct kymo_header *h = &w->in->hdr;
    const struct kymo_strings *asked = &w->args->in.signals;

    if (h->n_signals == 0)
        return kymo_fail_at(e, KYMO_EDATA, kymo_operand(w->call), -1, "no signals");
    w->channel = calloc(h->n_signals, sizeof *w->channel);
    w->filter = calloc(h->n_signals, sizeof *w->filter);
    if (!w->channel || !w->filter)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", h->n_signals);
    if (asked->n > 0)
        return kymo_select(h, asked->text, asked->n, &w->pick, &w->n_pick, e);
    if (!(w->pick = calloc(h->n_signals, sizeof *w->pick)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", h->n_signals);
    while (w->n_pick < h->n_signals) {
        w->pick[w->n_pick] = w->n_pick;
        w->n_pick++;
    }
    return 0;
}

static int parse_rate(const char *text, struct kymo_ratio *rate, struct kymo_err *e)
{
    if (!text)
        return kymo_fail(e, KYMO_EUSAGE, "to which rate? -r HZ");
    if (!kymo_parse_ratio(text, strlen(text), rate))
        return kymo_fail(e, KYMO_EUSAGE, "--rate \"%.40s\" is no number, as 250, 499.95 or 1/30", text);
    if (rate->num <= 0 || kymo_ratio_real(*rate) > MOST_HZ)
        return kymo_fail(e, KYMO_EUSAGE, "--rate %.40s: not above 0 and up to %g Hz", text, MOST_HZ);
    return 0;
}

static void release(struct work *w)
{
    for (size_t i = 0; w->channel && i < w->in->hdr.n_signals; i++) {
        resample_destroy(w->channel[i].resample);
        free(w->channel[i].digital);
        free(w->channel[i].physical);
        free(w->channel[i].made);
    }
    for (size_t i = 0; i < w->n_filters; i++)
        resample_filter_destroy(w->filter[i].design);
    free(w->channel);
    free(w->filter);
    free(w->pick);
    kymo_writer_destroy(w->out);
    kymo_close(w->in);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct work w = {.call = call, .args = args};
    struct kymo_input_args all = args->in;
    int rc = parse_rate(args->rate, &w.rate, e);

    all.signals = (struct kymo_strings){0};   /* all pass on */
    if (rc == 0 && !(w.in = kymo_call_open(call, &all, false, e)))
        rc = e->cause[0].code;
    if (rc == 0)
        rc = choose_signals(&w, e);
    if (rc == 0)
        rc = open_output(&w, e);
    if (rc == 0)
        rc = pass_on(&w, e);
    release(&w);
    return rc;
}

const struct kymo_command kymo_cmd_resample = {
    .name = "resample", .about = "signals at another rate, by a linear-phase filter", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct args), .run = run,
};
