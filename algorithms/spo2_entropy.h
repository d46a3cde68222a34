/* algorithms/spo2_entropy.h - approximate and sample entropy of a night of SpO2.
 *
 * A template of length m is m samples in a row; two match within r where their largest difference is < r (ApEn) or <= r
 * (SampEn).
 *
 *   ApEn    Phi(2) - Phi(3), Phi(m) = mean over the templates of ln(share of the templates that match it, itself included);
 *           r = 0.25 %
 *   SampEn  -ln(A / B), r = 0.2 %; B pairs of templates of length 3, the first of which has a sample behind it, that
 *           match; A of those of length 4; a template with itself is no pair
 *
 * Source: S. M. Pincus, PNAS 88:2297-2301, 1991; J. S. Richman and J. R. Moorman, Am. J. Physiol. 278:H2039-H2049, 2000; m and
 * r of J. Levy et al., npj Digit. Med. 4:1, 2021, table 1: r is absolute, not a share of the standard deviation. A template
 * spans no gap, where their toolbox (pobm 1.0.5) joins the ends. Differences that miss r by less than 1e-9 % are r: 97.3 - 97.1
 * is not 0.2 in binary.
 *
 * Exact, and fast: templates of the same values are one class, and classes are compared; of whole per cents, which differ by
 * more than r, not even they. Real numbers, of which each is another, go to hrv_match. */
#ifndef KYMO_SPO2_ENTROPY_H
#define KYMO_SPO2_ENTROPY_H

#include "lib/err.h"

struct spo2_entropy {
    double apen;                  /* NaN without three samples in a row */
    double sampen;                /* NaN where no template of length 4 matches another */
};

/* x_pct[n] at 1 Hz, n < 2^31, NaN: no sample. Returns 0, or KYMO_ENOMEM. */
int spo2_entropy(const double *x_pct, size_t n, struct spo2_entropy *out, struct kymo_err *e);

#endif
