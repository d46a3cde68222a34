/* cli/pulses.c - see pulses.h. */
#include "cli/pulses.h"
#include "algorithms/beatfuse.h"
#include "algorithms/pulse.h"
#include "algorithms/qrs.h"
#include "lib/grow.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FLAT_S 1.0       /* an ECG that stays the same for so long in all leads cannot be read; */
#define FLAT_PIECE_S 5.0 /* told in pieces, since its end may be far */

struct wave {
    size_t signal;
    struct pulse *pulse;
    int64_t base, segment_first, segment_ns;   /* first sample given to pulse; the segment that it lies in */
    bool begun;
};

/* Where the last segments of the first lead begin: in time, and as sample. */
enum { SEGMENTS = 64 };

struct pulses {
    const struct kymo_header *hdr;
    const size_t *lead;
    size_t n_leads, n_waves;
    struct wave wave[BEATFUSE_MOST_PULSES];
    struct { int64_t ns, first; } segment[SEGMENTS];
    size_t n_segments;
    struct beatfuse *fuse;
    int64_t latest_ns, now_ns;    /* of the detectors; all before now is pushed */
    struct finding *held;         /* given by the detector, not yet given out: held[first_held..n_held-1] */
    size_t first_held, n_held, cap_held;
    struct beatfuse_beat next;    /* to be given out, if there is one */
    bool has_next;
    struct pulse_beat *beat;
    size_t cap_beats;
    double last[QRS_MOST_LEADS];  /* of each lead, and since when all stayed the same; -1: they do not */
    int64_t flat_from_ns;
};

static bool is_pulse(const struct kymo_signal *s)
{
    return (s->kind == KYMO_ABP || s->kind == KYMO_PPG) && kymo_ratio_real(s->rate) >= 30 && kymo_ratio_real(s->rate) <= 10000;
}

static int open_waves(struct pulses *p, struct kymo_err *e)
{
    enum beatfuse_kind kind[BEATFUSE_MOST_PULSES];

    for (size_t i = 0; i < p->hdr->n_signals && p->n_waves < BEATFUSE_MOST_PULSES; i++) {
        const struct kymo_signal *s = &p->hdr->signal[i];
        if (!is_pulse(s))
            continue;
        kind[p->n_waves] = s->kind == KYMO_ABP ? BEATFUSE_PRESSURE : BEATFUSE_VOLUME;
        struct wave *w = &p->wave[p->n_waves++];
        w->signal = i;
        if (!(w->pulse = pulse_create(kymo_ratio_real(s->rate), e)))
            return e->cause[0].code;
    }
    if (p->n_waves > 0 && !(p->fuse = beatfuse_create(kind, p->n_waves, e)))
        return e->cause[0].code;
    return 0;
}

int pulses_create(const struct kymo_header *h, const size_t *lead, size_t n_leads, int64_t latest_ns, struct pulses **out,
                  struct kymo_err *e)
{
    const int64_t pulse_ns = (int64_t)(PULSE_LOOK_AHEAD_S * KYMO_NS_PER_S);
    struct pulses *p = calloc(1, sizeof *p);

    *out = NULL;
    if (!p)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for pulse signals");
    p->hdr = h;
    p->lead = lead;
    p->n_leads = n_leads;
    p->latest_ns = latest_ns > pulse_ns ? latest_ns : pulse_ns;
    p->flat_from_ns = -1;
    const int rc = open_waves(p, e);
    if (rc == 0 && p->n_waves > 0)
        *out = p;
    else
        pulses_destroy(p);
    return rc;
}

void pulses_destroy(struct pulses *p)
{
    if (!p)
        return;
    for (size_t k = 0; k < p->n_waves; k++)
        pulse_destroy(p->wave[k].pulse);
    beatfuse_destroy(p->fuse);
    free(p->held);
    free(p->beat);
    free(p);
}

int64_t pulses_latest_ns(const struct pulses *p)
{
    return p->latest_ns + (int64_t)(BEATFUSE_LOOK_AHEAD_S * KYMO_NS_PER_S);
}

/* ---- in ---- */

int pulses_take(struct pulses *p, const struct kymo_event *ev, double quality, struct kymo_err *e)
{
    if (p->n_held == p->cap_held && p->first_held > 0) {
        memmove(p->held, p->held + p->first_held, (p->n_held - p->first_held) * sizeof *p->held);
        p->n_held -= p->first_held;
        p->first_held = 0;
    }
    struct finding *const all = kymo_grown(p->held, p->n_held, &p->cap_held, sizeof *all);
    if (!all)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu beats", p->n_held + 1);
    p->held = all;
    p->held[p->n_held++] = (struct finding){*ev, quality};
    return kymo_is_beat(ev->type) ? beatfuse_ecg(p->fuse, ev->time_ns, ev->value, e) : 0;
}

static int hand_over(struct pulses *p, size_t k, size_t n, struct kymo_err *e)
{
    const struct wave *w = &p->wave[k];
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++) {
        const int64_t sample = w->base + p->beat[i].sample - w->segment_first;
        const int64_t ns = w->segment_ns + kymo_time_of(p->hdr->signal[w->signal].rate, sample);
        rc = beatfuse_pulse(p->fuse, k, ns, p->beat[i].quality, e);
    }
    return rc;
}

static int reserve(struct pulses *p, size_t need, struct kymo_err *e)
{
    if (need <= p->cap_beats)
        return 0;
    free(p->beat);
    p->beat = malloc(need * sizeof *p->beat);
    p->cap_beats = p->beat ? need : 0;
    return p->beat ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu pulses", need);
}

