/* algorithms/qrs_review_bank.c - the shapes that the review has met, and what they say of a candidate. */
#include "algorithms/qrs_review_inside.h"

#define JOIN_R 0.85f

/* Correlation of v with cluster m's mean. */
static float likeness(const struct qrs_review *r, const float *v, int m)
{
    return dot(v, r->bank + (size_t)m * r->dims, r->dims) / r->cluster[m].length;
}

static int nearest_cluster(const struct qrs_review *r, const float *v, float *best)
{
    int at = -1;

    *best = -2;
    for (int m = 0; m < r->n_clusters; m++) {
        const float now = likeness(r, v, m);
        if (now > *best) {
            *best = now;
            at = m;
        }
    }
    return at;
}

static int found_cluster(struct qrs_review *r, int64_t born)
{
    int m = 0;

    if (r->n_clusters < CLUSTERS) {
        m = r->n_clusters++;
    } else {   /* instead of the one with fewest members, of equals the one unused for longest */
        for (int j = 1; j < CLUSTERS; j++) {
            const struct cluster *const a = &r->cluster[j], *const b = &r->cluster[m];
            if (a->n < b->n || (a->n <= b->n && a->used < b->used))
                m = j;
        }
    }
    r->cluster[m] = (struct cluster){.born = born};
    memset(r->bank + (size_t)m * r->dims, 0, r->dims * sizeof *r->bank);
    memset(mean_of(r, m, 0), 0, r->n_leads * STEEP * sizeof *r->mean);
    memset(mean_qrst_of(r, m, 0), 0, r->n_leads * QRST * sizeof *r->mean_qrst);
    return m;
}

float qrs_bank_like(const struct qrs_review *r, int64_t i, int m, size_t c)
{
    const float *const v = shape_of(r, i) + c * r->n_shape, *const b = r->bank + (size_t)m * r->dims + c * r->n_shape;

    return dot(v, b, r->n_shape) / sqrtf(dot(v, v, r->n_shape) * dot(b, b, r->n_shape) + 1e-20f);
}

/* The mean wave of cluster m's beats takes in that of candidate i. */
static void follow_beat(struct qrs_review *r, int m, int64_t i)
{
    const float n = r->cluster[m].n_in[0], rate = n < SLOWEST ? 1 / n : 1.0f / SLOWEST;

    for (size_t c = 0; c < r->n_leads; c++) {
        for (int j = 0; j < STEEP; j++)
            mean_of(r, m, c)[j] += rate * (wide_of(r, i, c)[QRS_SHIFTS + 2 * j] - mean_of(r, m, c)[j]);
        for (int j = 0; j < QRST; j++)
            mean_qrst_of(r, m, c)[j] += rate * (qrst_of(r, i, c)[j] - mean_qrst_of(r, m, c)[j]);
    }
}

void qrs_bank_join(struct qrs_review *r, int64_t i)
{
    struct cand *const k = cand_of(r, i);
    const float *const v = shape_of(r, i);
    float best;
    int m = nearest_cluster(r, v, &best);

    if (m < 0 || best < JOIN_R)
        m = found_cluster(r, i);
    struct cluster *const u = &r->cluster[m];
    if (k->in[0] && u->n >= 3)
        for (size_t c = 0; c < r->n_leads; c++)
            r->trust[c] += (clip(qrs_bank_like(r, i, m, c), 0, 1) - r->trust[c]) / 32;
    u->n += 1;
    for (int look = 0; look < LOOKS; look++)
        u->n_in[look] += k->in[0];
    u->used = i;
    const float rate = u->n < SLOWEST ? 1 / u->n : 1.0f / SLOWEST;
    float *const b = r->bank + (size_t)m * r->dims;
    for (size_t j = 0; j < r->dims; j++)
        b[j] += rate * (v[j] - b[j]);
    if (k->in[0])
        follow_beat(r, m, i);
    u->loud += rate * (k->k.loud - u->loud);
    u->square = dot(b, b, r->dims);
    u->length = sqrtf(u->square + 1e-12f);
    k->cluster = m;
    k->born = u->born;
}

struct opinions qrs_bank_ask(const struct qrs_review *r, int look, int64_t i)
{
    const struct cand *const k = cand_of(r, i);
    const float *const v = shape_of(r, i);
    struct opinions all = {{0, 0, 0, 0, -1}, {0, 0, 0, 0, -1}, {0, 0, 0, 0, -1}};

    for (int m = 0; m < r->n_clusters; m++) {
        const struct cluster *const u = &r->cluster[m];
        const bool own = k->cluster == m && k->born == u->born;
        struct opinion o = {.n = u->n - own, .loud = u->loud, .m = m};
        if (o.n < 0.5f)
            continue;
        const float d = dot(v, r->bank + (size_t)m * r->dims, r->dims);
        o.r = d / u->length;
        if (own && u->n < SLOWEST) {
            o.r = (u->n * d - 1) / sqrtf(fmaxf(u->n * u->n * u->square - 2 * u->n * d + 1, 1e-6f));
            o.loud = (u->n * u->loud - k->k.loud) / o.n;
        }
        o.share = (u->n_in[look] - (own && k->in[look])) / o.n;
        struct opinion *const side = o.share >= 0.5f ? &all.beat : &all.none;
        if (side->m < 0 || o.r > side->r)
            *side = o;
        if (all.nearest.m < 0 || o.r > all.nearest.r)
            all.nearest = o;
    }
    return all;
}
