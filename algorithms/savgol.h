/* algorithms/savgol.h - Savitzky-Golay filter, streamed: a polynomial by least squares, or a derivative of it.
 *
 *   y[i] = fs_hz^d P_i^(d)(0),  P_i the polynomial of the given order with the least sum of (P_i(j) - x[i+j])^2 over
 *          |j| <= (width-1)/2
 *   At the begin and the end of a run of samples, where no such window is left, the polynomial of the first and of the last
 *   whole window, off its centre; in a run shorter than the window, one of all of it, its order below its number of samples.
 *   y[i] = NaN where x[i] is NaN or infinite; there a run ends. So is a derivative that a short run's polynomial has not.
 *
 * Polynomials up to the order, or their derivatives, come out exactly, everywhere. Width 3 and order 2 give as first derivative
 * the central difference (x[i+1] - x[i-1]) fs_hz / 2.
 *
 * Sources: A. Savitzky and M. J. E. Golay, Anal. Chem. 36:1627-1639, 1964; by polynomials that are orthogonal on the window
 * (Gram's), ends too: P. A. Gorry, Anal. Chem. 62:570-573, 1990. Ours: they are normalised, with the recurrence
 * b[k+1] p[k+1](t) = t p[k](t) - b[k] p[k-1](t), b[k] = sqrt(k^2 (n^2 - k^2) / (4 (4 k^2 - 1))), so that weights up to
 * order 12 are right to 1e-12 of their absolute sum.
 *
 * Aligned with its input: push holds back width - 1 samples, flush releases them. */
#ifndef KYMO_SAVGOL_H
#define KYMO_SAVGOL_H

#include "lib/err.h"

#define SAVGOL_HIGHEST 12         /* order */

struct savgol;

/* width: samples, odd, up to 100001; order: 0..SAVGOL_HIGHEST, below width; derivative: 0..order. Returns an object for
 * savgol_destroy, or NULL with *e set (KYMO_EUSAGE, KYMO_ENOMEM). 20 bytes for each sample of the window. */
struct savgol *savgol_create(size_t width, int order, int derivative, double fs_hz, struct kymo_err *e);

/* x[n] -> y[up to n], in x's unit per s^derivative; y may be x. Returns how many were written. Any split gives the same.
 * Cannot fail. */
size_t savgol_push(struct savgol *s, const double *x, size_t n, double *y);

/* Input has ended: gives up to cap of the held samples. Call until 0; s is then as newly created. */
size_t savgol_flush(struct savgol *s, double *y, size_t cap);

/* Samples in the window. */
size_t savgol_width(const struct savgol *s);

/* The weight of x[i+j] in y[i], j = -(width-1)/2 .. (width-1)/2: a view of width values, until savgol_destroy. */
const double *savgol_weights(const struct savgol *s);

void savgol_destroy(struct savgol *s);   /* NULL is fine */

#endif
