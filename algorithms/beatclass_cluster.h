/* algorithms/beatclass_cluster.h - groups the beats of a recording by the shape of their QRS complexes. Not for others than
 * beatclass.c.
 *
 * A shape is what portraits (portrait.h) hold of the QRS complex in both leads, each lead in units of its usual amplitude.
 * Distance:
 *   d(x, c) = |x - c|^2 / max(|x|^2, |c|^2), least over shifts of -32..+32 ms.
 * Leaders: a beat joins the nearest group if d < 0.20, else begins one; a group's shape follows its members. Then groups nearer
 * than 0.10 become one, and every beat goes to the nearest of those that are left, or to none if d > 0.35.
 * Source: J. A. Hartigan, Clustering Algorithms, 1975, ch. 3 (leaders). Distance and limits: TRIALS. */
#ifndef KYMO_BEATCLASS_CLUSTER_H
#define KYMO_BEATCLASS_CLUSTER_H

#include "algorithms/portrait.h"

enum { CLUSTER_MOST = 48, CLUSTER_ALL = PORTRAIT_LEADS * PORTRAIT_QRS };

struct cluster {
    float shape[CLUSTER_ALL], size;   /* size: |shape|^2 inside the shifts */
    size_t n;
};

struct clusters {
    struct cluster group[CLUSTER_MOST];
    size_t n;
};

/* d of two shapes. */
float cluster_distance(const float x[CLUSTER_ALL], const float c[CLUSTER_ALL]);

/* The least d of x and groups which[n]; 2 of none. */
float cluster_least(const struct clusters *all, const short *which, size_t n, const float x[CLUSTER_ALL]);

/* Groups beat[n]; shape_of gives a beat's shape. of[i]: its group, or -1. In order of size, the largest first. */
void cluster_beats(void (*shape_of)(const void *self, size_t i, float x[CLUSTER_ALL]), const void *self, size_t n,
                   struct clusters *all, short *of);

#endif
