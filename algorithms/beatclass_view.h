/* algorithms/beatclass_view.h - a recording's beats beside each other: what features (beatclass_features.h) are told from. Not
 * for others than beatclass.c and its parts.
 *
 *   beatclass_view.c     room, amplitudes, shapes;
 *   beatclass_rhythm.c   what is local of the intervals;
 *   beatclass_p.c        P waves;
 *   beatclass_normal.c   measures, means of groups, what is normal.
 *
 * Intervals in units of a local one: base is the median of those within 20 % of the median of 51 round the beat. P waves: per
 * stretch of 2048 beats two pictures are made, each the median of many P windows: that of all beats, and that of the beats that
 * come latest after the one before. After a pause the sinus speaks first; so where most beats are ectopic, the two differ, and
 * the second is the sinus. What is ventricular is left out of both, as soon as it is known. */
#ifndef KYMO_BEATCLASS_VIEW_H
#define KYMO_BEATCLASS_VIEW_H

#include "algorithms/beatclass.h"
#include "algorithms/beatclass_cluster.h"

enum {
    VIEW_STRETCH = 2048, VIEW_NORMALS = 5,
    VIEW_SAMPLED = 384,                  /* beats of a stretch that its pictures are made of, at most */
    VIEW_CHUNK = 8,                      /* normal beats of which one local shape is made */
    VIEW_P = PORTRAIT_LEADS * PORTRAIT_P, VIEW_T = PORTRAIT_LEADS * PORTRAIT_T
};

struct view_stretch {
    float scale[PORTRAIT_LEADS];         /* usual amplitude */
    float p_weight[PORTRAIT_LEADS];      /* of the P windows, so that quiet leads count */
    float p_all[VIEW_P], p_late[VIEW_P];
    float p_level, p_level_low, late_level, agree, late_gap, p_far, p_loud;
};

struct view_group {
    float p[VIEW_P], pre, pre25, width, spread, discord, p_own, p_all;
};

struct view_late {
    float late;
    size_t at;
};

/* What is local to a beat. */
struct view_rhythm {
    float *base, *q25, *q75, *q90, *q90_long, *irregular, *irregular_long, *early_share, *order;
    float *near75, *near90;              /* of the 10 intervals on either side */
    float *onset, *end;                  /* of a run: ln of its intervals over those before and behind it, 0 for none */
};

/* Intervals in a row that are of a run, by its onset or its end. */
struct view_run {
    size_t from, n;
    float rr, uneven;                    /* mean, s; mean |change| over it */
    float onset, end;                    /* means */
    float step;                          /* ln of its first interval over the usual one before */
    float p;                             /* mean of view_p_rank; view_set_p tells it for_s */
};

struct view_measure {
    float wide, narrow, spread, spread_least;   /* widths of the leads, s: the most and the least */
    float noise;                         /* over amplitude, mean of the leads */
    float discord;                       /* area of T against that of the QRS complex, -1..1 */
};

struct beatclass_view {
    size_t n, n_leads;
    const struct beatclass_beat *beat;
    const struct portrait *portrait;     /* or NULL */
    float *room;                         /* all below, one after the other */
    float *pre;                          /* pre[n + 1]: interval before the beat; NaN where it is none */
    struct view_rhythm rhythm;
    struct view_run *run;                /* run[n_runs], in order */
    size_t n_runs;
    float *p_all_r, *p_late_r, *p_like, *p_steady;
    float *p_loud;                       /* ln size of the P window over the usual */
    float *p_own;                        /* correlation of the P window with its group's, as view_less_than */
    float *unlike, *r_prev;              /* distance from the shape of the normals round it; correlation with the beat before */
    struct view_stretch *stretch;
    size_t n_stretches;
    struct view_measure *measure;
    struct clusters *clusters;
    short *cluster;
    struct view_group *group;
    unsigned char *ventricular, *normal; /* as known so far */
    float width25, spread25, normal_width, normal_spread;
    float normal_t[VIEW_T], normal_p[VIEW_P], normal_p_level;
    short normal_group[VIEW_NORMALS];    /* the largest, -1: none */
    float *local;                        /* [n_normals + 1][...]: see normals */
    size_t *normal_at, n_normals;        /* the normal beats */
    float (*sampled)[VIEW_P];            /* rooms to make pictures in */
    struct view_late *late;
};

/* Returns 0, or -1 without memory; release frees it then too. */
int view_init(struct beatclass_view *v, const struct beatclass_beat *beat, const struct portrait *portrait, size_t n,
              size_t n_leads);
void view_release(struct beatclass_view *v);

/* Rhythm and P pictures anew, without what is ventricular; for_s: also what only feature_s needs. */
void view_set_rhythm(struct beatclass_view *v);
void view_set_p(struct beatclass_view *v, bool for_s);

/* The run that beat i is of, or NULL. */
const struct view_run *view_run_of(const struct beatclass_view *v, size_t i);

/* Whether a beat of the run comes no earlier than the others, if these are enough to be judged as a whole. */
bool view_is_of_run(const struct beatclass_view *v, const struct view_run *run, size_t i);

/* Means over the groups; then, once v->normal is set, what is normal. */
void view_set_groups(struct beatclass_view *v);
void view_set_normals(struct beatclass_view *v);

/* ---- of a beat ---- */

struct view_stretch *view_stretch_of(const struct beatclass_view *v, size_t i);
size_t view_stretch_end(const struct beatclass_view *v, size_t k);

/* QRS complex and T wave in units of the leads' usual amplitude. */
void view_shape_of(const void *view, size_t i, float x[CLUSTER_ALL]);
void view_t_of(const struct beatclass_view *v, size_t i, float x[VIEW_T]);

/* The P windows of both leads, detrended and weighted; false where none is known. */
bool view_p_of(const struct beatclass_view *v, size_t i, float x[VIEW_P]);

/* Correlation of its P window with the P of all in units of how far that usually falls. */
float view_p_rank(const struct beatclass_view *v, size_t i);

/* A correlation less what is usual, times that. */
float view_less_than(float r, float level);

/* The shape of the 16 to 24 normal beats round it; false where there are none. */
bool view_local_of(const struct beatclass_view *v, size_t i, float x[CLUSTER_ALL]);

void view_measure(struct beatclass_view *v);   /* all of them */

#endif
