/* cli/verify.c - kymo verify: makes rows of a table again, and says whether they are the same.
 *
 * What made them is in the manifest of a batch, or in the file that --provenance wrote; it is run as a batch of its own, in a
 * folder that is gone behind it. The user's view is in man/kymo-verify.1. */
#include "algorithms/random.h"
#include "cli/batch.h"
#include "lib/columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_CELLS 3
#define LONGEST_CELLS 600
#define LONGEST_NOTE 400

struct args {
    int64_t sample, seed, jobs;
    const char *state, *made;
    bool all;
    struct kymo_output_args out;
};

static const struct kymo_opt options[] = {
    KYMO_OPT_COUNT('\0', "sample", struct args, sample, "N", "10", "so many rows, chosen by chance"),
    KYMO_OPT_FLAG('\0', "all", struct args, all, "all rows"),
    KYMO_OPT_COUNT('\0', "seed", struct args, seed, "N", "1", "another number, other rows"),
    KYMO_OPT_STRING('d', "state", struct args, state, "FOLDER", NULL,
                    "of the batch that made the table; TABLE.batch unless told"),
    KYMO_OPT_STRING('\0', "made", struct args, made, "FILE", NULL,
                    "what --provenance wrote of the table; TABLE.json unless told, where there is no TABLE.batch"),
    KYMO_OPT_COUNT('j', "jobs", struct args, jobs, "N", "0", "so many at once; 0: as many as there are processors"),
    KYMO_OPTS_TABLE(struct args, out), KYMO_OPT_LAST
};

static const struct kymo_column columns[] = {{"row", 0}, {"record", 0}, {"result", 0}, {"cells", 0}, {"note", 0}};

enum result { SAME, DIFFERENT, VERSION_CHANGED, INPUT_CHANGED, CANNOT, RESULTS };

static const char *const results[] = {"same", "different", "version changed", "input changed", "cannot"};

/* What one run made: rows of one recording, or the whole table. */
struct run {
    const char *record;           /* of a batch; else NULL */
    size_t first, n;              /* its rows in order[] */
    bool wanted, ready, other_version;
    enum result result;           /* of all its rows, unless ready */
    char note[LONGEST_NOTE];
    json_t *command;
};

struct row {
    size_t run, place;            /* which of the rows of its run */
    bool chosen;
    enum result result;
    char *cells;                  /* malloc'ed, or NULL */
};

struct verify {
    const struct kymo_call *call;
    const struct args *args;
    struct kymo_columns *table;
    size_t record;                /* its column of recordings; table->n: none */
    struct row *row;
    size_t *order;                /* rows, recording after recording */
    struct run *run;
    size_t n_runs, n_of[RESULTS];
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to verify a table"); }

/* ---- which rows ---- */

/* N of all, each set of N with the same chance. */
static void choose(struct verify *v)
{
    size_t left = v->args->all ? v->table->n_rows : (size_t)v->args->sample;
    struct random r;

    random_init(&r, (uint64_t)v->args->seed, 0);
    for (size_t i = 0; i < v->table->n_rows; i++) {
        const size_t rest = v->table->n_rows - i;
        v->row[i].chosen = left >= rest || random_below(&r, rest) < left;
        left -= v->row[i].chosen && left > 0;
        v->run[v->row[i].run].wanted |= v->row[i].chosen;
    }
}

static const char *record_of(const struct verify *v, size_t row)
{
    return v->record < v->table->n ? kymo_columns_cell(v->table, row, v->record) : "";
}

static int by_record(const void *a, const void *b, void *of)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    const int order = strcmp(record_of(of, x), record_of(of, y));

    return order ? order : (x > y) - (x < y);
}

/* The rows of each recording are one run; without recordings, all are. */
static int make_runs(struct verify *v, struct kymo_err *e)
{
    const size_t n = v->table->n_rows;

    v->row = calloc(n + 1, sizeof *v->row);
    v->order = calloc(n + 1, sizeof *v->order);
    v->run = calloc(n + 1, sizeof *v->run);
    if (!v->row || !v->order || !v->run)
        return out_of_memory(e);
    for (size_t i = 0; i < n; i++)
        v->order[i] = i;
    qsort_r(v->order, n, sizeof *v->order, by_record, v);
    for (size_t k = 0; k < n; k++) {
        const size_t i = v->order[k];
        if (k == 0 || strcmp(record_of(v, i), record_of(v, v->order[k - 1])) != 0)
            v->run[v->n_runs++] = (struct run){.record = v->record < v->table->n ? record_of(v, i) : NULL, .first = k};
        v->row[i].run = v->n_runs - 1;
        v->row[i].place = v->run[v->n_runs - 1].n++;
    }
    choose(v);
    return 0;
}

