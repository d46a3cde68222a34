/* cli/spo2.c - kymo spo2: the measures of a night of SpO2, of the whole and of parts of it.
 *
 * The measures and their sources are in algorithms/spo2_night.h and cli/spo2_columns.c, how SpO2 is found and cleaned in
 * cli/oximetry.h, the words of stages, respiratory events and positions in cli/scoring.h, the user's view in
 * man/kymo-spo2.1. */
#include "cli/desat_rule.h"
#include "cli/scoring.h"
#include "cli/spo2_columns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_S 3600

enum by { BY_RECORDING, BY_HOUR, BY_STAGE, BY_POSITION };

struct args {
    struct oximetry_args oximetry;
    struct kymo_strings events;
    struct desat_rule_args rule;
    int by;
    double level_pct;
    int64_t window_s, step_s;
    const char *sleep_from_to;
    bool list;
    struct kymo_output_args out;
};

static const struct kymo_opt options[] = {
    OXIMETRY_OPTS(struct args, oximetry), KYMO_OPTS_ANNOTATOR(struct args, oximetry.in),
    KYMO_OPT_STRINGS('\0', "events", struct args, events, "FILE",
                     "sleep stages, respiratory events, positions from this table or recording too; may be given again"),
    DESAT_RULE_OPTS(struct args, rule),
    KYMO_OPT_NUMBER('\0', "level", struct args, level_pct, "PCT", "90", "level of CT and CA"),
    KYMO_OPT_STRING('\0', "sleep-from-to", struct args, sleep_from_to, "FROM-TO", NULL,
                    "asleep from one time to another, as of -f and -t: 20:00-7:40:00; scored stages do not count then"),
    KYMO_OPT_CHOICE('\0', "by", struct args, by, "recording|hour|stage|position", "recording", "a row for each"),
    KYMO_OPT_COUNT('\0', "window", struct args, window_s, "SECONDS", "0", "a row for each window of this length; 0: none"),
    KYMO_OPT_COUNT('\0', "step", struct args, step_s, "SECONDS", "0",
                   "from the begin of a window to that of the next; 0: its length"),
    KYMO_OPT_FLAG('\0', "list", struct args, list, "print the measures, with unit, definition and source, and read nothing"),
    KYMO_OPTS_TABLE(struct args, out), KYMO_OPT_LAST
};

static const struct kymo_column before[] = {{"record", 0}, {"part", 0}, {"from_s", 0}, {"to_s", 0}};
static const struct kymo_column behind[] = {{"rule", 0}, {"cleaned", 0}, {"note", 0}};

#define N_BEFORE (sizeof before / sizeof *before)
#define N_BEHIND (sizeof behind / sizeof *behind)

/* All that a call works on. */
struct work {
    const struct args *args;
    struct oximetry o;
    struct scoring scoring;
    struct spo2_night night;      /* a view of what follows */
    double *second, *pulse;
    int64_t first_s;
    unsigned char *stage, *position, *asleep;   /* [n] */
    struct desat_night found[SPO2_LISTS];   /* their events in seconds of the series at 1 Hz */
    struct response_event *fall, *respiratory;
    char rule[640], cleaned[256];
};

static void *allocate(size_t n, size_t size, struct kymo_err *e)
{
    void *const p = calloc(n + 1, size);

    if (!p)
        kymo_fail(e, KYMO_ENOMEM, "no memory for %zu seconds", n);
    return p;
}

/* ---- desaturations ---- */

/* Number in the series at 1 Hz of the second in which sample i of where they were found begins. */
static size_t second_of(const struct work *w, const struct desat_night *found, size_t i)
{
    const int64_t ns = desat_night_time(found, i);
    const int64_t s = ns / KYMO_NS_PER_S - (ns % KYMO_NS_PER_S < 0) - w->first_s;

    return s < 0 ? 0 : s >= (int64_t)w->night.n ? w->night.n - 1 : (size_t)s;
}

