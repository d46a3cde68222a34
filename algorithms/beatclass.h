/* algorithms/beatclass.h - what kind of beat each one is, told from all beats of the recording.
 *
 * The recording's own shapes come first: QRS complexes are grouped (beatclass_cluster.h). Then learnt trees are asked
 * (beatclass_view.h says about what, beatclass_trees.h what they are):
 *   1. a first look, which knows nothing of this recording's normal beats: groups that do not look ventricular are normal;
 *   2. ventricular or not, beside those normals; of the log-odds four fifths are the mean over the group, and the larger the
 *      group, the more likely;
 *   3. of the others, supraventricular ectopic or not: intervals and P waves. Atrial fibrillation silences it, as trees were
 *      shown some. A run (beatclass_view.h) is one thing: other trees are asked about its beats, each gets the mean of their
 *      log-odds, and more in a longer run that is fast or begins clearly early.
 * Without portraits times alone are judged. Paced are groups of wide complexes with a sharp spike before them. Fusion, escape
 * and aberrant beats are not told from the others: the recordings at hand have too few patients with them to learn it from.
 *
 * Chances are those of models learnt from part of the records for records that they did not see, put right by a straight line
 * on log-odds for S; that of V is what the trees say, moved by what the size of
 * the group says on such records, and by the cut that was chosen.
 *
 * Sources: groups first, then classes: T. Teijeiro and others, IEEE J. Biomed. Health Inform. 22:409-420, 2018; trees:
 * J. H. Friedman, Ann. Stat. 29:1189-1232, 2001; features and figures: TRIALS. Ours: how sinus and ectopic P waves are parted.
 * */
#ifndef KYMO_BEATCLASS_H
#define KYMO_BEATCLASS_H

#include "algorithms/portrait.h"

struct beatclass_beat {
    double time_s;
    bool after_break;             /* no interval lies between the beat before and it */
    float quality;                /* of the detector, 0..1; NaN: not known */
};

enum beatclass_kind { BEATCLASS_N, BEATCLASS_S, BEATCLASS_V, BEATCLASS_F, BEATCLASS_P, BEATCLASS_KINDS };   /* P: paced, Q */

struct beatclass {
    float chance[BEATCLASS_KINDS];   /* sum 1 */
    char type[2];                 /* WFDB mnemonic: N S V / */
    short cluster;                /* group of its shape, 0 the largest; -1: of none, or there are no portraits */
};

struct beatclass_model;           /* beatclass_trees.h */

/* For training: told the features of each beat at each step (enum beatclass_step). */
struct beatclass_tap {
    void (*row)(void *self, int step, size_t i, const float *feature);
    void *self;
};

/* Classes of beat[n], portrait[n] of n_leads leads (NULL, 0: none), into out[n]. tap may be NULL. Returns 0 or KYMO_ENOMEM. */
int beatclass(const struct beatclass_beat *beat, const struct portrait *portrait, size_t n, size_t n_leads,
              const struct beatclass_model *model, const struct beatclass_tap *tap, struct beatclass *out, struct kymo_err *e);

#endif
