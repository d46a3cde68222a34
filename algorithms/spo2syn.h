/* algorithms/spo2syn.h - a night of pulse oximetry whose desaturations are known.
 *
 *   s(t) = baseline + drift(t) - sum of dips(t)             saturation of the blood, %
 *   o(t) = mean of s over averaging_s before t + noise      what an oximeter shows: it averages the past
 *   x[i] = o(i / fs) held to 100, rounded to steps          and it has few digits
 *
 * A dip falls from its onset to its nadir in 0.5 to 0.75 of its length, along a half cosine, and comes back along another.
 * Dips come one after another with pauses between, at least 15 s and on average what makes dips_per_h; as many of them lie in
 * the night as find room. Drift is the sum of two sines of 40 to 120 min. Noise is normal, with a memory of 10 s.
 * Depth and length are uniform within their limits.
 *
 * What was planted is one thing, what can be seen another: of each dip we tell how deep it is in x as it was before artefacts,
 * from the highest sample in the 5 s around its onset to the lowest until its end; and how much of it artefacts hide.
 *
 * Artefacts take artefact_share of the time. Half of that are drop-outs of 5 to 40 s, in which SpO2 and pulse rate are the code
 * of an oximeter without a finger, or missing; half are movements of 2 to 15 s, in which SpO2 falls by 10 to 45 within a second
 * or two and comes back, and the pulse rate is anything.
 *
 * The pulse rate is 50 to 70 per min with slow changes, and rises by 6 to 18 with the end of each dip for some 10 s.
 *
 * One seed, one set of options: the same night. Dips, noise, artefacts and pulse have random numbers of their own, so that more
 * of one leaves the others as they are. The model is ours; it is there to count what a detector finds, not to look like a
 * patient. */
#ifndef KYMO_SPO2SYN_H
#define KYMO_SPO2SYN_H

#include "lib/err.h"

#include <stdbool.h>

struct spo2syn_options {
    double fs_hz;                     /* 0.1..100 */
    double duration_s;                /* 60..604800 (a week) */
    double baseline_pct;              /* 60..100 */
    double drift_pct;                 /* 0..10, to either side */
    double noise_pct;                 /* 0..5, standard deviation */
    double dips_per_h;                /* 0..120 */
    double shallowest_pct, deepest_pct;   /* 0.1..50 */
    double shortest_s, longest_s;     /* 5..300 */
    double averaging_s;               /* 0..30 */
    double step_pct;                  /* 0 (none)..5 */
    double artefact_share;            /* 0..0.5 */
    double code;                      /* of drop-outs; NaN: missing */
    uint64_t seed;
};

/* 8 h at 1 Hz: 96 +- 0.5 %, noise 0.1, 20 dips an hour of 5 to 12 % and 15 to 45 s, averaging 3 s, steps of 1, no artefacts,
 * code 127, seed 1. */
extern const struct spo2syn_options spo2syn_defaults;

struct spo2syn_dip {
    double onset_s, nadir_s, end_s, depth_pct;   /* as planted */
    double seen_pct;                  /* its depth in x before artefacts */
    double hidden;                    /* share of its time that artefacts take, 0..1 */
};

/* Samples of both series begin at time 0. */
struct spo2syn {
    double *spo2_pct, *pulse_per_min; /* NaN: missing */
    size_t n;
    struct spo2syn_dip *dip;          /* in order of time, not overlapping */
    size_t n_dips;
};

/* *s is zeroed memory, and to be released whatever comes back: 0, KYMO_EUSAGE with the value and its limits, or KYMO_ENOMEM. */
int spo2syn_make(const struct spo2syn_options *o, struct spo2syn *s, struct kymo_err *e);
void spo2syn_release(struct spo2syn *s);

#endif
