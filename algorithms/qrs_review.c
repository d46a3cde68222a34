/* algorithms/qrs_review.c - see qrs_review.h. */
#include "algorithms/qrs_review.h"
#include "algorithms/qrs_few.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CANDS = 1024,                /* remembered: at most ten a second, so 100 s */
    CLUSTERS = 24,
    LOOKS = QRS_LOOKS,
    NEIGHBOURS = 7,              /* accepted beats looked at on each side */
    MOST_SURE = 8,               /* log-odds */
    ENOUGH = 5,
    GROUP = 64,                  /* positive candidates in a row, each less than the refractory time behind the one before */
    SLOWEST = 40,                /* members after which a cluster follows its newest at a steady pace */
};

#define JOIN_R 0.85f
#define CONTEXT_S 8.0
#define SEE_S 30.0               /* what the bank has seen behind a candidate when it is first looked at */
#define AGAIN_S 9.0              /* the second look runs so long behind the first */
#define RIVAL_S 0.5
#define MURKY (-1.6f)            /* log of noise level over height: above, a candidate with less than these log-odds by */
#define SURELY_NONE (-2.0f)      /* the first choices stays none: the trees have not met silent hearts */
#define FIRST_TRUST 0.9f         /* until the lead tells its own */

struct cand {
    struct review_candidate k;
    float tail_loud;             /* log of what surrounds it, in units of the scale */
    float first;                 /* log-odds by the first choice */
    float score[LOOKS + 1];      /* by the choices together, by each look */
    bool in[LOOKS + 1];          /* a beat, by the same */
    float like;                  /* closeness to the accepted shapes, by the last look; before: when it came */
    int cluster;                 /* or -1 */
    int64_t born;                /* of the cluster, to know whether it is still the same */
};

struct lead { float height, slow, noise, scale, clear; };

struct cluster {
    float n, loud, square;       /* members, mean loudness, |mean|^2 */
    float n_in[LOOKS];           /* members taken for beats, as each look is told */
    int64_t born, used;
};

struct qrs_review {
    const struct qrs_model *model;
    struct review_tap tap;
    size_t n_leads, n_shape, n_tail, dims;
    struct cand *cand;
    struct lead *lead;           /* [CANDS][n_leads] */
    float *shape;                /* [CANDS][dims], of length 1 */
    float *tail;                 /* [CANDS][n_leads * n_tail], of length 1 */
    float *bank;                 /* [CLUSTERS][dims] */
    struct cluster cluster[CLUSTERS];
    int n_clusters;
    float *trust;                /* [n_leads]: mean closeness of accepted beats to their cluster */
    int64_t n_found, n_decided, n_out;
    int64_t n_scored[LOOKS], n_settled[LOOKS];
};

static struct cand *cand_of(const struct qrs_review *r, int64_t i) { return &r->cand[(size_t)i % CANDS]; }
static struct lead *leads_of(const struct qrs_review *r, int64_t i) { return r->lead + (size_t)i % CANDS * r->n_leads; }
static float *shape_of(const struct qrs_review *r, int64_t i) { return r->shape + (size_t)i % CANDS * r->dims; }
static float *tail_of(const struct qrs_review *r, int64_t i) { return r->tail + (size_t)i % CANDS * r->n_leads * r->n_tail; }

