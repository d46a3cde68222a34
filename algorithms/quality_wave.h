/* algorithms/quality_wave.h - what the samples of one window of any signal tell of its quality: what is missing, what does not
 * change, where it ends at a rail, how it is distributed, and in which bands its power lies.
 *
 *   valid      share of the samples that are there
 *   flat       share of those in runs of FLAT_S or longer (and of 3 samples) of one value
 *   at_low, at_high   share of those that are equal to the least or largest, in runs of 2 and longer: clipping, if a rail is
 *              there, which other windows tell (quality_rail)
 *   ssqi, ksqi the third and fourth moment about the mean over the standard deviation's third and fourth power (a normal
 *              distribution has 0 and 3)
 *   P(a, b)    power from a to less than b Hz, in the spectrum of the samples less their mean through a Hann window, missing
 *              ones replaced by the straight line between their neighbours
 *   psqi       P(5, 15) / P(5, 40): the QRS complex over the band of an ECG
 *   bassqi     1 - P(0, 1) / P(0, 40): close to 1 where the baseline is steady
 *   wander     root of P(0, 0.6), in the signal's unit
 *   muscle     root of P(40, 150) (as far as the rate goes, 0.45 of it) without what is within 1.5 Hz of a multiple of 50 or
 *              60 Hz
 *   mains      amplitude of the sinusoid that the power within 0.5 Hz of 50 or 60 Hz is, over what is on both sides of it (2 to
 *              4 Hz away), whichever is larger
 *   spikes     samples that stand off the straight line between those QUALITY_SPIKE_S before and after by more than 0.6 of
 *              the usual range, while these differ by less than a fifth of that; neighbours count once. The usual range is
 *              the median of the ranges of pieces of 1 s
 *   signature  a number that tells signals apart: correlation with a fixed sequence of signs, whatever offset and gain
 *
 * Sources: ksqi and ssqi: Q. Li, R. G. Mark, G. D. Clifford, Physiol. Meas. 29:15-32, 2008, and G. D. Clifford and others,
 * Physiol. Meas. 33:1419-1433, 2012, where psqi and bassqi are (integrals of the power from 5, 0 and 1 Hz on as above). The
 * rest is ours. */
#ifndef KYMO_QUALITY_WAVE_H
#define KYMO_QUALITY_WAVE_H

#include "lib/err.h"

#include <stddef.h>
#include <stdint.h>

#define QUALITY_FLAT_S 0.5
#define QUALITY_SPIKE_S 0.006

/* NaN: not to be told, as there are too few samples (less than 2 s, 16) or too few a second. */
struct quality_wave {
    float valid, flat, at_low, at_high;      /* shares, 0..1 */
    double low, high;                        /* least and largest sample; NaN of none */
    float mean, sd, ssqi, ksqi, psqi, bassqi, wander, muscle, mains, mains_hz, spikes, signature;
};

struct quality_waves;

/* For windows of n samples (2..2^28) at fs_hz. Returns an object for quality_waves_destroy, or NULL with *e set (KYMO_EUSAGE,
 * KYMO_ENOMEM). */
struct quality_waves *quality_waves_create(double fs_hz, size_t n, struct kymo_err *e);

/* Measures x[n], n at most that of create, in the signal's unit; NaN: no sample. Cannot fail. */
void quality_wave_measure(struct quality_waves *s, const double *x, size_t n, struct quality_wave *out);

void quality_waves_destroy(struct quality_waves *s);   /* NULL is fine */

/* Where a signal's rail is, told window by window: the most extreme value of all, if at least QUALITY_RAIL_WINDOWS windows
 * reach it and stay there for runs. Zeroed to begin with; direction -1: the lower rail, 1: the upper one. */
struct quality_rail {
    double value;
    int64_t n_windows, n_stay;               /* windows that reach value; and that stay at it */
};

#define QUALITY_RAIL_WINDOWS 2

/* The next window. */
void quality_rail_push(struct quality_rail *r, int direction, const struct quality_wave *w);

/* The rail, or NaN. */
double quality_rail_at(const struct quality_rail *r);

#endif
