/* algorithms/holes.c - see holes.h. */
#include "algorithms/holes.h"

#include <math.h>

static bool is_missing(const double *const x[], size_t n_leads, size_t i)
{
    for (size_t k = 0; k < n_leads; k++)
        if (!isnan(x[k][i]))
            return false;
    return true;
}

/* Ends the run; whether it was a hole. */
static bool end_run(struct holes *s, struct hole *out)
{
    const bool is_hole = s->run >= s->shortest;

    if (is_hole)
        *out = (struct hole){s->n_in - s->run, s->run};
    s->run = 0;
    return is_hole;
}

bool holes_next(struct holes *s, const double *const x[], size_t n_leads, size_t n, size_t *at, struct hole *out)
{
    while (*at < n) {
        if (s->run == 0) {   /* the usual case, quickly: on to where the first lead has none */
            const size_t from = *at;
            while (*at < n && !isnan(x[0][*at]))
                ++*at;
            s->n_in += (int64_t)(*at - from);
            if (*at == n)
                return false;
        }
        const bool missing = is_missing(x, n_leads, *at);
        if (!missing && s->run > 0 && end_run(s, out))
            return true;   /* this sample is looked at again */
        s->run += missing;
        s->n_in++;
        ++*at;
    }
    return false;
}

bool holes_flush(struct holes *s, struct hole *out)
{
    const bool is_hole = s->run > 0 && end_run(s, out);

    s->n_in = 0;
    return is_hole;
}
