/* algorithms/qrs_few.h - arithmetic on a few numbers that the choices of the QRS detector share. Not for others. */
#ifndef KYMO_QRS_FEW_H
#define KYMO_QRS_FEW_H

#include <math.h>

static inline float clip(float v, float lo, float hi) { return v < lo ? lo : v > hi ? hi : v; }

/* ln a/b, clipped; of numbers that are not negative, 0 too. */
static inline float log_ratio(float a, float b, float lo, float hi)
{
    const float tiny = 1e-30f;

    return clip(logf((a + tiny) / (b + tiny)), lo, hi);
}

/* Few numbers, of which the middle is wanted: v[n], and behind them room for as many as make a multiple of FEW_LANES. */
enum { FEW_LANES = 8, FEW = 16 };

/* The value with rank k (from 0) of v[n], k < n; what is behind it is written over. */
float qrs_ranked(float *v, int n, int k);

/* Of two in the middle the upper one; 0 where there are none. */
static inline float median(float *v, int n) { return n ? qrs_ranked(v, n, n / 2) : 0; }

#endif