/* In four lanes, which the compiler takes side by side; n is a multiple of four. */
static float dot(const float *a, const float *b, size_t n)
{
    float sum[4] = {0};

    for (size_t i = 0; i < n; i += 4)
        for (size_t j = 0; j < 4; j++)
            sum[j] += a[i + j] * b[i + j];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* ---- candidates come ---- */

void qrs_review_found(struct qrs_review *r, const struct review_candidate *k, const struct review_lead *lead)
{
    const int64_t i = r->n_found++;
    float *const v = shape_of(r, i), *const tail = tail_of(r, i);
    float square = 0;

    *cand_of(r, i) = (struct cand){.k = *k, .cluster = -1};
    for (size_t c = 0; c < r->n_leads; c++) {
        const float unit = lead[c].scale > 0 ? sqrtf(lead[c].clear) / lead[c].scale : 0;
        for (size_t j = 0; j < r->n_shape; j++)
            v[c * r->n_shape + j] = unit * lead[c].shape[j];
        for (size_t j = 0; j < r->n_tail; j++)
            tail[c * r->n_tail + j] = unit * lead[c].tail[j];
        leads_of(r, i)[c] = (struct lead){lead[c].height, lead[c].slow, lead[c].noise, lead[c].scale, lead[c].clear};
        square += dot(v + c * r->n_shape, v + c * r->n_shape, r->n_shape);
    }
    const float unit = square > 0 ? 1 / sqrtf(square) : 0;
    for (size_t j = 0; j < r->dims; j++)
        v[j] *= unit;
    const float tail_norm = sqrtf(dot(tail, tail, r->n_leads * r->n_tail));
    cand_of(r, i)->tail_loud = logf(tail_norm + 1e-6f);
    for (size_t j = 0; j < r->n_leads * r->n_tail; j++)
        tail[j] /= tail_norm + 1e-12f;
}

/* ---- the bank ---- */

/* Correlation of v with cluster m's mean. */
static float likeness(const struct qrs_review *r, const float *v, int m)
{
    return dot(v, r->bank + (size_t)m * r->dims, r->dims) / sqrtf(r->cluster[m].square + 1e-12f);
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
    return m;
}

/* Mean closeness of a candidate to cluster m in lead c. */
static float lead_likeness(const struct qrs_review *r, int64_t i, int m, size_t c)
{
    const float *const v = shape_of(r, i) + c * r->n_shape, *const b = r->bank + (size_t)m * r->dims + c * r->n_shape;

    return dot(v, b, r->n_shape) / sqrtf(dot(v, v, r->n_shape) * dot(b, b, r->n_shape) + 1e-20f);
}

static void join_bank(struct qrs_review *r, int64_t i)
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
            r->trust[c] += (clip(lead_likeness(r, i, m, c), 0, 1) - r->trust[c]) / 32;
    u->n += 1;
    for (int look = 0; look < LOOKS; look++)
        u->n_in[look] += k->in[0];
    u->used = i;
    const float rate = u->n < SLOWEST ? 1 / u->n : 1.0f / SLOWEST;
    float *const b = r->bank + (size_t)m * r->dims;
    for (size_t j = 0; j < r->dims; j++)
        b[j] += rate * (v[j] - b[j]);
    u->loud += rate * (k->k.loud - u->loud);
    u->square = dot(b, b, r->dims);
    k->cluster = m;
    k->born = u->born;
}

/* What the bank says of candidate i, its own membership left out. */
struct opinion {
    float r, n, share, loud;
    int m;
};

struct opinions { struct opinion beat, none, nearest; };

static struct opinions ask_bank(const struct qrs_review *r, int look, int64_t i)
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
        o.r = d / sqrtf(u->square + 1e-12f);
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

void qrs_review_decided(struct qrs_review *r, bool in, float first_score, float score)
{
    struct cand *const k = cand_of(r, r->n_decided);

    k->first = first_score;
    for (int look = 0; look <= LOOKS; look++) {
        k->in[look] = in;
        k->score[look] = score;
    }
    join_bank(r, r->n_decided);
    k->like = ask_bank(r, 0, r->n_decided).beat.r;
    r->n_decided++;
}

/* ---- description ---- */

struct context {
    int64_t before[NEIGHBOURS], after[NEIGHBOURS];
    int n_before, n_after;
};

static struct context find_context(const struct qrs_review *r, int look, int64_t i)
{
    const double at = cand_of(r, i)->k.at;
    const int64_t first = r->n_found > CANDS ? r->n_found - CANDS : 0;
    struct context x = {.n_before = 0};

    for (int64_t j = i - 1; j >= first && x.n_before < NEIGHBOURS && at - cand_of(r, j)->k.at <= CONTEXT_S; j--)
        if (cand_of(r, j)->in[look] && at - cand_of(r, j)->k.at >= REVIEW_REFRACTORY_S)
            x.before[x.n_before++] = j;
    for (int64_t j = i + 1; j < r->n_decided && x.n_after < NEIGHBOURS && cand_of(r, j)->k.at - at <= CONTEXT_S; j++)
        if (cand_of(r, j)->in[look] && cand_of(r, j)->k.at - at >= REVIEW_REFRACTORY_S)
            x.after[x.n_after++] = j;
    return x;
}

static float median_of(const struct qrs_review *r, const struct context *x, size_t c, bool slow)
{
    float h[2 * NEIGHBOURS];
    int n = 0;

    for (int j = 0; j < x->n_before; j++)
        h[n++] = slow ? leads_of(r, x->before[j])[c].slow : leads_of(r, x->before[j])[c].height;
    for (int j = 0; j < x->n_after; j++)
        h[n++] = slow ? leads_of(r, x->after[j])[c].slow : leads_of(r, x->after[j])[c].height;
    return median(h, n);
}

