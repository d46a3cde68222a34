/* algorithms/noise.h - noise as ECG recordings have it, seeded, streamed.
 *
 *   wander   sum of 24 sinusoids of equal size and random phase, 0.05 to 0.7 Hz, one in each of 24 equal parts of the
 *            logarithm of frequency: density 1/f
 *   muscle   normal white noise through second-order Butterworth filters, high pass 20 Hz, and low pass 150 Hz where the
 *            rate has room for it; times exp(u/2), u normal with variance 1 and correlation exp(-|t|/1 s): bursts
 *   motion   what electrodes do when they are moved: once a second in the mean, at random (Poisson), a disturbance of
 *            size +-exp(0.6 g), g normal. Three of five are pulses, Gaussian bells of sigma 12..40 ms, as wide as a QRS
 *            complex; two are steps, which rise with a time constant of 10 ms and recover with one of 0.2..1.5 s. On
 *            half of the wander
 *   mains    50 or 60 Hz, off by up to 0.02 %, and its harmonics 2, 3, 5, 7 of 0.05, 0.2, 0.1, 0.05 of its size as far as
 *            they are below half the rate; random phases
 *
 * Each is scaled so that the R of snr.h of its first 300 s is 1, exactly. Wander, motion and mains are functions of time: with
 * one seed they are the same at any rate but for this scale.
 *
 * Ours, after the descriptions of the three noise records of the MIT-BIH Noise Stress Test Database (G. B. Moody and others,
 * Comput. Cardiol. 11:381-384, 1984); filters: bilinear transform, e.g. A. V. Oppenheim and R. W. Schafer, Discrete-Time Signal
 * Processing, 3rd ed., 2010, section 7.2. */
#ifndef KYMO_NOISE_H
#define KYMO_NOISE_H

#include "lib/err.h"

#include <stddef.h>
#include <stdint.h>

enum noise_kind { NOISE_WANDER, NOISE_MUSCLE, NOISE_MOTION, NOISE_MAINS, NOISE_KINDS };

struct noise;

/* The kind of that name, "wander", or NOISE_KINDS. */
enum noise_kind noise_kind_named(const char *name);

/* For fs_hz up to 10000 and from 4 (wander), 60 (muscle, motion) or 2.2 mains_hz on. mains_hz, 40..70, is for NOISE_MAINS.
 * STREAM: signals of one recording under one seed. Returns an object for noise_destroy, or NULL with *e set (KYMO_EUSAGE,
 * KYMO_ENOMEM). Makes 300 s of noise to find its scale. */
struct noise *noise_create(enum noise_kind kind, double fs_hz, double mains_hz, uint64_t seed, uint64_t stream,
                           struct kymo_err *e);

/* The next n samples into x[n]. Any split gives the same. Cannot fail. */
void noise_next(struct noise *s, double *x, size_t n);

void noise_destroy(struct noise *s);   /* NULL is fine */

#endif
