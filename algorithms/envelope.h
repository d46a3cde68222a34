/* algorithms/envelope.h - what is seen of a curve that has more samples than the paper has columns.
 *
 * Of the samples of a column the first, the last, the least and the greatest stay, each at its own place: lines through them
 * cover the very same pixels as lines through all samples, whatever the rate, so nothing is aliased. Of up to four samples in
 * a column all stay. A stretch without samples that ends in another column than it began in stays a break.
 *
 * Source: U. Jugel, Z. Jerzak, G. Hackenbroich, V. Markl, Proc. VLDB Endow. 7:797-808, 2014 (M4). Breaks are ours. */
#ifndef KYMO_ENVELOPE_H
#define KYMO_ENVELOPE_H

#include "lib/err.h"

struct envelope;

/* n columns, width > 0 wide, from FROM on, in any unit. Returns an object for envelope_destroy, or NULL with *e
 * set (KYMO_EUSAGE, KYMO_ENOMEM). */
struct envelope *envelope_create(double from, double width, size_t n, struct kymo_err *e);

/* As newly created, from FROM on. */
void envelope_reset(struct envelope *s, double from);

/* From now on columns never end: where a sample lies behind the last, every two become one, until it does not. */
void envelope_grow(struct envelope *s);

/* x[n], sample i at at + i step, in order; NaN: no sample. What lies outside the columns is left out. A call that does not go
 * on where the last one ended begins behind a break. Any split gives the same. */
void envelope_push(struct envelope *s, double at, double step, const double *x, size_t n);

/* What stays, in order, into at[] and x[], which have room for envelope_bound; between points that a break parts is one with
 * x NaN. Returns how many. */
size_t envelope_bound(const struct envelope *s);
size_t envelope_points(const struct envelope *s, double *at, double *x);

void envelope_destroy(struct envelope *s);   /* NULL is fine */

#endif