static size_t best_lead(const struct qrs_review *r, int64_t i)
{
    float most = -1;
    size_t best = 0;

    for (size_t c = 0; c < r->n_leads; c++) {
        const float t = r->trust[c], value = leads_of(r, i)[c].clear * t * t * t * t;
        if (value > most) {
            most = value;
            best = c;
        }
    }
    return best;
}

static float height_ratio(const struct qrs_review *r, int64_t a, int64_t b)
{
    float sum = 0, all = 1e-9f;

    for (size_t c = 0; c < r->n_leads; c++) {
        const float t = r->trust[c], w = leads_of(r, b)[c].clear * t * t;
        sum += w * log_ratio(leads_of(r, a)[c].height, leads_of(r, b)[c].height, -3, 3);
        all += w;
    }
    return sum / all;
}

static void describe_height(const struct qrs_review *r, int64_t i, const struct context *x, float *f)
{
    const bool known = x->n_before + x->n_after >= 3;
    const struct lead *const own = leads_of(r, i);
    const size_t best = best_lead(r, i);
    float all = 1e-9f;

    f[RF_HEIGHT_MAX] = -3;
    f[RF_HEIGHT_MIN] = 3;
    for (size_t c = 0; c < r->n_leads; c++) {
        const float usual = known ? median_of(r, x, c, false) : own[c].scale, t = r->trust[c];
        const float slow = known ? median_of(r, x, c, true) : own[c].slow;
        const float w = own[c].clear * t * t, h = log_ratio(own[c].height, usual, -3, 2);
        const float s = log_ratio(own[c].slow, slow, -3, 3), z = log_ratio(own[c].noise, usual, -5, 1);
        all += w;
        f[RF_HEIGHT] += w * h;
        f[RF_SLOW] += w * s;
        f[RF_NOISE] += w * z;
        f[RF_MURKY] += w * log_ratio(own[c].noise, own[c].height, -5, 1);
        f[RF_HEIGHT_MAX] = fmaxf(f[RF_HEIGHT_MAX], h);
        f[RF_HEIGHT_MIN] = fminf(f[RF_HEIGHT_MIN], h);
        if (c == best) {
            f[RF_HEIGHT_BEST] = h;
            f[RF_SLOW_BEST] = s;
            f[RF_NOISE_BEST] = z;
        }
    }
    f[RF_HEIGHT] /= all;
    f[RF_SLOW] /= all;
    f[RF_NOISE] /= all;
    f[RF_MURKY] /= all;
    f[RF_TRUST_BEST] = r->trust[best];
    f[RF_TRUST] = all;
    f[RF_HIGHER_BEFORE] = x->n_before ? height_ratio(r, i, x->before[0]) : 0;
    f[RF_HIGHER_AFTER] = x->n_after ? height_ratio(r, i, x->after[0]) : 0;
    f[RF_R_BEFORE] = x->n_before ? dot(shape_of(r, i), shape_of(r, x->before[0]), r->dims) : 0;
    f[RF_R_AFTER] = x->n_after ? dot(shape_of(r, i), shape_of(r, x->after[0]), r->dims) : 0;
}

/* How alike what surrounds the candidate is to what surrounds the three accepted beats on either side. */
static void describe_tail(const struct qrs_review *r, int64_t i, const struct context *x, float *f)
{
    const size_t n = r->n_leads * r->n_tail;
    float sum = 0, most = -1, loud[6];
    int m = 0;

    for (int side = 0; side < 2; side++)
        for (int j = 0; j < 3 && j < (side ? x->n_after : x->n_before); j++) {
            const int64_t other = side ? x->after[j] : x->before[j];
            const float like = dot(tail_of(r, i), tail_of(r, other), n);
            sum += like;
            most = fmaxf(most, like);
            loud[m++] = cand_of(r, other)->tail_loud;
        }
    f[RF_TAIL] = m ? sum / (float)m : 0;
    f[RF_TAIL_MOST] = m ? most : 0;
    f[RF_TAIL_LOUD] = m ? clip(cand_of(r, i)->tail_loud - median(loud, m), -3, 3) : 0;
}

