/* algorithms/qrs_choice.h - the inside of the QRS detector: what qrs.c (samples in, beats out) and qrs_choice.c (which
 * candidates are beats) share. Not for others. */
#ifndef KYMO_QRS_CHOICE_H
#define KYMO_QRS_CHOICE_H

#include "algorithms/qrs.h"
#include "algorithms/qrs_doubt.h"
#include "algorithms/qrs_lead.h"
#include "algorithms/qrs_review.h"

#include <stdbool.h>

#define QRS_REFRACTORY_S 0.20    /* physiology: 300 beats per minute */
#define QRS_EARLIEST_S 0.095     /* a wide beat whose first wave lies further before is told so far before its maximum */
#define QRS_SIDE_S 0.30          /* of the detection function on either side that a candidate is compared with */

enum {
    QRS_CANDS = 256,             /* candidates remembered: at most 10 a second, so at least 25 s */
    QRS_SHAPES = 32,             /* candidates whose shape is remembered */
    QRS_STAGES = 3,              /* choices, each with the context of the one before */
    QRS_RAW = QRS_SHAPE + QRS_TAIL + QRS_WIDE + QRS_QRST,   /* what the review is shown of a lead */
};

struct qrs_cand {
    int64_t n;                   /* on the grid: maximum of the detection function */
    double at;                   /* on the grid: the fiducial */
    float g;                     /* detection function there, */
    float left, right;           /* and its mean from 100 to 300 ms on either side */
    float broad;                 /* log of slow over steep energy: T waves are broader than the QRS */
    float loud;                  /* log of the energy in units of the scale */
    float lump;                  /* 1: second maximum of a wide QRS, of which the first is nearly as high */
    float first_score, score;    /* by stage 1; by the stage after it that ran last */
    int sure;                    /* by the last choice: 1 a beat, -1 surely none, 0 neither */
    bool in;                     /* by the last choice: a beat */
    double best[QRS_STAGES];     /* score of the best chain that ends here */
    int64_t prev[QRS_STAGES];    /* the candidate before it in that chain, or -1 */
};

struct qrs {
    struct qrs_grid grid;
    double fs_hz;
    size_t n_leads;
    struct qrs_lead *lead;       /* lead[n_leads] */
    bool online;                 /* without the learnt stage, with levels from the past alone */
    int64_t max_hold;            /* input samples that are bridged */
    int64_t clock;               /* input samples since create */
    int64_t origin;              /* input index of the segment's first sample */
    bool live;                   /* inside a segment */
    int64_t n_windows;           /* measured, */
    int64_t measured;            /* and grid samples; online the next window's come in pieces */
    int64_t piece, lag, wait;    /* grid samples: measured in one go; choices 2, 3 behind the one before; all behind 3 */
    bool has_level;              /* online: the window that is coming has levels */
    double last_at;              /* grid position of the last beat decided */
    float *g, *weight;           /* detection function, sum of lead weights; stored as the arrays of the leads are */
    double *hold;                /* a chunk of input with its short holes bridged */

    struct qrs_cand cand[QRS_CANDS];   /* candidate i is at i % QRS_CANDS */
    int64_t n_cand;              /* found since the segment began */
    int64_t n_scored[QRS_STAGES];/* by stages 2 and 3, at [1] and [2] */
    int64_t n_out;               /* decided */
    int64_t searched;            /* grid index below which candidates have been looked for */
    double filled;               /* up to where the review was shown all */
    double rr;                   /* median interval of the last 10 s, in s */
    float *height, *clear;       /* [QRS_CANDS * n_leads]: energy; weight of the lead */
    float *shape, *raw;          /* [n_leads][QRS_SHAPE], [n_leads][QRS_RAW]: the candidate described, weighted; as it is */
    float *bank;                 /* [n_leads * QRS_SHAPE][QRS_SHAPES]: shapes of the last candidates, of length 1 */

    struct qrs_review *review;   /* the learnt stage, or NULL */
    struct qrs_doubt doubt;
    struct qrs_beat *ready;      /* decided, not yet given out */
    size_t n_ready, cap_ready, given;
};

/* How clearly a lead shows its beats, 0..1, from its scale and noise. */
float qrs_lead_clarity(float scale, float noise);

/* Finds the candidates of window w from s->searched to grid index to; none at or behind last_end. */
void qrs_find_candidates(struct qrs *s, int64_t to, int64_t w, int64_t last_end);

/* Runs the first choice over the candidates from FIRST on, and the rate after it. */
void qrs_choose_first(struct qrs *s, int64_t first);

/* Runs choice 2 or 3 (stage 1 or 2) over the candidates before grid index below. */
void qrs_choose_again(struct qrs *s, int stage, int64_t below);

#endif