/* ---- how they were made ---- */

static void decide(struct run *r, enum result result, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void decide(struct run *r, enum result result, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    r->result = result;
    vsnprintf(r->note, sizeof r->note, fmt, args);
    va_end(args);
}

/* From what says how it was made: a line of a manifest, or a provenance. command stays the caller's. */
static void look_at_made(struct run *r, const json_t *made, json_t *command)
{
    const char *const version = json_string_value(json_object_get(made, "version"));
    const json_t *const inputs = json_object_get(made, "inputs");
    const char *changed;

    for (size_t i = 0; i < json_array_size(inputs); i++) {
        const json_t *const input = json_array_get(inputs, i);
        const char *const path = json_string_value(json_object_get(input, "path"));
        const char *const note = json_string_value(json_object_get(input, "note"));
        if (path && strcmp(path, "-") == 0) {
            decide(r, CANNOT, "it read standard input");
            return;
        }
        if (path && note) {
            decide(r, CANNOT, "%s: %s", path, note);
            return;
        }
    }
    if (json_array_size(json_object_get(made, "output")) > 1) {
        decide(r, CANNOT, "it wrote more than the table");
        return;
    }
    if ((changed = kymo_files_changed(inputs))) {
        decide(r, INPUT_CHANGED, "%s", changed);
        return;
    }
    r->ready = true;
    r->command = json_incref(command);
    r->other_version = !version || strcmp(version, KYMO_VERSION) != 0;
    if (r->other_version)
        snprintf(r->note, sizeof r->note, "made by kymo %s", version ? version : "of no version");
}

static int find_in_batch(struct verify *v, const char *folder, struct kymo_err *e)
{
    struct batch_state state = {0};
    int rc = batch_state_open(&state, folder, json_array(), BATCH_LOOK, 0, e);

    for (size_t k = 0; rc == 0 && k < v->n_runs; k++) {
        struct run *const r = &v->run[k];
        json_t *const made = r->wanted ? batch_made(&state, r->record) : NULL;
        if (made)
            look_at_made(r, made, json_object_get(made, "command"));
        else if (r->wanted)
            decide(r, CANNOT, "no run of it in the manifest");
        json_decref(made);
    }
    batch_state_close(&state);
    return rc;
}

/* The words of a command line so that it prints its table, and writes nothing: of an option told twice the last counts. */
static json_t *words_to_print(const json_t *made)
{
    json_t *const words = json_copy(json_object_get(made, "command"));
    size_t at = 0;

    while (at < json_array_size(words) && strcmp(json_string_value(json_array_get(words, at)), "--") != 0)
        at++;
    if (json_object_get(json_object_get(made, "options"), "output"))
        json_array_insert_new(words, at, json_string("--output=-"));
    json_array_insert_new(words, at, json_string("--provenance=/dev/null"));
    return words;
}

/* Whether it is one of the kymo program, of words. */
static bool is_provenance(const json_t *made)
{
    const json_t *const command = json_object_get(made, "command");

    for (size_t i = 0; i < json_array_size(command); i++) {
        const char *const word = json_string_value(json_array_get(command, i));
        if (!word || (i == 0 && strcmp(word, "kymo") != 0))
            return false;
    }
    return json_array_size(command) >= 2;
}

static int find_in_provenance(struct verify *v, const char *path, struct kymo_err *e)
{
    json_error_t why;
    json_t *const made = json_load_file(path, 0, &why);
    int rc = 0;

    if (!made)
        rc = kymo_fail_at(e, KYMO_EFORMAT, path, why.line, "%s", why.text);
    else if (!is_provenance(made))
        rc = kymo_fail_at(e, KYMO_EFORMAT, path, -1, "no provenance: it has no command of kymo");
    else if (strcmp(json_string_value(json_array_get(json_object_get(made, "command"), 1)), "batch") == 0)
        rc = kymo_fail_at(e, KYMO_EUSAGE, path, -1, "of a batch: its folder says more (-d)");
    else if (v->n_runs > 0) {
        json_t *const words = words_to_print(made);
        look_at_made(&v->run[0], made, words);
        json_decref(words);
    }
    json_decref(made);
    return rc;
}

/* ---- the comparison ---- */

/* The cells of a row that are others now: "nn50: 3, now 4; ..." malloc'ed, NULL where none is or memory ends. */
static char *compare_cells(const struct verify *v, size_t row, const struct kymo_columns *again, size_t place, bool *differs)
{
    char text[LONGEST_CELLS];
    size_t n = 0, others = 0;

    for (size_t c = 0; c < v->table->n; c++) {
        const char *const name = v->table->name[c], *const was = kymo_columns_cell(v->table, row, c);
        const size_t at = kymo_columns_find(again, name);
        const char *const is = at < again->n ? kymo_columns_cell(again, place, at) : NULL;
        if (c == v->record || (is && strcmp(was, is) == 0))
            continue;
        if (others++ < SHOWN_CELLS && n < sizeof text)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%.40s: %.60s, now %.60s", n ? "; " : "", name,
                                  *was ? was : "nothing", !is ? "no such column" : *is ? is : "nothing");
    }
    if (others > SHOWN_CELLS && n < sizeof text)
        snprintf(text + n, sizeof text - n, "; %zu more", others - SHOWN_CELLS);
    *differs = others > 0;
    return others ? strdup(text) : NULL;
}

