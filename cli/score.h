/* cli/score.h - what the files of kymo score share. */
#ifndef KYMO_CLI_SCORE_H
#define KYMO_CLI_SCORE_H

#include "algorithms/beatmatch.h"
#include "algorithms/episodematch.h"
#include "algorithms/measurematch.h"
#include "algorithms/runmatch.h"
#include "lib/command.h"

enum score_what { SCORE_BEATS, SCORE_RUNS, SCORE_EPISODES, SCORE_MEASURES };

struct score_args {
    int what;
    const char *ref, *test;           /* annotators */
    struct kymo_time from, to;
    double window_s;
    int escapes;                      /* 0: S, 1: N */
    struct kymo_strings ignore, episodes;
    const char *mask, *measure;
    int64_t number;
    bool matrix, errors, ci;
    struct kymo_output_args out;
};

/* ---- one record: score_read.c ---- */

struct score_event {
    int64_t time, duration;           /* in units of 1/rate; duration 0: a moment */
    size_t order;
    int subtype;
    double value;                     /* NaN: none */
    char type[16];
    const char *text;
};

struct score_series {
    struct score_event *event;        /* in order of time */
    size_t n, cap;
    struct kymo_text_piece *text;
};

struct score_record {
    const char *path;
    struct kymo_ratio rate;           /* units of time in a second: samples, or nanoseconds where the record has none */
    int64_t start, end, window;       /* end -1: unknown */
    struct score_series ref, test;
    struct beatmatch_span *ignore;    /* in order, not overlapping */
    size_t n_ignore;
};

/* Reads both series of the record at PATH; test_operand is the command's first. release is for any record that read was
 * called on. */
int score_read(const struct kymo_call *call, const char *test_operand, const char *path, struct score_record *r,
               struct kymo_err *e);
void score_release(struct score_record *r);

const char *score_base_name(const char *path);   /* without its folder */

/* Episodes called NAME ("AF", "VF", a rhythm, a type with durations) in s: *all is malloc'ed. END as in score_record. */
int score_episodes(const struct score_series *s, const char *name, int64_t end, struct episode **all, size_t *n,
                   struct kymo_err *e);

/* The text of rhythm changes that begin such episodes in r; NULL where they are no rhythm. */
const char *score_rhythm(const struct score_record *r, const char *name);

/* ---- its comparison, and what is printed: score_compare.c, score_table.c, score_text.c ---- */

/* Of one record and, where there are several, one group: ventricular or supraventricular runs, a kind of episode. */
struct score_result {
    const char *record;
    const char *group;
    double rate_hz;
    union {
        struct {
            struct beatmatch_table table;
            double rr_square_sum;     /* ms^2 */
            int64_t n_rr;
            double shutdown_s;
        } beats;
        struct runmatch runs;
        struct episodematch episodes;
        struct measurematch measures;
    };
    const char *note;
};

/* A call of the command. */
struct score_run {
    const struct kymo_call *call;
    const struct score_args *args;
    enum score_what what;
    struct score_result *result;      /* result[n], n_groups of each record following each other */
    size_t n, n_groups;
    struct kymo_output *out;
    struct kymo_table *table;
    struct kymo_header no_signals;    /* for rows of events */
};

static inline int score_no_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to compare"); }

/* Reads and compares the record at PATH, and adds its results to s; with --errors, their rows go to the table. */
int score_compare(struct score_run *s, const char *path, struct kymo_err *e);

/* Begins the table of s with these columns; put_table begins that of the numbers, fills and ends it. */
int score_open_table(struct score_run *s, const struct kymo_column *column, size_t n, struct kymo_err *e);
int score_put_table(struct score_run *s, struct kymo_err *e);

/* Tables in the form of the reference programs, of n results in groups of n_groups that follow each other. */
int score_put_text(struct kymo_output *out, enum score_what what, const struct score_result *all, size_t n, size_t n_groups,
                   struct kymo_err *e);

/* Matrices: a row for each class or length of the reference. */
int score_put_matrix(struct kymo_output *out, enum kymo_table_form form, enum score_what what, const struct score_result *all,
                     size_t n, size_t n_groups, struct kymo_err *e);

#endif
