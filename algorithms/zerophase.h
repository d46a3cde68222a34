/* algorithms/zerophase.h - IIR filter of second-order sections, forward and then backward, streamed: no delay at any frequency.
 *
 *   z = x through the sections, y = z through them from its end to its beginning: |H|^2, phase 0
 *
 * Before its first and after its last sample a segment goes on for 3 (2 n_sections + 1) samples (or as many as it has but one)
 * turned about that sample, 2 x[0] - x[j], and in a steady state beyond: as scipy.signal.sosfiltfilt has it. Streamed, the
 * backward filter begins an overlap ahead of those samples that it gives out, in which its slowest pole decays to 1e-12:
 * y is within 1e-9 of the whole segment done at once, in parts of the largest |x - x[0]|.
 * Source: F. Gustafsson, Determining the initial states in forward-backward filtering, IEEE Trans. Signal Processing
 * 44:988-992, 1996 (the problem); S. R. Powell and P. M. Chau, same, 39:2425-2431, 1991 (by blocks). */
#ifndef KYMO_ZEROPHASE_H
#define KYMO_ZEROPHASE_H

#include "algorithms/sos.h"

struct zerophase;

/* sections[n], copied, n 1..SOS_SECTIONS. Holds up to 5 overlaps of samples, at least 16384. Returns an object for
 * zerophase_destroy, or NULL with *e set (KYMO_EUSAGE where the filter is unstable or its overlap above 2^22, KYMO_ENOMEM). */
struct zerophase *zerophase_create(const struct sos_section *section, size_t n, struct kymo_err *e);

/* x[n] -> y[up to n], aligned; y may be x. NaN is no sample: y is NaN there, and what follows is a new segment. Returns how
 * many were written. Cannot fail. */
size_t zerophase_push(struct zerophase *s, const double *x, size_t n, double *y);

/* The same for n_objects (1..SOS_LANES) created alike, in place, faster and to the same bits: x_y[k][n] is of s[k], made[k]
 * tells how many it got. */
void zerophase_push_many(struct zerophase *const *s, size_t n_objects, double *const *x_y, size_t n, size_t *made);

/* Input has ended: gives up to cap of the held samples. Call until 0; s is then as newly created. */
size_t zerophase_flush(struct zerophase *s, double *y, size_t cap);

void zerophase_respond(const struct zerophase *s, double turns, double *re_im);   /* of both passes */

void zerophase_destroy(struct zerophase *s);   /* NULL is fine */

#endif
