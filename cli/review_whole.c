/* cli/review_whole.c - what the windows of a recording say of the whole: see review.h. */
#include "cli/review.h"
#include "algorithms/order.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Shares of the windows that make a recording. */
#define GOOD_SHARE 0.8       /* of good ones: good; */
#define USABLE_SHARE 0.5     /* of good and usable ones: usable */

#define SAME_SIGNATURE 0.02  /* signatures that differ by less are of one signal, */
#define SAME_SHARE 0.95      /* if so many windows of both agree, */
#define SAME_WINDOWS 3       /* and at least so many */
#define POINTS_DOWN (-0.3)   /* QRS complexes whose up is below that point down */
#define FITS 0.05            /* of the power of the slopes of I, II, III: what may be left of II - I - III */
#define FITS_NOT 0.2

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to review a recording"); }

const char *review_plain_label(const char *label)
{
    static const char *const before[] = {"ecg", "ekg", "lead"};

    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        if (kymo_begins(label, before[i]) && label[strlen(before[i])])
            label += strlen(before[i]);
    while (*label && !isalnum((unsigned char)*label))
        label++;
    return label;
}

/* ---- sums ---- */

static void count(struct review_sum *s, const struct quality_judgement *j, double *quality)
{
    quality[s->n++] = j->quality;
    s->of[j->verdict]++;
    for (int c = 0; c < QUALITY_CAUSES && j->verdict != QUALITY_GOOD; c++)
        s->reason[c] += j->reasons >> c & 1;
}

static void conclude(struct review_sum *s, double *quality)
{
    const double n = (double)s->n;

    s->quality = s->n ? order_select(quality, s->n, s->n / 2) : (double)NAN;
    s->verdict = (double)s->of[QUALITY_GOOD] >= GOOD_SHARE * n ? QUALITY_GOOD
               : n - (double)s->of[QUALITY_UNUSABLE] >= USABLE_SHARE * n ? QUALITY_USABLE : QUALITY_UNUSABLE;
    if (s->n == 0)
        s->verdict = QUALITY_UNUSABLE;
}

int review_sum_signal(const struct review *r, size_t signal, struct review_sum *out, struct kymo_err *e)
{
    const struct review_signal *const s = &r->signal[signal];
    double *const quality = malloc((s->n + 1) * sizeof *quality);

    if (!quality)
        return out_of_memory(e);
    *out = (struct review_sum){.n = 0};
    for (size_t i = 0; i < s->n; i++)
        count(out, &s->window[i].judged, quality);
    conclude(out, quality);
    free(quality);
    return 0;
}

/* How much a signal tells of the recording: 0 most. */
static int rank_of(const struct review_signal *s)
{
    static const int rank[] = {
        [QUALITY_ECG] = 0, [QUALITY_PPG] = 1, [QUALITY_ABP] = 1, [QUALITY_WAVE] = 2, [QUALITY_SLOW] = 3,
    };

    return rank[s->kind];
}

/* One window after another, the best of the signals of one rank at each. */
struct walk {
    const struct review *r;
    size_t *at;                   /* of each signal */
    int rank;
    int64_t from_ns, to_ns;
    struct quality_judgement best;
};

static int walk_begin(struct walk *w, const struct review *r, struct kymo_err *e)
{
    const size_t n = r->heart.hdr.n_signals;

    *w = (struct walk){.r = r, .rank = 9, .at = calloc(n + 1, sizeof *w->at)};
    for (size_t i = 0; i < n; i++)
        w->rank = rank_of(&r->signal[i]) < w->rank ? rank_of(&r->signal[i]) : w->rank;
    return w->at ? 0 : out_of_memory(e);
}

static bool walk_next(struct walk *w)
{
    const struct review *const r = w->r;
    bool any = false;

    w->from_ns = INT64_MAX;
    for (size_t i = 0; i < r->heart.hdr.n_signals; i++)
        if (rank_of(&r->signal[i]) == w->rank && w->at[i] < r->signal[i].n &&
            r->signal[i].window[w->at[i]].from_ns < w->from_ns)
            w->from_ns = r->signal[i].window[w->at[i]].from_ns;
    for (size_t i = 0; i < r->heart.hdr.n_signals; i++) {
        const struct review_signal *const s = &r->signal[i];
        if (rank_of(s) != w->rank || w->at[i] == s->n || s->window[w->at[i]].from_ns != w->from_ns)
            continue;
        const struct review_window *const window = &s->window[w->at[i]++];
        if (!any || window->judged.quality > w->best.quality)
            w->best = window->judged;
        w->to_ns = !any || window->to_ns > w->to_ns ? window->to_ns : w->to_ns;
        any = true;
    }
    return any;
}

