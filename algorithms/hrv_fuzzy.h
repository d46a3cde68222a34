/* algorithms/hrv_fuzzy.h - fuzzy entropy.
 *
 *   FuzzyEn = ln phi(m) - ln phi(m+1)
 *   phi(k)  mean over pairs of different templates of k intervals of exp(-(d / r)^power), d their Chebyshev distance once
 *           each has its own mean taken off; for both k the templates that can be m+1 long
 *
 * Source: W. Chen et al., IEEE Trans. Neural Syst. Rehabil. Eng. 15:266-272, 2007, with power 2 as there. They write
 * exp(-d^power / r), which changes with the unit of x where power is not 1; with power 1 the two are one, and that is what
 * most programs compute. A template never spans a break. No unit; natural logarithms. exp is ours, within 1e-14 relative. */
#ifndef KYMO_HRV_FUZZY_H
#define KYMO_HRV_FUZZY_H

#include "algorithms/hrv_embed.h"
#include "algorithms/hrv_entropy.h"

/* *fuzzyen: NaN with fewer than 2 templates of m+1 intervals, all intervals equal where r is in SD, more than HRV_PAIRS_MAX
 * intervals, or r = 0. power: 1 or 2. Returns 0, or KYMO_EUSAGE, KYMO_ENOMEM. */
int hrv_fuzzy(const struct nn_series *nn, const struct hrv_entropy_opt *opt, int power, double *fuzzyen, struct kymo_err *e);

#endif
