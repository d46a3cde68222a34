/* algorithms/distribution.h - how the values of a measure lie over many recordings.
 *
 *   mean      sum / n, corrected by the mean of what is left (so that a large offset costs no digits)
 *   sd        sqrt(sum (x - mean)^2 / (n - 1))
 *   q1, median, q3   Hyndman and Fan, Am. Stat. 50:361-365, 1996, definition 7 (order.h)
 *   mad       median of |x - median|
 *
 * Outliers are values with |x - median| > k 1.4826 MAD, 1.4826 being what makes the MAD of a normal distribution its SD.
 * Source: F. R. Hampel, The influence curve and its role in robust estimation, J. Am. Stat. Assoc. 69:383-393, 1974;
 * C. Leys and others, J. Exp. Soc. Psychol. 49:764-766, 2013 (k = 3 "very conservative", 2.5, 2). Of fewer than
 * DISTRIBUTION_LEAST values, or where the MAD is 0 (half of them are equal), the rule says nothing: there are none. */
#ifndef KYMO_DISTRIBUTION_H
#define KYMO_DISTRIBUTION_H

#include <stdbool.h>
#include <stddef.h>

#define DISTRIBUTION_LEAST 5

/* Of n values. What too few values do not give is NaN: all but n and missing of none, sd of one. */
struct distribution {
    size_t n, missing;            /* missing: NaN or infinite */
    double mean, sd, min, q1, median, q3, max, mad;
};

/* Of x[n], which it reorders. Cannot fail. */
void distribution_of(double *x, size_t n, struct distribution *d);

/* (x - median) / (1.4826 MAD); NaN where the rule says nothing, or x is NaN. */
double distribution_distance(const struct distribution *d, double x);

#endif
