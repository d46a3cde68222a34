/* algorithms/beatclass_gate.c - see beatclass_gate.h. */
#include "algorithms/beatclass_gate.h"

#include <math.h>
#include <stdbool.h>

enum { LONGEST_GAP = 60 };

static bool fibrillates(float p) { return p > 0.5f; }

static size_t same_until(const float *p, size_t from, size_t n)
{
    size_t i = from;

    while (i < n && fibrillates(p[i]) == fibrillates(p[from]))
        i++;
    return i;
}

static void close_gaps(float *p, size_t n)
{
    size_t begin = 0, end, before = 0;   /* a stretch of one kind; fibrillation before it, beats */

    for (; begin < n; begin = end) {
        end = same_until(p, begin, n);
        const size_t gap = end - begin, behind = end < n ? same_until(p, end, n) - end : 0;
        if (fibrillates(p[begin]))
            before = gap;
        else if (gap < before && gap < behind && gap < LONGEST_GAP)
            for (size_t i = begin; i < end; i++)
                p[i] = fminf(p[begin - 1], p[end]);
    }
}

static void no_early_beats(struct beatclass *c, float p_af)
{
    const float moved = p_af * c->chance[BEATCLASS_S];

    c->chance[BEATCLASS_S] -= moved;
    c->chance[BEATCLASS_N] += moved;
    if (c->type[0] == 'S' && p_af > 0.5f)
        c->type[0] = 'N';
}

void beatclass_gate(struct beatclass *class, float *p_af, size_t n)
{
    close_gaps(p_af, n);
    for (size_t i = 0; i < n; i++)
        no_early_beats(&class[i], p_af[i]);
}
