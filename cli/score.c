/* cli/score.c - kymo score: judges annotations by others, as ANSI/AAMI EC57 wants it.
 *
 * The rules are in algorithms/beatmatch.h, runmatch.h, episodematch.h and measurematch.h, the user's view in
 * man/kymo-score.1. */
#include "cli/score_numbers.h"

#include "algorithms/random.h"
#include "lib/events.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DRAWS 2000                    /* of records, for an interval */
#define SEED 57

#define FIVE_MINUTES_NS (300 * KYMO_NS_PER_S)

static const struct kymo_opt options[] = {
    KYMO_OPT_CHOICE('\0', "what", struct score_args, what, "beats|runs|episodes|measures", "beats", "what is compared"),
    KYMO_OPT_STRING('a', "annotator", struct score_args, ref, "NAME", NULL,
                    "reference annotations: ending of a WFDB file (atr unless told otherwise), or event track"),
    KYMO_OPT_STRING('\0', "test", struct score_args, test, "NAME", NULL,
                    "of several files named for the record in folder TEST the one with this ending; or event track"),
    KYMO_OPT_TIME('f', "from", struct score_args, from, "first time that counts; 5:00 unless told otherwise"),
    KYMO_OPT_TIME('t', "to", struct score_args, to, "last time that counts"),
    KYMO_OPT_NUMBER('w', "window", struct score_args, window_s, "SECONDS", "0.15", "largest distance of two beats that match"),
    KYMO_OPT_CHOICE('\0', "escapes", struct score_args, escapes, "S|N", "S",
                    "class of atrial and junctional escape beats (e, j)"),
    KYMO_OPT_STRINGS('\0', "ignore", struct score_args, ignore, "NAME",
                     "leave out beats in these episodes of the reference: as for --episodes; may be given again"),
    KYMO_OPT_STRING('\0', "mask", struct score_args, mask, "PATH", NULL,
                    "leave out beats in what lasts in this table of events, or in the record's in this folder"),
    KYMO_OPT_STRINGS('\0', "episodes", struct score_args, episodes, "NAME",
                     "AF, VF, a rhythm (AFL) or a type whose events last; may be given again; AF and VF unless told otherwise"),
    KYMO_OPT_STRING('\0', "measure", struct score_args, measure, "TYPE", "=", "type of the events whose values are compared"),
    KYMO_OPT_COUNT('\0', "number", struct score_args, number, "N", "0", "subtype of these events"),
    KYMO_OPT_FLAG('\0', "matrix", struct score_args, matrix, "print matrices: of classes, or of lengths of runs"),
    KYMO_OPT_FLAG('\0', "errors", struct score_args, errors, "print what was missed and what is extra, as events"),
    KYMO_OPT_FLAG('\0', "ci", struct score_args, ci, "more rows: 95 % intervals of the gross row, by bootstrap over records"),
    KYMO_OPTS_TABLE(struct score_args, out),
    KYMO_OPT_LAST
};

/* ---- one record compared ---- */

struct scoring {
    const struct kymo_call *call;
    const struct score_args *args;
    enum score_what what;
    struct score_result *result;      /* result[n], n_groups of each record following each other */
    size_t n, n_groups;
    struct kymo_output *out;
    struct kymo_table *table;
    struct kymo_header no_signals;    /* for rows of events */
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to compare"); }

/* A missed or an extra thing as an event of the record: its type, then who has it. */
static int put_error(struct scoring *s, const struct score_record *r, const struct score_event *ev, int64_t duration,
                     const char *error, struct kymo_err *e)
{
    struct kymo_event out = {.time_ns = kymo_time_of(r->rate, ev->time), .signal = -1, .value = (double)NAN, .text = ev->text,
                             .sample = r->rate.num == KYMO_NS_PER_S ? KYMO_UNKNOWN : ev->time};

    memcpy(out.type, ev->type, sizeof out.type);
    out.duration_ns = duration > 0 ? kymo_time_of(r->rate, duration) : 0;
    kymo_event_cells(s->table, &s->no_signals, &out);
    kymo_cell_text(s->table, error);
    kymo_cell_text(s->table, r->path);
    return kymo_row_end(s->table, e);
}

static int put_beat_errors(struct scoring *s, const struct score_record *r, const struct beatmatch *m, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < m->n_pairs; i++) {
        const struct beatmatch_pair *p = &m->pair[i];
        if (p->test < 0 && p->ref_kind < BEATMATCH_O)
            rc = put_error(s, r, &r->ref.event[p->ref], 0, "missed", e);
        else if (p->ref < 0 && p->test_kind < BEATMATCH_O && p->ref_kind != BEATMATCH_VF_ON)
            rc = put_error(s, r, &r->test.event[p->test], 0, "extra", e);
    }
    return rc;
}