static void describe_function(const struct qrs_review *r, int64_t i, float *f)
{
    const struct review_candidate *const k = &cand_of(r, i)->k;

    f[RF_G] = clip(logf(k->g), -3, 2);
    f[RF_LEFT] = clip(logf((k->left + 0.01f) / (k->g + 0.01f)), -4, 1);
    f[RF_RIGHT] = clip(logf((k->right + 0.01f) / (k->g + 0.01f)), -4, 1);
    f[RF_BESIDE] = fmaxf(f[RF_LEFT], f[RF_RIGHT]);
    f[RF_LUMP] = k->lump;
    f[RF_BROAD] = k->broad;
    f[RF_FIRST] = cand_of(r, i)->first;
    f[RF_HAND] = cand_of(r, i)->score[0];
}

static void describe_rhythm(const struct qrs_review *r, int64_t i, const struct context *x, float *f)
{
    const double at = cand_of(r, i)->k.at;
    float rr[2 * NEIGHBOURS], spread[2 * NEIGHBOURS];
    int n = 0;

    for (int j = 0; j + 1 < x->n_before; j++)
        rr[n++] = (float)(cand_of(r, x->before[j])->k.at - cand_of(r, x->before[j + 1])->k.at);
    for (int j = 0; j + 1 < x->n_after; j++)
        rr[n++] = (float)(cand_of(r, x->after[j + 1])->k.at - cand_of(r, x->after[j])->k.at);
    memcpy(spread, rr, sizeof spread);
    const float usual = n >= 2 ? median(rr, n) : 0.8f;
    for (int j = 0; j < n; j++)
        spread[j] = fabsf(logf(spread[j] / usual));
    const float before = x->n_before ? (float)(at - cand_of(r, x->before[0])->k.at) : 2 * usual;
    const float after = x->n_after ? (float)(cand_of(r, x->after[0])->k.at - at) : 2 * usual;
    const float whole = before + after, parts = fmaxf(1, roundf(whole / usual)), place = before / whole * parts;

    f[RF_BEFORE_S] = clip(before, 0, 3);
    f[RF_AFTER_S] = clip(after, 0, 3);
    f[RF_BEFORE] = clip(before / usual, 0, 4);
    f[RF_AFTER] = clip(after / usual, 0, 4);
    f[RF_WHOLE] = clip(whole / usual, 0, 6);
    f[RF_MISFIT] = parts >= 2 ? fabsf(place - roundf(place)) : 0.5f;
    f[RF_RR] = usual;
    f[RF_IRREGULAR] = clip(median(spread, n), 0, 1);
}

/* The largest log-odds, 0..1, of a candidate within an eighth of an interval of time AT; near: index to start from. */
static float chance_at(const struct qrs_review *r, int look, double at, double width, int64_t near)
{
    const int64_t first = r->n_found > CANDS ? r->n_found - CANDS : 0;
    float best = -8;
    int64_t j = near;

    while (j > first && cand_of(r, j)->k.at > at - width)
        j--;
    while (j < r->n_decided - 1 && cand_of(r, j)->k.at < at - width)
        j++;
    for (; j < r->n_decided && cand_of(r, j)->k.at <= at + width; j++)
        if (cand_of(r, j)->k.at >= at - width)
            best = fmaxf(best, cand_of(r, j)->score[look]);
    return 1 / (1 + expf(-best));
}

/* How well a candidate lies in a regular row: mean chance of beats one and two intervals before and behind it. */
static float support(const struct qrs_review *r, int look, int64_t i, double at, double rr)
{
    float sum = 0;

    for (int k = -3; k <= 3; k++)
        if (k)
            sum += chance_at(r, look, at + k * rr, rr * (0.06 + 0.03 * abs(k)), i);
    return sum / 6;
}

/* The strongest candidate, accepted or not, that is nearer than RIVAL_S on one side (step -1 or 1). */
static void describe_rival(const struct qrs_review *r, int look, int64_t i, int step, float *f)
{
    const struct cand *const k = cand_of(r, i);
    const int64_t first = r->n_found > CANDS ? r->n_found - CANDS : 0;
    int64_t best = -1;

    f[0] = RIVAL_S;
    f[1] = f[2] = f[3] = 0;
    f[4] = -8;
    for (int64_t j = i + step; j >= first && j < r->n_decided && fabs(cand_of(r, j)->k.at - k->k.at) < RIVAL_S; j += step)
        if (best < 0 || cand_of(r, j)->score[look] > cand_of(r, best)->score[look])
            best = j;
    if (best < 0)
        return;
    f[0] = (float)fabs(cand_of(r, best)->k.at - k->k.at);
    f[1] = height_ratio(r, best, i);
    f[2] = cand_of(r, best)->like - k->like;
    f[3] = dot(shape_of(r, i), shape_of(r, best), r->dims);
    f[4] = cand_of(r, best)->score[look];
}

