/* algorithms/hrv_fragment.h - heart rate fragmentation: how often the rhythm changes between speeding up and slowing down.
 *
 *   d[i]  NN[i] - NN[i-1], where interval i begins where interval i-1 ends; |d| <= NN_SLACK_MS is 0
 *   PIP   per cent of the places with a d on both sides where it turns: d[i] d[i+1] <= 0 (inflection points)
 *   IALS  1 / mean number of d in an acceleration or deceleration segment, d of one sign in a row; a 0 belongs to none
 *   PSS   per cent of d not in such a segment of 3 or more
 *   PAS   per cent of d in an alternation segment, 4 or more in a row of which each has the sign opposite to the one before
 *   W0-3  per cent of the words of four d in a row, as signs -, 0, +, in which 0, 1, 2, 3 signs differ from the one before
 *
 * A break ends a segment and a word. Sources: M. D. Costa, R. B. Davis, A. L. Goldberger, Front. Physiol. 8:255, 2017
 * (PIP ... PAS) and 8:827, 2017 (words). There the per cents are of all N intervals, here of those that have what is asked,
 * so that breaks do not count as calm: an unbroken series differs by at most 2 / N. Some programs ask for d[i] d[i+1] < 0,
 * or give PSS and PAS as parts of the segments. */
#ifndef KYMO_HRV_FRAGMENT_H
#define KYMO_HRV_FRAGMENT_H

#include "algorithms/nn.h"

struct hrv_fragment {
    double pip_pct;             /* NaN without two differences in a row */
    double ials;                /* per interval, 0..1; NaN without a segment */
    double pss_pct, pas_pct;    /* NaN without a difference */
    double words_pct[4];        /* NaN without four differences in a row */
};

/* Fills *out; times are not needed. Cannot fail. */
void hrv_fragment(const struct nn_series *nn, struct hrv_fragment *out);

#endif
