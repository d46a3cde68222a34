/* algorithms/qrs_doubt.h - how far the QRS detector could tell: quality of its beats, and stretches of noise. Not for others.
 *
 * A candidate that is a beat with probability p leaves a doubt of 2 min(p, 1 - p); one that was not taken for a beat, too. The
 * quality of a beat is 1 less the doubts of all candidates within DOUBT_REACH_S of it, per beat found there; 0 where that is
 * negative. Where it lies below DOUBT_NOISE at all candidates for DOUBT_SHORTEST_S or longer, one could not tell, and the
 * stretch is noise. Stretches are told in pieces of about DOUBT_PIECE_S, so that beats need not wait for their end; a last
 * piece shorter than DOUBT_SHORTEST_S is left out. Ours. */
#ifndef KYMO_QRS_DOUBT_H
#define KYMO_QRS_DOUBT_H

#include "algorithms/qrs.h"

#include <stdbool.h>
#include <stdint.h>

#define DOUBT_REACH_S 4.0
#define DOUBT_SHORTEST_S 2.0
#define DOUBT_PIECE_S 8.0
#define DOUBT_NOISE 0.75

enum { DOUBT_ROOM = 512 };       /* candidates and findings: at most ten a second */

struct qrs_doubt {
    double rate_hz;
    bool online;                 /* quality from what came before alone, and no stretches of noise */
    struct { int64_t at; float doubt; bool in; double score; } cand[DOUBT_ROOM];
    int64_t n, n_judged;         /* candidates taken, judged */
    int64_t noise_from, noise_to;   /* the stretch open; from < 0: none */
    struct qrs_beat held[DOUBT_ROOM];
    int n_held;
};

/* rate_hz: of the samples that times are counted in. */
void qrs_doubt_init(struct qrs_doubt *d, double rate_hz, bool online);

/* A candidate at sample AT was decided, with log-odds score; in order of time. Findings that are certain now go to out, in
 * order of time; returns how many, at most DOUBT_ROOM. */
int qrs_doubt_push(struct qrs_doubt *d, int64_t at, bool in, double score, struct qrs_beat *out);

/* All candidates before sample NOW are told. Out and result as in push. */
int qrs_doubt_advance(struct qrs_doubt *d, int64_t now, struct qrs_beat *out);

/* No more will come: the rest. d is then as after init. */
int qrs_doubt_flush(struct qrs_doubt *d, struct qrs_beat *out);

#endif
