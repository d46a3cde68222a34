/* algorithms/measurematch.h - compares two series of measurements, such as heart rates.
 *
 * Each test measurement t[i] from START to END is paired with the reference measurement that is nearest in time, of two
 * equally near ones the later: r[i]. Over the n pairs
 *   RMS error = sqrt(sum (r[i] - t[i])^2 / n),  normalised: 100 RMS error / mean r[i], in per cent
 *
 * Source: ANSI/AAMI EC57:1998/(R)2003 and EC38:1994, in the reading of the WFDB program mxm (G. B. Moody, 2002). Unlike mxm,
 * n counts pairs only, not also the test measurements before START; and one before the first reference measurement is paired
 * with that, not with 0. No output of mxm was at hand to compare with. */
#ifndef KYMO_MEASUREMATCH_H
#define KYMO_MEASUREMATCH_H

#include "lib/err.h"

#include <stddef.h>
#include <stdint.h>

struct measure {
    int64_t time;
    double value;                 /* finite */
};

/* In order of time. */
struct measure_series {
    const struct measure *measure;
    size_t n;
};

struct measurematch {
    int64_t n;
    double square_sum, difference_sum;    /* of test - reference */
    double ref_sum;
};

/* Compares (END 0 or less: no end). Fills *out; n is 0 where either series has nothing. Returns 0, or KYMO_EDATA where
 * times are not in order. */
int measurematch_compare(const struct measure_series *ref, const struct measure_series *test, int64_t start, int64_t end,
                         struct measurematch *out, struct kymo_err *e);

/* NaN without pairs; normalised also where the mean reference is 0. */
double measurematch_rms(const struct measurematch *m);
double measurematch_normalised_pct(const struct measurematch *m);

#endif
