/* algorithms/rhythm_span.c - see rhythm_span.h. */
#include "algorithms/rhythm_span.h"

#include <stdbool.h>

size_t rhythm_join(const struct rhythm_span *a, size_t n_a, const struct rhythm_span *b, size_t n_b, struct rhythm_span *out)
{
    size_t n = 0;

    for (size_t i = 0, k = 0; i < n_a || k < n_b;) {
        const bool from_a = k == n_b || (i < n_a && a[i].from_ns <= b[k].from_ns);
        const struct rhythm_span *const next = from_a ? &a[i++] : &b[k++];
        if (n > 0 && next->from_ns <= out[n - 1].to_ns)
            out[n - 1].to_ns = next->to_ns > out[n - 1].to_ns ? next->to_ns : out[n - 1].to_ns;
        else
            out[n++] = *next;
    }
    return n;
}

size_t rhythm_without(const struct rhythm_span *a, size_t n_a, const struct rhythm_span *b, size_t n_b, struct rhythm_span *out)
{
    size_t n = 0;

    for (size_t i = 0, k = 0; i < n_a; i++) {
        int64_t from_ns = a[i].from_ns;
        while (k < n_b && b[k].to_ns <= from_ns)
            k++;
        for (size_t m = k; m < n_b && b[m].from_ns < a[i].to_ns; m++) {
            if (b[m].from_ns > from_ns)
                out[n++] = (struct rhythm_span){from_ns, b[m].from_ns};
            from_ns = b[m].to_ns;
        }
        if (from_ns < a[i].to_ns)
            out[n++] = (struct rhythm_span){from_ns, a[i].to_ns};
    }
    return n;
}

/* The first of span[n] that ends behind ns, or n. */
static size_t first_behind(const struct rhythm_span *span, size_t n, int64_t ns)
{
    size_t lo = 0, hi = n;

    while (lo < hi) {
        const size_t middle = lo + (hi - lo) / 2;
        if (span[middle].to_ns > ns)
            hi = middle;
        else
            lo = middle + 1;
    }
    return lo;
}

int64_t rhythm_overlap_ns(const struct rhythm_span *span, size_t n, int64_t from_ns, int64_t to_ns)
{
    int64_t sum = 0;

    for (size_t i = first_behind(span, n, from_ns); i < n && span[i].from_ns < to_ns; i++) {
        const int64_t begin = span[i].from_ns > from_ns ? span[i].from_ns : from_ns;
        sum += (span[i].to_ns < to_ns ? span[i].to_ns : to_ns) - begin;
    }
    return sum;
}
