/* algorithms/beatclass_cluster.c - see beatclass_cluster.h. */
#include "algorithms/beatclass_cluster.h"
#include "lib/clones.h"

#include <math.h>
#include <string.h>

#define JOIN 0.20f
#define SURE 0.05f      /* so near to the group of the beat before nobody looks further */
#define NEAR 0.10f      /* no group nearer than that without moving: then moved, */
#define FAR 1.2f        /* but those are not tried that lie so far without */
#define MERGE 0.10f
#define LEAVE 0.35f
#define SLOWEST_RATE 0.01f   /* a group's shape moves by 1/n of the way to a member, at least so much */

/* Sums are kept in so many parts that processors add side by side: a third of INSIDE. */
enum { SHIFT = 4, INSIDE = PORTRAIT_QRS - 2 * SHIFT, SIDE_BY_SIDE = 8 };

static float size_of(const float *x)
{
    float sum = 0;

    for (int c = 0; c < PORTRAIT_LEADS; c++)
        for (int i = SHIFT; i < PORTRAIT_QRS - SHIFT; i++)
            sum += x[c * PORTRAIT_QRS + i] * x[c * PORTRAIT_QRS + i];
    return sum;
}

/* |x moved by SHIFT - c|^2; where one lead's share is LIMIT or more, that. */
static inline float square_at(const float *x, const float *c, int shift, float limit)
{
    float all = 0;

    for (int l = 0; l < PORTRAIT_LEADS && all < limit; l++) {
        const float *const a = x + l * PORTRAIT_QRS + SHIFT + shift, *const b = c + l * PORTRAIT_QRS + SHIFT;
        float square[INSIDE], sum[SIDE_BY_SIDE];
        for (int i = 0; i < INSIDE; i++)
            square[i] = (a[i] - b[i]) * (a[i] - b[i]);
        for (int k = 0; k < SIDE_BY_SIDE; k++)
            sum[k] = square[k] + square[k + SIDE_BY_SIDE] + square[k + 2 * SIDE_BY_SIDE];
        all += ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
    }
    return all;
}

/* The least over shifts, or INFINITY if none is less than LIMIT. */
static inline float nearest_square(const float *x, const float *c, int *shift, float limit)
{
    float best = limit;
    bool any = false;

    *shift = 0;
    for (int s = -SHIFT; s <= SHIFT; s++) {
        const float d = square_at(x, c, s, best);
        if (d < best) {
            best = d;
            *shift = s;
            any = true;
        }
    }
    return any ? best : INFINITY;
}

static inline float over_larger(float square, float a, float b)
{
    const float larger = fmaxf(a, b);

    return larger > 0 ? square / larger : 1;
}

CLONED_FOR_AVX2 float cluster_distance(const float x[CLUSTER_ALL], const float c[CLUSTER_ALL])
{
    int shift;

    return over_larger(nearest_square(x, c, &shift, INFINITY), size_of(x), size_of(c));
}

CLONED_FOR_AVX2 float cluster_least(const struct clusters *all, const short *which, size_t n, const float x[CLUSTER_ALL])
{
    const float size = size_of(x);
    float least = 2;
    int shift;

    for (size_t k = 0; k < n; k++) {
        const struct cluster *const c = &all->group[which[k]];
        least = fminf(least, over_larger(nearest_square(x, c->shape, &shift, INFINITY), size, c->size));
    }
    return least;
}

/* The nearest group, by how much it is moved, and its distance. HINT is asked first; then all without moving, and only if none
 * is near those that are not far off, moved. */
CLONED_FOR_AVX2 static int find_nearest(const struct clusters *all, const float *x, float size, int hint, int *shift, float *d)
{
    float still[CLUSTER_MOST];
    int best = -1;

    *shift = 0;
    if (hint >= 0 && (*d = over_larger(square_at(x, all->group[hint].shape, 0, INFINITY), size, all->group[hint].size)) < SURE)
        return hint;
    *d = INFINITY;
    for (size_t k = 0; k < all->n; k++) {
        const struct cluster *const c = &all->group[k];
        still[k] = over_larger(square_at(x, c->shape, 0, fmaxf(FAR, *d) * fmaxf(size, c->size)), size, c->size);
        if (still[k] < *d) {
            *d = still[k];
            best = (int)k;
        }
    }
    for (size_t k = 0; *d >= NEAR && k < all->n; k++) {
        int s;
        if (still[k] > FAR)
            continue;
        const struct cluster *const c = &all->group[k];
        const float dk = over_larger(nearest_square(x, c->shape, &s, *d * fmaxf(size, c->size)), size, c->size);
        if (dk < *d) {
            *d = dk;
            *shift = s;
            best = (int)k;
        }
    }
    return best;
}

