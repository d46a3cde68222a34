/* algorithms/spo2_sort.h - the samples of a series in order of size: what the levels that occur are read off. */
#ifndef KYMO_SPO2_SORT_H
#define KYMO_SPO2_SORT_H

#include <stddef.h>

/* The samples of x[n] that are not NaN into sorted[n], ascending; spare[n] is scratch. Returns how many. By radix, without the
 * digits that are the same in all: whole per cents differ in two of eight. */
size_t spo2_sort(const double *x, size_t n, double *sorted, double *spare);

#endif
