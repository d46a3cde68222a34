/* algorithms/holes.h - stretches of a signal of one or more leads in which no lead has a sample.
 *
 * A hole is a run of at least SHORTEST samples that are NaN in every lead. Streamed: the answer does not depend on how the
 * input is cut. */
#ifndef KYMO_HOLES_H
#define KYMO_HOLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed but for shortest (>= 1) to begin with; holds no memory. */
struct holes {
    int64_t shortest;
    int64_t n_in;        /* samples taken */
    int64_t run;         /* of them, the last so many are NaN in every lead */
};

struct hole {
    int64_t first, n;    /* in samples of the input */
};

/* Looks at x[n_leads][n] from *at on and moves *at. Returns true with *out set where a hole ends; then call again with the
 * same input. Returns false when all n samples are taken: only then give the next input, with *at 0. */
bool holes_next(struct holes *s, const double *const x[], size_t n_leads, size_t n, size_t *at, struct hole *out);

/* Input has ended: whether it ended in a hole. s then begins anew. */
bool holes_flush(struct holes *s, struct hole *out);

#endif
