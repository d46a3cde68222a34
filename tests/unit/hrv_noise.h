/* tests/unit/hrv_noise.h - made series of intervals: noise of known theory, and awkward ones. */
#ifndef KYMO_TESTS_HRV_NOISE_H
#define KYMO_TESTS_HRV_NOISE_H

#include "algorithms/random.h"
#include "tests/unit/hrv_series.h"

/* White Gaussian, mean 800 ms, SD 50 ms. */
void fill_white(struct random *r, double *nn_ms, size_t n);

/* Gaussian with a power spectrum of 1/f, mean 800 ms, SD 50 ms; n even. */
void fill_pink(struct random *r, double *nn_ms, size_t n);

/* Random walk between limits, rounded to whole multiples of step_ms (0: not): ties and near neighbours. */
void fill_walk(struct random *r, double *nn_ms, size_t n, double step_ms);

/* follows[i] is 0 with probability p. */
void fill_breaks(struct random *r, unsigned char *follows, size_t n, double p);

#endif
