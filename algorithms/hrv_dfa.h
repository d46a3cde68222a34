/* algorithms/hrv_dfa.h - detrended fluctuation analysis, short-term and long-term exponents.
 *
 *   y[k]   sum over i <= k of (NN[i] - mean NN)
 *   F(n)   root of the mean square of y about a straight line fitted to each box of n values: over all boxes and values
 *   alpha  slope of ln F(n) on ln n by least squares, over every whole n from the shortest to the longest box
 *
 * Boxes do not overlap and are laid from the start of each unbroken run; what is left at its end is not used (no second
 * pass from the end). A box never spans a break: y goes on from run to run, but each box has its own line, so that where y
 * stands at the start of a run does not matter. Sources: C.-K. Peng et al., Chaos 5:82-87, 1995, eqs. 2-3, and its boxes
 * of 4-16 and 16-64 beats. */
#ifndef KYMO_HRV_DFA_H
#define KYMO_HRV_DFA_H

#include "algorithms/nn.h"
#include "lib/err.h"

struct hrv_dfa_opt {
    size_t shortest, middle, longest;   /* boxes: alpha1 shortest..middle, alpha2 middle..longest; 3 <= shortest < middle < */
};

#define HRV_DFA_USUAL ((struct hrv_dfa_opt){.shortest = 4, .middle = 16, .longest = 64})

struct hrv_dfa {
    double alpha1, alpha2;              /* no unit; NaN where some F(n) is NaN or 0 */
};

/* F(n) in ms, of boxes of n >= 3 intervals; NaN without a box, or where all intervals are equal. */
double hrv_dfa_fluctuation(const struct nn_series *nn, size_t n);

/* Fills *out; times are not needed. The exponents exist from one box of the longest on; how much to trust them is for the
 * caller. 100,000 intervals take 20 ms. Returns 0, or KYMO_EUSAGE (boxes that are not as above). */
int hrv_dfa(const struct nn_series *nn, const struct hrv_dfa_opt *opt, struct hrv_dfa *out, struct kymo_err *e);

#endif
