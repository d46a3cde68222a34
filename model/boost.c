/* model/boost.c - see boost.h. */
#include "model/boost.h"
#include "algorithms/random.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = QRS_TREE_DEPTH, LEAVES = QRS_TREE_LEAVES };

int boost_add(struct boost_rows *rows, const float *feature, float is, float weight)
{
    if (rows->n == rows->cap) {
        const size_t cap = rows->cap ? 2 * rows->cap : 65536, wide = rows->n_features * sizeof(float);
        float *const f = realloc(rows->feature, cap * wide);
        rows->feature = f ? f : rows->feature;
        float *const y = realloc(rows->is, cap * sizeof(float));
        rows->is = y ? y : rows->is;
        float *const w = realloc(rows->weight, cap * sizeof(float));
        rows->weight = w ? w : rows->weight;
        if (!f || !y || !w)
            return -1;
        rows->cap = cap;
    }
    memcpy(rows->feature + rows->n * rows->n_features, feature, rows->n_features * sizeof *feature);
    rows->is[rows->n] = is;
    rows->weight[rows->n++] = weight;
    return 0;
}

void boost_release(struct boost_rows *rows)
{
    free(rows->feature);
    free(rows->is);
    free(rows->weight);
    *rows = (struct boost_rows){.n_features = rows->n_features};
}

struct work {
    const struct boost_rows *rows;
    const struct boost_options *o;
    float (*limit)[BOOST_BINS];  /* [n_features]: ascending; INFINITY where there are fewer */
    uint8_t *bin;                /* [n_features][n]: how many limits lie below the value */
    float *z, *g, *h;
    uint8_t *leaf;
    uint32_t *taken;             /* [n_taken]: the rows that the present tree is learnt from */
    size_t n_taken;
    float *sorted;
};

