/* algorithms/order.h - order statistics without sorting everything. */
#ifndef KYMO_ORDER_H
#define KYMO_ORDER_H

#include <stddef.h>

/* Reorders x[n], n > 0, until x[k], k < n, is what sorting would put there, nothing larger before it and nothing smaller
 * after. Returns x[k]. NaN is not allowed. */
double order_select(double *x, size_t n, size_t k);

/* The value below which a share (0..1) of x[n] lies, linear between the two ordered values around share (n - 1); reorders x.
 * NaN of none. Hyndman and Fan, Am. Stat. 50:361-365, 1996, definition 7. */
double order_quantile(double *x, size_t n, double share);

#endif
