/* algorithms/trend.h - what is slow in a series, taken out of it.
 *
 *   constant   the mean
 *   linear     the line of least squares
 *   smoothness priors:  x - (I + lambda^2 D'D)^-1 x,  D the second differences, (Dx)[i] = x[i] - 2 x[i+1] + x[i+2]
 *
 * The last is a high-pass filter without phase and without ends lost; inside a long series its gain at f is
 * 1 - 1 / (1 + lambda^2 (2 sin(pi f / fs))^4), one half where 2 sin(pi f / fs) = lambda^(-1/2): at 0.0285 Hz for lambda = 500
 * and fs = 4 Hz. A line is taken out entirely.
 * Source: M. P. Tarvainen, P. O. Ranta-aho, P. A. Karjalainen, An advanced detrending method with application to HRV analysis,
 * IEEE Trans. Biomed. Eng. 49:172-175, 2002, eq. 20. Its system of five diagonals is solved as L P L' in time that grows
 * with n; no pivoting is needed, since it is symmetric with eigenvalues of 1 or more. */
#ifndef KYMO_TREND_H
#define KYMO_TREND_H

#include <stddef.h>

enum trend { TREND_NONE, TREND_CONSTANT, TREND_LINEAR };

/* Takes it out of x[n], taken at times t[n] (NULL: evenly). All finite. A constant series becomes exact zeroes by the last
 * two; so does a single value. Cannot fail. */
void trend_remove(enum trend kind, const double *t, double *x, size_t n);

/* Smoothness priors, on x[n] at even spacing, finite; lambda 0 .. 1e6; work[3 n] is scratch. Fewer than 3 values are a line
 * and become zeroes. The error is below 1e-15 (1 + 16 lambda^2) of the
 * largest distance from their line. Cannot fail. */
void trend_remove_smooth(double lambda, double *x, size_t n, double *work);

#endif
