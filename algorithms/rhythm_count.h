/* algorithms/rhythm_count.h - how much of what there is in a stretch of a recording: for the whole and for each hour of it.
 *
 * Time that is lost (gaps, noise) is not analysable. Rates are of intervals that do not touch lost time: their mean, and the
 * slowest and fastest mean of RHYTHM_RATE_BEATS in a row. An episode counts where it begins; its time counts where it lies. */
#ifndef KYMO_RHYTHM_COUNT_H
#define KYMO_RHYTHM_COUNT_H

#include "algorithms/rhythm.h"

enum { RHYTHM_RATE_BEATS = 8 };

struct rhythm_extreme {
    double value;                 /* NaN: none */
    int64_t at_ns;                /* where it begins */
};

struct rhythm_kind_count {
    size_t n;
    double duration_s;            /* outside lost time */
    struct rhythm_extreme longest, fastest, slowest;   /* s, per minute */
};

struct rhythm_count {
    double analysable_s;
    size_t n_beats, n_type[RHYTHM_UNSURE + 1];
    double mean_per_min;          /* NaN: no intervals */
    struct rhythm_extreme fastest, slowest;
    struct rhythm_kind_count kind[RHYTHM_KINDS];
};

/* Counts from <= time < to. lost[n_lost] in order, not overlapping. Cannot fail. */
void rhythm_count(const struct rhythm_input *in, const struct rhythm_list *list, const struct rhythm_span *lost, size_t n_lost,
                  int64_t from_ns, int64_t to_ns, struct rhythm_count *out);

#endif
