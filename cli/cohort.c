/* cli/cohort.c - kymo cohort: tables of recordings joined with one of subjects, and how measures lie in groups of them.
 *
 * The joining is in cohort_join.c, which recordings need a person in cohort_triage.c, the statistics in
 * algorithms/distribution.h; the user's view in man/kymo-cohort.1. */
#include "cli/cohort.h"

#include "lib/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIGITS 9                  /* of statistics */
#define MOST_VALUES 1000

static const struct kymo_opt options[] = {
    KYMO_OPT_STRING('\0', "by", struct cohort_args, by, "COLUMN", NULL,
                    "tables are joined by this column; the first of each unless told"),
    KYMO_OPT_STRING('\0', "subjects", struct cohort_args, subjects, "FILE", NULL,
                    "a table of subjects, joined to the recordings"),
    KYMO_OPT_STRING('\0', "subject-key", struct cohort_args, subject_key, "COLUMN", NULL,
                    "what names recordings in the table of subjects; its first column unless told"),
    KYMO_OPT_STRING('g', "group", struct cohort_args, group, "LIST", NULL,
                    "columns whose values make groups, with commas between"),
    KYMO_OPT_STRING('\0', "measures", struct cohort_args, measures, "LIST", NULL,
                    "columns, or patterns of their names (*_ms), with commas between; all unless told"),
    KYMO_OPT_COUNT('\0', "values", struct cohort_args, values, "N", "10", "values that are counted of a column of text"),
    KYMO_OPT_NUMBER('k', "outlier", struct cohort_args, k, "K", "3.5",
                    "outliers are farther than K times 1.4826 MAD from the median of their group"),
    KYMO_OPT_NUMBER('\0', "excluded", struct cohort_args, excluded_pct, "PCT", "20",
                    "with --triage: more than so much in a column pct_excluded is too much"),
    KYMO_OPT_FLAG('\0', "outliers", struct cohort_args, outliers, "list the outliers instead"),
    KYMO_OPT_FLAG('\0', "triage", struct cohort_args, triage, "list the recordings that need a person first, and why, instead"),
    KYMO_OPT_STRING('d', "state", struct cohort_args, state, "FOLDER", NULL,
                    "with --triage: of the batch that made the first table; TABLE.batch unless told"),
    KYMO_OPT_FLAG('\0', "joined", struct cohort_args, joined, "print the joined table instead"),
    KYMO_OPTS_TABLE(struct cohort_args, out), KYMO_OPT_LAST
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a table"); }

/* ---- distributions ---- */

static const struct kymo_column statistics[] = {
    {"value", 0}, {"n", 0}, {"missing", 0}, {"mean", 0}, {"sd", 0}, {"min", 0}, {"q1", 0}, {"median", 0}, {"q3", 0},
    {"max", 0}, {"mad", 0}, {"outliers", 0}, {"note", 0},
};

enum { STATISTICS = sizeof statistics / sizeof *statistics };

static void put_group(const struct cohort *c, size_t group, struct kymo_table *t)
{
    for (size_t k = 0; k < c->n_by; k++)
        kymo_cell_text(t, cohort_cell(c, c->order[c->begin[group]], c->by[k]));
}

static const char *note_of(const struct distribution *d)
{
    return d->n == 0 ? "no values" : d->n < DISTRIBUTION_LEAST ? "too few values to tell outliers"
         : !(d->mad > 0) ? "half of the values are equal: no outliers to be told" : NULL;
}

/* Rows of a measure: one for each group. x[n] is by recording, sorted[n] scratch. */
static int put_numbers(const struct cohort *c, size_t column, const double *x, double *sorted, struct kymo_table *t,
                       struct kymo_err *e)
{
    int rc = 0;

    cohort_by_group(c, x, sorted);
    for (size_t g = 0; rc == 0 && g < c->n_groups; g++) {
        struct distribution d;
        int64_t outliers = 0;
        distribution_of(sorted + c->begin[g], c->begin[g + 1] - c->begin[g], &d);
        for (size_t i = c->begin[g]; i < c->begin[g + 1]; i++)
            outliers += fabs(distribution_distance(&d, x[c->order[i]])) > c->args->k;
        const double numbers[] = {d.mean, d.sd, d.min, d.q1, d.median, d.q3, d.max, d.mad};
        kymo_cell_text(t, c->column[column].name);
        put_group(c, g, t);
        kymo_cell_none(t);
        kymo_cell_int(t, (int64_t)d.n);
        kymo_cell_int(t, (int64_t)d.missing);
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            kymo_cell_digits(t, numbers[k], DIGITS);
        if (note_of(&d))
            kymo_cell_none(t);
        else
            kymo_cell_int(t, outliers);
        kymo_cell_text(t, note_of(&d));
        rc = kymo_row_end(t, e);
    }
    return rc;
}

/* A value of a column of text, and how often it comes. */
struct value {
    const char *text;
    size_t n;
};

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* The most frequent first; the same number, by text. */
static int by_count(const void *a, const void *b)
{
    const struct value *const x = a, *const y = b;

    return x->n != y->n ? (x->n > y->n ? -1 : 1) : strcmp(x->text, y->text);
}

/* The different values of text[n], which it sorts, the most frequent first, to value[n]. Returns how many. */
static size_t count_values(const char **text, size_t n, struct value *value)
{
    size_t n_values = 0;

    qsort(text, n, sizeof *text, by_text);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || strcmp(text[i - 1], text[i]) != 0)
            value[n_values++] = (struct value){text[i], 0};
        value[n_values - 1].n++;
    }
    qsort(value, n_values, sizeof *value, by_count);
    return n_values;
}

