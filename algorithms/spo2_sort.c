/* algorithms/spo2_sort.c - see spo2_sort.h. */
#include "algorithms/spo2_sort.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define DIGITS 8                  /* of 8 bits */
#define SIGN (UINT64_C(1) << 63)

/* An integer that is ordered as x is. */
static uint64_t key_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits & SIGN ? ~bits : bits | SIGN;
}

static unsigned digit_of(double x, unsigned place) { return (unsigned)(key_of(x) >> 8 * place) & 255; }

/* from[n] into to[n] by one digit, equal ones in their order; count[256] of each of its values. */
static void sort_by_digit(const double *from, size_t n, unsigned place, const size_t count[256], double *to)
{
    size_t at[256], sum = 0;

    for (size_t d = 0; d < 256; d++) {
        at[d] = sum;
        sum += count[d];
    }
    for (size_t i = 0; i < n; i++)
        to[at[digit_of(from[i], place)]++] = from[i];
}

size_t spo2_sort(const double *x, size_t n, double *sorted, double *spare)
{
    size_t count[DIGITS][256] = {{0}}, n_valid = 0;
    double *from = sorted, *to = spare;

    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]))
            continue;
        for (unsigned place = 0; place < DIGITS; place++)
            count[place][digit_of(x[i], place)]++;
        sorted[n_valid++] = x[i];
    }
    for (unsigned place = 0; n_valid > 0 && place < DIGITS; place++) {
        if (count[place][digit_of(from[0], place)] == n_valid)
            continue;
        sort_by_digit(from, n_valid, place, count[place], to);
        double *const held = from;
        from = to;
        to = held;
    }
    if (from != sorted)
        memcpy(sorted, from, n_valid * sizeof *sorted);
    return n_valid;
}
