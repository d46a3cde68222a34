/* algorithms/hrv_fuzzy.c - see hrv_fuzzy.h. */
#include "algorithms/hrv_fuzzy.h"

#include "lib/clones.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LENGTH = 9, CHUNK = 64, LANES = 8 };

/* Numbers that are not negative are in the order of their bits, and compilers make no branch of comparing whole numbers:
 * that is what lets the loop over a chunk run several numbers at a time. */
union number {
    double value;
    int64_t bits;
};

/* d[j] = the larger of d[j] and |x[j] - x0|. */
CLONED_FOR_AVX2
static void widen(double *restrict d, const double *restrict x, double x0, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        const double difference = fabs(x[j] - x0);
        d[j] = d[j] > difference ? d[j] : difference;
    }
}

/* d[j] = exp(-d[j]): -d = (k + f) ln 2, |f| <= 1/2; a Taylor series of degree 11, whose remainder is below 7e-15. */
CLONED_FOR_AVX2
static void decay(double *restrict d)
{
    const double ONE_LN2 = 1.4426950408889634, LN2_HIGH = 0x1.62e42fee00000p-1, LN2_LOW = 0x1.a39ef35793c76p-33;
    const double TO_WHOLE = 0x1.8p52;
    const union number MOST = {.value = 708};

    for (size_t j = 0; j < CHUNK; j++) {
        const union number given = {.value = d[j]}, t = {.bits = given.bits < MOST.bits ? given.bits : MOST.bits};
        const union number shifted = {.value = -t.value * ONE_LN2 + TO_WHOLE};
        const double k = shifted.value - TO_WHOLE, g = -t.value - k * LN2_HIGH - k * LN2_LOW;
        const double third = 1.0 / 362880 + g * (1.0 / 3628800 + g / 39916800);
        const double second = 1.0 / 120 + g * (1.0 / 720 + g * (1.0 / 5040 + g * (1.0 / 40320 + g * third)));
        const double sum = 1 + g * (1 + g * (1.0 / 2 + g * (1.0 / 6 + g * (1.0 / 24 + g * second))));
        const union number scale = {.bits = (int64_t)((uint64_t)(shifted.bits + 1023) << 52)};
        d[j] = sum * scale.value;
    }
}

/* Template p of those that there are is u[0][p], ... u[length-1][p]: in units of r, its mean taken off. Returns the sum of
 * similarities to p of those from first to end. */
static double sum_similarity(double *const *u, size_t length, size_t p, size_t first, size_t end, int power)
{
    double d[CHUNK], lane[LANES] = { 0 }, sum = 0;

    for (; first < end; first += CHUNK) {
        const size_t n = end - first < CHUNK ? end - first : CHUNK;
        memset(d, 0, sizeof d);
        for (size_t c = 0; c < length; c++)
            widen(d, u[c] + first, u[c][p], n);
        for (size_t j = 0; power == 2 && j < CHUNK; j++)
            d[j] *= d[j];
        decay(d);
        for (size_t j = n; j < CHUNK; j++)
            d[j] = 0;
        for (size_t j = 0; j < CHUNK; j += LANES)
            for (size_t l = 0; l < LANES; l++)
                lane[l] += d[j + l];
    }
    for (size_t l = 0; l < LANES; l++)
        sum += lane[l];
    return sum;
}

static void take_templates(const struct nn_series *nn, const uint32_t *left, size_t m, size_t length, double r_ms,
                           double *const *u)
{
    size_t p = 0;

    for (size_t i = 0; i < nn->n; i++) {
        double mean = 0;
        if (left[i] <= m)
            continue;
        for (size_t c = 0; c < length; c++)
            mean += nn->nn_ms[i + c] / (double)length;
        for (size_t c = 0; c < length; c++)
            u[c][p] = (nn->nn_ms[i + c] - mean) / r_ms;
        p++;
    }
}

/* Over all pairs; how many cancels out. */
static double sum_pairs(double *const *u, size_t length, size_t n, int power)
{
    double sum = 0;

    for (size_t p = 0; p < n; p++)
        sum += sum_similarity(u, length, p, p + 1, n, power);
    return sum;
}

int hrv_fuzzy(const struct nn_series *nn, const struct hrv_entropy_opt *opt, int power, double *fuzzyen, struct kymo_err *e)
{
    const int rc = hrv_entropy_check(opt, e);
    const double r_ms = hrv_entropy_r_ms(nn, opt);
    double *u[MAX_LENGTH];
    size_t n_templates = 0;

    *fuzzyen = NAN;
    if (rc < 0)
        return rc;
    if (power != 1 && power != 2)
        return kymo_fail(e, KYMO_EUSAGE, "fuzzy power %d is not 1 or 2", power);
    if (nn->n > HRV_PAIRS_MAX || !(r_ms > 0))
        return 0;
    double *const block = malloc((nn->n + 1) * ((opt->m + 1) * sizeof *block + sizeof(uint32_t)));
    if (!block)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the templates of %zu intervals", nn->n);
    for (size_t c = 0; c <= opt->m; c++)
        u[c] = block + c * nn->n;
    void *const after = block + (opt->m + 1) * nn->n;
    uint32_t *const left = after;
    nn_count_left(nn, left);
    for (size_t i = 0; i < nn->n; i++)
        n_templates += left[i] > opt->m;
    take_templates(nn, left, opt->m, opt->m, r_ms, u);
    const double sum_m = sum_pairs(u, opt->m, n_templates, power);
    take_templates(nn, left, opt->m, opt->m + 1, r_ms, u);
    const double sum_longer = sum_pairs(u, opt->m + 1, n_templates, power);
    if (sum_longer > 0)
        *fuzzyen = log(sum_m / sum_longer);
    free(block);
    return 0;
}
