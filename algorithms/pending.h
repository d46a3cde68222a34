/* algorithms/pending.h - samples that wait to be given out, first in, first out; and runs of missing ones. What streaming
 * filters that look ahead share. */
#ifndef KYMO_PENDING_H
#define KYMO_PENDING_H

#include <stdbool.h>
#include <stddef.h>

#define PENDING_PIECE 4096        /* a filter takes its input in pieces of at most so many */

struct pending;

/* For at most `most` samples at a time. Returns an object for pending_destroy, or NULL where memory ends. */
struct pending *pending_create(size_t most);

/* n more samples behind those that wait. */
void pending_put(struct pending *p, const double *x, size_t n);
void pending_fill(struct pending *p, double x, size_t n);

/* The oldest, at most cap of them, go to y. Returns how many. */
size_t pending_take(struct pending *p, double *y, size_t cap);

void pending_destroy(struct pending *p);   /* NULL is fine */

/* How many samples at the beginning of x[n], n > 0, are all missing (NaN), or all there: *missing tells. */
size_t pending_run(const double *x, size_t n, bool *missing);

#endif
