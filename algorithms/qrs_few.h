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

/* Reorders v; of two in the middle the upper one; 0 where there are none. */
static inline float median(float *v, int n)
{
    for (int i = 1; i < n; i++) {
        const float x = v[i];
        int j = i;
        for (; j > 0 && v[j - 1] > x; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
    return n ? v[n / 2] : 0;
}

#endif
