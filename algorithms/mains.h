/* algorithms/mains.h - whether a signal carries the mains, and which: 50 or 60 Hz.
 *
 * Windows of 4 s that overlap by half (Hann, mean taken out) give spectra P[k]; each is divided by its median from 40 to 70 Hz,
 * at most 40 dB are kept, and the mean E of them is taken: so neither a burst of noise nor a lead that was off for a moment
 * has more to say than other windows. For each of the two, f,
 *
 *   db         10 log10 of the largest E within 0.6 Hz of f (mains stray, and so did tapes) over the 95th percentile of E from
 *              1.5 to 6 Hz away on either side, below half the rate, but for where harmonics of f, folded, may lie
 *   amplitude  of a sinusoid of the same power as the line: that of the mean P within 0.75 Hz of the largest, less the median
 *              of the surroundings
 *
 * A line is the mains where db is 6 or more, 10 with less than 8 windows, in which chance makes lines. The 95th percentile,
 * since the spectrum of a regular heart is itself made of lines; a harmonic of 50 may fold to 60 and one of 60 to 50, so of two
 * that are found the one with the larger amplitude is it. Ours. */
#ifndef KYMO_MAINS_H
#define KYMO_MAINS_H

#include "lib/err.h"

#include <stddef.h>
#include <stdint.h>

struct mains;

struct mains_line {
    int nominal_hz;               /* 50 or 60; 0: no mains, the rest is then of the stronger of the two */
    double hz;                    /* where it really is */
    double amplitude;             /* in the signal's unit, half of peak to peak */
    double db;                    /* above the surroundings */
};

/* fs_hz: 125..1e6. Returns an object for mains_destroy, or NULL with *e set (KYMO_EUSAGE, KYMO_ENOMEM). 100 bytes for each
 * sample of 4 s. FFT planning: not in two threads at once. */
struct mains *mains_create(double fs_hz, struct kymo_err *e);

/* x[n], any unit; NaN: no sample, a window has none. Any split gives the same. Cannot fail. */
void mains_push(struct mains *s, const double *x, size_t n);

/* Whole windows seen since create or reset that were not flat. */
int64_t mains_windows(const struct mains *s);

/* What was found so far. Without a window all is 0. More may be pushed afterwards. */
struct mains_line mains_find(const struct mains *s);

/* As newly created. */
void mains_reset(struct mains *s);

void mains_destroy(struct mains *s);   /* NULL is fine */

#endif
