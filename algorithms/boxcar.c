/* algorithms/boxcar.c - see boxcar.h. */
#include "algorithms/boxcar.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define WIDEST 100000001u

struct sum {
    double x;
    uint32_t n;                   /* samples in it */
};

static struct sum plus(struct sum a, struct sum b) { return (struct sum){a.x + b.x, a.n + b.n}; }

struct boxcar {
    size_t width, half;
    uint64_t n_in, n_out;         /* taken and given since create or flush; in flush, taken counts what follows the end too */
    uint64_t n_real;
    bool has_origin;
    double origin;
    struct sum *value, *tail;     /* of the block that is; of the one before, sums from k to its end, tail[width] is 0 */
    struct sum head;              /* of this block so far */
};

struct boxcar *boxcar_create(size_t width, struct kymo_err *e)
{
    if (width % 2 == 0 || width > WIDEST) {
        kymo_fail(e, KYMO_EUSAGE, "no average over %zu samples: it takes an odd number up to %u", width, WIDEST);
        return NULL;
    }
    struct boxcar *s = calloc(1, sizeof *s);
    if (s) {
        s->value = calloc(width, sizeof *s->value);
        s->tail = calloc(width + 1, sizeof *s->tail);
    }
    if (!s || !s->value || !s->tail) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for an average over %zu samples", width);
        boxcar_destroy(s);
        return NULL;
    }
    s->width = width;
    s->half = width / 2;
    return s;
}

static void end_block(struct boxcar *s)
{
    for (size_t k = s->width; k-- > 0;)
        s->tail[k] = plus(s->value[k], s->tail[k + 1]);
}

/* Takes one more and returns the mean round the one half a width before it. */
static double step(struct boxcar *s, double x)
{
    const size_t k = (size_t)(s->n_in++ % s->width);
    const bool there = isfinite(x);

    if (there && !s->has_origin) {
        s->origin = x;
        s->has_origin = true;
    }
    const size_t before = k + s->width - s->half;   /* of the centre, if it is in the block before */
    const uint32_t n_centre = before < s->width ? s->tail[before].n - s->tail[before + 1].n : 1;
    s->value[k] = there ? (struct sum){x - s->origin, 1} : (struct sum){0, 0};
    s->head = k == 0 ? s->value[0] : plus(s->head, s->value[k]);
    const struct sum all = plus(s->tail[k + 1], s->head);
    const bool has_centre = n_centre && (k < s->half || s->value[k - s->half].n);
    if (k + 1 == s->width)
        end_block(s);
    return has_centre ? s->origin + all.x / all.n : (double)NAN;
}

size_t boxcar_push(struct boxcar *s, const double *x, size_t n, double *y)
{
    size_t made = 0;

    for (size_t i = 0; i < n; i++) {
        const double mean = step(s, x[i]);
        if (s->n_in > s->half)
            y[made++] = mean;
    }
    s->n_real += n;
    s->n_out += made;
    return made;
}

static void reset(struct boxcar *s)
{
    memset(s->tail, 0, (s->width + 1) * sizeof *s->tail);
    s->n_in = s->n_out = s->n_real = 0;
    s->has_origin = false;
}

size_t boxcar_flush(struct boxcar *s, double *y, size_t cap)
{
    size_t made = 0;

    while (made < cap && s->n_out < s->n_real) {
        const double mean = step(s, (double)NAN);
        if (s->n_in > s->half) {
            y[made++] = mean;
            s->n_out++;
        }
    }
    if (s->n_out == s->n_real)
        reset(s);
    return made;
}

void boxcar_destroy(struct boxcar *s)
{
    if (!s)
        return;
    free(s->value);
    free(s->tail);
    free(s);
}
