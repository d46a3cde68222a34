/* algorithms/boxcar.h - centred moving average, streamed.
 *
 *   y[i] = mean of x[j] over |j - i| <= (width-1)/2, over those j that exist and are a sample;
 *   y[i] = NaN where x[i] is NaN or infinite (a gap stays a gap).
 *
 * Each sum is made of at most width samples anew (a block is summed from its begin and from its end, and a window is the end
 * of one and the begin of the next), so that nothing drifts, and in constant time: M. van Herk, A fast algorithm for local
 * minimum and maximum filters, Pattern Recogn. Lett. 13:517-521, 1992, there for maxima. Summed are differences from the first
 * sample, so that a constant comes out as itself.
 *
 * Aligned with its input: push holds back (width-1)/2 samples, flush releases them. */
#ifndef KYMO_BOXCAR_H
#define KYMO_BOXCAR_H

#include "lib/err.h"

struct boxcar;

/* width: samples, odd, up to 1e8. Returns an object for boxcar_destroy, or NULL with *e set (KYMO_EUSAGE, KYMO_ENOMEM). */
struct boxcar *boxcar_create(size_t width, struct kymo_err *e);

/* x[n] -> y[up to n], in x's unit; y may be x. Returns how many were written. Any split gives the same. Cannot fail. */
size_t boxcar_push(struct boxcar *s, const double *x, size_t n, double *y);

/* Input has ended: gives up to cap of the held samples. Call until 0; s is then as newly created. */
size_t boxcar_flush(struct boxcar *s, double *y, size_t cap);

void boxcar_destroy(struct boxcar *s);   /* NULL is fine */

#endif
