/* algorithms/quality_pulses.h - what the pulses of a photoplethysmogram or of an arterial pressure tell of the quality of one
 * window.
 *
 *   template   mean over the pulses of the correlation of a pulse with the mean of all; a pulse is as long as the median
 *              interval, with the fiducial a third of it behind its begin
 *   feasible   1 where the rate is 40 to 180 a minute, no interval is longer than 3 s, and the longest at most 2.2 times the
 *              shortest; else 0
 *   jsqi       share of the pulses of a pressure that none of these speaks against:
 *              systolic above 300 mmHg, diastolic below 20, mean not 30..200, pulse pressure below 20; rate not 20..200 per
 *              minute; mean of the negative slopes below -40 mmHg per 100 ms; from the pulse before, systolic or diastolic
 *              differs by more than 20 mmHg, or the interval by more than 2/3 s
 *
 * Systolic is the largest value between a fiducial and 0.6 of the interval behind it, diastolic the least in the 0.3 of the
 * interval before it; both, and the limits, are on samples as they are.
 *
 * Sources: template and feasible: C. Orphanidou and others, IEEE J. Biomed. Health Inform. 19:832-838, 2015. jsqi: J. X. Sun,
 * A. T. Reisner, R. G. Mark, Comput. Cardiol. 33:13-16, 2006, table of the signal abnormality index; the pulses are those of
 * pulse.h, not of wabp, and whether the onset drifts is left out. */
#ifndef KYMO_QUALITY_PULSES_H
#define KYMO_QUALITY_PULSES_H

#include "lib/err.h"

#include <stddef.h>

/* NaN: not to be told: less than 3 pulses; systolic, diastolic, jsqi also where mmhg is NaN. */
struct quality_pulses {
    float n, rate_per_min, template, feasible, jsqi, systolic, diastolic;
};

struct quality_pulser;

/* For windows of at most n samples at fs_hz, 30..10000. Returns an object for quality_pulser_destroy, or NULL with *e set
 * (KYMO_EUSAGE, KYMO_ENOMEM). */
struct quality_pulser *quality_pulser_create(double fs_hz, size_t n, struct kymo_err *e);

/* Measures x[n] with pulses at the samples pulse[n_pulses], ascending, 0..n-1. mmhg: mmHg in one unit of x; NaN: no pressure.
 * x NaN: no sample. Cannot fail. */
void quality_pulses_measure(struct quality_pulser *s, const double *x, size_t n, const double *pulse, size_t n_pulses,
                            double mmhg, struct quality_pulses *out);

void quality_pulser_destroy(struct quality_pulser *s);   /* NULL is fine */

#endif
