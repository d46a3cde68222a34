/* algorithms/spline.h - cubic spline through points that need not be evenly spaced, read off on an even grid.
 *
 * Between t[i] and t[i+1], h = t[i+1] - t[i], d = (x[i+1] - x[i]) / h, u = t - t[i], M the second derivatives:
 *
 *   s(t) = x[i] + u (d - h (2 M[i] + M[i+1]) / 6) + u^2 M[i] / 2 + u^3 (M[i+1] - M[i]) / (6 h)
 *
 * M from the continuity of s' at the inner points, and at the ends "not-a-knot": the third derivative does not jump at t[1]
 * and t[n-2]. Three points give the parabola through them, two a line, one itself. Exact for cubics.
 * Source: C. de Boor, A practical guide to splines, 1978, ch. IV. */
#ifndef KYMO_SPLINE_H
#define KYMO_SPLINE_H

#include <stddef.h>

/* Second derivatives of the spline through t[n], x[n] into m[n]; t increasing, all finite; work[n] is scratch. Cannot fail. */
void spline_bend(const double *t, const double *x, size_t n, double *m, double *work);

/* The spline at t[0] + k / rate for k = 0 .. n_out-1, into y; these must not lie beyond t[n-1]. m is what spline_bend gave, or
 * NULL: straight lines from point to point. */
void spline_read(const double *t, const double *x, const double *m, size_t n, double rate, double *y, size_t n_out);

#endif
