/* algorithms/hrv_time.h - time-domain heart rate variability.
 *
 *   NN        interval between two normal beats that follow each other, ms; n of them
 *   d         NN[i] - NN[i-1], only where interval i begins where interval i-1 ends; m of them
 *   SDNN      sqrt(sum (NN - mean NN)^2 / (n-1))       SDSD    sqrt(sum (d - mean d)^2 / (m-1))
 *   RMSSD     sqrt(sum d^2 / m)                        NNx     number of |d| > x ms
 *   pNNx      100 NNx / m                              mean HR 60000 / mean NN
 *
 * Source: Task Force of ESC and NASPE, Heart rate variability: standards of measurement, Circulation 93:1043-1065,
 * 1996, table 1. It is silent on n or n-1 (we take n-1, as most do), and it divides NN50 by the number of NN intervals;
 * we divide by the number of differences, as most programs do. The two differ by at most pNNx / n when there are no gaps.
 * "More than x" is strict, with 1e-5 ms of slack: intervals of beats sampled at 360 Hz differ by exactly 18 samples = 50 ms
 * in thousands of places, and the rounding of a division, or of beat times to the nanosecond (2e-6 ms in a difference),
 * must not turn 50 into more than 50. */
#ifndef KYMO_HRV_TIME_H
#define KYMO_HRV_TIME_H

#include "algorithms/nn.h"
#include "lib/err.h"

struct hrv_time {
    size_t n_nn, n_differences;
    size_t nn50, nn20;
    double mean_nn_ms, median_nn_ms, min_nn_ms, max_nn_ms;   /* NaN without an interval */
    double mean_hr_per_min;                                  /* NaN without an interval */
    double sdnn_ms;                                          /* NaN with fewer than 2 intervals */
    double rmssd_ms, pnn50_pct, pnn20_pct;                   /* NaN without a difference */
    double sdsd_ms;                                          /* NaN with fewer than 2 differences */
};

/* Fills *out; times are not needed. Returns 0, or KYMO_EDATA (an interval that is not a positive number), KYMO_ENOMEM. */
int hrv_time(const struct nn_series *nn, struct hrv_time *out, struct kymo_err *e);

#endif
