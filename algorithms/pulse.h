/* algorithms/pulse.h - finds the pulses of one signal of arterial pressure or of a photoplethysmogram, streamed.
 *
 *   slope    derivative of the signal through a Gaussian of 25 ms
 *   rise[i]  sum of the positive slopes within 0.1 s of i: the height of an upstroke, in the signal's unit
 *   scale    median of the highest rise in seven windows of 1.5 s round i: levels follow from both sides in time
 *
 * Maxima of the rise above 0.2 of the scale are candidates. The clear ones tell the local interval of the pulses; a pulse is a
 * candidate of at least 0.35 of the scale that has no higher one within 0.45 of that interval, which leaves out dicrotic waves.
 * A signal whose falls are steeper than its rises is taken upside down; the first 7.5 s of a segment say so, or a long time.
 *
 * Fiducial: where the upstroke is steepest, on the input's grid, all delays taken out.
 *
 * Quality: how much a pulse is like the four on either side of it within 3.5 s: the correlation with their mean shape (-0.16 to
 * 0.44 s round the fiducial) and the ratio to the median of their heights. What is like nothing round it (a flush, a
 * movement, noise) or stands alone has quality 0; so have the candidates that are no pulses. They are given out all the same,
 * since the weak wave of a premature beat is among them: take only what has a quality for pulses. A flat line gives nothing.
 *
 * Source: the rise, after W. Zong, T. Heldt, G. B. Moody and R. G. Mark, An open-source algorithm to detect onset of arterial
 * blood pressure pulses, Comput. Cardiol. 30:259-262, 2003. Ours: levels from both sides in time, fiducial, quality. */
#ifndef KYMO_PULSE_H
#define KYMO_PULSE_H

#include "lib/err.h"

#include <stddef.h>
#include <stdint.h>

#define PULSE_LOOK_AHEAD_S 15.0   /* a pulse is given out at most so long after it */
#define PULSE_BRIDGED_S 0.1       /* samples missing for so long are bridged; longer are a gap */

struct pulse;

struct pulse_beat {
    int64_t sample;               /* of the input, counted from create or flush */
    double quality;               /* 0..1, how like its neighbours; no probability. 0: a wave, but no pulse */
};

/* fs_hz: 30..10000. Returns an object for pulse_destroy, or NULL with *e set (KYMO_EUSAGE, KYMO_ENOMEM). About 0.15 MB,
 * however long the recording. */
struct pulse *pulse_create(double fs_hz, struct kymo_err *e);

/* Most pulses that pushing n more samples can give; with n = 0, also one flush. */
size_t pulse_bound(const struct pulse *s, size_t n);

/* x[n], any unit, polarity and offset; NaN: no sample. Pulses that are certain now go to out, which has room for
 * pulse_bound(s, n), in order of time. Returns how many. Any split of the input gives the same. Cannot fail. */
size_t pulse_push(struct pulse *s, const double *x, size_t n, struct pulse_beat *out);

/* Input has ended: gives up to cap of the pulses left. Call until 0; s is then as newly created. */
size_t pulse_flush(struct pulse *s, struct pulse_beat *out, size_t cap);

void pulse_destroy(struct pulse *s);   /* NULL is fine */

#endif
