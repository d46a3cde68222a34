/* algorithms/qrs_review.h - the learnt stage of the QRS detector: looks again at what qrs_choice.c chose, with what the
 * record taught before and for half a minute after. Not for others.
 *
 * It keeps a bank of up to 24 shapes that it meets, each with the share of its members that were taken for beats, and for
 * each lead a trust: how alike its accepted beats are to their shape. Every candidate is described by numbers (enum
 * review_feature) that compare it with the accepted beats on either side, its own acceptance left out, with its rivals in time
 * and with the bank; trees (qrs_trees.h) make log-odds of them. That is done twice, the second time on the first one's
 * acceptances, and in noise, by the same trees, a third time, of which seven tenths count. Where noise is high or much is
 * undecided, other trees are asked, which were learnt from noise, and the beat is moved to where the leads are most like a
 * known shape, its QRS in the steep band and QRS and T wave in the slow one: the matched filter (G. L. Turin, IRE Trans. Inf.
 * Theory 6:311-329, 1960), noise being taken for white in each lead. Of candidates less than the refractory time apart the set
 * with the largest sum of log-odds is taken. */
#ifndef KYMO_QRS_REVIEW_H
#define KYMO_QRS_REVIEW_H

#include "algorithms/qrs_trees.h"

#include <stdbool.h>
#include <stdint.h>

#define REVIEW_REFRACTORY_S 0.20

struct qrs_review;

/* What the first choices know of a candidate; times in s since the segment began. */
struct review_candidate {
    double at;                     /* fiducial */
    float g, left, right;          /* detection function there, and its mean from 100 to 300 ms on either side */
    float broad, loud, lump;       /* as in struct qrs_cand */
    bool filler;                   /* lies between maxima: the first choices do not know it, and are not to decide it */
};

/* What a lead shows there: energy, its slow part, noise level and scale, clarity 0..1, shape[n_shape] of the QRS,
 * tail[n_tail] of what surrounds it, wide[QRS_WIDE] in which the QRS is looked for, and qrst[QRS_QRST] of the whole beat. */
struct review_lead {
    float height, slow, noise, scale, clear;
    const float *shape, *tail, *wide, *qrst;
};

/* What is said of a candidate. Neighbours are the accepted beats, up to 7 on either side within 8 s; means over the leads are
 * weighted by how clear a lead is and how far it is trusted; the best lead is the one with most of both. */