static int put_value(const struct cohort *c, size_t column, size_t group, const char *value, size_t n, size_t missing,
                     const char *note, struct kymo_table *t, struct kymo_err *e)
{
    kymo_cell_text(t, c->column[column].name);
    put_group(c, group, t);
    kymo_cell_text(t, value);
    kymo_cell_int(t, (int64_t)n);
    kymo_cell_int(t, (int64_t)missing);
    for (size_t k = 3; k + 1 < STATISTICS; k++)
        kymo_cell_none(t);
    kymo_cell_text(t, note);
    return kymo_row_end(t, e);
}

/* Rows of a column of text in one group: its most frequent values, and one for the rest of them. */
static int put_texts_of(const struct cohort *c, size_t column, size_t group, const char **text, struct value *value,
                        struct kymo_table *t, struct kymo_err *e)
{
    const size_t most = (size_t)c->args->values;
    size_t n = 0, rest = 0;
    char note[64];
    int rc = 0;

    for (size_t i = c->begin[group]; i < c->begin[group + 1]; i++) {
        text[n] = cohort_cell(c, c->order[i], column);
        n += *text[n] != '\0';
    }
    const size_t missing = c->begin[group + 1] - c->begin[group] - n, n_values = count_values(text, n, value);
    for (size_t k = 0; rc == 0 && k < n_values && k < most; k++)
        rc = put_value(c, column, group, value[k].text, value[k].n, missing, NULL, t, e);
    for (size_t k = most; k < n_values; k++)
        rest += value[k].n;
    snprintf(note, sizeof note, "%zu other values", n_values > most ? n_values - most : 0);
    if (rc == 0 && (rest > 0 || n_values == 0))
        rc = put_value(c, column, group, NULL, rest, missing, rest > 0 ? note : "no values", t, e);
    return rc;
}

static int put_texts(const struct cohort *c, size_t column, struct kymo_table *t, struct kymo_err *e)
{
    const char **const text = malloc((c->n + 1) * sizeof *text);
    struct value *const value = malloc((c->n + 1) * sizeof *value);
    int rc = text && value ? 0 : out_of_memory(e);

    for (size_t g = 0; rc == 0 && g < c->n_groups; g++)
        rc = put_texts_of(c, column, g, text, value, t, e);
    free(text);
    free(value);
    return rc;
}

/* Calls at for each measure that is one of numbers, other for those of text. x[n] by recording and another [n] are room. */
struct each {
    int (*numbers)(const struct cohort *c, size_t column, const double *x, double *room, struct kymo_table *t,
                   struct kymo_err *e);
    int (*texts)(const struct cohort *c, size_t column, struct kymo_table *t, struct kymo_err *e);
};

