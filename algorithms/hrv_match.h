/* algorithms/hrv_match.h - how many templates of a series match: the counting under the entropies, exact and fast.
 *
 *   template i of length L   x[i] .. x[i+L-1], only where each of them follows the one before
 *   i and j match            |x[i+k] - x[j+k]| <= r + NN_SLACK_MS for every k < L       (Chebyshev distance)
 *
 * The counts are those of the double loop over all pairs, integer for integer. How: templates are sorted by their first
 * value, so that those near in it are neighbours, and cut into tiles of 512. Within a tile a match is a bit: for each
 * further coordinate the tile keeps one set for every k, its k points that are lowest there, so that the points between
 * two limits are the exclusive-or of two sets, and a few ands and a count of bits settle 512 pairs at once.
 * Time n^2 / 512 at worst, a tenth of that for r = 0.2 SD; memory 70 bytes per value.
 * The idea of sorting so that only neighbours are tried: G. Manis, M. Aktaruzzaman, R. Sassi, Low computational cost for
 * sample entropy, Entropy 20:61, 2018. */
#ifndef KYMO_HRV_MATCH_H
#define KYMO_HRV_MATCH_H

#include "lib/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct matcher;

/* Partners of one template. */
struct match_counts {
    uint32_t m;          /* of length m, among all of length m */
    uint32_t m_inner;    /* of length m, among those that can be m+1 long; 0 if this one cannot */
    uint32_t longer;     /* of length m+1 */
};

/* For series of up to n_max values, below 2^31, and templates of m, 1..8. Returns an object for matcher_destroy, or NULL
 * with *e set (KYMO_EUSAGE, KYMO_ENOMEM). */
struct matcher *matcher_create(size_t n_max, size_t m, struct kymo_err *e);

/* order[k] = index of the k-th smallest of x[n]; n <= n_max; x positive. Cannot fail. */
void matcher_sort(struct matcher *s, const double *x, size_t n, uint32_t *order);

/* Fills each[n] for the template at each index (zeros where there is none). left[i]: values from i to the end of its
 * unbroken run, 1 or more. order: from matcher_sort. Every template is its own partner; with ONCE none is, and each pair
 * counts for one of its two only. Cannot fail. */
void matcher_count(struct matcher *s, const double *x, const uint32_t *left, const uint32_t *order, size_t n, double r,
                   bool once, struct match_counts *each);

void matcher_destroy(struct matcher *s);   /* NULL is fine */

#endif
