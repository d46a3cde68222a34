/* algorithms/portrait.h - a small picture of every beat: its QRS complex, the stretch before it where the P wave lies, and the
 * T wave behind it, in one or two leads; streamed, a few bytes for each beat.
 *
 * A lead is thinned by a whole number to a grid of 200..400 Hz (slower input stays as it is), each grid sample being a mean.
 * What drifts is taken away: a mean over 2 s with triangular weights, which leaves what is above about 0.5 Hz. A beat's place
 * is put to the peak of the squared slope, summed over 40 ms and over the leads, within 72 ms of the time given, so that it
 * does not matter what a detector or an annotator takes for the time of a beat. Round that place, with Gaussians for low-pass:
 *
 *   qrs: -100..+148 ms, 8 ms apart, up to about 30 Hz;
 *   p:   -248..-56 ms, 8 ms apart, up to about 17 Hz;
 *   t:   +160..+480 ms, 32 ms apart, up to about 8 Hz.
 *
 * Numbers are counts of 8 bits, each window with its own unit.
 *
 * P consistency: how alike the P window of a beat is to those of its neighbours, TRIALS: the correlation of each detrended P
 * window with the mean of its +-24 neighbours, its own left out. Atrial fibrillation has no P waves that repeat. */
#ifndef KYMO_PORTRAIT_H
#define KYMO_PORTRAIT_H

#include "lib/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PORTRAIT_LEADS = 2, PORTRAIT_MOST_LEADS = 16 };   /* drawn; of which they are chosen */
enum { PORTRAIT_QRS = 32, PORTRAIT_P = 25, PORTRAIT_T = 11, PORTRAIT_QRS_BEFORE = 12 };

#define PORTRAIT_STEP_S 0.008
#define PORTRAIT_LOOK_AHEAD_S 1.8  /* a beat can be drawn so long after it, */
#define PORTRAIT_CHOICE_S 300.0
#define PORTRAIT_KEEP_S 400.0      /* and until so long after it */

/* One lead of a beat. A window whose unit is 0 is not known: there are no samples, or they are all the same. */
struct portrait_lead {
    float qrs_unit, p_unit, t_unit;    /* one count, in the signal's unit */
    float amplitude;                   /* of the QRS complex, peak to peak, in the signal's unit */
    float width_s;                     /* between the first and the last crossing of 12 % of the steepest slope */
    float spread_s;                    /* twice the standard deviation of the squared slope in time */
    float noise;                       /* root mean square of what is above 17 Hz in the P window */
    float spike;                       /* the sharpest bend before and in the QRS complex over the next sharpest beside it: */
    int8_t qrs[PORTRAIT_QRS], p[PORTRAIT_P], t[PORTRAIT_T];   /* well above 1 for the pulse of a pacemaker */
};

struct portrait {
    struct portrait_lead lead[PORTRAIT_LEADS];
    float shift_s;                     /* from the time given to the beat's place */
};

struct portrait_maker;

/* For n_leads (1..PORTRAIT_MOST_LEADS) of one rate, fs_hz (60..10000). Returns an object for portrait_destroy, or NULL with *e
 * set (KYMO_EUSAGE, KYMO_ENOMEM). About 1.3 MB for each lead. Drawn are the first PORTRAIT_LEADS, or those that are chosen. */
struct portrait_maker *portrait_create(double fs_hz, size_t n_leads, struct kymo_err *e);

/* Chooses the leads to be drawn from now on, and lets the others go: the first PORTRAIT_LEADS of those in which the QRS
 * complexes of beats sample[n] repeat about as well as in the best, or the best. chosen: their numbers, ascending; returns how
 * many. Once, before which nothing need be drawn for PORTRAIT_CHOICE_S. */
size_t portrait_choose(struct portrait_maker *s, const int64_t *sample, size_t n, size_t chosen[PORTRAIT_LEADS]);

/* x[n_leads][n] in the signals' units; NaN: no sample. Any split of the input gives the same pictures. */
void portrait_push(struct portrait_maker *s, const double *const x[], size_t n);

/* Beats before this sample (counted from create or reset) can be drawn. */
int64_t portrait_known(const struct portrait_maker *s);

/* The picture of the beat at that sample. Where the segment begins or ends, or samples are gone already, windows are unknown.
 * */
void portrait_draw(const struct portrait_maker *s, int64_t sample, struct portrait *out);

void portrait_reset(struct portrait_maker *s);     /* a new segment begins */
void portrait_destroy(struct portrait_maker *s);   /* NULL is fine */

/* A window in the signal's unit, and how many numbers it has. */
enum portrait_window { PORTRAIT_IS_QRS, PORTRAIT_IS_P, PORTRAIT_IS_T };
size_t portrait_window(const struct portrait_lead *l, enum portrait_window which, float out[PORTRAIT_QRS]);

/* Takes the straight line that fits best out of x[n], n >= 2. */
void portrait_detrend(float *x, size_t n);

/* P consistency of beat[n] in a lead: like[n], -1..1; NaN where the window is not known or less than 8 neighbours have one.
 * Beats with left_out[i] are nobody's neighbours (ventricular beats have no P wave); left_out NULL: none. */
void portrait_p_like(const struct portrait *beat, size_t n, size_t lead, const unsigned char *left_out, float *like);

#endif