static int each_measure(const struct cohort *c, const struct each *what, struct kymo_table *t, struct kymo_err *e)
{
    double *const x = malloc(2 * c->n * sizeof *x);
    int rc = x ? 0 : out_of_memory(e);

    for (size_t k = 0; rc >= 0 && k < c->n_picked; k++) {
        rc = cohort_numbers(c, c->picked[k], x, e);
        if (rc > 0)
            rc = what->numbers(c, c->picked[k], x, x + c->n, t, e);
        else if (rc == 0 && what->texts)
            rc = what->texts(c, c->picked[k], t, e);
    }
    free(x);
    return rc;
}

static int fill_distributions(const void *of, struct kymo_table *t, struct kymo_err *e)
{
    return each_measure(of, &(struct each){put_numbers, put_texts}, t, e);
}

/* ---- outliers ---- */

static const struct kymo_column outlier_columns[] = {
    {"value", 0}, {"median", 0}, {"mad", 0}, {"distance", 2},
};

enum { OUTLIER_COLUMNS = sizeof outlier_columns / sizeof *outlier_columns };

static int put_outliers(const struct cohort *c, size_t column, const double *x, double *sorted, struct kymo_table *t,
                        struct kymo_err *e)
{
    int rc = 0;

    cohort_by_group(c, x, sorted);
    for (size_t g = 0; rc == 0 && g < c->n_groups; g++) {
        struct distribution d;
        distribution_of(sorted + c->begin[g], c->begin[g + 1] - c->begin[g], &d);
        for (size_t i = c->begin[g]; rc == 0 && i < c->begin[g + 1]; i++) {
            const size_t record = c->order[i];
            const double distance = distribution_distance(&d, x[record]);
            if (!(fabs(distance) > c->args->k))
                continue;
            kymo_cell_text(t, c->record[record]);
            kymo_cell_text(t, c->column[column].name);
            put_group(c, g, t);
            kymo_cell_digits(t, x[record], DIGITS);
            kymo_cell_digits(t, d.median, DIGITS);
            kymo_cell_digits(t, d.mad, DIGITS);
            kymo_cell_real(t, distance);
            rc = kymo_row_end(t, e);
        }
    }
    return rc;
}

static int fill_outliers(const void *of, struct kymo_table *t, struct kymo_err *e)
{
    return each_measure(of, &(struct each){put_outliers, NULL}, t, e);
}

/* ---- the joined table ---- */

/* Which columns are numbers to JSON; names of recordings and subjects are none. */
static bool *find_numeric(const struct cohort *c, struct kymo_err *e)
{
    bool *const numeric = calloc(c->n_columns, sizeof *numeric);

    if (!numeric)
        out_of_memory(e);
    for (size_t k = 0; numeric && k < c->n_columns; k++) {
        const struct kymo_columns_count count = kymo_columns_numbers(c->column[k].source->table, c->column[k].at, NULL);
        numeric[k] = !c->column[k].is_key && count.numbers > count.others;
    }
    return numeric;
}

/* As it was; but what says "missing" among numbers is an empty cell. */
static void put_joined(bool numeric, const char *text, struct kymo_table *t)
{
    if (!numeric)
        kymo_cell_text(t, text);
    else if (kymo_is_missing(text, strlen(text)))
        kymo_cell_none(t);
    else
        kymo_cell_number(t, text);
}

static int fill_joined(const void *of, struct kymo_table *t, struct kymo_err *e)
{
    const struct cohort *const c = of;
    bool *const numeric = find_numeric(c, e);
    int rc = numeric ? 0 : e->cause[0].code;

    for (size_t i = 0; rc == 0 && i < c->n; i++) {
        for (size_t k = 0; k < c->n_columns; k++)
            put_joined(numeric[k], cohort_cell(c, i, k), t);
        rc = kymo_row_end(t, e);
    }
    free(numeric);
    return rc;
}

/* ---- printing ---- */

/* The columns that a table has: names before, those that make groups, statistics behind. */
static struct kymo_column *join_columns(const struct cohort *c, const char *const *before, size_t n_before,
                                        const struct kymo_column *behind, size_t n_behind, size_t *n, struct kymo_err *e)
{
    struct kymo_column *const all = calloc(n_before + c->n_by + n_behind, sizeof *all);

    *n = 0;
    if (!all) {
        out_of_memory(e);
        return NULL;
    }
    for (size_t i = 0; i < n_before; i++)
        all[(*n)++].name = before[i];
    for (size_t k = 0; k < c->n_by; k++)
        all[(*n)++].name = c->column[c->by[k]].name;
    memcpy(all + *n, behind, n_behind * sizeof *all);
    *n += n_behind;
    return all;
}

