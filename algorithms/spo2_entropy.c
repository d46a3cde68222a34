/* algorithms/spo2_entropy.c - see spo2_entropy.h. */
#include "algorithms/spo2_entropy.h"

#include "algorithms/hrv_match.h"
#include "algorithms/nn.h"
#include "algorithms/spo2_sort.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 4                 /* samples of a template */
#define NONE (-1)
#define PAIRS_AT_ONCE 64.0        /* of matcher_count, about */

static const double APEN_R = 0.25, SAMPEN_R = 0.2, SLACK = 1e-9;

/* All templates of one length m. Classes are numbered in the order of their values, the first sample first. */
struct templates {
    size_t m, n, n_classes;
    int32_t *class_of;            /* [samples] of the template that begins there, or NONE */
    int32_t *count;               /* [n_classes] */
    int32_t *column[LONGEST];     /* [m][n_classes] levels of a class */
};

struct entropy {
    size_t n;                     /* samples */
    size_t n_levels;
    double *value;                /* [n_levels] that occur, ascending */
    int32_t *level;               /* [n] of each sample, or NONE */
    int32_t *low, *high;          /* [n_levels] first and last level within r */
    int32_t *start;               /* [n_levels + 1] first class that begins with the level; also buckets */
    int32_t *order, *order2;      /* [n] templates while they are sorted */
    int32_t *matches;             /* [n_classes] templates that match one of the class */
    struct templates t;
    void *memory;
};

/* ---- classes ---- */

static size_t drop_repeats(double *sorted, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (kept == 0 || sorted[kept - 1] != sorted[i])
            sorted[kept++] = sorted[i];
    return kept;
}

static int32_t find_level(const struct entropy *s, double x)
{
    size_t first = 0, last = s->n_levels - 1;

    while (first < last) {
        const size_t middle = first + (last - first) / 2;
        if (s->value[middle] < x)
            first = middle + 1;
        else
            last = middle;
    }
    return (int32_t)first;
}

/* Templates of length 1: the levels are their classes. */
static void begin_templates(struct entropy *s, const double *x)
{
    struct templates *const t = &s->t;

    t->m = 1;
    t->n = 0;
    t->n_classes = s->n_levels;
    memset(t->count, 0, s->n_levels * sizeof *t->count);
    for (size_t i = 0; i < s->n; i++) {
        const bool same = i > 0 && x[i] == x[i - 1];
        s->level[i] = isnan(x[i]) ? NONE : same ? s->level[i - 1] : find_level(s, x[i]);
        t->class_of[i] = s->level[i];
        if (s->level[i] != NONE) {
            t->count[s->level[i]]++;
            t->n++;
        }
    }
    for (size_t k = 0; k < s->n_levels; k++)
        t->column[0][k] = (int32_t)k;
}

/* Puts template from[n] into to[n] by key[from[i] + shift], equal ones in their order; bucket[n_keys + 1]. */
static void sort_by(const int32_t *key, size_t shift, size_t n_keys, const int32_t *from, size_t n, int32_t *to,
                    int32_t *bucket)
{
    memset(bucket, 0, (n_keys + 1) * sizeof *bucket);
    for (size_t i = 0; i < n; i++)
        bucket[key[(size_t)from[i] + shift] + 1]++;
    for (size_t k = 0; k < n_keys; k++)
        bucket[k + 1] += bucket[k];
    for (size_t i = 0; i < n; i++)
        to[bucket[key[(size_t)from[i] + shift]]++] = from[i];
}

/* Gives numbers to the templates in order[n], which are sorted: a new one where the old class or the last level differs. */
static void number_classes(struct entropy *s, const int32_t *order, size_t n)
{
    struct templates *const t = &s->t;
    int32_t old = NONE, last = NONE;

    t->n_classes = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t at = (size_t)order[i];
        if (t->class_of[at] != old || s->level[at + t->m] != last) {
            old = t->class_of[at];
            last = s->level[at + t->m];
            for (size_t k = 0; k <= t->m; k++)
                t->column[k][t->n_classes] = s->level[at + k];
            t->count[t->n_classes++] = 0;
        }
        t->count[t->n_classes - 1]++;
        s->matches[i] = (int32_t)t->n_classes - 1;   /* lent: the numbers, until all are given */
    }
    for (size_t i = 0; i < n; i++)
        t->class_of[order[i]] = s->matches[i];
}

/* Templates of length m become those of length m + 1. */
static void extend_templates(struct entropy *s)
{
    struct templates *const t = &s->t;
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        if (t->class_of[i] == NONE)
            continue;
        if (i + t->m < s->n && s->level[i + t->m] != NONE)
            s->order[n++] = (int32_t)i;
        else
            t->class_of[i] = NONE;
    }
    sort_by(s->level, t->m, s->n_levels, s->order, n, s->order2, s->start);
    sort_by(t->class_of, 0, t->n_classes, s->order2, n, s->order, s->start);
    number_classes(s, s->order, n);
    t->m++;
    t->n = n;
}

