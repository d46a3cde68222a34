/* algorithms/hrv_poincare.h - the Poincare plot: its ellipse, and heart rate asymmetry.
 *
 *   points    (x, y) = (NN[i-1], NN[i]), only where interval i begins where interval i-1 ends; n of them
 *   SD1, SD2  standard deviations (n-1) of (y - x)/sqrt 2 and of (x + y)/sqrt 2: across and along the line of identity
 *   area      pi SD1 SD2
 *   CSI       SD2 / SD1        modified CSI   4 SD2^2 / SD1        CVI   log10(16 SD1 SD2)
 *
 * Decelerations are points above the line (y > x), accelerations those below; |y - x| <= NN_SLACK_MS lies on it. With
 * d = |y - x| / sqrt 2 the distance to the line, t = |atan(y/x) - pi/4|, S = t (x^2 + y^2) / 2 the area of the sector, and
 * q = (x - mean x + y - mean y) / sqrt 2:
 *
 *   Guzik's index     100 sum of d over decelerations / sum of d
 *   slope index       100 sum of t over decelerations / sum of t
 *   area index        100 sum of S over decelerations / sum of S
 *   Porta's index     100 accelerations / (accelerations + decelerations)
 *   SD1d^2, SD1a^2    sum of d^2 over decelerations, accelerations / (n-1);        C1d = SD1d^2 / (SD1d^2 + SD1a^2)
 *   SD2d^2, SD2a^2    the same of q^2, points on the line half to each;            C2d = SD2d^2 / (SD2d^2 + SD2a^2)
 *   SDNNd^2, SDNNa^2  (SD1d^2 + SD2d^2) / 2, with a for a;                         Cd = SDNNd^2 / (SDNNd^2 + SDNNa^2)
 *
 * Sources: M. Brennan, M. Palaniswami, P. Kamen, IEEE Trans. Biomed. Eng. 48:1342-1347, 2001, eqs. 5-8 (SD1, SD2 of the
 * points; sqrt(2 SDNN^2 - SDSD^2/2), which others give for SD2, is the same but for the first and last interval);
 * M. Toichi et al., J. Auton. Nerv. Syst. 62:79-84, 1997 (CSI, CVI: lengths of 4 SD); J. Jeppesen et al., Seizure 24:1-7,
 * 2015 (modified CSI); P. Guzik et al., Biomed. Tech. 51:272-275, 2006; A. Porta et al., Am. J. Physiol. Regul. Integr.
 * Comp. Physiol. 295:R550-R557, 2008; J. Piskorski, P. Guzik, Physiol. Meas. 28:287-300, 2007 and Med. Biol. Eng. Comput.
 * 49:585-591, 2011 (SD1d ... Cd); C. Karmakar et al., Physiol. Meas. 30:1227-1240, 2009 (slope); C. Yan et al., Comput.
 * Math. Methods Med. 2017:7930283 (area). SD1d and SD1a are about the line of identity, SD1 about the mean, as there. */
#ifndef KYMO_HRV_POINCARE_H
#define KYMO_HRV_POINCARE_H

#include "algorithms/nn.h"

struct hrv_poincare {
    size_t n_points, n_decelerations, n_accelerations;
    double sd1_ms, sd2_ms, area_ms2;                              /* NaN with fewer than 2 points */
    double sd1_sd2, csi, csi_modified_ms, cvi;                    /* NaN, too, where SD1 or SD2 is 0 */
    double guzik_pct, slope_pct, area_pct, porta_pct;             /* NaN where no point is off the line */
    double c1d, c1a;                                              /* the same; NaN with fewer than 2 points */
    double c2d, c2a, cd, ca;                                      /* NaN where all intervals are equal; fewer than 2 points */
    double sd1d_ms, sd1a_ms, sd2d_ms, sd2a_ms, sdnnd_ms, sdnna_ms;   /* NaN with fewer than 2 points */
};

/* Fills *out; times are not needed. Cannot fail. */
void hrv_poincare(const struct nn_series *nn, struct hrv_poincare *out);

#endif
