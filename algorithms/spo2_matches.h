/* algorithms/spo2_matches.h - how many templates match each one, of a series in which few values come twice.
 *
 * For each sample i the set of samples that lie near it is a row of bits; the templates of length m that match the one at i are
 *
 *     near(i) & near(i+1) >> 1 & ... & near(i+m-1) >> (m-1)
 *
 * and their number is a count of bits: 64 pairs at a time, whatever the values are. Rows are made for 512 samples at once, from
 * sets of all that lie below each value, near(i) being the difference of two. */
#ifndef KYMO_SPO2_MATCHES_H
#define KYMO_SPO2_MATCHES_H

#include "lib/err.h"

/* level[n] of each sample, 0..n_levels-1, or -1 for none, which matches nothing; low[n_levels], high[n_levels]: first and last
 * level that lie near a level. short_count[n] and long_count[n] become the number of templates of m and m + 1 samples that
 * match the one at each sample, itself included; 0 where there is none. m: 2 or 3. Returns 0, or KYMO_ENOMEM. */
int spo2_matches(const int32_t *level, size_t n, const int32_t *low, const int32_t *high, size_t n_levels, int m,
                 int32_t *short_count, int32_t *long_count, struct kymo_err *e);

#endif
