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
    double mean_nn_ms, median_nn_ms, min_nn_ms, max_nn_ms;           /* NaN without an interval, as the next three lines */
    double prc20_nn_ms, prc80_nn_ms, iqr_nn_ms;                      /* quantiles by algorithms/order.h */
    double mad_nn_ms;                                                /* 1.4826 x median |NN - median NN| */
    double mean_hr_per_min, min_hr_per_min, max_hr_per_min;          /* of 60000/NN: of the mean, largest, smallest NN */
    double sdnn_ms, sd_hr_per_min, cvnn_pct;                         /* NaN with fewer than 2 intervals; 100 SDNN / mean NN */
    double rmssd_ms, cvsd_pct;                                       /* NaN without a difference; 100 RMSSD / mean NN */
    double nn50, nn20, pnn50_pct, pnn20_pct, pnnx_pct;               /* NaN without a difference */
    double sdsd_ms;                                                  /* NaN with fewer than 2 differences */
};

/* Fills *out; times are not needed. x_ms: for pnnx_pct. sd_hr: standard deviation of
 * 60000/NN, n - 1. Returns 0, or KYMO_EDATA (an interval that is not a positive number), KYMO_ENOMEM. */
int hrv_time(const struct nn_series *nn, double x_ms, struct hrv_time *out, struct kymo_err *e);

#endif
