/* algorithms/baseline_median.c - see baseline_median.h. */
#include "algorithms/baseline_median.h"
#include "algorithms/running_median.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define SHORT_S 0.2
#define LONG_S  0.6

enum { PIECE = 256 };

struct baseline_median {
    struct running_median *shorter, *longer;
    size_t size;
    uint64_t n_in, n_out;
    double *x;                    /* ring: those that are held back, and a piece */
};

static size_t odd_width(double s, double fs_hz) { return 2 * (size_t)floor(s * fs_hz / 2) + 1; }

struct baseline_median *baseline_median_create(double fs_hz, struct kymo_err *e)
{
    if (!(fs_hz >= 1 && fs_hz <= 1e6)) {
        kymo_fail(e, KYMO_EUSAGE, "no baseline of medians at %g Hz, only 1..1000000", fs_hz);
        return NULL;
    }
    struct baseline_median *s = calloc(1, sizeof *s);
    if (!s) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for a baseline");
        return NULL;
    }
    s->size = odd_width(SHORT_S, fs_hz) / 2 + odd_width(LONG_S, fs_hz) / 2 + PIECE;
    s->x = malloc(s->size * sizeof *s->x);
    s->shorter = running_median_create(odd_width(SHORT_S, fs_hz), e);
    s->longer = running_median_create(odd_width(LONG_S, fs_hz), e);
    if (!s->x || !s->shorter || !s->longer) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for a baseline at %g Hz", fs_hz);
        baseline_median_destroy(s);
        return NULL;
    }
    return s;
}

/* y[n] is the baseline; becomes what is above it. */
static size_t subtract(struct baseline_median *s, size_t n, double *y)
{
    for (size_t i = 0; i < n; i++)
        y[i] = s->x[s->n_out++ % s->size] - y[i];
    return n;
}

size_t baseline_median_push(struct baseline_median *s, const double *x, size_t n, double *y)
{
    size_t made = 0;

    for (size_t at = 0, m; at < n; at += m) {
        m = n - at < PIECE ? n - at : PIECE;
        for (size_t i = 0; i < m; i++)
            s->x[s->n_in++ % s->size] = x[at + i];
        const size_t k = running_median_push(s->shorter, x + at, m, y + made);
        made += subtract(s, running_median_push(s->longer, y + made, k, y + made), y + made);
    }
    return made;
}

size_t baseline_median_flush(struct baseline_median *s, double *y, size_t cap)
{
    size_t k, made = 0;

    while (made < cap && (k = running_median_flush(s->shorter, y + made, cap - made)) > 0)
        made += subtract(s, running_median_push(s->longer, y + made, k, y + made), y + made);
    if (made < cap)
        made += subtract(s, running_median_flush(s->longer, y + made, cap - made), y + made);
    if (s->n_out == s->n_in)
        s->n_in = s->n_out = 0;
    return made;
}

void baseline_median_destroy(struct baseline_median *s)
{
    if (!s)
        return;
    running_median_destroy(s->shorter);
    running_median_destroy(s->longer);
    free(s->x);
    free(s);
}
