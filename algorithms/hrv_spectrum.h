/* algorithms/hrv_spectrum.h - power spectral density of a series of NN intervals, and how it was made.
 *
 * One-sided, in ms^2/Hz, at k df_hz for k = 0 .. n-1: psd[k] df_hz summed over a band is the variance in it, ms^2.
 * Where there is nothing to take a spectrum of (fewer than two intervals that belong together, windows all left out), n is 0:
 * that is no error. */
#ifndef KYMO_HRV_SPECTRUM_H
#define KYMO_HRV_SPECTRUM_H

#include "lib/err.h"

#include <stddef.h>

/* Zeroed to begin with; hrv_spectrum_release frees what it holds, and it may be filled anew any number of times. */
struct hrv_spectrum {
    double *psd;               /* [n] ms^2/Hz */
    size_t n;                  /* may be 0 */
    double df_hz;              /* spacing of the grid; of no meaning where n is 0, as what follows */
    double resolution_hz;      /* one by the length of a window: rhythms nearer to each other are one peak */
    double highest_hz;         /* half the mean rate of beats: nothing is known above it, whatever the grid */
    double series_s;           /* from the begin of the first interval to the end of the last */
    double used_s;             /* how much of that is in the spectrum */
    double bridged_s;          /* of what is used, what was interpolated across holes */
    size_t n_windows;          /* Welch: windows averaged; 1 with the other methods */
    size_t n_windows_left_out; /* Welch: because too much of them was bridged */
    size_t order;              /* autoregressive: its order; 0 with the other methods */
    size_t cap;
};

/* Room for psd[n], zeroed, and all that is told zeroed too but n. Returns 0 or KYMO_ENOMEM. */
int hrv_spectrum_make(struct hrv_spectrum *s, size_t n, struct kymo_err *e);

void hrv_spectrum_release(struct hrv_spectrum *s);

#endif
