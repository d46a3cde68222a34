/* algorithms/qrs_few.h - arithmetic on a few numbers that the choices of the QRS detector share. Not for others. */
#ifndef KYMO_QRS_FEW_H
#define KYMO_QRS_FEW_H

#include <math.h>
#include <stdint.h>
#include <string.h>

static inline float clip(float v, float lo, float hi) { return v < lo ? lo : v > hi ? hi : v; }

/* ln a/b, clipped; of numbers that are not negative, 0 too. */
static inline float log_ratio(float a, float b, float lo, float hi)
{
    const float tiny = 1e-30f;

    return clip(logf((a + tiny) / (b + tiny)), lo, hi);
}

/* Numbers side by side. Loops over them are written so where the compiler would choose to go along another loop. */
enum { LANES = 8 };
typedef float lanes __attribute__((vector_size(4 * LANES)));
typedef int32_t masks __attribute__((vector_size(4 * LANES)));

enum { FEW = 2 * LANES };   /* room for a few numbers whose middle is wanted */

/* The value with rank k (from 0) of v[n], k < n; behind v there is room up to a multiple of LANES, which is written over. */
float qrs_ranked(float *v, int n, int k);

/* Of two in the middle the upper one, likewise; 0 where there are none. */
float qrs_median(float *v, int n);

#endif
