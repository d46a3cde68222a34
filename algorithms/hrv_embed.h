/* algorithms/hrv_embed.h - distances between all pairs of templates, by the diagonals of their matrix.
 *
 *   D2(i, k) = sum over t < m of (x[i+t] - x[i+k+t])^2,      template i being x[i] .. x[i+m-1]
 *
 * A template never spans a break. All pairs are visited: n^2 m / 2 operations, which is why those who ask have a limit of
 * length, HRV_PAIRS_MAX intervals (two hours or so); their measures are of short recordings. */
#ifndef KYMO_HRV_EMBED_H
#define KYMO_HRV_EMBED_H

#include "algorithms/nn.h"
#include "lib/err.h"

enum { HRV_PAIRS_MAX = 10000 };

struct embedding {
    const double *nn_ms;
    size_t m, n_starts;          /* templates begin at 0 .. n_starts-1, */
    size_t n_templates;          /* so many of them unbroken */
    unsigned char *whole;        /* [n_starts] this one is */
    double *square, *distance2;
};

/* m: 2..64. Returns 0, or KYMO_EUSAGE, KYMO_ENOMEM; then nothing need be released. nn_ms is kept until then. */
int embedding_init(struct embedding *s, const struct nn_series *nn, size_t m, struct kymo_err *e);

/* D2(i, k) for i = 0 .. n_starts-1-k, ms^2, INFINITY where either template is broken; valid until the next call. k >= 1. */
const double *embedding_diagonal(struct embedding *s, size_t k);

void embedding_release(struct embedding *s);

#endif
