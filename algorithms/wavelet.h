/* algorithms/wavelet.h - noise taken out by shrinking the coefficients of an undecimated wavelet transform, streamed.
 *
 * Wavelet: Daubechies' least asymmetric of 8 taps (symlet 4). With h its low-pass and g[t] = (-1)^t h[7-t],
 *
 *   a[j+1][i] = sum h[t] a[j][i + 2^j t],  d[j+1][i] = sum g[t] a[j][i + 2^j t],  j = 0 .. levels-1,  a[0] = x
 *   d'        = sign(d) max(|d| - lambda, 0)                                                        (soft)
 *   a[j][i]   = 1/2 sum (h[t] a[j+1][i - 2^j t] + g[t] d'[j+1][i - 2^j t]),  y = a[0]
 *
 * d[j] holds what lies between fs/2^(j+1) and fs/2^j. The noise of a level is sigma = median |d| / 0.6745; its lambda
 *
 *   universal  sigma sqrt(2 ln n)
 *   SURE       what makes Stein's unbiased estimate of the risk least, in steps of 1/64 of the universal one, which is taken
 *              itself where the level holds hardly more than noise
 *   none       0: y is x, but for rounding
 *
 * The signal is worked on in frames, 4 s or more of it anew in each, which overlap: the filters' reach on both sides, in which
 * a frame is not whole, is left out, and in a quarter of its new part one frame passes into the next linearly. So the noise may
 * change. Before its first and after its last sample the signal is mirrored. NaN and infinite become NaN; for the transform
 * they are bridged by a straight line, and they have no part in sigma.
 *
 * Levels should stay above what the signal itself is full of, since that raises sigma: above 11 Hz for an ECG.
 *
 * Sources: wavelet: I. Daubechies, Ten lectures on wavelets, 1992, table 6.3; soft threshold, the universal one and the median:
 * D. L. Donoho and I. M. Johnstone, Biometrika 81:425-455, 1994; SURE: the same, J. Am. Stat. Assoc. 90:1200-1224, 1995; sigma
 * of each level: I. M. Johnstone and B. W. Silverman, J. R. Stat. Soc. B 59:319-351, 1997; without decimation: R. R. Coifman
 * and D. L. Donoho, Translation-invariant de-noising, in Wavelets and statistics, 1995. Frames are ours. */
#ifndef KYMO_WAVELET_H
#define KYMO_WAVELET_H

#include "lib/err.h"

#define WAVELET_MOST_LEVELS 12

enum wavelet_rule { WAVELET_SURE, WAVELET_UNIVERSAL, WAVELET_NONE };

struct wavelet;

/* fs_hz: above 0, up to 1e6; levels: 1..WAVELET_MOST_LEVELS. Returns an object for wavelet_destroy, or NULL with *e set
 * (KYMO_EUSAGE, KYMO_ENOMEM). */
struct wavelet *wavelet_create(double fs_hz, int levels, enum wavelet_rule rule, struct kymo_err *e);

/* The levels that reach down to just above hz: fs/2^(levels+1) >= hz; at least 1. */
int wavelet_levels_above(double fs_hz, double hz);

/* x[n] -> y[up to n], in x's unit; y may be x. Returns how many were written. Any split gives the same. Cannot fail. */
size_t wavelet_push(struct wavelet *s, const double *x, size_t n, double *y);

/* Input has ended: gives up to cap of the held samples. Call until 0; s is then as newly created. */
size_t wavelet_flush(struct wavelet *s, double *y, size_t cap);

void wavelet_destroy(struct wavelet *s);   /* NULL is fine */

#endif
