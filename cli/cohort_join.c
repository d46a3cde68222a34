/* cli/cohort_join.c - kymo cohort: tables of recordings and of subjects become one; their cells. */
#include "cli/cohort.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- keys ---- */

/* Part of a key: as given, without folder, or without ending too. */
struct key {
    const char *text;
    size_t n, index;
};

enum { AS_GIVEN, NO_FOLDER, NO_ENDING, FORMS };

static struct key key_of(const char *text, size_t index, int form)
{
    const char *const slash = form == AS_GIVEN ? NULL : strrchr(text, '/');
    const char *const name = slash && slash[1] ? slash + 1 : text;
    const char *const dot = form == NO_ENDING ? strrchr(name, '.') : NULL;

    return (struct key){name, dot && dot > name && kymo_is_letter(dot[1]) ? (size_t)(dot - name) : strlen(name), index};
}

static int compare_text(const struct key *a, const struct key *b)
{
    const int order = memcmp(a->text, b->text, a->n < b->n ? a->n : b->n);

    return order ? order : (a->n > b->n) - (a->n < b->n);
}

static int by_key(const void *a, const void *b)
{
    const struct key *const x = a, *const y = b;
    const int order = compare_text(x, y);

    return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* Sorted keys of the rows of a table. NULL with *e set. */
static struct key *sort_keys(const struct cohort_source *s, int form, struct kymo_err *e)
{
    const size_t n = s->table->n_rows;
    struct key *const keys = malloc((n + 1) * sizeof *keys);

    if (!keys) {
        cohort_no_memory(e);
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        keys[i] = key_of(kymo_columns_cell(s->table, i, s->key), i, form);
    qsort(keys, n, sizeof *keys, by_key);
    return keys;
}

/* Of n sorted keys the first that is not before wanted. */
static size_t lower_bound(const struct key *keys, size_t n, const struct key *wanted)
{
    size_t from = 0;

    while (n > 0) {
        const size_t half = n / 2;
        if (compare_text(&keys[from + half], wanted) < 0) {
            from += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return from;
}

/* The index of the only key that is the same; NOWHERE where there is none, or more than one. */
static size_t find_only(const struct key *keys, size_t n, const struct key *wanted)
{
    const size_t k = lower_bound(keys, n, wanted);
    const bool found = k < n && compare_text(&keys[k], wanted) == 0;

    return found && !(k + 1 < n && compare_text(&keys[k + 1], wanted) == 0) ? keys[k].index : COHORT_NOWHERE;
}

/* Each row must have a key, and each another. */
static int check_keys(const struct cohort_source *s, struct kymo_err *e)
{
    const struct kymo_columns *const t = s->table;
    struct key *const keys = sort_keys(s, AS_GIVEN, e);
    int rc = keys ? 0 : e->cause[0].code;

    for (size_t i = 0; rc == 0 && i < t->n_rows; i++)
        if (keys[i].n == 0)
            rc = kymo_fail_at(e, KYMO_EDATA, t->input, kymo_columns_line(t, keys[i].index), "nothing in column %s",
                              t->name[s->key]);
        else if (i > 0 && compare_text(&keys[i - 1], &keys[i]) == 0)
            rc = kymo_fail_at(e, KYMO_EDATA, t->input, kymo_columns_line(t, keys[i].index),
                              "%s %s is in line %lld too, and there may be but one row of each", t->name[s->key], keys[i].text,
                              (long long)kymo_columns_line(t, keys[i - 1].index));
    free(keys);
    return rc;
}

static int no_column(const struct kymo_columns *t, const char *name, struct kymo_err *e)
{
    return kymo_fail_at(e, KYMO_EUSAGE, t->input, -1, "no column \"%s\": its first is \"%s\", of %zu", name, t->name[0], t->n);
}

static int open_source(struct cohort *c, const char *path, const char *key, bool of_subjects, struct kymo_err *e)
{
    struct cohort_source *const s = &c->source[c->n_sources];

    *s = (struct cohort_source){.table = kymo_columns_open(path, e), .of_subjects = of_subjects};
    if (!s->table)
        return e->cause[0].code;
    c->n_sources++;
    if (s->table->n_rows == 0)
        return kymo_fail_at(e, KYMO_EDATA, s->table->input, -1, "no rows");
    s->key = key ? kymo_columns_find(s->table, key) : 0;
    if (s->key == s->table->n)
        return no_column(s->table, key, e);
    return check_keys(s, e);
}

/* ---- recordings ---- */

/* A recording that no table before has. */
static void add_record(struct cohort *c, size_t source, size_t row)
{
    const struct cohort_source *const s = &c->source[source];

    for (size_t k = 0; k < c->n_sources; k++)
        c->source[k].row[c->n] = k == source ? row : COHORT_NOWHERE;
    c->record[c->n++] = kymo_columns_cell(s->table, row, s->key);
}

/* Rows of a table to recordings that are there; those that are not, behind them. */
static int join_table(struct cohort *c, size_t source, struct kymo_err *e)
{
    const struct cohort_source *const s = &c->source[source];
    const size_t n_before = c->n;
    struct key *const known = malloc((n_before + 1) * sizeof *known);

    if (!known)
        return cohort_no_memory(e);
    for (size_t i = 0; i < n_before; i++)
        known[i] = key_of(c->record[i], i, AS_GIVEN);
    qsort(known, n_before, sizeof *known, by_key);
    for (size_t i = 0; i < s->table->n_rows; i++) {
        const struct key wanted = key_of(kymo_columns_cell(s->table, i, s->key), i, AS_GIVEN);
        const size_t record = find_only(known, n_before, &wanted);
        if (record == COHORT_NOWHERE)
            add_record(c, source, i);
        else
            s->row[record] = i;
    }
    free(known);
    return 0;
}

/* Tells how many recordings a table does not have. */
static int tell_absent(const struct cohort *c, const struct cohort_source *s, struct kymo_err *e)
{
    size_t absent = 0, first = 0;

    for (size_t i = c->n; i-- > 0;)
        if (s->row[i] == COHORT_NOWHERE) {
            absent++;
            first = i;
        }
    return absent == 0 ? 0
         : kymo_warn(&c->call->log, e, s->table->input, -1, "%zu of %zu recordings are not in it, the first %s", absent, c->n,
                     c->record[first]);
}

/* ---- subjects ---- */

/* The column of the joined recordings that has what the key of subjects is called, or NULL: the recordings' names. */
static const struct cohort_column *subject_column(const struct cohort *c, const char *name)
{
    for (size_t i = 0; i < c->n_columns; i++)
        if (!c->column[i].is_key && strcmp(c->column[i].name, name) == 0)
            return &c->column[i];
    return NULL;
}

static int match_form(struct cohort *c, struct cohort_source *s, const struct cohort_column *of, int form, struct kymo_err *e)
{
    struct key *const keys = sort_keys(s, form, e);

    if (!keys)
        return e->cause[0].code;
    for (size_t i = 0; i < c->n; i++) {
        const char *const text = of ? cohort_cell(c, i, (size_t)(of - c->column)) : c->record[i];
        const struct key wanted = key_of(text, i, form);
        if (s->row[i] == COHORT_NOWHERE && *text)
            s->row[i] = find_only(keys, s->table->n_rows, &wanted);
    }
    free(keys);
    return 0;
}

static int tell_unused(const struct cohort *c, const struct cohort_source *s, struct kymo_err *e)
{
    const struct kymo_columns *const t = s->table;
    bool *const used = calloc(t->n_rows, sizeof *used);
    size_t unused = 0, first = 0;

    if (!used)
        return cohort_no_memory(e);
    for (size_t i = 0; i < c->n; i++)
        if (s->row[i] != COHORT_NOWHERE)
            used[s->row[i]] = true;
    for (size_t i = t->n_rows; i-- > 0;)
        if (!used[i]) {
            unused++;
            first = i;
        }
    free(used);
    if (unused == t->n_rows)
        return kymo_fail_at(e, KYMO_EDATA, t->input, -1, "no recording is in it: its column %s begins with \"%s\", theirs with "
                            "\"%s\" (--subject-key, --by)", t->name[s->key], kymo_columns_cell(t, 0, s->key), c->record[0]);
    return unused == 0 ? 0
         : kymo_warn(&c->call->log, e, t->input, -1, "%zu of %zu subjects have no recording, the first %s", unused, t->n_rows,
                     kymo_columns_cell(t, first, s->key));
}

static int match_subjects(struct cohort *c, struct cohort_source *s, struct kymo_err *e)
{
    const struct cohort_column *const of = subject_column(c, s->table->name[s->key]);
    int rc = 0;

    for (size_t i = 0; i < c->n; i++)
        s->row[i] = COHORT_NOWHERE;
    for (int form = AS_GIVEN; rc == 0 && form < (of ? NO_FOLDER : FORMS); form++)
        rc = match_form(c, s, of, form, e);
    if (rc == 0)
        rc = tell_unused(c, s, e);
    return rc < 0 ? rc : tell_absent(c, s, e);
}

/* ---- columns ---- */

size_t cohort_column_named(const struct cohort *c, const char *name)
{
    size_t i = 0;

    while (i < c->n_columns && strcmp(c->column[i].name, name) != 0)
        i++;
    return i;
}

static int by_name(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* Whether one of n sorted names. */
static bool is_among(const char *const *sorted, size_t n, const char *name)
{
    return n > 0 && bsearch(&name, sorted, n, sizeof *sorted, by_name);
}

/* "hrv.note" for the column note of cohort/hrv.csv. */
static const char *longer_name(struct cohort *c, const struct kymo_columns *t, const char *name)
{
    const struct key file = key_of(t->input, 0, NO_ENDING);
    char text[512];
    const int n = snprintf(text, sizeof text, "%.*s.%s", (int)(file.n < 200 ? file.n : 200), file.text, name);

    return kymo_text_keep(&c->text, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

/* Columns of a table behind those that are there; a name that is taken gets the table's in front. */
static int add_columns(struct cohort *c, const struct cohort_source *s, struct kymo_err *e)
{
    const struct kymo_columns *const t = s->table;
    const size_t n_before = c->n_columns;
    struct cohort_column *const larger = realloc(c->column, (n_before + t->n) * sizeof *larger);
    const char **const taken = malloc((n_before + 1) * sizeof *taken);
    int rc = larger && taken ? 0 : cohort_no_memory(e);

    c->column = larger ? larger : c->column;
    for (size_t i = 0; rc == 0 && i < n_before; i++)
        taken[i] = c->column[i].name;
    if (rc == 0)
        qsort(taken, n_before, sizeof *taken, by_name);
    for (size_t i = 0; rc == 0 && i < t->n; i++) {
        const bool is_key = i == s->key, is_taken = is_among(taken, n_before, t->name[i]);
        if (is_key && (is_taken || (s != c->source && !s->of_subjects)))
            continue;                 /* what joined it is there */
        const char *const name = is_taken ? longer_name(c, t, t->name[i]) : t->name[i];
        if (!name)
            rc = cohort_no_memory(e);
        else if (is_taken && cohort_column_named(c, name) < c->n_columns)
            rc = kymo_fail_at(e, KYMO_EDATA, t->input, -1, "other tables have columns %s and %s: rename the file",
                              t->name[i], name);
        else
            c->column[c->n_columns++] = (struct cohort_column){s, i, name, is_key};
    }
    free(taken);
    return rc;
}

/* ---- the whole ---- */

static int room_for_records(struct cohort *c, size_t n, struct kymo_err *e)
{
    bool fine = (c->record = malloc((n + 1) * sizeof *c->record)) != NULL;

    for (size_t k = 0; fine && k < c->n_sources; k++)
        fine = (c->source[k].row = malloc((n + 1) * sizeof *c->source[k].row)) != NULL;
    return fine ? 0 : cohort_no_memory(e);
}

int cohort_join(struct cohort *c, struct kymo_err *e)
{
    const struct cohort_args *const args = c->args;
    const size_t n_tables = c->call->n_operands;
    size_t most = 0;
    int rc = 0;

    c->source = calloc(n_tables + 1, sizeof *c->source);
    if (!c->source)
        return cohort_no_memory(e);
    for (size_t k = 0; rc == 0 && k < n_tables; k++)
        if ((rc = open_source(c, c->call->operand[k], args->by, false, e)) == 0)
            most += c->source[k].table->n_rows;
    if (rc == 0 && args->subjects)
        rc = open_source(c, args->subjects, args->subject_key, true, e);
    if (rc == 0)
        rc = room_for_records(c, most, e);
    for (size_t k = 0; rc == 0 && k < n_tables; k++)
        rc = join_table(c, k, e);
    for (size_t k = 0; rc == 0 && k < n_tables; k++)
        if ((rc = tell_absent(c, &c->source[k], e)) == 0)
            rc = add_columns(c, &c->source[k], e);
    if (rc == 0 && args->subjects)
        rc = match_subjects(c, &c->source[n_tables], e);
    return rc == 0 && args->subjects ? add_columns(c, &c->source[n_tables], e) : rc;
}

void cohort_release(struct cohort *c)
{
    for (size_t k = 0; k < c->n_sources; k++) {
        kymo_columns_close(c->source[k].table);
        free(c->source[k].row);
    }
    free(c->source);
    free(c->record);
    free(c->column);
    kymo_text_free(&c->text);
    free(c->by);
    free(c->order);
    free(c->begin);
    free(c->group_of);
    free(c->picked);
}

const char *cohort_cell(const struct cohort *c, size_t record, size_t column)
{
    const struct cohort_column *const of = &c->column[column];
    const size_t row = of->source->row[record];

    if (of->is_key && !of->source->of_subjects)
        return c->record[record];
    return row == COHORT_NOWHERE ? "" : kymo_columns_cell(of->source->table, row, of->at);
}

int cohort_numbers(const struct cohort *c, size_t column, double *x, struct kymo_err *e)
{
    const struct cohort_column *const of = &c->column[column];
    const struct kymo_columns *const t = of->source->table;
    double *const of_row = malloc(t->n_rows * sizeof *of_row);

    if (!of_row)
        return cohort_no_memory(e);
    const struct kymo_columns_count count = kymo_columns_numbers(t, of->at, of_row);
    for (size_t i = 0; i < c->n; i++) {
        const size_t row = of->source->row[i];
        x[i] = row == COHORT_NOWHERE ? (double)NAN : of_row[row];
    }
    free(of_row);
    if (count.numbers <= count.others)
        return 0;
    int rc = 0;
    if (count.others > 0)
        rc = kymo_warn(&c->call->log, e, t->input, kymo_columns_line(t, count.first_other),
                       "%s: %zu of %zu cells are no numbers, and count as missing; the first is \"%.60s\"", of->name,
                       count.others, t->n_rows, kymo_columns_cell(t, count.first_other, of->at));
    if (rc == 0 && count.commas > 0)
        rc = kymo_warn(&c->call->log, e, t->input, -1, "%s: %zu of %zu numbers have a decimal comma", of->name, count.commas,
                       count.numbers);
    return rc < 0 ? rc : 1;
}
