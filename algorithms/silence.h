/* algorithms/silence.h - finds where an ECG of one or more leads is silent: nothing as steep as a heart beat in any of them.
 *
 * Each lead becomes means of 20 ms; d is what one differs from the one before. The usual d of a lead is the lower quartile of
 * the largest d in the last 16 windows of 2 s, leaving out those that were silent: of four windows one may be free of noise. A
 * lead speaks where d is at least 0.2 of that. Silence is a stretch of 1 s or more in which no lead speaks; a lead has no voice
 * before its fourth window, nor where it has no samples or does not change at all for 0.5 s, and where none has a voice there
 * is no silence.
 *
 * So a pause in the rhythm can be told from noise in which beats were lost; drift of the baseline does not disturb, nor do P
 * waves, which are not steep. Ours. */
#ifndef KYMO_SILENCE_H
#define KYMO_SILENCE_H

#include "lib/err.h"

#include <stddef.h>
#include <stdint.h>

#define SILENCE_SHORTEST_S 1.0

struct silence;

struct silence_span {
    int64_t first, n;             /* samples of the input, counted from create or flush */
};

/* For n_leads (1 or more) of one rate, fs_hz (60..10000). Returns an object for silence_destroy, or NULL with *e set
 * (KYMO_EUSAGE, KYMO_ENOMEM). Less than 1 kB for each lead. */
struct silence *silence_create(double fs_hz, size_t n_leads, struct kymo_err *e);

/* Most stretches that pushing n more samples can give; with n = 0, also one flush. */
size_t silence_bound(const struct silence *s, size_t n);

/* x[n_leads][n], any unit, polarity and offset; NaN: no sample. Stretches that have ended go to out, which has room for
 * silence_bound(s, n), in order of time. Returns how many. Any split of the input gives the same. Cannot fail. */
size_t silence_push(struct silence *s, const double *const x[], size_t n, struct silence_span *out);

/* Input has ended: the stretch that is left, if there is one, goes to out. Returns how many. s is then as newly created. */
size_t silence_flush(struct silence *s, struct silence_span *out);

void silence_destroy(struct silence *s);   /* NULL is fine */

#endif
