/* cli/desat.c - kymo desat: the desaturations of a recording's SpO2.
 *
 * The rules and their sources are in algorithms/desat.h, how SpO2 is found and cleaned in cli/oximetry.h, the user's view in
 * man/kymo-desat.1. */
#include "cli/desat_rule.h"
#include "lib/events.h"

#include <math.h>

struct args {
    struct oximetry_args oximetry;
    struct desat_rule_args rule;
    bool cleaning, rules;
    struct kymo_output_args out;
};

static const struct kymo_opt options[] = {
    OXIMETRY_OPTS(struct args, oximetry), DESAT_RULE_OPTS(struct args, rule),
    KYMO_OPT_FLAG('\0', "cleaning", struct args, cleaning, "print instead what each rule of cleaning took of the readings"),
    KYMO_OPT_FLAG('\0', "rules", struct args, rules, "print instead what each rule says"),
    KYMO_OPTS_EVENTS(struct args, out, "form of the table; kymo gives a stream of the events alone"), KYMO_OPT_LAST
};

static const struct kymo_column columns[] = {
    KYMO_EVENT_COLUMNS, {"nadir_time_s", 9}, {"baseline_pct", 2}, {"nadir_pct", 2}, {"depth_pct", 2}, {"fall_pct_per_s", 4},
    {"recovery_pct_per_s", 4}, {"area_pct_s", 2}, {"rule", 0},
};

static const struct kymo_column cleaning_columns[] = {{"readings", 0}, {"n", 0}, {"duration_s", 3}, {"pct", 3}};
static const struct kymo_column rule_columns[] = {{"rule", 0}, {"says", 0}};

struct found {
    struct oximetry o;
    struct desat_rule rule;
    char rule_text[DESAT_RULE_TEXT];
    struct desat_night night;
};

/* ---- events ---- */

struct sink {
    struct kymo_table *table;     /* events go here, */
    struct kymo_writer *stream;   /* or here */
};

static int put_desat(const struct found *f, const struct desat *d, const struct sink *to, struct kymo_err *e)
{
    const struct desat_night *const night = &f->night;
    const int64_t onset_ns = desat_night_time(night, d->onset);
    const struct desat_shape shape = desat_measure(night->x, night->fs_hz, d);
    struct kymo_event ev = {
        .time_ns = onset_ns, .duration_ns = desat_night_time(night, d->end) - onset_ns,
        .sample = desat_night_sample(night, d->onset), .signal = f->o.spo2.signal, .type = "desat",
        .value = d->nadir_pct, .text = d->cut ? "cut" : "",
    };

    if (to->stream) {
        ev.signal = -1;           /* the stream has no signals */
        return kymo_write_event(to->stream, &ev, e);
    }
    kymo_event_cells(to->table, &f->o.hdr, &ev);
    kymo_cell_seconds(to->table, desat_night_time(night, d->nadir));
    kymo_cell_real(to->table, d->baseline_pct);
    kymo_cell_real(to->table, d->nadir_pct);
    kymo_cell_real(to->table, shape.depth_pct);
    kymo_cell_real(to->table, shape.fall_pct_per_s);
    kymo_cell_real(to->table, shape.recovery_pct_per_s);
    kymo_cell_real(to->table, shape.area_pct_s);
    kymo_cell_text(to->table, f->rule_text);
    return kymo_row_end(to->table, e);
}

/* A stretch without a valid reading that ends events: samples from..to-1 of the night. */
static int put_gap(const struct found *f, size_t from, size_t to, const struct sink *sink, struct kymo_err *e)
{
    const int64_t ns = desat_night_time(&f->night, from);
    const struct kymo_event ev = {
        .time_ns = ns, .duration_ns = desat_night_time(&f->night, to) - ns, .sample = KYMO_UNKNOWN, .signal = -1, .type = "gap",
        .value = (double)NAN, .text = "",
    };

    if (sink->stream)
        return kymo_write_event(sink->stream, &ev, e);
    kymo_event_cells(sink->table, &f->o.hdr, &ev);
    for (size_t i = 0; i < 8; i++)
        kymo_cell_none(sink->table);
    return kymo_row_end(sink->table, e);
}

/* The next gap from *at on: moves *at behind it. False where there is none. */
static bool next_gap(const struct found *f, size_t *at, size_t *from)
{
    const struct desat_night *const night = &f->night;

    while (*at < night->n) {
        while (*at < night->n && !isnan(night->x[*at]))
            ++*at;
        *from = *at;
        while (*at < night->n && isnan(night->x[*at]))
            ++*at;
        if ((double)(*at - *from) > f->rule.hole_s * night->fs_hz + 1e-9)
            return true;
    }
    return false;
}

