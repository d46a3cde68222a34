/* model/boost.h - learns a sum of small trees (algorithms/qrs_trees.h) from rows of features: gradient boosting of the logistic
 * loss with oblivious trees, second order.
 *
 * For each tree, with p = 1 / (1 + exp(-z)) of what the trees before say, gradients g = w (y - p) and curvatures
 * h = w p (1 - p): depth by depth the one question (feature, limit) is taken that, asked in all leaves, makes sum of
 * G^2 / (H + ridge) largest, G and H being the sums in a leaf; a leaf's value is rate G / (H + ridge), rounded to a
 * thousandth. A feature may be bound to a direction: log-odds then never fall (or rise) with it. A question that some leaf
 * would have to answer the wrong way gains nothing there, and of values that stand the wrong way round after the last question
 * both become their weighted mean. Limits are those that part the rows in BOOST_BINS parts of equal size, so far as values
 * differ.
 *
 * Source: J. H. Friedman, Greedy function approximation: a gradient boosting machine, Ann. Stat. 29:1189-1232, 2001;
 * each tree from a part of the rows: the same, Stochastic gradient boosting, Comput. Stat. Data Anal. 38:367-378, 2002;
 * second-order gain and ridge: T. Chen, C. Guestrin, XGBoost, KDD 2016, equations 5 and 6. */
#ifndef KYMO_BOOST_H
#define KYMO_BOOST_H

#include "algorithms/qrs_trees.h"

#include <stddef.h>

enum { BOOST_BINS = 64 };

/* n rows: feature[n][n_features], is it one (1) or not (0), and its weight. */
struct boost_rows {
    float *feature, *is, *weight;
    size_t n, cap, n_features;
};

/* Adds a row. 0, or -1 without memory. */
int boost_add(struct boost_rows *rows, const float *feature, float is, float weight);
void boost_release(struct boost_rows *rows);

/* levels: questions of each tree, 1..QRS_TREE_DEPTH; those behind are always answered with no. direction[n_features]: 1
 * log-odds never fall with the feature, -1 never rise, 0 free; NULL: all free. share: of the rows, drawn anew for each tree,
 * the same each time. */
struct boost_options {
    size_t n_trees;
    double rate, ridge, share;
    int levels;
    const signed char *direction;
};

/* Learns tree[n_trees] from fewer than 2^32 rows. 0, or -1 without memory. */
int boost_learn(const struct boost_rows *rows, const struct boost_options *o, struct qrs_tree *tree);

#endif
