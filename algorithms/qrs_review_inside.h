/* algorithms/qrs_review_inside.h - the inside of the review: what its looks (qrs_review.c), its bank of shapes
 * (qrs_review_bank.c) and its description of candidates (qrs_review_describe.c) share. Not for others. */
#ifndef KYMO_QRS_REVIEW_INSIDE_H
#define KYMO_QRS_REVIEW_INSIDE_H

#include "algorithms/qrs_few.h"
#include "algorithms/qrs_lead.h"
#include "algorithms/qrs_review.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CANDS = 1024,                /* remembered: at most ten a second, so 100 s */
    CLUSTERS = 24,
    LOOKS = QRS_LOOKS + 1,       /* the last with the trees of the one before, in noise only */
    STEEP = QRS_STEEP_SHAPE,
    QRST = QRS_QRST,
    WIDE_ROOM = QRS_WIDE + 1,    /* one more to be read by loops that take an even number */
    SLOWEST = 40,                /* members after which a cluster follows its newest at a steady pace */
};

struct cand {
    struct review_candidate k;
    float tail_loud;             /* log of what surrounds it, in units of the scale */
    float first;                 /* log-odds by the first choice */
    float score[LOOKS + 1];      /* by the choices together, by each look */
    float chance[LOOKS + 1];     /* the same from 0 to 1 */
    bool in[LOOKS + 1];          /* a beat, by the same */
    bool near_noise;             /* by the last look */
    float like;                  /* closeness to the accepted shapes, by the last look; before: when it came */
    float matched, moved;        /* by the last look: size over noise of what is most like a beat; s by which at was moved */
    float qrst, size;            /* the same of QRS and T wave, and size over that of the mean */
    float like_steep, like_slow; /* by the last look: correlations of both; UNSEEN before */
    int wave;                    /* cluster that QRS and T wave are like, */
    double wave_at;              /* where, s */
    int cluster;                 /* or -1 */
    int64_t born;                /* of the cluster, to know whether it is still the same */
};

struct lead { float height, slow, noise, scale, clear; };

struct cluster {
    float n, loud, square, length;   /* members, mean loudness, |mean|^2, |mean| */
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
    float *wide;                 /* [CANDS][n_leads][WIDE_ROOM] */
    float *qrst;                 /* [CANDS][n_leads][QRST] */
    float *bank;                 /* [CLUSTERS][dims] */
    float *mean;                 /* [CLUSTERS][n_leads][STEEP]: mean steep wave of those that are beats */
    float *mean_qrst;            /* [CLUSTERS][n_leads][QRST]: the same of QRS and T wave */
    struct cluster cluster[CLUSTERS];
    int n_clusters;
    float *trust;                /* [n_leads]: mean closeness of accepted beats to their cluster */
    int64_t n_found, n_decided, n_out;
    int64_t n_scored[LOOKS], n_settled[LOOKS];
};

static inline struct cand *cand_of(const struct qrs_review *r, int64_t i) { return &r->cand[(size_t)i % CANDS]; }
static inline struct lead *leads_of(const struct qrs_review *r, int64_t i) { return r->lead + (size_t)i % CANDS * r->n_leads; }
static inline float *shape_of(const struct qrs_review *r, int64_t i) { return r->shape + (size_t)i % CANDS * r->dims; }

static inline float *tail_of(const struct qrs_review *r, int64_t i)
{
    return r->tail + (size_t)i % CANDS * r->n_leads * r->n_tail;
}

static inline float *wide_of(const struct qrs_review *r, int64_t i, size_t c)
{
    return r->wide + ((size_t)i % CANDS * r->n_leads + c) * WIDE_ROOM;
}

static inline float *qrst_of(const struct qrs_review *r, int64_t i, size_t c)
{
    return r->qrst + ((size_t)i % CANDS * r->n_leads + c) * QRST;
}

static inline float *mean_qrst_of(const struct qrs_review *r, int m, size_t c)
{
    return r->mean_qrst + ((size_t)m * r->n_leads + c) * QRST;
}

static inline float *mean_of(const struct qrs_review *r, int m, size_t c)
{
    return r->mean + ((size_t)m * r->n_leads + c) * STEEP;
}

/* In four lanes, which the compiler takes side by side; n is a multiple of four. */
static inline float dot(const float *a, const float *b, size_t n)
{
    float sum[4] = {0};

    for (size_t i = 0; i < n; i += 4)
        for (size_t j = 0; j < 4; j++)
            sum[j] += a[i + j] * b[i + j];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static inline float chance_of(float score) { return 1 / (1 + expf(-score)); }

/* Index of the oldest candidate that is remembered. */
static inline int64_t oldest(const struct qrs_review *r) { return r->n_found > CANDS ? r->n_found - CANDS : 0; }

/* ---- the bank ---- */

/* What the bank says of candidate i, its own membership left out. */
struct opinion {
    float r, n, share, loud;
    int m;
};

struct opinions { struct opinion beat, none, nearest; };

struct opinions qrs_bank_ask(const struct qrs_review *r, int look, int64_t i);

/* Candidate i becomes a member of the cluster that it is like, or the first of a new one. */
void qrs_bank_join(struct qrs_review *r, int64_t i);

/* Correlation of candidate i with cluster m in lead c. */
float qrs_bank_like(const struct qrs_review *r, int64_t i, int m, size_t c);

/* ---- description ---- */

#define UNSEEN (-2)
#define SHIFTED_S 0.045f         /* a beat moves by no more: candidates are 0.1 s apart and stay in order */
#define MOVES_AT 0.5f            /* correlation */

/* Fills f[REVIEW_FEATURES] of candidate i, as the choice before LOOK left things; in noise it moves the candidate. */
void qrs_review_describe(struct qrs_review *r, int look, int64_t i, float *f);

#endif
