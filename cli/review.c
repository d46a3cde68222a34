/* cli/review.c - see review.h. */
#include "cli/review_lane.h"
#include "algorithms/qrs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SLOW_HZ 10.0             /* signals below that are numbers, not waves */
#define WAIT_S (QRS_LOOK_AHEAD_S + 5)   /* beats of a window are all known so long after it; */
#define GIVEN_WAIT_S 400.0       /* those of a track in a stream may come later than that */
#define FASTEST_HZ 100000.0

/* ---- what a signal is ---- */

static enum quality_kind kind_of(const struct kymo_signal *s)
{
    if (kymo_ratio_real(s->rate) < SLOW_HZ && s->kind != KYMO_ECG)
        return QUALITY_SLOW;
    switch (s->kind) {
    case KYMO_ECG: return QUALITY_ECG;
    case KYMO_PPG: return QUALITY_PPG;
    case KYMO_ABP: return QUALITY_ABP;
    case KYMO_SPO2: case KYMO_PULSE_RATE: case KYMO_TEMPERATURE: case KYMO_GLUCOSE: case KYMO_TRIGGER: return QUALITY_SLOW;
    default: return QUALITY_WAVE;
    }
}

/* What one of its unit is: mV of an ECG, mmHg of a pressure. Where the source tells none it is not known. */
static double size_of_unit(const struct kymo_signal *s)
{
    static const struct { enum kymo_kind kind; const char *unit; double size; } units[] = {
        {KYMO_ECG, "V", 1e3}, {KYMO_ECG, "mV", 1}, {KYMO_ECG, "uV", 1e-3}, {KYMO_ECG, "\u00b5V", 1e-3},
        {KYMO_ECG, "\u03bcV", 1e-3}, {KYMO_ECG, "nV", 1e-6}, {KYMO_ABP, "mmHg", 1}, {KYMO_ABP, "kPa", 7.50062},
    };

    for (size_t i = 0; s->calibrated && i < sizeof units / sizeof *units; i++)
        if (s->kind == units[i].kind && strcmp(s->unit, units[i].unit) == 0)
            return units[i].size;
    return (double)NAN;
}

static int open_measures(struct review_lane *l, struct review_signal *s, struct kymo_err *e)
{
    const bool pulses = s->kind == QUALITY_PPG || s->kind == QUALITY_ABP;

    s->can_beat = s->kind == QUALITY_ECG ? l->fs_hz >= QRS_SLOWEST_HZ && l->fs_hz <= QRS_FASTEST_HZ
                                         : pulses && l->fs_hz >= 30 && l->fs_hz <= 10000;
    if (!(l->waves = quality_waves_create(l->fs_hz, l->n < 2 ? 2 : l->n, e)))
        return e->cause[0].code;
    if (s->can_beat && !pulses && !(l->beater = quality_beater_create(l->fs_hz, l->cap, e)))
        return e->cause[0].code;
    if (s->can_beat && pulses && (!(l->pulser = quality_pulser_create(l->fs_hz, l->cap, e)) ||
                                  !(l->pulse = pulse_create(l->fs_hz, e))))
        return e->cause[0].code;
    return 0;
}

static int open_lane(struct reviewing *v, size_t signal, struct kymo_err *e)
{
    struct review_lane *const l = &v->lane[signal];
    struct review_signal *const s = &v->r->signal[signal];
    const struct kymo_signal *const from = &v->r->heart.hdr.signal[signal];
    const double window_s = (double)v->r->window_ns / 1e9;

    l->signal = signal;
    l->rate = from->rate;
    l->fs_hz = kymo_ratio_real(from->rate);
    if (!(l->fs_hz > 0 && l->fs_hz <= FASTEST_HZ))
        return kymo_fail_at(e, KYMO_EDATA, from->label, -1, "%g samples per second: at most %g can be reviewed", l->fs_hz,
                            FASTEST_HZ);
    l->n = (size_t)(window_s * l->fs_hz);
    l->cap = l->n + 2;
    l->newest = -1;
    s->kind = kind_of(from);
    s->mv = size_of_unit(from);
    const int rc = open_measures(l, s, e);
    if (rc < 0)
        return rc;
    l->n_slots = (s->can_beat ? (size_t)((double)v->wait_ns / (double)v->r->window_ns) : 0) + 3;
    if (!(l->slot = calloc(l->n_slots, sizeof *l->slot)))
        return review_no_memory(e);
    for (size_t i = 0; i < l->n_slots; i++) {
        l->slot[i].k = -1;
        if (!(l->slot[i].x = malloc(l->cap * sizeof *l->slot[i].x)))
            return review_no_memory(e);
    }
    return 0;
}

