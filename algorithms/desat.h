/* algorithms/desat.h - desaturations: stretches in which oxygen saturation falls below what it was, and comes back.
 *
 * There is no one definition. The AASM manual (Berry et al., Rules for scoring respiratory events in sleep, J Clin Sleep Med
 * 8:597-619, 2012) wants "a drop of >= 3 % [4 %] from pre-event baseline", and is silent on what that baseline is, on when a
 * desaturation has ended, and on how short or long it may be. So each rule is a set of parameters, and each is told.
 *
 * DESAT_DROP. Saturation x falls by at least drop below a baseline b:
 *   b[i]      of the valid samples in the window before i: the mean of the highest fifth, the median, or the maximum; or one
 *             number. No higher than the highest x since the last event ended: what has not come back cannot fall again.
 *   crossing  the first i with b[i] - x[i] >= drop; b stays b[i] for the whole event
 *   onset     the last sample before it that is no further than 1 below b
 *   nadir     the first of the lowest samples
 *   back      the first sample behind the nadir with x >= nadir + share (b - nadir), or, where that is asked for,
 *             x >= b - within; not if x is below b - drop again before the event is old enough
 *   end       from there on as long as x rises, with steps of up to 3 s, and until it is no further than 1 below b
 * An event that is shorter than the least or longer than the most duration does not count, nor one of which less than a quarter
 * was seen; behind the crossing of one that is too long a fall from a new maximum begins another.
 *
 * DESAT_HARD. From the first sample below a threshold to the first that is not.
 *
 * DESAT_LEVY. The detector of Levy et al., Digital oximetry biomarkers for assessing respiratory function, npj Digital Medicine
 * 4:1, 2021, as their program (pobm 1.0.5) has it, after Hwang et al., Real-time automatic apneic event detection using
 * nocturnal pulse oximetry, IEEE Trans Biomed Eng 65:706-712, 2018; for whole per cents at 1 Hz:
 *   A  x[A] > 25, and x[A] lies 1 to drop below x[A-1]: the first sample that has fallen, by 1 already, is the baseline
 *   B  from A on x does not rise until x[A] - x[B] >= drop, else the search goes on behind A. Then B is the lowest so far
 *   C  the first with x[A] - x[C] <= 1 or x[C] - x[B] >= drop, at least the least duration behind A; counted if it is at most
 *      the most duration behind A; the search goes on behind C either way, and ends where there is no C
 *   end: C if x[C] >= x[A] - 1, else the first sample that is, else 90 s behind A
 *
 * Missing samples (NaN) are in an event only in stretches up to the longest hole. A longer one ends it, at the last sample
 * before; it counts if it is one by then. */
#ifndef KYMO_DESAT_H
#define KYMO_DESAT_H

#include "lib/err.h"

#include <stdbool.h>

/* One of them, in a series of SpO2 in per cent at a constant rate: sample numbers, all of valid samples. */
struct desat {
    size_t onset, nadir, end;   /* onset <= nadir <= end: where the fall begins, the lowest sample, where it has recovered */
    double baseline_pct;        /* what it fell from; of DESAT_HARD the threshold */
    double nadir_pct;
    bool cut;                   /* a hole or the end of the series lies where it would have recovered */
};

enum desat_method { DESAT_DROP, DESAT_HARD, DESAT_LEVY };
enum desat_baseline { DESAT_TOP_FIFTH, DESAT_MEDIAN, DESAT_MAXIMUM, DESAT_FIXED };

struct desat_rule {
    const char *name;
    enum desat_method method;
    double drop_pct;            /* of HARD: the threshold */
    enum desat_baseline baseline;   /* this and the next four are of DROP */
    double window_s, fixed_pct;
    double share;               /* 0..1 */
    double within_pct;          /* negative: by the share */
    double least_s, most_s;     /* not of HARD: any length */
    double hole_s;
    double merge_s;             /* events that begin at most so long after another ended are one with it; negative: never */
};

/* The rule of that name - aasm3, aasm4, levy3, levy4, hard90 - or NULL. desat_rules[] ends with a NULL name. */
const struct desat_rule *desat_rule_named(const char *name);
extern const struct desat_rule desat_rules[];

/* All its parameters in words: "a drop of 3 below ...". cap >= 320. */
void desat_rule_text(const struct desat_rule *r, char *text, size_t cap);

/* The desaturations of x[n], in per cent at fs_hz, NaN where there is no sample: (*out)[*n_out], malloc'ed, in order;
 * an end of DESAT_LEVY may lie behind the next onset. Returns 0, KYMO_EUSAGE (a parameter of the rule out of range, DESAT_LEVY
 * at another rate than 1 Hz), KYMO_ENOMEM. */
int desat_find(const double *x, size_t n, double fs_hz, const struct desat_rule *r, struct desat **out, size_t *n_out,
               struct kymo_err *e);

/* Of one of them in x: */
struct desat_shape {
    double depth_pct;           /* baseline - nadir */
    double fall_pct_per_s;      /* depth over the time from onset to nadir; NaN where that is 0 */
    double recovery_pct_per_s;  /* what it came back from the nadir over the time from there to end; NaN likewise, or cut */
    double area_pct_s;          /* sum of max(0, baseline - x) from onset to before end; what is missing counts nothing */
};

/* The shape of d, a desaturation in x, %, NaN: no sample; d counts samples of x, at fs_hz. Cannot fail. */
struct desat_shape desat_measure(const double *x, double fs_hz, const struct desat *d);

#endif
