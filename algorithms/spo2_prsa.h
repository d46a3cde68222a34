/* algorithms/spo2_prsa.h - phase-rectified signal averaging of a night of SpO2: what it looks like round its falls.
 *
 * Anchors are the samples i of a series at 1 Hz that are lower than the one before, with ten samples before and nine behind,
 * none of them missing. w[0..19] is the mean of x[i-10 .. i+9] over the anchors.
 *
 *   PRSAc   (w[10] + w[11] - w[9] - w[8]) / 4        PRSAad  largest - smallest of w
 *   PRSAos  slope of a line fitted to w              PRSAsb, PRSAsa  to w[0..9] and to w[10..19]
 *   AC      sum of w[j] w[j+8]
 *
 * Source: A. Bauer et al., Physica A 364:423-434, 2006; the six measures of J. Levy et al., npj Digit. Med. 4:1, 2021, table 1.
 * Where we differ from their toolbox (pobm 1.0.5): it takes a missing sample as 0 % and gives 0 where there is no anchor; it
 * calls the lag of AC 2, which counts from the far end of the autocorrelation: it is 8, here as there. */
#ifndef KYMO_SPO2_PRSA_H
#define KYMO_SPO2_PRSA_H

#include <stddef.h>

struct spo2_prsa {
    size_t n_anchors;             /* without one, all below are NaN */
    double c_pct, ad_pct;
    double os_pct_per_s, sb_pct_per_s, sa_pct_per_s;
    double ac_pct2;
};

/* x_pct[n] at 1 Hz, NaN: no sample. Cannot fail. */
void spo2_prsa(const double *x_pct, size_t n, struct spo2_prsa *out);

#endif
