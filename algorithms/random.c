/* algorithms/random.c - see random.h. */
#include "algorithms/random.h"

#include <math.h>

static uint64_t rotate_left(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

/* splitmix64: its outputs for consecutive calls are all different, so the state is never four zeros. */
static uint64_t mix_next(uint64_t *x)
{
    uint64_t z = *x += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

void random_init(struct random *r, uint64_t seed, uint64_t stream)
{
    uint64_t from_stream = stream, x = seed;

    if (stream > 0)   /* stream 0 is the generator as published */
        x ^= mix_next(&from_stream);
    for (int i = 0; i < 4; i++)
        r->state[i] = mix_next(&x);
    r->has_spare = 0;
}

uint64_t random_bits(struct random *r)
{
    uint64_t *const s = r->state;
    const uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    const uint64_t shifted = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate_left(s[3], 45);
    return result;
}

double random_uniform(struct random *r)
{
    return (double)(random_bits(r) >> 11) * 0x1p-53;
}

uint64_t random_below(struct random *r, uint64_t n)
{
    const uint64_t excess = (UINT64_MAX % n + 1) % n;   /* 2^64 mod n: draws above the last whole multiple are redrawn */
    uint64_t bits;

    do
        bits = random_bits(r);
    while (bits > UINT64_MAX - excess);
    return bits % n;
}

double random_normal(struct random *r)
{
    double u, v, radius2;

    if (r->has_spare) {
        r->has_spare = 0;
        return r->spare;
    }
    do {
        u = 2 * random_uniform(r) - 1;
        v = 2 * random_uniform(r) - 1;
        radius2 = u * u + v * v;
    } while (radius2 >= 1 || radius2 == 0);

    const double scale = sqrt(-2 * log(radius2) / radius2);
    r->spare = v * scale;
    r->has_spare = 1;
    return u * scale;
}
