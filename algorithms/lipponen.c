/* algorithms/lipponen.c - see lipponen.h. */
#include "algorithms/lipponen.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ALPHA 5.2
#define C1 0.13
#define C2 0.17
#define AROUND 45               /* intervals on either side, for thresholds */
#define MEDIAN_AROUND 5         /* and for the median */
#define LEAST_THRESHOLD_MS 10.0
#define FAR_FROM_MEDIAN 3.0
#define FEWEST 4

/* The last values of a series, sorted. */
struct window {
    size_t n;
    double x[2 * AROUND + 1];
};

/* Where value is, or belongs. */
static size_t place(const struct window *w, double value)
{
    size_t low = 0, high = w->n;

    while (low < high) {
        const size_t mid = (low + high) / 2;
        if (w->x[mid] < value)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void window_add(struct window *w, double value)
{
    const size_t at = place(w, value);

    memmove(&w->x[at + 1], &w->x[at], (w->n - at) * sizeof *w->x);
    w->x[at] = value;
    w->n++;
}

static void window_remove(struct window *w, double value)
{
    const size_t at = place(w, value);

    w->n--;
    memmove(&w->x[at], &w->x[at + 1], (w->n - at) * sizeof *w->x);
}

/* Linear between the ordered values. */
static double quantile(const struct window *w, double share)
{
    const double at = share * (double)(w->n - 1);
    const size_t below = (size_t)at;

    return below + 1 < w->n ? w->x[below] + (at - (double)below) * (w->x[below + 1] - w->x[below]) : w->x[below];
}

static double threshold(const struct window *w)
{
    return fmax(LEAST_THRESHOLD_MS, ALPHA * (quantile(w, 0.75) - quantile(w, 0.25)) / 2);
}

static double middle(const struct window *w) { return quantile(w, 0.5); }

/* y[i] = of(the |x| or x within around of i). */
static void run_window(const double *x, size_t n, size_t around, bool sizes, double (*of)(const struct window *), double *y)
{
    struct window w = {.n = 0};

    for (size_t i = 0; i < n + around; i++) {
        if (i > 2 * around)
            window_remove(&w, sizes ? fabs(x[i - 2 * around - 1]) : x[i - 2 * around - 1]);
        if (i < n)
            window_add(&w, sizes ? fabs(x[i]) : x[i]);
        if (i >= around)
            y[i - around] = of(&w);
    }
}

/* What the decisions look at: all of length n. */
struct features {
    const double *rr;
    double *d, *m;              /* dRR and mRR over their thresholds */
    double *median, *limit;     /* of 11; the second threshold, ms */
    size_t n;
};

static void describe(struct features *f)
{
    const size_t n = f->n;

    for (size_t i = 1; i < n; i++)
        f->m[i] = f->rr[i] - f->rr[i - 1];
    f->m[0] = (f->rr[n - 1] - f->rr[0]) / (double)(n - 1);   /* the mean of the others */
    run_window(f->m, n, AROUND, true, threshold, f->limit);
    for (size_t i = 0; i < n; i++)
        f->d[i] = f->m[i] / f->limit[i];
    run_window(f->rr, n, MEDIAN_AROUND, false, middle, f->median);
    for (size_t i = 0; i < n; i++) {
        const double off = f->rr[i] - f->median[i];
        f->m[i] = off < 0 ? 2 * off : off;
    }
    run_window(f->m, n, AROUND, true, threshold, f->limit);
    for (size_t i = 0; i < n; i++)
        f->m[i] /= f->limit[i];
}

/* dRR at i, which may be up to 2 beyond either end: mirrored there. */
static double mirrored(const struct features *f, ptrdiff_t i)
{
    const ptrdiff_t last = (ptrdiff_t)f->n - 1;

    return f->d[i < 0 ? -i : i > last ? 2 * last - i : i];
}

static bool is_ectopic(const struct features *f, size_t i)
{
    const double d = f->d[i], before = mirrored(f, (ptrdiff_t)i - 1), after = mirrored(f, (ptrdiff_t)i + 1);

    return (d > 1 && fmax(before, after) < -C1 * d - C2) || (d < -1 && fmin(before, after) > -C1 * d + C2);
}

/* Of an interval that leaves the series: fine, missed, extra, long or short. */
static enum lipponen_kind judge(const struct features *f, size_t i)
{
    const double d = f->d[i], next = mirrored(f, (ptrdiff_t)i + 1), second = mirrored(f, (ptrdiff_t)i + 2);
    const bool is_long = d > 1 && fmin(next, second) < -1, is_short = d < -1 && fmax(next, second) > 1;

    if (!is_long && !is_short && !(fabs(f->m[i]) > FAR_FROM_MEDIAN))
        return LIPPONEN_FINE;
    if (is_short && i + 1 < f->n && fabs(f->rr[i] + f->rr[i + 1] - f->median[i]) < f->limit[i])
        return LIPPONEN_EXTRA;
    if (is_long && fabs(f->rr[i] / 2 - f->median[i]) < f->limit[i])
        return LIPPONEN_MISSED;
    return LIPPONEN_LONG_SHORT;
}

static void decide(const struct features *f, unsigned char *kind)
{
    memset(kind, LIPPONEN_FINE, f->n);
    for (size_t i = 0; i < f->n; i++) {
        if (kind[i] != LIPPONEN_FINE || !(fabs(f->d[i]) > 1 || fabs(f->m[i]) > FAR_FROM_MEDIAN))
            continue;
        if (is_ectopic(f, i)) {
            kind[i] = LIPPONEN_ECTOPIC;
            if (i > 0 && kind[i - 1] == LIPPONEN_FINE)
                kind[i - 1] = LIPPONEN_ECTOPIC;
            continue;
        }
        kind[i] = (unsigned char)judge(f, i);
        if (kind[i] == LIPPONEN_EXTRA)
            i++;                 /* the next is the rest of this one */
        else if (kind[i] != LIPPONEN_FINE && i + 1 < f->n && fabs(f->d[i + 1]) < fabs(mirrored(f, (ptrdiff_t)i + 2)) &&
                 !is_ectopic(f, i + 1))
            kind[i + 1] = (unsigned char)judge(f, i + 1);   /* a second one, before the series comes back */
    }
}

int lipponen(const double *rr_ms, size_t n, unsigned char *kind, struct kymo_err *e)
{
    if (n < FEWEST) {
        memset(kind, LIPPONEN_FINE, n);
        return 0;
    }
    double *const room = malloc(4 * n * sizeof *room);
    if (!room)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the artefacts among %zu intervals", n);
    struct features f = {
        .rr = rr_ms, .d = room, .m = room + n, .median = room + 2 * n, .limit = room + 3 * n, .n = n,
    };
    describe(&f);
    decide(&f, kind);
    free(room);
    return 0;
}
