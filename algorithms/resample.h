/* algorithms/resample.h - a signal at another rate, by polyphase filtering, streamed.
 *
 *   y[k] = sum over j of x[j] h(p - j),  p = k in / out (exact),  |p - j| < reach
 *   h(t) = 2 f sinc(2 f t) w(t / reach), w Kaiser's window, each phase of h divided by its sum
 *
 * Frequencies up to pass times half the lower rate stay as they are, to within the ripple; from half the lower rate on all is
 * damped, so nothing is aliased. Ripple and damping are one number, attenuation_db: each is at most 10^(-attenuation_db/20).
 * The phase is linear and the delay none: y[k] is the value at p. y[k] exists for each p from 0 to below the number of samples,
 * so n samples of x give n out / in of y, rounded up; p is kept in whole numbers and does not drift.
 *
 * Where out is so large that the phases of h would not fit into 4 MB, h is interpolated with a cubic among 512 phases for each
 * sample of the lower rate, which errs by less than 10^-10. Where in is more than 32 times out, every 16th sample is taken
 * first, behind a filter that keeps the band that stays in the end; then a hole counts from such a sample to such a sample.
 *
 * NaN is "no sample": each run of samples is filtered by itself, and y[k] is NaN where x[floor p] is. Before its begin and
 * behind its end a run is mirrored about its first and its last sample, so an offset makes no transient.
 *
 * Sources: R. E. Crochiere, L. R. Rabiner, Multirate Digital Signal Processing, 1983, ch. 2-4; J. F. Kaiser, Nonrecursive
 * digital filter design using the I0-sinh window function, Proc. IEEE Symp. Circuits and Systems, 1974, p. 20-23. */
#ifndef KYMO_RESAMPLE_H
#define KYMO_RESAMPLE_H

#include "lib/err.h"

#define RESAMPLE_MOST_RATIO 100000   /* of one rate to the other */

struct resample_filter;
struct resample;

/* For out samples of y in the time of in samples of x; pass 0.1..0.99; attenuation_db 60..180. Returns a filter for
 * resample_filter_destroy, that any number of objects and threads may use; NULL with *e set (KYMO_EUSAGE, KYMO_ENOMEM). */
struct resample_filter *resample_design(int64_t in, int64_t out, double pass, double attenuation_db, struct kymo_err *e);
void resample_filter_destroy(struct resample_filter *f);   /* NULL is fine */

/* f must stay. Returns an object for resample_destroy, or NULL with *e set (KYMO_ENOMEM). */
struct resample *resample_create(const struct resample_filter *f, struct kymo_err *e);

/* The next sample is x[index]; the first of y is the first at or behind it. For a signal that begins late: only of an object as
 * newly created, where index is 0. */
void resample_start(struct resample *s, int64_t index);

/* Which y[k] comes next. */
int64_t resample_next(const struct resample *s);

/* The most that n more samples can give. */
size_t resample_bound(const struct resample *s, size_t n);

/* x[n] -> y[resample_bound(s, n)], which is not x. Returns how many were written. Cannot fail. */
size_t resample_push(struct resample *s, const double *x, size_t n, double *y);

/* Input has ended: gives up to cap of what is left. Call until 0; s is then as newly created. */
size_t resample_flush(struct resample *s, double *y, size_t cap);

void resample_destroy(struct resample *s);   /* NULL is fine */

#endif
