/* algorithms/fir.h - FIR filter, streamed: directly where it is short, by overlap-save where it is long.
 *
 *   y[i] = sum over k of h[k] x[i + advance - k]
 *
 * Outside a segment its first or last sample goes on, so that an offset makes no transient. NaN is no sample: y is NaN there,
 * and what follows is a new segment. Aligned with its input: push holds back advance samples, and where the filter is long up
 * to a block of the transform more; flush releases them. With an advance of (n-1)/2 a filter of linear phase has no delay. */
#ifndef KYMO_FIR_H
#define KYMO_FIR_H

#include "lib/err.h"

#include <stddef.h>

#define FIR_DIRECT 96             /* most taps of a filter that is done directly */

struct fir;

/* h[n], copied, n 1..2^20; advance < n. Returns an object for fir_destroy, or NULL with *e set (KYMO_EUSAGE, KYMO_ENOMEM). */
struct fir *fir_create(const double *h, size_t n, size_t advance, struct kymo_err *e);

/* x[n] -> y[up to n], in x's unit; y may be x. Returns how many were written. Cannot fail. */
size_t fir_push(struct fir *s, const double *x, size_t n, double *y);

/* Input has ended: gives up to cap of the held samples. Call until 0; s is then as newly created. */
size_t fir_flush(struct fir *s, double *y, size_t cap);

/* The complex response, advance and all, at a frequency in turns per sample (hz / fs_hz), into re_im[2]. */
void fir_respond(const struct fir *s, double turns, double *re_im);

void fir_destroy(struct fir *s);   /* NULL is fine */

#endif
