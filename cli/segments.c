/* cli/segments.c - see segments.h. */
#include "cli/segments.h"

#include <stdlib.h>

int segments_add(struct segments *s, int64_t begin_ns, struct kymo_err *e)
{
    if ((s->n & (s->n - 1)) == 0) {   /* room is for a power of 2 */
        int64_t *const all = realloc(s->begin_ns, (s->n ? 2 * s->n : 1) * sizeof *all);
        if (!all)
            return kymo_fail(e, KYMO_ENOMEM, "no memory for the gaps of a recording");
        s->begin_ns = all;
    }
    s->begin_ns[s->n++] = begin_ns;
    return 0;
}

/* Looks from the latest back: beats come about as late as gaps. */
bool segments_begin_between(const struct segments *s, int64_t before_ns, int64_t ns)
{
    size_t i = s->n;

    while (i > 0 && s->begin_ns[i - 1] > ns)
        i--;
    return i > 0 && s->begin_ns[i - 1] > before_ns;
}

void segments_release(struct segments *s) { free(s->begin_ns); }
