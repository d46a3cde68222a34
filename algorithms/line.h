/* algorithms/line.h - the straight line of least squares through samples that lie 1 apart. */
#ifndef KYMO_LINE_H
#define KYMO_LINE_H

#include <stddef.h>

/* Slope, in y's unit per sample; NaN with fewer than two samples, or a NaN among them. */
double line_slope(const double *y, size_t n);

/* Sum of squares that the line leaves; 0 with fewer than three samples. */
double line_squares_left(const double *y, size_t n);

#endif
