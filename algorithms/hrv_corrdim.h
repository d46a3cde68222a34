/* algorithms/hrv_corrdim.h - correlation dimension D2.
 *
 *   C(r)   part of all pairs of different templates, of m intervals, whose Euclidean distance is below r
 *   D2     slope of ln C(r) on ln r by least squares, over the radii r^2 = {1, 1.25, 1.5, 1.75} 2^j SD^2, j any whole
 *          number, with 0.001 <= C(r) <= 0.1
 *
 * Sources: P. Grassberger, I. Procaccia, Physica D 9:189-208, 1983; m = 10 as in S. Guzzetti et al., Cardiovasc. Res.
 * 31:441-446, 1996, and Kubios. None of them says which radii; those above are ours, so values of other programs differ.
 * Of noise the slope is below m: the radii are not small enough. A template never spans a break. */
#ifndef KYMO_HRV_CORRDIM_H
#define KYMO_HRV_CORRDIM_H

#include "algorithms/hrv_embed.h"

enum { HRV_CORRDIM_M = 10 };   /* usual */

/* *d2: no unit; NaN with fewer than 10,000 pairs (142 templates), more than HRV_PAIRS_MAX intervals, fewer than 3 such
 * radii, or all intervals equal. m: 2..64. Returns 0, or KYMO_EUSAGE, KYMO_ENOMEM. */
int hrv_corrdim(const struct nn_series *nn, size_t m, double *d2, struct kymo_err *e);

#endif
