/* algorithms/polyline.h - a line of fewer points that looks the same.
 *
 * From a point that stays, the line goes straight on for as long as it comes within a tolerance of every point that it passes
 * by, and as no point lies farther ahead than the one where it ends; so peaks stay. What stays are points of the line.
 *
 * Source: the sectors of J. Sklansky and V. Gonzalez, Pattern Recognition 12:327-331, 1980; that it must not turn back is
 * ours. */
#ifndef KYMO_POLYLINE_H
#define KYMO_POLYLINE_H

#include <stddef.h>

/* x[n], y[n], in one unit, to fewer in place: no point that is left out is farther than tolerance beside the line, nor ahead
 * of where it ends. NaN in either parts lines, whose ends stay; of NaNs that follow each other one stays, of those before the
 * first line none. Returns how many are left. */
size_t polyline_simplify(double *x, double *y, size_t n, double tolerance);

#endif
