/* tests/unit/hrv_series.h - made series of NN intervals whose spectrum is known. */
#ifndef KYMO_TESTS_HRV_SERIES_H
#define KYMO_TESTS_HRV_SERIES_H

#include "algorithms/nn.h"
#include "tests/unit/support.h"

#define MAX_INTERVALS 6000

struct series {
    double ms[MAX_INTERVALS], end_s[MAX_INTERVALS];
    unsigned char follows[MAX_INTERVALS];
    size_t n;
};

/* Holds until s changes. */
struct nn_series view(const struct series *s);

/* n normal values about 800 with that deviation, whose ends lie evenly (as those of a pacemaker with noise in the clock would),
 * spacing_s apart; or, where it is 0, where the intervals put them. */
void make_noise(struct series *s, size_t n, double sd_ms, double spacing_s, uint64_t seed);

/* 800 ms + 40 sin(2 pi 0.1 t) + 25 sin(2 pi 0.25 t) for seconds_s, t the end of each interval: LF 800 ms^2, HF 312.5 ms^2. */
void make_tones(struct series *s, double seconds_s);

/* Takes out intervals first .. first+n-1. */
void cut_out(struct series *s, size_t first, size_t n);

/* The same backwards in time. */
void reverse(const struct series *s, struct series *out);

void assert_near(double got, double want, double absolute);   /* NaN is near NaN only */

#endif
