/* algorithms/hrv_bands.h - powers of frequency bands, from a spectrum.
 *
 *   power      sum of psd[k] df over lo <= k df < hi, ms^2; a frequency within 1e-9 df of an edge lies on it
 *   total      power from 0 (which is among it) up to the upper edge of HF
 *   LF nu      100 LF / (total - power below the lower edge of LF);  HF nu alike
 *   %          100 power / total
 *   peak       where psd is largest among the frequencies of the band at which it is not below either neighbour, then moved to
 * the
 *              top of the parabola through the logarithms of the three
 *
 * Source: Task Force of ESC and NASPE, Heart rate variability: standards of measurement, Circulation 93:1043-1065, 1996,
 * tables 2 and 3 (bands, nu). Its bands share their edges; ours are [lo, hi), so that bands add up. The parabola: J. O. Smith
 * and X. Serra, PARSHL, ICMC 1987. Many programs give the largest value in the band even at its edge, on the slope of another
 * band's peak; we give none there.
 *
 * NaN: a power whose band is narrower than the spectrum's resolution, or goes beyond its grid; what is a quotient by it, or by
 * 0; a peak where there is none, or of a band of power 0. */
#ifndef KYMO_HRV_BANDS_H
#define KYMO_HRV_BANDS_H

#include "algorithms/hrv_spectrum.h"

struct hrv_band {
    double lo_hz, hi_hz;
};

struct hrv_bands {
    struct hrv_band ulf, vlf, lf, hf;
};

/* 0, 0.003, 0.04, 0.15, 0.4 Hz. */
extern const struct hrv_bands hrv_bands_task_force;

struct hrv_powers {
    double total_ms2, ulf_ms2, vlf_ms2, lf_ms2, hf_ms2;
    double ulf_pct, vlf_pct, lf_pct, hf_pct;
    double lf_nu, hf_nu, lf_hf;
    double vlf_peak_hz, lf_peak_hz, hf_peak_hz;
};

/* s may be empty: then all are NaN. Neither these can fail. */
void hrv_powers(const struct hrv_spectrum *s, const struct hrv_bands *bands, struct hrv_powers *out);
double hrv_band_power(const struct hrv_spectrum *s, struct hrv_band band);
double hrv_band_peak(const struct hrv_spectrum *s, struct hrv_band band);

/* How long what is used must be for a band: below least_s its power is not to be given, below sound_s it is doubtful.
 *
 * sound_s is ten periods of the lower edge, for a band that begins at 0 (ULF) 24 h. least_s is what the Task Force lets pass:
 * about 60 s for HF (a lower edge of 0.15 Hz and more), 120 s for LF (0.04), 300 s for VLF (0.003; "a dubious measure" from
 * short recordings), 18 h of 24 for ULF. A lower edge in between takes the least of the next band below it, or sound_s where
 * that is shorter. */
struct hrv_need {
    double least_s, sound_s;
};
struct hrv_need hrv_band_need(struct hrv_band band);

#endif