/* As kymo desat finds them; then in seconds. */
static int find_desats(struct work *w, int list, const struct desat_rule *rule, struct kymo_err *e)
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
static void tell_rule(struct work *w, const struct desat_rule *rule, const char *name, const char *dropping)
{
    char says[320];

    desat_rule_text(rule, says, sizeof says);
    snprintf(w->rule, sizeof w->rule, "%s: %s; odi2 to odi4: %s with that drop", name, says, dropping);
}

static int set_falls(struct work *w, struct kymo_err *e)
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
static int find_all_desats(struct work *w, struct kymo_err *e)
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

static int set_sleep(struct work *w, struct kymo_err *e)
{
    const size_t n = w->night.n;
    struct scoring_span asked = {.is = 1};
    int rc = 0;

    if (!w->args->sleep_from_to && w->scoring.stages.n == 0)
        return 0;
    if (!(w->asleep = allocate(n, 1, e)))
        return KYMO_ENOMEM;
    if (w->args->sleep_from_to && (rc = parse_sleep(w->args->sleep_from_to, &asked.from_ns, &asked.to_ns, e)) == 0)
        scoring_seconds(&(struct scoring_list){.span = &asked, .n = 1}, w->first_s, n, w->asleep);
    for (size_t i = 0; !w->args->sleep_from_to && i < n; i++)
        w->asleep[i] = w->stage[i] >= STAGE_N1 && w->stage[i] <= STAGE_R;
    w->night.asleep = w->asleep;
    return rc;
}

