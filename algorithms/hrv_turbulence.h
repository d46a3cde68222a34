/* algorithms/hrv_turbulence.h - heart rate turbulence: how sinus rhythm answers a ventricular premature beat.
 *
 *   Of all beats in order: interval v ends with the premature beat, v+1 is the pause after it, and around them
 *   ... v-5 v-4 v-3 v-2 v-1 | v v+1 | v+2 v+3 ... v+16 ...   are sinus intervals: RR-2 = v-2, RR-1 = v-1, RR1 = v+2, ...
 *
 *   TO  mean over the beats used of 100 ((RR1 + RR2) - (RR-2 + RR-1)) / (RR-2 + RR-1)
 *   TS  steepest slope of the straight lines fitted to 5 in a row of the 15 intervals after the pause, of the mean
 *       tachogram of the beats used; may be negative or 0 where it only falls
 *
 * A beat is used if, with reference = mean of the 5 intervals before it,
 *   - its interval is at most 80 % of the reference (20 % premature), and the pause at least 120 % of it;
 *   - the 5 intervals before and the 15 after are sinus, unbroken, 300 to 2000 ms, no more than 20 % from the reference and,
 *     but for the first of each side, no more than 200 ms from the sinus interval before.
 * Each limit with NN_SLACK_MS in favour of the beat. Sources: G. Schmidt et al., Lancet 353:1390-1396, 1999; A. Bauer et
 * al., J. Am. Coll. Cardiol. 52:1353-1365, 2008 (5 before, 15 after, the filters; 20 after in the first). A result of
 * fewer than 5 beats is held to be unsure; that is for the caller. */
#ifndef KYMO_HRV_TURBULENCE_H
#define KYMO_HRV_TURBULENCE_H

#include <stddef.h>

enum { HRV_TURBULENCE_BEFORE = 5, HRV_TURBULENCE_AFTER = 15, HRV_TURBULENCE_ENOUGH = 5 };

/* Intervals between all beats that follow each other; a view. */
struct rr_series {
    const double *rr_ms;              /* [n] positive and finite */
    const unsigned char *sinus;       /* [n] non-zero: between two sinus beats */
    const unsigned char *follows;     /* [n] non-zero: interval i begins with the beat that ends interval i-1; NULL: all do */
    size_t n;
};

struct hrv_turbulence {
    double to_pct, ts_ms_per_rr;                      /* NaN without a beat that is used */
    size_t n_used;
    double tachogram_ms[HRV_TURBULENCE_AFTER];        /* the mean one, after the pause; NaN likewise */
};

/* ends_ventricular[n_beats]: the indices v of the intervals that end with a ventricular beat, any order; those without 5
 * intervals before or 16 after are not used. Fills *out. Cannot fail. */
void hrv_turbulence(const struct rr_series *rr, const size_t *ends_ventricular, size_t n_beats, struct hrv_turbulence *out);

#endif