int review_sum_best(const struct review *r, struct review_sum *out, struct kymo_err *e)
{
    size_t most = 1;
    struct walk w;
    int rc = walk_begin(&w, r, e);

    for (size_t i = 0; i < r->heart.hdr.n_signals; i++)
        most += r->signal[i].n;
    double *const quality = malloc(most * sizeof *quality);
    *out = (struct review_sum){.n = 0};
    if (rc == 0 && !quality)
        rc = out_of_memory(e);
    while (rc == 0 && walk_next(&w))
        count(out, &w.best, quality);
    if (rc == 0)
        conclude(out, quality);
    free(w.at);
    free(quality);
    return rc;
}

int review_noise(const struct review *r, struct review_span **span, size_t *n, struct kymo_err *e)
{
    struct review_span *all = NULL;
    struct walk w;
    int rc = walk_begin(&w, r, e);

    *n = 0;
    while (rc == 0 && w.rank == 0 && walk_next(&w)) {
        if (w.best.verdict != QUALITY_UNUSABLE)
            continue;
        if (*n > 0 && all[*n - 1].to_ns == w.from_ns) {
            all[*n - 1].to_ns = w.to_ns;
            all[*n - 1].reasons |= w.best.reasons;
            continue;
        }
        struct review_span *const more = realloc(all, (*n + 1) * sizeof *all);
        if (!more) {
            rc = out_of_memory(e);
            break;
        }
        all = more;
        all[(*n)++] = (struct review_span){w.from_ns, w.to_ns, w.best.reasons};
    }
    free(w.at);
    *span = all;
    return rc;
}

/* ---- numbers ---- */

double review_number(const struct review_signal *s, const struct review_window *w, enum review_number which)
{
    const struct quality_wave *const v = &w->measured.wave;
    const struct quality_beats *const b = &w->measured.beats;
    const struct quality_pulses *const p = &w->measured.pulses;
    const bool ecg = s->can_beat && s->kind == QUALITY_ECG, pulses = s->can_beat && !ecg;
    const bool slow = s->kind == QUALITY_SLOW;
    const float none = NAN;
    const float numbers[] = {
        [REVIEW_FLAT] = slow ? none : 100 * v->flat, [REVIEW_CLIPPED] = slow ? none : 100 * w->measured.clipped,
        [REVIEW_RATE] = ecg ? b->rate_per_min : pulses ? p->rate_per_min : none, [REVIEW_AMPLITUDE] = ecg ? b->amplitude : none,
        [REVIEW_SNR] = ecg ? b->snr_db : none, [REVIEW_MAINS] = v->mains, [REVIEW_MAINS_HZ] = v->mains_hz,
        [REVIEW_WANDER] = v->wander, [REVIEW_MUSCLE] = v->muscle, [REVIEW_SPIKES] = slow ? none : v->spikes,
        [REVIEW_SSQI] = v->ssqi, [REVIEW_KSQI] = v->ksqi, [REVIEW_PSQI] = ecg ? v->psqi : none,
        [REVIEW_BASSQI] = ecg ? v->bassqi : none, [REVIEW_BSQI] = ecg ? b->bsqi : none,
        [REVIEW_TEMPLATE] = ecg ? b->template : pulses ? p->template : none, [REVIEW_UP] = ecg ? b->up : none,
        [REVIEW_WIDTH] = ecg ? b->width_s : none, [REVIEW_JSQI] = pulses ? p->jsqi : none, [REVIEW_MEAN] = v->mean,
    };

    return (double)numbers[which];
}

double review_middle(const struct review_signal *s, enum review_number which, double *work)
{
    const bool mean = which == REVIEW_FLAT || which == REVIEW_CLIPPED || which == REVIEW_SPIKES;
    double sum = 0;
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        const double v = review_number(s, &s->window[i], which);
        if (isnan(v))
            continue;
        work[n++] = v;
        sum += v;
    }
    return n == 0 ? (double)NAN : mean ? sum / (double)n : order_select(work, n, n / 2);
}

/* ---- notes ---- */

struct notes {
    char *text;
    size_t cap, n;
};

