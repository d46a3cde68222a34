/* algorithms/fibrillation.h - finds ventricular fibrillation and flutter in an ECG of one or more leads, streamed.
 *
 * Fibrillation is an oscillation of 3 to 9 Hz that never rests: no complexes, no line between them. Each lead is thinned to
 * 80 Hz or more, smoothed, and freed of what is slower than about 1 Hz; y is the result. In windows of 4 s, one each 0.5 s:
 *
 *   leak     sum |y[i] + y[i-N]| / sum (|y[i]| + |y[i-N]|), N = pi sum |y| / sum |dy|, half the mean period: what a filter that
 *            cancels this oscillation lets through; 0 for a sine, near 0.8 for complexes and for noise
 *   filled   share of samples with |y| above 0.2 of the largest |y| of the second and a half round them; 0.87 for a sine, below
 *            0.5 where complexes stand apart
 *   peaked   kurtosis of dy; 1.5 for a sine, 3 for noise, 8 and more where narrow complexes hide in large slow waves
 *   rate     1 / (2 N)
 *   swing    median of largest less least y of the half seconds
 *
 * Each becomes a margin, 0 at its limit, 1 well inside and -1 well outside, and the least margin is what the lead says. Leads
 * whose swing is that of no heart at all, or that have no samples, do not vote; the mean of the others is the window's score.
 * An episode is a row of windows above a limit that lasts 3 s and has a mean score of at least 0.55. Its ends are told to
 * within 2 s. Not found: fibrillation finer than 0.2 mV, which cannot be told from noise on asystole, and what is shorter than
 * 3 s. Rapid ventricular tachycardia whose waves run into each other like a sine is flutter here.
 *
 * Sources: leak: S. Kuo and R. Dillman, Comput. Cardiol. 1978, pp. 347-349; filled, in other proportions: M. A. Arafat and
 * others, Signal Image Video Process. 5:337-343, 2011; both compared in A. Amann and others, Biomed. Eng. Online 4:60, 2005.
 * Limits, kurtosis, and the vote of the leads are ours. */
#ifndef KYMO_FIBRILLATION_H
#define KYMO_FIBRILLATION_H

#include "lib/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FIBRILLATION_LOOK_AHEAD_S 6.0   /* an episode is given out at most so long after its end */
#define FIBRILLATION_SLOWEST_HZ 60.0    /* sampling rates */
#define FIBRILLATION_FASTEST_HZ 10000.0

struct fibrillation;

struct fibrillation_episode {
    int64_t first, n;             /* samples of the input, counted from create or flush */
    double confidence;            /* 0.77..1: how far inside all limits it lies in the mean; no probability */
};

/* For n_leads (1 or more) of one rate, fs_hz (60..10000). mv[n_leads]: millivolts in one unit of each lead; NULL: 1. Returns an
 * object for fibrillation_destroy, or NULL with *e set (KYMO_EUSAGE, KYMO_ENOMEM). About 5 kB for each lead, however long the
 * recording. */
struct fibrillation *fibrillation_create(double fs_hz, size_t n_leads, const double *mv, struct kymo_err *e);

/* Most episodes that pushing n more samples can give; with n = 0, also one flush. */
size_t fibrillation_bound(const struct fibrillation *s, size_t n);

/* x[n_leads][n], any offset; NaN: no sample. Episodes that have ended go to out, which has room for
 * fibrillation_bound(s, n), in order of time. Returns how many. Any split of the input gives the same. Cannot fail. */
size_t fibrillation_push(struct fibrillation *s, const double *const x[], size_t n, struct fibrillation_episode *out);

/* Input has ended: returns how many of the episodes left went to out, which has room for fibrillation_bound(s, 0). s is then as
 * newly created. */
size_t fibrillation_flush(struct fibrillation *s, struct fibrillation_episode *out);

/* Whether an episode goes on that would be one if the input ended now; then *out is what it is so far. */
bool fibrillation_goes_on(const struct fibrillation *s, struct fibrillation_episode *out);

void fibrillation_destroy(struct fibrillation *s);   /* NULL is fine */

#endif