static void describe_shape(struct qrs_review *r, int look, int64_t i, float *f)
{
    struct cand *const k = cand_of(r, i);
    const struct opinions o = ask_bank(r, look, i);

    k->like = o.beat.r;
    f[RF_LIKE] = o.beat.r;
    f[RF_LIKE_SIZE] = logf(o.beat.n + 1);
    f[RF_LIKE_LOUD] = o.beat.m >= 0 ? k->k.loud - o.beat.loud : 0;
    f[RF_LIKE_BEST] = -1;
    f[RF_LIKE_WORST] = 1;
    for (size_t c = 0; c < r->n_leads; c++) {
        const float own = o.beat.m >= 0 ? lead_likeness(r, i, o.beat.m, c) : 0;
        f[RF_LIKE_BEST] = fmaxf(f[RF_LIKE_BEST], own);
        f[RF_LIKE_WORST] = fminf(f[RF_LIKE_WORST], own);
    }
    f[RF_UNLIKE] = o.none.r;
    f[RF_UNLIKE_SIZE] = logf(o.none.n + 1);
    f[RF_LIKE_MORE] = o.beat.r - o.none.r;
    f[RF_SHARE] = (o.nearest.share * o.nearest.n + 0.5f) / (o.nearest.n + 1);
    f[RF_SHARE_SIZE] = logf(o.nearest.n + 1);
    f[RF_SHARE_R] = o.nearest.r;
}

/* ---- the looks ---- */

/* Later trees only refine: beyond ENOUGH they are not asked. */
static float sum_trees(const struct qrs_model *model, int look, const float *f)
{
    int sum = 0;

    for (size_t t = 0; t < model->n_trees[look]; t++) {
        const struct qrs_tree *const tree = &model->tree[look][t];
        unsigned leaf = 0;
        for (int d = 0; d < QRS_TREE_DEPTH; d++)
            leaf |= (unsigned)(f[tree->feature[d]] > tree->above[d]) << d;
        sum += tree->leaf[leaf];
        if (t % 16 == 15 && abs(sum) > ENOUGH * QRS_TREE_UNIT)
            break;
    }
    return clip((float)sum / QRS_TREE_UNIT, -MOST_SURE, MOST_SURE);
}

static void look_at(struct qrs_review *r, int look, int64_t i)
{
    const struct context x = find_context(r, look, i);
    float f[REVIEW_FEATURES] = {0};

    describe_height(r, i, &x, f);
    describe_function(r, i, f);
    describe_tail(r, i, &x, f);
    describe_rhythm(r, i, &x, f);
    describe_shape(r, look, i, f);
    describe_rival(r, look, i, -1, f + RF_RIVAL_S);
    describe_rival(r, look, i, 1, f + RF_NEXT_S);
    f[RF_LEADS] = (float)r->n_leads;
    f[RF_SUPPORT] = support(r, look, i, cand_of(r, i)->k.at, f[RF_RR]);
    if (r->tap.row)
        r->tap.row(r->tap.self, look, cand_of(r, i)->k.at, f);
    const bool murky = look == LOOKS - 1 && f[RF_MURKY] > MURKY && f[RF_HAND] < SURELY_NONE;
    cand_of(r, i)->score[look + 1] = murky ? f[RF_HAND] : sum_trees(r->model, look, f);
}

static void set_in(struct qrs_review *r, int look, int64_t i, bool in)
{
    struct cand *const k = cand_of(r, i);
    const bool was = k->in[look + 1];

    for (int later = look + 1; later <= LOOKS; later++)
        k->in[later] = in;
    if (look + 1 < LOOKS && k->cluster >= 0 && r->cluster[k->cluster].born == k->born)
        r->cluster[k->cluster].n_in[look + 1] += (float)in - (float)was;
}

/* Accepts of a group of positive candidates, each less than the refractory time behind the one before, the set with the
 * largest sum of log-odds: R. Bellman's dynamic programming. */
static void settle_group(struct qrs_review *r, int look, const int64_t *group, int n)
{
    float best[GROUP + 1] = {0};
    int before[GROUP];   /* how many of the group lie the refractory time before it */

    for (int a = 0; a < n; a++) {
        const struct cand *const k = cand_of(r, group[a]);
        before[a] = a;
        while (before[a] > 0 && k->k.at - cand_of(r, group[before[a] - 1])->k.at < REVIEW_REFRACTORY_S)
            before[a]--;
        best[a + 1] = fmaxf(best[a], best[before[a]] + k->score[look + 1]);
    }
    for (int a = n, taken_to = n; a > 0; a--) {
        const bool taken = a <= taken_to && best[a] > best[a - 1];
        set_in(r, look, group[a - 1], taken);
        if (taken)
            taken_to = before[a - 1];
    }
}

