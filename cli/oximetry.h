/* cli/oximetry.h - the oximetry of a recording: its SpO2, and the pulse rate beside it, read as a whole and cleaned. For kymo
 * desat and kymo spo2.
 *
 * SpO2 is the signal that -s names, else the first of kind spo2 whose unit is one of saturation. It comes in per cent: where
 * the file does not say that it is in per cent, and all readings lie in 0..1, they are fractions. */
#ifndef KYMO_CLI_OXIMETRY_H
#define KYMO_CLI_OXIMETRY_H

#include "algorithms/spo2_clean.h"
#include "lib/command.h"

#define OXIMETRY_FASTEST_HZ 25.0   /* no oximeter has more news: a faster signal is thinned, see step */

/* From value number first on, values follow each other, from time ns and the signal's sample number sample on. */
struct oximetry_segment {
    size_t first;
    int64_t ns, sample;
};

/* One signal, a value for each of its samples from the first to the last, on one grid: x[i] is NaN where there is none, as in
 * gaps, however long. */
struct oximetry_series {
    int signal;                   /* in the header; -1: there is no such signal */
    struct kymo_ratio rate;       /* of x */
    double fs_hz;                 /* the same */
    int64_t step;                 /* samples of the signal in a value: 1, or more where it is faster than OXIMETRY_FASTEST_HZ:
                                     then x[i] is the median, the lower of two, of what there is of them */
    double *x;
    size_t n, cap;
    struct oximetry_segment *segment;   /* at least 1 if n > 0 */
    size_t n_segments;
};

struct oximetry {
    struct kymo_header hdr;       /* of the recording; all signals, all tracks */
    const char *name;             /* of the recording as the user gave it, or "stdin" */
    struct oximetry_series spo2, pulse;   /* % and per min */
    bool was_fraction;
    size_t count[SPO2_RULES];     /* values of spo2 that each rule of cleaning took */
};

struct oximetry_args {
    struct kymo_input_args in;
    bool raw, codes_kept, motion;
    double low_pct, high_pct, edge_s, steepest_pct_per_s, longest_flat_s;
    int (*on_event)(void *context, const struct kymo_event *ev, struct kymo_err *e);   /* no option: gets each event of the */
    void *context;                /* recording, and returns 0 or a negative code; NULL: nobody wants them */
};

#define OXIMETRY_OPTS(type, field) \
    KYMO_OPTS_SIGNAL(type, field.in), KYMO_OPTS_RANGE(type, field.in), KYMO_OPTS_SOURCE(type, field.in), \
    KYMO_OPT_FLAG('\0', "raw", type, field.raw, "take the samples as they are: no rule of cleaning"), \
    KYMO_OPT_FLAG('\0', "keep-codes", type, field.codes_kept, "take 0, -1, 127, 511 and the like for readings"), \
    KYMO_OPT_NUMBER('\0', "low", type, field.low_pct, "PCT", "50", "a lower reading is none"), \
    KYMO_OPT_NUMBER('\0', "high", type, field.high_pct, "PCT", "100", "a higher reading is none"), \
    KYMO_OPT_NUMBER('\0', "edge", type, field.edge_s, "SECONDS", "2", \
                    "readings so near a code or a reading out of range are none; 0: they are"), \
    KYMO_OPT_NUMBER('\0', "steepest", type, field.steepest_pct_per_s, "PCT_PER_S", "4", \
                    "a reading that is further below those before is none; 0: it is"), \
    KYMO_OPT_NUMBER('\0', "longest-flat", type, field.longest_flat_s, "SECONDS", "1800", \
                    "readings that stay equal for longer are none; 0: they are"), \
    KYMO_OPT_FLAG('\0', "motion", type, field.motion, "readings are none where the pulse rate is missing or jumps")

/* Reads the call's operand to its end and cleans it. *o is zeroed memory, and to be released whatever comes back: 0 or a
 * negative code. No signal of SpO2 is KYMO_EUSAGE, and lists the signals there are; one that -s names and that is none,
 * KYMO_EDATA. A recording without one valid sample is no error: count[SPO2_KEPT] is 0, oximetry_why_none says why. */
int oximetry_read(const struct kymo_call *call, const struct oximetry_args *args, struct oximetry *o, struct kymo_err *e);
void oximetry_release(struct oximetry *o);

/* When value i begins, in ns from the recording's start; i may be n. */
int64_t oximetry_time(const struct oximetry_series *s, size_t i);

/* Number in the signal of the first sample of value i. */
int64_t oximetry_sample(const struct oximetry_series *s, size_t i);

/* The series at 1 Hz: the median, the mean of the middle two, of the valid values that begin in each second of the recording;
 * slower than 1 Hz, a value also stands for the seconds until the next would begin. NaN where there is none: nothing is
 * filled in. *out[*n] is malloc'ed, out[0] is second *first_s from the recording's start. */
int oximetry_seconds(const struct oximetry_series *s, double **out, size_t *n, int64_t *first_s, struct kymo_err *e);

/* Why there is no valid sample, in words; NULL if there is one. */
const char *oximetry_why_none(const struct oximetry *o);

/* "codes 12.5 s, range 3 s" of what cleaning took, "nothing" if it took nothing. cap >= 240. */
void oximetry_tell_cleaning(const struct oximetry *o, char *text, size_t cap);

#endif
