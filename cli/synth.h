/* cli/synth.h - what the files of kymo synth share. */
#ifndef KYMO_CLI_SYNTH_H
#define KYMO_CLI_SYNTH_H

#include "lib/command.h"

struct synth_args {
    const char *rate, *duration;  /* NULL: as the model has it */
    double hr_per_min, hr_sd_per_min, lf_hf, noise_mv, wander_mv, pvc;             /* of an ECG */
    double baseline_pct, drift_pct, flicker_pct, dips_per_h, averaging_s, step_pct, artefacts;   /* of SpO2 */
    const char *depth, *length, *code;
    int64_t seed;
    struct kymo_output_args out;
};

/* The number that text is, or *value as it was where text is NULL. Returns 0 or KYMO_EUSAGE. */
int synth_number(const char *name, const char *text, double *value, struct kymo_err *e);

/* The rate of a signal. */
int synth_rate(double rate_hz, struct kymo_ratio *rate, struct kymo_err *e);

/* Makes a night of oximetry and writes it. */
int synth_spo2(const struct kymo_call *call, struct kymo_err *e);

#endif
