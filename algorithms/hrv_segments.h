/* algorithms/hrv_segments.h - SDANN and SDNN index: of segments of 5 minutes.
 *
 *   SDANN        standard deviation, n - 1, of the segments' mean NN
 *   SDNN index   mean of the segments' standard deviations, n - 1
 *
 * Segments are laid end to end from the beginning of the first interval; an interval belongs to the one in which it ends. A
 * segment counts if it is whole (the series goes on to its end) and at least half of its time is covered by NN intervals.
 *
 * Source: Task Force of ESC and NASPE, Circulation 93:1043-1065, 1996, table 1, which is silent on gaps: the half is ours. */
#ifndef KYMO_HRV_SEGMENTS_H
#define KYMO_HRV_SEGMENTS_H

#include "algorithms/nn.h"

struct hrv_segments {
    double sdann_ms;         /* NaN with fewer than 2 segments that count */
    double sdnn_index_ms;    /* NaN without a segment of two intervals that counts */
    double n_segments;       /* that count */
};

/* nn->end_s is needed. length_s: 300. Cannot fail. */
void hrv_segments(const struct nn_series *nn, double length_s, struct hrv_segments *out);

#endif
