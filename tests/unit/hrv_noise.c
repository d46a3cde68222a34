/* tests/unit/hrv_noise.c - see hrv_noise.h. */
#include "tests/unit/hrv_noise.h"

#include "algorithms/fft.h"

#include <math.h>
#include <stdlib.h>

void fill_white(struct random *r, double *nn_ms, size_t n)
{
    for (size_t i = 0; i < n; i++)
        nn_ms[i] = 800 + 50 * random_normal(r);
}

void fill_pink(struct random *r, double *nn_ms, size_t n)
{
    struct kymo_err e = { 0 };
    double *const bins = calloc(n + 2, sizeof *bins), sum2 = 0;
    struct fft *const fft = fft_create(n, &e);

    assert_true(fft && bins);
    for (size_t k = 1; k <= n / 2; k++) {
        bins[2 * k] = random_normal(r) / sqrt((double)k);
        bins[2 * k + 1] = k < n / 2 ? random_normal(r) / sqrt((double)k) : 0;
    }
    fft_inverse(fft, bins, nn_ms);
    for (size_t i = 0; i < n; i++)
        sum2 += nn_ms[i] * nn_ms[i];
    for (size_t i = 0; i < n; i++)
        nn_ms[i] = 800 + 50 * nn_ms[i] / sqrt(sum2 / (double)n);
    fft_destroy(fft);
    free(bins);
}

void fill_walk(struct random *r, double *nn_ms, size_t n, double step_ms)
{
    double x = 800;

    for (size_t i = 0; i < n; i++) {
        x = 800 + 0.95 * (x - 800) + 20 * random_normal(r);
        nn_ms[i] = step_ms > 0 ? step_ms * round(x / step_ms) : x;
    }
}

void fill_breaks(struct random *r, unsigned char *follows, size_t n, double p)
{
    for (size_t i = 0; i < n; i++)
        follows[i] = random_uniform(r) >= p;
}
