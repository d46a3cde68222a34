/* algorithms/quality_verdict.h - from the measures of a window to a verdict and its reasons.
 *
 * Each cause has a limit at which it makes a window unusable by itself; how far a window is on the way there is its doubt, 0
 * and up, 1 at the limit:
 *
 *   missing     (1 - valid) / 0.5
 *   flat        flat / 0.5; lead-off instead where the flat value is a rail
 *   clipping    clipped / 0.1
 *   noise       noise / amplitude / 0.25: a ratio of 0.25 is 3 dB
 *   unlike      (1 - template) / 1.5
 *   detectors   (1 - bsqi) / 1.2
 *   unsure      share of the window that the detector itself calls noise / 0.6
 *   muscle      r / (1 + r / 1.7), r = muscle / amplitude / 0.2
 *   wander      the same of r = wander / amplitude / 0.3
 *   mains       the same of r = mains / amplitude / 0.5: in these four a beat is found where nothing else could be measured
 *   spikes      the same of r = spikes per 10 s / 5; not where they keep pace with the beats: a pacemaker's
 *   no-beats    1.25 where an ECG or a pulse signal that moves has less than 2 beats in 5 s or more
 *   rate        1.25 where the rate is not 15..300 per minute
 *   amplitude   0.6 where the QRS complexes are smaller than 0.05 mV, 1.25 where they are larger than 20 mV
 *   template    pulses: (1 - template) / 0.28 (Orphanidou's limit, 0.86, is 0.5)
 *   irregular   pulses: 0.6 where the intervals are not feasible
 *   pressure    (1 - jsqi) / 0.6
 *   short       1.25 where a wave is shorter than 2 s
 *   sampling    1.25 where an ECG is sampled at a rate that beats are not looked for at
 *
 * Doubt of the window: the fourth root of the sum of their fourth powers: the largest, and a little more where several come
 * together. Quality: 1 / (1 + doubt^2): 0.8 at 0.5, 0.5 at 1. Verdict: good below a doubt of 0.5, usable below 1, else
 * unusable.
 * Reasons: the causes whose doubt is 0.5 or more; if none is, but the window is not good, the largest.
 *
 * Ours. How the limits were found: tests/validation/README.md. */
#ifndef KYMO_QUALITY_VERDICT_H
#define KYMO_QUALITY_VERDICT_H

#include "algorithms/quality_beats.h"
#include "algorithms/quality_pulses.h"
#include "algorithms/quality_wave.h"

#include <stdbool.h>

/* WAVE: any other; SLOW: numbers, less than 10 a second. */
enum quality_kind { QUALITY_ECG, QUALITY_PPG, QUALITY_ABP, QUALITY_WAVE, QUALITY_SLOW };

enum quality_verdict { QUALITY_GOOD, QUALITY_USABLE, QUALITY_UNUSABLE, QUALITY_VERDICTS };

enum quality_cause {
    QUALITY_MISSING, QUALITY_FLAT, QUALITY_LEAD_OFF, QUALITY_CLIPPING, QUALITY_NOISE, QUALITY_UNLIKE, QUALITY_DETECTORS,
    QUALITY_UNSURE, QUALITY_MUSCLE, QUALITY_WANDER, QUALITY_MAINS, QUALITY_SPIKES, QUALITY_NO_BEATS, QUALITY_RATE,
    QUALITY_AMPLITUDE, QUALITY_TEMPLATE, QUALITY_IRREGULAR, QUALITY_PRESSURE, QUALITY_SHORT,
    QUALITY_SAMPLING, QUALITY_CAUSES
};

struct quality_window {
    struct quality_wave wave;
    struct quality_beats beats;     /* of an ECG */
    struct quality_pulses pulses;   /* of a pulse signal */
    float duration_s, clipped, unsure;
    bool at_rail;                   /* flat at a rail */
};

struct quality_judgement {
    double quality;
    enum quality_verdict verdict;
    uint32_t reasons;               /* bit c: cause c */
};

/* mv: millivolts in the unit of an ECG, NaN where it is not known. can_beat: the rate is one that beats are looked for at. */
void quality_judge(const struct quality_window *w, enum quality_kind kind, double mv, bool can_beat,
                   struct quality_judgement *out);

/* "usable"; "muscle". */
const char *quality_verdict_name(enum quality_verdict v);
const char *quality_cause_name(enum quality_cause c);

#endif
