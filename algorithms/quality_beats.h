/* algorithms/quality_beats.h - what the beats of an ECG tell of the quality of one window of one lead.
 *
 *   bsqi       n_both / (n_1 + n_2 - n_both): beats that two detectors agree on, within 150 ms, over all that either has
 *   template   mean over the beats of the correlation of a beat with the mean of all
 *   noise      how much a beat differs from the one most like it: root of the least mean square of the difference, over two,
 *              as each brings its own noise; of the beats the 60 % quantile, since an ectopic beat may be like no other
 *   snr_db     10 log10(P^2 / 8 / noise^2), P the amplitude: the signal's power as snr.h has it
 *   amplitude  median over the beats of the range within 50 ms
 *   up         of the mean beat within 60 ms, what stands above the line between its ends less what stands below, over their
 *              sum: -1 (points down) .. 1 (up)
 *   width_s    between the first and the last crossing of 12 % of the steepest slope of the mean beat within 100 ms
 *
 * The first detector is the caller's, who has seen what comes before and behind, and other leads. The second one is here, and
 * sees this window of this lead alone, without any filter that knows how a QRS complex looks, so that noise misleads it:
 *
 *   length     sum of |x[i] - x[i-1]| over 130 ms: the curve's length, less what a straight line has
 *   level      half of the way from the median of the length to the median of its maxima in pieces of 1.5 s
 *   beats      maxima of the length above the level and above all within 0.25 s
 *
 * All of it on a grid of 120 to 240 Hz, of which each place is the mean of a whole number of samples (amplitude), or of 1/55 s
 * round it, which leaves a tenth of 50 and 60 Hz (the rest: mains is measured by itself). A beat is -0.25 to +0.4 s, less at
 * high rates (0.35 and 0.6 of the median interval), without its straight line; likeness is the best of three places, one sample
 * of the grid apart, and with one of the 8 beats on either side.
 *
 * Sources: bsqi: Q. Li, R. G. Mark, G. D. Clifford, Physiol. Meas. 29:15-32, 2008; the form with the union: J. Behar and
 * others, IEEE Trans. Biomed. Eng. 60:1660-1666, 2013. template: C. Orphanidou and others, IEEE J. Biomed. Health Inform.
 * 19:832-838, 2015. Curve length: W. Zong, G. B. Moody, D. Jiang, Comput. Cardiol. 30:737-740, 2003; the level is ours, as is
 * noise. */
#ifndef KYMO_QUALITY_BEATS_H
#define KYMO_QUALITY_BEATS_H

#include "lib/err.h"

#include <stddef.h>

/* NaN: not to be told; bsqi where neither detector has a beat, the others with less than 2 (template, noise: 3). */
struct quality_beats {
    float n, rate_per_min, bsqi, template, noise, snr_db, amplitude, up, width_s;
};

struct quality_beater;

/* For windows of at most n samples at fs_hz, 60..10000. Returns an object for quality_beater_destroy, or NULL with *e set
 * (KYMO_EUSAGE, KYMO_ENOMEM). */
struct quality_beater *quality_beater_create(double fs_hz, size_t n, struct kymo_err *e);

/* Measures x[n], which has beats at the samples beat[n_beats], ascending, 0..n-1. NaN: no sample. Cannot fail. */
void quality_beats_measure(struct quality_beater *s, const double *x, size_t n, const double *beat, size_t n_beats,
                           struct quality_beats *out);

/* The second detector's beats of the window measured last, as samples; until the next. */
const double *quality_second_beats(const struct quality_beater *s, size_t *n);

void quality_beater_destroy(struct quality_beater *s);   /* NULL is fine */

#endif
