/* cli/spo2_read.c - see spo2_read.h. */
#include "cli/spo2_read.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *allocate(size_t n, size_t size, struct kymo_err *e)
{
    void *const p = calloc(n + 1, size);

    if (!p)
        kymo_fail(e, KYMO_ENOMEM, "no memory for %zu seconds", n);
    return p;
}

/* ---- desaturations ---- */

/* Number in the series at 1 Hz of the second in which sample i of where they were found begins. */
static size_t second_of(const struct spo2_record *w, const struct desat_night *found, size_t i)
{
    const int64_t ns = desat_night_time(found, i);
    const int64_t s = ns / KYMO_NS_PER_S - (ns % KYMO_NS_PER_S < 0) - w->first_s;

    return s < 0 ? 0 : s >= (int64_t)w->night.n ? w->night.n - 1 : (size_t)s;
}

/* As kymo desat finds them; then in seconds. */
static int find_desats(struct spo2_record *w, int list, const struct desat_rule *rule, struct kymo_err *e)
{
    struct desat_night *const found = &w->found[list];
    const int rc = desat_night_find(&w->o, rule, found, e);

    for (size_t k = 0; rc == 0 && k < found->n_found; k++) {
        struct desat *const d = &found->found[k];
        d->onset = second_of(w, found, d->onset);
        d->nadir = second_of(w, found, d->nadir);
        d->end = second_of(w, found, d->end);
    }
    w->night.desat[list] = found->found;
    w->night.n_desats[list] = found->n_found;
    return rc;
}

/* What the figures are of, with all that it says. */
static void tell_rule(struct spo2_record *w, const struct desat_rule *rule, const char *name, const char *dropping)
{
    char says[320];

    desat_rule_text(rule, says, sizeof says);
    snprintf(w->rule, sizeof w->rule, "%s: %s; odi2 to odi4: %s with that drop", name, says, dropping);
}

static int set_falls(struct spo2_record *w, struct kymo_err *e)
{
    const size_t n = w->night.n_desats[SPO2_RULE];

    if (!(w->fall = allocate(n, sizeof *w->fall, e)))
        return KYMO_ENOMEM;
    for (size_t k = 0; k < n; k++) {
        const struct desat *const d = &w->night.desat[SPO2_RULE][k];
        w->fall[k] = (struct response_event){d->onset, d->nadir};
    }
    w->night.fall = w->fall;
    return 0;
}

/* A threshold has no drop: beside it, the drops are those of the usual rule. */
static int find_all_desats(struct spo2_record *w, struct kymo_err *e)
{
    struct desat_rule rule;
    char name[DESAT_RULE_TEXT];
    int rc = desat_rule_of(&w->args->rule, &rule, name, e);

    if (rc < 0 || (rc = find_desats(w, SPO2_RULE, &rule, e)) < 0)
        return rc;
    struct desat_rule dropping = rule.method == DESAT_HARD ? *desat_rule_named("aasm3") : rule;
    for (int list = SPO2_DROP_2; rc == 0 && list <= SPO2_DROP_4; list++) {
        dropping.drop_pct = 2 + list - SPO2_DROP_2;
        if (rule.method != DESAT_HARD && rule.drop_pct == dropping.drop_pct) {   /* found already */
            w->night.desat[list] = w->night.desat[SPO2_RULE];
            w->night.n_desats[list] = w->night.n_desats[SPO2_RULE];
        } else {
            rc = find_desats(w, list, &dropping, e);
        }
    }
    tell_rule(w, &rule, name, rule.method == DESAT_HARD ? dropping.name : "the same");
    return rc < 0 ? rc : set_falls(w, e);
}

/* ---- what was scored ---- */

/* "20:00-7:40:00". */
static int parse_sleep(const char *text, int64_t *from_ns, int64_t *to_ns, struct kymo_err *e)
{
    const char *const dash = strchr(text, '-');

    if (!dash || !kymo_parse_time(text, (size_t)(dash - text), from_ns) ||
        !kymo_parse_time(dash + 1, strlen(dash + 1), to_ns) || *from_ns >= *to_ns)
        return kymo_fail(e, KYMO_EUSAGE, "--sleep-from-to \"%.40s\" is not two times with a - between, the later one behind",
                         text);
    return 0;
}

