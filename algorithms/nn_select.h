/* algorithms/nn_select.h - from beats to the intervals that count: NN selection, with exclusion or correction.
 *
 *   none        every interval between beats that follow each other
 *   label       both its beats are normal (Task Force 1996)
 *   malik       of those, what differs by at most 20 % from the interval before it that counts; after 5 in a row that do not,
 *               or a break, the next one starts afresh (M. Malik et al., Eur. Heart J. 10:1060-1074, 1989)
 *   lipponen    every interval, but artefacts (algorithms/lipponen.h); labels are not looked at
 *
 * What a rule refuses is excluded or corrected. Correction: a missed beat halves its interval, an extra beat joins two (these
 * two of NN_LIPPONEN only); other intervals get the value of a cubic through the good ones around them (two on either side,
 * Catmull-Rom; linear where there is one), their ends spread evenly. More than 5 in a row, or with no good one on a side,
 * are excluded all the same.
 *
 * Intervals outside least_ms .. most_ms are excluded before anything else, whatever the rule. Nothing spans a break. */
#ifndef KYMO_NN_SELECT_H
#define KYMO_NN_SELECT_H

#include "algorithms/nn.h"
#include "lib/err.h"

#include <stdint.h>

struct nn_beat {
    int64_t time_ns;           /* increasing */
    bool normal;               /* conducted from the sinus: N, L, R, B */
    bool ventricular;          /* premature, from the ventricles: V; for algorithms/hrv_turbulence.h */
    bool after_break;          /* a gap, or fibrillation, lies between the beat before and it */
};

enum nn_rule { NN_NONE, NN_LABEL, NN_MALIK, NN_LIPPONEN };

struct nn_rules {
    enum nn_rule rule;
    double malik_share;        /* 0.2 */
    bool correct;              /* instead of excluding */
    double least_ms, most_ms;  /* 0 and INFINITY: no limit */
};

enum nn_state { NN_KEPT, NN_CORRECTED, NN_EXCLUDED };

struct nn_interval {
    double ms, end_s;          /* end_s: from the beats' origin of time */
    unsigned char state;       /* enum nn_state */
    bool after_break;          /* does not begin where the one before ends */
};

/* All intervals of beat[n] into *interval[*n_intervals], which the caller frees; of NN_LIPPONEN they may be a few more or fewer
 * than there were. Returns 0, KYMO_EDATA (a beat that does not lie behind the one before), or KYMO_ENOMEM. */
int nn_select(const struct nn_beat *beat, size_t n, const struct nn_rules *rules, struct nn_interval **interval,
              size_t *n_intervals, struct kymo_err *e);

/* Room for a series of its own. */
struct nn_room {
    double *nn_ms, *end_s;
    unsigned char *follows;
};
int nn_room_make(struct nn_room *room, size_t n, struct kymo_err *e);
void nn_room_release(struct nn_room *room);

/* The series of those among interval[n] that count (not excluded), in room, which must be for n. */
struct nn_series nn_take(const struct nn_interval *interval, size_t n, struct nn_room *room);

#endif
