/* algorithms/spo2_clean.h - which samples of an oximeter are a saturation.
 *
 * Rules, in this order; a sample is counted by the first that takes it, and becomes NaN. Nothing is ever filled in.
 *
 *   missing   NaN already
 *   code      what oximeters send for "no reading": 0 and less (0, -1), and above 100.5 (127, the largest of 7 bits; 255; 511,
 *             which is that of a pulse rate of 9 bits). What rounds to 100 is kept: an analog output overshoots.
 *   range     outside low..high
 *   jump      further below a sample before than saturation falls in the time between: x[k] - x[i] > the larger of steepest (a
 *             second, or the time between two samples) and a quarter of steepest (t[i] - t[k]), k the last one that was kept at
 *             least 1 s before i. The allowance grows with time, at the pace of a deep apnoea, so that a step that lasts is
 *             held for an artefact for seconds, not for the rest of the night. A rise is none: with the first breaths after an
 *             apnoea saturation comes back by up to 20 % in a second, but it does not fall by more than 3 or 4
 *   edge      within so long of a stretch that one of these took: a sensor comes off, and finds itself, slowly
 *   flat      in a stretch of equal samples that lasts longer than the limit: a display that is held, a wire that is off.
 *             Whole per cents stay equal for many minutes in a healthy sleeper: the limit is long
 *   motion    the pulse rate beside it is missing, outside 20..300 per min, or more than 30 per min away from what it was a
 *             second before
 *
 * Range and steepest fall are those of Levy et al., Digital oximetry biomarkers for assessing respiratory function, npj Digital
 * Medicine 4:1, 2021; there samples are cut out, so that time is lost. The other rules and limits are ours. */
#ifndef KYMO_SPO2_CLEAN_H
#define KYMO_SPO2_CLEAN_H

#include <stdbool.h>
#include <stddef.h>

enum spo2_rule {
    SPO2_KEPT, SPO2_MISSING, SPO2_CODE, SPO2_RANGE, SPO2_JUMP, SPO2_EDGE, SPO2_FLAT, SPO2_MOTION, SPO2_RULES
};

struct spo2_clean_options {
    bool codes, motion;
    double low_pct, high_pct;     /* low >= high: no such rule */
    double steepest_pct_per_s, edge_s, longest_flat_s;   /* 0: no such rule */
};

extern const struct spo2_clean_options spo2_clean_defaults;   /* codes, 50..100 %, 4 %/s, 2 s, 1800 s, no motion */

/* x[n], in per cent at fs_hz, is cleaned in place; pulse_per_min[n] lies beside it, or is NULL: no motion rule. why[n] becomes
 * the enum spo2_rule of each sample, count[SPO2_RULES] how many there are of each. */
void spo2_clean(double *x, size_t n, double fs_hz, const double *pulse_per_min, const struct spo2_clean_options *o,
                unsigned char *why, size_t count[SPO2_RULES]);

const char *spo2_rule_name(enum spo2_rule rule);   /* "jump" */

#endif
