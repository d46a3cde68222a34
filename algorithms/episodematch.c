/* algorithms/episodematch.c - see episodematch.h. */
#include "algorithms/episodematch.h"

#include <string.h>

/* The first episode that does not end before TIME. */
static size_t first_at(const struct episode_series *s, int64_t time)
{
    size_t low = 0, high = s->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (s->episode[middle].off < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int64_t episode_overlap(const struct episode_series *s, struct episode e)
{
    int64_t sum = 0;

    for (size_t i = first_at(s, e.on); i < s->n && s->episode[i].on < e.off; i++) {
        const int64_t on = s->episode[i].on > e.on ? s->episode[i].on : e.on;
        const int64_t off = s->episode[i].off < e.off ? s->episode[i].off : e.off;
        sum += off > on ? off - on : 0;
    }
    return sum;
}

static struct episodematch_side look_for(const struct episode_series *a, const struct episode_series *b, int64_t start,
                                         int64_t end)
{
    struct episodematch_side side = {0, 0, 0, 0};

    for (size_t i = first_at(a, start); i < a->n && (end <= 0 || a->episode[i].on < end); i++) {
        struct episode e = a->episode[i];
        e.on = e.on < start ? start : e.on;
        e.off = end > 0 && e.off > end ? end : e.off;
        const int64_t overlap = episode_overlap(b, e);
        side.found += overlap > 0;
        side.missed += overlap == 0;
        side.duration += e.off - e.on;
        side.overlap += overlap;
    }
    return side;
}

static int check_order(const struct episode_series *s, const char *name, struct kymo_err *e)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->episode[i].off < s->episode[i].on || (i > 0 && s->episode[i].on < s->episode[i - 1].off))
            return kymo_fail(e, KYMO_EDATA, "%s episode %zu ends before it begins, or begins before the last has ended", name,
                             i);
    return 0;
}

int episodematch_compare(const struct episode_series *ref, const struct episode_series *test, int64_t start, int64_t end,
                         struct episodematch *out, struct kymo_err *e)
{
    int rc;

    memset(out, 0, sizeof *out);
    if ((rc = check_order(ref, "reference", e)) < 0 || (rc = check_order(test, "test", e)) < 0)
        return rc;
    out->ref = look_for(ref, test, start, end);
    out->test = look_for(test, ref, start, end);
    if (end > 0 && end > start) {
        out->without = end - start - out->ref.duration;
        out->clear = out->without - (out->test.duration - out->test.overlap);
    }
    return 0;
}

static void add_side(struct episodematch_side *sum, const struct episodematch_side *from)
{
    sum->found += from->found;
    sum->missed += from->missed;
    sum->duration += from->duration;
    sum->overlap += from->overlap;
}

void episodematch_add(struct episodematch *sum, const struct episodematch *from)
{
    add_side(&sum->ref, &from->ref);
    add_side(&sum->test, &from->test);
    sum->without += from->without;
    sum->clear += from->clear;
}
