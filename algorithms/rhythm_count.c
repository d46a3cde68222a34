/* algorithms/rhythm_count.c - see rhythm_count.h. */
#include "algorithms/rhythm_count.h"

#include <math.h>

/* Seconds of from..to that are not lost. */
static double left_s(const struct rhythm_span *lost, size_t n, int64_t from_ns, int64_t to_ns)
{
    return to_ns > from_ns ? (double)(to_ns - from_ns - rhythm_overlap_ns(lost, n, from_ns, to_ns)) / 1e9 : 0;
}

static bool is_lost(const struct rhythm_span *lost, size_t n, int64_t from_ns, int64_t to_ns)
{
    return rhythm_overlap_ns(lost, n, from_ns, to_ns) > 0;
}

static void see(struct rhythm_extreme *x, double value, double sign, int64_t at_ns)
{
    if (!isnan(value) && (isnan(x->value) || sign * value > sign * x->value))
        *x = (struct rhythm_extreme){value, at_ns};
}

static void count_beats(const struct rhythm_input *in, const struct rhythm_span *lost, size_t n_lost, int64_t from_ns,
                        int64_t to_ns, struct rhythm_count *out)
{
    double sum_s = 0;
    size_t n_intervals = 0, row = 0;   /* row: intervals in a row that are none of them lost */

    for (size_t i = 0; i < in->n; i++) {
        const struct rhythm_beat *const b = &in->beat[i];
        if (b->time_ns < from_ns || b->time_ns >= to_ns)
            continue;
        out->n_beats++;
        out->n_type[b->type]++;
        if (i == 0 || b->after_break || b[-1].time_ns < from_ns || is_lost(lost, n_lost, b[-1].time_ns, b->time_ns)) {
            row = 0;
            continue;
        }
        sum_s += (double)(b->time_ns - b[-1].time_ns) / 1e9;
        n_intervals++;
        if (++row < RHYTHM_RATE_BEATS)
            continue;
        const int64_t since_ns = b[-RHYTHM_RATE_BEATS].time_ns;
        const double rate = 60e9 * RHYTHM_RATE_BEATS / (double)(b->time_ns - since_ns);
        see(&out->fastest, rate, 1, since_ns);
        see(&out->slowest, rate, -1, since_ns);
    }
    out->mean_per_min = n_intervals ? 60 * (double)n_intervals / sum_s : (double)NAN;
}

void rhythm_count(const struct rhythm_input *in, const struct rhythm_list *list, const struct rhythm_span *lost, size_t n_lost,
                  int64_t from_ns, int64_t to_ns, struct rhythm_count *out)
{
    const struct rhythm_extreme none = {(double)NAN, 0};

    *out = (struct rhythm_count){
        .analysable_s = left_s(lost, n_lost, from_ns, to_ns), .fastest = none, .slowest = none,
    };
    for (size_t k = 0; k < RHYTHM_KINDS; k++)
        out->kind[k] = (struct rhythm_kind_count){.longest = none, .fastest = none, .slowest = none};
    count_beats(in, lost, n_lost, from_ns, to_ns, out);
    for (size_t i = 0; i < list->n; i++) {
        const struct rhythm_episode *const p = &list->episode[i];
        struct rhythm_kind_count *const c = &out->kind[p->kind];
        const int64_t on_ns = p->from_ns > from_ns ? p->from_ns : from_ns, off_ns = p->to_ns < to_ns ? p->to_ns : to_ns;
        if (off_ns > on_ns)
            c->duration_s += left_s(lost, n_lost, on_ns, off_ns);
        if (p->from_ns < from_ns || p->from_ns >= to_ns)
            continue;
        c->n++;
        see(&c->longest, (double)(p->to_ns - p->from_ns) / 1e9, 1, p->from_ns);
        see(&c->fastest, p->rate_per_min, 1, p->from_ns);
        see(&c->slowest, p->rate_per_min, -1, p->from_ns);
    }
}