static int set_sleep(struct spo2_record *w, struct kymo_err *e)
{
    const size_t n = w->night.n;
    struct sleep_span asked = {.is = 1};
    int rc = 0;

    if (!w->args->sleep_from_to && w->scoring.stages.n == 0)
        return 0;
    if (!(w->asleep = allocate(n, 1, e)))
        return KYMO_ENOMEM;
    if (w->args->sleep_from_to && (rc = parse_sleep(w->args->sleep_from_to, &asked.from_ns, &asked.to_ns, e)) == 0)
        sleep_seconds(&(struct sleep_list){.span = &asked, .n = 1}, w->first_s, n, w->asleep);
    for (size_t i = 0; !w->args->sleep_from_to && i < n; i++)
        w->asleep[i] = w->stage[i] >= STAGE_N1 && w->stage[i] <= STAGE_R;
    w->night.asleep = w->asleep;
    return rc;
}

/* Respiratory events as seconds; those that lie outside of the series are left out. */
static int set_respiratory(struct spo2_record *w, struct kymo_err *e)
{
    const struct sleep_list *const l = &w->scoring.respiratory;

    if (l->n == 0)
        return 0;
    if (!(w->respiratory = allocate(l->n, sizeof *w->respiratory, e)))
        return KYMO_ENOMEM;
    for (size_t i = 0; i < l->n; i++) {
        const int64_t onset = l->span[i].from_ns / KYMO_NS_PER_S - w->first_s;
        const int64_t end = l->span[i].to_ns / KYMO_NS_PER_S - w->first_s;
        if (onset >= 0 && end >= onset && end < (int64_t)w->night.n)
            w->respiratory[w->night.n_respiratory++] = (struct response_event){(size_t)onset, (size_t)end};
    }
    w->night.respiratory = w->respiratory;
    return 0;
}

static int set_scoring(struct spo2_record *w, struct kymo_err *e)
{
    const size_t n = w->night.n;
    int rc;

    if (!(w->stage = allocate(n, 1, e)) || !(w->position = allocate(n, 1, e)))
        return KYMO_ENOMEM;
    sleep_seconds(&w->scoring.stages, w->first_s, n, w->stage);
    sleep_seconds(&w->scoring.positions, w->first_s, n, w->position);
    if ((rc = set_sleep(w, e)) == 0)
        rc = set_respiratory(w, e);
    return rc;
}

/* ---- the night ---- */

/* The pulse rate on the seconds of SpO2; without one that is plausible, none. */
static int set_pulse(struct spo2_record *w, struct kymo_err *e)
{
    double *rate = NULL;
    size_t n = 0;
    int64_t first_s = 0;
    int rc;

    if (w->o.pulse.signal < 0)
        return 0;
    if ((rc = oximetry_seconds(&w->o.pulse, &rate, &n, &first_s, e)) < 0 ||
        !(w->pulse = allocate(w->night.n, sizeof *w->pulse, e))) {
        free(rate);
        return e->cause[0].code;
    }
    for (size_t i = 0; i < w->night.n; i++) {
        const int64_t at = (int64_t)i + w->first_s - first_s;
        const double v = at >= 0 && at < (int64_t)n ? rate[at] : (double)NAN;
        w->pulse[i] = v >= 20 && v <= 300 ? v : (double)NAN;
    }
    w->night.pulse_per_min = w->pulse;
    free(rate);
    return 0;
}

int spo2_read(const struct kymo_call *call, const struct spo2_args *args, struct spo2_record *w, struct kymo_err *e)
{
    struct oximetry_args asked = args->oximetry;
    int rc;

    w->args = args;
    asked.on_event = sleep_add;
    asked.context = &w->scoring;
    if ((rc = oximetry_read(call, &asked, &w->o, e)) < 0)
        return rc;
    for (size_t i = 0; rc == 0 && i < args->events.n; i++)
        rc = sleep_read(call, args->events.text[i], &w->scoring, e);
    if (rc == 0)
        rc = sleep_read_signals(call, &asked.in, &w->o.hdr, &w->scoring, e);
    sleep_finish(&w->scoring);
    if (rc == 0)
        rc = oximetry_seconds(&w->o.spo2, &w->second, &w->night.n, &w->first_s, e);
    if (rc < 0)
        return rc;
    w->night.x_pct = w->second;
    w->night.level_pct = args->level_pct;
    oximetry_tell_cleaning(&w->o, w->cleaned, sizeof w->cleaned);
    if ((rc = find_all_desats(w, e)) < 0 || (rc = set_scoring(w, e)) < 0 || (rc = set_pulse(w, e)) < 0)
        return rc;
    spo2_set_windows(&w->night);
    return 0;
}

void spo2_record_release(struct spo2_record *w)
{
    oximetry_release(&w->o);
    sleep_release(&w->scoring);
    for (int list = 0; list < SPO2_LISTS; list++)
        desat_night_release(&w->found[list]);
    free(w->second);
    free(w->pulse);
    free(w->stage);
    free(w->position);
    free(w->asleep);
    free(w->fall);
    free(w->respiratory);
}
