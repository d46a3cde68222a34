/* algorithms/fir_design.h - linear-phase FIR filters of an odd number of taps: h[n-1-k] = h[k], a delay of (n-1)/2 samples.
 *
 * Kaiser: the ideal filter's taps under Kaiser's window, scaled so that the gain is 1 in the middle of the band that passes (at
 * 0 of a low-pass and a band-stop, at half the rate of a high-pass); edges are where the gain is 1/2.
 * Equiripple: the least largest error, weighted, over all bands, by Remez' exchange.
 * Sources: J. F. Kaiser, Nonrecursive digital filter design using the I0-sinh window function, Proc. IEEE ISCAS 20-23, 1974; T.
 * W. Parks and J. H. McClellan, Chebyshev approximation for nonrecursive digital filters with linear phase, IEEE Trans. Circuit
 * Theory 19:189-194, 1972; O. Herrmann, L. R. Rabiner and D. S. K. Chan, Bell Syst. Tech. J. 52:769-799, 1973 (its length). */
#ifndef KYMO_FIR_DESIGN_H
#define KYMO_FIR_DESIGN_H

#include "lib/err.h"

#include <stdbool.h>
#include <stddef.h>

#define FIR_MOST_TAPS ((size_t)1 << 20)
#define FIR_MOST_EQUIRIPPLE 1023
#define FIR_MOST_BANDS 8

/* What passes lies between edge[0] and edge[1], in turns per sample (hz / fs_hz); 0: from 0 on, 0.5: up to half the rate. stop:
 * what lies between is taken out instead. */
struct fir_edges {
    double low, high;
    bool stop;
};

/* The shape of the window, and the odd number of taps, for an attenuation (dB) and a width of the transition (turns). */
double fir_kaiser_shape(double attenuation_db);
size_t fir_kaiser_taps(double attenuation_db, double width);

/* h[n], n odd. KYMO_EUSAGE where n is even or an edge out of place; else 0. */
int fir_kaiser(struct fir_edges edges, double shape, double *h, size_t n, struct kymo_err *e);

/* A band from low to high (turns), the gain wanted in it and the weight of its error. */
struct fir_band {
    double low, high, gain, weight;
};

/* h[n], n odd, 3..FIR_MOST_EQUIRIPPLE, for bands in order of frequency that do not touch. Returns 0 and the largest weighted
 * error, or KYMO_EUSAGE, KYMO_ENOMEM; KYMO_EDATA where the exchange comes to no end. */
int fir_equiripple(const struct fir_band *band, size_t n_bands, double *h, size_t n, double *error, struct kymo_err *e);

/* The gain, a real number, at a frequency, of h[n] without its delay. */
double fir_gain(const double *h, size_t n, double turns);

#endif
