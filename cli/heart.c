/* cli/heart.c - see heart.h. */
#include "cli/heart.h"
#include "cli/segments.h"
#include "lib/grow.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_S 10.0   /* samples go to the portraits in such pieces, so that none is forgotten before its beat is drawn */

struct reading {
    struct heart *h;
    const struct heart_args *args;
    const struct kymo_call *call;
    struct kymo_reader *in;
    struct detector *detector;        /* NULL: beats are given */
    struct portrait_maker *maker;     /* NULL: no portraits */
    int64_t segment_ns, segment_first, base;   /* as in detector.c */
    size_t n_drawn;
    size_t seen[PORTRAIT_MOST_LEADS], n_seen;   /* leads of which those that are drawn are chosen; SIZE_MAX: not chosen */
    bool choosing;                    /* it is still to be seen which: until then none is drawn */
    bool begun, broken;               /* broken: the next beat comes after a break */
    struct segments segments;
    size_t n_double;
    char unknown[16];                 /* the first type that is in no vocabulary */
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for the beats of a recording"); }

void heart_release(struct heart *h)
{
    if (h->hdr.record)
        kymo_header_release(&h->hdr);
    free(h->beat);
    free(h->portrait);
    free(h->span);
}

/* ---- portraits ---- */

/* Times, not numbers of samples, tell where a beat is: it may count on another signal's grid. */
static int64_t sample_of(const struct reading *r, int64_t ns)
{
    const struct kymo_ratio rate = r->in->hdr.signal[r->h->lead[0]].rate;

    return kymo_index_at(rate, ns - r->segment_ns - KYMO_NS_PER_S * rate.den / rate.num / 2) + r->segment_first - r->base;
}

/* Chooses the leads by the beats that are not drawn yet. */
static int choose_leads(struct reading *r, int64_t before, struct kymo_err *e)
{
    struct heart *const h = r->h;
    size_t n = 0, chosen[PORTRAIT_LEADS];
    int64_t *const sample = malloc((h->n - r->n_drawn + 1) * sizeof *sample);

    if (!sample)
        return out_of_memory(e);
    for (size_t i = r->n_drawn; i < h->n; i++)
        if (!h->beat[i].from_pulse && (sample[n] = sample_of(r, h->beat[i].time_ns)) < before)
            n++;
    h->n_leads = portrait_choose(r->maker, sample, n, chosen);
    for (size_t c = 0, k = 0; c < r->n_seen; c++)
        if (k < h->n_leads && chosen[k] == c)
            h->lead[k++] = r->seen[c];
        else
            r->seen[c] = SIZE_MAX;
    r->choosing = false;
    free(sample);
    return 0;
}

static int draw(struct reading *r, int64_t before, struct kymo_err *e)
{
    struct heart *const h = r->h;

    if (r->choosing) {
        const int64_t waits = (int64_t)(PORTRAIT_CHOICE_S * kymo_ratio_real(r->in->hdr.signal[h->lead[0]].rate));
        const int rc = before < waits || r->n_drawn == h->n ? 0 : choose_leads(r, before, e);
        if (rc < 0 || r->choosing)
            return rc;
    }
    for (; r->n_drawn < h->n; r->n_drawn++) {
        const int64_t sample = sample_of(r, h->beat[r->n_drawn].time_ns);
        if (sample >= before)
            break;
        struct portrait *const all = kymo_grown(h->portrait, r->n_drawn, &h->cap_portraits, sizeof *all);
        if (!all)
            return out_of_memory(e);
        h->portrait = all;
        if (h->beat[r->n_drawn].from_pulse)
            h->portrait[r->n_drawn] = (struct portrait){0};
        else
            portrait_draw(r->maker, sample, &h->portrait[r->n_drawn]);
    }
    return 0;
}

static int push_samples(struct reading *r, struct kymo_block *b, struct kymo_err *e)
{
    const struct kymo_span *const span = &b->span[r->h->lead[0]];
    const size_t piece = (size_t)(PIECE_S * kymo_ratio_real(r->in->hdr.signal[r->h->lead[0]].rate)) + 1;
    const double *x[PORTRAIT_MOST_LEADS] = {NULL};
    int rc = 0;

    if (span->n == 0)
        return 0;
    if (!r->begun || b->new_segment) {
        if (r->begun && (rc = draw(r, INT64_MAX, e)) < 0)
            return rc;
        portrait_reset(r->maker);
        r->base = span->first;
        r->segment_first = span->segment_first;
        r->segment_ns = b->segment_ns;
        r->begun = true;
    }
    for (size_t done = 0; rc == 0 && done < span->n; done += piece) {
        for (size_t c = 0; c < r->n_seen; c++)
            x[c] = r->seen[c] == SIZE_MAX ? NULL : kymo_physical(b, r->seen[c]) + done;
        portrait_push(r->maker, x, span->n - done < piece ? span->n - done : piece);
        rc = draw(r, portrait_known(r->maker), e);
    }
    return rc;
}

/* Leads of one rate that are an ECG, or that -s names. */
static int open_portraits(struct reading *r, struct kymo_err *e)
{
    const struct kymo_header *const hdr = &r->in->hdr;
    const struct kymo_strings *const asked = &r->args->in.signals;
    struct heart *const h = r->h;
    size_t *pick = NULL, n = hdr->n_signals;
    int rc = asked->n ? kymo_select(hdr, asked->text, asked->n, &pick, &n, e) : 0;

    for (size_t i = 0; rc == 0 && i < n && r->n_seen < PORTRAIT_MOST_LEADS; i++) {
        const size_t signal = pick ? pick[i] : i;
        const struct kymo_signal *const s = &hdr->signal[signal];
        const struct kymo_signal *const first = &hdr->signal[r->n_seen ? r->seen[0] : signal];
        const double fs_hz = kymo_ratio_real(s->rate);
        if ((pick || s->kind == KYMO_ECG) && s->rate.num == first->rate.num && s->rate.den == first->rate.den && fs_hz >= 60 &&
            fs_hz <= 10000)
            r->seen[r->n_seen++] = signal;
    }
    free(pick);
    if (rc < 0 || r->n_seen == 0)
        return rc;
    h->n_leads = r->n_seen < PORTRAIT_LEADS ? r->n_seen : PORTRAIT_LEADS;
    memcpy(h->lead, r->seen, h->n_leads * sizeof *h->lead);
    r->choosing = r->n_seen > PORTRAIT_LEADS;
    r->maker = portrait_create(kymo_ratio_real(hdr->signal[h->lead[0]].rate), r->n_seen, e);
    return r->maker ? 0 : e->cause[0].code;
}

/* ---- beats and what else there is ---- */

static int add_span(struct reading *r, const struct kymo_event *ev, struct kymo_err *e)
{
    struct heart *const h = r->h;
    struct heart_span *const all = kymo_grown(h->span, h->n_spans, &h->cap_spans, sizeof *all);

    if (!all)
        return out_of_memory(e);
    h->span = all;
    struct heart_span *const s = &h->span[h->n_spans++];
    *s = (struct heart_span){.time_ns = ev->time_ns, .duration_ns = ev->duration_ns > 0 ? ev->duration_ns : 0};
    memcpy(s->type, ev->type, sizeof s->type);
    r->broken |= kymo_is_break(ev->type);
    return 0;
}

static int add_beat(struct reading *r, const struct kymo_event *ev, double quality, struct kymo_err *e)
{
    struct heart *const h = r->h;
    struct heart_beat *const all = kymo_grown(h->beat, h->n, &h->cap_beats, sizeof *all);

    if (!all)
        return out_of_memory(e);
    h->beat = all;
    const struct heart_beat *const last = h->n ? &h->beat[h->n - 1] : NULL;
    if (last && ev->time_ns < last->time_ns)
        return kymo_fail_at(e, KYMO_EDATA, r->in->path, -1, "beat at %.9g s does not lie behind the one at %.9g s",
                            (double)ev->time_ns / 1e9, (double)last->time_ns / 1e9);
    if (last && ev->time_ns == last->time_ns) {
        r->n_double++;
        return 0;
    }
    h->beat[h->n] = (struct heart_beat){
        .time_ns = ev->time_ns, .sample = ev->sample, .quality = (float)quality, .score = (float)ev->value,
        .signal = ev->signal, .given = (unsigned char)kymo_code_of(ev->type),
        .from_pulse = r->detector && *ev->text,
        .after_break = r->broken || (last && segments_begin_between(&r->segments, last->time_ns, ev->time_ns)),
    };
    h->n++;
    r->broken = false;
    return 0;
}

static int add_event(struct reading *r, const struct kymo_event *ev, double quality, struct kymo_err *e)
{
    if (kymo_is_beat(ev->type))
        return add_beat(r, ev, quality, e);
    if (kymo_code_of(ev->type) < 0 && ev->duration_ns == 0 && !*r->unknown && strcmp(ev->type, "gap") != 0 &&
        strcmp(ev->type, "noise") != 0)
        memcpy(r->unknown, ev->type, sizeof r->unknown);
    return add_span(r, ev, e);
}

static int take_found(struct reading *r, struct kymo_err *e)
{
    size_t n;
    const struct finding *const found = detector_found(r->detector, &n);
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = add_event(r, &found[i].event, found[i].quality, e);
    return rc;
}

static int take_given(struct reading *r, const struct kymo_block *b, struct kymo_err *e)
{
    int rc = b->new_segment ? segments_add(&r->segments, b->segment_ns, e) : 0;

    for (size_t i = 0; rc == 0 && i < b->n_events; i++)
        rc = add_event(r, &b->event[i], (double)NAN, e);
    return rc;
}

static void see_end(struct reading *r, const struct kymo_block *b)
{
    for (size_t c = 0; c < r->in->hdr.n_signals; c++) {
        const int64_t end_ns = b->span[c].n ? kymo_block_time(b, c, b->span[c].first + (int64_t)b->span[c].n) : 0;
        r->h->end_ns = end_ns > r->h->end_ns ? end_ns : r->h->end_ns;
    }
}

static int take_block(struct reading *r, struct kymo_block *b, struct kymo_err *e)
{
    int rc = r->detector ? detector_push(r->detector, b, e) : take_given(r, b, e);

    see_end(r, b);
    if (rc == 0 && r->detector)
        rc = take_found(r, e);
    if (rc == 0 && r->maker)
        rc = push_samples(r, b, e);
    return rc < 0 || !r->args->tap ? rc : r->args->tap->block(r->args->tap->self, b, e);
}

/* ---- what is said about it ---- */

static int warn_of_events(const struct reading *r, struct kymo_err *e)
{
    const struct heart *const h = r->h;
    const struct kymo_log *const log = &r->call->log;
    size_t beyond = 0;
    int rc = 0;

    if (*r->unknown)
        rc = kymo_warn(log, e, r->in->path, -1, "events of type \"%s\", which is in no vocabulary, are not used", r->unknown);
    if (rc == 0 && r->n_double)
        rc = kymo_warn(log, e, r->in->path, -1, "%zu beats at the time of the beat before: left out", r->n_double);
    while (beyond < h->n && r->in->hdr.n_signals && h->end_ns > 0 && h->beat[h->n - 1 - beyond].time_ns >= h->end_ns)
        beyond++;
    if (rc == 0 && beyond && !h->found)
        rc = kymo_warn(log, e, r->in->path, -1,
                       "%zu of %zu beats lie behind the end of the signals, at %.9g s: are they of another recording?", beyond,
                       h->n, (double)h->end_ns / 1e9);
    return rc;
}

static int read_all(struct reading *r, struct kymo_err *e)
{
    struct heart *const h = r->h;
    struct kymo_block *b;
    int rc;

    while ((rc = kymo_read(r->in, &b, e)) > 0)
        if ((rc = take_block(r, b, e)) < 0)
            return rc;
    if (rc == 0 && r->detector && (rc = detector_flush(r->detector, e)) == 0)
        rc = take_found(r, e);
    if (rc == 0 && r->maker && r->begun)
        rc = draw(r, INT64_MAX, e);
    if (rc < 0)
        return rc;
    if (r->maker && !r->begun)
        h->n_leads = 0;
    const char *const why = r->detector ? detector_why_none(r->detector) : NULL;
    if (why && (rc = kymo_warn(&r->call->log, e, r->in->path, -1, "%s", why)) < 0)
        return rc;
    rc = warn_of_events(r, e);
    if (h->n > 0 && h->beat[h->n - 1].time_ns > h->end_ns)
        h->end_ns = h->beat[h->n - 1].time_ns;
    return rc;
}

/* ---- where beats come from ---- */

/* Opens the recording; with a track that is named, also where its signals are missing. */
static struct kymo_reader *open_recording(const struct kymo_call *call, const struct heart_args *args, struct kymo_err *e)
{
    const struct kymo_strings none = {NULL, 0};
    struct kymo_input_args in = args->in;

