/* algorithms/hrv_prsa.h - deceleration and acceleration capacity by phase-rectified signal averaging.
 *
 *   anchors   intervals longer (DC) or shorter (AC) than the one before them, by more than NN_SLACK_MS and by at most limit
 *             of it: NN[i-1] < NN[i] <= (1 + limit) NN[i-1]; (1 - limit) NN[i-1] <= NN[i] < NN[i-1]
 *   X(k)      mean over the anchors i of NN[i+k]
 *   capacity  (X(0) + X(1) - X(-1) - X(-2)) / 4
 *
 * Source: A. Bauer et al., Lancet 367:1674-1681, 2006; Physica A 364:423-434, 2006; limit 5 %, against errors. An anchor
 * counts if half_width intervals before it and half_width from it on are there, unbroken. Only 2 are used: more only
 * leave out more anchors near ends and breaks, as programs do that show the whole averaged curve (30 is common). */
#ifndef KYMO_HRV_PRSA_H
#define KYMO_HRV_PRSA_H

#include "algorithms/nn.h"
#include "lib/err.h"

struct hrv_prsa_opt {
    double limit;          /* > 0, a part */
    size_t half_width;     /* >= 2 */
};

#define HRV_PRSA_USUAL ((struct hrv_prsa_opt){.limit = 0.05, .half_width = 2})

struct hrv_prsa {
    double dc_ms, ac_ms;   /* NaN without an anchor; AC is negative as a rule */
    size_t n_dc, n_ac;     /* anchors */
};

/* Fills *out; times are not needed. Returns 0, or KYMO_EUSAGE (limit or half_width out of range). */
int hrv_prsa(const struct nn_series *nn, const struct hrv_prsa_opt *opt, struct hrv_prsa *out, struct kymo_err *e);

#endif
