/* cli/filter_stage.h - a chain of stages that one signal goes through.
 *
 * A stage is a streaming object of algorithms/ whose output is aligned with its input: y[i] belongs to x[i], is held back as
 * long as needed, and is NaN where x[i] is. FILTER_KIND(NAME) makes the table of the functions NAME_push, NAME_flush and
 * NAME_destroy, to stand in the file that adds such stages. */
#ifndef KYMO_CLI_FILTER_STAGE_H
#define KYMO_CLI_FILTER_STAGE_H

#include "lib/err.h"

#include <stdbool.h>
#include <stddef.h>

struct filter_kind {
    size_t (*push)(void *state, const double *x, size_t n, double *y);   /* at most n, all that there is room for */
    size_t (*flush)(void *state, double *y, size_t cap);                 /* until 0 */
    void (*destroy)(void *state);

    /* The same push for several objects at once, to the same bits, or NULL: one by one. Those of one call have had equal
     * numbers of samples; each makes as many, or made[k] tells. */
    void (*push_many)(void *const *state, size_t n_states, double *const *x_y, size_t n, size_t *made);

    /* The complex response, re and im, at a frequency in turns per sample; NULL: it has none, or none that holds always. */
    void (*respond)(const void *state, double turns, double *re_im);
};

#define FILTER_KIND_PLAIN_(name) \
    static size_t name##_push_stage(void *s, const double *x, size_t n, double *y) { return name##_push(s, x, n, y); } \
    static size_t name##_flush_stage(void *s, double *y, size_t cap) { return name##_flush(s, y, cap); } \
    static void name##_destroy_stage(void *s) { name##_destroy(s); }

/* static const struct filter_kind filter_kind_NAME, of a struct NAME. */
#define FILTER_KIND(name) \
    FILTER_KIND_PLAIN_(name) \
    static const struct filter_kind filter_kind_##name = {name##_push_stage, name##_flush_stage, name##_destroy_stage, \
                                                         NULL, NULL}

#define FILTER_STAGES 16
#define FILTER_TOGETHER 12       /* chains in one push */

struct filter_stage {
    const struct filter_kind *kind;
    void *state;
};

struct filter_chain {
    size_t n;
    struct filter_stage stage[FILTER_STAGES];
    char told[200];               /* what it does, "HP:0.5Hz LP:40Hz", as EDF's prefilter field has it */
};

/* Appends a stage, whose state then belongs to the chain, failing or not; NULL state: an error is in *e already. fmt: what it
 * does, as short as "N:50Hz". */
int filter_chain_add(struct filter_chain *c, const struct filter_kind *kind, void *state, struct kymo_err *e, const char *fmt,
                     ...) __attribute__((format(printf, 5, 6)));

/* x[n] of each of n_chains chains alike (the same kinds in the same order) through all stages, in place; made[k] samples
 * come out of chain k. n_chains is 1..FILTER_TOGETHER. */
void filter_chains_push(struct filter_chain *const *c, size_t n_chains, double *const *x, size_t n, size_t *made);

/* x[cap] gets the next of what is held back; 0: there is no more, the chain is as new. */
size_t filter_chain_flush(struct filter_chain *c, double *x, size_t cap);

void filter_chain_release(struct filter_chain *c);   /* a zeroed one is fine */

#endif
