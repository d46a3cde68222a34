/* algorithms/hrv_geometry.h - geometric measures: of the histogram of NN intervals.
 *
 *   histogram     bin k counts the intervals in [k b, (k+1) b), b = 7.8125 ms (1/128 s), from 0; Y the tallest bin's count
 *   HTI           n / Y, the triangular index
 *   TINN          base, ms, of the triangle with its peak Y over the tallest bin (the first of several), and 0 outside
 *                 N .. M, that fits the histogram best: M - N for the N and M with the smallest sum of squares
 *   TINN (area)   2 b n / Y: base of the triangle of height Y that has the area of the histogram, 2 b HTI
 *
 * Source: Task Force of ESC and NASPE, Circulation 93:1043-1065, 1996, p. 1046 and figure 2, which fits by least squares. The
 * second definition is what RHRV gives (C. A. Garcia Martinez et al., Heart Rate Variability Analysis with the R package RHRV,
 * 2017, ch. 3). Both need many intervals: the Task Force asks for 20 minutes at least, better 24 hours.
 *
 * An interval within 1e-5 ms below a bin's edge counts as on it: at 128 Hz all intervals lie on edges, and the rounding of beat
 * times to the nanosecond must not scatter them over two bins. */
#ifndef KYMO_HRV_GEOMETRY_H
#define KYMO_HRV_GEOMETRY_H

#include "algorithms/nn.h"
#include "lib/err.h"

struct hrv_geometry {
    double hti, tinn_ms, tinn_area_ms;   /* NaN without an interval */
};

/* Times and breaks do not matter. Intervals of more than 60 s are in the last bin. Fills *out; returns 0 or KYMO_ENOMEM. */
int hrv_geometry(const struct nn_series *nn, struct hrv_geometry *out, struct kymo_err *e);

#endif