/* Respiratory events as seconds; those that lie outside of the series are left out. */
static int set_respiratory(struct work *w, struct kymo_err *e)
{
    const struct scoring_list *const l = &w->scoring.respiratory;

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

static int set_scoring(struct work *w, struct kymo_err *e)
{
    const size_t n = w->night.n;
    int rc;

    if (!(w->stage = allocate(n, 1, e)) || !(w->position = allocate(n, 1, e)))
        return KYMO_ENOMEM;
    scoring_seconds(&w->scoring.stages, w->first_s, n, w->stage);
    scoring_seconds(&w->scoring.positions, w->first_s, n, w->position);
    if ((rc = set_sleep(w, e)) == 0)
        rc = set_respiratory(w, e);
    return rc;
}

/* ---- the night ---- */

/* The pulse rate on the seconds of SpO2; without one that is plausible, none. */
static int set_pulse(struct work *w, struct kymo_err *e)
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

static int prepare(const struct kymo_call *call, struct work *w, struct kymo_err *e)
{
    struct oximetry_args asked = w->args->oximetry;
    int rc;

    asked.on_event = scoring_add;
    asked.context = &w->scoring;
    if ((rc = oximetry_read(call, &asked, &w->o, e)) < 0)
        return rc;
    for (size_t i = 0; rc == 0 && i < w->args->events.n; i++)
        rc = scoring_read(call, w->args->events.text[i], &w->scoring, e);
    if (rc == 0)
        rc = scoring_read_signals(call, &asked.in, &w->o.hdr, &w->scoring, e);
    scoring_finish(&w->scoring);
    if (rc == 0)
        rc = oximetry_seconds(&w->o.spo2, &w->second, &w->night.n, &w->first_s, e);
    if (rc < 0)
        return rc;
    w->night.x_pct = w->second;
    w->night.level_pct = w->args->level_pct;
    oximetry_tell_cleaning(&w->o, w->cleaned, sizeof w->cleaned);
    if ((rc = find_all_desats(w, e)) < 0 || (rc = set_scoring(w, e)) < 0 || (rc = set_pulse(w, e)) < 0)
        return rc;
    spo2_set_windows(&w->night);
    return 0;
}

static void release(struct work *w)
{
    oximetry_release(&w->o);
    scoring_release(&w->scoring);
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

/* ---- rows ---- */

static const char *note_of(const struct work *w, const struct spo2_measures *m)
{
    const char *const why = oximetry_why_none(&w->o);

    if (why)
        return why;
    if (!(m->valid_h > 0))
        return "no valid data in this part";
    if (m->n_desats == 0)
        return "no desaturation: no lengths, depths, areas";
    return m->valid_h * HOUR_S < 256 ? "less than 256 s: no spectrum" : NULL;
}

static int put_part(const struct work *w, const char *name, const struct spo2_part *part, struct kymo_table *t,
                    struct kymo_err *e)
{
    struct spo2_measures m;
    const int rc = spo2_measure(&w->night, part, &m, e);

    if (rc < 0)
        return rc;
    kymo_cell_text(t, w->o.name);
    kymo_cell_text(t, name);
    kymo_cell_int(t, w->first_s + (int64_t)part->from);
    kymo_cell_int(t, w->first_s + (int64_t)part->to);
    for (size_t k = 0; k < n_spo2_columns; k++)
        kymo_cell_real(t, spo2_value(&m, &spo2_columns[k]));
    kymo_cell_text(t, w->rule);
    kymo_cell_text(t, w->cleaned);
    kymo_cell_text(t, note_of(w, &m));
    return kymo_row_end(t, e);
}

static int put_windows(const struct work *w, size_t length, size_t step, const char *name, struct kymo_table *t,
                       struct kymo_err *e)
{
    const size_t n = w->night.n;
    int rc = 0;

    for (size_t from = 0, k = 1; rc == 0 && from < n; from += step, k++) {
        const struct spo2_part part = {.from = from, .to = length < n - from ? from + length : n};
        char text[48];
        snprintf(text, sizeof text, "%s %zu", name, k);
        rc = put_part(w, text, &part, t, e);
        if (part.to == n || step >= n - from)
            break;
    }
    return rc;
}

/* A row for each group that has a second; group 0, what nobody scored, comes last. */
static int put_groups(const struct work *w, const unsigned char *group, unsigned char n_groups,
                      void (*tell)(unsigned char group, char *name), struct kymo_table *t, struct kymo_err *e)
{
    char name[SCORING_NAME];
    int rc = 0;

    for (int g = 1; rc == 0 && g <= n_groups; g++) {
        const unsigned char wanted = (unsigned char)(g % n_groups);
        tell(wanted, name);
        if (memchr(group, wanted, w->night.n))
            rc = put_part(w, name, &(struct spo2_part){0, w->night.n, group, wanted}, t, e);
    }
    return rc;
}

static int put_stages(const struct work *w, struct kymo_table *t, struct kymo_err *e)
{
    const struct spo2_part asleep = {0, w->night.n, w->asleep, 1};
    const int rc = w->asleep ? put_part(w, "sleep", &asleep, t, e) : 0;

    return rc < 0 ? rc : put_groups(w, w->stage, STAGES, scoring_stage_name, t, e);
}

static int put_rows(const struct work *w, struct kymo_table *t, struct kymo_err *e)
{
    const struct args *const args = w->args;
    const int64_t step_s = args->step_s > 0 ? args->step_s : args->window_s;

    if (args->window_s > 0)
        return put_windows(w, (size_t)args->window_s, (size_t)step_s, "window", t, e);
    if (args->by == BY_HOUR)
        return put_windows(w, HOUR_S, HOUR_S, "hour", t, e);
    const int rc = put_part(w, "recording", &(struct spo2_part){.to = w->night.n}, t, e);
    if (rc < 0 || args->by == BY_RECORDING)
        return rc;
    return args->by == BY_STAGE ? put_stages(w, t, e) : put_groups(w, w->position, SCORING_GROUPS, scoring_position_name, t, e);
}

/* A breakdown of what nobody scored is refused, not printed as one row. */
static int check_parts(const struct work *w, struct kymo_err *e)
{
    if (w->args->by == BY_STAGE && w->scoring.stages.n == 0)
        return kymo_fail_at(e, KYMO_EDATA, w->o.name, -1, "no sleep stages in it (-a names their track, --events their file)");
    if (w->args->by == BY_POSITION && w->scoring.positions.n == 0)
        return kymo_fail_at(e, KYMO_EDATA, w->o.name, -1, "no positions in it (-a names their track, --events their file)");
    return 0;
}

static int check_args(const struct args *args, struct kymo_err *e)
{
    if (args->window_s < 0 || args->window_s > INT32_MAX)
        return kymo_fail(e, KYMO_EUSAGE, "--window %lld is not 0..%d", (long long)args->window_s, INT32_MAX);
    if (args->step_s < 0 || args->step_s > INT32_MAX)
        return kymo_fail(e, KYMO_EUSAGE, "--step %lld is not 0..%d", (long long)args->step_s, INT32_MAX);
    if (args->step_s > 0 && args->window_s == 0)
        return kymo_fail(e, KYMO_EUSAGE, "--step is one of windows: how long are they (--window)?");
    if (args->window_s > 0 && args->by != BY_RECORDING)
        return kymo_fail(e, KYMO_EUSAGE, "--window and --by are two ways to cut a recording: take one");
    if (!(args->level_pct >= 0 && args->level_pct <= 100))
        return kymo_fail(e, KYMO_EUSAGE, "--level %g is not 0..100", args->level_pct);
    return 0;
}

/* ---- tables ---- */

static int fill_list(const void *of, struct kymo_table *t, struct kymo_err *e)
{
    int rc = 0;

    (void)of;
    for (size_t k = 0; rc == 0 && k < n_spo2_columns; k++) {
        const struct spo2_column *const c = &spo2_columns[k];
        kymo_cell_text(t, c->name);
        kymo_cell_text(t, *c->known_as ? c->known_as : NULL);
        kymo_cell_text(t, *c->unit ? c->unit : NULL);
        kymo_cell_text(t, c->definition);
        kymo_cell_text(t, *c->source ? c->source : NULL);
        rc = kymo_row_end(t, e);
    }
    return rc;
}

static int fill_rows(const void *of, struct kymo_table *t, struct kymo_err *e) { return put_rows(of, t, e); }

static int print_list(const struct args *args, struct kymo_err *e)
{
    static const struct kymo_column column[] = {{"measure", 0}, {"known_as", 0}, {"unit", 0}, {"definition", 0}, {"source", 0}};

    return kymo_print_table(args->out.path, (enum kymo_table_form)args->out.form, column, sizeof column / sizeof *column,
                            fill_list, NULL, e);
}

static int print_rows(const struct work *w, struct kymo_err *e)
{
    struct kymo_column column[N_BEFORE + 128 + N_BEHIND];

    memcpy(column, before, sizeof before);
    for (size_t k = 0; k < n_spo2_columns; k++)
        column[N_BEFORE + k] = (struct kymo_column){spo2_columns[k].name, spo2_columns[k].decimals};
    memcpy(column + N_BEFORE + n_spo2_columns, behind, sizeof behind);
    return kymo_print_table(w->args->out.path, (enum kymo_table_form)w->args->out.form, column,
                            N_BEFORE + n_spo2_columns + N_BEHIND, fill_rows, w, e);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    struct work w = {.args = call->args};
    int rc = check_args(w.args, e);

    if (rc < 0 || w.args->list)
        return rc < 0 ? rc : print_list(w.args, e);
    rc = prepare(call, &w, e);
    if (rc == 0)
        rc = check_parts(&w, e);
    if (rc == 0)
        rc = print_rows(&w, e);
    release(&w);
    return rc;
}

const struct kymo_command kymo_cmd_spo2 = {
    .name = "spo2", .about = "measures of a night of oxygen saturation", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct args), .run = run,
};
