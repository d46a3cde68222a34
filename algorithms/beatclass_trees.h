/* algorithms/beatclass_trees.h - what beatclass.c has learnt: sums of small decision trees (qrs_trees.h), one for each step.
 * model/train_beats.c learns them and writes algorithms/beat_model.c ("make model"). */
#ifndef KYMO_BEATCLASS_TREES_H
#define KYMO_BEATCLASS_TREES_H

#include "algorithms/qrs_trees.h"

/* STEP_RUN is STEP_S for beats of a run (beatclass_view.h) that come no earlier than the others of it. */
enum beatclass_step { STEP_FIRST, STEP_V, STEP_S, STEP_RR_V, STEP_RR_S, STEP_RUN, BEATCLASS_STEPS };

struct beatclass_model {
    const struct qrs_tree *tree[BEATCLASS_STEPS];   /* NULL: not learnt, log-odds 0 */
    size_t n_trees[BEATCLASS_STEPS];
};

/* Learnt from all records of model/beats.list. */
extern const struct beatclass_model beatclass_model;

#endif
