/* algorithms/running_median.c - see running_median.h.
 *
 * The heap of the lower half has its largest on top, that of the upper half its smallest. The lower has as many as the upper or
 * one more, and nothing in it is above anything in the upper. */
#include "algorithms/running_median.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define WIDEST 100000001u
#define NOWHERE UINT32_MAX

enum { LOWER, UPPER };

struct heap {
    double sign;                  /* times a value: what is on top has the largest */
    uint32_t n, *slot;
};

struct running_median {
    size_t width, half;
    uint64_t n_in, n_out, n_real; /* taken and given since create or flush; in flush, taken counts what follows the end too */
    double *value;                /* x[i] is at i % width */
    uint32_t *place;              /* of a slot: 2 * place in its heap + which heap; NOWHERE: not a sample */
    struct heap heap[2];
};

static void reset(struct running_median *s)
{
    for (size_t i = 0; i < s->width; i++)
        s->place[i] = NOWHERE;
    s->heap[LOWER].n = s->heap[UPPER].n = 0;
    s->n_in = s->n_out = s->n_real = 0;
}

struct running_median *running_median_create(size_t width, struct kymo_err *e)
{
    if (width % 2 == 0 || width > WIDEST) {
        kymo_fail(e, KYMO_EUSAGE, "no median of %zu samples: it takes an odd number up to %u", width, WIDEST);
        return NULL;
    }
    struct running_median *s = calloc(1, sizeof *s);
    if (s) {
        s->value = calloc(width, sizeof *s->value);
        s->place = calloc(width, sizeof *s->place);
        s->heap[LOWER] = (struct heap){1, 0, calloc(width / 2 + 2, sizeof(uint32_t))};
        s->heap[UPPER] = (struct heap){-1, 0, calloc(width / 2 + 2, sizeof(uint32_t))};
    }
    if (!s || !s->value || !s->place || !s->heap[LOWER].slot || !s->heap[UPPER].slot) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for a median of %zu samples", width);
        running_median_destroy(s);
        return NULL;
    }
    s->width = width;
    s->half = width / 2;
    reset(s);
    return s;
}

/* ---- heaps ---- */

static void put(struct running_median *s, int h, uint32_t at, uint32_t slot)
{
    s->heap[h].slot[at] = slot;
    s->place[slot] = 2 * at + (uint32_t)h;
}

static double key(const struct running_median *s, int h, uint32_t at)
{
    return s->heap[h].sign * s->value[s->heap[h].slot[at]];
}

/* Puts slot, whose right place may be at or anywhere above or below, where it belongs. */
static void settle(struct running_median *s, int h, uint32_t at, uint32_t slot)
{
    const double own = s->heap[h].sign * s->value[slot];
    const uint32_t n = s->heap[h].n;

    while (at > 0 && key(s, h, (at - 1) / 2) < own) {
        put(s, h, at, s->heap[h].slot[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    for (uint32_t child; (child = 2 * at + 1) < n; at = child) {
        child += child + 1 < n && key(s, h, child + 1) > key(s, h, child);
        if (key(s, h, child) <= own)
            break;
        put(s, h, at, s->heap[h].slot[child]);
    }
    put(s, h, at, slot);
}

static void insert(struct running_median *s, int h, uint32_t slot) { settle(s, h, s->heap[h].n++, slot); }

static void take_out(struct running_median *s, uint32_t slot)
{
    const int h = (int)(s->place[slot] % 2);
    const uint32_t at = s->place[slot] / 2, last = s->heap[h].slot[--s->heap[h].n];

    s->place[slot] = NOWHERE;
    if (last != slot)
        settle(s, h, at, last);
}

/* One is moved from the top of heap h to the other. */
static void move_top(struct running_median *s, int h)
{
    const uint32_t slot = s->heap[h].slot[0];

    take_out(s, slot);
    insert(s, !h, slot);
}

static double top(const struct running_median *s, int h) { return s->value[s->heap[h].slot[0]]; }

/* A new value in a slot that is in a heap: only the tops can be the wrong way round afterwards. */
static void replace(struct running_median *s, uint32_t slot, double x)
{
    s->value[slot] = x;
    settle(s, (int)(s->place[slot] % 2), s->place[slot] / 2, slot);
    if (s->heap[UPPER].n > 0 && top(s, LOWER) > top(s, UPPER)) {
        const uint32_t low = s->heap[LOWER].slot[0], high = s->heap[UPPER].slot[0];
        settle(s, LOWER, 0, high);
        settle(s, UPPER, 0, low);
    }
}

static void change(struct running_median *s, uint32_t slot, double x)
{
    if (isfinite(x) && s->place[slot] != NOWHERE) {
        replace(s, slot, x);
        return;
    }
    if (s->place[slot] != NOWHERE)
        take_out(s, slot);
    s->value[slot] = x;
    if (isfinite(x))
        insert(s, s->heap[LOWER].n > 0 && x > top(s, LOWER) ? UPPER : LOWER, slot);
    if (s->heap[LOWER].n > s->heap[UPPER].n + 1)
        move_top(s, LOWER);
    else if (s->heap[UPPER].n > s->heap[LOWER].n)
        move_top(s, UPPER);
}

/* ---- stream ---- */

/* Takes one more and returns the median round the one half a width before it. */
static double step(struct running_median *s, double x)
{
    const size_t centre = (size_t)((s->n_in + s->width - s->half) % s->width);

    change(s, (uint32_t)(s->n_in++ % s->width), x);
    if (s->place[centre] == NOWHERE)
        return (double)NAN;
    return s->heap[LOWER].n > s->heap[UPPER].n ? top(s, LOWER) : top(s, LOWER) / 2 + top(s, UPPER) / 2;
}

size_t running_median_push(struct running_median *s, const double *x, size_t n, double *y)
{
    size_t made = 0;

    for (size_t i = 0; i < n; i++) {
        const double median = step(s, x[i]);
        if (s->n_in > s->half)
            y[made++] = median;
    }
    s->n_real += n;
    s->n_out += made;
    return made;
}

size_t running_median_flush(struct running_median *s, double *y, size_t cap)
{
    size_t made = 0;

    while (made < cap && s->n_out < s->n_real) {
        const double median = step(s, (double)NAN);
        if (s->n_in > s->half) {
            y[made++] = median;
            s->n_out++;
        }
    }
    if (s->n_out == s->n_real)
        reset(s);
    return made;
}

void running_median_destroy(struct running_median *s)
{
    if (!s)
        return;
    free(s->value);
    free(s->place);
    free(s->heap[LOWER].slot);
    free(s->heap[UPPER].slot);
    free(s);
}
