/* tests/fuzz/fuzz_alarm_rule.c - rules of alarms.
 *
 * Property: a text is refused with a cause, or is a rule whose parts lie within their limits, and blanks around it change
 * nothing. */
#include "fuzz.h"

#include "algorithms/alarm_rule.h"

static void check(const struct alarm_rule *r)
{
    const int64_t times[] = {r->for_ns, r->clear_ns, r->refractory_ns};

    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        must(times[i] >= 0 && times[i] <= ALARM_LONGEST_NS, "a time lies within a day");
    must(isfinite(r->limit) && isfinite(r->hysteresis) && r->hysteresis >= 0, "limits are numbers");
    must(*r->name != '\0' || strnlen(r->name, ALARM_WORD) == 0, "it has a name");
    must(strnlen(r->subject, ALARM_WORD) < ALARM_WORD && strnlen(r->name, ALARM_WORD) < ALARM_WORD &&
         strnlen(r->text, ALARM_WORD) < ALARM_WORD && strnlen(r->unit, ALARM_WORD) < ALARM_WORD, "words have an end");
    must(r->what == ALARM_NO_DATA || *r->subject, "it is about something");
    must(*alarm_priority_name(r->priority), "its priority has a name");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct kymo_err e = {0};
    char *text = strndup((const char *)data, n), *wide = text ? malloc(strlen(text) + 5) : NULL;
    struct alarm_rule rule, again;

    if (wide && alarm_rule_parse(text, &rule, &e) == 0) {
        check(&rule);
        sprintf(wide, "  %s\t ", text);
        must(alarm_rule_parse(wide, &again, &e) == 0 && memcmp(&rule, &again, sizeof rule) == 0,
             "blanks around it are nothing");
    } else {
        must(!wide || e.n > 0, "a text that is refused has a cause");
    }
    free(text);
    free(wide);
    return 0;
}
