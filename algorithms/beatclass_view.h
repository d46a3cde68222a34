/* algorithms/beatclass_view.h - what is said of a beat beside all others of its recording: the numbers that the trees of
 * beatclass.c are asked about. Not for others.
 *
 * Intervals in units of a local one: base is the median of those within 20 % of the median of 51 round the beat. P waves: per
 * stretch of 2048 beats two pictures are made, each the median of many P windows: that of all beats, and that of the beats that
 * come latest after the one before. After a pause the sinus speaks first; so where most beats are ectopic, the two differ, and
 * the second is the sinus. What is ventricular is left out of both, as soon as it is known. */
#ifndef KYMO_BEATCLASS_VIEW_H
#define KYMO_BEATCLASS_VIEW_H

#include "algorithms/beatclass.h"
#include "algorithms/beatclass_cluster.h"

enum { VIEW_STRETCH = 2048, VIEW_P = PORTRAIT_LEADS * PORTRAIT_P, VIEW_NORMALS = 5 };

/* Ventricular or not, without knowing what is normal in this recording; then with it. */
enum view_v {
    FV_PRE, FV_POST, FV_PRE_PREV, FV_POST_PRE, FV_PAIR,      /* ln of intervals over base, over each other, */
    FV_PRE_25,                           /* over the 25 % quantile: nothing is early in an irregular rhythm */
    FV_WIDTH, FV_WIDTH_LEAST, FV_SPREAD, FV_SPREAD_LEAST,    /* of the leads the widest and the narrowest, s */
    FV_WIDER_ALL, FV_SPREADER_ALL,       /* ln over what a quarter of the recording's beats lie below */
    FV_DISCORD,                          /* area of T against that of the QRS complex, -1..1 */
    FV_P_OWN,                            /* correlation of the P window with its group's, less what is usual, times that: */
                                         /* nothing where P waves are not seen anyway */
    FV_P_ALL,                            /* the same with that of all beats */
    FV_SHARE, FV_NOISE,                  /* ln share of its group in all beats; noise over amplitude */
    FV_G_PRE, FV_G_PRE_25, FV_G_WIDTH, FV_G_SPREAD, FV_G_DISCORD, FV_G_P, FV_G_P_ALL,     /* means over the group */
    VIEW_FIRST,                          /* so many for the first look */
    FV_WIDER = VIEW_FIRST, FV_WIDER_LEAST, FV_SPREADER, FV_SPREADER_LEAST, FV_LOUDER, FV_LOUDER_LEAST,   /* ln over normal */
    FV_D, FV_D_LOCAL, FV_R, FV_R_LEAST,  /* distance from the nearest normal shape, from that of the 16 normals round it; */
                                         /* correlation with the latter in the leads */
    FV_T_R, FV_T_D,                      /* T wave: correlation with normal, ln distance */
    FV_P_R,                              /* P window: correlation with normal, as FV_P_OWN */
    FV_IRREGULAR,
    FV_R_PREV, FV_R_NEXT,                /* correlation with the beats beside it */
    VIEW_V
};

/* Supraventricular ectopic or not. The first VIEW_RR can be told from times alone. */
enum view_s {
    FS_PRE, FS_POST, FS_PRE_PREV, FS_PRE_POST, FS_PRE_75, FS_PRE_90, FS_PAIR, FS_PREV, FS_NEXT,   /* ln of intervals */
    FS_IRREGULAR, FS_IRREGULAR_LONG,     /* median |change| over base, of 17 and 61 intervals */
    FS_ORDER,                            /* share of pairs of 51 intervals that differ by less than 6 %: 1 for a clock, 0.5 */
                                         /* for bigeminy, 0.1 to 0.3 in atrial fibrillation */
    FS_EARLY_SHARE, FS_QUARTILES,        /* share of early beats in 31; ln of the 75 % quantile over the 25 % one */
    FS_PRE_LONG, FS_RUN_90,              /* ln over the 90 % quantile of 301; PRE_90 over 5 beats */
    FS_V_PREV, FS_V_NEXT,                /* the beat beside it is ventricular */
    VIEW_RR,
    FS_P_LESS = VIEW_RR, FS_P_LOCAL,     /* correlation with the P of all, and of the 48 beats round it, as FV_P_OWN */
    FS_P_STEADY,                         /* P consistency (portrait.h), median over 49 beats */
    FS_P_D, FS_P_LOUD,                   /* ln distance from the P of all, and ln size of the P window, over the usual */
    FS_LATE_LESS, FS_LATE_MORE,          /* where there are two kinds of P wave, else 0: correlation with that of the latest */
    FS_LATE_RUN,                         /* beats, less what is usual for them; ln distance from it over that from the P of */
                                         /* all; LATE_LESS over 5 beats */
    FS_D, FS_WIDER,                      /* as FV_D_LOCAL, FV_WIDER */
    VIEW_S
};

struct view_stretch {
    float scale[PORTRAIT_LEADS];         /* usual amplitude */
    float p_weight[PORTRAIT_LEADS];      /* of the P windows, so that quiet leads count */
    float p_all[VIEW_P], p_late[VIEW_P];
    float p_level, late_level, agree, late_gap, p_far, p_loud;
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
};

struct beatclass_view {
    size_t n, n_leads;
    const struct beatclass_beat *beat;
    const struct portrait *portrait;     /* or NULL */
    float *room;                         /* all below, one after the other */
    float *pre;                          /* pre[n + 1]: interval before the beat; NaN where it is none */
    struct view_rhythm rhythm;
    float *p_all_r, *p_late_r, *p_like, *p_steady;
    struct view_stretch *stretch;
    size_t n_stretches;
    struct clusters *clusters;
    short *cluster;
    struct view_group *group;
    unsigned char *ventricular, *normal; /* as known so far */
    float width25, spread25, normal_width, normal_spread;
    float normal_t[PORTRAIT_LEADS * PORTRAIT_T], normal_p[VIEW_P], normal_p_level;
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

/* Rhythm and P pictures anew, without what is ventricular; for_s: also what only
 * view_s needs. */
void view_set_rhythm(struct beatclass_view *v);
void view_set_p(struct beatclass_view *v, bool for_s);

/* Means over the groups; then, once v->normal is set, what is normal. */
void view_set_groups(struct beatclass_view *v);
void view_set_normals(struct beatclass_view *v);

void view_first(const struct beatclass_view *v, size_t i, float f[VIEW_FIRST]);
void view_second(const struct beatclass_view *v, size_t i, float f[VIEW_V]);   /* the first among them */
void view_s(const struct beatclass_view *v, size_t i, float f[VIEW_S]);        /* without portraits VIEW_RR */

#endif