static struct kymo_column *all_columns(const struct cohort *c, size_t *n, struct kymo_err *e)
{
    struct kymo_column *const all = calloc(c->n_columns, sizeof *all);

    *n = c->n_columns;
    for (size_t k = 0; all && k < c->n_columns; k++)
        all[k].name = c->column[k].name;
    if (!all)
        out_of_memory(e);
    return all;
}

/* column NULL: there was no memory for it, which *e says. */
static int print_table(const struct cohort *c, const struct kymo_column *column, size_t n,
                       int (*fill)(const void *of, struct kymo_table *t, struct kymo_err *e), struct kymo_err *e)
{
    return !column ? e->cause[0].code
                   : kymo_print_table(c->args->out.path, (enum kymo_table_form)c->args->out.form, column, n, fill, c, e);
}

static int print_cohort(const struct cohort *c, struct kymo_err *e)
{
    static const char *const measure[] = {"measure"}, *const record[] = {"record", "measure"};
    struct kymo_column *column;
    size_t n;
    int rc;

    if (c->args->triage)
        return print_table(c, cohort_triage_columns, cohort_n_triage_columns, cohort_fill_triage, e);
    if (c->args->joined) {
        column = all_columns(c, &n, e);
        rc = print_table(c, column, n, fill_joined, e);
    } else if (c->args->outliers) {
        column = join_columns(c, record, 2, outlier_columns, OUTLIER_COLUMNS, &n, e);
        rc = print_table(c, column, n, fill_outliers, e);
    } else {
        column = join_columns(c, measure, 1, statistics, STATISTICS, &n, e);
        rc = print_table(c, column, n, fill_distributions, e);
    }
    free(column);
    return rc;
}

/* ---- what is asked for ---- */

static int check_args(const struct kymo_call *call, struct kymo_err *e)
{
    const struct cohort_args *const args = call->args;
    size_t n_stdin = args->subjects && strcmp(args->subjects, "-") == 0;

    if (args->joined + args->outliers + args->triage > 1)
        return kymo_fail(e, KYMO_EUSAGE, "--joined, --outliers and --triage are three tables: take one");
    if (!(args->k > 0 && args->k <= 1e9))
        return kymo_fail(e, KYMO_EUSAGE, "-k %g is not above 0", args->k);
    if (!(args->excluded_pct >= 0 && args->excluded_pct <= 100))
        return kymo_fail(e, KYMO_EUSAGE, "--excluded %g is not 0..100", args->excluded_pct);
    if (args->values < 0 || args->values > MOST_VALUES)
        return kymo_fail(e, KYMO_EUSAGE, "--values %lld is not 0..%d", (long long)args->values, MOST_VALUES);
    if (args->subject_key && !args->subjects)
        return kymo_fail(e, KYMO_EUSAGE, "--subject-key is a column of the table of subjects: which (--subjects)?");
    for (size_t i = 0; i < call->n_operands; i++)
        n_stdin += strcmp(call->operand[i], "-") == 0;
    if (n_stdin > 1)
        return kymo_fail(e, KYMO_EUSAGE, "standard input is one table, not %zu", n_stdin);
    if (n_stdin > 0 && isatty(STDIN_FILENO))
        return kymo_fail(e, KYMO_EUSAGE, "no table: name one, or send one through a pipe");
    return 0;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    struct cohort c = {.call = call, .args = call->args};
    int rc = check_args(call, e);

    if (rc == 0)
        rc = cohort_join(&c, e);
    if (rc == 0)
        rc = cohort_make_groups(&c, e);
    if (rc == 0)
        rc = cohort_pick(&c, e);
    if (rc == 0)
        rc = print_cohort(&c, e);
    cohort_release(&c);
    return rc;
}

const struct kymo_command kymo_cmd_cohort = {
    .name = "cohort", .about = "how measures lie in many recordings, and which of those need a person first",
    .operands = "TABLE...", .least = 1, .most = SIZE_MAX, .options = options, .args_size = sizeof(struct cohort_args),
    .run = run,
};
