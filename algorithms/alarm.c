/* algorithms/alarm.c - see alarm.h. */
#include "algorithms/alarm.h"

#include <math.h>

void alarm_init(struct alarm *a, const struct alarm_rule *rule) { *a = (struct alarm){.rule = rule}; }

enum alarm_truth alarm_judge(const struct alarm_rule *rule, double value)
{
    const bool upper = rule->sign == ALARM_ABOVE || rule->sign == ALARM_AT_LEAST;
    const double beyond = upper ? value - rule->limit : rule->limit - value;
    const bool itself = rule->sign == ALARM_AT_MOST || rule->sign == ALARM_AT_LEAST;

    if (isnan(value))
        return ALARM_UNKNOWN;
    if (beyond > 0 || (beyond == 0 && itself))
        return ALARM_HOLDS;
    return rule->hysteresis > 0 && beyond > -rule->hysteresis ? ALARM_BETWEEN : ALARM_NOT;
}

void alarm_see(struct alarm *a, int64_t ns, enum alarm_truth truth)
{
    if (truth != a->truth)
        a->since_ns = ns;
    a->truth = truth;
}

enum alarm_change alarm_clock(struct alarm *a, int64_t ns, int64_t *at_ns)
{
    const struct alarm_rule *const rule = a->rule;

    if (!a->is_on && a->truth == ALARM_HOLDS) {
        *at_ns = a->since_ns + rule->for_ns;
        if (a->was_on && *at_ns < a->on_ns + rule->refractory_ns)
            *at_ns = a->on_ns + rule->refractory_ns;
    } else if (a->is_on && a->truth == ALARM_NOT) {
        *at_ns = a->since_ns + rule->clear_ns;
    } else {
        return ALARM_NO_CHANGE;
    }
    if (*at_ns > ns)
        return ALARM_NO_CHANGE;
    a->is_on = !a->is_on;
    if (!a->is_on)
        return ALARM_OFF;
    a->was_on = true;
    a->on_ns = *at_ns;
    a->began_ns = a->since_ns;
    return ALARM_ON;
}
