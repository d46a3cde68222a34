/* algorithms/sinc.h - a signal at another rate, by band-limited interpolation, streamed; without an end.
 *
 *   y[k] = sum of x[j] h(p - j) / sum of h(p - j), p = k in_rate/out_rate, over |p - j| < 16/c
 *   h(t) = sin(pi c t)/(pi c t) cos^2(pi c t/32), c = 0.95 min(1, out_rate/in_rate)
 *
 * The division makes a constant come out as itself. Frequencies above half the lower rate are taken out, so nothing is
 * aliased. Before its first sample x counts as that sample; NaN spreads over the reach of h.
 * Source: J. O. Smith, Digital Audio Resampling Home Page, ccrma.stanford.edu/~jos/resample, 2002; the window is Hann's. */
#ifndef KYMO_SINC_H
#define KYMO_SINC_H

#include "lib/err.h"

#include <stdbool.h>
#include <stdint.h>

struct sinc;

/* In the time of in samples of x, out of y; both >= 1. Returns an object for sinc_destroy, or NULL with *e set (KYMO_EUSAGE
 * where one is more than 1000 times the other or out is above 10^15, KYMO_ENOMEM). */
struct sinc *sinc_create(int64_t in, int64_t out, struct kymo_err *e);

/* One more sample of x; only after sinc_next has said that there is no more. */
void sinc_push(struct sinc *s, double x);

/* Whether y[k] can be had with what was pushed; if so it is in *y, and the next is k + 1. */
bool sinc_next(struct sinc *s, double *y);

void sinc_destroy(struct sinc *s);   /* NULL is fine */

#endif