    if (!in.annotator || args->all_signals)
        in.signals = none;       /* pulses may help, and a stream may bring events; leads are chosen later */
    struct kymo_reader *r = kymo_call_open(call, &in, false, e);
    if (!r && in.annotator && e->cause[0].code == KYMO_EIO && strcmp(kymo_operand(call), "-") != 0) {
        struct kymo_err again = {0};
        in.signals = none;
        if ((r = kymo_call_open(call, &in, true, &again)))
            *e = (struct kymo_err){0};
    }
    return r;
}

bool heart_takes_own_track(struct kymo_reader *in)
{
    static const char *const names[] = {"beats", "qrs"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (kymo_has_track(&in->hdr, names[i])) {
            kymo_take_track(in, names[i]);
            return true;
        }
    return false;
}

/* 1: a track gives the beats, 0: the detector is to find them, or a negative code. */
static int beats_are_given(const struct reading *r, struct kymo_err *e)
{
    const struct kymo_header *const hdr = &r->in->hdr;

    if (r->args->in.annotator)
        return 1;
    if (r->args->find)
        return 0;
    if (heart_takes_own_track(r->in))
        return 1;
    if (kymo_has_kind(hdr, KYMO_ECG) || r->args->in.signals.n > 0)
        return 0;
    if (hdr->n_tracks == 1)
        return 1;
    if (hdr->n_tracks == 0)
        return kymo_fail_at(e, KYMO_EDATA, r->in->path, -1, "no ECG to find beats in, and no track of events");
    return kymo_fail_at(e, KYMO_EUSAGE, r->in->path, -1, "%zu event tracks, %s and others: choose with -a", hdr->n_tracks,
                        hdr->track[0]);
}

static int open_detector(struct reading *r, struct kymo_err *e)
{
    const struct kymo_strings *const asked = &r->args->in.signals;
    const char *ecg = "ecg";
    const struct kymo_strings any_ecg = {&ecg, 1};
    struct detector_args detector = r->args->detector;

    if (asked->n > 0)
        detector.pulse = DETECTOR_NO_PULSE;
    r->detector = detector_create(&r->in->hdr, asked->n > 0 ? asked : &any_ecg, &detector, &r->call->log, e);
    return r->detector ? 0 : e->cause[0].code;
}

static int open_reading(struct reading *r, struct kymo_err *e)
{
    struct heart *const h = r->h;

    kymo_header_init(&h->hdr);
    r->in = r->args->opened ? r->args->opened : open_recording(r->call, r->args, e);
    if (!r->in)
        return e->cause[0].code;
    int rc = kymo_header_copy(&h->hdr, &r->in->hdr, NULL, 0, e);
    const int given = rc < 0 ? rc : beats_are_given(r, e);
    if (given < 0)
        return given;
    h->found = !given;
    if (h->found && (rc = open_detector(r, e)) < 0)
        return rc;
    return r->args->no_portraits ? 0 : open_portraits(r, e);
}

int heart_read(const struct kymo_call *call, const struct heart_args *args, struct heart *h, struct kymo_err *e)
{
    struct reading r = {.h = h, .args = args, .call = call};
    int rc = open_reading(&r, e);

    if (rc == 0)
        rc = read_all(&r, e);
    detector_destroy(r.detector);
    portrait_destroy(r.maker);
    segments_release(&r.segments);
    kymo_close(r.in);
    return rc;
}
