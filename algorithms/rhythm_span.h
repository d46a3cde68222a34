/* algorithms/rhythm_span.h - stretches of time in order, which do not overlap: noise, silence, gaps. */
#ifndef KYMO_RHYTHM_SPAN_H
#define KYMO_RHYTHM_SPAN_H

#include <stddef.h>
#include <stdint.h>

struct rhythm_span {
    int64_t from_ns, to_ns;
};

/* Joins a[n_a] and b[n_b], each in order of time, into out[n_a + n_b], in order and not overlapping. Returns how many. */
size_t rhythm_join(const struct rhythm_span *a, size_t n_a, const struct rhythm_span *b, size_t n_b, struct rhythm_span *out);

/* What of a[n_a] does not lie in b[n_b], each in order and not overlapping, into out[n_a + n_b]. Returns how many. */
size_t rhythm_without(const struct rhythm_span *a, size_t n_a, const struct rhythm_span *b, size_t n_b,
                      struct rhythm_span *out);

/* How much of from..to lies in them. */
int64_t rhythm_overlap_ns(const struct rhythm_span *span, size_t n, int64_t from_ns, int64_t to_ns);

#endif
