/* algorithms/beatclass_features.h - what the trees of beatclass.c are asked about: the features of a beat, each a number, told
 * from a view of its recording (beatclass_view.h). Not for others.
 *
 * A new feature gets a name here, its value in beatclass_features.c and, if log-odds may only rise or only fall with it, a
 * place in set_directions of model/train_beats.c; "make model-beats" then learns anew. What it needs of all beats belongs to
 * the view.
 *
 * Ratios are natural logarithms, -2..2; what is not known is what is usual. */
#ifndef KYMO_BEATCLASS_FEATURES_H
#define KYMO_BEATCLASS_FEATURES_H

#include "algorithms/beatclass_view.h"

/* Ventricular or not, without knowing what is normal in this recording; then with it. */
enum feature_v {
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
    FEATURES_FIRST,                      /* so many for the first look */
    FV_WIDER = FEATURES_FIRST, FV_WIDER_LEAST, FV_SPREADER, FV_SPREADER_LEAST,   /* ln over normal */
    FV_LOUDER, FV_LOUDER_LEAST,          /* ln of the amplitude over that of the normals round it, of the leads */
    FV_D, FV_D_LOCAL, FV_R, FV_R_LEAST,  /* distance from the nearest normal shape, from that of the 16 normals round it; */
                                         /* correlation with the latter in the leads */
    FV_T_R, FV_T_D,                      /* T wave: correlation with normal, ln distance */
    FV_P_R,                              /* P window: correlation with normal, as FV_P_OWN */
    FV_IRREGULAR,
    FV_R_PREV, FV_R_NEXT,                /* correlation with the beats beside it */
    FV_NOISIEST,                         /* noise of the noisiest lead over the usual amplitude */
    FV_AROUND_D, FV_AROUND_P,            /* of the 4 beats on either side: distance from the normals round them, of which a */
                                         /* fifth lie below, and median ln size of the P windows over the usual. In noise */
                                         /* neighbours change too */
    FV_QUALITY,                          /* of the detector; 1 where it is not known */
    FEATURES_V
};

/* Supraventricular ectopic or not. The first FEATURES_RR can be told from times alone. */
enum feature_s {
    FS_PRE, FS_POST, FS_PRE_PREV, FS_PRE_POST, FS_PRE_75, FS_PRE_90, FS_PAIR, FS_PREV, FS_NEXT,   /* ln of intervals */
    FS_IRREGULAR, FS_IRREGULAR_LONG,     /* median |change| over base, of 17 and 61 intervals */
    FS_ORDER,                            /* share of pairs of 51 intervals that differ by less than 6 %: 1 for a clock, 0.5 */
                                         /* for bigeminy, 0.1 to 0.3 in atrial fibrillation */
    FS_EARLY_SHARE, FS_QUARTILES,        /* share of early beats in 31; ln of the 75 % quantile over the 25 % one */
    FS_PRE_LONG, FS_RUN_90,              /* ln over the 90 % quantile of 301; PRE_90 over 5 beats */
    FS_V_PREV, FS_V_NEXT,                /* the beat beside it is ventricular */
    FS_ONSET, FS_END,                    /* in a run that began, or ends, at once: ln of the interval over those outside */
    FS_NEAR_75, FS_NEAR_90,              /* ln over quantiles of the 10 intervals on either side */
    FS_RUN_ONSET, FS_RUN_END, FS_RUN_UNEVEN, FS_RUN_LENGTH, FS_RUN_RR,   /* of its run: means of ONSET and END, mean |change| */
                                         /* over interval, ln of beats, ln of interval over 0.6 s */
    FS_RUN_STEP,                         /* ln of its first interval over the usual one before */
    FS_RUN_HALF,                         /* how far its intervals are from half of those before: as where a block ends */
    FEATURES_RR,
    FS_P_LESS = FEATURES_RR, FS_P_LOCAL, /* correlation with the P of all, and of the 48 beats round it, as FV_P_OWN */
    FS_P_STEADY,                         /* P consistency (portrait.h), median over 49 beats */
    FS_P_D, FS_P_LOUD,                   /* ln distance from the P of all, and ln size of the P window, over the usual */
    FS_LATE_LESS, FS_LATE_MORE,          /* where there are two kinds of P wave, else 0: correlation with that of the latest */
    FS_LATE_RUN,                         /* beats, less what is usual for them; ln distance from it over that from the P of */
                                         /* all; LATE_LESS over 5 beats */
    FS_P_RANK, FS_P_RUN,                 /* correlation with the P of all, less the usual, over how far it usually falls; the */
                                         /* same over 5 beats */
    FS_RUN_P,                            /* the same over its run */
    FS_D, FS_WIDER,                      /* as FV_D_LOCAL, FV_WIDER */
    FS_QUALITY,
    FEATURES_S
};

void feature_first(const struct beatclass_view *v, size_t i, float f[FEATURES_FIRST]);
void feature_v(const struct beatclass_view *v, size_t i, float f[FEATURES_V]);     /* the first among them */
void feature_s(const struct beatclass_view *v, size_t i, float f[FEATURES_S]);     /* without portraits the first FEATURES_RR */

#endif
