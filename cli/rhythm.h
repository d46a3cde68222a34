/* cli/rhythm.h - what the files of kymo rhythm share. */
#ifndef KYMO_CLI_RHYTHM_H
#define KYMO_CLI_RHYTHM_H

#include "algorithms/rhythm_count.h"
#include "cli/heart.h"

struct rhythm_args {
    struct heart_args heart;
    struct kymo_output_args out;
    double af_s, vt_per_min, svt_per_min, brady_per_min, tachy_per_min, pause_s, asystole_s;
    int64_t brady_beats, tachy_beats;
    bool summary, hourly, changes;
};

/* A recording's beats and episodes. */
struct rhythm_record {
    struct heart heart;
    struct rhythm_beat *beat;     /* outside fibrillation of the ventricles, n of heart.n */
    size_t *of_heart;             /* its index there */
    size_t n;
    struct rhythm_span *noise, *gap, *silence;
    size_t n_noise, n_gaps, n_silences;
    struct rhythm_list list;      /* episodes */
    int64_t from_ns, end_ns;      /* what was looked at */
};

extern const struct kymo_command kymo_cmd_rhythm;   /* its options are those of struct rhythm_args */

/* The options of kymo rhythm as they are where nobody says otherwise. Returns 0 or a negative code. */
int rhythm_usual_args(struct rhythm_args *args, struct kymo_err *e);

/* Reads the call's operand and finds its episodes. release is for any record that read was called on. */
int rhythm_read(const struct kymo_call *call, const struct rhythm_args *args, struct rhythm_record *r, struct kymo_err *e);
void rhythm_record_release(struct rhythm_record *r);

/* What a beat of that mnemonic is to the rules: enum rhythm_type. */
unsigned char rhythm_type_of(const char *mnemonic);

/* The word for a kind of episodes in events: type and text, as kymo-rhythm(1) lists them; and in summaries. */
struct rhythm_word {
    const char *type, *text, *name;
};
const struct rhythm_word *rhythm_word(enum rhythm_kind kind);

/* What is counted, in the whole recording and in parts of it. start fails for want of memory; release is for any that was
 * started. Views of r. */
struct rhythm_counting {
    const struct rhythm_record *r;
    struct rhythm_input in;
    struct rhythm_span *lost;
    size_t n_lost;
};
int rhythm_counting_start(const struct rhythm_record *r, struct rhythm_counting *c, struct kymo_err *e);
void rhythm_counting_of(const struct rhythm_counting *c, int64_t from_ns, int64_t to_ns, struct rhythm_count *out);
void rhythm_counting_release(struct rhythm_counting *c);

/* Tables of --summary and --hourly. */
int rhythm_put_summary(const struct rhythm_record *r, struct kymo_output *out, enum kymo_table_form form, struct kymo_err *e);
int rhythm_put_hours(const struct rhythm_record *r, struct kymo_output *out, enum kymo_table_form form, struct kymo_err *e);

#endif
