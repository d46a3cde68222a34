/* algorithms/rhythm.h - the episodes of a recording, from its beats: what a Holter report lists.
 *
 * An episode lasts from a beat to a beat, or over a pause; none goes on across a break between beats. Rates are 60 s over the
 * mean of intervals. In the order in which they are sought, and with the limits of struct rhythm_limits:
 *
 *   AF            beats whose probability of fibrillation is above 0.5, for af_s at least; what parts two by less than 5 beats
 *                 is of it. It is called flutter where the intervals are whole multiples of one time, 170..260 ms, the cycle of
 *                 the atria: |mean exp(2 pi i RR / T)| of at least 24 intervals that are not all alike reaches 0.7 for some T
 *   paced         3 or more paced beats in a row; single others between them are of it
 *   V, S runs     2: couplet; 3 or more faster than vt_per_min: ventricular tachycardia, else idioventricular rhythm; likewise
 *                 supraventricular tachycardia from svt_per_min, slower runs are none. In AF no beat is supraventricular
 *                 ectopic
 *   bigeminy      3 or more V, one other beat between each two; trigeminy: two others; likewise of S bigeminy
 *   bradycardia   every window of brady_beats intervals whose mean rate is below brady_per_min, joined, less what is quicker at
 *                 the ends but never less than a window, and where noise can hide no beat, as in a pause; tachycardia
 *                 likewise above tachy_per_min, without ventricular beats
 *   pause         one interval of at least pause_s, asystole from asystole_s; where it overlaps noise, or begins or ends
 *                 with the beat of a pulse signal, only if the ECG is silent for two thirds of it; likewise from the last
 *                 beat to end_ns
 *   dropped beat  an interval of 1.8..2.2 times the median of the 8 before, which differ by less than a tenth from it, as does
 *                 the one behind; no beat near it is ectopic. Suspicion of block: second degree or sinoatrial
 *
 * Sources: the limits are named at their options in kymo-rhythm(1). Flutter by multiples of the atrial cycle, and the rest of
 * the rules, are ours. */
#ifndef KYMO_RHYTHM_H
#define KYMO_RHYTHM_H

#include "algorithms/rhythm_span.h"
#include "lib/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rhythm_type { RHYTHM_N, RHYTHM_S, RHYTHM_V, RHYTHM_PACED, RHYTHM_UNSURE };

struct rhythm_beat {
    int64_t time_ns;
    float sure;                   /* how sure its class is, 0..1; 1 where it is given */
    float p_af;                   /* of the interval that ends with it */
    unsigned char type;           /* enum rhythm_type */
    short shape;                  /* group of its QRS complex's shape; -1: not known */
    bool after_break;             /* no interval ends with it */
    bool from_pulse;              /* the ECG could not be read: a pulse signal stood in */
};

struct rhythm_limits {
    double af_s, vt_per_min, svt_per_min, brady_per_min, tachy_per_min, pause_s, asystole_s;
    size_t brady_beats, tachy_beats;   /* intervals, 1 or more */
};

enum rhythm_kind {
    RHYTHM_AF, RHYTHM_FLUTTER, RHYTHM_VF, RHYTHM_VT, RHYTHM_IVR, RHYTHM_V_COUPLET, RHYTHM_BIGEMINY, RHYTHM_TRIGEMINY,
    RHYTHM_SVT, RHYTHM_S_COUPLET, RHYTHM_S_BIGEMINY, RHYTHM_PACED_RHYTHM, RHYTHM_BRADYCARDIA, RHYTHM_TACHYCARDIA, RHYTHM_PAUSE,
    RHYTHM_ASYSTOLE, RHYTHM_DROPPED, RHYTHM_KINDS
};

struct rhythm_episode {
    int64_t from_ns, to_ns;
    size_t first, n_beats;        /* beats in it; of a pause none */
    double rate_per_min;          /* of its intervals; NaN where it has none */
    double confidence;            /* 0..1: mean probability of AF, mean sureness of the beats that make it; 1 of rates */
    enum rhythm_kind kind;
};

struct rhythm_input {
    const struct rhythm_beat *beat;    /* in order of time */
    size_t n;
    const struct rhythm_span *noise, *silence;   /* stretches in which beats may be lost; in which there can be none */
    size_t n_noise, n_silences;
    int64_t end_ns;               /* so far it is known that no beat comes behind the last */
};

struct rhythm_list {
    struct rhythm_episode *episode;
    size_t n, cap;
};

/* The episodes in order of their beginnings, longer ones first, into *list, which is zeroed or has episodes from elsewhere
 * (fibrillation). Returns 0 or KYMO_ENOMEM. */
int rhythm_find(const struct rhythm_input *in, const struct rhythm_limits *limits, struct rhythm_list *list,
                struct kymo_err *e);

/* Appends a copy of *new, in any order: rhythm_find sorts. Returns 0 or KYMO_ENOMEM. release is for a zeroed list, too. */
int rhythm_add(struct rhythm_list *list, const struct rhythm_episode *new, struct kymo_err *e);
void rhythm_release(struct rhythm_list *list);

#endif
