/* algorithms/qrs.h - finds the heart beats (QRS complexes) of an ECG of one or more leads, streamed.
 *
 * Each lead gives an energy, the steepness of a band round 14 Hz summed over the length of a QRS, and a local scale and
 * noise level of it (qrs_lead.h). Energies in units of their scale, weighted by how clear each lead is, make one detection
 * function; its maxima are candidates, about one and a half for each beat. Which candidates are beats is chosen five times, in
 * noise six times:
 *   1. by height and isolation: the best chain through them, with a cost for intervals that are short or long;
 *   2. and 3. by what the choice before tells of their surroundings: height, shape, width and rhythm beside the five
 *      accepted beats on either side (qrs_choice.c). So far all rules are made by hand;
 *   4. to 6. by learnt decision trees, which see the surroundings again and a bank of the shapes that the record has shown
 *      so far and for half a minute to come (qrs_review.h). The trees hold what tells a QRS from its rivals in many other
 *      records (model/qrs.list). In noise, where a beat need not make a maximum, they are shown what lies between the
 *      candidates, too.
 * No threshold is found at the start and then kept: levels follow from both sides in time, and after a gap all begins anew.
 *
 * Three modes, by how far they look ahead: with trees, QRS_LOOK_AHEAD_S; without (choices 1 to 3), QRS_FAST_S; online, as far
 * as the caller says: without trees, with levels from the past alone. Online 0.53 s go to the surroundings of a beat, 0.3 s to
 * a better one beside it, and the rest to what follows, for choices 2 and 3. The limits hold in silence and in noise too; but
 * the first levels of a segment take QRS_FIRST_S.
 *
 * Among the beats come stretches of noise, in which the detector could not tell, though it goes on choosing; online there are
 * none. They and the quality of a beat follow from how sure the last choice was of the candidates around (qrs_doubt.h).
 *
 * Fiducial: the largest deflection of the band-passed wave within 80 ms of the maximum of the detection function, over the
 * leads weighted as above, or an earlier one that has at least 0.8 of its size (0.6 if 80 ms earlier: a wide beat that rises
 * twice); on the input's grid, all delays taken out. On a clean ECG it lies within 15 ms of the R peak (30 ms below 100
 * samples per second), on the same side of it for the same shape.
 *
 * Sources: energy of a slope summed over a QRS length: J. Pan and W. J. Tompkins, IEEE Trans. Biomed. Eng. 32:230-236, 1985;
 * medians as levels: P. S. Hamilton, Comput. Cardiol. 29:101-104, 2002; the best chain is R. Bellman's dynamic programming;
 * trees: boosting (J. H. Friedman, Ann. Stat. 29:1189-1232, 2001), see model/boost.h. Ours: several leads in one function,
 * choosing by context, the bank, and quality. */
#ifndef KYMO_QRS_H
#define KYMO_QRS_H

#include "lib/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRS_LOOK_AHEAD_S 84.0     /* a beat is given out at most so long after it, */
#define QRS_FAST_S 30.0           /* without the learnt stage, */
#define QRS_ONLINE_S 2.5          /* and online usually, */
#define QRS_ONLINE_LEAST_S 0.8
#define QRS_ONLINE_MOST_S 3.0
#define QRS_FIRST_S 1.7           /* or so long, if that is more, in the first 1.5 s that are not flat */
#define QRS_BRIDGED_S 0.02        /* samples missing for so long are bridged; longer, in all leads, are a gap */
#define QRS_MOST_LEADS 32
#define QRS_SLOWEST_HZ 60.0       /* sampling rates */
#define QRS_FASTEST_HZ 10000.0

struct qrs;
struct qrs_model;   /* qrs_trees.h */

/* A beat; or, where noise > 0, a stretch of so many samples in which the detector could not tell. */
struct qrs_beat {
    int64_t sample;               /* of the input, counted from create or flush */
    double score;                 /* 0..1: log-odds of the last choice as a probability; no frequency was fitted to it */
    double quality;               /* 0..1: how little doubt there is about it and its surroundings (qrs_doubt.h) */
    int64_t noise;
};

struct qrs_options {
    const struct qrs_model *model;   /* the learnt stage; NULL: none, faster and less exact */
    bool online;                     /* without the learnt stage; */
    double look_ahead_s;             /* beats come within so long, QRS_ONLINE_LEAST_S..QRS_ONLINE_MOST_S; else not looked at */
};

/* For n_leads (1..QRS_MOST_LEADS) of one rate, fs_hz (60..10000). Options NULL: neither. Returns an object for qrs_destroy, or
 * NULL with *e set (KYMO_EUSAGE, KYMO_ENOMEM). About 0.25 MB and, for each lead, 0.1 MB (0.5 MB with trees), however long the
 * recording. */
struct qrs *qrs_create(double fs_hz, size_t n_leads, const struct qrs_options *options, struct kymo_err *e);

/* Most findings (beats and stretches of noise) that pushing n more samples can give; with n = 0, also one flush. */
size_t qrs_bound(const struct qrs *s, size_t n);

/* x[n_leads][n], any unit, polarity and offset; NaN: no sample. Findings that are certain now go to out, which has room for
 * qrs_bound(s, n), in order of time. Returns how many. Any split of the input gives the same findings. Cannot fail. */
size_t qrs_push(struct qrs *s, const double *const x[], size_t n, struct qrs_beat *out);

/* Input has ended: gives up to cap of the findings left. Call until 0; s is then as newly created. */
size_t qrs_flush(struct qrs *s, struct qrs_beat *out, size_t cap);

void qrs_destroy(struct qrs *s);   /* NULL is fine */

#endif
