/* algorithms/stress.h - the course of a noise stress test: when noise is on, and how it comes and goes without a step.
 *
 *   clean for clean_ns, then in turn noise for on_ns and none for the rest of period_ns; period_ns = on_ns: noise to the end.
 *   added[i] = gain noise[i] + offset   while noise is on; offset is set when it comes on, so that noise goes on from where
 *                                       the signal is: offset = added[i-1] - gain noise[i-1]
 *   added[i] = added[i-1]               while it is off: a clean segment is the source plus a constant
 *
 * Source: G. B. Moody, W. E. Muldrow, R. G. Mark, A noise stress test for arrhythmia detectors, Comput. Cardiol. 11:381-384,
 * 1984, and the program nst of WFDB. */
#ifndef KYMO_STRESS_H
#define KYMO_STRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Times from the start, each 0..INT64_MAX/4, on_ns > 0. */
struct stress_course {
    int64_t clean_ns, on_ns, period_ns;
};

/* Whether there is noise at ns from the start. */
bool stress_is_on(const struct stress_course *c, int64_t ns);

/* When the noise comes on (change 0, 2, ...) and goes off (1, 3, ...). Of noise that lasts there is change 0 only. */
int64_t stress_change_ns(const struct stress_course *c, int64_t change);
bool stress_lasts(const struct stress_course *c);

/* The coming on of the noise that is on at ns or, if none is, comes next. */
int64_t stress_change_at(const struct stress_course *c, int64_t ns);

/* Zeroed but for the gain to begin with. */
struct stress_mix {
    double gain;
    double before;                /* of the noise, the sample before */
    double offset, added;
    bool begun, on;
};

/* What is to be added to a sample, of the noise's unit times gain. Noise runs along, whether it is on or not. */
double stress_mix_next(struct stress_mix *s, double noise, bool on);

#endif
