/* algorithms/spo2_general.h - how the values of a night of SpO2 are distributed.
 *
 * Of the n valid samples x of a series at 1 Hz, in per cent:
 *
 *   AV   mean                          MED  median                      Min  smallest
 *   SD   sqrt(sum (x - AV)^2 / n)      RG   largest - smallest          P    1st percentile, interpolated
 *   M    % of them below MED - 2       MAD  median of |x - MED|         SK   m3 / m2^1.5,  mk = sum (x - AV)^k / n
 *   K    m4 / m2^2 - 3
 *   ZC   how often x passes from one side of AV to the other; samples on it are passed over, gaps are not bridged
 *   DI   mean |difference| of the means of 12-second windows that follow each other; a window without a sample ends the
 *        row, the rest at the end that is no whole window is left out
 *
 * Source: the ten general statistics of J. Levy et al., Digital oximetry biomarkers for assessing respiratory function, npj
 * Digit. Med. 4:1, 2021, table 1, and K, SK, MAD of their toolbox. Where we differ from the toolbox (pobm 1.0.5): its ZC counts
 * each sample of a flat stretch that lies on the baseline twice, and leaves out the first two; its M divides by missing
 * samples too. */
#ifndef KYMO_SPO2_GENERAL_H
#define KYMO_SPO2_GENERAL_H

#include "lib/err.h"

struct spo2_general {
    size_t n_valid;               /* samples that are not NaN; without one, all below are NaN */
    double av_pct, med_pct, min_pct, sd_pct, rg_pct, p_pct, m_pct, zc, mad_pct;
    double p5_pct, p25_pct, p75_pct, p95_pct;   /* more percentiles */
    double di_pct;                /* NaN without two windows in a row */
    double k, sk;                 /* NaN where all samples are equal */
};

/* x_pct[n] at 1 Hz, NaN: no sample. Returns 0, or KYMO_ENOMEM. */
int spo2_general(const double *x_pct, size_t n, struct spo2_general *out, struct kymo_err *e);

#endif
