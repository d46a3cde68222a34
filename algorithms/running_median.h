/* algorithms/running_median.h - centred median, streamed.
 *
 *   y[i] = median of x[j] over |j - i| <= (width-1)/2, over those j that exist and are a sample; of an even number of them (at
 *          ends and gaps) the mean of the two in the middle;
 *   y[i] = NaN where x[i] is NaN or infinite (a gap stays a gap).
 *
 * Two heaps, of the lower and of the upper half of the window, with the place of each sample in them, so that the oldest can be
 * replaced: a number of steps that grows as log width. W. Haerdle and W. Steiger, Optimal median smoothing, Appl. Stat.
 * 44:258-264, 1995.
 *
 * Aligned with its input: push holds back (width-1)/2 samples, flush releases them. */
#ifndef KYMO_RUNNING_MEDIAN_H
#define KYMO_RUNNING_MEDIAN_H

#include "lib/err.h"

struct running_median;

/* width: samples, odd, up to 1e8. Returns an object for running_median_destroy, or NULL with *e set (KYMO_EUSAGE,
 * KYMO_ENOMEM). 20 bytes for each sample of the window. */
struct running_median *running_median_create(size_t width, struct kymo_err *e);

/* x[n] -> y[up to n], in x's unit; y may be x. Returns how many were written. Any split gives the same. Cannot fail. */
size_t running_median_push(struct running_median *s, const double *x, size_t n, double *y);

/* Input has ended: gives up to cap of the held samples. Call until 0; s is then as newly created. */
size_t running_median_flush(struct running_median *s, double *y, size_t cap);

void running_median_destroy(struct running_median *s);   /* NULL is fine */

#endif
