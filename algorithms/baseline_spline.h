/* algorithms/baseline_spline.h - an ECG without its baseline: less a cubic curve through the level before each beat, streamed.
 *
 *   y = x - b,  b[i] = the cubic from knot to knot that has their values and, at each, the slope from the knot before it to the
 *          one behind it
 *   A knot is the mean of 20 ms, at their middle: the PR segment. Of those that lie whole from 110 to 40 ms before a beat, the
 *   ones in which the mean of the last 8 beats changes least (sum of |z[t + 5 ms] - z[t]|); they move only for others that
 *   change half as much, since a knot that is now here, now there is a baseline of its own.
 *   y[i] = NaN where x[i] is NaN or infinite.
 *
 * Beats are found here, in this lead, by qrs.h without its learnt stage. Where there is none for 3 s the mean of a second is a
 * knot, 1.5 s behind the one before. Before the first knot and after the last its value is held, and where missing samples
 * leave more than 3 s between two, that of the first, for the last 1.5 s that of the second.
 * Source: C. R. Meyer and H. N. Keiser, Comput. Biomed. Res. 10:459-470, 1977, who take the segment at a fixed time before a
 * beat. Slopes of such chords let the curve leave the range of its knots by little, also where they lie close and far.
 *
 * ST segments and everything else that is not slower than a beat to beat change are kept, which a high-pass filter or a median
 * does not promise.
 *
 * Aligned with its input: push holds back 39 s (the detector looks 30 s ahead, and two knots are to come), flush releases
 * them. */
#ifndef KYMO_BASELINE_SPLINE_H
#define KYMO_BASELINE_SPLINE_H

#include "lib/err.h"

struct baseline_spline;

/* fs_hz: 60..10000. Returns an object for baseline_spline_destroy, or NULL with *e set (KYMO_EUSAGE, KYMO_ENOMEM). About
 * 0.5 MB and 8 bytes for each sample of 39 s. */
struct baseline_spline *baseline_spline_create(double fs_hz, struct kymo_err *e);

/* x[n] -> y[up to n], in x's unit; y may be x. Returns how many were written. Any split gives the same. Cannot fail. */
size_t baseline_spline_push(struct baseline_spline *s, const double *x, size_t n, double *y);

/* Input has ended: gives up to cap of the held samples. Call until 0; s is then as newly created. */
size_t baseline_spline_flush(struct baseline_spline *s, double *y, size_t cap);

void baseline_spline_destroy(struct baseline_spline *s);   /* NULL is fine */

#endif