static void close_lane(struct review_lane *l)
{
    for (size_t i = 0; l->slot && i < l->n_slots; i++)
        free(l->slot[i].x);
    free(l->slot);
    quality_waves_destroy(l->waves);
    quality_beater_destroy(l->beater);
    quality_pulser_destroy(l->pulser);
    pulse_destroy(l->pulse);
    free(l->at_ns);
    free(l->found);
}

/* ---- limb leads ---- */

static void find_limbs(struct review *r)
{
    static const char *const names[] = {"I", "II", "III"};
    const struct kymo_header *const h = &r->heart.hdr;
    int found = 0;

    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < h->n_signals; i++)
            if (kymo_same_text(review_plain_label(h->signal[i].label), names[k])) {
                r->limbs.of[k] = i;
                found |= 1 << k;
                break;
            }
    r->limbs.seen = found == 7;
    for (size_t k = 1; r->limbs.seen && k < 3; k++) {
        const struct kymo_ratio a = h->signal[r->limbs.of[0]].rate, b = h->signal[r->limbs.of[k]].rate;
        r->limbs.seen = a.num == b.num && a.den == b.den;
    }
}

static void push_limbs(struct reviewing *v, struct kymo_block *b)
{
    struct review *const r = v->r;
    const struct kymo_span *const first = &b->span[r->limbs.of[0]];
    const double *x[3];

    if (!r->limbs.seen || b->span[r->limbs.of[1]].n != first->n || b->span[r->limbs.of[2]].n != first->n)
        return;
    for (size_t k = 0; k < 3; k++)
        x[k] = kymo_physical(b, r->limbs.of[k]);
    for (size_t i = 0; i < first->n; i++) {
        double step[3];
        for (size_t k = 0; k < 3; k++) {
            step[k] = x[k][i] - v->last[k];
            v->last[k] = x[k][i];
        }
        for (size_t a = 0; a < 3 && isfinite(step[0] + step[1] + step[2]); a++)
            for (size_t c = 0; c < 3; c++)
                r->limbs.gram[a][c] += step[a] * step[c];
    }
}

/* ---- samples ---- */

/* The slot of window k, which is not older than the newest; makes room. */
static int enter_window(struct reviewing *v, struct review_lane *l, int64_t k, struct kymo_err *e)
{
    int rc;

    if (k == l->newest)
        return 0;
    if ((rc = review_finish_until(v, l, k - (int64_t)l->n_slots + 1, INT64_MAX, e)) < 0)
        return rc;
    if (l->newest < 0 || l->oldest > l->newest)
        l->oldest = k;
    l->newest = k;
    struct review_slot *const slot = &l->slot[(size_t)k % l->n_slots];
    slot->k = k;
    slot->n = 0;
    for (size_t i = 0; i < l->cap; i++)
        slot->x[i] = (double)NAN;
    return 0;
}

static int push_samples(struct reviewing *v, struct review_lane *l, struct kymo_block *b, struct kymo_err *e)
{
    const struct kymo_span *const span = &b->span[l->signal];
    const double *const x = kymo_physical(b, l->signal);
    const int64_t window_ns = v->r->window_ns;
    int rc = 0;

    for (size_t at = 0; rc == 0 && at < span->n;) {
        const int64_t j = span->first + (int64_t)at - span->segment_first;
        const int64_t ns = b->segment_ns + kymo_time_of(l->rate, j), k = ns / window_ns;
        int64_t until = kymo_index_at(l->rate, (k + 1) * window_ns - b->segment_ns);
        until = until > j ? until : j + 1;
        const size_t left = span->n - at, chunk = (size_t)(until - j) < left ? (size_t)(until - j) : left;
        const size_t place = (size_t)round((double)(ns - k * window_ns) / 1e9 * l->fs_hz);
        at += chunk;
        if (ns < 0 || k < l->newest)
            continue;            /* before the recording, or over what was there already */
        if ((rc = enter_window(v, l, k, e)) < 0)
            return rc;
        struct review_slot *const slot = &l->slot[(size_t)k % l->n_slots];
        for (size_t i = 0; i < chunk && place + i < l->cap; i++)
            slot->x[place + i] = isfinite(x[at - chunk + i]) ? x[at - chunk + i] : (double)NAN;
        slot->n = place + chunk < l->cap ? place + chunk : l->cap;
    }
    return rc;
}

static int keep_pulses(struct review_lane *l, size_t n, struct kymo_err *e)
{
    int rc = review_reserve((void **)&l->at_ns, l->n_at + n, &l->cap_at, sizeof *l->at_ns, e);

    for (size_t i = 0; rc == 0 && i < n; i++)
        if (l->found[i].quality > 0)
            l->at_ns[l->n_at++] = l->segment_ns + kymo_time_of(l->rate, l->base + l->found[i].sample - l->segment_first);
    return rc;
}

