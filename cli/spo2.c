/* cli/spo2.c - kymo spo2: the measures of a night of SpO2, of the whole and of parts of it.
 *
 * The measures and their sources are in algorithms/spo2_night.h and cli/spo2_columns.c, how SpO2 is found and cleaned in
 * cli/oximetry.h, the words of stages, respiratory events and positions in cli/sleep.h, the user's view in
 * man/kymo-spo2.1. */
#include "cli/spo2_columns.h"
#include "cli/spo2_read.h"

#include <stdio.h>
#include <string.h>

#define HOUR_S 3600

enum by { BY_RECORDING, BY_HOUR, BY_STAGE, BY_POSITION };

static const struct kymo_opt options[] = {
    OXIMETRY_OPTS(struct spo2_args, oximetry), KYMO_OPTS_ANNOTATOR(struct spo2_args, oximetry.in),
    KYMO_OPT_STRINGS('\0', "events", struct spo2_args, events, "FILE",
                     "sleep stages, respiratory events, positions from this table or recording too; may be given again"),
    DESAT_RULE_OPTS(struct spo2_args, rule),
    KYMO_OPT_NUMBER('\0', "level", struct spo2_args, level_pct, "PCT", "90", "level of CT and CA"),
    KYMO_OPT_STRING('\0', "sleep-from-to", struct spo2_args, sleep_from_to, "FROM-TO", NULL,
                    "asleep from one time to another, as of -f and -t: 20:00-7:40:00; scored stages do not count then"),
    KYMO_OPT_CHOICE('\0', "by", struct spo2_args, by, "recording|hour|stage|position", "recording", "a row for each"),
    KYMO_OPT_COUNT('\0', "window", struct spo2_args, window_s, "SECONDS", "0", "a row for each window of this length; 0: none"),
    KYMO_OPT_COUNT('\0', "step", struct spo2_args, step_s, "SECONDS", "0",
                   "from the begin of a window to that of the next; 0: its length"),
    KYMO_OPT_FLAG('\0', "list", struct spo2_args, list,
                  "print the measures, with unit, definition and source, and read nothing"),
    KYMO_OPTS_TABLE(struct spo2_args, out), KYMO_OPT_LAST
};

static const struct kymo_column before[] = {{"record", 0}, {"part", 0}, {"from_s", 0}, {"to_s", 0}};
static const struct kymo_column behind[] = {{"rule", 0}, {"cleaned", 0}, {"note", 0}};

#define N_BEFORE (sizeof before / sizeof *before)
#define N_BEHIND (sizeof behind / sizeof *behind)

/* ---- rows ---- */

static const char *note_of(const struct spo2_record *w, const struct spo2_measures *m)
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

static int put_part(const struct spo2_record *w, const char *name, const struct spo2_part *part, struct kymo_table *t,
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

static int put_windows(const struct spo2_record *w, size_t length, size_t step, const char *name, struct kymo_table *t,
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
static int put_groups(const struct spo2_record *w, const unsigned char *group, unsigned char n_groups,
                      void (*tell)(unsigned char group, char *name), struct kymo_table *t, struct kymo_err *e)
{
    char name[SLEEP_NAME];
    int rc = 0;

    for (int g = 1; rc == 0 && g <= n_groups; g++) {
        const unsigned char wanted = (unsigned char)(g % n_groups);
        tell(wanted, name);
        if (memchr(group, wanted, w->night.n))
            rc = put_part(w, name, &(struct spo2_part){0, w->night.n, group, wanted}, t, e);
    }
    return rc;
}

static int put_stages(const struct spo2_record *w, struct kymo_table *t, struct kymo_err *e)
{
    const struct spo2_part asleep = {0, w->night.n, w->asleep, 1};
    const int rc = w->asleep ? put_part(w, "sleep", &asleep, t, e) : 0;

    return rc < 0 ? rc : put_groups(w, w->stage, STAGES, sleep_stage_name, t, e);
}

static int put_rows(const struct spo2_record *w, struct kymo_table *t, struct kymo_err *e)
{
    const struct spo2_args *const args = w->args;
    const int64_t step_s = args->step_s > 0 ? args->step_s : args->window_s;

    if (args->window_s > 0)
        return put_windows(w, (size_t)args->window_s, (size_t)step_s, "window", t, e);
    if (args->by == BY_HOUR)
        return put_windows(w, HOUR_S, HOUR_S, "hour", t, e);
    const int rc = put_part(w, "recording", &(struct spo2_part){.to = w->night.n}, t, e);
    if (rc < 0 || args->by == BY_RECORDING)
        return rc;
    return args->by == BY_STAGE ? put_stages(w, t, e) : put_groups(w, w->position, SLEEP_GROUPS, sleep_position_name, t, e);
}

/* A breakdown of what nobody scored is refused, not printed as one row. */
static int check_parts(const struct spo2_record *w, struct kymo_err *e)
{
    if (w->args->by == BY_STAGE && w->scoring.stages.n == 0)
        return kymo_fail_at(e, KYMO_EDATA, w->o.name, -1, "no sleep stages in it (-a names their track, --events their file)");
    if (w->args->by == BY_POSITION && w->scoring.positions.n == 0)
        return kymo_fail_at(e, KYMO_EDATA, w->o.name, -1, "no positions in it (-a names their track, --events their file)");
    return 0;
}

static int check_args(const struct spo2_args *args, struct kymo_err *e)
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

static int print_list(const struct spo2_args *args, struct kymo_err *e)
{
    static const struct kymo_column column[] = {{"measure", 0}, {"known_as", 0}, {"unit", 0}, {"definition", 0}, {"source", 0}};

    return kymo_print_table(args->out.path, (enum kymo_table_form)args->out.form, column, sizeof column / sizeof *column,
                            fill_list, NULL, e);
}

static int print_rows(const struct spo2_record *w, struct kymo_err *e)
{
    struct kymo_column column[N_BEFORE + SPO2_MOST_COLUMNS + N_BEHIND];

    memcpy(column, before, sizeof before);
    for (size_t k = 0; k < n_spo2_columns; k++)
        column[N_BEFORE + k] = (struct kymo_column){spo2_columns[k].name, spo2_columns[k].decimals};
    memcpy(column + N_BEFORE + n_spo2_columns, behind, sizeof behind);
    return kymo_print_table(w->args->out.path, (enum kymo_table_form)w->args->out.form, column,
                            N_BEFORE + n_spo2_columns + N_BEHIND, fill_rows, w, e);
}

int spo2_usual_args(struct spo2_args *args, struct kymo_err *e)
{
    char name[] = "spo2", *argv[] = {name, NULL};
    struct kymo_shared shared = {.quiet = false};
    size_t n;

    return kymo_parse_options(&kymo_cmd_spo2, 1, argv, &shared, args, &n, e);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct spo2_args *const args = call->args;
    struct spo2_record w = {.args = NULL};
    int rc = check_args(args, e);

    if (rc < 0 || args->list)
        return rc < 0 ? rc : print_list(args, e);
    rc = spo2_read(call, args, &w, e);
    if (rc == 0)
        rc = check_parts(&w, e);
    if (rc == 0)
        rc = print_rows(&w, e);
    spo2_record_release(&w);
    return rc;
}

const struct kymo_command kymo_cmd_spo2 = {
    .name = "spo2", .about = "measures of a night of oxygen saturation", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct spo2_args), .run = run,
};
