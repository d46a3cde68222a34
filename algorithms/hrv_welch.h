/* algorithms/hrv_welch.h - spectrum of NN intervals by averaged periodograms of overlapping windows.
 *
 *   psd[k] = mean over windows of c |sum over j of w[j] x[j] exp(-2 pi i j k / m)|^2 / (rate sum of w[j]^2)
 *
 * x the window's n samples less their trend, m the length of the transform (zeroes behind x), c = 2 but 1 for k = 0 and k =
 * m/2. So the sum of psd df is the mean of (w x)^2 / w^2 over the windows: Parseval. Windows begin with each piece of the
 * series, every n - floor(overlap n) samples, and lie wholly in it. Where no piece is as long as window_s, the longest one is
 * the window. A window of which more than most_bridged was interpolated across holes is left out.
 *
 *   Hann     w[j] = 0.5 - 0.5 cos(2 pi j / n)      Hamming  0.54 - 0.46 cos(2 pi j / n)      rectangular  1
 *
 * Source: P. D. Welch, The use of fast Fourier transform for the estimation of power spectra, IEEE Trans. Audio Electroacoust.
 * 15:70-73, 1967. Windows are periodic, as spectra want them. A rhythm's power is the sum over its peak, some 3/window wide
 * with Hann; near a band's edge part of it counts for the other band. */
#ifndef KYMO_HRV_WELCH_H
#define KYMO_HRV_WELCH_H

#include "algorithms/hrv_even.h"
#include "algorithms/hrv_spectrum.h"
#include "algorithms/trend.h"

enum hrv_window { HRV_HANN, HRV_HAMMING, HRV_RECTANGULAR };

struct hrv_welch_options {
    double window_s;        /* rounded to samples, 2 .. 2^24 of them */
    double overlap;         /* share of a window, 0 .. 0.99 */
    enum hrv_window shape;
    enum trend trend;       /* of each window */
    size_t transform;       /* samples to transform, up to 2^24; less than the window's: those of the window */
    double most_bridged;    /* share of a window, 0 .. 1 */
};

struct hrv_welch;

/* An object to be used for any number of series; the transform is planned anew only when its length changes: give transform to
 * avoid that for series shorter than a window. Returns it for hrv_welch_destroy, or NULL with *e set (KYMO_EUSAGE,
 * KYMO_ENOMEM). */
struct hrv_welch *hrv_welch_create(const struct hrv_welch_options *o, struct kymo_err *e);

/* The spectrum of x into *out; n is 0 where no piece has two samples, or every window is left out. Returns 0, KYMO_EUSAGE (not
 * 2 .. 2^24 samples at x's rate) or KYMO_ENOMEM. */
int hrv_welch_measure(struct hrv_welch *s, const struct hrv_even *x, struct hrv_spectrum *out, struct kymo_err *e);

void hrv_welch_destroy(struct hrv_welch *s);   /* NULL is fine */

#endif
