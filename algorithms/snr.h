/* algorithms/snr.h - signal-to-noise ratio of an ECG as the noise stress test measures it.
 *
 *   SNR = 10 log10(S / (N a^2)) dB, with a the gain of the noise
 *   S   = P^2 / 8; P is the trimmed mean of the peak-to-peak values of the first 300 normal QRS complexes, each over the
 *         samples within 50 ms (rounded to whole samples) of its mark: the power of a sinusoid that spans as much
 *   N   = R^2; R is the trimmed mean of the RMS values, each about its own mean, of the first 300 seconds of the noise, in
 *         windows of 1 s one after another: slow noise, which seldom troubles a detector, counts little
 *   a   = 10^(-SNR/20) sqrt(2)/4 P/R
 *
 * The trimmed mean of n values leaves out the n/20 largest and the n/20 smallest, rounded down. With fewer than 300
 * beats or seconds, those there are.
 *
 * Source: G. B. Moody, W. E. Muldrow, R. G. Mark, A noise stress test for arrhythmia detectors, Comput. Cardiol. 11:381-384,
 * 1984, as in the programs nst (14 November 2002) and sigamp (24 April 2020) of WFDB. They take the deviations of N as whole
 * numbers, rounded towards 0, which makes R smaller by up to one half unit of the converter; we do not. Windows with a
 * missing sample do not count. */
#ifndef KYMO_SNR_H
#define KYMO_SNR_H

#include <stddef.h>
#include <stdint.h>

#define SNR_MOST 300          /* beats and windows */

struct snr_noise {
    size_t window, n_in, n;   /* samples in a window; taken of the present one; windows done */
    double mean, sum2;        /* of the present one: mean, sum of squared deviations from it */
    double rms[SNR_MOST];
};

/* For noise of fs_hz, at least 1.5. Cannot fail. */
void snr_noise_init(struct snr_noise *s, double fs_hz);

/* x[n], any unit; what comes after 300 windows is not looked at. Returns how many windows are still wanted. */
size_t snr_noise_push(struct snr_noise *s, const double *x, size_t n);

/* R in x's unit; NaN where no window is whole. */
double snr_noise_rms(const struct snr_noise *s);

struct snr_signal {
    int64_t half;             /* samples on either side of a mark */
    size_t n, first;          /* beats; the first whose window has not passed */
    int64_t beat[SNR_MOST], seen[SNR_MOST];
    double low[SNR_MOST], high[SNR_MOST];
};

/* For a signal of fs_hz with normal beats at the samples beat[n], ascending; the first 300 are used. */
void snr_signal_init(struct snr_signal *s, double fs_hz, const int64_t *beat, size_t n);

/* Samples first..first+n-1, after all that came before, in x; NaN: no sample. */
void snr_signal_push(struct snr_signal *s, int64_t first, const double *x, size_t n);

/* P in x's unit; NaN where no beat was seen whole. */
double snr_signal_peak_to_peak(const struct snr_signal *s);

/* a. */
double snr_gain(double peak_to_peak, double rms, double snr_db);

#endif
