/* cli/score.c - kymo score: judges annotations by others, as ANSI/AAMI EC57 wants it.
 *
 * The rules are in algorithms/beatmatch.h, runmatch.h, episodematch.h and measurematch.h, the user's view in
 * man/kymo-score.1. A record is read in score_read.c and compared in score_compare.c; score_table.c and score_text.c print. */
#include "cli/score.h"

#include "lib/events.h"

#include <stdlib.h>

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

static int score_records(struct score_run *s, struct kymo_err *e)
{
    int failed = 0;

    if (s->call->n_operands == 2)
        return score_compare(s, s->call->operand[1], e);
    for (size_t i = 1; i < s->call->n_operands; i++) {
        struct kymo_err one = {0};
        const int rc = score_compare(s, s->call->operand[i], &one);
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

static int put_all(struct score_run *s, struct kymo_err *e)
{
    const struct score_args *args = s->args;

    if (args->errors)
        return kymo_table_finish(s->table, e);
    if (args->matrix)
        return score_put_matrix(s->out, (enum kymo_table_form)args->out.form, s->what, s->result, s->n, s->n_groups, e);
    if (args->out.form == KYMO_TEXT)
        return score_put_text(s->out, s->what, s->result, s->n, s->n_groups, e);
    return score_put_table(s, e);
}

static int score_all(struct score_run *s, struct kymo_err *e)
{
    static const struct kymo_column columns[] = {KYMO_EVENT_COLUMNS, {"error", 0}, {"record", 0}};
    int rc = s->args->errors ? score_open_table(s, columns, sizeof columns / sizeof *columns, e) : 0;

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
    struct score_run s = {.call = &with_preset, .args = &args, .what = (enum score_what)args.what, .n_groups = 1};
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
    rc = !s.result ? score_no_memory(e) : s.out ? score_all(&s, e) : e->cause[0].code;
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
