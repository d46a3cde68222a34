/* algorithms/hrv_even.h - a series of NN intervals on an even grid of time, for spectra of evenly spaced samples.
 *
 * The value at the end of each interval is its length; between the ends runs a cubic spline (spline.h) or straight lines. The
 * grid is t0 + k / rate, t0 the end of a piece's first interval, as far as it lies before the end of its last.
 *
 * A hole is what lies between the end of an interval and the begin of the next, where that does not follow it. A hole that is
 * longer than longest_hole_s ends a piece, and nothing is ever interpolated across it. A shorter one is bridged, and the
 * samples in it are marked.
 *
 * Interpolation is a low-pass filter: with a beat each 0.8 s a cubic spline takes 1 % off the power at 0.25 Hz and lines take
 * 23 % (measured: tests/unit/test_hrv_even.c). */
#ifndef KYMO_HRV_EVEN_H
#define KYMO_HRV_EVEN_H

#include "algorithms/nn.h"

enum hrv_interpolation { HRV_CUBIC, HRV_LINEAR };

struct hrv_even_options {
    double rate_hz;          /* 0.1 .. 1000 */
    enum hrv_interpolation method;
    double longest_hole_s;   /* 0 or more; INFINITY bridges every hole */
};

struct hrv_piece {
    size_t first, n;         /* samples first .. first+n-1 of the grid, n >= 1 */
};

/* Zeroed to begin with; hrv_even_release frees what it holds, and it may be filled anew any number of times. */
struct hrv_even {
    double *ms;                /* [n] the interval at each point of the grid, the pieces one after another */
    unsigned char *bridged;    /* [n] non-zero: the point lies in a hole */
    size_t n;
    struct hrv_piece *pieces;  /* [n_pieces], in order; a piece of fewer than two intervals is none */
    size_t n_pieces;
    double rate_hz;
    double series_s;           /* from the begin of the first interval to the end of the last; 0 without one */
    double beats_hz;           /* intervals per s where they follow each other; NaN where none does */
    size_t cap, cap_pieces, cap_work;
    double *work;              /* scratch */
};

/* Samples of nn, whose end_s must be there. No interval, or no two that belong together, leave n at 0. Returns 0, KYMO_EUSAGE
 * (an option), KYMO_EDATA (nn_check, nn_check_times, or a grid of more than 2^28 points), KYMO_ENOMEM; s is empty then. */
int hrv_even_fill(struct hrv_even *s, const struct nn_series *nn, const struct hrv_even_options *o, struct kymo_err *e);

/* Takes what is slow out of each piece by smoothness priors (trend.h), once after filling; lambda 0 .. 1e6, by habit 500 at 4
 * Hz. Returns 0, KYMO_EUSAGE or KYMO_ENOMEM. */
int hrv_even_detrend(struct hrv_even *s, double lambda, struct kymo_err *e);

void hrv_even_release(struct hrv_even *s);

/* Intervals per s: one by the mean time from the end of an interval to that of one that follows it. NaN where none does. */
double hrv_beats_hz(const struct nn_series *nn);

/* From the begin of the first interval to the end of the last; 0 without one. */
double hrv_series_s(const struct nn_series *nn);

#endif