/* Decides what look LOOK has scored, which is all before UNTIL_S, as far as no group reaches beyond. */
static void settle(struct qrs_review *r, int look, double until_s)
{
    int64_t group[GROUP] = {0}, i = r->n_settled[look];
    int n = 0;

    for (; i < r->n_scored[look]; i++) {
        const struct cand *const k = cand_of(r, i);
        if (k->score[look + 1] <= 0) {
            set_in(r, look, i, false);
            continue;
        }
        if (n == GROUP || (n > 0 && k->k.at - cand_of(r, group[n - 1])->k.at >= REVIEW_REFRACTORY_S)) {
            settle_group(r, look, group, n);
            n = 0;
        }
        group[n++] = i;
    }
    if (n > 0 && until_s - cand_of(r, group[n - 1])->k.at >= REVIEW_REFRACTORY_S) {
        settle_group(r, look, group, n);
        n = 0;
    }
    r->n_settled[look] = n ? group[0] : i;
}

/* Looks at those of the first n candidates that lie before UNTIL_S. Without trees all stays as it was. */
static void run_look(struct qrs_review *r, int look, int64_t n, double until_s)
{
    const bool learnt = r->model->n_trees[look] > 0;

    for (; r->n_scored[look] < n && cand_of(r, r->n_scored[look])->k.at < until_s; r->n_scored[look]++)
        if (learnt || r->tap.row)
            look_at(r, look, r->n_scored[look]);
    if (learnt)
        settle(r, look, until_s);
    else
        r->n_settled[look] = r->n_scored[look];
}

bool qrs_review_next(struct qrs_review *r, double known_s, double *at_s, bool *in, float *score)
{
    if (r->n_out == r->n_settled[LOOKS - 1]) {
        run_look(r, 0, r->n_decided, known_s - SEE_S);
        run_look(r, 1, r->n_settled[0], known_s - SEE_S - AGAIN_S);
    }
    if (r->n_out == r->n_settled[LOOKS - 1])
        return false;
    const struct cand *const k = cand_of(r, r->n_out++);
    *at_s = k->k.at;
    *in = k->in[LOOKS];
    *score = k->score[LOOKS];
    return true;
}

double qrs_review_done_s(const struct qrs_review *r, double known_s)
{
    const double until_s = known_s - SEE_S - AGAIN_S;

    return r->n_out < r->n_found ? fmin(until_s, cand_of(r, r->n_out)->k.at) : until_s;
}

/* ---- birth and death ---- */

void qrs_review_reset(struct qrs_review *r)
{
    r->n_found = r->n_decided = r->n_out = 0;
    memset(r->n_scored, 0, sizeof r->n_scored);
    memset(r->n_settled, 0, sizeof r->n_settled);
    r->n_clusters = 0;
    for (size_t c = 0; c < r->n_leads; c++)
        r->trust[c] = FIRST_TRUST;
}

void qrs_review_tap(struct qrs_review *r, const struct review_tap *tap) { r->tap = *tap; }

void qrs_review_destroy(struct qrs_review *r)
{
    if (!r)
        return;
    free(r->cand);
    free(r->lead);
    free(r->shape);
    free(r->tail);
    free(r->bank);
    free(r->trust);
    free(r);
}

struct qrs_review *qrs_review_create(size_t n_leads, size_t n_shape, size_t n_tail, const struct qrs_model *model)
{
    struct qrs_review *const r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    r->model = model;
    r->n_leads = n_leads;
    r->n_shape = n_shape;
    r->n_tail = n_tail;
    r->dims = n_leads * n_shape;
    r->cand = calloc(CANDS, sizeof *r->cand);
    r->lead = calloc(CANDS * n_leads, sizeof *r->lead);
    r->shape = calloc(CANDS * r->dims, sizeof *r->shape);
    r->tail = calloc(CANDS * n_leads * n_tail, sizeof *r->tail);
    r->bank = calloc(CLUSTERS * r->dims, sizeof *r->bank);
    r->trust = calloc(n_leads, sizeof *r->trust);
    if (r->cand && r->lead && r->shape && r->tail && r->bank && r->trust) {
        qrs_review_reset(r);
        return r;
    }
    qrs_review_destroy(r);
    return NULL;
}
