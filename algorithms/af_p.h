/* algorithms/af_p.h - P consistency: how alike what comes before a beat is to what comes before the beats round it. Waves that
 * repeat are P waves, of which fibrillation has none.
 *
 * The P window of a portrait, but only what is of the atria alone: it ends 80 ms before the beat, since the QRS complex begins
 * behind that, and it begins where the T wave of the beat before is over, 340 ms sqrt(RR / 1 s) after that beat, 340 ms at
 * most; both repeat in fibrillation too. Windows without their straight line, each divided by its size so that no artefact
 * outvotes the others, are added up over the 24 beats on either side; the consistency is the correlation of the own window
 * with the sum of the others, over that part of it that the own interval leaves free.
 *
 * Early beats of the atria have P waves of their own, which resemble each other: a beat is compared with those that come as
 * early as it, or do not, as long as there are 8; else with all. */
#ifndef KYMO_AF_P_H
#define KYMO_AF_P_H

#include "algorithms/af.h"
#include "algorithms/portrait.h"

/* like[n] of a lead, -1..1; NaN where a window is not known or too short, or the neighbours are too few. The portrait of beat i
 * is portrait[of[i]], symbol[] that of af_symbols(). AF_VENTRICULAR and AF_UNSURE beats are nobody's neighbours. */
void af_p_like(const struct af_beats *beats, const int16_t *symbol, const struct portrait *portrait, const size_t *of,
               size_t lead, float *like);

#endif