/* The type by which a beat is classed. */
static const char *class_type(const struct score_event *ev, bool escapes_are_n)
{
    return escapes_are_n && (strcmp(ev->type, "e") == 0 || strcmp(ev->type, "j") == 0) ? "N" : ev->type;
}

static struct beatmatch_mark *beat_marks(const struct score_series *s, bool escapes_are_n)
{
    struct beatmatch_mark *all = calloc(s->n + 1, sizeof *all);

    for (size_t i = 0; all && i < s->n; i++) {
        const struct score_event *ev = &s->event[i];
        all[i].time = ev->time;
        all[i].kind = beatmatch_kind_of(class_type(ev, escapes_are_n), ev->subtype);
    }
    return all;
}

static int compare_beats(struct scoring *s, const struct score_record *r, struct score_result *out, struct kymo_err *e)
{
    struct beatmatch_mark *ref = beat_marks(&r->ref, s->args->escapes), *test = beat_marks(&r->test, s->args->escapes);
    const struct beatmatch_options o = {.window = r->window, .start = r->start, .end = r->end, .ignore = r->ignore,
                                        .n_ignore = r->n_ignore};
    const double ms = 1000 / out->rate_hz;
    struct beatmatch m = {.pair = NULL};
    int rc = ref && test ? 0 : out_of_memory(e);

    if (rc == 0)
        rc = beatmatch_compare(&(struct beatmatch_series){ref, r->ref.n}, &(struct beatmatch_series){test, r->test.n}, &o, &m,
                               e);
    if (rc == 0) {
        out->beats.table = m.table;
        out->beats.rr_square_sum = m.rr_square_sum * ms * ms;
        out->beats.n_rr = m.n_rr;
        out->beats.shutdown_s = (double)m.test_shutdown / out->rate_hz;
        if (m.test_shutdown_open)
            out->note = "shutdown without an end";
        else if (beatmatch_qrs_sensitivity(&m.table).whole == 0)
            out->note = "no reference beats in the period";
        if (s->args->errors)
            rc = put_beat_errors(s, r, &m, e);
        beatmatch_release(&m);
    }
    free(ref);
    free(test);
    return rc;
}

static struct runmatch_mark *run_marks(const struct score_series *s, bool escapes_are_n)
{
    struct runmatch_mark *all = calloc(s->n + 1, sizeof *all);

    for (size_t i = 0; all && i < s->n; i++) {
        const struct score_event *ev = &s->event[i];
        all[i].time = ev->time;
        all[i].kind = runmatch_kind_of(class_type(ev, escapes_are_n), ev->subtype, ev->text);
    }
    return all;
}

static int compare_runs(struct scoring *s, const struct score_record *r, struct score_result *out, struct kymo_err *e)
{
    struct runmatch_mark *ref = run_marks(&r->ref, s->args->escapes), *test = run_marks(&r->test, s->args->escapes);
    const struct runmatch_options o = {.window = r->window, .start = r->start, .end = r->end};
    int rc = ref && test ? 0 : out_of_memory(e);

    for (enum runmatch_type t = 0; rc == 0 && t < RUNMATCH_TYPES; t++) {
        out[t].group = t == RUNMATCH_VENTRICULAR ? "V" : "S";
        rc = runmatch_compare(&(struct runmatch_series){ref, r->ref.n}, &(struct runmatch_series){test, r->test.n}, t, &o,
                              &out[t].runs, e);
    }
    free(ref);
    free(test);
    return rc;
}