static int flush_pulses(struct review_lane *l, struct kymo_err *e)
{
    int rc = review_reserve((void **)&l->found, pulse_bound(l->pulse, 0), &l->cap_found, sizeof *l->found, e);
    size_t n;

    while (rc == 0 && (n = pulse_flush(l->pulse, l->found, l->cap_found)) > 0)
        rc = keep_pulses(l, n, e);
    l->begun = false;
    return rc;
}

static int push_pulse(struct review_lane *l, struct kymo_block *b, struct kymo_err *e)
{
    const struct kymo_span *const span = &b->span[l->signal];
    int rc = l->begun && b->new_segment ? flush_pulses(l, e) : 0;

    if (!l->begun) {
        l->base = span->first;
        l->segment_first = span->segment_first;
        l->segment_ns = b->segment_ns;
        l->begun = true;
    }
    if (rc == 0)
        rc = review_reserve((void **)&l->found, pulse_bound(l->pulse, span->n), &l->cap_found, sizeof *l->found, e);
    return rc < 0 ? rc : keep_pulses(l, pulse_push(l->pulse, kymo_physical(b, l->signal), span->n, l->found), e);
}

static void see_gap(struct reviewing *v, const struct kymo_block *b)
{
    struct review *const r = v->r;

    if (v->begun && b->new_segment && b->segment_ns > r->end_ns) {
        r->n_gaps++;
        r->gap_ns += b->segment_ns - r->end_ns;
    }
}

static int open_review(struct reviewing *v, const struct kymo_header *h, struct kymo_err *e)
{
    struct review *const r = v->r;
    int rc = 0;

    r->signal = calloc(h->n_signals + 1, sizeof *r->signal);
    v->lane = calloc(h->n_signals + 1, sizeof *v->lane);
    if (!r->signal || !v->lane)
        return review_no_memory(e);
    for (size_t i = 0; rc == 0 && i < h->n_signals; i++)
        rc = open_lane(v, i, e);
    find_limbs(r);
    return rc;
}

/* A tap of heart.h. */
static int take_block(void *self, struct kymo_block *b, struct kymo_err *e)
{
    struct reviewing *const v = self;
    struct review *const r = v->r;
    int rc = r->signal ? 0 : open_review(v, b->hdr, e);

    if (rc < 0)
        return rc;
    see_gap(v, b);
    for (size_t i = 0; rc == 0 && i < b->hdr->n_signals; i++) {
        const struct kymo_span *const span = &b->span[i];
        if (span->n == 0)
            continue;
        const int64_t begin_ns = kymo_block_time(b, i, span->first);
        r->from_ns = !v->begun || begin_ns < r->from_ns ? begin_ns : r->from_ns;
        v->begun = true;
        const int64_t end_ns = kymo_block_time(b, i, span->first + (int64_t)span->n);
        r->end_ns = end_ns > r->end_ns ? end_ns : r->end_ns;
        rc = v->lane[i].pulse ? push_pulse(&v->lane[i], b, e) : 0;
        if (rc == 0)
            rc = push_samples(v, &v->lane[i], b, e);
    }
    push_limbs(v, b);
    const int64_t known = (r->end_ns - v->wait_ns) / r->window_ns;
    for (size_t i = 0; rc == 0 && i < b->hdr->n_signals; i++)
        rc = review_finish_until(v, &v->lane[i], r->signal[i].can_beat ? known : v->lane[i].newest, INT64_MAX, e);
    return rc;
}

/* ---- the end ---- */

static bool is_rail(double value, const double rail[2]) { return value == rail[0] || value == rail[1]; }

/* Rails as the header states them, in physical units; NaN where it does not. */
static void stated_rails(const struct kymo_signal *s, double rail[2])
{
    const double a = (s->digital_min - s->baseline) / s->gain, b = (s->digital_max - s->baseline) / s->gain;

    rail[0] = kymo_storage_is_integer(s->storage) ? fmin(a, b) : (double)NAN;
    rail[1] = kymo_storage_is_integer(s->storage) ? fmax(a, b) : (double)NAN;
}

