/* algorithms/hrv_lomb.h - spectrum of NN intervals where they are, without resampling: Lomb's periodogram, fast.
 *
 * x the n intervals less their trend, t their ends, w = 2 pi f, D the mean time between ends that follow each other:
 *
 *   psd(f) = D [ (sum x cos w(t-tau))^2 / sum cos^2 w(t-tau)  +  (sum x sin w(t-tau))^2 / sum sin^2 w(t-tau) ]
 *   tan(2 w tau) = sum sin 2wt / sum cos 2wt
 *
 * at f = k df, df = 1 / (oversampling S), S the time from the first end to the last, and D more. Where a sum of squares is 0
 * (at 0, and at half the rate of even samples) its term is left out. On even samples psd is the one-sided density of the
 * discrete Fourier transform exactly, and its sum times df is the variance (with n as divisor). On uneven ones this is near,
 * and nothing is rescaled to make it so. A sine of amplitude A makes A^2/2 of power; holes scatter part of that over other f,
 * beside it where they are few and long, everywhere where they are many and short: up to the share of S that they take. Above
 * half the rate of the beats the spectrum repeats itself, the more the evener they are.
 *
 * Windows: psd is the mean over those of window_s, the first at the first end, that end within the series (the whole series
 * where none does), at f = k / (oversampling window_s). A window whose n D is less than least_covered of its length is left
 * out. The whole of a long series tells ULF; but where it has holes these spread what is slow, and large, over all f: of 14
 * hours of ltdb 14134, a fifth of its beats ventricular, HF comes out as 2237 ms^2, and as 161 ms^2 by windows of 300 s
 * covered to 0.95.
 *
 * The sums are made at all f at once: each sample is spread over 2 x 8 points of an even grid by a Gaussian, the grid is
 * transformed and the Gaussian divided out. The error of a sum is below 1e-7 of the sum of the |terms|; of psd, 1e-6 of the
 * largest for oversampling up to 4 (tests/unit/test_hrv_lomb.c, against the formula).
 *
 * Source: N. R. Lomb, Least-squares frequency analysis of unequally spaced data, Astrophys. Space Sci. 39:447-462, 1976. Fast
 * by transforms: W. H. Press and G. B. Rybicki, Astrophys. J. 338:277-280, 1989; the Gaussian in place of their polynomials:
 * A. Dutt and V. Rokhlin, SIAM J. Sci. Comput. 14:1368-1393, 1993; L. Greengard and J.-Y. Lee, SIAM Rev. 46:443-454, 2004. */
#ifndef KYMO_HRV_LOMB_H
#define KYMO_HRV_LOMB_H

#include "algorithms/hrv_spectrum.h"
#include "algorithms/nn.h"
#include "algorithms/trend.h"

struct hrv_lomb_options {
    double highest_hz;    /* the grid goes up to the first frequency above it; more than 0 */
    double oversampling;  /* 1 .. 64 */
    enum trend trend;     /* of each window */
    double window_s;      /* 1 or more; 0: the whole series is one */
    double overlap;       /* share of a window, 0 .. 0.99 */
    double least_covered; /* share of a window, 0 .. 1 */
};

struct hrv_lomb;

/* An object to be used for any number of series; what is prepared is kept for the next of about the same length. Returns it for
 * hrv_lomb_destroy, or NULL with *e set (KYMO_EUSAGE, KYMO_ENOMEM). */
struct hrv_lomb *hrv_lomb_create(const struct hrv_lomb_options *o, struct kymo_err *e);

/* The spectrum of nn, whose end_s must be there, into *out; n is 0 where no two intervals follow each other,
 * or every window is left out. used_s is n D, what windows share once.
 * Returns 0, KYMO_EDATA (nn_check, nn_check_times, or more than 2^22 frequencies) or KYMO_ENOMEM. */
int hrv_lomb_measure(struct hrv_lomb *s, const struct nn_series *nn, struct hrv_spectrum *out, struct kymo_err *e);

void hrv_lomb_destroy(struct hrv_lomb *s);   /* NULL is fine */

#endif
