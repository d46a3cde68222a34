/* algorithms/hrv_match.c - see hrv_match.h. */
#include "algorithms/hrv_match.h"

#include "lib/clones.h"
#include "algorithms/nn.h"

#include <stdlib.h>
#include <string.h>

enum { TILE = 512, WORDS = TILE / 64, MAX_M = 8, RADIX = 256 };

struct set {
    _Alignas(64) uint64_t word[WORDS];
};

/* Coordinate d of the templates in the tile. */
struct coordinate {
    uint16_t *below;     /* [n_max+1] how many of the tile's points have a rank below this one */
    struct set *lowest;  /* [TILE+1] lowest[k]: the k of them that are lowest */
    size_t n;            /* how many there are: templates near the end of a run lack the last coordinate */
};

struct keyed {
    uint64_t key;
    uint32_t index;
};

struct matcher {
    size_t n_max, m;
    struct keyed *from, *to;          /* [n_max] for the sort */
    double *value;                    /* [n_max] a sorted list of them */
    uint32_t *rank;                   /* [n_max] place of each value in the sorted order */
    uint32_t *low, *high;             /* [n_max] by rank: the places low .. high-1 are within r */
    uint32_t *point;                  /* [n_max] templates in the order of their first value */
    uint32_t *first, *end;            /* [n_max] by place in point: those from first up to end are within r there */
    struct coordinate at[MAX_M + 1];  /* at[0] has no below: its points are in order already */
};

static int allocate(struct matcher *s)
{
    const size_t n = s->n_max + 1;

    s->from = malloc(n * sizeof *s->from);
    s->to = malloc(n * sizeof *s->to);
    s->rank = malloc(6 * n * sizeof *s->rank);
    s->value = malloc(n * sizeof *s->value);
    if (!s->from || !s->to || !s->rank || !s->value)
        return -1;
    s->low = s->rank + n;
    s->high = s->low + n;
    s->point = s->high + n;
    s->first = s->point + n;
    s->end = s->first + n;
    for (size_t d = 0; d <= s->m; d++) {
        s->at[d].lowest = aligned_alloc(_Alignof(struct set), (TILE + 1) * sizeof *s->at[d].lowest);
        s->at[d].below = d > 0 ? malloc(n * sizeof *s->at[d].below) : NULL;
        if (!s->at[d].lowest || (d > 0 && !s->at[d].below))
            return -1;
    }
    return 0;
}

static void add_point(struct set *lowest, size_t k, size_t point)
{
    lowest[k + 1] = lowest[k];
    lowest[k + 1].word[point / 64] |= (uint64_t)1 << point % 64;
}

struct matcher *matcher_create(size_t n_max, size_t m, struct kymo_err *e)
{
    struct matcher *s = NULL;

    if (m < 1 || m > MAX_M) {
        kymo_fail(e, KYMO_EUSAGE, "templates of %zu intervals, not 1..%d", m, MAX_M);
        return NULL;
    }
    if (n_max < (size_t)1 << 31)
        s = calloc(1, sizeof *s);
    if (s) {
        s->n_max = n_max;
        s->m = m;
    }
    if (!s || allocate(s) < 0) {
        matcher_destroy(s);
        kymo_fail(e, KYMO_ENOMEM, "no memory for the templates of %zu intervals", n_max);
        return NULL;
    }
    s->at[0].lowest[0] = (struct set){ 0 };
    for (size_t k = 0; k < TILE; k++)
        add_point(s->at[0].lowest, k, k);
    return s;
}

void matcher_destroy(struct matcher *s)
{
    if (!s)
        return;
    free(s->from);
    free(s->to);
    free(s->rank);
    free(s->value);
    for (size_t d = 0; d <= MAX_M; d++) {
        free(s->at[d].lowest);
        free(s->at[d].below);
    }
    free(s);
}

static void swap_buffers(struct matcher *s)
{
    struct keyed *const held = s->from;

    s->from = s->to;
    s->to = held;
}

/* Radix sort, lowest byte first: the bits of positive doubles are in the order of their values. A byte that all share, as
 * the low ones of whole milliseconds, costs nothing. */
void matcher_sort(struct matcher *s, const double *x, size_t n, uint32_t *order)
{
    uint32_t n_of[sizeof(double)][RADIX] = { 0 };

    for (size_t i = 0; i < n; i++) {
        memcpy(&s->from[i].key, &x[i], sizeof x[i]);
        s->from[i].index = (uint32_t)i;
        for (size_t b = 0; b < sizeof x[i]; b++)
            n_of[b][s->from[i].key >> 8 * b & 0xff]++;
    }
    for (size_t b = 0; b < sizeof *x && n > 0; b++) {
        uint32_t place[RADIX], sum = 0;
        if (n_of[b][s->from[0].key >> 8 * b & 0xff] == n)
            continue;
        for (size_t k = 0; k < RADIX; k++) {
            place[k] = sum;
            sum += n_of[b][k];
        }
        for (size_t i = 0; i < n; i++)
            s->to[place[s->from[i].key >> 8 * b & 0xff]++] = s->from[i];
        swap_buffers(s);
    }
    for (size_t k = 0; k < n; k++)
        order[k] = s->from[k].index;
}