/* The episodes of a that nothing in b meets. */
static int put_episode_errors(struct scoring *s, const struct score_record *r, const char *name,
                              const struct episode_series *a, const struct episode_series *b, const char *error,
                              struct kymo_err *e)
{
    const char *rhythm = score_rhythm(r, name);
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < a->n; i++) {
        struct episode ep = a->episode[i];
        if (ep.off < r->start || (r->end > 0 && ep.on >= r->end))
            continue;
        ep.on = ep.on < r->start ? r->start : ep.on;
        ep.off = r->end > 0 && ep.off > r->end ? r->end : ep.off;
        if (episode_overlap(b, ep) > 0)
            continue;
        struct score_event ev = {.time = ep.on, .text = rhythm ? rhythm : ""};
        snprintf(ev.type, sizeof ev.type, "%s", rhythm ? "+" : name);
        rc = put_error(s, r, &ev, ep.off - ep.on, error, e);
    }
    return rc;
}

static int compare_episodes(struct scoring *s, const struct score_record *r, struct score_result *out, struct kymo_err *e)
{
    static const char *const usual[] = {"AF", "VF"};
    const char *const *names = s->args->episodes.n ? s->args->episodes.text : usual;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < s->n_groups; i++) {
        struct episode *ref = NULL, *test = NULL;
        size_t n_ref = 0, n_test = 0;
        out[i].group = names[i];
        rc = score_episodes(&r->ref, names[i], r->end, &ref, &n_ref, e);
        if (rc == 0)
            rc = score_episodes(&r->test, names[i], r->end, &test, &n_test, e);
        const struct episode_series a = {ref, n_ref}, b = {test, n_test};
        if (rc == 0)
            rc = episodematch_compare(&a, &b, r->start, r->end, &out[i].episodes, e);
        if (rc == 0 && s->args->errors)
            rc = put_episode_errors(s, r, names[i], &a, &b, "missed", e);
        if (rc == 0 && s->args->errors)
            rc = put_episode_errors(s, r, names[i], &b, &a, "extra", e);
        free(ref);
        free(test);
    }
    return rc;
}

/* The value of an event, or the number at the beginning of its text, as WFDB programs keep it. */
static struct measure *measures(const struct score_args *args, const struct score_series *s, size_t *n)
{
    struct measure *all = calloc(s->n + 1, sizeof *all);

    *n = 0;
    for (size_t i = 0; all && i < s->n; i++) {
        const struct score_event *ev = &s->event[i];
        double value = ev->value;
        if (strcmp(ev->type, args->measure) != 0 || ev->subtype != args->number)
            continue;
        if (!isfinite(value) && !kymo_parse_real(ev->text, strcspn(ev->text, " \t"), &value))
            continue;
        all[(*n)++] = (struct measure){ev->time, value};
    }
    return all;
}

static int compare_measures(struct scoring *s, const struct score_record *r, struct score_result *out, struct kymo_err *e)
{
    size_t n_ref, n_test;
    struct measure *ref = measures(s->args, &r->ref, &n_ref), *test = measures(s->args, &r->test, &n_test);
    int rc = ref && test ? 0 : out_of_memory(e);

    if (rc == 0)
        rc = measurematch_compare(&(struct measure_series){ref, n_ref}, &(struct measure_series){test, n_test}, r->start,
                                  r->end, &out->measures, e);
    out->note = n_ref == 0 ? "no reference measurements" : out->measures.n == 0 ? "no test measurements in the period" : NULL;
    free(ref);
    free(test);
    return rc;
}

static int compare(struct scoring *s, const struct score_record *r, struct score_result *out, struct kymo_err *e)
{
    static int (*const how[])(struct scoring *, const struct score_record *, struct score_result *, struct kymo_err *) = {
        [SCORE_BEATS] = compare_beats, [SCORE_RUNS] = compare_runs, [SCORE_EPISODES] = compare_episodes,
        [SCORE_MEASURES] = compare_measures,
    };

    for (size_t i = 0; i < s->n_groups; i++)
        out[i] = (struct score_result){.record = r->path, .rate_hz = kymo_ratio_real(r->rate)};
    const int rc = how[s->what](s, r, out, e);
    return rc < 0 ? kymo_during(e, "cannot compare %s", r->path) : rc;
}

