/* cli/filter_stage.c - see filter_stage.h. */
#include "cli/filter_stage.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int filter_chain_add(struct filter_chain *c, const struct filter_kind *kind, void *state, struct kymo_err *e, const char *fmt,
                     ...)
{
    const size_t told = strlen(c->told);
    va_list args;

    if (!state)
        return e->cause[0].code;
    if (c->n == FILTER_STAGES) {
        kind->destroy(state);
        return kymo_fail(e, KYMO_EUSAGE, "more than %d filters one after the other", FILTER_STAGES);
    }
    c->stage[c->n++] = (struct filter_stage){kind, state};
    if (told > 0 && told + 1 < sizeof c->told)
        memcpy(c->told + told, " ", 2);
    va_start(args, fmt);
    vsnprintf(c->told + strlen(c->told), sizeof c->told - strlen(c->told), fmt, args);
    va_end(args);
    return 0;
}

static bool are_level(const size_t *made, size_t n_chains)
{
    for (size_t k = 1; k < n_chains; k++)
        if (made[k] != made[0])
            return false;
    return true;
}

/* Stage i of all chains on the made[k] samples that each has. */
static void push_stage(struct filter_chain *const *c, size_t n_chains, size_t i, double *const *x, size_t *made)
{
    const struct filter_kind *kind = c[0]->stage[i].kind;

    if (kind->push_many && n_chains > 1 && are_level(made, n_chains)) {
        void *state[FILTER_TOGETHER];
        for (size_t k = 0; k < n_chains; k++)
            state[k] = c[k]->stage[i].state;
        kind->push_many(state, n_chains, x, made[0], made);
        return;
    }
    for (size_t k = 0; k < n_chains; k++)
        made[k] = kind->push(c[k]->stage[i].state, x[k], made[k], x[k]);
}

void filter_chains_push(struct filter_chain *const *c, size_t n_chains, double *const *x, size_t n, size_t *made)
{
    for (size_t k = 0; k < n_chains; k++)
        made[k] = n;
    for (size_t i = 0; n > 0 && i < c[0]->n; i++)
        push_stage(c, n_chains, i, x, made);
}

size_t filter_chain_flush(struct filter_chain *c, double *x, size_t cap)
{
    /* The first stage that still holds something gives it to those behind it, of which each may keep some. */
    for (size_t i = 0; i < c->n; i++) {
        size_t n;
        while ((n = c->stage[i].kind->flush(c->stage[i].state, x, cap)) > 0) {
            for (size_t j = i + 1; j < c->n; j++)
                n = c->stage[j].kind->push(c->stage[j].state, x, n, x);
            if (n > 0)
                return n;
        }
    }
    return 0;
}

void filter_chain_release(struct filter_chain *c)
{
    for (size_t i = 0; i < c->n; i++)
        c->stage[i].kind->destroy(c->stage[i].state);
    *c = (struct filter_chain){0};
}