static void compare_run(struct verify *v, struct run *r, const struct kymo_columns *again)
{
    const bool is_added = v->record < v->table->n && kymo_columns_find(again, v->table->name[v->record]) == again->n;
    const size_t n_columns = v->table->n - is_added;
    const enum result other = r->other_version ? VERSION_CHANGED : DIFFERENT;
    const bool fits = again->n_rows == r->n && again->n == n_columns;

    const size_t n = strlen(r->note);
    const bool rows = again->n_rows != r->n;

    if (!fits)
        snprintf(r->note + n, sizeof r->note - n, "%s%zu %s, now %zu", n ? "; " : "", rows ? r->n : n_columns,
                 rows ? "rows" : "columns", rows ? again->n_rows : again->n);
    for (size_t k = 0; k < r->n; k++) {
        struct row *const row = &v->row[v->order[r->first + k]];
        bool differs = false;
        if (row->chosen && k < again->n_rows)
            row->cells = compare_cells(v, v->order[r->first + k], again, k, &differs);
        row->result = differs || !fits ? other : SAME;
    }
}

/* A run has ended, or failed. */
static void end_run(struct verify *v, struct batch *b, size_t at, struct run *r)
{
    char path[4300], why[BATCH_REASON];
    struct kymo_err e = {0};

    r->ready = false;
    if (!b->done[at]) {
        if (!batch_failure(&b->state, b->list.name[at], false, why, sizeof why))
            snprintf(why, sizeof why, "came to no end");
        decide(r, CANNOT, "%s", why);
        return;
    }
    batch_part(&b->state, b->list.name[at], "csv", path, sizeof path);
    struct kymo_columns *const again = kymo_columns_open(path, &e);
    if (again) {
        compare_run(v, r, again);
        r->result = SAME;         /* its rows say for themselves */
    } else {
        kymo_err_text(&e, false, why, sizeof why);
        decide(r, CANNOT, "%s", why);
    }
    kymo_columns_close(again);
}

/* What goes wrong with a recording is a note of its rows. */
static void keep_quiet(const struct kymo_call *call, const struct kymo_err *e) { (void)call, (void)e; }

/* Makes again what has this command, as one batch. */
static int run_batch(struct verify *v, json_t *command, struct kymo_err *e)
{
    struct kymo_call call = *v->call;
    struct batch b = {.call = &call, .as_it_is = v->record == v->table->n};
    struct run **const of = calloc(v->n_runs, sizeof *of);
    char **const name = calloc(v->n_runs, sizeof *name);
    int rc = of && name ? 0 : out_of_memory(e);

    call.report = keep_quiet;
    b.list.name = name;
    for (size_t k = 0; rc == 0 && k < v->n_runs; k++) {
        struct run *const r = &v->run[k];
        if (!r->ready || !json_equal(r->command, command))
            continue;
        of[b.list.n] = r;
        if (!(name[b.list.n++] = strdup(r->record ? r->record : v->table->input)))
            rc = out_of_memory(e);
    }
    batch_begin(&b, v->args->jobs);
    b.done = calloc(b.list.n + 1, sizeof *b.done);
    if (rc == 0 && !b.done)
        rc = out_of_memory(e);
    b.state.lock = b.state.task_lock = -1;
    if (rc == 0 && (rc = batch_state_open(&b.state, NULL, json_incref(command), BATCH_ALONE, 0, e)) == 0 &&
        (rc = batch_run_all(&b, e)) == 0)
        rc = batch_state_read(&b.state, e);
    for (size_t k = 0; rc == 0 && k < b.list.n; k++)
        end_run(v, &b, k, of[k]);
    batch_state_close(&b.state);
    batch_list_release(&b.list);
    free(b.done);
    free(of);
    return rc;
}

static int run_all(struct verify *v, struct kymo_err *e)
{
    int rc = 0;

    for (size_t k = 0; rc == 0 && k < v->n_runs; k++)
        if (v->run[k].ready)
            rc = run_batch(v, v->run[k].command, e);
    return rc;
}