enum review_feature {
    RF_HEIGHT, RF_HEIGHT_MAX, RF_HEIGHT_MIN, RF_HEIGHT_BEST,   /* ln energy over the neighbours' median */
    RF_SLOW, RF_SLOW_BEST,            /* the same of its slow part */
    RF_NOISE, RF_NOISE_BEST,          /* ln noise level over the neighbours' median energy, */
    RF_MURKY,                         /* and over its own energy */
    RF_G, RF_LEFT, RF_RIGHT, RF_BESIDE,   /* ln detection function; ln of it on either side over it, and the larger of these */
    RF_LUMP, RF_BROAD,                /* as in struct review_candidate */
    RF_LIKE, RF_LIKE_SIZE, RF_LIKE_LOUD,  /* the most like shape of the bank with over half its members beats: correlation, */
    RF_LIKE_BEST, RF_LIKE_WORST,          /* ln of members + 1, how much louder the candidate is; correlation in single leads */
    RF_UNLIKE, RF_UNLIKE_SIZE,        /* the same for those with fewer */
    RF_LIKE_MORE,                     /* LIKE less UNLIKE */
    RF_SHARE, RF_SHARE_SIZE, RF_SHARE_R,  /* the most like shape of all: share of beats, ln of members + 1, correlation */
    RF_BEFORE, RF_AFTER,              /* distance to the neighbours next to it, in usual intervals */
    RF_BEFORE_S, RF_AFTER_S,          /* and in s */
    RF_WHOLE, RF_MISFIT,              /* the two together; how badly the candidate parts them into equal intervals, 0..0.5 */
    RF_RR, RF_IRREGULAR,              /* the usual interval, s: the neighbours' median; median deviation from it, ln */
    RF_HIGHER_BEFORE, RF_HIGHER_AFTER,    /* ln energy over that of the neighbour next to it */
    RF_R_BEFORE, RF_R_AFTER,          /* correlation with that */
    RF_RIVAL_S, RF_RIVAL_HEIGHT, RF_RIVAL_LIKE, RF_RIVAL_R, RF_RIVAL_SCORE,   /* the likeliest candidate within 0.5 s before: */
    RF_NEXT_S, RF_NEXT_HEIGHT, RF_NEXT_LIKE, RF_NEXT_R, RF_NEXT_SCORE,        /* how far, how much higher and more like a */
                                      /* beat, correlation, log-odds so far; and within 0.5 s behind */
    RF_FIRST, RF_HAND,                /* log-odds by the first of the hand-made choices, and by all of them */
    RF_TRUST, RF_TRUST_BEST,          /* sum of the weights of the leads; trust in the best lead */
    RF_LEADS,
    RF_SUPPORT,                       /* mean chance of beats 1, 2 and 3 usual intervals before and behind */
    RF_TAIL, RF_TAIL_MOST,            /* correlation of what surrounds it with what surrounds 3 neighbours on either side */
    RF_TAIL_LOUD,                     /* ln of its size over their median */
    RF_DOUBT,                         /* how much is undecided round it: mean of 4 p (1 - p) over the other candidates within */
                                      /* 6 s, p being their chance so far */
    RF_MATCH, RF_MATCH_SIZE, RF_MATCH_CLEAR,   /* near noise or in doubt, shifted to where steep is most like the */
    RF_MATCH_SHIFT, RF_MATCH_RIVAL,            /* mean of a shape of beats: correlation, ln of size over that mean's, ln */
                                               /* of size over noise, shift; ln of the largest rival's CLEAR within */
                                               /* 0.4 s over its own */
    RF_QRST, RF_QRST_SIZE, RF_QRST_CLEAR,      /* the same of QRS and T wave in the slow band: correlation, ln of size over */
    RF_QRST_RIVAL,                             /* the mean's, ln of size over noise; ln of the largest rival's within 0.6 s */
                                               /* over it */
    RF_BOTH,                                   /* mean of both correlations, of the same shape at the same shift */
    RF_MATCH_MORE, RF_QRST_MORE,               /* each correlation less the mean of what is none within 6 s */
    RF_T_WAVE,                                 /* how much of the slow wave there is the T wave of one before */
    REVIEW_FEATURES
};

/* Which trees are asked. Those for noise are also learnt from candidates that are only near it. */
static inline bool review_is_noisy(const float *f) { return f[RF_NOISE] > -2 || f[RF_DOUBT] > 0.1f; }
static inline bool review_is_near_noise(const float *f) { return f[RF_NOISE] > -2.5f || f[RF_DOUBT] > 0.03f; }

/* Whether these are asked a third time: doubt alone, which runs of odd beats leave too, has to be greater for that. */
static inline bool review_asks_again(const float *f) { return f[RF_NOISE] > -2 || f[RF_DOUBT] > 0.2f; }

/* For training: told the features of each candidate at each look that has trees of its own. */
struct review_tap {
    void (*row)(void *self, int look, double at_s, const float feature[REVIEW_FEATURES]);
    void *self;
};

/* Returns an object for qrs_review_destroy, or NULL without memory. model may lack trees for a look: it then decides as the
 * choice before it did. */
struct qrs_review *qrs_review_create(size_t n_leads, size_t n_shape, size_t n_tail, const struct qrs_model *model);
void qrs_review_destroy(struct qrs_review *r);
void qrs_review_tap(struct qrs_review *r, const struct review_tap *tap);

/* Whether the model has trees for all looks. Only then are fillers found: trees are learnt from maxima alone, as some that
 * were learnt from what lies between, too, lost runs of ventricular beats. */
bool qrs_review_is_whole(const struct qrs_review *r);

/* A new segment begins: all is forgotten. */
void qrs_review_reset(struct qrs_review *r);

/* A candidate has been found; lead[n_leads]. In order of time. */
void qrs_review_found(struct qrs_review *r, const struct review_candidate *k, const struct review_lead *lead);

/* The oldest candidate not yet so decided is a beat by the first choices, or none, with log-odds score. */
void qrs_review_decided(struct qrs_review *r, bool in, float first_score, float score);

/* The next candidate that is decided for good, when all before KNOWN_S are told; INFINITY: no more will come. False if there is
 * none yet. Of fillers beats only: what was not even a maximum says nothing of how far one could tell. */
bool qrs_review_next(struct qrs_review *r, double known_s, double *at_s, bool *in, float *score);

/* All candidates before this time are decided for good and given out, once next says that there is none. */
double qrs_review_done_s(const struct qrs_review *r, double known_s);

#endif
