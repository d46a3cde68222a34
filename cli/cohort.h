/* cli/cohort.h - what the files of kymo cohort share: tables of recordings joined into one, and its groups. */
#ifndef KYMO_CLI_COHORT_H
#define KYMO_CLI_COHORT_H

#include "algorithms/distribution.h"
#include "lib/columns.h"
#include "lib/command.h"

struct cohort_args {
    const char *by, *subjects, *subject_key, *group, *measures, *state;
    double k, excluded_pct;
    int64_t values;
    bool joined, outliers, triage;
    struct kymo_output_args out;
};

#define COHORT_NOWHERE SIZE_MAX

/* A table that was read. */
struct cohort_source {
    struct kymo_columns *table;
    size_t key;                   /* its column that names recordings, or subjects */
    size_t *row;                  /* [n records] its row for each recording, or COHORT_NOWHERE */
    bool of_subjects;
};

struct cohort_column {
    const struct cohort_source *source;
    size_t at;                    /* its column there */
    const char *name;             /* in the joined table */
    bool is_key;                  /* it names recordings or subjects, and is no measure */
};

/* All tables joined: each recording of any of them once, in the order in which they come. */
struct cohort {
    const struct kymo_call *call;
    const struct cohort_args *args;
    struct cohort_source *source;
    size_t n_sources;
    const char **record;
    size_t n;
    struct cohort_column *column;
    size_t n_columns;
    struct kymo_text_piece *text;

    size_t *by;                   /* columns that make groups */
    size_t n_by;
    size_t *order;                /* [n] recordings, group after group, each in the order of the table */
    size_t *begin;                /* [n_groups + 1] of each group in that */
    size_t *group_of;             /* [n] */
    size_t n_groups;              /* one where there are no columns that make them */

    size_t *picked;               /* columns that are measures */
    size_t n_picked;
};

static inline int cohort_no_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a joined table"); }

/* Reads and joins the tables that the call names; c is zeroed but for call and args. Then, by its options, the groups, and the
 * columns that are measures. Each returns 0 or a negative code; release is for what any of them left. */
int cohort_join(struct cohort *c, struct kymo_err *e);
int cohort_make_groups(struct cohort *c, struct kymo_err *e);
int cohort_pick(struct cohort *c, struct kymo_err *e);
void cohort_release(struct cohort *c);

size_t cohort_column_named(const struct cohort *c, const char *name);   /* n_columns: there is none */

/* The text of a cell, "" where the recording is not in that table. */
const char *cohort_cell(const struct cohort *c, size_t record, size_t column);

/* Whether a column is one of numbers, which more than half of what is in it must be; if so, they to x[n], NaN for others, and
 * a warning of what is no number. 1, 0 or a negative code. */
int cohort_numbers(const struct cohort *c, size_t column, double *x, struct kymo_err *e);

/* x[n], by recording, into sorted[n], group after group. */
void cohort_by_group(const struct cohort *c, const double *x, double *sorted);

/* "note" is called note, and so is "hrv.note". Notes: a column called note or notes. */
bool cohort_is_called(const char *name, const char *wanted);
bool cohort_is_note(const char *name);

#define COHORT_REASON 400

/* A recording that a batch could do nothing with. */
struct cohort_failure {
    char *record;
    const struct cohort_source *source;   /* the table that does not have it */
    char why[COHORT_REASON];
};

struct cohort_failures {
    struct cohort_failure *failure;
    size_t n;
};

/* From the folders of the batches that made the tables, where they are: into *all, which is zeroed. 0 or a negative code. */
int cohort_find_failures(const struct cohort *c, struct cohort_failures *all, struct kymo_err *e);
void cohort_failures_release(struct cohort_failures *all);

int cohort_fill_triage(const void *of, struct kymo_table *t, struct kymo_err *e);
extern const struct kymo_column cohort_triage_columns[];
extern const size_t cohort_n_triage_columns;

#endif
