/* cli/detector.c - see detector.h. */
#include "cli/detector.h"
#include "algorithms/holes.h"
#include "algorithms/qrs.h"
#include "algorithms/qrs_trees.h"
#include "cli/pulses.h"
#include "lib/grow.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Heart rates that qrs.h is made for, per minute. */
#define SLOWEST 15.0
#define FASTEST 300.0

struct findings {
    struct finding *finding;
    size_t n, cap;
};

struct detector {
    const struct kymo_header *hdr;
    size_t lead[QRS_MOST_LEADS], n_leads;
    double quickness;             /* of hearts, 1 for people: the detector's time is ours times this */
    const char *range;            /* as --rate-range has it */
    double latest_s;              /* a beat is known so long after it at most */
    struct qrs *qrs;
    struct qrs_beat *beat;
    size_t cap_beats;
    int64_t base, segment_first, segment_ns;   /* first sample given to the detector; the segment that it lies in */
    int64_t end_ns;               /* time behind the last sample */
    bool begun;
    struct holes holes;           /* stretches that the detector jumps over, as it does gaps */
    struct pulses *pulses;        /* or NULL */
    double some;                  /* any sample, NaN before there is one */
    bool is_full;                 /* there were more leads than fit */
    bool changes, has_beat;       /* a sample that differs was seen; a beat was given */
    struct findings gaps, found;    /* gaps not yet given out: the beats before them come first */
};

/* A signal that is not sampled like the first, or one too many, is left out. */
static int add_lead(struct detector *d, size_t signal, const struct kymo_log *log, struct kymo_err *e)
{
    const struct kymo_signal *s = &d->hdr->signal[signal], *first = d->n_leads ? &d->hdr->signal[d->lead[0]] : s;

    if (s->rate.num != first->rate.num || s->rate.den != first->rate.den)
        return kymo_warn(log, e, s->label, -1, "left out: %g samples per second, %s has %g", kymo_ratio_real(s->rate),
                         first->label, kymo_ratio_real(first->rate));
    const double slowed_hz = kymo_ratio_real(s->rate) / d->quickness;
    if (!(slowed_hz >= QRS_SLOWEST_HZ && slowed_hz <= QRS_FASTEST_HZ))
        return kymo_warn(log, e, s->label, -1, "left out: %g samples per second, not %g..%g (at --rate-range %.40s)",
                         kymo_ratio_real(s->rate), QRS_SLOWEST_HZ * d->quickness, QRS_FASTEST_HZ * d->quickness, d->range);
    if (d->n_leads == QRS_MOST_LEADS) {   /* said of the first, for all behind it */
        d->is_full = true;
        return kymo_warn(log, e, s->label, -1, "left out, as all behind it: more than %d leads", QRS_MOST_LEADS);
    }
    d->lead[d->n_leads++] = signal;
    return 0;
}

static int choose_leads(struct detector *d, const struct kymo_strings *names, const struct kymo_log *log, struct kymo_err *e)
{
    size_t *pick = NULL, n = d->hdr->n_signals;
    int rc = names ? kymo_select(d->hdr, names->text, names->n, &pick, &n, e) : 0;

    for (size_t i = 0; rc == 0 && i < n && !d->is_full; i++)
        rc = add_lead(d, pick ? pick[i] : i, log, e);
    free(pick);
    return rc < 0 || n > 0 ? rc : kymo_fail(e, KYMO_EDATA, "no signals to find beats in");
}

/* How many times as quick as a person's a heart is whose rate lies in that range. A QRS complex takes roughly a tenth of a
 * species' usual interval, so all of its wave counts as so much quicker: by the middles of the ranges, or more where the
 * fastest rate asks for it. By the fastest alone, k = 2.7 for 200-800, a person's ECG played at 600 per minute is lost. */
