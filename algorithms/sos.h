/* algorithms/sos.h - IIR filter of second-order sections, streamed, causal.
 *
 *   each section:  y[i] = (b0 x[i] + b2 x[i-2] + b1 x[i-1]) - a2 y[i-2] - a1 y[i-1]
 *
 * its y being the x of the next (direct form I: the state is what went in and what came out, so that the steady state of a
 * constant is known without solving for it). A segment starts as if its first sample had always been there, so that an offset
 * makes no transient. NaN is no sample: y is NaN there, and what follows is a new segment.
 * Aligned with its input: with an advance of d samples y[i] is the filter's output at i + d, where past the segment's end the
 * last sample goes on; push holds back d samples, flush releases them. */
#ifndef KYMO_SOS_H
#define KYMO_SOS_H

#include "lib/err.h"

#include <stdbool.h>
#include <stddef.h>

#define SOS_SECTIONS 64

struct sos_section {
    double b0, b1, b2, a1, a2;    /* a0 is 1 */
};

/* The complex response of sections[n] at a frequency in turns per sample (hz / fs_hz), 0..0.5, into re_im[2]. */
void sos_respond(const struct sos_section *section, size_t n, double turns, double *re_im);

/* The group delay there, in samples; 0 at zeros on the unit circle, where it has no meaning. */
double sos_delay(const struct sos_section *section, size_t n, double turns);

/* Samples after which the slowest pole of sections[n] has decayed to part (0 < part < 1) of its beginning; SIZE_MAX where one
 * is not inside the unit circle. */
size_t sos_memory(const struct sos_section *section, size_t n, double part);

struct sos;

/* sections[n], copied, n 1..SOS_SECTIONS, all poles inside the unit circle; advance: samples, up to 2^24. Returns an object
 * for sos_destroy, or NULL with *e set (KYMO_EUSAGE, KYMO_ENOMEM). */
struct sos *sos_create(const struct sos_section *section, size_t n, size_t advance, struct kymo_err *e);

/* x[n] -> y[up to n], in x's unit; y may be x. Returns how many were written. Cannot fail. */
size_t sos_push(struct sos *s, const double *x, size_t n, double *y);

/* The same for n_objects (1..SOS_LANES) created alike, in place, faster and to the same bits: x_y[k][n] is of s[k], made[k]
 * tells how many it got. */
void sos_push_many(struct sos *const *s, size_t n_objects, double *const *x_y, size_t n, size_t *made);

/* Input has ended: gives up to cap of the held samples. Call until 0; s is then as newly created. */
size_t sos_flush(struct sos *s, double *y, size_t cap);

void sos_object_respond(const struct sos *s, double turns, double *re_im);   /* of the whole, with its advance */

void sos_destroy(struct sos *s);   /* NULL is fine */

/* For filters made of this one: the state of n sections is 2n + 2 numbers, x', x'' of the first section, then y', y''
 * of each. */
#define SOS_STATE(n_sections) (2 * (size_t)(n_sections) + 2)
#define SOS_LANES 12

/* The state that x, finite, leads to if it has always been there. */
void sos_settle(const struct sos_section *section, size_t n_sections, double x, double *state);

/* x[k][n] without NaN through the sections, in place, for n_lanes (1..SOS_LANES) signals of a state each: to the same bits
 * whatever n_lanes is. at counts the samples before: after each SOS_CHUNK of them, states too small to matter become 0, which
 * keeps silence from being slow. backward: from x[k][n-1] to x[k][0]. */
#define SOS_CHUNK 64

void sos_run(const struct sos_section *section, size_t n_sections, double *const *state, double *const *x, size_t n_lanes,
             size_t n, size_t at, bool backward);

#endif
