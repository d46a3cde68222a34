/* formats/reals.h - real numbers that a format of integers has to hold: how far they reach, and whether they are decimals,
 * as a table has them: -0.145 and 1.02 are the integers -145 and 1020 with a gain of 1000, and come back as they were. */
#ifndef KYMO_REALS_H
#define KYMO_REALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reals {
    double low, high;     /* of the finite ones; low > high: there are none */
    int64_t n_missing;    /* not finite */
    double most;          /* integers may be -most..most */
    int decimals;         /* the fewest that tell all of them exactly, in such integers; -1: none do */
    bool single;          /* they are single precision, and need to be told no better */
};

/* For integers of -most..most; single: what comes are floats. */
void reals_init(struct reals *r, double most, bool single);

/* Takes x[n] into account. Returns the place of the first value that spoils decimals, n where there is none. NaN does
 * not, infinite values do. */
size_t reals_see(struct reals *r, const double *x, size_t n);

/* 10 to the decimals: digital per unit. For decimals >= 0. */
double reals_gain(const struct reals *r);

/* For any: the gain and the whole baseline that spread low..high over least..most, so that each value is off by at most half
 * a step of (high - low) / (most - least - 1); steps are larger where else the baseline would be beyond 32 bits. */
void reals_spread(const struct reals *r, double least, double most, double *gain, double *baseline);

#endif
