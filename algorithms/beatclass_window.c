/* algorithms/beatclass_window.c - see beatclass_window.h. */
#include "algorithms/beatclass_window.h"

#include <string.h>

/* The numbers in a window, in order of size. */
struct window {
    float v[WINDOW_LONGEST];
    size_t n;
};

static size_t place_of(const struct window *w, float x)
{
    size_t lo = 0, hi = w->n;

    while (lo < hi) {
        const size_t middle = (lo + hi) / 2;
        if (w->v[middle] < x)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

static void window_add(struct window *w, float x)
{
    if (isnan(x))
        return;
    const size_t at = place_of(w, x);
    memmove(w->v + at + 1, w->v + at, (w->n++ - at) * sizeof *w->v);
    w->v[at] = x;
}

static void window_drop(struct window *w, float x)
{
    if (isnan(x))
        return;
    const size_t at = place_of(w, x);
    memmove(w->v + at, w->v + at + 1, (--w->n - at) * sizeof *w->v);
}

static float quantile(const struct window *w, double q)
{
    return w->n ? w->v[(size_t)(q * (double)(w->n - 1) + 0.5)] : (float)NAN;
}

/* The median of those within 20 % of the median. */
static float middle_of_most(const struct window *w)
{
    const float m = quantile(w, 0.5);

    if (w->n == 0)
        return m;
    const size_t from = place_of(w, 0.8f * m), to = place_of(w, 1.2f * m);
    return from < to ? w->v[(from + to - 1) / 2] : m;
}

/* Share of pairs that differ by less than 6 %. */
static float order_of(const struct window *w)
{
    size_t pairs = 0, from = 0;

    for (size_t i = 1; i < w->n; i++) {
        while (w->v[from] * 1.06f < w->v[i])
            from++;
        pairs += i - from;
    }
    return w->n > 1 ? (float)pairs / (0.5f * (float)(w->n * (w->n - 1))) : 1;
}

static float answer(const struct window *w, const struct window_ask *ask)
{
    return ask->what == WINDOW_QUANTILE ? quantile(w, ask->q) : ask->what == WINDOW_ORDER ? order_of(w) : middle_of_most(w);
}

void window_slide(const float *x, size_t n, size_t half, const struct window_ask *ask, size_t n_asks)
{
    struct window w = {.n = 0};

    for (size_t i = 0; i < n + half; i++) {
        if (i > 2 * half)
            window_drop(&w, x[i - 2 * half - 1]);
        if (i < n)
            window_add(&w, x[i]);
        for (size_t k = 0; i >= half && k < n_asks; k++)
            ask[k].out[i - half] = answer(&w, &ask[k]);
    }
}

/* C. A. R. Hoare's selection: what does not hold the k-th number is left alone. */
float window_quantile_of(float *x, size_t n, double q)
{
    if (n == 0)
        return (float)NAN;
    const ptrdiff_t k = (ptrdiff_t)(q * (double)(n - 1) + 0.5);
    for (ptrdiff_t lo = 0, hi = (ptrdiff_t)n - 1; lo < hi;) {
        const float pivot = x[lo + (hi - lo) / 2];
        ptrdiff_t i = lo, j = hi;
        while (i <= j) {
            while (x[i] < pivot)
                i++;
            while (pivot < x[j])
                j--;
            if (i <= j) {
                const float swap = x[i];
                x[i++] = x[j];
                x[j--] = swap;
            }
        }
        if (j < k)
            lo = i;
        if (k < i)
            hi = j;
    }
    return x[k];
}
