/* algorithms/qrs_few.c - see qrs_few.h. */
#include "algorithms/qrs_few.h"

#include "lib/clones.h"

/* The largest of those that at most k are below. All pairs are compared: of few numbers that takes a fifth of the time of
 * sorting them, which stumbles over every branch. */
CLONED_FOR_AVX2
float qrs_ranked(float *v, int n, int k)
{
    const lanes none = (lanes){0} - INFINITY;
    lanes best = none;

    for (int i = n; i % LANES; i++)
        v[i] = INFINITY;
    for (int from = 0; from < n; from += LANES) {
        masks below = {0};
        lanes own;
        memcpy(&own, v + from, sizeof own);
        for (int j = 0; j < n; j++)
            below -= v[j] < own;
        const masks able = below <= k;
        own = (lanes)((able & (masks)own) | (~able & (masks)none));
        const masks more = own > best;
        best = (lanes)((more & (masks)own) | (~more & (masks)best));
    }
    for (int i = 1; i < LANES; i++)
        best[0] = best[i] > best[0] ? best[i] : best[0];
    return best[0];
}

float qrs_median(float *v, int n) { return n ? qrs_ranked(v, n, n / 2) : 0; }
