/* algorithms/hrv_burg.h - spectrum of NN intervals by an autoregressive model, after Burg.
 *
 *   x[i] = -a[1] x[i-1] - ... - a[p] x[i-p] + noise of variance v          psd(f) = c v / (rate |A(f)|^2), 0 <= f <= rate/2
 *   A(f) = 1 + sum over j of a[j] exp(-2 pi i j f / rate)                   c = 2, but 1 at 0 and at rate/2
 *
 * x on an even grid, less its trend. The a come from p reflection coefficients, each of which makes the sum of the squared
 * errors of forward and backward prediction least; with several pieces the sums run over all of them, and nothing is predicted
 * across their ends. The integral of psd is the mean of x^2.
 *
 * Order: as given; or the one up to it with the least AIC(p) = N ln v + 2 p or FPE(p) = v (N + p + 1) / (N - p - 1), N the
 * number of samples. Samples interpolated at several times the rate of the beats are far from independent: both then tend to
 * choose the highest order they may. What counts is how long a model looks back, order / rate: 16 at 4 Hz, a habit of the
 * field, sees 4 s and cannot tell LF from what is slower (mitdb 100: LF 167 ms^2, where windows have 70 and 16 at 2 Hz, as 32
 * at 4 Hz, near 60).
 *
 * Frequencies: rate / m apart, m the power of two that makes that 1/1024 Hz or just less. Lines may be so thin that points miss
 * them: where the sum of psd df is not the mean of x^2 to 1e-4, psd is the model's density smoothed over about four points by
 * Parzen's lag window over the model's autocovariances, whose sum is right again.
 *
 * Source: J. P. Burg, Maximum entropy spectral analysis, 37th meeting Soc. Explor. Geophys., 1967; several pieces: S. de Waele
 * and P. M. T. Broersen, The Burg algorithm for segments, IEEE Trans. Signal Process. 48:2876-2880, 2000. Criteria: H. Akaike,
 * Ann. Inst. Stat. Math. 21:243-247, 1969, and IEEE Trans. Autom. Control 19:716-723, 1974. Lag window: E. Parzen,
 * Technometrics 3:167-190, 1961. */
#ifndef KYMO_HRV_BURG_H
#define KYMO_HRV_BURG_H

#include "algorithms/hrv_even.h"
#include "algorithms/hrv_spectrum.h"
#include "algorithms/trend.h"

#define HRV_MAX_ORDER 100

enum hrv_order { HRV_ORDER_GIVEN, HRV_ORDER_AIC, HRV_ORDER_FPE };

struct hrv_burg_options {
    size_t order;             /* 1 .. HRV_MAX_ORDER */
    enum hrv_order choose;
    enum trend trend;         /* of each piece */
    double least_s;           /* shorter pieces are left out: what is slow in them goes with their trend; 0 or more */
};

struct hrv_burg;

/* An object to be used for any number of series. Returns it for hrv_burg_destroy, or NULL with *e set (KYMO_EUSAGE,
 * KYMO_ENOMEM). */
struct hrv_burg *hrv_burg_create(const struct hrv_burg_options *o, struct kymo_err *e);

/* The spectrum of x into *out. Pieces of at most twice the order's samples are left out too; n is 0 where none is left.
 * resolution_hz is one by the longest piece. Returns 0 or KYMO_ENOMEM. */
int hrv_burg_measure(struct hrv_burg *s, const struct hrv_even *x, struct hrv_spectrum *out, struct kymo_err *e);

/* a[1] .. a[order] of the model that was measured last, into a[0 .. order-1]; returns its v, ms^2. */
double hrv_burg_model(const struct hrv_burg *s, double a[HRV_MAX_ORDER]);

void hrv_burg_destroy(struct hrv_burg *s);   /* NULL is fine */

#endif
