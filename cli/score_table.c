/* cli/score_table.c - the table of kymo score: a row for each record, and the gross row, its intervals and the average of
 * several; see score.h. */
#include "cli/score_numbers.h"

#include "algorithms/random.h"

#include <math.h>
#include <stdlib.h>

#define DRAWS 2000                    /* of records, for an interval */
#define SEED 57

static int put_cells(struct score_run *s, const char *record, const char *group, const double *value, const char *note,
                     struct kymo_err *e)
{
    kymo_cell_text(s->table, record);
    if (score_tables[s->what].group)
        kymo_cell_text(s->table, group);
    for (size_t i = 0; i < score_tables[s->what].n; i++)
        kymo_cell_real(s->table, value[i]);
    kymo_cell_text(s->table, note);
    return kymo_row_end(s->table, e);
}

static int put_result(struct score_run *s, const struct score_result *r, struct kymo_err *e)
{
    struct score_cell c[SCORE_MOST_NUMBERS];
    double value[SCORE_MOST_NUMBERS];

    score_cells(s->what, r, c);
    for (size_t i = 0; i < score_tables[s->what].n; i++)
        value[i] = score_value(score_tables[s->what].number[i].kind, c[i]);
    return put_cells(s, r->record, r->group, value, r->note, e);
}

static void add_cells(const struct score_cell *c, size_t n, struct score_cell *sum)
{
    for (size_t i = 0; i < n; i++) {
        sum[i].part += c[i].part;
        sum[i].whole += c[i].whole;
        sum[i].scale += c[i].scale;
    }
}

/* cells[n_records][n of numbers]: of one group. */
static int put_gross(struct score_run *s, const char *group, const struct score_cell *cells, size_t n_records,
                     struct kymo_err *e)
{
    const size_t n = score_tables[s->what].n;
    struct score_cell sum[SCORE_MOST_NUMBERS] = {{0, 0, 0}};
    double value[SCORE_MOST_NUMBERS];

    for (size_t r = 0; r < n_records; r++)
        add_cells(&cells[r * n], n, sum);
    for (size_t i = 0; i < n; i++)
        value[i] = score_value(score_tables[s->what].number[i].kind, sum[i]);
    return put_cells(s, "gross", group, value, NULL, e);
}

static int put_average(struct score_run *s, const char *group, const struct score_cell *cells, size_t n_records,
                       struct kymo_err *e)
{
    const size_t n = score_tables[s->what].n;
    double value[SCORE_MOST_NUMBERS];

    for (size_t i = 0; i < n; i++) {
        const enum score_kind kind = score_tables[s->what].number[i].kind;
        double sum = 0, defined = 0;
        for (size_t r = 0; r < n_records; r++) {
            const double v = score_value(kind, cells[r * n + i]);
            sum += isfinite(v) ? v : 0;
            defined += isfinite(v);
        }
        value[i] = kind != COUNT && defined > 0 ? sum / defined : (double)NAN;
    }
    return put_cells(s, "average", group, value, NULL, e);
}

/* ---- intervals by bootstrap ---- */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Between the two nearest of sorted x[n]: type 7 of Hyndman and Fan (1996). */
static double quantile(const double *x, size_t n, double q)
{
    const double at = q * (double)(n - 1);
    const size_t i = (size_t)at;

    return i + 1 < n ? x[i] + (at - (double)i) * (x[i + 1] - x[i]) : x[n - 1];
}

/* draws[n of numbers][DRAWS]: the gross row of as many records, drawn with replacement. */
static void draw(const struct score_run *s, const struct score_cell *cells, size_t n_records, double *draws)
{
    const size_t n = score_tables[s->what].n;
    struct random random;

    random_init(&random, SEED, 0);
    for (size_t d = 0; d < DRAWS; d++) {
        struct score_cell sum[SCORE_MOST_NUMBERS] = {{0, 0, 0}};
        for (size_t r = 0; r < n_records; r++)
            add_cells(&cells[random_below(&random, n_records) * n], n, sum);
        for (size_t i = 0; i < n; i++)
            draws[i * DRAWS + d] = score_value(score_tables[s->what].number[i].kind, sum[i]);
    }
}

/* Draws without a value, such as a sensitivity without beats to be found, leave the interval to the others. */
static size_t drop_undefined(double *x)
{
    size_t n = 0;

    for (size_t i = 0; i < DRAWS; i++)
        if (isfinite(x[i]))
            x[n++] = x[i];
    return n;
}

static int put_interval(struct score_run *s, const char *group, const struct score_cell *cells, size_t n_records,
                        struct kymo_err *e)
{
    const size_t n = score_tables[s->what].n;
    double *draws = calloc(n * DRAWS, sizeof *draws), low[SCORE_MOST_NUMBERS], high[SCORE_MOST_NUMBERS];

    if (!draws)
        return score_no_memory(e);
    draw(s, cells, n_records, draws);
    for (size_t i = 0; i < n; i++) {
        double *x = &draws[i * DRAWS];
        const size_t defined = score_tables[s->what].number[i].kind == COUNT ? 0 : drop_undefined(x);
        if (defined > 0)
            qsort(x, defined, sizeof *x, by_size);
        low[i] = defined > 0 ? quantile(x, defined, 0.025) : (double)NAN;
        high[i] = defined > 0 ? quantile(x, defined, 0.975) : (double)NAN;
    }
    free(draws);
    const int rc = put_cells(s, "gross_lo", group, low, NULL, e);
    return rc < 0 ? rc : put_cells(s, "gross_hi", group, high, NULL, e);
}

/* ---- the whole ---- */

static int put_summary(struct score_run *s, size_t group, struct kymo_err *e)
{
    const size_t n = score_tables[s->what].n, n_records = s->n / s->n_groups;
    const char *name = s->result[group].group;
    struct score_cell *cells = calloc(n_records * n, sizeof *cells);
    int rc = cells ? 0 : score_no_memory(e);

    for (size_t r = 0; rc == 0 && r < n_records; r++)
        score_cells(s->what, &s->result[r * s->n_groups + group], &cells[r * n]);
    if (rc == 0)
        rc = put_gross(s, name, cells, n_records, e);
    if (rc == 0 && s->args->ci)
        rc = put_interval(s, name, cells, n_records, e);
    if (rc == 0)
        rc = put_average(s, name, cells, n_records, e);
    free(cells);
    return rc;
}

int score_open_table(struct score_run *s, const struct kymo_column *column, size_t n, struct kymo_err *e)
{
    s->table = kymo_table_create(s->out, (enum kymo_table_form)s->args->out.form, column, n, e);
    return s->table ? 0 : e->cause[0].code;
}

int score_put_table(struct score_run *s, struct kymo_err *e)
{
    struct kymo_column column[SCORE_MOST_NUMBERS + 3] = {{"record", 0}};
    size_t n = 1;

    if (score_tables[s->what].group)
        column[n++] = (struct kymo_column){score_tables[s->what].group, 0};
    for (size_t i = 0; i < score_tables[s->what].n; i++)
        column[n++] = score_tables[s->what].number[i].column;
    column[n++] = (struct kymo_column){"note", 0};
    int rc = score_open_table(s, column, n, e);
    for (size_t i = 0; rc == 0 && i < s->n; i++)
        rc = put_result(s, &s->result[i], e);
    for (size_t g = 0; rc == 0 && s->call->n_operands > 2 && s->n > 0 && g < s->n_groups; g++)
        rc = put_summary(s, g, e);
    return rc < 0 ? rc : kymo_table_finish(s->table, e);
}
