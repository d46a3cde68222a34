/* cli/spo2_read.h - a night of SpO2, read as a whole: its oximetry, its desaturations, what was scored of it. For kymo spo2 and
 * kymo report. */
#ifndef KYMO_CLI_SPO2_READ_H
#define KYMO_CLI_SPO2_READ_H

#include "algorithms/spo2_night.h"
#include "cli/desat_rule.h"
#include "cli/sleep.h"

struct spo2_args {
    struct oximetry_args oximetry;
    struct kymo_strings events;
    struct desat_rule_args rule;
    int by;
    double level_pct;
    int64_t window_s, step_s;
    const char *sleep_from_to;
    bool list;
    struct kymo_output_args out;
};

/* All that is known of a night. */
struct spo2_record {
    const struct spo2_args *args;
    struct oximetry o;
    struct sleep scoring;
    struct spo2_night night;      /* a view of what follows */
    double *second, *pulse;
    int64_t first_s;
    unsigned char *stage, *position, *asleep;   /* [n] */
    struct desat_night found[SPO2_LISTS];   /* their events in seconds of the series at 1 Hz */
    struct response_event *fall, *respiratory;
    char rule[640], cleaned[256];
};

extern const struct kymo_command kymo_cmd_spo2;   /* its options are those of struct spo2_args */

/* As they are where nobody says otherwise. Returns 0 or a negative code. */
int spo2_usual_args(struct spo2_args *args, struct kymo_err *e);

/* Reads the call's operand. args, whose samples are those that oximetry_read takes, must stay. release is for any record that
 * read was called on, which is zeroed memory before. */
int spo2_read(const struct kymo_call *call, const struct spo2_args *args, struct spo2_record *w, struct kymo_err *e);
void spo2_record_release(struct spo2_record *w);

#endif
