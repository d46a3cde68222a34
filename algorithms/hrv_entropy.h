/* algorithms/hrv_entropy.h - approximate and sample entropy.
 *
 * Templates of m and m+1 intervals, matched as hrv_match.h says: Chebyshev distance of at most r, on the limit counts.
 *
 *   SampEn = -ln(A / B)
 *       B   pairs of different templates of length m that match, both of them among those that can be m+1 long
 *       A   pairs of different templates of length m+1 that match
 *   ApEn = Phi(m) - Phi(m+1),  Phi(k) = mean over templates i of length k of ln(C_i / n),
 *       C_i of the n templates of length k match i, itself among them
 *
 * Sources: J. S. Richman, J. R. Moorman, Am. J. Physiol. Heart Circ. Physiol. 278:H2039-H2049, 2000 (SampEn, N-m templates
 * for both lengths); S. M. Pincus, Proc. Natl. Acad. Sci. USA 88:2297-2301, 1991 (ApEn). Both say "at most r".
 * A template never spans a break: those that would are left out. No unit; natural logarithms. */
#ifndef KYMO_HRV_ENTROPY_H
#define KYMO_HRV_ENTROPY_H

#include "algorithms/nn.h"
#include "lib/err.h"

/* The time grows with the square of the length (hrv_match.h): 0.1 s of 100,000 intervals, 10 s of this many, which are ten
 * days. Longer series have no value. */
enum { HRV_ENTROPY_MAX = 1000000 };

struct hrv_entropy_opt {
    size_t m;            /* 1..8 */
    double r;            /* >= 0: standard deviations (n-1) of all intervals, or ms */
    bool r_is_ms;
};

/* The usual: m = 2, r = 0.2 SD. */
#define HRV_ENTROPY_USUAL ((struct hrv_entropy_opt){.m = 2, .r = 0.2})

struct hrv_entropy {
    double sampen;             /* NaN where A or B is 0: too short, or too irregular to have matches */
    double apen;               /* NaN without a template of length m+1 */
    double r_ms;               /* NaN of fewer than 2 intervals where r is in SD */
    uint64_t n_a, n_b;         /* A and B, pairs */
    size_t n_templates;        /* of length m+1 */
};

/* r in ms; NaN where opt->r is in SD and all intervals are equal, or fewer than 2: then all these measures are NaN. */
double hrv_entropy_r_ms(const struct nn_series *nn, const struct hrv_entropy_opt *opt);

/* 0, or KYMO_EUSAGE where m or r is out of range. */
int hrv_entropy_check(const struct hrv_entropy_opt *opt, struct kymo_err *e);

/* Fills *out, NaN in it for more than HRV_ENTROPY_MAX intervals; times are not needed.
 * Returns 0, or KYMO_EUSAGE, KYMO_ENOMEM. */
int hrv_entropy(const struct nn_series *nn, const struct hrv_entropy_opt *opt, struct hrv_entropy *out, struct kymo_err *e);

#endif
