/* algorithms/hrv_recurrence.h - recurrence plot quantification.
 *
 *   R(j, k) = 1 where the Euclidean distance of the templates j and k, of m intervals, is at most r; N templates
 *   REC     100 sum of R / N^2, the line of identity j = k with it
 *   lines   of l points in a row along a diagonal, l >= 2, j < k only: the line of identity is none, and the plot is
 *           symmetric; n_l of length l
 *   DET     100 sum of l n_l / sum over j < k of R
 *   L       mean length, sum of l n_l / sum of n_l       Lmax    the longest
 *   ENTR    -sum of p_l ln p_l, p_l = n_l / sum of n_l
 *
 * Usual, as in Kubios: m = 10, lag 1, r = sqrt(m) SD. Sources: C. L. Webber, J. P. Zbilut, J. Appl. Physiol. 76:965-973,
 * 1994; N. Marwan et al., Phys. Rep. 438:237-329, 2007, eqs. 42-50; M. P. Tarvainen et al., Comput. Methods Programs
 * Biomed. 113:210-220, 2014 (Kubios). A template never spans a break, and a line ends at one. */
#ifndef KYMO_HRV_RECURRENCE_H
#define KYMO_HRV_RECURRENCE_H

#include "algorithms/hrv_embed.h"

struct hrv_recurrence_opt {
    size_t m;              /* 2..64 */
    double r;              /* >= 0: in sqrt(m) standard deviations (n-1) of all intervals, or ms */
    bool r_is_ms;
};

#define HRV_RECURRENCE_USUAL ((struct hrv_recurrence_opt){.m = 10, .r = 1})

struct hrv_recurrence {
    double rec_pct;                /* NaN with fewer than 2 templates, all intervals equal where r is in SD, or more than */
    double det_pct;                /* HRV_PAIRS_MAX intervals: all NaN; also where nothing recurs */
    double l_mean, l_max, entr;    /* lengths in intervals; NaN without a line, too */
    double r_ms;
};

/* Fills *out; times are not needed. Returns 0, or KYMO_EUSAGE, KYMO_ENOMEM. */
int hrv_recurrence(const struct nn_series *nn, const struct hrv_recurrence_opt *opt, struct hrv_recurrence *out,
                   struct kymo_err *e);

#endif
