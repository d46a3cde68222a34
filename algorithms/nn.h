/* algorithms/nn.h - a series of NN intervals: what every measure of heart-rate variability is taken of.
 *
 * A view, in the order of time; who made the series keeps it. Part of a series is a view too: .nn_ms + i and so on, since
 * follows[0] is never looked at. Intervals that do not count are not in it, and nothing is joined where they were: follows
 * tells where the series is broken. */
#ifndef KYMO_NN_H
#define KYMO_NN_H

#include "lib/err.h"

#include <stdbool.h>
#include <stddef.h>

struct nn_series {
    const double *nn_ms;            /* [n] intervals between normal beats, positive and finite, at most 1e12 */
    const double *end_s;            /* [n] when each ends, s from any origin, increasing; NULL where a measure needs no times */
    const unsigned char *follows;   /* [n] non-zero: interval i begins with the beat that ends interval i-1; NULL: all do */
    size_t n;                       /* may be 0 */
};

/* Whether interval i > 0 begins where the one before it ends. */
static inline bool nn_follows(const struct nn_series *s, size_t i)
{
    return !s->follows || s->follows[i];
}

/* 0, or KYMO_EDATA: an interval that is not as said above. */
int nn_check(const struct nn_series *s, struct kymo_err *e);

/* 0, or KYMO_EDATA: an end that is not a number within 1e12 of 0, or not at least a microsecond after the one before. end_s must
 * be there. */
int nn_check_times(const struct nn_series *s, struct kymo_err *e);

/* When interval i begins. */
double nn_start_s(const struct nn_series *s, size_t i);

#endif
