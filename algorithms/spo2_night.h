/* algorithms/spo2_night.h - all measures of a night of SpO2, or of a part of it, in one structure.
 *
 * What they are is in the headers of spo2_general, spo2_complexity, spo2_entropy, spo2_prsa, spo2_psd, spo2_shape, spo2_low and
 * response; here they get their denominators. A desaturation or respiratory event belongs to the part in which it begins, and
 * is measured as a whole. */
#ifndef KYMO_SPO2_NIGHT_H
#define KYMO_SPO2_NIGHT_H

#include "algorithms/desat.h"
#include "algorithms/response.h"
#include "lib/err.h"

enum { SPO2_DROP_2, SPO2_DROP_3, SPO2_DROP_4, SPO2_RULE, SPO2_LISTS };   /* lists of desaturations: by drop, and of the rule */

/* A night at 1 Hz, second 0..n-1; the caller's. */
struct spo2_night {
    size_t n;
    const double *x_pct;          /* [n] NaN: no sample */
    const double *pulse_per_min;  /* [n] NaN: no sample; or NULL */
    const unsigned char *asleep;  /* [n] 1: asleep; or NULL where nobody knows */
    const struct desat *desat[SPO2_LISTS];   /* in order of time, end < n */
    size_t n_desats[SPO2_LISTS];
    const struct response_event *respiratory;   /* in order of time, onset <= end < n; NULL where nobody knows */
    size_t n_respiratory;         /* 0 with NULL */
    const struct response_event *fall;   /* [n_desats[SPO2_RULE]] of each desaturation of the rule, onset to nadir */
    struct response_window burden_window, pulse_window;   /* see spo2_set_windows */
    double level_pct;             /* of CT and CA */
};

/* Its seconds from..to-1, of them those whose group is wanted. */
struct spo2_part {
    size_t from, to;
    const unsigned char *group;   /* [n] or NULL: all */
    unsigned char wanted;
};

/* NaN: cannot be given. Times in h, rates per h, the rest in units of the columns of kymo spo2. */
struct spo2_measures {
    double recording_h, valid_h, sleep_h;   /* sleep_h: valid or not */
    double n_desats, odi, odi_valid, odi_sleep;   /* of the rule */
    double odi2, odi3, odi4, odi2_valid, odi3_valid, odi4_valid, odi2_sleep, odi3_sleep, odi4_sleep;
    double t95, t90, t88, t85, t80;
    double av, med, min, sd, rg, p1, p5, p25, p75, p95, m, zc, di, k, sk, mad;
    double apen, lz, ctm, sampen, dfa;
    double prsac, prsaad, prsaos, prsasb, prsasa, ac;
    double psd_total, psd_band, psd_ratio, psd_peak;
    double dl_u, dl_sd, dla_u, dla_sd, dlb_u, dlb_sd, da100_u, da100_sd, damax_u, damax_sd;
    double dd100_u, dd100_sd, ddmax_u, ddmax_sd, ds_u, ds_sd, td_u, td_sd;
    double ca, ct, pod, aodmax, aod100;
    double burden_desat;          /* area of the desaturations below their own baselines, %min per valid hour */
    double n_respiratory, burden, burden_from_s, burden_to_s;   /* response.h, %min per valid hour, of sleep if that is known */
    double pulse_rise;            /* after respiratory events, or after desaturations where those are unknown */
};

/* Fills the windows of responses, which are those of the whole night whatever the part. Cannot fail. */
void spo2_set_windows(struct spo2_night *night);

/* Measures the part. Returns 0, or KYMO_ENOMEM. */
int spo2_measure(const struct spo2_night *night, const struct spo2_part *part, struct spo2_measures *out, struct kymo_err *e);

#endif