static int score_record(struct scoring *s, const char *path, struct kymo_err *e)
{
    struct score_record r;
    int rc = score_read(s->call, s->call->operand[0], path, &r, e);

    if (rc == 0)
        rc = compare(s, &r, &s->result[s->n], e);
    if (rc == 0)
        s->n += s->n_groups;
    score_release(&r);
    return rc;
}

/* ---- the table ---- */

static int put_cells(struct scoring *s, const char *record, const char *group, const double *value, const char *note,
                     struct kymo_err *e)
{
    kymo_cell_text(s->table, record);
    if (score_tables[s->what].group)
        kymo_cell_text(s->table, group);
    for (size_t i = 0; i < score_tables[s->what].n; i++)
        kymo_cell_real(s->table, value[i]);
    kymo_cell_text(s->table, note);
    return kymo_row_end(s->table, e);
}

static int put_result(struct scoring *s, const struct score_result *r, struct kymo_err *e)
{
    struct score_cell c[SCORE_MOST_NUMBERS];
    double value[SCORE_MOST_NUMBERS];

    score_cells(s->what, r, c);
    for (size_t i = 0; i < score_tables[s->what].n; i++)
        value[i] = score_value(score_tables[s->what].number[i].kind, c[i]);
    return put_cells(s, r->record, r->group, value, r->note, e);
}

static void add_cells(const struct score_cell *c, size_t n, struct score_cell *sum)
{
    for (size_t i = 0; i < n; i++) {
        sum[i].part += c[i].part;
        sum[i].whole += c[i].whole;
        sum[i].scale += c[i].scale;
    }
}

/* cells[n_records][n of numbers]: of one group. */
static int put_gross(struct scoring *s, const char *group, const struct score_cell *cells, size_t n_records, struct kymo_err *e)
{
    const size_t n = score_tables[s->what].n;
    struct score_cell sum[SCORE_MOST_NUMBERS] = {{0, 0, 0}};
    double value[SCORE_MOST_NUMBERS];

    for (size_t r = 0; r < n_records; r++)
        add_cells(&cells[r * n], n, sum);
    for (size_t i = 0; i < n; i++)
        value[i] = score_value(score_tables[s->what].number[i].kind, sum[i]);
    return put_cells(s, "gross", group, value, NULL, e);
}

static int put_average(struct scoring *s, const char *group, const struct score_cell *cells, size_t n_records,
                       struct kymo_err *e)
{
    const size_t n = score_tables[s->what].n;
    double value[SCORE_MOST_NUMBERS];

    for (size_t i = 0; i < n; i++) {
        const enum score_kind kind = score_tables[s->what].number[i].kind;
        double sum = 0, defined = 0;
        for (size_t r = 0; r < n_records; r++) {
            const double v = score_value(kind, cells[r * n + i]);
            sum += isfinite(v) ? v : 0;
            defined += isfinite(v);
        }
        value[i] = kind != COUNT && defined > 0 ? sum / defined : (double)NAN;
    }
    return put_cells(s, "average", group, value, NULL, e);
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Between the two nearest of sorted x[n]: type 7 of Hyndman and Fan (1996). */
static double quantile(const double *x, size_t n, double q)
{
    const double at = q * (double)(n - 1);
    const size_t i = (size_t)at;

    return i + 1 < n ? x[i] + (at - (double)i) * (x[i + 1] - x[i]) : x[n - 1];
}

/* draws[DRAWS][n of numbers]: the gross row of as many records, drawn with replacement. */
static void draw(const struct scoring *s, const struct score_cell *cells, size_t n_records, double *draws)
{
    const size_t n = score_tables[s->what].n;
    struct random random;

    random_init(&random, SEED, 0);
    for (size_t d = 0; d < DRAWS; d++) {
        struct score_cell sum[SCORE_MOST_NUMBERS] = {{0, 0, 0}};
        for (size_t r = 0; r < n_records; r++)
            add_cells(&cells[random_below(&random, n_records) * n], n, sum);
        for (size_t i = 0; i < n; i++)
            draws[i * DRAWS + d] = score_value(score_tables[s->what].number[i].kind, sum[i]);
    }
}

/* Draws without a value, such as a sensitivity without beats to be found, leave the interval to the others. */
static size_t drop_undefined(double *x)
{
    size_t n = 0;

    for (size_t i = 0; i < DRAWS; i++)
        if (isfinite(x[i]))
            x[n++] = x[i];
    return n;
}

static int put_interval(struct scoring *s, const char *group, const struct score_cell *cells, size_t n_records,
                        struct kymo_err *e)
{
    const size_t n = score_tables[s->what].n;
    double *draws = calloc(n * DRAWS, sizeof *draws), low[SCORE_MOST_NUMBERS], high[SCORE_MOST_NUMBERS];

