/* algorithms/qrs_trees.h - what the learnt stage of the QRS detector consists of: sums of small decision trees.
 *
 * Each tree asks the same QRS_TREE_DEPTH questions of every candidate (is this feature greater than that?); the answers, as
 * bits, name a leaf, and the leaves of all trees add up to the log-odds that the candidate is a beat. model/train_qrs.c
 * learns them and writes algorithms/qrs_model.c ("make model"). */
#ifndef KYMO_QRS_TREES_H
#define KYMO_QRS_TREES_H

#include <stddef.h>
#include <stdint.h>

enum { QRS_TREE_DEPTH = 5, QRS_TREE_LEAVES = 1 << QRS_TREE_DEPTH, QRS_LOOKS = 2 };
enum qrs_air { QRS_QUIET, QRS_NOISY, QRS_AIRS };   /* what surrounds a candidate */
#define QRS_TREE_UNIT 1000         /* leaves are thousandths */

struct qrs_tree {
    uint8_t feature[QRS_TREE_DEPTH];
    float above[QRS_TREE_DEPTH];
    int16_t leaf[QRS_TREE_LEAVES];
};

/* The trees of the first two looks of a review (qrs_review.h), for candidates in quiet surroundings and for those in noise. */
struct qrs_model {
    const struct qrs_tree *tree[QRS_LOOKS][QRS_AIRS];
    size_t n_trees[QRS_LOOKS][QRS_AIRS];
};

/* Learnt from all records of model/qrs.list, from those that it calls odd, and from those that it calls even. */
extern const struct qrs_model qrs_model_all, qrs_model_odd, qrs_model_even;

#endif