static int put_events(const struct found *f, const struct sink *to, struct kymo_err *e)
{
    const struct desat_night *const night = &f->night;
    size_t at = 0, from = 0;
    bool gap = next_gap(f, &at, &from);
    int rc = 0;

    for (size_t i = 0; rc == 0 && i <= night->n_found; i++) {
        for (; rc == 0 && gap && (i == night->n_found || from < night->found[i].onset); gap = next_gap(f, &at, &from))
            rc = put_gap(f, from, at, to, e);
        if (rc == 0 && i < night->n_found)
            rc = put_desat(f, &night->found[i], to, e);
    }
    return rc;
}

static int put_stream(const struct kymo_call *call, const struct found *f, struct kymo_output *out, struct kymo_err *e)
{
    const struct sink to = {.stream = kymo_call_track(call, out, &f->o.hdr, "desat", e)};
    int rc = to.stream ? put_events(f, &to, e) : e->cause[0].code;

    if (rc == 0)
        rc = kymo_write_finish(to.stream, e);
    kymo_writer_destroy(to.stream);
    return rc;
}

/* ---- tables ---- */

static int fill_events(const struct found *f, struct kymo_table *t, struct kymo_err *e)
{
    return put_events(f, &(struct sink){.table = t}, e);
}

static int fill_cleaning(const struct found *f, struct kymo_table *t, struct kymo_err *e)
{
    const struct oximetry *const o = &f->o;
    int rc = 0;

    for (int rule = 0; rc == 0 && rule < SPO2_RULES; rule++) {
        kymo_cell_text(t, spo2_rule_name((enum spo2_rule)rule));
        kymo_cell_int(t, (int64_t)o->count[rule]);
        kymo_cell_real(t, (double)o->count[rule] / o->spo2.fs_hz);
        kymo_cell_real(t, o->spo2.n ? 100 * (double)o->count[rule] / (double)o->spo2.n : (double)NAN);
        rc = kymo_row_end(t, e);
    }
    return rc;
}

static int fill_rules(const struct found *f, struct kymo_table *t, struct kymo_err *e)
{
    char text[320];
    int rc = 0;

    (void)f;
    for (const struct desat_rule *r = desat_rules; rc == 0 && r->name; r++) {
        desat_rule_text(r, text, sizeof text);
        kymo_cell_text(t, r->name);
        kymo_cell_text(t, text);
        rc = kymo_row_end(t, e);
    }
    return rc;
}

static int put_table(const struct args *args, const struct found *f, struct kymo_output *out, struct kymo_err *e)
{
    static const struct {
        const struct kymo_column *column;
        size_t n;
        int (*fill)(const struct found *f, struct kymo_table *t, struct kymo_err *e);
    } tables[] = {
        {columns, sizeof columns / sizeof *columns, fill_events},
        {cleaning_columns, sizeof cleaning_columns / sizeof *cleaning_columns, fill_cleaning},
        {rule_columns, sizeof rule_columns / sizeof *rule_columns, fill_rules},
    };
    const int what = args->rules ? 2 : args->cleaning ? 1 : 0;
    struct kymo_table *const t = kymo_table_create(out, (enum kymo_table_form)args->out.form, tables[what].column,
                                                   tables[what].n, e);
    int rc = t ? tables[what].fill(f, t, e) : KYMO_ENOMEM;

    if (rc == 0)
        rc = kymo_table_finish(t, e);
    kymo_table_destroy(t);
    return rc;
}

/* ---- all of it ---- */

static int read_and_find(const struct kymo_call *call, struct found *f, struct kymo_err *e)
{
    const struct args *const args = call->args;
    int rc = oximetry_read(call, &args->oximetry, &f->o, e);

    if (rc == 0)
        rc = desat_night_find(&f->o, &f->rule, &f->night, e);
    const char *const why = rc == 0 ? oximetry_why_none(&f->o) : NULL;
    return why ? kymo_warn(&call->log, e, f->o.name, -1, "%s", why) : rc;
}

static int check_args(const struct args *args, struct kymo_err *e)
{
    if (args->rules && args->cleaning)
        return kymo_fail(e, KYMO_EUSAGE, "--rules and --cleaning are different tables: ask for one");
    if ((args->rules || args->cleaning) && args->out.form == KYMO_FORM_STREAM)
        return kymo_fail(e, KYMO_EUSAGE, "a table of --rules or --cleaning is no recording: choose another -O");
    return 0;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *const args = call->args;
    struct found f = {.rule_text = ""};
    int rc = check_args(args, e);

    if (rc == 0)
        rc = desat_rule_of(&args->rule, &f.rule, f.rule_text, e);
    if (rc == 0 && !args->rules)
        rc = read_and_find(call, &f, e);
    struct kymo_output *const out = rc == 0 ? kymo_output_open(args->out.path, e) : NULL;
    if (rc == 0)
        rc = !out ? e->cause[0].code
           : args->out.form == KYMO_FORM_STREAM ? put_stream(call, &f, out, e) : put_table(args, &f, out, e);
    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_output_destroy(out);
    desat_night_release(&f.night);
    oximetry_release(&f.o);
    return rc;
}

const struct kymo_command kymo_cmd_desat = {
    .name = "desat", .about = "find desaturations in the SpO2 of a recording", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct args), .run = run,
};