/* ---- matches ---- */

/* Returns whether any level has another within r. */
static bool set_tolerance(struct entropy *s, double r)
{
    size_t low = 0, high = 0;
    bool any = false;

    for (size_t k = 0; k < s->n_levels; k++) {
        while (s->value[k] - s->value[low] > r)
            low++;
        while (high + 1 < s->n_levels && s->value[high + 1] - s->value[k] <= r)
            high++;
        s->low[k] = (int32_t)low;
        s->high[k] = (int32_t)high;
        any = any || low != high;
    }
    return any;
}

/* Classes from..to-1 whose second to fourth level lie within the limits, weighted by their counts. */
static int32_t count_near(const struct templates *t, size_t from, size_t to, const int32_t low[LONGEST],
                          const int32_t high[LONGEST])
{
    const int32_t *const a = t->column[1], *const b = t->column[t->m > 2 ? 2 : 1], *const c = t->column[t->m > 3 ? 3 : 1];
    int32_t sum = 0;

    for (size_t k = from; k < to; k++) {
        const int32_t inside = (a[k] >= low[1]) & (a[k] <= high[1]) & (b[k] >= low[2]) & (b[k] <= high[2]) &
                               (c[k] >= low[3]) & (c[k] <= high[3]);
        sum += -inside & t->count[k];
    }
    return sum;
}

static void find_starts(struct entropy *s)
{
    size_t next = 0;

    for (size_t k = 0; k <= s->n_levels; k++) {
        while (next < s->t.n_classes && s->t.column[0][next] < (int32_t)k)
            next++;
        s->start[k] = (int32_t)next;
    }
}

/* Fills matches of all classes, for templates of two samples at least. */
static void count_matches(struct entropy *s, double r)
{
    struct templates *const t = &s->t;

    if (!set_tolerance(s, r)) {
        memcpy(s->matches, t->count, t->n_classes * sizeof *s->matches);
        return;
    }
    find_starts(s);
    for (size_t j = 0; j < t->n_classes; j++) {
        int32_t low[LONGEST], high[LONGEST];
        for (size_t k = 0; k < LONGEST; k++) {
            const int32_t level = t->column[k < t->m ? k : 1][j];
            low[k] = s->low[level];
            high[k] = s->high[level];
        }
        s->matches[j] = count_near(t, (size_t)s->start[low[0]], (size_t)s->start[high[0] + 1], low, high);
    }
}

/* ---- entropies ---- */

static double phi(struct entropy *s)
{
    const double n = (double)s->t.n;
    double sum = 0;

    count_matches(s, APEN_R - SLACK);
    for (size_t k = 0; k < s->t.n_classes; k++)
        sum += s->t.count[k] * log(s->matches[k] / n);
    return sum / n;   /* 0 / 0 is NaN, as wanted */
}

/* Pairs of templates that match, without a template and itself; followed: the first of a pair has a sample behind it. */
static double count_pairs(struct entropy *s, bool followed)
{
    const struct templates *const t = &s->t;
    double pairs = 0;

    count_matches(s, SAMPEN_R + SLACK);
    for (size_t i = 0; i < s->n; i++)
        if (t->class_of[i] != NONE && (!followed || (i + t->m < s->n && s->level[i + t->m] != NONE)))
            pairs += s->matches[t->class_of[i]] - 1;
    return pairs;
}

/* Whether templates are so many that to compare their classes takes longer than matcher_count. */
static bool are_many(struct entropy *s)
{
    double pairs = 0;

    if (!set_tolerance(s, APEN_R - SLACK))
        return false;
    find_starts(s);
    for (size_t k = 0; k < s->t.n_classes; k++) {
        const int32_t level = s->t.column[0][k];
        pairs += s->start[s->high[level] + 1] - s->start[s->low[level]];
    }
    return pairs * PAIRS_AT_ONCE > (double)s->n * (double)s->n;
}

/* Without classes: nearly every sample has a value of its own. What matcher_count wants: the valid samples and how many are in
 * a row from each on. */
struct apart {
    double *x;
    uint32_t *left, *order;
    struct match_counts *count;   /* of templates of each sample; 0 where there is none */
    size_t n;
};

/* x[n_all] without the missing samples; moved, as matcher_sort wants positive values, so that the lowest is 1. */
static void take_valid(const double *x, size_t n_all, double lowest, struct apart *a)
{
    uint32_t run = 0;

    for (size_t i = 0; i < n_all; i++)
        if (!isnan(x[i]))
            a->x[a->n++] = x[i] - lowest + 1;
    for (size_t i = n_all, k = a->n; i-- > 0;) {
        run = isnan(x[i]) ? 0 : run + 1;
        if (run > 0)
            a->left[--k] = run;
    }
}

