/* algorithms/baseline_median.h - an ECG without its baseline: less what two medians leave of it, streamed.
 *
 *   y = x - median of 600 ms of (median of 200 ms of x)
 *
 * The first median takes out QRS complexes and P waves, the second T waves. Widths are the nearest odd numbers of samples; at
 * ends and gaps a median is that of what is there (running_median.h). y[i] = NaN where x[i] is NaN or infinite.
 * Source: P. de Chazal, M. O'Dwyer, R. B. Reilly, IEEE Trans. Biomed. Eng. 51:1196-1206, 2004, section III.A.
 *
 * Aligned with its input: push holds back 400 ms, flush releases them. */
#ifndef KYMO_BASELINE_MEDIAN_H
#define KYMO_BASELINE_MEDIAN_H

#include "lib/err.h"

struct baseline_median;

/* fs_hz: 1..1e6. Returns an object for baseline_median_destroy, or NULL with *e set (KYMO_EUSAGE, KYMO_ENOMEM). */
struct baseline_median *baseline_median_create(double fs_hz, struct kymo_err *e);

/* x[n] -> y[up to n], in x's unit; y may be x. Returns how many were written. Any split gives the same. Cannot fail. */
size_t baseline_median_push(struct baseline_median *s, const double *x, size_t n, double *y);

/* Input has ended: gives up to cap of the held samples. Call until 0; s is then as newly created. */
size_t baseline_median_flush(struct baseline_median *s, double *y, size_t cap);

void baseline_median_destroy(struct baseline_median *s);   /* NULL is fine */

#endif
