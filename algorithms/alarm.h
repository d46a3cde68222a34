/* algorithms/alarm.h - the state of one alarm: off, waiting, on.
 *
 * Who watches a condition tells at each moment of time whether it holds. Off, it begins when the condition has held without
 * a break for the rule's "for", counted from when it began to hold, and no sooner than "refractory" after the last time that it
 * began. On, it ends when the condition has not held for "clear". A moment at which nobody can tell breaks either wait, and
 * leaves an alarm that is on as it is; so does a value between limit and hysteresis leave it, though such a value breaks the
 * wait of one that is off.
 *
 * Time never goes back; who watches calls alarm_clock often enough, and the times of begin and end do not depend on how often.
 * Ours, with the words of IEC 60601-1-8; it is no alarm system in that standard's sense. */
#ifndef KYMO_ALARM_H
#define KYMO_ALARM_H

#include "algorithms/alarm_rule.h"

enum alarm_truth { ALARM_UNKNOWN, ALARM_NOT, ALARM_BETWEEN, ALARM_HOLDS };

struct alarm {
    const struct alarm_rule *rule;
    enum alarm_truth truth;
    int64_t since_ns;             /* the condition holds, or does not, since then */
    bool is_on, was_on;
    int64_t on_ns;                /* of the last begin, if was_on */
    int64_t began_ns;             /* since when the condition of the alarm that is on held */
};

/* What became of it, and when. */
enum alarm_change { ALARM_NO_CHANGE, ALARM_ON, ALARM_OFF };

void alarm_init(struct alarm *a, const struct alarm_rule *rule);   /* the rule must stay */

/* What a value, NaN for none, is to the rule's limit. */
enum alarm_truth alarm_judge(const struct alarm_rule *rule, double value);

/* From ns on. Call alarm_clock(a, ns) before. */
void alarm_see(struct alarm *a, int64_t ns, enum alarm_truth truth);

/* It is ns now, and since the last call nothing was seen. *at_ns: when it began or ended. Call until there is no change. */
enum alarm_change alarm_clock(struct alarm *a, int64_t ns, int64_t *at_ns);

#endif