static int flush_wave(struct pulses *p, size_t k, struct kymo_err *e)
{
    int rc = reserve(p, pulse_bound(p->wave[k].pulse, 0), e);
    size_t n;

    while (rc == 0 && (n = pulse_flush(p->wave[k].pulse, p->beat, p->cap_beats)) > 0)
        rc = hand_over(p, k, n, e);
    p->wave[k].begun = false;
    return rc;
}

static int push_wave(struct pulses *p, size_t k, struct kymo_block *b, struct kymo_err *e)
{
    struct wave *w = &p->wave[k];
    const struct kymo_span *span = &b->span[w->signal];
    int rc = 0;

    if (span->n == 0)
        return 0;
    if (b->new_segment && w->begun)
        rc = flush_wave(p, k, e);
    if (!w->begun) {
        w->base = span->first;
        w->segment_first = span->segment_first;
        w->segment_ns = b->segment_ns;
        w->begun = true;
    }
    if (rc < 0 || (rc = reserve(p, pulse_bound(w->pulse, span->n), e)) < 0)
        return rc;
    const int64_t end_ns = kymo_block_time(b, w->signal, span->first + (int64_t)span->n);
    p->now_ns = end_ns < p->now_ns ? end_ns : p->now_ns;
    return hand_over(p, k, pulse_push(w->pulse, kymo_physical(b, w->signal), span->n, p->beat), e);
}

static int tell_flat(struct pulses *p, int64_t until_ns, double least_s, struct kymo_err *e)
{
    const int64_t from_ns = p->flat_from_ns;

    if (from_ns < 0 || (double)(until_ns - from_ns) < least_s * KYMO_NS_PER_S)
        return 0;
    p->flat_from_ns = until_ns;
    return beatfuse_blind(p->fuse, from_ns, until_ns, e);
}

/* Looks for stretches in which no lead changes. */
static int find_flat(struct pulses *p, struct kymo_block *b, struct kymo_err *e)
{
    const struct kymo_span *span = &b->span[p->lead[0]];
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < span->n; i++) {
        bool same = true;
        for (size_t c = 0; c < p->n_leads; c++) {
            const double x = b->span[p->lead[c]].physical[i];
            same = same && x == p->last[c];
            p->last[c] = x;
        }
        if (same && p->flat_from_ns >= 0)
            continue;
        const int64_t ns = kymo_block_time(b, p->lead[0], span->first + (int64_t)i);
        if (!same)
            rc = tell_flat(p, ns, FLAT_S, e);
        p->flat_from_ns = same ? ns : -1;
    }
    return rc < 0 ? rc : tell_flat(p, kymo_block_time(b, p->lead[0], span->first + (int64_t)span->n), FLAT_PIECE_S, e);
}

int pulses_push(struct pulses *p, struct kymo_block *b, struct kymo_err *e)
{
    const struct kymo_span *span = &b->span[p->lead[0]];
    int rc = 0;

    if (span->n > 0) {
        if (p->n_segments == 0 || b->new_segment) {
            p->segment[p->n_segments % SEGMENTS].ns = b->segment_ns;
            p->segment[p->n_segments++ % SEGMENTS].first = span->segment_first;
        }
        p->now_ns = kymo_block_time(b, p->lead[0], span->first + (int64_t)span->n);
        rc = find_flat(p, b, e);
    }
    for (size_t k = 0; rc == 0 && k < p->n_waves; k++)
        rc = push_wave(p, k, b, e);
    return rc;
}

int pulses_end_segment(struct pulses *p, struct kymo_err *e)
{
    int rc = tell_flat(p, p->now_ns, FLAT_S, e);

    p->flat_from_ns = -1;
    for (size_t k = 0; rc == 0 && k < p->n_waves; k++)
        rc = p->wave[k].begun ? flush_wave(p, k, e) : 0;
    return rc;
}

/* ---- out ---- */

/* The beat of a pulse, at the nearest sample of the first lead. */
static struct finding from_pulse(const struct pulses *p, const struct beatfuse_beat *b)
{
    const struct kymo_ratio rate = p->hdr->signal[p->lead[0]].rate;
    const int64_t half_ns = kymo_time_of(rate, 1) / 2;
    size_t at = p->n_segments ? p->n_segments - 1 : 0;

    while (at > 0 && p->n_segments - at < SEGMENTS && p->segment[at % SEGMENTS].ns > b->time_ns)
        at--;
    const int64_t start_ns = p->segment[at % SEGMENTS].ns, i = kymo_index_at(rate, b->time_ns - start_ns + half_ns);
    return (struct finding){
        .event = {.time_ns = start_ns + kymo_time_of(rate, i), .signal = (int)p->lead[0], .type = "N",
                  .sample = i < 0 ? KYMO_UNKNOWN : p->segment[at % SEGMENTS].first + i,
                  .value = round(1000 * b->score) / 1000,
                  .text = p->hdr->signal[p->wave[b->source].signal].label},
        .quality = (double)NAN,
    };
}

bool pulses_next(struct pulses *p, bool done, struct finding *out)
{
    if (!p->has_next)
        p->has_next = beatfuse_next(p->fuse, done ? INT64_MAX : p->now_ns - p->latest_ns, &p->next);
    for (; p->first_held < p->n_held; p->first_held++) {
        const struct finding *f = &p->held[p->first_held];
        if (p->has_next ? f->event.time_ns > p->next.time_ns : !done)
            break;
        if (!kymo_is_beat(f->event.type)) {
            *out = *f;
            p->first_held++;
            return true;
        }
        if (p->has_next && p->next.source == BEATFUSE_ECG && f->event.time_ns == p->next.time_ns) {
            *out = *f;
            p->first_held++;
            p->has_next = false;
            return true;
        }   /* else the pulses say that it is none */
    }
    if (!p->has_next)
        return false;
    *out = from_pulse(p, &p->next);
    p->has_next = false;
    return true;
}
