/* algorithms/rhythm_changes.c - see rhythm_changes.h. */
#include "algorithms/rhythm_changes.h"

#include <stdlib.h>

/* Kinds in the order in which they count. */
static const enum rhythm_kind order[] = {
    RHYTHM_VF, RHYTHM_VT, RHYTHM_IVR, RHYTHM_AF, RHYTHM_FLUTTER, RHYTHM_SVT, RHYTHM_BIGEMINY, RHYTHM_TRIGEMINY,
    RHYTHM_S_BIGEMINY, RHYTHM_PACED_RHYTHM, RHYTHM_BRADYCARDIA,
};

#define N_ORDER (sizeof order / sizeof *order)

/* An episode begins (step 1) or ends (-1). */
struct turn {
    int64_t time_ns;
    int step;
    enum rhythm_kind kind;
};

static int by_time(const void *a, const void *b)
{
    const struct turn *const x = a, *const y = b;

    return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

static enum rhythm_kind first_of(const int on[RHYTHM_KINDS])
{
    for (size_t k = 0; k < N_ORDER; k++)
        if (on[order[k]] > 0)
            return order[k];
    return RHYTHM_KINDS;
}

int rhythm_changes(const struct rhythm_list *list, int64_t from_ns, struct rhythm_change **all, size_t *n, struct kymo_err *e)
{
    struct turn *const turn = malloc((2 * list->n + 1) * sizeof *turn);
    int on[RHYTHM_KINDS] = {0};
    size_t n_turns = 0;

    *n = 0;
    *all = malloc((2 * list->n + 1) * sizeof **all);
    if (!turn || !*all) {
        free(turn);
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu rhythm changes", 2 * list->n);
    }
    for (size_t i = 0; i < list->n; i++) {
        const struct rhythm_episode *const p = &list->episode[i];
        turn[n_turns++] = (struct turn){p->from_ns > from_ns ? p->from_ns : from_ns, 1, p->kind};
        turn[n_turns++] = (struct turn){p->to_ns > from_ns ? p->to_ns : from_ns, -1, p->kind};
    }
    qsort(turn, n_turns, sizeof *turn, by_time);
    (*all)[(*n)++] = (struct rhythm_change){from_ns, RHYTHM_KINDS};
    for (size_t i = 0; i < n_turns;) {
        const int64_t time_ns = turn[i].time_ns;
        for (; i < n_turns && turn[i].time_ns == time_ns; i++)
            on[turn[i].kind] += turn[i].step;
        const enum rhythm_kind now = first_of(on);
        if (time_ns == from_ns)
            (*all)[0].kind = now;
        else if (now != (*all)[*n - 1].kind)
            (*all)[(*n)++] = (struct rhythm_change){time_ns, now};
    }
    free(turn);
    return 0;
}