static void note(struct notes *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void note(struct notes *to, const char *format, ...)
{
    va_list args;

    if (to->n + 2 < to->cap && to->n > 0)
        to->n += (size_t)snprintf(to->text + to->n, to->cap - to->n, "; ");
    if (to->n + 1 >= to->cap)
        return;
    va_start(args, format);
    const int n = vsnprintf(to->text + to->n, to->cap - to->n, format, args);
    va_end(args);
    to->n = n < 0 ? to->n : to->n + (size_t)n < to->cap ? to->n + (size_t)n : to->cap - 1;
}

/* 1: b is a copy of a, -1: upside down, 0: neither. */
static int is_copy(const struct review *r, size_t a, size_t b)
{
    const struct review_signal *const x = &r->signal[a], *const y = &r->signal[b];
    const struct kymo_ratio ra = r->heart.hdr.signal[a].rate, rb = r->heart.hdr.signal[b].rate;
    size_t n = 0, same = 0, opposite = 0;

    if (ra.num != rb.num || ra.den != rb.den || x->n != y->n)
        return 0;
    for (size_t i = 0; i < x->n; i++) {
        const double s = (double)x->window[i].measured.wave.signature, t = (double)y->window[i].measured.wave.signature;
        if (isnan(s) && isnan(t))
            continue;
        n++;
        same += fabs(s - t) < SAME_SIGNATURE;
        opposite += fabs(s + t) < SAME_SIGNATURE;
    }
    if (n < SAME_WINDOWS)
        return 0;
    return (double)same >= SAME_SHARE * (double)n ? 1 : (double)opposite >= SAME_SHARE * (double)n ? -1 : 0;
}

static void note_copies(const struct review *r, size_t signal, struct notes *to)
{
    int copy = 0;

    for (size_t other = 0; other < signal && copy == 0; other++)
        if ((copy = is_copy(r, other, signal)) != 0)
            note(to, "copy of %s%s", r->heart.hdr.signal[other].label, copy < 0 ? " upside down" : "");
}

/* Leads in which the QRS complex of most people points up: I, II, V5, V6, and MLII of the monitors. */
static bool should_point_up(const char *label)
{
    static const char *const up[] = {"I", "II", "MLII", "V5", "V6"};

    for (size_t i = 0; i < sizeof up / sizeof *up; i++)
        if (kymo_same_text(review_plain_label(label), up[i]))
            return true;
    return false;
}

static void note_ecg(const struct review *r, size_t signal, double *work, struct notes *to)
{
    const struct review_signal *const s = &r->signal[signal];
    const struct kymo_signal *const about = &r->heart.hdr.signal[signal];
    const double up = review_middle(s, REVIEW_UP, work), amplitude = review_middle(s, REVIEW_AMPLITUDE, work);
    const double mv = s->mv * amplitude, rate = review_middle(s, REVIEW_RATE, work);
    const double width_s = review_middle(s, REVIEW_WIDTH, work);

    if (!s->can_beat)
        note(to, "no beats are looked for at %g samples per second", kymo_ratio_real(about->rate));
    if (up < POINTS_DOWN && should_point_up(about->label))
        note(to, "QRS complexes point down: upside down, or electrodes exchanged?");
    if (mv > 20)
        note(to, "QRS complexes of %.0f mV: is the unit %s?", mv, mv < 2e4 ? "uV" : "nV");
    else if (mv < 0.01)
        note(to, "QRS complexes of %.2g mV: is the unit another one?", mv);
    else if (mv < 0.1)
        note(to, "QRS complexes of %.2f mV: small", mv);
    if (!about->calibrated)
        note(to, "not calibrated");
    if ((rate > 150 && width_s < 0.05) || (rate < 40 && width_s > 0.2))
        note(to, "QRS complexes of %.0f ms at %.0f per minute: is the sampling rate right?", 1000 * width_s, rate);
}

/* Share of the windows in which a signal of heart or pulse rates differs by more than 15 % and 10 per minute from the beats. */
static void note_rates(const struct review *r, size_t signal, struct notes *to)
{
    const struct review_signal *const s = &r->signal[signal];
    const struct heart *const h = &r->heart;
    size_t n = 0, off = 0, b = 0;

    for (size_t i = 0; i < s->n && h->n > 0; i++) {
        const double told = (double)s->window[i].measured.wave.mean;
        size_t beats = 0;
        while (b < h->n && h->beat[b].time_ns < s->window[i].from_ns)
            b++;
        const size_t first = b;
        for (; b < h->n && h->beat[b].time_ns < s->window[i].to_ns; b++)
            beats++;
        if (beats < 3 || !(told > 0))
            continue;
        const double rate = 60e9 * (double)(beats - 1) / (double)(h->beat[b - 1].time_ns - h->beat[first].time_ns);
        n++;
        off += fabs(rate - told) > 10 && fabs(rate - told) > 0.15 * rate;
    }
    if (n >= SAME_WINDOWS && 10 * off > n)
        note(to, "does not fit the beats in %.0f %% of the windows", 100 * (double)off / (double)n);
}

/* II = I + III, whatever the electrodes: what does not fit is a wrong label or sign. */
static void note_limbs(const struct review *r, struct notes *to)
{
    static const struct { double sign[3]; const char *about; } ways[] = {
        {{1, -1, 1}, NULL},
        {{1, 1, -1}, "I is upside down, or II and III are exchanged"},
        {{1, 1, 1}, "II is upside down"},
        {{1, -1, -1}, "III is upside down, or I and II are exchanged"},
    };
    double left[4] = {0}, all = 0;
    size_t least = 0;

    for (size_t w = 0; w < 4; w++) {
        for (size_t a = 0; a < 3; a++)
            for (size_t b = 0; b < 3; b++)
                left[w] += ways[w].sign[a] * ways[w].sign[b] * r->limbs.gram[a][b];
        least = left[w] < left[least] ? w : least;
    }
    for (size_t a = 0; a < 3; a++)
        all += r->limbs.gram[a][a];
    if (!r->limbs.seen || !(all > 0))
        return;
    if (least > 0 && left[least] < FITS * all)
        note(to, "%s", ways[least].about);
    else if (left[0] > FITS_NOT * all)
        note(to, "II is not I + III");
}

static size_t lead_named(const struct review *r, const char *name)
{
    const struct kymo_header *const h = &r->heart.hdr;
    size_t i = 0;

    while (i < h->n_signals && !kymo_same_text(review_plain_label(h->signal[i].label), name))
        i++;
    return i;
}

/* Arms exchanged: I turns round, aVR and aVL change places; the precordial leads do not, which a heart on the right would. */
static void note_arms(const struct review *r, double *work, struct notes *to)
{
    const size_t n = r->heart.hdr.n_signals, i = lead_named(r, "I"), avr = lead_named(r, "aVR"), v6 = lead_named(r, "V6");

    if (i == n || avr == n)
        return;
    const double i_up = review_middle(&r->signal[i], REVIEW_UP, work), avr_up = review_middle(&r->signal[avr], REVIEW_UP, work);
    const bool right = v6 < n && review_middle(&r->signal[v6], REVIEW_UP, work) < POINTS_DOWN;
    if (i_up < POINTS_DOWN && avr_up > -POINTS_DOWN)
        note(to, right ? "I, V6 point down and aVR up: a heart on the right?" : "I points down and aVR up: arms exchanged?");
}

static void note_recording(const struct review *r, double *work, struct notes *to)
{
    const struct kymo_header *const h = &r->heart.hdr;
    size_t n_ecg = 0;

    if (h->n_signals == 0)
        note(to, "no signals");
    else if (!(r->end_ns > r->from_ns))
        note(to, "no samples");
    if (!h->start.has_time)
        note(to, "no start time");
    else if (!h->start.has_date)
        note(to, "no start date");
    for (size_t i = 0; i < h->n_signals; i++)
        n_ecg += h->signal[i].kind == KYMO_ECG;
    if (n_ecg == 0 && h->n_signals > 0)
        note(to, "no ECG");
    note_limbs(r, to);
    note_arms(r, work, to);
}

int review_notes(const struct review *r, size_t signal, char *text, size_t cap, struct kymo_err *e)
{
    const size_t n = r->heart.hdr.n_signals;
    struct notes to = {.text = text, .cap = cap};
    size_t most = 1;

    for (size_t i = 0; i < n; i++)
        most = r->signal[i].n > most ? r->signal[i].n : most;
    double *const work = malloc(most * sizeof *work);
    if (!work)
        return out_of_memory(e);
    *text = '\0';
    if (signal == n) {
        note_recording(r, work, &to);
    } else {
        note_copies(r, signal, &to);
        if (r->heart.hdr.signal[signal].kind == KYMO_ECG)
            note_ecg(r, signal, work, &to);
        if (r->heart.hdr.signal[signal].kind == KYMO_PULSE_RATE)
            note_rates(r, signal, &to);
    }
    free(work);
    return 0;
}
