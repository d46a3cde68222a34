/* cli/detector.h - the heart beats and gaps of a recording, block by block: which leads, where it is interrupted, when each
 * beat was, and the options that commands share. The method is in algorithms/qrs.h.
 *
 * Findings come in order of time: a beat has type "N", the first lead's signal and sample, how sure it is as value, and as
 * text the label of the pulse signal that stood in for the ECG, if one did; "noise" is a stretch with its duration in which
 * the detector could not tell; a "gap" is one between segments, at which the search begins anew, or a stretch in which no
 * lead has a sample. Their track is 0. */
#ifndef KYMO_CLI_DETECTOR_H
#define KYMO_CLI_DETECTOR_H

#include "cli/finding.h"
#include "lib/command.h"

#define DETECTOR_RATE_RANGE "15-300"

enum detector_model { DETECTOR_ALL, DETECTOR_ODD, DETECTOR_EVEN };
enum detector_pulse { DETECTOR_PULSE, DETECTOR_NO_PULSE };

struct detector_args {
    const char *rate_range;       /* NULL: DETECTOR_RATE_RANGE */
    int model;                    /* enum detector_model: the records that the learnt stage comes from */
    int pulse;                    /* enum detector_pulse: whether pulse signals stand in where the ECG cannot be read */
    bool fast, online;
    double look_ahead_s;          /* of online, for a person's heart */
};

#define DETECTOR_OPTS(type, field) \
    KYMO_OPT_STRING('\0', "rate-range", type, field.rate_range, "LO-HI", DETECTOR_RATE_RANGE, \
                    "heart rates that the species has, in beats per minute; 200-800: mouse"), \
    KYMO_OPT_FLAG('\0', "fast", type, field.fast, "leave out the learnt stage: half the time, two to three times the errors"), \
    KYMO_OPT_FLAG('\0', "online", type, field.online, "know a beat soon; without the learnt stage"), \
    KYMO_OPT_NUMBER('\0', "look-ahead", type, field.look_ahead_s, "SECONDS", "2.5", \
                    "online, know a beat within so long: 0.8..3"), \
    KYMO_OPT_CHOICE('\0', "pulse", type, field.pulse, "on|off", "on", \
                    "whether pressure and photoplethysmogram stand in where the ECG cannot be read"), \
    KYMO_OPT_CHOICE('\0', "model", type, field.model, "all|odd|even", "all", \
                    "the half of the training records that the learnt stage comes from, to score the other")

struct detector;

/* For recordings with header h, which stays the caller's: on the signals that NAMES selects (NULL: all), as far as they are
 * sampled like the first of them; log is told which are left out. args NULL: no options. NULL
 * with *e set. */
struct detector *detector_create(const struct kymo_header *h, const struct kymo_strings *names,
                                 const struct detector_args *args, const struct kymo_log *log, struct kymo_err *e);

/* An event comes at most so long after its time; a gap may come later, with the beat behind it. */
int64_t detector_latest_ns(const struct detector *d);

/* Takes the recording's next block; flush: there is none. Returns 0 or a negative code. */
int detector_push(struct detector *d, struct kymo_block *b, struct kymo_err *e);
int detector_flush(struct detector *d, struct kymo_err *e);

/* What the last push or flush made known: n findings, until the next. */
const struct finding *detector_found(const struct detector *d, size_t *n);

/* After flush, why no beat was found, in words; NULL if one was. */
const char *detector_why_none(const struct detector *d);

void detector_destroy(struct detector *d);   /* NULL is fine */

#endif
