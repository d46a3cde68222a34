/* algorithms/pending.c - see pending.h. */
#include "algorithms/pending.h"

#include "lib/clones.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 64

struct pending {
    size_t first, n, cap;         /* x[first .. first + n) wait */
    double x[];
};

struct pending *pending_create(size_t most)
{
    struct pending *p = malloc(sizeof *p + 2 * most * sizeof *p->x);   /* twice: so that moving to the front is rare */

    if (p)
        *p = (struct pending){0, 0, 2 * most};
    return p;
}

/* For n more samples behind those that wait. */
static double *room(struct pending *p, size_t n)
{
    if (p->first + p->n + n > p->cap) {
        memmove(p->x, p->x + p->first, p->n * sizeof *p->x);
        p->first = 0;
    }
    return p->x + p->first + p->n;
}

void pending_put(struct pending *p, const double *x, size_t n)
{
    memcpy(room(p, n), x, n * sizeof *x);
    p->n += n;
}

void pending_fill(struct pending *p, double x, size_t n)
{
    double *to = room(p, n);

    for (size_t i = 0; i < n; i++)
        to[i] = x;
    p->n += n;
}

size_t pending_take(struct pending *p, double *y, size_t cap)
{
    const size_t n = p->n < cap ? p->n : cap;

    memcpy(y, p->x + p->first, n * sizeof *y);
    p->first += n;
    p->n -= n;
    return n;
}

void pending_destroy(struct pending *p) { free(p); }

typedef double four __attribute__((vector_size(32)));
typedef int64_t masks __attribute__((vector_size(32)));

/* Whether one of x[PIECE] is missing. */
static inline __attribute__((always_inline)) bool any_missing(const double *x)
{
    masks any = {0};

    for (size_t i = 0; i < PIECE; i += 4) {
        four v;
        memcpy(&v, x + i, sizeof v);
        any |= v != v;
    }
    return (any[0] | any[1] | any[2] | any[3]) != 0;
}

/* In pieces, so that what is not missing is passed over quickly. */
CLONED_FOR_AVX2 size_t pending_run(const double *x, size_t n, bool *missing)
{
    size_t i = 0;

    *missing = isnan(x[0]);
    while (!*missing && n - i >= PIECE && !any_missing(x + i))
        i += PIECE;
    while (i < n && (isnan(x[i]) != 0) == *missing)
        i++;
    return i;
}
