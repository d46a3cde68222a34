/* cli/alarm.h - what the files of kymo alarm share: rules, what each of them watches, and the table of alarms. */
#ifndef KYMO_CLI_ALARM_H
#define KYMO_CLI_ALARM_H

#include "algorithms/alarm.h"
#include "cli/alarm_exec.h"
#include "cli/alarm_heart.h"

#define ALARM_TICK_NS (KYMO_NS_PER_S / 10)   /* alarms are looked after so often, in time of the recording */

/* A rule, and what it watches. */
struct alarm_guard {
    struct alarm_rule rule;
    struct alarm_rule machine;    /* as the state machine has it: what lasts is judged here, its "for" is 0 */
    struct alarm alarm;
    char *text;                   /* as the user wrote it */
    int signal;                   /* -1: none */
    enum rhythm_kind kind;        /* of an episode; RHYTHM_KINDS: no episode */
    double value;                 /* the last; NaN: none */
    int64_t end_ns, seen_ns;      /* of the episode that is on, and of the last that was seen */
    int64_t from_ns;              /* its beginning */
};

struct alarm_rules {
    struct alarm_guard *guard;
    size_t n;
};

/* Adds a rule, or those of the file FILE if text is @FILE. */
int alarm_add_rule(struct alarm_rules *r, const char *text, struct kymo_err *e);
void alarm_rules_release(struct alarm_rules *r);

/* Which of h's signals and which episodes the rules are about. heart: whether any is about the heart's rate or, where no track
 * of h brings them, its episodes. typed: beats come with their types. */
int alarm_resolve(struct alarm_rules *r, const struct kymo_header *h, bool typed, bool *heart, struct kymo_err *e);

/* Whether an event is one that a guard's rule is about. */
bool alarm_is_about(const struct alarm_guard *g, const struct kymo_event *ev);

/* What became of a guard's alarm. */
struct alarm_row {
    const struct alarm_guard *guard;
    int64_t at_ns, began_ns;
    bool is_on;
    double value;
};

/* Where alarms go. */
struct alarm_report {
    struct kymo_output *out;
    struct kymo_table *table;
    struct alarm_exec exec;
    const char *record;
};

int alarm_report_open(struct alarm_report *r, const char *path, enum kymo_table_form form, struct kymo_err *e);

/* Prints it, known at once to who reads, and runs the command. */
int alarm_report_put(struct alarm_report *r, const struct alarm_row *row, struct kymo_err *e);
void alarm_report_release(struct alarm_report *r);

#endif
