/* algorithms/beatclass_window.h - quantiles over sliding windows, and other small numbers for the parts of beatclass_view.h. */
#ifndef KYMO_BEATCLASS_WINDOW_H
#define KYMO_BEATCLASS_WINDOW_H

#include <math.h>
#include <stddef.h>

enum { WINDOW_LONGEST = 2 * 150 + 1 };

enum window_what {
    WINDOW_QUANTILE,
    WINDOW_MIDDLE_OF_MOST,               /* the median of those within 20 % of the median */
    WINDOW_ORDER                         /* share of pairs that differ by less than 6 % */
};

struct window_ask {
    enum window_what what;
    double q;                            /* of a quantile, 0..1 */
    float *out;                          /* out[n] */
};

/* out[i]: of x[n] within HALF (up to 150) of i, for each of ask[n_asks]; NaN counts as none. */
void window_slide(const float *x, size_t n, size_t half, const struct window_ask *ask, size_t n_asks);

/* The q quantile of x[n], none of which is NaN, and which it puts into another order; NaN of none. */
float window_quantile_of(float *x, size_t n, double q);

/* ln a / b, at most 2 either way; 0 where one of them is none. */
static inline float ratio(float a, float b)
{
    return a > 0 && b > 0 ? fmaxf(-2, fminf(2, logf(a / b))) : 0;
}

static inline float or_else(float x, float other) { return isnan(x) ? other : x; }

static inline float correlation(const float *x, const float *y, size_t n)
{
    float xy = 0, xx = 0, yy = 0;

    for (size_t i = 0; i < n; i++) {
        xy += x[i] * y[i];
        xx += x[i] * x[i];
        yy += y[i] * y[i];
    }
    return xx > 0 && yy > 0 ? xy / sqrtf(xx * yy) : 0;
}

static inline float square_distance(const float *x, const float *y, size_t n)
{
    float sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (x[i] - y[i]) * (x[i] - y[i]);
    return sum;
}

#endif
