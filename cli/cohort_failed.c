/* cli/cohort_failed.c - kymo cohort --triage: recordings that have no row in a table, since the command of the batch failed. */
#include "cli/batch.h"
#include "cli/cohort.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool has_row(const struct cohort_source *s, const char *record)
{
    for (size_t i = 0; i < s->table->n_rows; i++)
        if (strcmp(kymo_columns_cell(s->table, i, s->key), record) == 0)
            return true;
    return false;
}

static int add(struct cohort_failures *all, const struct cohort_source *s, const char *record, const char *why,
               struct kymo_err *e)
{
    struct cohort_failure *const larger = realloc(all->failure, (all->n + 1) * sizeof *larger);
    struct cohort_failure *const f = larger ? &larger[all->n] : NULL;

    if (larger)
        all->failure = larger;
    if (!f || !(f->record = strdup(record)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for recordings that failed");
    f->source = s;
    snprintf(f->why, sizeof f->why, "%s", why);
    all->n++;
    return 0;
}

/* Of a manifest: recordings whose runs failed, and that have no row in the table. */
static int find_in(struct cohort_failures *all, const struct cohort_source *s, const char *folder, struct kymo_err *e)
{
    struct batch_state state = {0};
    char why[COHORT_REASON];
    int rc = batch_state_open(&state, folder, json_array(), BATCH_LOOK, 0, e);

    for (size_t i = 0; rc == 0 && i < state.n; i++) {
        const char *const record = state.entry[i].of;
        if (i > 0 && strcmp(state.entry[i - 1].of, record) == 0)
            continue;
        if (batch_failure(&state, record, false, why, sizeof why) && !has_row(s, record))
            rc = add(all, s, record, why, e);
    }
    batch_state_close(&state);
    return rc;
}

int cohort_find_failures(const struct cohort *c, struct cohort_failures *all, struct kymo_err *e)
{
    char folder[4096];
    int rc = 0;

    for (size_t k = 0; rc == 0 && k < c->call->n_operands; k++) {
        snprintf(folder, sizeof folder, "%.4080s.batch", c->call->operand[k]);
        rc = find_in(all, &c->source[k], k == 0 && c->args->state ? c->args->state : folder, e);
    }
    return rc;
}

void cohort_failures_release(struct cohort_failures *all)
{
    for (size_t i = 0; i < all->n; i++)
        free(all->failure[i].record);
    free(all->failure);
}
