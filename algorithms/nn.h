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
#include <stdint.h>

/* Values that differ by no more than this are equal, and differences no further beyond a limit are on it: the rounding of a
 * division by the sampling rate, or of beat times to the nanosecond (2e-6 ms in a difference), decides nothing. */
#define NN_SLACK_MS 1e-5

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

/* Standard deviation of the intervals, divided by n-1, ms; NaN of fewer than 2; 0 exactly where all are equal. */
double nn_sd_ms(const struct nn_series *s);

/* left[i], of n: how many intervals from i on follow each other unbroken, i among them: 1 or more. */
void nn_count_left(const struct nn_series *s, uint32_t *left);

/* 0, or KYMO_EDATA: an interval that is not as said above. */
int nn_check(const struct nn_series *s, struct kymo_err *e);

/* 0, or KYMO_EDATA: an end that is not a number within 1e12 of 0, or not at least a microsecond after the one before. end_s
 * must be there. */
int nn_check_times(const struct nn_series *s, struct kymo_err *e);

/* When interval i begins. */
double nn_start_s(const struct nn_series *s, size_t i);

#endif
