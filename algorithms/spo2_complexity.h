/* algorithms/spo2_complexity.h - how regular a night of SpO2 is: Lempel-Ziv complexity, central tendency, fluctuation.
 *
 * Of a series at 1 Hz, in per cent:
 *
 *   LZ   phrases of the incremental parsing (J. Ziv and A. Lempel, IEEE Trans. Inf. Theory 24:530-536, 1978) of the bits
 *        x > median; a last phrase that has been before is none
 *   CTM  share of the points (x[i+1] - x[i], x[i+2] - x[i+1]) nearer to 0, 0 than 0.25 %
 *   DFA  y = cumulative sum of x - mean by trapezia; a line fitted to each 20 samples of it; root mean square of what is left.
 *        The fluctuation F(20) (C.-K. Peng et al., Chaos 5:82-87, 1995), not a slope over window sizes
 *
 * Source: J. Levy et al., npj Digit. Med. 4:1, 2021, table 1. Nothing spans a gap: phrases, points and the sum y begin anew
 * behind one; median and mean are those of all valid samples. The toolbox (pobm 1.0.5) has no DFA, LZ or CTM for a series with
 * a NaN that would be of use: its sum stays NaN from there on, its median is NaN. */
#ifndef KYMO_SPO2_COMPLEXITY_H
#define KYMO_SPO2_COMPLEXITY_H

#include "lib/err.h"

struct spo2_complexity {
    double lz;                    /* NaN without a sample */
    double ctm;                   /* NaN without three in a row */
    double dfa_pct;               /* NaN with fewer than two pairs in a row */
};

/* x_pct[n] at 1 Hz, NaN: no sample; its median and mean. Returns 0, or KYMO_ENOMEM. */
int spo2_complexity(const double *x_pct, size_t n, double median_pct, double mean_pct, struct spo2_complexity *out,
                    struct kymo_err *e);

#endif
