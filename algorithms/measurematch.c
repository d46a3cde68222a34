/* algorithms/measurematch.c - see measurematch.h. */
#include "algorithms/measurematch.h"

#include <math.h>
#include <string.h>

static int check_order(const struct measure_series *s, const char *name, struct kymo_err *e)
{
    for (size_t i = 1; i < s->n; i++)
        if (s->measure[i].time < s->measure[i - 1].time)
            return kymo_fail(e, KYMO_EDATA, "%s measurement %zu lies before the one before it", name, i);
    return 0;
}

int measurematch_compare(const struct measure_series *ref, const struct measure_series *test, int64_t start, int64_t end,
                         struct measurematch *out, struct kymo_err *e)
{
    size_t after = 0;             /* the first reference measurement at or behind the test's */
    int rc;

    memset(out, 0, sizeof *out);
    if ((rc = check_order(ref, "reference", e)) < 0 || (rc = check_order(test, "test", e)) < 0)
        return rc;
    for (size_t i = 0; ref->n > 0 && i < test->n; i++) {
        const struct measure *t = &test->measure[i];
        if (t->time < start || (end > 0 && t->time > end))
            continue;
        while (after < ref->n && ref->measure[after].time < t->time)
            after++;
        const int before = after == ref->n ||
                           (after > 0 && t->time - ref->measure[after - 1].time < ref->measure[after].time - t->time);
        const double r = ref->measure[before ? after - 1 : after].value, d = t->value - r;
        out->square_sum += d * d;
        out->difference_sum += d;
        out->ref_sum += r;
        out->n++;
    }
    return 0;
}

double measurematch_rms(const struct measurematch *m)
{
    return m->n > 0 ? sqrt(m->square_sum / (double)m->n) : (double)NAN;
}

double measurematch_normalised_pct(const struct measurematch *m)
{
    const double mean = m->ref_sum / (double)m->n;

    return m->n > 0 && mean != 0 ? 100 * measurematch_rms(m) / fabs(mean) : (double)NAN;
}