static int parse_rate_range(const char *text, double *quickness, struct kymo_err *e)
{
    const char *dash = strchr(text, '-');
    double slowest, fastest;

    if (!dash || !kymo_parse_real(text, (size_t)(dash - text), &slowest) ||
        !kymo_parse_real(dash + 1, strlen(dash + 1), &fastest) || !(slowest > 0 && slowest < fastest))
        return kymo_fail(e, KYMO_EUSAGE, "--rate-range \"%.40s\" is not two rates, the lower one first, as 15-300", text);
    *quickness = fmax(sqrt(slowest * fastest / (SLOWEST * FASTEST)), fastest / FASTEST);
    return 0;
}

static struct qrs_options options_of(const struct detector_args *args)
{
    static const struct qrs_model *const models[] = {
        [DETECTOR_ALL] = &qrs_model_all, [DETECTOR_ODD] = &qrs_model_odd, [DETECTOR_EVEN] = &qrs_model_even,
    };
    const bool plain = args && (args->fast || args->online);

    return (struct qrs_options){.model = plain ? NULL : models[args ? args->model : DETECTOR_ALL],
                                .online = args && args->online, .look_ahead_s = args ? args->look_ahead_s : 0};
}

static int open_detector(struct detector *d, const struct kymo_strings *names, const struct detector_args *args,
                         const struct kymo_log *log, struct kymo_err *e)
{
    d->range = args && args->rate_range ? args->rate_range : DETECTOR_RATE_RANGE;
    int rc = parse_rate_range(d->range, &d->quickness, e);

    if (rc < 0 || (rc = choose_leads(d, names, log, e)) < 0 || d->n_leads == 0)
        return rc;
    const struct kymo_signal *first = &d->hdr->signal[d->lead[0]];
    const double rate_hz = kymo_ratio_real(first->rate), slowed_hz = rate_hz / d->quickness;
    const struct qrs_options o = options_of(args);
    if (args && !args->online && args->look_ahead_s != QRS_ONLINE_S && args->look_ahead_s != 0)
        return kymo_fail(e, KYMO_EUSAGE, "--look-ahead is for --online");
    d->latest_s = (o.online ? fmax(o.look_ahead_s, QRS_FIRST_S) : o.model ? QRS_LOOK_AHEAD_S : QRS_FAST_S) / d->quickness;
    d->qrs = qrs_create(slowed_hz, d->n_leads, &o, e);
    if (!d->qrs)
        return kymo_during(e, "cannot find beats in %s", first->label);
    d->holes.shortest = (int64_t)(QRS_BRIDGED_S * slowed_hz) + 1;
    if (!args || args->pulse == DETECTOR_NO_PULSE || o.online || d->quickness != 1)
        return 0;
    return pulses_create(d->hdr, d->lead, d->n_leads, detector_latest_ns(d), &d->pulses, e);
}

struct detector *detector_create(const struct kymo_header *h, const struct kymo_strings *names,
                                 const struct detector_args *args, const struct kymo_log *log, struct kymo_err *e)
{
    struct detector *d = calloc(1, sizeof *d);

    if (!d) {
        kymo_fail(e, KYMO_ENOMEM, "no memory to find beats");
        return NULL;
    }
    d->hdr = h;
    d->some = (double)NAN;
    if (open_detector(d, names, args, log, e) == 0)
        return d;
    detector_destroy(d);
    return NULL;
}

void detector_destroy(struct detector *d)
{
    if (!d)
        return;
    qrs_destroy(d->qrs);
    pulses_destroy(d->pulses);
    free(d->beat);
    free(d->gaps.finding);
    free(d->found.finding);
    free(d);
}

int64_t detector_latest_ns(const struct detector *d)
{
    return d->pulses ? pulses_latest_ns(d->pulses) : (int64_t)(d->latest_s * KYMO_NS_PER_S);
}

/* ---- events ---- */

static int add(struct findings *to, const struct kymo_event *ev, double quality, struct kymo_err *e)
{
    struct finding *const all = kymo_grown(to->finding, to->n, &to->cap, sizeof *all);

    if (!all)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu events", to->n + 1);
    to->finding = all;
    to->finding[to->n++] = (struct finding){*ev, quality};
    return 0;
}