/* For each place k in a sorted list of n: the places within r of it, from first[k] up to end[k]. */
static void find_near(struct matcher *s, const double *x, const uint32_t *sorted, size_t n, double r, uint32_t *first,
                      uint32_t *end)
{
    const double limit = r + NN_SLACK_MS;
    double *const value = s->value;
    size_t a = 0, b = 0;

    for (size_t k = 0; k < n; k++)
        value[k] = x[sorted[k]];
    for (size_t k = 0; k < n; k++) {
        while (value[k] - value[a] > limit)
            a++;
        while (b < n && value[b] - value[k] <= limit)
            b++;
        first[k] = (uint32_t)a;
        end[k] = (uint32_t)b;
    }
}

/* The points from TILE_FIRST on, n of them, sorted by their coordinate d. */
static void fill_coordinate(struct matcher *s, size_t d, const uint32_t *left, size_t n_values, size_t tile_first, size_t n)
{
    struct coordinate *const c = &s->at[d];
    const uint32_t *const point = s->point + tile_first;
    uint16_t in_order[TILE];

    memset(c->below, 0, (n_values + 1) * sizeof *c->below);
    for (size_t p = 0; p < n; p++)
        if (left[point[p]] > d)
            c->below[s->rank[point[p] + d] + 1] = 1;
    for (size_t k = 0; k < n_values; k++)
        c->below[k + 1] = (uint16_t)(c->below[k + 1] + c->below[k]);
    c->n = c->below[n_values];
    for (size_t p = 0; p < n; p++)
        if (left[point[p]] > d)
            in_order[c->below[s->rank[point[p] + d]]] = (uint16_t)p;
    c->lowest[0] = (struct set){ 0 };
    for (size_t k = 0; k < c->n; k++)
        add_point(c->lowest, k, in_order[k]);
}

static inline void keep_between(struct set *set, const struct set *lowest, size_t from, size_t to)
{
    for (size_t w = 0; w < WORDS; w++)
        set->word[w] &= lowest[from].word[w] ^ lowest[to].word[w];
}

static inline uint32_t count_both(const struct set *a, const struct set *b)
{
    int n = 0;

    for (size_t w = 0; w < WORDS; w++)
        n += __builtin_popcountll(a->word[w] & b->word[w]);
    return (uint32_t)n;
}

/* Counts the tile's points for the templates at places q .. q_end-1. */
CLONED_FOR_AVX2
static void count_tile(const struct matcher *s, const uint32_t *left, size_t tile_first, size_t n, size_t q, size_t q_end,
                       struct match_counts *each)
{
    const size_t m = s->m;
    const struct coordinate *const last = &s->at[m];

    for (; q < q_end; q++) {
        const uint32_t i = s->point[q];
        const size_t from = s->first[q] > tile_first ? s->first[q] - tile_first : 0;
        const size_t to = s->end[q] < tile_first + n ? s->end[q] - tile_first : n;
        struct set near = s->at[0].lowest[to];

        for (size_t w = 0; w < WORDS; w++)
            near.word[w] ^= s->at[0].lowest[from].word[w];
        for (size_t d = 1; d < m; d++) {
            const uint16_t *const below = s->at[d].below;
            const uint32_t rank = s->rank[i + d];
            keep_between(&near, s->at[d].lowest, below[s->low[rank]], below[s->high[rank]]);
        }
        each[i].m += count_both(&near, &near);
        if (left[i] > m) {
            const uint32_t rank = s->rank[i + m];
            each[i].m_inner += count_both(&near, &last->lowest[last->n]);
            keep_between(&near, last->lowest, last->below[s->low[rank]], last->below[s->high[rank]]);
            each[i].longer += count_both(&near, &near);
        }
    }
}

void matcher_count(struct matcher *s, const double *x, const uint32_t *left, const uint32_t *order, size_t n, double r,
                   bool once, struct match_counts *each)
{
    size_t n_points = 0, q = 0, q_end = 0;

    memset(each, 0, n * sizeof *each);
    for (size_t k = 0; k < n; k++) {
        s->rank[order[k]] = (uint32_t)k;
        if (left[order[k]] >= s->m)
            s->point[n_points++] = order[k];
    }
    find_near(s, x, order, n, r, s->low, s->high);
    find_near(s, x, s->point, n_points, r, s->first, s->end);
    for (size_t p = 0; once && p < n_points; p++)
        s->first[p] = (uint32_t)p + 1;
    for (size_t tile_first = 0; tile_first < n_points; tile_first += TILE) {
        const size_t n_tile = n_points - tile_first < TILE ? n_points - tile_first : TILE;
        for (size_t d = 1; d <= s->m; d++)
            fill_coordinate(s, d, left, n, tile_first, n_tile);
        while (q < n_points && s->end[q] <= tile_first)
            q++;
        while (q_end < n_points && s->first[q_end] < tile_first + n_tile)
            q_end++;
        count_tile(s, left, tile_first, n_tile, q, q_end, each);
    }
}