/* The tolerance is one that matcher_count adds its own slack to. */
static int count_apart(struct apart *a, size_t m, double r, struct kymo_err *e)
{
    struct matcher *const s = matcher_create(a->n, m, e);

    if (!s)
        return e->cause[0].code;
    matcher_sort(s, a->x, a->n, a->order);
    matcher_count(s, a->x, a->left, a->order, a->n, r - NN_SLACK_MS, false, a->count);
    matcher_destroy(s);
    return 0;
}

static double apen_apart(const struct apart *a)
{
    double n_2 = 0, n_3 = 0, phi_2 = 0, phi_3 = 0;

    for (size_t i = 0; i < a->n; i++) {
        n_2 += a->count[i].m > 0;
        n_3 += a->count[i].longer > 0;
    }
    for (size_t i = 0; i < a->n; i++) {
        phi_2 += a->count[i].m > 0 ? log(a->count[i].m / n_2) : 0;
        phi_3 += a->count[i].longer > 0 ? log(a->count[i].longer / n_3) : 0;
    }
    return phi_2 / n_2 - phi_3 / n_3;   /* 0 / 0 is NaN, as wanted */
}

static double sampen_apart(const struct apart *a)
{
    double matches = 0, longer = 0;

    for (size_t i = 0; i < a->n; i++)
        if (a->count[i].longer > 0) {
            matches += a->count[i].m - 1;
            longer += a->count[i].longer - 1;
        }
    return longer > 0 ? -log(longer / matches) : NAN;
}

static int measure_apart(const struct entropy *s, const double *x, struct spo2_entropy *out, struct kymo_err *e)
{
    const size_t n = s->n;
    struct apart a = {
        .x = malloc(n * sizeof *a.x), .left = malloc(n * sizeof *a.left), .order = malloc(n * sizeof *a.order),
        .count = malloc(n * sizeof *a.count),
    };
    const bool got = a.x && a.left && a.order && a.count;
    int rc = got ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for the entropy of %zu samples", n);

    if (rc == 0) {
        take_valid(x, s->n, s->value[0], &a);
        rc = count_apart(&a, 2, APEN_R - SLACK, e);
    }
    if (rc == 0) {
        out->apen = apen_apart(&a);
        rc = count_apart(&a, 3, SAMPEN_R + SLACK, e);
    }
    if (rc == 0)
        out->sampen = sampen_apart(&a);
    free(a.x);
    free(a.left);
    free(a.order);
    free(a.count);
    return rc;
}

static int measure(struct entropy *s, const double *x, struct spo2_entropy *out, struct kymo_err *e)
{
    begin_templates(s, x);
    extend_templates(s);
    if (are_many(s))
        return measure_apart(s, x, out, e);
    const double phi_2 = phi(s);
    extend_templates(s);
    if (are_many(s))
        return measure_apart(s, x, out, e);
    out->apen = phi_2 - phi(s);
    const double b = count_pairs(s, true);
    extend_templates(s);
    const double a = count_pairs(s, false);
    out->sampen = a > 0 ? -log(a / b) : NAN;
    return 0;
}

/* All arrays of s from one block: none needs more than n + 1 elements. */
static int allocate(struct entropy *s, struct kymo_err *e)
{
    int32_t **const arrays[] = {
        &s->level, &s->low, &s->high, &s->start, &s->order, &s->order2, &s->matches, &s->t.class_of, &s->t.count,
        &s->t.column[0], &s->t.column[1], &s->t.column[2], &s->t.column[3],
    };
    const size_t n_arrays = sizeof arrays / sizeof *arrays;
    const size_t values = 2 * s->n * sizeof *s->value;   /* and as much to sort them */
    char *const memory = malloc(values + n_arrays * (s->n + 1) * sizeof *s->level);

    if (!memory)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the entropy of %zu samples", s->n);
    s->memory = s->value = (double *)(void *)memory;
    for (size_t k = 0; k < n_arrays; k++)
        *arrays[k] = (int32_t *)(void *)(memory + values) + k * (s->n + 1);
    return 0;
}

int spo2_entropy(const double *x_pct, size_t n, struct spo2_entropy *out, struct kymo_err *e)
{
    struct entropy s = {.n = n};

    *out = (struct spo2_entropy){.apen = NAN, .sampen = NAN};
    if (n < 3)
        return 0;
    const int rc = allocate(&s, e);
    if (rc < 0)
        return rc;
    s.n_levels = drop_repeats(s.value, spo2_sort(x_pct, n, s.value, s.value + n));
    const int result = s.n_levels > 0 ? measure(&s, x_pct, out, e) : 0;
    free(s.memory);
    return result;
}
