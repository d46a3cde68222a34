/* algorithms/ecgsyn.h - a synthetic ECG whose beats are known exactly.
 *
 * Heart rate. RR(t) has the power spectrum of two Gaussians, at lf_hz (Mayer waves) and hf_hz (breathing), with powers in
 * the ratio lf_hf and random phases, by an inverse FFT at 8 Hz; the next interval is RR at the time of the last beat.
 * The intervals of the record are then scaled to the mean 60 / mean rate and the standard deviation
 * 60 sd(rate) / mean(rate)^2, exactly (a record of few intervals thus has all of it too).
 *
 * Waves. A point runs round the unit circle, once per beat, and is pushed off the plane near five angles (theta = 0 is R):
 *
 *   dx/dt = (1-r) x - w y,   dy/dt = (1-r) y + w x,   r = sqrt(x^2 + y^2),   w = 2 pi / RR
 *   dz/dt = - (w / w_mean) sum over P Q R S T of a d exp(-d^2 / (2 b^2)) - (z - A sin(2 pi hf_hz t)),   d = theta - theta_i
 *
 * On the circle the first two have the exact solution r = 1, theta' = w, which we use; so R is passed at the beat's time
 * to the nanosecond. Of dz/dt the sum is integrated as it stands (a b^2 exp(-d^2 / (2 b^2)) / w_mean), the rest, a slow
 * level, by 4th-order Runge-Kutta at the smallest multiple of fs_hz that is at least 500 Hz.
 * Angles and widths change with the mean rate: b by sqrt(rate/60), Q and S angles likewise, P by its square root.
 * Output: z scaled so that a beat at the mean rate, without wander, spans -0.4..1.2 mV.
 *
 * Source: P. E. McSharry, G. D. Clifford, L. Tarassenko, L. A. Smith, A dynamical model for generating synthetic
 * electrocardiogram signals, IEEE Trans. Biomed. Eng. 50:289-294, 2003, eq. 1 and table I; the rate factors and the
 * scaling are those of their program ecgsyn. We differ in the factor w / w_mean (R. Sameni, G. D. Clifford, C. Jutten,
 * M. B. Shamsollahi, EURASIP J. Adv. Signal Process. 2007:043407), which keeps the size of waves independent of RR and the
 * same on both sides of R; in noise that is normal, not uniform; in the tachogram's 8 Hz (theirs: 1 Hz); and in starting
 * half an interval before the first beat.
 *
 * Ventricular premature beats are ours: such a beat comes after 0.6 of the interval, the next beat in its usual place (full
 * compensatory pause), with the angles of its own table; never two in a row, nor the first or last beat. In the
 * two intervals beside it, waves keep their time from their beat and only the isoelectric part is shortened or stretched.
 *
 * One seed, one set of options: the same samples, however they are fetched. Between machines beats agree to a nanosecond
 * and samples to about 1e-8 mV, as exp, log, sin, cos and the FFT may differ in the last bit: rounded to 16 bits of 1 uV
 * or so they are equal but for ties. Noise, beats and ectopy have their own random streams: changing one leaves the
 * others as they are. */
#ifndef KYMO_ECGSYN_H
#define KYMO_ECGSYN_H

#include "lib/err.h"

#include <stddef.h>
#include <stdint.h>

enum { ECGSYN_P, ECGSYN_Q, ECGSYN_R, ECGSYN_S, ECGSYN_T, ECGSYN_WAVES };

/* One wave at 60 beats per minute: where it stands (R at 0), how strong, how wide. Height is about a b^2 / 2 pi. */
struct ecgsyn_wave {
    double theta_rad;   /* -pi..pi */
    double a;           /* -1000..1000; 0 is no wave */
    double b_rad;       /* 0.01..1 */
};

struct ecgsyn_options {
    double fs_hz;                    /* 60..10000 */
    double duration_s;               /* up to 604800 (a week); or 0, and */
    size_t n_beats;                  /* that many beats, or 0 */
    double heart_rate_per_min;       /* 20..300 */
    double heart_rate_sd_per_min;    /* 0..0.15 of the rate */
    double lf_hf;                    /* 0..100, power of LF over that of HF */
    double lf_hz, lf_width_hz;       /* centre 0.001..1, standard deviation 0.001..1 */
    double hf_hz, hf_width_hz;       /* above half the heart rate it comes out folded, as in any tachogram */
    double wander_mv;                /* 0..10, A above; seen at 1 / sqrt(1 + (2 pi hf_hz)^2) of it */
    double noise_mv;                 /* 0..10, standard deviation of white normal noise */
    size_t pvc_every;                /* every so many-th beat is ventricular; 0 none, else at least 2 */
    double pvc_probability;          /* 0..0.5, of each beat that does not follow a ventricular one */
    uint64_t seed;
    struct ecgsyn_wave normal[ECGSYN_WAVES], ventricular[ECGSYN_WAVES];
};

/* 256 Hz, 60 s, 60 +- 1 per minute, LF/HF 0.5 at 0.1 and 0.25 Hz, 0.01 Hz wide, wander 0.15 mV, no noise, no ectopy,
 * seed 1; normal waves from table I of the paper. Copy it and change what is wanted. */
extern const struct ecgsyn_options ecgsyn_defaults;

struct ecgsyn_beat {
    int64_t time_ns;   /* when the R angle is passed; sample 0 is at 0 */
    int64_t sample;    /* the sample nearest to that */
    char type;         /* 'N' or 'V' */
};

struct ecgsyn;

/* Returns an object for ecgsyn_destroy, or NULL with *e set (KYMO_EUSAGE with the value and its limits, KYMO_ENOMEM).
 * All beats are made here: 32 bytes each are kept; the FFT takes 24 bytes per 1/8 s for a moment. */
struct ecgsyn *ecgsyn_create(const struct ecgsyn_options *o, struct kymo_err *e);

/* Samples in the whole record: duration_s fs_hz, or up to half an interval after the last of n_beats; rounded. */
uint64_t ecgsyn_n_samples(const struct ecgsyn *s);

/* The next up to n samples -> x[n], mV. Returns how many were made; 0 at the end of the record. Cannot fail. */
size_t ecgsyn_next(struct ecgsyn *s, double *x, size_t n);

/* The beats of the whole record in time order, *n of them: a view, until ecgsyn_destroy. */
const struct ecgsyn_beat *ecgsyn_beats(const struct ecgsyn *s, size_t *n);

void ecgsyn_destroy(struct ecgsyn *s);   /* NULL is fine */

#endif
