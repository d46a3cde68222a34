/* cli/cohort_groups.c - kymo cohort: which recordings are a group, and which columns are measures. */
#include "cli/cohort.h"

#include "lib/text.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* ---- groups ---- */

/* Numbers by size, then texts, then nothing; what is the same but for its spelling apart. */
static int compare_values(const char *a, const char *b)
{
    double x = 0, y = 0;
    const bool has_a = *a, has_b = *b;
    const bool is_a = kymo_parse_real(a, strlen(a), &x), is_b = kymo_parse_real(b, strlen(b), &y);

    if (has_a != has_b)
        return has_a ? -1 : 1;
    if (is_a != is_b)
        return is_a ? -1 : 1;
    if (is_a && x != y)
        return x < y ? -1 : 1;
    return strcmp(a, b);
}

static int compare_groups(const struct cohort *c, size_t a, size_t b)
{
    int order = 0;

    for (size_t k = 0; order == 0 && k < c->n_by; k++)
        order = compare_values(cohort_cell(c, a, c->by[k]), cohort_cell(c, b, c->by[k]));
    return order;
}

static int by_group(const void *a, const void *b, void *of)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    const int order = compare_groups(of, x, y);

    return order ? order : (x > y) - (x < y);
}

/* Each word of a list with commas; at is told of it. */
static int each_word(struct cohort *c, const char *list, int (*at)(struct cohort *c, const char *word, struct kymo_err *e),
                     struct kymo_err *e)
{
    int rc = 0;

    for (const char *p = list; rc == 0 && *p;) {
        const size_t n = strcspn(p, ",");
        const char *from = p;
        const size_t n_word = kymo_trim(&from, n);
        const char *const word = kymo_text_keep(&c->text, from, n_word);
        rc = !word ? cohort_no_memory(e) : n_word > 0 ? at(c, word, e) : 0;
        p += n + (p[n] == ',');
    }
    return rc;
}

static int add_by(struct cohort *c, const char *word, struct kymo_err *e)
{
    const size_t column = cohort_column_named(c, word);

    if (column == c->n_columns)
        return kymo_fail(e, KYMO_EUSAGE, "--group: no column \"%s\"", word);
    size_t *const larger = realloc(c->by, (c->n_by + 1) * sizeof *larger);
    if (!larger)
        return cohort_no_memory(e);
    c->by = larger;
    for (size_t k = 0; k < c->n_by; k++)
        if (c->by[k] == column)
            return kymo_fail(e, KYMO_EUSAGE, "--group: %s twice", word);
    c->by[c->n_by++] = column;
    return 0;
}

int cohort_make_groups(struct cohort *c, struct kymo_err *e)
{
    const int rc = c->args->group ? each_word(c, c->args->group, add_by, e) : 0;

    if (rc < 0)
        return rc;
    c->order = malloc(c->n * sizeof *c->order);
    c->begin = malloc((c->n + 1) * sizeof *c->begin);
    c->group_of = malloc(c->n * sizeof *c->group_of);
    if (!c->order || !c->begin || !c->group_of)
        return cohort_no_memory(e);
    for (size_t i = 0; i < c->n; i++)
        c->order[i] = i;
    if (c->n_by > 0)
        qsort_r(c->order, c->n, sizeof *c->order, by_group, c);
    for (size_t i = 0; i < c->n; i++) {
        if (i == 0 || compare_groups(c, c->order[i - 1], c->order[i]) != 0)
            c->begin[c->n_groups++] = i;
        c->group_of[c->order[i]] = c->n_groups - 1;
    }
    c->begin[c->n_groups] = c->n;
    return 0;
}

void cohort_by_group(const struct cohort *c, const double *x, double *sorted)
{
    for (size_t i = 0; i < c->n; i++)
        sorted[i] = x[c->order[i]];
}

/* ---- measures ---- */

bool cohort_is_called(const char *name, const char *wanted)
{
    const char *const dot = strrchr(name, '.');

    return strcmp(dot ? dot + 1 : name, wanted) == 0;
}

bool cohort_is_note(const char *name) { return cohort_is_called(name, "note") || cohort_is_called(name, "notes"); }

static bool is_picked(const struct cohort *c, size_t column)
{
    for (size_t k = 0; k < c->n_picked; k++)
        if (c->picked[k] == column)
            return true;
    return false;
}

static int pick_word(struct cohort *c, const char *word, struct kymo_err *e)
{
    bool found = false;

    for (size_t i = 0; i < c->n_columns; i++)
        if (fnmatch(word, c->column[i].name, 0) == 0) {
            found = true;
            if (!is_picked(c, i))
                c->picked[c->n_picked++] = i;
        }
    return found ? 0 : kymo_fail(e, KYMO_EUSAGE, "--measures: no column \"%s\"", word);
}

/* Unless told which: all columns that name nothing, make no groups and are no notes, which hardly two recordings share. Of
 * subjects' columns triage takes none. */
static bool is_measure(const struct cohort *c, size_t column)
{
    const struct cohort_column *const of = &c->column[column];
    bool makes_groups = false;

    for (size_t k = 0; k < c->n_by; k++)
        makes_groups |= c->by[k] == column;
    return !of->is_key && !makes_groups && !cohort_is_note(of->name) && !(c->args->triage && of->source->of_subjects);
}

int cohort_pick(struct cohort *c, struct kymo_err *e)
{
    c->picked = malloc((c->n_columns + 1) * sizeof *c->picked);
    if (!c->picked)
        return cohort_no_memory(e);
    if (c->args->measures)
        return each_word(c, c->args->measures, pick_word, e);
    for (size_t i = 0; i < c->n_columns; i++)
        if (is_measure(c, i))
            c->picked[c->n_picked++] = i;
    return 0;
}
