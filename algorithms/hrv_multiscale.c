/* algorithms/hrv_multiscale.c - see hrv_multiscale.h. */
#include "algorithms/hrv_multiscale.h"

#include "algorithms/hrv_match.h"

#include <math.h>
#include <stdlib.h>

/* The s series of a scale lie one after another in x, series k from first[k] to first[k+1]. */
struct scale {
    double *x;                           /* [n] */
    uint32_t *left, *mean_left;          /* [n] as nn_count_left gives them, of the intervals and of x */
    uint32_t *mean_order, *order;        /* [n] of all means, and of each series */
    uint32_t *start;                     /* [n] the slot in x of the mean that begins at interval i */
    struct match_counts *each;           /* [n] */
    size_t first[HRV_MAX_SCALES + 1];
};

static void release(struct scale *w)
{
    free(w->x);
    free(w->left);
    free(w->each);
}

static int allocate(struct scale *w, size_t n)
{
    w->x = malloc((n + 1) * sizeof *w->x);
    w->left = malloc((n + 1) * 5 * sizeof *w->left);
    w->each = malloc((n + 1) * sizeof *w->each);
    if (!w->x || !w->left || !w->each)
        return -1;
    w->mean_left = w->left + n;
    w->mean_order = w->mean_left + n;
    w->order = w->mean_order + n;
    w->start = w->order + n;
    return 0;
}

/* For each mean, in the order of time: into[k]++ of the series it belongs to, and its slot there. */
static void place_means(struct scale *w, const struct nn_series *nn, size_t s, size_t *into)
{
    size_t in_run = 0;

    for (size_t i = 0; i < nn->n; i++) {
        in_run = i > 0 && nn_follows(nn, i) ? in_run + 1 : 0;
        if (w->left[i] >= s)
            w->start[i] = (uint32_t)into[in_run % s]++;
    }
}

/* Means of s intervals from each on that has s left, and which of the s series each is in. */
static void take_means(struct scale *w, const struct nn_series *nn, size_t s)
{
    size_t into[HRV_MAX_SCALES] = { 0 };

    place_means(w, nn, s, into);
    w->first[0] = 0;
    for (size_t k = 0; k < s; k++) {
        w->first[k + 1] = w->first[k] + into[k];
        into[k] = w->first[k];
    }
    place_means(w, nn, s, into);
    for (size_t i = 0; i < nn->n; i++) {
        if (w->left[i] < s)
            continue;
        double sum = 0;
        for (size_t j = 0; j < s; j++)
            sum += nn->nn_ms[i + j];
        w->x[w->start[i]] = sum / (double)s;
        w->mean_left[w->start[i]] = w->left[i] / (uint32_t)s;
    }
}

/* One sort of all the means, dealt out to their series: w->order holds places within the series. */
static void sort_means(struct scale *w, struct matcher *matcher, size_t s)
{
    const size_t n = w->first[s];
    uint32_t fill[HRV_MAX_SCALES];
    size_t k_of_slot = 0;
    uint32_t *const series = w->start;   /* done with */

    matcher_sort(matcher, w->x, n, w->mean_order);
    for (size_t slot = 0; slot < n; slot++) {
        while (slot >= w->first[k_of_slot + 1])
            k_of_slot++;
        series[slot] = (uint32_t)k_of_slot;
    }
    for (size_t k = 0; k < s; k++)
        fill[k] = (uint32_t)w->first[k];
    for (size_t j = 0; j < n; j++) {
        const uint32_t slot = w->mean_order[j], k = series[slot];
        w->order[fill[k]++] = slot - (uint32_t)w->first[k];
    }
}

static double entropy(uint64_t a, uint64_t b)
{
    return a > 0 ? log((double)b / (double)a) : NAN;
}

static void measure_scale(struct scale *w, struct matcher *matcher, size_t s, struct hrv_multiscale *out)
{
    uint64_t sum_a = 0, sum_b = 0;
    double sum = 0;

    for (size_t k = 0; k < s; k++) {
        const size_t first = w->first[k], n = w->first[k + 1] - first;
        uint64_t a = 0, b = 0;
        matcher_count(matcher, w->x + first, w->mean_left + first, w->order + first, n, out->r_ms, true, w->each);
        for (size_t i = 0; i < n; i++) {
            a += w->each[i].longer;
            b += w->each[i].m_inner;
        }
        if (k == 0)
            out->mse[s - 1] = entropy(a, b);
        sum += entropy(a, b);
        sum_a += a;
        sum_b += b;
    }
    out->cmse[s - 1] = sum / (double)s;
    out->rcmse[s - 1] = entropy(sum_a, sum_b);
}

static void fill_nan(double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = NAN;
}

static double sum_of(const double *x, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum;
}

int hrv_multiscale(const struct nn_series *nn, const struct hrv_entropy_opt *opt, size_t n_scales, struct hrv_multiscale *out,
                   struct kymo_err *e)
{
    const int rc = hrv_entropy_check(opt, e);
    struct scale w;

    if (rc < 0)
        return rc;
    if (n_scales < 1 || n_scales > HRV_MAX_SCALES)
        return kymo_fail(e, KYMO_EUSAGE, "%zu scales, not 1..%d", n_scales, HRV_MAX_SCALES);
    fill_nan(out->mse, HRV_MAX_SCALES);
    fill_nan(out->cmse, HRV_MAX_SCALES);
    fill_nan(out->rcmse, HRV_MAX_SCALES);
    out->complexity_mse = out->complexity_cmse = out->complexity_rcmse = NAN;
    out->r_ms = hrv_entropy_r_ms(nn, opt);
    if (nn->n > HRV_ENTROPY_MAX || isnan(out->r_ms))
        return 0;
    struct matcher *const matcher = matcher_create(nn->n, opt->m, e);
    if (!matcher)
        return KYMO_ENOMEM;
    if (allocate(&w, nn->n) < 0) {
        release(&w);
        matcher_destroy(matcher);
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the scales of %zu intervals", nn->n);
    }
    nn_count_left(nn, w.left);
    for (size_t s = 1; s <= n_scales; s++) {
        take_means(&w, nn, s);
        sort_means(&w, matcher, s);
        measure_scale(&w, matcher, s, out);
    }
    out->complexity_mse = sum_of(out->mse, n_scales);
    out->complexity_cmse = sum_of(out->cmse, n_scales);
    out->complexity_rcmse = sum_of(out->rcmse, n_scales);
    release(&w);
    matcher_destroy(matcher);
    return 0;
}