static void learn(struct cluster *c, const float *x, int shift)
{
    const float rate = fmaxf(1 / (float)++c->n, SLOWEST_RATE);

    for (int l = 0; l < PORTRAIT_LEADS; l++)
        for (int i = 0; i < PORTRAIT_QRS; i++) {
            const int at = i + shift < 0 ? 0 : i + shift >= PORTRAIT_QRS ? PORTRAIT_QRS - 1 : i + shift;
            float *const v = &c->shape[l * PORTRAIT_QRS + i];
            *v += rate * (x[l * PORTRAIT_QRS + at] - *v);
        }
    c->size = size_of(c->shape);
}

/* A new group; where there is no room in place of the smallest. */
static int begin(struct clusters *all, const float *x)
{
    size_t at = all->n;

    if (all->n == CLUSTER_MOST) {
        at = 0;
        for (size_t k = 1; k < all->n; k++)
            at = all->group[k].n < all->group[at].n ? k : at;
    } else {
        all->n++;
    }
    struct cluster *const c = &all->group[at];
    memcpy(c->shape, x, sizeof c->shape);
    c->size = size_of(x);
    c->n = 1;
    return (int)at;
}

static void merge(struct clusters *all)
{
    for (size_t a = 0; a < all->n; a++)
        for (size_t b = a + 1; b < all->n;) {
            struct cluster *const x = &all->group[a], *const y = &all->group[b];
            if (cluster_distance(y->shape, x->shape) >= MERGE) {
                b++;
                continue;
            }
            const struct cluster *const larger = x->n >= y->n ? x : y;
            const size_t n = x->n + y->n;
            *x = *larger;
            x->n = n;
            *y = all->group[--all->n];
        }
}

/* Gives the groups that have members the numbers 0 and so on, the largest first. */
static void put_in_order(struct clusters *all, short *of, size_t n)
{
    const struct clusters old = *all;
    size_t count[CLUSTER_MOST] = {0};
    short new[CLUSTER_MOST];

    for (size_t i = 0; i < n; i++)
        if (of[i] >= 0)
            count[of[i]]++;
    for (all->n = 0; all->n < old.n; all->n++) {
        size_t most = 0;
        for (size_t k = 1; k < old.n; k++)
            most = count[k] > count[most] ? k : most;
        if (count[most] == 0)
            break;
        all->group[all->n] = old.group[most];
        all->group[all->n].n = count[most];
        new[most] = (short)all->n;
        count[most] = 0;
    }
    for (size_t i = 0; i < n; i++)
        if (of[i] >= 0)
            of[i] = new[of[i]];
}

void cluster_beats(void (*shape_of)(const void *self, size_t i, float x[CLUSTER_ALL]), const void *self, size_t n,
                   struct clusters *all, short *of)
{
    float x[CLUSTER_ALL], d;
    int last = -1, shift;

    all->n = 0;
    for (size_t i = 0; i < n; i++) {
        shape_of(self, i, x);
        of[i] = -1;
        const float size = size_of(x);
        if (!(size > 0))
            continue;
        const int k = find_nearest(all, x, size, last, &shift, &d);
        if (k >= 0 && d < JOIN) {
            learn(&all->group[k], x, shift);
            last = k;
        } else {
            last = begin(all, x);
        }
    }
    merge(all);
    last = -1;
    for (size_t i = 0; i < n; i++) {
        shape_of(self, i, x);
        const float size = size_of(x);
        if (!(size > 0))
            continue;
        const int k = find_nearest(all, x, size, last, &shift, &d);
        of[i] = (short)(d < LEAVE ? k : -1);
        last = k;
    }
    put_in_order(all, of, n);
}