/* ---- the table ---- */

static int fill(const void *of, struct kymo_table *t, struct kymo_err *e)
{
    const struct verify *const v = of;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < v->table->n_rows; i++) {
        const struct row *const row = &v->row[i];
        const struct run *const r = &v->run[row->run];
        if (!row->chosen)
            continue;
        kymo_cell_int(t, (int64_t)i + 1);
        kymo_cell_text(t, r->record);
        kymo_cell_text(t, results[r->result != SAME ? r->result : row->result]);
        kymo_cell_text(t, row->cells);
        kymo_cell_text(t, r->note);
        rc = kymo_row_end(t, e);
    }
    return rc;
}

static void count(struct verify *v)
{
    for (size_t i = 0; i < v->table->n_rows; i++) {
        const enum result of_run = v->run[v->row[i].run].result;
        v->n_of[of_run != SAME ? of_run : v->row[i].result] += v->row[i].chosen;
    }
}

/* ---- what is asked for ---- */

static int find_made(struct verify *v, struct kymo_err *e)
{
    const char *const path = kymo_operand(v->call);
    char folder[4096], manifest[4200], beside[4096];

    snprintf(folder, sizeof folder, "%s%s", v->args->state ? v->args->state : path, v->args->state ? "" : ".batch");
    snprintf(manifest, sizeof manifest, "%s/manifest.jsonl", folder);
    snprintf(beside, sizeof beside, "%s%s", v->args->made ? v->args->made : path, v->args->made ? "" : ".json");
    const bool is_batch = !v->args->made && (v->args->state || access(manifest, F_OK) == 0);
    if (is_batch && access(manifest, F_OK) != 0)
        return kymo_fail_at(e, KYMO_EIO, folder, -1, "no folder of a batch: it has no manifest.jsonl");
    if (!is_batch && !v->args->made && access(beside, F_OK) != 0)
        return kymo_fail_at(e, KYMO_EIO, path, -1, "nothing says how it was made: no %.100s, no %.100s (-d, --made)", folder,
                            beside);
    v->record = is_batch ? kymo_columns_find(v->table, "record") : v->table->n;
    if (is_batch && v->record == v->table->n)
        return kymo_fail_at(e, KYMO_EDATA, path, -1, "no column record, as the table of a batch has");
    const int rc = make_runs(v, e);
    return rc < 0 ? rc : is_batch ? find_in_batch(v, folder, e) : find_in_provenance(v, beside, e);
}

static int check_args(const struct args *args, struct kymo_err *e)
{
    if (args->sample < 1)
        return kymo_fail(e, KYMO_EUSAGE, "--sample %lld is not above 0", (long long)args->sample);
    if (args->jobs < 0 || args->jobs > BATCH_MOST_JOBS)
        return kymo_fail(e, KYMO_EUSAGE, "-j %lld is not 0..%d", (long long)args->jobs, BATCH_MOST_JOBS);
    return args->state && args->made ? kymo_fail(e, KYMO_EUSAGE, "-d and --made: a table was made by one of them") : 0;
}

static void release(struct verify *v)
{
    for (size_t i = 0; v->row && i < v->table->n_rows; i++)
        free(v->row[i].cells);
    for (size_t k = 0; k < v->n_runs; k++)
        json_decref(v->run[k].command);
    free(v->row);
    free(v->order);
    free(v->run);
    kymo_columns_close(v->table);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    struct verify v = {.call = call, .args = call->args};
    int rc = check_args(v.args, e);

    if (rc == 0 && !(v.table = kymo_columns_open(kymo_operand(call), e)))
        rc = e->cause[0].code;
    if (rc == 0)
        rc = find_made(&v, e);
    if (rc == 0)
        rc = run_all(&v, e);
    if (rc == 0)
        rc = kymo_print_table(v.args->out.path, (enum kymo_table_form)v.args->out.form, columns,
                              sizeof columns / sizeof *columns, fill, &v, e);
    if (rc == 0)
        count(&v);
    if (v.table)
        release(&v);
    return rc < 0 ? rc : v.n_of[DIFFERENT] + v.n_of[VERSION_CHANGED] > 0 ? KYMO_FOUND
         : v.n_of[INPUT_CHANGED] + v.n_of[CANNOT] > 0 ? KYMO_SOME : 0;
}

const struct kymo_command kymo_cmd_verify = {
    .name = "verify", .about = "make rows of a table again, and say whether they are the same", .operands = "TABLE", .least = 1,
    .most = 1, .options = options, .args_size = sizeof(struct args), .run = run,
};
