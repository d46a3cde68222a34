/* algorithms/spo2_psd.h - spectrum of a night of SpO2, and how much of it lies where apnoeas recur.
 *
 * Welch's estimate of a series at 1 Hz: segments of 256 s that overlap by half, from the begin of each stretch without a gap,
 * their mean taken away, Hamming window (periodic); one-sided density in %^2/Hz, mean of the segments, divided by the number n
 * of valid samples. f[k] = k / 256 Hz.
 *
 *   PSD_total  sum over f < 0.25 Hz         PSD_band  sum over 0.014 < f < 0.033 Hz
 *   PSD_ratio  PSD_band / PSD_total         PSD_peak  largest in that band
 *
 * Source: P. D. Welch, IEEE Trans. Audio Electroacoust. 15:70-73, 1967; the four measures of J. Levy et al., npj Digit. Med.
 * 4:1, 2021, table 1, scaled as in their toolbox (pobm 1.0.5). It means to drop negative frequencies, and drops the upper half
 * of a spectrum that has none: hence 0.25 Hz, which oximeters that average over some seconds do not reach. Where we differ: it
 * joins what lies on either side of a gap. */
#ifndef KYMO_SPO2_PSD_H
#define KYMO_SPO2_PSD_H

#include "lib/err.h"

#define SPO2_PSD_SEGMENT_S 256

struct spo2_psd {
    size_t n_segments;            /* without one, all below are NaN */
    double total, band, peak;     /* %^2/Hz per sample */
    double ratio;                 /* NaN of a series that does not vary */
};

/* x_pct[n] at 1 Hz, NaN: no sample. Returns 0, or KYMO_ENOMEM. */
int spo2_psd(const double *x_pct, size_t n, struct spo2_psd *out, struct kymo_err *e);

#endif
