/* algorithms/qrs_review.c - see qrs_review.h. */
#include "algorithms/qrs_review_inside.h"

enum {
    MOST_SURE = 8,               /* log-odds */
    ENOUGH = 5,
    GROUP = 64,                  /* positive candidates in a row, each less than the refractory time behind the one before */
};

#define SEE_S 30.0               /* what the bank has seen behind a candidate when it is first looked at */
#define AGAIN_S 9.0              /* each later look runs so long behind the one before */
#define MURKY (-1.6f)            /* ln noise level over height */
#define SURELY_NONE (-2.0f)      /* log-odds */
#define HALF_SIZE (-0.7f)        /* ln */
#define FILLER_FIRST (-3.0f)
#define STAYS 0.3f               /* of the log-odds before the last look: without, rivals in noise take turns */
#define FIRST_TRUST 0.9f         /* until the lead tells its own */

/* ---- candidates come ---- */

void qrs_review_found(struct qrs_review *r, const struct review_candidate *k, const struct review_lead *lead)
{
    const int64_t i = r->n_found++;
    float *const v = shape_of(r, i), *const tail = tail_of(r, i);
    float square = 0;

    *cand_of(r, i) = (struct cand){.k = *k, .cluster = -1, .like_steep = UNSEEN};
    for (size_t c = 0; c < r->n_leads; c++) {
        const float unit = lead[c].scale > 0 ? sqrtf(lead[c].clear) / lead[c].scale : 0;
        for (size_t j = 0; j < r->n_shape; j++)
            v[c * r->n_shape + j] = unit * lead[c].shape[j];
        for (size_t j = 0; j < r->n_tail; j++)
            tail[c * r->n_tail + j] = unit * lead[c].tail[j];
        memcpy(wide_of(r, i, c), lead[c].wide, QRS_WIDE * sizeof *r->wide);
        memcpy(qrst_of(r, i, c), lead[c].qrst, QRST * sizeof *r->qrst);
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

static void decide(struct qrs_review *r, bool in, float first_score, float score)
{
    struct cand *const k = cand_of(r, r->n_decided);

    k->first = first_score;
    for (int look = 0; look <= LOOKS; look++) {
        k->in[look] = in;
        k->score[look] = score;
        k->chance[look] = chance_of(score);
    }
    if (!k->k.filler)
        qrs_bank_join(r, r->n_decided);
    k->like = qrs_bank_ask(r, 0, r->n_decided).beat.r;
    r->n_decided++;
}

/* Fillers before KNOWN_S that are next are none so far. */
static void decide_fillers(struct qrs_review *r, double known_s)
{
    while (r->n_decided < r->n_found && cand_of(r, r->n_decided)->k.filler && cand_of(r, r->n_decided)->k.at < known_s)
        decide(r, false, FILLER_FIRST, -MOST_SURE);
}

void qrs_review_decided(struct qrs_review *r, bool in, float first_score, float score)
{
    decide_fillers(r, INFINITY);
    decide(r, in, first_score, score);
}

/* ---- the looks ---- */

/* The last look asks the trees of the one before. */
static int trees_of(int look) { return look < QRS_LOOKS ? look : QRS_LOOKS - 1; }

/* Later trees only refine: beyond ENOUGH they are not asked. */
static float sum_trees(const struct qrs_model *model, int look, const float *f)
{
    const enum qrs_air air = review_is_noisy(f) ? QRS_NOISY : QRS_QUIET;
    int sum = 0;

    for (size_t t = 0; t < model->n_trees[look][air]; t++) {
        const struct qrs_tree *const tree = &model->tree[look][air][t];
        unsigned leaf = 0;
        for (int d = 0; d < QRS_TREE_DEPTH; d++)
            leaf |= (unsigned)(f[tree->feature[d]] > tree->above[d]) << d;
        sum += tree->leaf[leaf];
        if (t % 16 == 15 && abs(sum) > ENOUGH * QRS_TREE_UNIT)
            break;
    }
    return clip((float)sum / QRS_TREE_UNIT, -MOST_SURE, MOST_SURE);
}

/* Whether noise is made of it: in noise that nearly reaches it, and surely none by the first choices, and nothing that
 * looks and is as large as beats do. (The trees have not met silent hearts.) */
static bool is_noise(const float *f)
{
    return f[RF_MURKY] > MURKY && f[RF_HAND] < SURELY_NONE && !(f[RF_MATCH] > MOVES_AT && f[RF_MATCH_SIZE] > HALF_SIZE);
}

static void look_at(struct qrs_review *r, int look, int64_t i)
{
    struct cand *const k = cand_of(r, i);
    const bool last = look == LOOKS - 1;
    float f[REVIEW_FEATURES], score = k->score[look];

    if (!last || k->near_noise) {
        qrs_review_describe(r, look, i, f);
        k->near_noise = review_is_near_noise(f);
        if (r->tap.row && !last)
            r->tap.row(r->tap.self, look, k->k.at, f);
        if (look > 0 && is_noise(f))
            score = f[RF_HAND];
        else if (!last)
            score = sum_trees(r->model, look, f);
        else if (review_asks_again(f))
            score = STAYS * score + (1 - STAYS) * sum_trees(r->model, trees_of(look), f);
    }
    const float chance = chance_of(score);
    for (int later = look + 1; later <= LOOKS; later++) {
        k->score[later] = score;
        k->chance[later] = chance;
    }
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
    const bool learnt = r->model->n_trees[trees_of(look)][QRS_NOISY] > 0, told = r->tap.row && look < QRS_LOOKS;

    for (; r->n_scored[look] < n && cand_of(r, r->n_scored[look])->k.at < until_s; r->n_scored[look]++)
        if (learnt || told)
            look_at(r, look, r->n_scored[look]);
    if (learnt)
        settle(r, look, until_s);
    else
        r->n_settled[look] = r->n_scored[look];
}

static void run_looks(struct qrs_review *r, double known_s)
{
    decide_fillers(r, known_s);
    run_look(r, 0, r->n_decided, known_s - SEE_S);
    for (int look = 1; look < LOOKS; look++)
        run_look(r, look, r->n_settled[look - 1], known_s - SEE_S - look * AGAIN_S);
}

bool qrs_review_next(struct qrs_review *r, double known_s, double *at_s, bool *in, float *score)
{
    const struct cand *k;

    do {
        if (r->n_out == r->n_settled[LOOKS - 1])
            run_looks(r, known_s);
        if (r->n_out == r->n_settled[LOOKS - 1])
            return false;
        k = cand_of(r, r->n_out++);
    } while (k->k.filler && !k->in[LOOKS]);
    *at_s = k->k.at;
    *in = k->in[LOOKS];
    *score = k->score[LOOKS];
    return true;
}

double qrs_review_done_s(const struct qrs_review *r, double known_s)
{
    const double until_s = known_s - SEE_S - (LOOKS - 1) * AGAIN_S;

    return (r->n_out < r->n_found ? fmin(until_s, cand_of(r, r->n_out)->k.at) : until_s) - 2 * (double)SHIFTED_S;
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

bool qrs_review_is_whole(const struct qrs_review *r) { return r->model->n_trees[QRS_LOOKS - 1][QRS_NOISY] > 0; }

void qrs_review_tap(struct qrs_review *r, const struct review_tap *tap) { r->tap = *tap; }

void qrs_review_destroy(struct qrs_review *r)
{
    if (!r)
        return;
    free(r->cand);
    free(r->lead);
    free(r->shape);
    free(r->tail);
    free(r->wide);
    free(r->qrst);
    free(r->bank);
    free(r->mean);
    free(r->mean_qrst);
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
    r->wide = calloc(CANDS * n_leads * WIDE_ROOM, sizeof *r->wide);
    r->qrst = calloc(CANDS * n_leads * QRST, sizeof *r->qrst);
    r->bank = calloc(CLUSTERS * r->dims, sizeof *r->bank);
    r->mean = calloc(CLUSTERS * n_leads * STEEP, sizeof *r->mean);
    r->mean_qrst = calloc(CLUSTERS * n_leads * QRST, sizeof *r->mean_qrst);
    r->trust = calloc(n_leads, sizeof *r->trust);
    if (r->cand && r->lead && r->shape && r->tail && r->wide && r->qrst && r->bank && r->mean && r->mean_qrst && r->trust) {
        qrs_review_reset(r);
        return r;
    }
    qrs_review_destroy(r);
    return NULL;
}
