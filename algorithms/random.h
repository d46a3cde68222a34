/* algorithms/random.h - seeded random numbers, the same everywhere.
 *
 * xoshiro256** 1.0: period 2^256 - 1, 64 bits a draw, seeded through splitmix64.
 * Source: D. Blackman and S. Vigna, Scrambled linear pseudorandom number generators, ACM Trans. Math. Softw. 47(4):36,
 * 2021; seeding as they advise: G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
 * Integers and uniform numbers are the same bits on every machine. Normal numbers use log and sqrt: how many draws
 * each takes is the same everywhere, its last bit may differ between C libraries.
 * For simulation and tests; not for secrets. */
#ifndef KYMO_RANDOM_H
#define KYMO_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state[4];
    double spare;        /* the second normal number of a pair, if has_spare */
    int has_spare;
};

/* Starts r from SEED, any value. STREAM gives independent sequences under one seed (one for each use, so that asking
 * for more noise does not move the beats). Cannot fail. */
void random_init(struct random *r, uint64_t seed, uint64_t stream);

/* 64 random bits. */
uint64_t random_bits(struct random *r);

/* Uniform in [0, 1), in steps of 2^-53. */
double random_uniform(struct random *r);

/* Whole number in 0..n-1, without bias; n >= 1. */
uint64_t random_below(struct random *r, uint64_t n);

/* Normal with mean 0 and variance 1, by the polar method (G. Marsaglia and T. A. Bray, SIAM Rev. 6:260-264, 1964). */
double random_normal(struct random *r);

#endif
