/* cli/desat_rule.h - options that say what a desaturation is, for commands that look for them: a named rule
 * (algorithms/desat.h), and what is changed of it. And the search itself, in what cli/oximetry.h has read. */
#ifndef KYMO_CLI_DESAT_RULE_H
#define KYMO_CLI_DESAT_RULE_H

#include "algorithms/desat.h"
#include "cli/oximetry.h"

struct desat_rule_args {
    int rule, baseline;
    const char *drop, *window, *fixed, *share, *within, *least, *most, *hole, *merge;   /* NULL: as the rule has it */
};

#define DESAT_RULE_OPTS(type, field) \
    KYMO_OPT_CHOICE('\0', "rule", type, field.rule, "aasm3|aasm4|levy3|levy4|hard90", "aasm3", \
                    "what a desaturation is; the options that follow change it"), \
    KYMO_OPT_STRING('\0', "drop", type, field.drop, "PCT", NULL, \
                    "how far it falls, in points; of hard90: below what it falls"), \
    KYMO_OPT_CHOICE('\0', "baseline", type, field.baseline, "rule|top-fifth|median|maximum", "rule", \
                    "from where: mean of the highest fifth, median or maximum of the window before"), \
    KYMO_OPT_STRING('\0', "baseline-window", type, field.window, "SECONDS", NULL, "length of that window"), \
    KYMO_OPT_STRING('\0', "fixed", type, field.fixed, "PCT", NULL, "from where, as a number"), \
    KYMO_OPT_STRING('\0', "recovery", type, field.share, "SHARE", NULL, "it ends when it is back by this share of its depth"), \
    KYMO_OPT_STRING('\0', "recovery-within", type, field.within, "PCT", NULL, \
                    "it ends when it is back to so many points below the baseline"), \
    KYMO_OPT_STRING('\0', "min", type, field.least, "SECONDS", NULL, "least duration, from onset to end"), \
    KYMO_OPT_STRING('\0', "max", type, field.most, "SECONDS", NULL, "most duration"), \
    KYMO_OPT_STRING('\0', "hole", type, field.hole, "SECONDS", NULL, "so long may readings be missing within it"), \
    KYMO_OPT_STRING('\0', "merge", type, field.merge, "SECONDS", NULL, "those at most so far apart are one")

#define DESAT_RULE_TEXT 200

/* The rule that is asked for, and its name with what was changed: "aasm3", "aasm3 drop=2 max=120". 0 or KYMO_EUSAGE. */
int desat_rule_of(const struct desat_rule_args *args, struct desat_rule *r, char text[DESAT_RULE_TEXT], struct kymo_err *e);

/* The desaturations of a recording by a rule. They count in x, which is that of the oximetry, or, for a rule that is made for
 * it, a series of 1 Hz. */
struct desat_night {
    const double *x;              /* x[n] at fs_hz; a view */
    size_t n;
    double fs_hz;
    struct desat *found;
    size_t n_found;
    const struct oximetry_series *series;   /* of the oximetry, which must stay; the rest is for desat_rule.c */
    double *second;
    int64_t first_s;
};

/* *d is zeroed memory, and to be released whatever comes back. */
int desat_night_find(const struct oximetry *o, const struct desat_rule *r, struct desat_night *d, struct kymo_err *e);
void desat_night_release(struct desat_night *d);

/* When sample i of x begins, and the number of the first sample of SpO2 from there on. */
int64_t desat_night_time(const struct desat_night *d, size_t i);
int64_t desat_night_sample(const struct desat_night *d, size_t i);

#endif
