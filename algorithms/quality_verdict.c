/* algorithms/quality_verdict.c - see quality_verdict.h. */
#include "algorithms/quality_verdict.h"

#include <math.h>

#define SURELY 1.25    /* the doubt of what leaves none */
#define DOUBTFUL 0.6

static double known(double v) { return isnan(v) ? 0 : v; }

/* What a beat is still found in grows into doubt the slower the more there is. */
static double mild(double ratio) { return ratio / (1 + ratio / 1.7); }

/* Noise of whatever kind counts beside the QRS complexes. */
static double beside(float v, float amplitude, double limit)
{
    return amplitude > 0 ? known((double)(v / amplitude) / limit) : 0;
}

static void doubt_samples(const struct quality_window *w, enum quality_kind kind, double *doubt)
{
    const double flat = known((double)w->wave.flat) / 0.5;

    doubt[QUALITY_MISSING] = (1 - (double)w->wave.valid) / 0.5;
    if (kind == QUALITY_SLOW)
        return;
    doubt[w->at_rail ? QUALITY_LEAD_OFF : QUALITY_FLAT] = flat;
    doubt[QUALITY_CLIPPING] = flat < 1 ? known((double)w->clipped) / 0.1 : 0;
}

/* A pacemaker's spikes come once or twice with every beat. */
static double doubt_spikes(const struct quality_window *w)
{
    const double spikes = known((double)w->wave.spikes), beats = (double)w->beats.n;

    if (beats > 2 && (fabs(spikes - beats) <= 0.2 * beats || fabs(spikes - 2 * beats) <= 0.2 * beats))
        return 0;
    return mild(spikes * 10 / (double)w->duration_s / 5);
}

static void doubt_ecg(const struct quality_window *w, double mv, double *doubt)
{
    const struct quality_beats *const b = &w->beats;
    const double size_mv = mv * (double)b->amplitude, rate = (double)b->rate_per_min;

    doubt[QUALITY_NOISE] = beside(b->noise, b->amplitude, 0.25);
    doubt[QUALITY_UNLIKE] = known((1 - (double)b->template) / 1.5);
    doubt[QUALITY_DETECTORS] = known((1 - (double)b->bsqi) / 1.2);
    doubt[QUALITY_UNSURE] = known((double)w->unsure / 0.6);
    doubt[QUALITY_MUSCLE] = mild(beside(w->wave.muscle, b->amplitude, 0.2));
    doubt[QUALITY_WANDER] = mild(beside(w->wave.wander, b->amplitude, 0.3));
    doubt[QUALITY_MAINS] = mild(beside(w->wave.mains, b->amplitude, 0.5));
    doubt[QUALITY_SPIKES] = doubt_spikes(w);
    doubt[QUALITY_RATE] = rate < 15 || rate > 300 ? SURELY : 0;
    doubt[QUALITY_AMPLITUDE] = size_mv > 20 ? SURELY : size_mv < 0.05 ? DOUBTFUL : 0;
}

static void doubt_pulses(const struct quality_window *w, double *doubt)
{
    const struct quality_pulses *const p = &w->pulses;

    doubt[QUALITY_TEMPLATE] = known((1 - (double)p->template) / 0.28);
    doubt[QUALITY_IRREGULAR] = p->feasible == 0 ? DOUBTFUL : 0;
    doubt[QUALITY_PRESSURE] = known((1 - (double)p->jsqi) / 0.6);
}

void quality_judge(const struct quality_window *w, enum quality_kind kind, double mv, bool can_beat,
                   struct quality_judgement *out)
{
    double doubt[QUALITY_CAUSES] = {0}, sum = 0;
    const float n_beats = kind == QUALITY_ECG ? w->beats.n : w->pulses.n;
    int largest = 0;

    doubt_samples(w, kind, doubt);
    if (can_beat && kind == QUALITY_ECG)
        doubt_ecg(w, mv, doubt);
    else if (can_beat)
        doubt_pulses(w, doubt);
    doubt[QUALITY_SHORT] = w->duration_s < 2 && kind != QUALITY_SLOW ? SURELY : 0;
    doubt[QUALITY_SAMPLING] = kind == QUALITY_ECG && !can_beat ? SURELY : 0;
    if (can_beat && n_beats < 2 && w->duration_s >= 5 && w->wave.high > w->wave.low)
        doubt[QUALITY_NO_BEATS] = SURELY;
    out->reasons = 0;
    for (int c = 0; c < QUALITY_CAUSES; c++) {
        largest = doubt[c] > doubt[largest] ? c : largest;
        sum += doubt[c] * doubt[c] * doubt[c] * doubt[c];
        out->reasons |= doubt[c] >= 0.5 ? UINT32_C(1) << c : 0;
    }
    const double all = sqrt(sqrt(sum));
    out->quality = 1 / (1 + all * all);
    out->verdict = all < 0.5 ? QUALITY_GOOD : all < 1 ? QUALITY_USABLE : QUALITY_UNUSABLE;
    if (out->reasons == 0 && out->verdict != QUALITY_GOOD)
        out->reasons = UINT32_C(1) << largest;
}

const char *quality_verdict_name(enum quality_verdict v)
{
    static const char *const names[] = {"good", "usable", "unusable"};

    return names[v];
}

const char *quality_cause_name(enum quality_cause c)
{
    static const char *const names[] = {
        [QUALITY_MISSING] = "missing", [QUALITY_FLAT] = "flat", [QUALITY_LEAD_OFF] = "lead-off",
        [QUALITY_CLIPPING] = "clipping", [QUALITY_NOISE] = "noise", [QUALITY_UNLIKE] = "unlike",
        [QUALITY_DETECTORS] = "detectors", [QUALITY_UNSURE] = "unsure", [QUALITY_MUSCLE] = "muscle",
        [QUALITY_WANDER] = "wander", [QUALITY_MAINS] = "mains", [QUALITY_SPIKES] = "spikes",
        [QUALITY_NO_BEATS] = "no-beats", [QUALITY_RATE] = "rate", [QUALITY_AMPLITUDE] = "amplitude",
        [QUALITY_TEMPLATE] = "template", [QUALITY_IRREGULAR] = "irregular", [QUALITY_PRESSURE] = "pressure",
        [QUALITY_SHORT] = "short", [QUALITY_SAMPLING] = "sampling",
    };

    return names[c];
}
