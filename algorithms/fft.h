/* algorithms/fft.h - discrete Fourier transform of real data, any length. The only place that includes fftw3.h.
 *
 *   forward:  X[k] = sum over j of x[j] exp(-2 pi i j k / n),   k = 0 .. n/2       (not scaled)
 *   inverse:  x[j] = (1/n) sum over k of X[k] exp(+2 pi i j k / n), X[n-k] = conj X[k]
 *
 * so that inverse(forward(x)) = x, and sum x[j]^2 = (|X[0]|^2 + 2 |X[1]|^2 + ... ) / n, the bin n/2 of an even n counted
 * once. A spectrum of n real samples is the n/2 + 1 complex bins 0 .. n/2 (integer division), bin k at k fs_hz / n,
 * stored as re, im pairs: re_im[2k], re_im[2k+1]. The imaginary parts of bin 0 and, for even n, of bin n/2 are zero.
 *
 * Source: M. Frigo and S. G. Johnson, The design and implementation of FFTW3, Proc. IEEE 93:216-231, 2005. Planned with
 * FFTW_ESTIMATE on buffers of our own: the same length gives the same bytes in every run on one machine.
 * A NaN or infinite sample spoils bin 0 and most of the others: fill gaps first.
 * FFTW's planner has a global state: two threads may not be in fft_create or fft_destroy at once. Objects are
 * independent otherwise. */
#ifndef KYMO_FFT_H
#define KYMO_FFT_H

#include "lib/err.h"

#include <stddef.h>

struct fft;

/* n: samples per transform, 1..2^30. Returns an object for fft_destroy, or NULL with *e set (KYMO_EUSAGE, KYMO_ENOMEM). */
struct fft *fft_create(size_t n, struct kymo_err *e);

/* So, for fft_forward only: planning, most of the cost where few transforms follow, is halved. */
struct fft *fft_create_forward(size_t n, struct kymo_err *e);

/* Complex bins in a spectrum: n/2 + 1. */
size_t fft_bins(const struct fft *s);

/* x[n] -> re_im[2 * fft_bins], in x's unit. re_im may be x. Cannot fail. */
void fft_forward(struct fft *s, const double *x, double *re_im);

/* re_im[2 * fft_bins] -> x[n], in re_im's unit; the imaginary parts that must be zero are ignored. x may be
 * re_im. Cannot fail. */
void fft_inverse(struct fft *s, const double *re_im, double *x);

void fft_destroy(struct fft *s);   /* NULL is fine */

#endif
