/* algorithms/af.h - atrial fibrillation from the times of beats and, where there is a signal, from P waves that do not repeat.
 *
 * A hidden Markov chain: at each beat the heart is in one of AF_STATES rhythms, some of them fibrillation, the others sinus
 * rhythm, breathing arrhythmia, bigeminy and what else a heart does; each rhythm has its own idea of which interval follows two
 * others. Both ways along the recording the evidence adds up, so an episode is as short or as long as its beats say, and no
 * window blurs its ends.
 *
 *   x[i]   ln of the interval that ends with beat i; intervals round one or two ventricular beats are their common mean
 *   u[i]   the usual interval: median of the 31 round it; where those of the 16 up to it and of the 16 from it on differ by
 *          more than 0.35, the one of these two that is nearer to x[i], so that no edge of an episode looks irregular
 *   b[i]   bin of x[i] - u[i], limits +-.02 .06 .12 .20 .33; none where an interval is no 0.15..3 s
 *   p(state s at i | all) by forward and backward recursion, with the likelihood of s at i
 *          p(b[i] | b[i-1], b[i-2], s)^AF_RR_WEIGHT * (s is fibrillation ? exp(P evidence) : 1)
 *          where these two medians differ by 0.3, episodes begin (the later one is shorter) or end 30 times as easily
 *   steady intervals, b[i-2], b[i-1] and b[i] all within 6 %, are in fibrillation at most 0.45 times as likely as in what they
 *          fit best
 *   intervals of two lengths, mixed, as of block, bigeminy and parasystole: fibrillation is exp(AF_TWO_LENGTHS) times as likely
 *          there, where a tenth at most of the variation of the 31 x round i, 16 at least, is within the two groups that leave
 *          least, one in five or more is of another group than the one before, and the median of the shorter ones is 0.52 s or
 *          more
 *
 * Intervals of one breath or one bigeminy resemble each other more than a chain supposes, hence the weight below 1. The P
 * evidence of a beat is AF_P_SLOPE (AF_P_EVEN - artanh c) within limits, c the median P consistency (af_p.h) of the 25 beats
 * round it that are not ventricular, in the better lead; where those of the 13 up to it and of the 13 from it on differ by more
 * than 0.3, the one that the median of the 5 round it is nearer to. Waves that repeat speak against fibrillation more than
 * their absence, which may be noise, speaks for it. But where part of the recording around shows its P waves, a few beats
 * without them are a sign of fibrillation of their own: short episodes have too few intervals to be known by these alone.
 *
 * Sources: L. R. Rabiner, A tutorial on hidden Markov models, Proc. IEEE 77:257-286, 1989 (recursions, scaling); G. B. Moody
 * and R. G. Mark, A new method for detecting atrial fibrillation using R-R intervals, Comput. Cardiol. 10:227-230, 1983 (a
 * Markov model of intervals by their ratio to the local mean). Sub-rhythms, contexts of two and P evidence are ours. */
#ifndef KYMO_AF_H
#define KYMO_AF_H

#include "algorithms/af_model.h"
#include "lib/err.h"

#include <stddef.h>

enum { AF_LEADS = 2 };
/* Flags of a beat: it is no sign of the atria; no interval ends with it; whether and when it was is not sure, as in noise, so
 * that its intervals tell nothing. */
enum { AF_VENTRICULAR = 1, AF_AFTER_BREAK = 2, AF_UNSURE = 4 };

struct af_beats {
    const double *time_s;             /* ascending */
    const unsigned char *flags;
    const float *p_like[AF_LEADS];    /* P consistency of each beat in a lead, -1..1, NaN: none (af_p.h); or NULL */
    size_t n;
};

/* symbol[n] of each beat's interval and the two before, (b[i-2] * AF_BINS + b[i-1]) * AF_BINS + b[i]; -1 where there are none.
 * step[n]: -1 where the intervals become shorter, 1 where they become longer, else 0. Returns 0 or KYMO_ENOMEM. */
int af_symbols(const struct af_beats *beats, int16_t *symbol, signed char *step, struct kymo_err *e);

/* two[n]: 1 where the intervals round a beat are of two lengths, mixed, else 0. Returns 0 or KYMO_ENOMEM. */
int af_two_lengths(const struct af_beats *beats, unsigned char *two, struct kymo_err *e);

/* p[n]: how probable it is that the interval which ends with each beat belongs to fibrillation, 0..1, from the symbols and
 * steps of the same beats. Returns 0 or KYMO_ENOMEM. */
int af_probability(const struct af_beats *beats, const int16_t *symbol, const signed char *step, float *p, struct kymo_err *e);

/* ---- for model/train_af.c ---- */

#define AF_RR_WEIGHT 0.35
#define AF_TWO_LENGTHS (-0.4)   /* log-odds for fibrillation of a beat amid two lengths */
/* Log-odds for fibrillation of each beat where there is no signal: what leads without P waves give at most is five times as
 * much. On models that had not seen the record, 0.008 finds 97.4 % of the fibrillation of ltafdb, 0.012 97.9 %, and nsrdb has
 * three quarters more that is false. */
#define AF_NO_SIGNAL 0.012

/* What a piece without breaks is judged by; pointers but symbol may be NULL. */
struct af_evidence {
    const int16_t *symbol;
    const signed char *step;
    const float *for_af;              /* factor of the likelihood of fibrillation */
    const unsigned char *known;       /* 0: in no state of fibrillation, 1: in one */
    size_t n;
};

/* gamma[n][AF_STATES]: the probability of each state at each beat, given the likelihood of each symbol in each state. */
void af_recursion(const struct af_evidence *evidence, double likelihood[AF_STATES][AF_SYMBOLS], float (*gamma)[AF_STATES]);

#endif