static void judge_signal(struct reviewing *v, size_t signal)
{
    const struct review_lane *const l = &v->lane[signal];
    struct review_signal *const s = &v->r->signal[signal];
    const bool known = v->r->heart.hdr.signal[signal].kind != KYMO_OTHER;   /* else it may hold its values as it likes */
    const double found[2] = {
        known ? quality_rail_at(&l->low) : (double)NAN, known ? quality_rail_at(&l->high) : (double)NAN,
    };
    double stated[2];

    stated_rails(&v->r->heart.hdr.signal[signal], stated);
    for (size_t i = 0; i < s->n; i++) {
        struct quality_window *const q = &s->window[i].measured;
        const struct quality_wave *const w = &q->wave;
        const bool low = is_rail(w->low, found) || is_rail(w->low, stated);
        const bool high = is_rail(w->high, found) || is_rail(w->high, stated);
        q->clipped = w->valid > 0 ? (low ? w->at_low : 0) + (high && w->high > w->low ? w->at_high : 0) : 0;
        q->at_rail = (low && w->at_low >= 0.25F) || (high && w->at_high >= 0.25F);
        quality_judge(q, s->kind, s->kind == QUALITY_ECG ? s->mv : (double)NAN, s->can_beat, &s->window[i].judged);
    }
    s->n_expected = (double)(v->r->end_ns - v->r->from_ns) / 1e9 * l->fs_hz;
}

/* A last window that is too short to be told anything of, unless it is all there is. */
static void drop_remainder(struct review_signal *s)
{
    s->n -= s->n > 1 && (double)s->window[s->n - 1].measured.duration_s < REVIEW_LEAST_S;
}

static int finish(struct reviewing *v, struct kymo_err *e)
{
    struct review *const r = v->r;
    int rc = r->signal ? 0 : open_review(v, &r->heart.hdr, e);

    for (size_t i = 0; rc == 0 && i < r->heart.hdr.n_signals; i++) {
        rc = v->lane[i].begun ? flush_pulses(&v->lane[i], e) : 0;
        if (rc == 0)
            rc = review_finish_until(v, &v->lane[i], INT64_MAX, r->end_ns, e);
        if (rc == 0)
            drop_remainder(&r->signal[i]);
        if (rc == 0)
            judge_signal(v, i);
    }
    return rc;
}

/* ---- reading ---- */

static bool has_readable_ecg(const struct kymo_header *h)
{
    for (size_t i = 0; i < h->n_signals; i++) {
        const double fs_hz = kymo_ratio_real(h->signal[i].rate);
        if (h->signal[i].kind == KYMO_ECG && fs_hz >= QRS_SLOWEST_HZ && fs_hz <= QRS_FASTEST_HZ)
            return true;
    }
    return false;
}

/* Without an ECG there are no beats to find. */
static int read_plain(struct reviewing *v, struct kymo_reader *in, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    kymo_header_init(&v->r->heart.hdr);
    rc = kymo_header_copy(&v->r->heart.hdr, &in->hdr, NULL, 0, e);
    while (rc == 0 && (rc = kymo_read(in, &b, e)) > 0)
        rc = take_block(v, b, e);
    return rc;
}

static int read_heart(const struct kymo_call *call, const struct review_args *args, struct reviewing *v,
                      struct kymo_reader *in, struct kymo_err *e)
{
    const struct heart_tap tap = {.block = take_block, .self = v};
    const struct heart_args heart = {
        .in = {.annotator = args->in.annotator}, .detector = {.fast = args->fast, .pulse = DETECTOR_NO_PULSE},
        .no_portraits = true, .find = true, .tap = &tap, .opened = in,
    };

    return heart_read(call, &heart, &v->r->heart, e);
}

int review_read(const struct kymo_call *call, const struct review_args *args, struct review *r, struct kymo_err *e)
{
    const double wait_s = args->in.annotator ? GIVEN_WAIT_S : WAIT_S;
    struct reviewing v = {
        .r = r, .wait_ns = (int64_t)(wait_s * KYMO_NS_PER_S), .last = {(double)NAN, (double)NAN, (double)NAN},
    };
    struct kymo_reader *const in = kymo_call_open(call, &args->in, false, e);
    int rc = in ? 0 : e->cause[0].code;
    size_t n_signals = 0;

    r->window_ns = (int64_t)(args->window_s * KYMO_NS_PER_S);
    if (rc == 0) {
        n_signals = in->hdr.n_signals;
        if (has_readable_ecg(&in->hdr)) {
            rc = read_heart(call, args, &v, in, e);
        } else {
            rc = read_plain(&v, in, e);
            kymo_close(in);
        }
    }
    if (rc == 0)
        rc = finish(&v, e);
    for (size_t i = 0; v.lane && i < n_signals; i++)
        close_lane(&v.lane[i]);
    free(v.lane);
    free(v.beat);
    return rc;
}

void review_release(struct review *r)
{
    for (size_t i = 0; r->signal && i < r->heart.hdr.n_signals; i++)
        free(r->signal[i].window);
    free(r->signal);
    heart_release(&r->heart);
}