/* Gives out the gaps that begin before ns. */
static int give_gaps(struct detector *d, int64_t ns, struct kymo_err *e)
{
    struct findings *gaps = &d->gaps;
    size_t n = 0;
    int rc = 0;

    for (; rc == 0 && n < gaps->n && gaps->finding[n].event.time_ns < ns; n++)
        rc = add(&d->found, &gaps->finding[n].event, (double)NAN, e);
    if (n > 0)
        memmove(gaps->finding, gaps->finding + n, (gaps->n - n) * sizeof *gaps->finding);
    gaps->n -= n;
    return rc;
}

static int keep_gap(struct detector *d, int64_t from_ns, int64_t to_ns, struct kymo_err *e)
{
    return add(&d->gaps, &(struct kymo_event){
        .time_ns = from_ns, .duration_ns = to_ns - from_ns, .sample = KYMO_UNKNOWN, .signal = -1, .type = "gap",
        .value = (double)NAN, .text = "",
    }, (double)NAN, e);
}

/* Time of a sample that the detector counts. */
static int64_t time_of(const struct detector *d, int64_t sample)
{
    return d->segment_ns + kymo_time_of(d->hdr->signal[d->lead[0]].rate, d->base + sample - d->segment_first);
}

static int give(struct detector *d, const struct kymo_event *ev, double quality, struct kymo_err *e)
{
    const int rc = give_gaps(d, ev->time_ns, e);

    d->has_beat = d->has_beat || kymo_is_beat(ev->type);
    return rc < 0 ? rc : add(&d->found, ev, quality, e);
}

/* What the pulses have made certain. */
static int give_fused(struct detector *d, bool done, struct kymo_err *e)
{
    struct finding f;
    int rc = 0;

    while (d->pulses && rc == 0 && pulses_next(d->pulses, done, &f))
        rc = give(d, &f.event, f.quality, e);
    return rc;
}

static double thousandths(double v) { return round(1000 * v) / 1000; }

/* Beats, and stretches of noise. */
static int give_beats(struct detector *d, size_t n, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++) {
        const struct qrs_beat *b = &d->beat[i];
        struct kymo_event ev = {
            .time_ns = time_of(d, b->sample), .sample = d->base + b->sample, .signal = (int)d->lead[0], .type = "N",
            .value = thousandths(b->score), .text = "",
        };
        if (b->noise > 0) {
            memcpy(ev.type, "noise", sizeof "noise");
            ev.duration_ns = time_of(d, b->sample + b->noise) - ev.time_ns;
            ev.value = (double)NAN;
        }
        const double quality = b->noise > 0 ? (double)NAN : thousandths(b->quality);
        rc = d->pulses ? pulses_take(d->pulses, &ev, quality, e) : give(d, &ev, quality, e);
    }
    return rc;
}

/* ---- samples ---- */

/* Notes the stretches of x[n] in which no lead has a sample. */
static int find_holes(struct detector *d, const double *const x[], size_t n, struct kymo_err *e)
{
    struct hole hole;
    size_t at = 0;
    int rc = 0;

    while (rc == 0 && holes_next(&d->holes, x, d->n_leads, n, &at, &hole))
        rc = keep_gap(d, time_of(d, hole.first), time_of(d, hole.first + hole.n), e);
    return rc;
}

static int reserve_beats(struct detector *d, size_t n, struct kymo_err *e)
{
    const size_t need = qrs_bound(d->qrs, n);

    if (need <= d->cap_beats)
        return 0;
    free(d->beat);
    d->beat = malloc(need * sizeof *d->beat);
    d->cap_beats = d->beat ? need : 0;
    return d->beat ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu beats", need);
}

