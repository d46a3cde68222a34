/* algorithms/stress.c - see stress.h. */
#include "algorithms/stress.h"

bool stress_lasts(const struct stress_course *c) { return c->period_ns == c->on_ns; }

bool stress_is_on(const struct stress_course *c, int64_t ns)
{
    return ns >= c->clean_ns && (stress_lasts(c) || (ns - c->clean_ns) % c->period_ns < c->on_ns);
}

int64_t stress_change_ns(const struct stress_course *c, int64_t change)
{
    return c->clean_ns + change / 2 * c->period_ns + change % 2 * c->on_ns;
}

int64_t stress_change_at(const struct stress_course *c, int64_t ns)
{
    if (stress_lasts(c) || ns < stress_change_ns(c, 1))
        return 0;
    return (ns - c->clean_ns) / c->period_ns * 2 + (stress_is_on(c, ns) ? 0 : 2);
}

double stress_mix_next(struct stress_mix *s, double noise, bool on)
{
    if (on && !s->on)
        s->offset = s->added - s->gain * (s->begun ? s->before : noise);
    if (on)
        s->added = s->offset + s->gain * noise;
    s->on = on;
    s->begun = true;
    s->before = noise;
    return s->added;
}
