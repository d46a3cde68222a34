/* algorithms/alarm_rule.h - what an alarm is about, from a line of text: "spo2 < 88 for 15s priority high".
 *
 *   RULE      = CONDITION CLAUSE ...
 *   CONDITION = QUANTITY SIGN NUMBER [UNIT]    SIGN = < <= > >=
 *             | no data [of SIGNAL]
 *             | event TYPE [TEXT]              an event of the recording: event V, event + (AFIB
 *             | EPISODE                        one word: asystole, vt
 *   CLAUSE    = for TIME                       begins when the condition held so long; no data: 10 s unless told
 *             | hysteresis NUMBER              ends when the value is back by so much, 0 unless told; of a SIGN only
 *             | clear TIME                     ends when the condition did not hold so long
 *             | refractory TIME                another begins no sooner than so long after this one began
 *             | priority low|medium|high       medium unless told
 *             | as NAME                        its name; else QUANTITY, TYPE, TEXT, EPISODE or "no data"
 *   TIME      = NUMBER with ms, s, min or h, no blank needed; s if there is none; up to 24 h
 *
 * QUANTITY, SIGNAL, TYPE, TEXT and NAME are words, or stand between double quotes, of up to 63 bytes. Each clause may be given
 * once, in any order. Letters of the words of the grammar may be large. */
#ifndef KYMO_ALARM_RULE_H
#define KYMO_ALARM_RULE_H

#include "lib/err.h"

#include <stdbool.h>

#define ALARM_WORD 64
#define ALARM_LONGEST_NS (INT64_C(86400) * 1000000000)
#define ALARM_NO_DATA_NS (INT64_C(10) * 1000000000)

enum alarm_what { ALARM_VALUE, ALARM_NO_DATA, ALARM_EVENT, ALARM_EPISODE };
enum alarm_sign { ALARM_BELOW, ALARM_AT_MOST, ALARM_ABOVE, ALARM_AT_LEAST };
enum alarm_priority { ALARM_LOW, ALARM_MEDIUM, ALARM_HIGH };

struct alarm_rule {
    enum alarm_what what;
    char subject[ALARM_WORD];     /* QUANTITY, TYPE, EPISODE, SIGNAL; "" of no data at all */
    char text[ALARM_WORD];        /* of an event; "": any */
    char unit[ALARM_WORD];        /* "": the signal's own */
    char name[ALARM_WORD];
    enum alarm_sign sign;
    enum alarm_priority priority;
    double limit, hysteresis;
    int64_t for_ns, clear_ns, refractory_ns;
};

/* Returns 0, or KYMO_EUSAGE with the place in the text and what was expected. */
int alarm_rule_parse(const char *text, struct alarm_rule *rule, struct kymo_err *e);

const char *alarm_priority_name(enum alarm_priority p);   /* "high" */

#endif