/* What is still held, at the end of a segment. */
static int end_segment(struct detector *d, struct kymo_err *e)
{
    struct hole hole;
    int rc = d->qrs ? reserve_beats(d, 0, e) : 0;
    size_t n;

    while (rc == 0 && d->cap_beats > 0 && (n = qrs_flush(d->qrs, d->beat, d->cap_beats)) > 0)
        rc = give_beats(d, n, e);
    if (rc == 0 && d->qrs && holes_flush(&d->holes, &hole))
        rc = keep_gap(d, time_of(d, hole.first), time_of(d, hole.first + hole.n), e);
    if (rc < 0 || d->pulses)
        return rc < 0 ? rc : pulses_end_segment(d->pulses, e);
    return give_gaps(d, INT64_MAX, e);
}

/* Ends a segment at a gap, and notes where the samples that follow lie. */
static int enter_segment(struct detector *d, const struct kymo_block *b, struct kymo_err *e)
{
    const struct kymo_span *span = &b->span[d->lead[0]];
    int rc = 0;

    if (d->begun && b->new_segment && (rc = end_segment(d, e)) == 0)
        rc = keep_gap(d, d->end_ns, kymo_block_time(b, d->lead[0], span->first), e);
    if (!d->begun || b->new_segment) {
        d->base = span->first;
        d->segment_first = span->segment_first;
        d->segment_ns = b->segment_ns;
        d->begun = true;
    }
    return rc;
}

static void look_for_change(struct detector *d, const double *x, size_t n)
{
    for (size_t i = 0; i < n && !d->changes; i++) {
        if (isnan(d->some))
            d->some = x[i];
        d->changes = !isnan(x[i]) && x[i] != d->some;
    }
}

static int detect(struct detector *d, struct kymo_block *b, struct kymo_err *e)
{
    const struct kymo_span *span = d->n_leads ? &b->span[d->lead[0]] : NULL;
    const double *x[QRS_MOST_LEADS];
    int rc;

    if (!span || span->n == 0)
        return d->pulses ? pulses_push(d->pulses, b, e) : 0;
    for (size_t k = 0; k < d->n_leads; k++) {
        const struct kymo_span *other = &b->span[d->lead[k]];
        if (other->n != span->n || other->first != span->first)
            return kymo_fail(e, KYMO_EDATA, "leads do not bring the same samples at %lld", (long long)span->first);
        x[k] = kymo_physical(b, d->lead[k]);
    }
    for (size_t k = 0; k < d->n_leads && !d->changes; k++)
        look_for_change(d, x[k], span->n);
    if ((rc = enter_segment(d, b, e)) < 0 || (rc = reserve_beats(d, span->n, e)) < 0)
        return rc;
    d->end_ns = kymo_block_time(b, d->lead[0], span->first + (int64_t)span->n);
    if ((rc = find_holes(d, x, span->n, e)) < 0)
        return rc;
    if ((rc = give_beats(d, qrs_push(d->qrs, x, span->n, d->beat), e)) < 0 || !d->pulses)
        return rc;
    return (rc = pulses_push(d->pulses, b, e)) < 0 ? rc : give_fused(d, false, e);
}

int detector_push(struct detector *d, struct kymo_block *b, struct kymo_err *e)
{
    d->found.n = 0;
    return detect(d, b, e);
}

int detector_flush(struct detector *d, struct kymo_err *e)
{
    int rc;

    d->found.n = 0;
    if ((rc = end_segment(d, e)) < 0 || (rc = give_fused(d, true, e)) < 0)
        return rc;
    return give_gaps(d, INT64_MAX, e);
}

const struct finding *detector_found(const struct detector *d, size_t *n)
{
    *n = d->found.n;
    return d->found.finding;
}

const char *detector_why_none(const struct detector *d)
{
    if (d->has_beat)
        return NULL;
    if (!d->qrs)
        return "no beats: no lead has a rate to find them at";
    if (isnan(d->some))
        return "no beats: the leads have no samples";
    return d->changes ? "no beats" : "no beats: the leads never change";
}