static int ascending(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

static void find_limits(struct work *w, size_t f)
{
    const size_t n = w->rows->n, wide = w->rows->n_features;
    float *const limit = w->limit[f];
    int k = 0;

    for (size_t i = 0; i < n; i++)
        w->sorted[i] = w->rows->feature[i * wide + f];
    qsort(w->sorted, n, sizeof *w->sorted, ascending);
    for (size_t b = 1; b < BOOST_BINS; b++) {
        const float v = w->sorted[n * b / BOOST_BINS];
        if (k == 0 || v > limit[k - 1])
            limit[k++] = v;
    }
    for (; k < BOOST_BINS; k++)
        limit[k] = INFINITY;
    for (size_t i = 0; i < n; i++) {
        const float v = w->rows->feature[i * wide + f];
        uint8_t b = 0;
        while (b < BOOST_BINS - 1 && v > limit[b])
            b++;
        w->bin[f * n + i] = b;
    }
}

static int direction_of(const struct work *w, size_t f) { return w->o->direction ? w->o->direction[f] : 0; }

/* Gain of each limit of feature f when it parts all leaves of a tree of so many levels. */
static void find_gains(const struct work *w, size_t f, int levels, double gain[BOOST_BINS])
{
    const double ridge = w->o->ridge;
    const int direction = direction_of(w, f);
    const uint8_t *const bin = w->bin + f * w->rows->n;
    double G[LEAVES][BOOST_BINS] = {{0}}, H[LEAVES][BOOST_BINS] = {{0}};

    for (size_t k = 0; k < w->n_taken; k++) {
        const size_t i = w->taken[k];
        G[w->leaf[i]][bin[i]] += (double)w->g[i];
        H[w->leaf[i]][bin[i]] += (double)w->h[i];
    }
    memset(gain, 0, BOOST_BINS * sizeof *gain);
    for (int l = 0; l < 1 << levels; l++) {
        double g = 0, h = 0, below_g = 0, below_h = 0;
        for (int b = 0; b < BOOST_BINS; b++) {
            g += G[l][b];
            h += H[l][b];
        }
        for (int b = 0; b < BOOST_BINS; b++) {
            below_g += G[l][b];
            below_h += H[l][b];
            const double above_g = g - below_g, above_h = h - below_h;
            const bool wrong = direction * (above_g / (above_h + ridge) - below_g / (below_h + ridge)) < 0;
            gain[b] += wrong ? g * g / (h + ridge)
                       : below_g * below_g / (below_h + ridge) + above_g * above_g / (above_h + ridge);
        }
    }
}

static void part_leaves(struct work *w, int level, struct qrs_tree *tree)
{
    const size_t n = w->rows->n;
    double gain[BOOST_BINS], best = -1;
    size_t feature = 0;
    int bin = 0;

    for (size_t f = 0; f < w->rows->n_features; f++) {
        find_gains(w, f, level, gain);
        for (int b = 0; b < BOOST_BINS && w->limit[f][b] < INFINITY; b++)
            if (gain[b] > best) {
                best = gain[b];
                feature = f;
                bin = b;
            }
    }
    tree->feature[level] = (uint8_t)feature;
    tree->above[level] = w->limit[feature][bin];
    for (size_t i = 0; i < n; i++)
        w->leaf[i] = (uint8_t)(w->leaf[i] | (w->bin[feature * n + i] > bin) << level);
}

/* Puts leaf values in the directions asked for: leaves that differ in one answer, the wrong way round, get their mean. As pairs
 * share leaves it goes round until none stands wrong; each round brings them nearer, 200 are plenty. */
static void put_in_order(const struct work *w, const struct qrs_tree *tree, const double H[LEAVES], double value[LEAVES])
{
    bool moved = true;

    for (int round = 0; moved && round < 200; round++) {
        moved = false;
        for (int level = 0; level < w->o->levels; level++)
            for (int below = 0; below < LEAVES; below++) {
                const int above = below | 1 << level, direction = direction_of(w, tree->feature[level]);
                if (above == below || direction * (value[above] - value[below]) >= 0)
                    continue;
                const double wa = H[above] + w->o->ridge, wb = H[below] + w->o->ridge;
                value[above] = value[below] = (wa * value[above] + wb * value[below]) / (wa + wb);
                moved = true;
            }
    }
}

static void take_rows(struct work *w, uint64_t tree)
{
    struct random random;

    random_init(&random, tree, 0);
    w->n_taken = 0;
    for (size_t i = 0; i < w->rows->n; i++)
        if (w->o->share >= 1 || random_uniform(&random) < w->o->share)
            w->taken[w->n_taken++] = (uint32_t)i;
}

static void grow_tree(struct work *w, struct qrs_tree *tree)
{
    const struct boost_rows *const rows = w->rows;
    double G[LEAVES] = {0}, H[LEAVES] = {0}, value[LEAVES];

    for (size_t i = 0; i < rows->n; i++) {
        const float p = 1 / (1 + expf(-w->z[i]));
        w->g[i] = rows->weight[i] * (rows->is[i] - p);
        w->h[i] = rows->weight[i] * p * (1 - p);
        w->leaf[i] = 0;
    }
    for (int level = 0; level < w->o->levels; level++)
        part_leaves(w, level, tree);
    for (int level = w->o->levels; level < DEPTH; level++) {
        tree->feature[level] = 0;
        tree->above[level] = FLT_MAX;
    }
    for (size_t k = 0; k < w->n_taken; k++) {
        const size_t i = w->taken[k];
        G[w->leaf[i]] += (double)w->g[i];
        H[w->leaf[i]] += (double)w->h[i];
    }
    for (int l = 0; l < LEAVES; l++)
        value[l] = QRS_TREE_UNIT * w->o->rate * G[l] / (H[l] + w->o->ridge);
    if (w->o->direction)
        put_in_order(w, tree, H, value);
    for (int l = 0; l < LEAVES; l++)
        tree->leaf[l] = (int16_t)lround(value[l]);
    for (size_t i = 0; i < rows->n; i++)
        w->z[i] += (float)tree->leaf[w->leaf[i]] / QRS_TREE_UNIT;
}

int boost_learn(const struct boost_rows *rows, const struct boost_options *o, struct qrs_tree *tree)
{
    const size_t n = rows->n ? rows->n : 1;
    struct work w = {
        .rows = rows, .o = o, .limit = malloc(rows->n_features * sizeof *w.limit), .bin = malloc(n * rows->n_features),
        .z = calloc(n, sizeof *w.z), .g = malloc(n * sizeof *w.g), .h = malloc(n * sizeof *w.h), .leaf = malloc(n),
        .taken = malloc(n * sizeof *w.taken),
        .sorted = malloc(n * sizeof *w.sorted),
    };
    const bool ok = w.limit && w.bin && w.z && w.g && w.h && w.leaf && w.taken && w.sorted;

    for (size_t f = 0; ok && f < rows->n_features; f++)
        find_limits(&w, f);
    for (size_t t = 0; ok && t < o->n_trees; t++) {
        take_rows(&w, t);
        grow_tree(&w, &tree[t]);
    }
    free(w.limit);
    free(w.bin);
    free(w.z);
    free(w.g);
    free(w.h);
    free(w.leaf);
    free(w.taken);
    free(w.sorted);
    return ok ? 0 : -1;
}
