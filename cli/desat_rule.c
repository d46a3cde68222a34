/* cli/desat_rule.c - see desat_rule.h. */
#include "cli/desat_rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the rule ---- */

/* One option that changes a number of the rule. */
struct change {
    const char *name, *text;
    double *value;
    bool everywhere;              /* else of DESAT_DROP alone */
    bool limits;                  /* of DESAT_LEVY too */
};

static int apply(const struct change *c, const struct desat_rule *r, char *text, struct kymo_err *e)
{
    const size_t used = strlen(text);

    if (!c->text)
        return 0;
    if (!c->everywhere && r->method != DESAT_DROP && !(c->limits && r->method == DESAT_LEVY))
        return kymo_fail(e, KYMO_EUSAGE, "--%s is no matter of rule %s", c->name, r->name);
    if (!kymo_parse_real(c->text, strlen(c->text), c->value))
        return kymo_fail(e, KYMO_EUSAGE, "--%s \"%.40s\" is not a number", c->name, c->text);
    if (*c->value < 0)
        return kymo_fail(e, KYMO_EUSAGE, "--%s %.40s is negative", c->name, c->text);
    snprintf(text + used, DESAT_RULE_TEXT - used, " %s=%g", c->name, *c->value);
    return 0;
}

int desat_rule_of(const struct desat_rule_args *args, struct desat_rule *r, char text[DESAT_RULE_TEXT], struct kymo_err *e)
{
    static const char *const baselines[] = {"top-fifth", "median", "maximum"};
    int rc = 0;

    *r = desat_rules[args->rule];
    snprintf(text, DESAT_RULE_TEXT, "%s", r->name);
    const struct change changes[] = {
        {"drop", args->drop, &r->drop_pct, true, true}, {"baseline-window", args->window, &r->window_s, false, false},
        {"fixed", args->fixed, &r->fixed_pct, false, false}, {"recovery", args->share, &r->share, false, false},
        {"recovery-within", args->within, &r->within_pct, false, false}, {"min", args->least, &r->least_s, false, true},
        {"max", args->most, &r->most_s, false, true}, {"hole", args->hole, &r->hole_s, true, true},
        {"merge", args->merge, &r->merge_s, true, true},
    };

    if (args->baseline > 0) {
        if (r->method != DESAT_DROP)
            return kymo_fail(e, KYMO_EUSAGE, "--baseline is no matter of rule %s", r->name);
        r->baseline = (enum desat_baseline)(args->baseline - 1);
        snprintf(text + strlen(text), DESAT_RULE_TEXT - strlen(text), " baseline=%s", baselines[args->baseline - 1]);
    }
    if (args->fixed && (args->baseline > 0 || args->window))
        return kymo_fail(e, KYMO_EUSAGE, "--fixed is the baseline: no --baseline, no --baseline-window");
    if (args->share && args->within)
        return kymo_fail(e, KYMO_EUSAGE, "--recovery and --recovery-within are different rules: choose one");
    for (size_t i = 0; rc == 0 && i < sizeof changes / sizeof *changes; i++)
        rc = apply(&changes[i], r, text, e);
    if (args->fixed)
        r->baseline = DESAT_FIXED;
    return rc;
}

/* ---- the search ---- */

int desat_night_find(const struct oximetry *o, const struct desat_rule *r, struct desat_night *d, struct kymo_err *e)
{
    int rc = 0;

    d->series = &o->spo2;
    d->x = o->spo2.x, d->n = o->spo2.n, d->fs_hz = o->spo2.fs_hz;
    if (r->method == DESAT_LEVY && d->fs_hz != 1) {
        rc = oximetry_seconds(&o->spo2, &d->second, &d->n, &d->first_s, e);
        d->x = d->second, d->fs_hz = 1;
    }
    return rc < 0 ? rc : desat_find(d->x, d->n, d->fs_hz, r, &d->found, &d->n_found, e);
}

void desat_night_release(struct desat_night *d)
{
    free(d->second);
    free(d->found);
}

int64_t desat_night_time(const struct desat_night *d, size_t i)
{
    return d->second ? (d->first_s + (int64_t)i) * KYMO_NS_PER_S : oximetry_time(d->series, i);
}

int64_t desat_night_sample(const struct desat_night *d, size_t i)
{
    size_t low = 0, high = d->series->n;

    if (!d->second)
        return oximetry_sample(d->series, i);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (oximetry_time(d->series, middle) < desat_night_time(d, i))
            low = middle + 1;
        else
            high = middle;
    }
    return oximetry_sample(d->series, low);
}
