/* algorithms/hrv_multiscale.h - sample entropy over time scales: MSE, composite and refined composite.
 *
 *   y(k,s)[j]    mean of the s intervals from k + j s on, counted from the start of an unbroken run, k = 0 .. s-1
 *   MSE(s)       SampEn of y(0,s)                                     Costa, Goldberger, Peng, Phys. Rev. Lett. 89:068102, 2002
 *   CMSE(s)      mean over k of SampEn of y(k,s)                      Wu et al., Entropy 15:1069-1084, 2013
 *   RCMSE(s)     ln(sum over k of B / sum over k of A)                Wu et al., Phys. Lett. A 378:1369-1374, 2014
 *   complexity   sum over the scales 1 .. n_scales, the area under the curve    Phys. Rev. E 71:021906, 2005
 *
 * A and B as in hrv_entropy.h, with r from the series itself (scale 1) at all scales, as Costa does. Means are taken
 * within unbroken runs only, and a template never spans a break; what is left of a run shorter than s is not used.
 * NaN where SampEn is: MSE(s) where the one series has no match, CMSE(s) where any of the s series has none (which is
 * what RCMSE is for), a complexity with any NaN in it, and all of a series of more than HRV_ENTROPY_MAX intervals. No unit;
 * natural logarithms. */
#ifndef KYMO_HRV_MULTISCALE_H
#define KYMO_HRV_MULTISCALE_H

#include "algorithms/hrv_entropy.h"

enum { HRV_MAX_SCALES = 100 };

struct hrv_multiscale {
    double mse[HRV_MAX_SCALES], cmse[HRV_MAX_SCALES], rcmse[HRV_MAX_SCALES];   /* of scale s at [s-1] */
    double complexity_mse, complexity_cmse, complexity_rcmse;
    double r_ms;
};

/* Fills the first n_scales (1..100; 20 is usual) of *out, NaN elsewhere. All the scales 1..20 of 100,000 intervals: 0.3 s.
 * Returns 0, or KYMO_EUSAGE, KYMO_ENOMEM. */
int hrv_multiscale(const struct nn_series *nn, const struct hrv_entropy_opt *opt, size_t n_scales, struct hrv_multiscale *out,
                   struct kymo_err *e);

#endif
