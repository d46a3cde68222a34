/* cli/check.c - kymo check: what in recordings is not as their format says; and a copy of one with that repaired.
 *
 * The rules are in formats/, edf_check*.c, wfdb_check*.c and hdf5_check*.c; recordings of other formats are read to
 * their end. */
#include "lib/check.h"
#include "lib/command.h"
#include "lib/progress.h"

#include <string.h>
#include <unistd.h>

struct args {
    const char *fix;
    struct kymo_output_args out;
};

static const struct kymo_opt options[] = {
    KYMO_OPT_STRING('\0', "fix", struct args, fix, "OUT", NULL, "write a repaired copy of the one recording to OUT"),
    KYMO_OPTS_TABLE(struct args, out), KYMO_OPT_LAST
};

static const struct kymo_column columns[] = {
    {"record", 0}, {"file", 0}, {"offset", 0}, {"field", 0}, {"value", 0}, {"severity", 0}, {"finding", 0},
};

struct sink {
    struct kymo_table *table;     /* NULL: quiet */
    const char *record;
    struct kymo_progress *progress;   /* NULL: none is shown */
};

static int put_finding(void *to, const struct kymo_finding *f, struct kymo_err *e)
{
    const struct sink *s = to;
    char value[96];

    if (!s->table)
        return 0;
    kymo_progress_clear(s->progress);   /* the table may go to the same terminal */
    kymo_show_bytes(f->value, f->n_value, value, sizeof value);
    kymo_cell_text(s->table, s->record);
    kymo_cell_text(s->table, f->file);
    if (f->offset < 0)
        kymo_cell_none(s->table);
    else
        kymo_cell_int(s->table, f->offset);
    kymo_cell_text(s->table, f->field);
    kymo_cell_text(s->table, value);
    kymo_cell_text(s->table, kymo_severity_name(f->severity));
    kymo_cell_text(s->table, f->text);
    return kymo_row_end(s->table, e);
}

/* Of several recordings it is told how many are done; of one, how far it is read. */
static void tell_progress(const struct kymo_call *call, size_t done)
{
    if (call->progress && call->n_operands > 1)
        kymo_progress_show(call->progress, done, 0, done == call->n_operands);
}

/* All records, or the repair of the only one and what its copy is then still found to have. */
static int check_all(const void *of, struct kymo_table *t, struct kymo_err *e)
{
    const struct kymo_call *const call = of;
    const struct args *args = call->args;
    struct sink sink = {.table = t, .progress = call->progress};
    struct kymo_check c = {.found = put_finding, .to = &sink, .progress = call->n_operands > 1 ? NULL : call->progress};
    int rc = 0;

    if (call->progress)
        *call->progress = (struct kymo_progress){.what = "recordings", .total = call->n_operands};
    for (size_t i = 0; rc == 0 && i < call->n_operands; i++) {
        sink.record = call->operand[i];
        tell_progress(call, i);
        if (args->fix)
            rc = kymo_fix_recording(call->operand[i], args->fix, &c, e);
        if (rc == 0)
            rc = kymo_check_recording(args->fix ? args->fix : call->operand[i], &c, e);
    }
    if (rc == 0)
        tell_progress(call, call->n_operands);
    return rc < 0 ? rc : c.n[KYMO_WARNING] + c.n[KYMO_ERROR] > 0 ? KYMO_FOUND : 0;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;

    if (args->fix && call->n_operands > 1)
        return kymo_fail(e, KYMO_EUSAGE, "--fix takes one recording, not %zu", call->n_operands);
    for (size_t i = 0; i < call->n_operands; i++)
        if (strcmp(call->operand[i], "-") == 0 && isatty(STDIN_FILENO))
            return kymo_fail(e, KYMO_EUSAGE, "no recording: name one, or send one through a pipe");
    if (call->quiet)
        return check_all(call, NULL, e);
    return kymo_print_table(args->out.path, (enum kymo_table_form)args->out.form, columns, sizeof columns / sizeof *columns,
                            check_all, call, e);
}

const struct kymo_command kymo_cmd_check = {
    .name = "check", .about = "what in recordings is not as their format says", .operands = "RECORD...",
    .least = 1, .most = SIZE_MAX, .options = options, .args_size = sizeof(struct args), .run = run,
};
