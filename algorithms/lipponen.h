/* algorithms/lipponen.h - which intervals between beats are artefacts, from the intervals alone.
 *
 *   dRR(j) = RR(j) - RR(j-1), over 5.2 times the quartile deviation of |dRR| in the 91 intervals around j
 *   mRR(j) = RR(j) - median of the 11 around j, doubled where negative, over 5.2 times the quartile deviation of |mRR| around j
 *
 *   ectopic       |dRR(j)| > 1 with neighbours on the other side: dRR(j) > 1 and the larger neighbour below
 *                 -0.13 dRR(j) - 0.17, or the mirror image. The beat between RR(j-1) and RR(j) is early or late: both
 *                 intervals are wrong.
 *   long, short   |dRR(j)| > 1, and within two intervals the series comes back as far, or |mRR(j)| > 3; of these
 *   missed        a long one whose half is what is expected (less than the second threshold from the median of 11),
 *   extra         a short one which together with the next is what is expected
 *
 * The quartile deviation is half of the distance between the quartiles. Near the ends the windows are cut.
 *
 * Source: J. A. Lipponen, M. P. Tarvainen, A robust algorithm for heart rate variability time series artefact correction
 * using novel beat classification, J. Med. Eng. Technol. 43:173-181, 2019; constants and windows as in its figure and text.
 * Two things are ours: neither threshold is below 10 ms (sampled intervals repeat, and the quartile deviation of a calm
 * stretch can be 0), and a series of fewer than 4 intervals is taken as it is. */
#ifndef KYMO_LIPPONEN_H
#define KYMO_LIPPONEN_H

#include "lib/err.h"

#include <stddef.h>

enum lipponen_kind {
    LIPPONEN_FINE,
    LIPPONEN_ECTOPIC,     /* this interval or its neighbour: of the two around the beat both are marked */
    LIPPONEN_LONG_SHORT,
    LIPPONEN_MISSED,      /* the interval holds a beat that was not found */
    LIPPONEN_EXTRA,       /* the beat that ends this interval is none: the next one is marked fine, and belongs to it */
};

/* rr_ms[n], positive, each beginning where the one before ends -> kind[n], an enum lipponen_kind each.
 * Returns 0 or KYMO_ENOMEM. */
int lipponen(const double *rr_ms, size_t n, unsigned char *kind, struct kymo_err *e);

#endif