    if (!draws)
        return out_of_memory(e);
    draw(s, cells, n_records, draws);
    for (size_t i = 0; i < n; i++) {
        double *x = &draws[i * DRAWS];
        const size_t defined = score_tables[s->what].number[i].kind == COUNT ? 0 : drop_undefined(x);
        if (defined > 0)
            qsort(x, defined, sizeof *x, by_size);
        low[i] = defined > 0 ? quantile(x, defined, 0.025) : (double)NAN;
        high[i] = defined > 0 ? quantile(x, defined, 0.975) : (double)NAN;
    }
    free(draws);
    const int rc = put_cells(s, "gross_lo", group, low, NULL, e);
    return rc < 0 ? rc : put_cells(s, "gross_hi", group, high, NULL, e);
}

static int put_summary(struct scoring *s, size_t group, struct kymo_err *e)
{
    const size_t n = score_tables[s->what].n, n_records = s->n / s->n_groups;
    const char *name = s->result[group].group;
    struct score_cell *cells = calloc(n_records * n, sizeof *cells);
    int rc = cells ? 0 : out_of_memory(e);

    for (size_t r = 0; rc == 0 && r < n_records; r++)
        score_cells(s->what, &s->result[r * s->n_groups + group], &cells[r * n]);
    if (rc == 0)
        rc = put_gross(s, name, cells, n_records, e);
    if (rc == 0 && s->args->ci)
        rc = put_interval(s, name, cells, n_records, e);
    if (rc == 0)
        rc = put_average(s, name, cells, n_records, e);
    free(cells);
    return rc;
}

static int open_table(struct scoring *s, const struct kymo_column *column, size_t n, struct kymo_err *e)
{
    s->table = kymo_table_create(s->out, (enum kymo_table_form)s->args->out.form, column, n, e);
    return s->table ? 0 : e->cause[0].code;
}

static int put_table(struct scoring *s, struct kymo_err *e)
{
    struct kymo_column column[SCORE_MOST_NUMBERS + 3] = {{"record", 0}};
    size_t n = 1;

    if (score_tables[s->what].group)
        column[n++] = (struct kymo_column){score_tables[s->what].group, 0};
    for (size_t i = 0; i < score_tables[s->what].n; i++)
        column[n++] = score_tables[s->what].number[i].column;
    column[n++] = (struct kymo_column){"note", 0};
    int rc = open_table(s, column, n, e);
    for (size_t i = 0; rc == 0 && i < s->n; i++)
        rc = put_result(s, &s->result[i], e);
    for (size_t g = 0; rc == 0 && s->call->n_operands > 2 && s->n > 0 && g < s->n_groups; g++)
        rc = put_summary(s, g, e);
    return rc < 0 ? rc : kymo_table_finish(s->table, e);
}

/* ---- all ---- */

static int check_args(const struct score_args *args, size_t n_records, struct kymo_err *e)
{
    if ((args->ignore.n > 0 || args->mask) && args->what != SCORE_BEATS)
        return kymo_fail(e, KYMO_EUSAGE, "--ignore and --mask are for beats");
    if (args->matrix && args->what != SCORE_BEATS && args->what != SCORE_RUNS)
        return kymo_fail(e, KYMO_EUSAGE, "--matrix is for beats and runs");
    if (args->errors && args->what != SCORE_BEATS && args->what != SCORE_EPISODES)
        return kymo_fail(e, KYMO_EUSAGE, "--errors is for beats and episodes");
    if (args->errors && args->matrix)
        return kymo_fail(e, KYMO_EUSAGE, "--errors and --matrix are two tables: ask for one");
    if (args->ci && (args->errors || args->matrix || args->out.form == KYMO_TEXT))
        return kymo_fail(e, KYMO_EUSAGE, "--ci is for the table of scores, not for --errors, --matrix or -O text");
    if (args->ci && n_records < 2)
        return kymo_fail(e, KYMO_EUSAGE, "--ci draws from several records");
    return 0;
}

static int score_records(struct scoring *s, struct kymo_err *e)
{
    int failed = 0;

    if (s->call->n_operands == 2)
        return score_record(s, s->call->operand[1], e);
    for (size_t i = 1; i < s->call->n_operands; i++) {
        struct kymo_err one = {0};
        const int rc = score_record(s, s->call->operand[i], &one);
        if (rc == KYMO_EUSAGE) {      /* would be the same for each */
            *e = one;
            return rc;
        }
        if (rc < 0) {
            s->call->report(s->call, &one);
            failed = KYMO_SOME;
        }
    }
    return failed;
}

static int put_all(struct scoring *s, struct kymo_err *e)
{
    const struct score_args *args = s->args;

    if (args->errors)
        return kymo_table_finish(s->table, e);
    if (args->matrix)
        return score_put_matrix(s->out, (enum kymo_table_form)args->out.form, s->what, s->result, s->n, s->n_groups, e);
    if (args->out.form == KYMO_TEXT)
        return score_put_text(s->out, s->what, s->result, s->n, s->n_groups, e);
    return put_table(s, e);
}

static int score_all(struct scoring *s, struct kymo_err *e)
{
    static const struct kymo_column columns[] = {KYMO_EVENT_COLUMNS, {"error", 0}, {"record", 0}};
    int rc = s->args->errors ? open_table(s, columns, sizeof columns / sizeof *columns, e) : 0;

    if (rc == 0)
        rc = score_records(s, e);
    if (rc < 0 && rc != KYMO_SOME)
        return rc;
    const int failed = rc;
    if ((rc = put_all(s, e)) < 0 || (rc = kymo_output_finish(s->out, e)) < 0)
        return rc;
    return failed;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    struct score_args args = *(const struct score_args *)call->args;
    struct kymo_call with_preset = *call;
    struct scoring s = {.call = &with_preset, .args = &args, .what = (enum score_what)args.what, .n_groups = 1};
    int rc = check_args(&args, call->n_operands - 1, e);

    if (rc < 0)
        return rc;
    if (!args.from.set)
        args.from = (struct kymo_time){true, FIVE_MINUTES_NS};
    with_preset.args = &args;
    if (s.what == SCORE_RUNS)
        s.n_groups = RUNMATCH_TYPES;
    if (s.what == SCORE_EPISODES)
        s.n_groups = args.episodes.n ? args.episodes.n : 2;
    s.result = calloc((call->n_operands - 1) * s.n_groups, sizeof *s.result);
    s.out = kymo_output_open(args.out.path, e);
    kymo_header_init(&s.no_signals);
    rc = !s.result ? out_of_memory(e) : s.out ? score_all(&s, e) : e->cause[0].code;
    kymo_table_destroy(s.table);
    kymo_output_destroy(s.out);
    kymo_header_release(&s.no_signals);
    free(s.result);
    return rc;
}

const struct kymo_command kymo_cmd_score = {
    .name = "score", .about = "judge beats, runs, episodes and measurements by reference annotations",
    .operands = "TEST RECORD...", .least = 2, .most = SIZE_MAX, .options = options, .args_size = sizeof(struct score_args),
    .run = run,
};
