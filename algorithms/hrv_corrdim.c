/* algorithms/hrv_corrdim.c - see hrv_corrdim.h. */
#include "algorithms/hrv_corrdim.h"

#include <math.h>
#include <string.h>

/* Four bins to an octave of the squared distance, from 2^-64 SD^2 to 2^64 SD^2, the ends taking what is beyond. */
enum { PER_OCTAVE = 4, OCTAVES = 128, BINS = PER_OCTAVE * OCTAVES, MIN_PAIRS = 10000, MIN_RADII = 3 };

static const double LEAST_C = 0.001, MOST_C = 0.1;

static size_t bin_of(double ratio)
{
    const double least = ldexp(1, -OCTAVES / 2), most = ldexp(1, OCTAVES / 2 - 1);
    const uint64_t base = (1023 - OCTAVES / 2) * PER_OCTAVE;   /* of 2^-64 */
    uint64_t bits;

    ratio = ratio < least ? least : ratio > most ? most : ratio;
    memcpy(&bits, &ratio, sizeof bits);
    return (size_t)((bits >> 50) - base);   /* the exponent and the first two bits of the fraction */
}

static double upper_edge(size_t bin)
{
    return ldexp(1 + (double)((bin + 1) % PER_OCTAVE) / PER_OCTAVE, (int)((bin + 1) / PER_OCTAVE) - OCTAVES / 2);
}

static double slope(const uint64_t *n_in, double n_pairs)
{
    double below = 0, n = 0, sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;

    for (size_t b = 0; b < BINS; b++) {
        below += (double)n_in[b];
        if (below < LEAST_C * n_pairs || below > MOST_C * n_pairs)
            continue;
        const double x = log(upper_edge(b)) / 2, y = log(below / n_pairs);
        n++;
        sum_x += x;
        sum_y += y;
        sum_xx += x * x;
        sum_xy += x * y;
    }
    return n < MIN_RADII ? NAN : (n * sum_xy - sum_x * sum_y) / (n * sum_xx - sum_x * sum_x);
}

int hrv_corrdim(const struct nn_series *nn, size_t m, double *d2, struct kymo_err *e)
{
    const double sd = nn_sd_ms(nn);
    uint64_t n_in[BINS] = { 0 };
    struct embedding s;

    *d2 = NAN;
    if (nn->n > HRV_PAIRS_MAX || !(sd > 0))
        return 0;
    const int rc = embedding_init(&s, nn, m, e);
    if (rc < 0)
        return rc;
    for (size_t k = 1; k < s.n_starts; k++) {
        const double *const distance2 = embedding_diagonal(&s, k);
        for (size_t i = 0; i < s.n_starts - k; i++)
            if (distance2[i] < INFINITY)
                n_in[bin_of(distance2[i] / (sd * sd))]++;
    }
    const double n = (double)s.n_templates, n_pairs = n * (n - 1) / 2;
    if (n_pairs >= MIN_PAIRS)
        *d2 = slope(n_in, n_pairs);
    embedding_release(&s);
    return 0;
}
