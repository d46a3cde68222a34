/* algorithms/expression.h - a signal that is computed of others, sample by sample: "III = II - I".
 *
 *   NAME = SUM [UNIT]                         UNIT, in its brackets, may be left out
 *   SUM = PRODUCT, + or - PRODUCT, ...        PRODUCT = FACTOR, * or / FACTOR, ...
 *   FACTOR = number, signal, (SUM), - FACTOR, function(SUM, ...)
 *
 * Functions: abs(x), sqrt(x), clip(x, low, high), and of one or more values min, max, mean, sum; among these V1..V6 stands for
 * all signals from V1 to V6 in the order of the header. A signal is a label, or # and its index from 0 (#3). A label, or a
 * NAME, of other characters than letters, digits and _, or that begins with a digit, stands between double quotes; "" in it is
 * one. A label of other case will do where it is the only one.
 *
 * A value of which any part is NaN is NaN. So is a quotient by zero, the root of a negative number, and what is too large for a
 * double: those are counted. A divisor that is the number zero is an error. */
#ifndef KYMO_EXPRESSION_H
#define KYMO_EXPRESSION_H

#include "lib/err.h"

struct expression;

/* The text, and the labels of the signals that there are. Returns an object for expression_destroy; NULL with *e set
 * (KYMO_EUSAGE tells the text, the place and what was expected, and where a signal is not there, those that are). */
struct expression *expression_compile(const char *text, const char *const *label, size_t n_labels, struct kymo_err *e);

/* Views, until destroy. unit is NULL where none is given. */
const char *expression_name(const struct expression *s);
const char *expression_unit(const struct expression *s);

/* The signals that it is made of, each once, at least one; *index is a view. */
size_t expression_signals(const struct expression *s, const size_t **index);

/* x[k][n], of the k-th of these signals -> y[n], which is none of them. Returns how many values were undefined though their
 * parts were not NaN. */
size_t expression_run(struct expression *s, const double *const *x, size_t n, double *y);

void expression_destroy(struct expression *s);   /* NULL is fine */

#endif
