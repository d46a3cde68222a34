/* cli/batch.c - kymo batch: runs a command for each of many recordings, several at once, and makes one table of theirs.
 *
 * Which recordings is in batch_list.c, workers in batch_run.c, jobs of a cluster in batch_job.c, what is remembered in
 * batch_state.c, the table in batch_table.c; the user's view in man/kymo-batch.1. */
#include "cli/batch.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>


struct args {
    int64_t jobs, chunk, task, retries;
    const char *state, *output;
    struct kymo_strings sbatch;
    int script;                   /* enum batch_script */
    bool slurm, no_wait, status, collect;
};

static const struct kymo_opt options[] = {
    KYMO_OPT_COUNT('j', "jobs", struct args, jobs, "N", "0",
                   "so many at once; 0: as many as there are processors, in a task of Slurm those that it has"),
    KYMO_OPT_STRING('d', "state", struct args, state, "FOLDER", NULL,
                    "what is done is remembered here; OUTPUT.batch unless told, and nowhere without an output"),
    KYMO_OPT_STRING('o', "output", struct args, output, "FILE", NULL, "write the table to FILE instead of standard output"),
    KYMO_OPT_FLAG('\0', "slurm", struct args, slurm, "as tasks of a Slurm job array, waited for"),
    KYMO_OPT_STRINGS('\0', "sbatch", struct args, sbatch, "OPTION",
                     "of sbatch, for the job: --sbatch=--partition=long; may be given again"),
    KYMO_OPT_COUNT('\0', "chunk", struct args, chunk, "N", "0", "recordings for each task; 0: as many as make a hundred tasks"),
    KYMO_OPT_COUNT('\0', "retries", struct args, retries, "N", "2",
                   "times that recordings which the cluster lost are sent again"),
    KYMO_OPT_FLAG('\0', "no-wait", struct args, no_wait, "with --slurm: do not wait for the job"),
    KYMO_OPT_FLAG('\0', "status", struct args, status, "tell how far the job of the folder is"),
    KYMO_OPT_FLAG('\0', "collect", struct args, collect, "wait for the job of the folder, and make the table"),
    KYMO_OPT_CHOICE('\0', "script-only", struct args, script, "no|slurm|parallel", "no",
                    "write the script for Slurm or for GNU parallel, and print its path"),
    KYMO_OPT_COUNT('\0', "task", struct args, task, "N", "0",
                   "only the N-th of the parts that --chunk makes, and no table: what the script asks for"),
    KYMO_OPT_LAST
};

/* ---- what is asked for ---- */

/* A recording that is named twice would be done twice. */
static int check_names(const struct batch_list *list, struct kymo_err *e)
{
    char **const sorted = malloc((list->n + 1) * sizeof *sorted);
    int rc = sorted ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu recordings", list->n);

    if (sorted) {
        memcpy(sorted, list->name, list->n * sizeof *sorted);
        qsort(sorted, list->n, sizeof *sorted, batch_by_name);
    }
    for (size_t i = 1; rc == 0 && i < list->n; i++)
        if (strcmp(sorted[i - 1], sorted[i]) == 0)
            rc = kymo_fail(e, KYMO_EUSAGE, "%s is named twice", sorted[i]);
    free(sorted);
    return rc;
}

/* The operands after :::, which is at AT. For a task only its part of them. */
static int take_operands(struct batch *b, const struct args *args, size_t at, struct kymo_err *e)
{
    const struct kymo_call *const call = b->call;
    int rc = 0;

    for (size_t i = at + 1; rc == 0 && i < call->n_operands; i++)
        rc = batch_add(&b->list, call->operand[i], e);
    if (rc == 0 && b->list.n == 0)
        rc = kymo_fail(e, KYMO_EUSAGE, "no recordings behind :::");
    if (rc == 0)
        rc = check_names(&b->list, e);
    return rc == 0 && args->task ? batch_list_cut(&b->list, args->task, (size_t)args->chunk, e) : rc;
}

/* The words before :::, *at of the operands. */
static json_t *take_command(const struct kymo_call *call, size_t *at, struct kymo_err *e)
{
    size_t n = 0;

    while (n < call->n_operands && strcmp(call->operand[n], ":::") != 0)
        n++;
    json_t *const words = n > 0 && n < call->n_operands ? json_array() : NULL;
    if (n == call->n_operands)
        kymo_fail(e, KYMO_EUSAGE, "no ::: between the command and the recordings");
    else if (n == 0)
        kymo_fail(e, KYMO_EUSAGE, "no command before :::");
    else if (!words)
        kymo_fail(e, KYMO_ENOMEM, "no memory for a command");
    for (size_t i = 0; words && i < n; i++)
        json_array_append_new(words, json_string(call->operand[i]));
    *at = n;
    return words;
}

static bool has_job(const struct args *args) { return args->status || args->collect; }

static int check_args(const struct kymo_call *call, const struct args *args, struct kymo_err *e)
{
    const bool is_named = args->state || (args->output && strcmp(args->output, "-") != 0);
    const int modes = args->slurm + args->status + args->collect + (args->script != BATCH_NO_SCRIPT) + (args->task != 0);

    if (args->jobs < 0 || args->jobs > BATCH_MOST_JOBS)
        return kymo_fail(e, KYMO_EUSAGE, "-j %lld is not 0..%d", (long long)args->jobs, BATCH_MOST_JOBS);
    if (args->chunk < 0 || args->task < 0 || args->retries < 0)
        return kymo_fail(e, KYMO_EUSAGE, "--chunk, --task and --retries count from 0");
    if (modes > 1)
        return kymo_fail(e, KYMO_EUSAGE, "only one of --slurm, --script-only, --status, --collect and --task");
    if (modes == 1 && !is_named)
        return kymo_fail(e, KYMO_EUSAGE, "no folder for the job, on a file system that all machines see: -d FOLDER or -o FILE");
    if (args->task > 0 && args->chunk == 0)
        return kymo_fail(e, KYMO_EUSAGE, "--task without --chunk");
    if (args->no_wait && !args->slurm)
        return kymo_fail(e, KYMO_EUSAGE, "--no-wait without --slurm");
    return has_job(args) && call->n_operands > 0 ? kymo_fail(e, KYMO_EUSAGE, "the folder of a job says what to do: no operands")
                                                 : 0;
}

/* What is done; of the rest, where asked, what failed, of_task: in the job that is not collected yet. */
static int look_what_is_done(struct batch *b, bool failed, bool of_task, struct kymo_err *e)
{
    char why[BATCH_REASON];

    if (!b->done) {
        b->done = calloc(b->list.n + 1, sizeof *b->done);
        b->failed = calloc(b->list.n + 1, sizeof *b->failed);
    }
    if (!b->done || !b->failed)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu recordings", b->list.n);
    b->n_kept = 0;
    for (size_t i = 0; i < b->list.n; i++) {
        b->done[i] = batch_is_done(&b->state, b->list.name[i]);
        b->failed[i] |= failed && !b->done[i] && batch_failure(&b->state, b->list.name[i], of_task, why, sizeof why);
        b->n_kept += b->done[i];
    }
    return 0;
}

/* A job that Slurm still has works in the folder, though it may hold no lock now. */
static int check_no_job(const struct batch *b, struct kymo_err *e)
{
    struct batch_job job = {0};
    struct kymo_err none = {0};
    size_t running = 0, waiting = 0;
    int rc = 0;

    if (batch_job_load(&job, NULL, b->state.folder, &none) == 0 && (rc = batch_job_tasks(&job, &running, &waiting, e)) < 0)
        rc = kymo_during(e, "%s: whether Slurm job %lld is over is not known", b->state.folder, (long long)job.id);
    if (rc == 0 && running + waiting > 0)
        rc = kymo_fail_at(e, KYMO_EIO, b->state.folder, -1, "Slurm job %lld has %zu tasks here: see --status and --collect",
                          (long long)job.id, running + waiting);
    batch_job_release(&job);
    return rc;
}

/* Where is remembered what is done, or NULL; beside[cap] is room for its name. */
static const char *folder_of(const struct args *args, char *beside, size_t cap)
{
    const bool to_file = args->output && strcmp(args->output, "-") != 0;

    snprintf(beside, cap, "%.4000s.batch", to_file ? args->output : "");
    return args->state ? args->state : to_file ? beside : NULL;
}

static int prepare(struct batch *b, const struct args *args, struct batch_job *job, struct kymo_err *e)
{
    const enum batch_role role = args->task ? BATCH_TASK : args->status ? BATCH_LOOK : args->collect ? BATCH_WAIT : BATCH_ALONE;
    char beside[4096];
    size_t at = 0;
    int rc = check_args(b->call, args, e);

    if (rc < 0)
        return rc;
    const char *const folder = folder_of(args, beside, sizeof beside);
    if (has_job(args) && (rc = batch_job_load(job, &b->list, folder, e)) < 0)
        return rc;
    json_t *const command = has_job(args) ? json_incref(json_object_get(job->json, "command")) : take_command(b->call, &at, e);
    if (!command)
        return e->cause[0].code;
    if (!has_job(args) && !args->task && (rc = take_operands(b, args, at, e)) < 0) {
        json_decref(command);
        return rc;
    }
    batch_begin(b, args->jobs);
    b->show = b->call->progress != NULL;
    rc = batch_state_open(&b->state, folder, command, role, args->task, e);
    if (rc == 0 && args->task)    /* the list is read under the lock: one that is there is that of this job */
        rc = take_operands(b, args, at, e);
    if (rc == 0 && role == BATCH_ALONE)
        rc = check_no_job(b, e);
    b->progress = (struct kymo_progress){.what = "recordings", .total = b->list.n};
    return rc < 0 ? rc : look_what_is_done(b, args->status, job->id != 0, e);
}

static int put_table(const struct batch *b, const char *path, struct kymo_err *e)
{
    struct kymo_output *const out = kymo_output_open(path, e);
    int rc = out ? batch_put_table(&b->state, &b->list, b->done, out, e) : e->cause[0].code;

    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_output_destroy(out);
    return rc;
}

/* A line on standard output. */
static int tell(struct kymo_err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static int tell(struct kymo_err *e, const char *fmt, ...)
{
    char text[4400];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    struct kymo_output *const out = kymo_output_open(NULL, e);
    int rc = out ? kymo_putf(out, e, "%s\n", text) : e->cause[0].code;
    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_output_destroy(out);
    return rc;
}

/* ---- here ---- */

static int run_here(struct batch *b, const struct args *args, struct kymo_err *e)
{
    int rc = batch_run_all(b, e);

    if (rc == 0 && !args->task)
        rc = put_table(b, args->output, e);
    if (rc == 0 && b->n_warned > 0)
        rc = kymo_warn(&b->call->log, e, b->state.folder, -1, "%zu recordings have warnings: see its manifest.jsonl and parts",
                       b->n_warned);
    return rc;
}

/* ---- by a cluster ---- */

static size_t count_left(const struct batch *b)
{
    size_t n = 0;

    for (size_t i = 0; i < b->list.n; i++)
        n += !b->done[i] && !b->failed[i];
    return n;
}

/* Writes and submits what is left. The lock is shared before: a task may begin at once. */
static int submit(struct batch *b, struct batch_job *job, struct kymo_err *e)
{
    char path[4200];
    int rc = batch_job_write(b, job, BATCH_SLURM, path, sizeof path, e);

    if (rc == 0)
        rc = batch_state_share(&b->state, e);
    return rc < 0 ? rc : batch_job_submit(b, job, path, e);
}

/* A task that Slurm calls over may need a moment to go; one on a machine that is out of reach holds its lock. */
static int retake(struct batch *b, struct kymo_err *e)
{
    const struct timespec pause = {.tv_nsec = 100000000};
    int rc = KYMO_EIO;

    for (int tries = 0; rc < 0 && tries < 100; tries++) {
        if (tries > 0)
            nanosleep(&pause, NULL);
        *e = (struct kymo_err){0};
        rc = batch_state_retake(&b->state, e);
    }
    return rc;
}

static void complain_of_failed(struct batch *b)
{
    char why[BATCH_REASON];

    for (size_t i = 0; i < b->list.n; i++) {
        struct kymo_err failed = {0};
        if (b->done[i])
            continue;
        if (!batch_failure(&b->state, b->list.name[i], false, why, sizeof why))
            snprintf(why, sizeof why, "came to no end: see %.300s/tasks", b->state.folder);
        kymo_fail(&failed, KYMO_EDATA, "%s: %s", b->list.name[i], why);
        batch_complain(b, &failed);
        b->n_failed++;
    }
}

/* Waits for the job, sends again what it lost, and makes the table. */
static int collect(struct batch *b, struct batch_job *job, int64_t retries, const char *output, struct kymo_err *e)
{
    size_t n_left = 0;
    int rc = 0;

    for (int64_t round = 0; rc == 0; round++) {
        if ((rc = batch_job_wait(b, job, e)) < 0 || (rc = retake(b, e)) < 0 || (rc = batch_state_read(&b->state, e)) < 0 ||
            (rc = look_what_is_done(b, true, true, e)) < 0 || (rc = batch_job_set(job, b->state.folder, 0, e)) < 0)
            return rc;
        if ((n_left = count_left(b)) == 0 || round == retries)
            break;
        struct kymo_err lost = {0};
        kymo_fail(&lost, KYMO_EIO, "the cluster lost %zu recordings: they are sent again", n_left);
        batch_complain(b, &lost);
        rc = submit(b, job, e);
    }
    if (rc < 0)
        return rc;
    complain_of_failed(b);
    return put_table(b, output, e);
}

static int run_slurm(struct batch *b, const struct args *args, struct batch_job *job, struct kymo_err *e)
{
    int rc;

    if (count_left(b) == 0)
        return put_table(b, args->output, e);
    rc = submit(b, job, e);
    if (rc == 0 && args->no_wait)
        return tell(e, "Slurm job %lld: %zu tasks for %zu recordings; kymo batch --collect -d %s makes the table",
                    (long long)job->id, job->n_tasks, count_left(b), b->state.folder);
    return rc < 0 ? rc : collect(b, job, args->retries, args->output, e);
}

static int put_status(const struct batch *b, const struct batch_job *job, struct kymo_err *e)
{
    size_t running, waiting, n_failed = 0;
    const int rc = batch_job_tasks(job, &running, &waiting, e);

    for (size_t i = 0; i < b->list.n; i++)
        n_failed += b->failed[i];
    return rc < 0 ? rc
         : tell(e, "job,tasks_running,tasks_waiting,recordings,done,failed,left\n%lld,%zu,%zu,%zu,%zu,%zu,%zu",
                (long long)job->id, running, waiting, b->list.n, b->n_kept, n_failed, count_left(b));
}

static int write_script(struct batch *b, struct batch_job *job, enum batch_script script, struct kymo_err *e)
{
    char path[4200];
    int rc;

    if (count_left(b) == 0)
        return kymo_fail(e, KYMO_EDATA, "nothing is left to do: --collect makes the table");
    rc = batch_job_write(b, job, script, path, sizeof path, e);
    return rc < 0 ? rc : tell(e, "%s", path);
}

static int run_job(struct batch *b, const struct args *args, struct batch_job *job, struct kymo_err *e)
{
    int rc;

    batch_block_signals(b);
    if (args->slurm)
        rc = run_slurm(b, args, job, e);
    else if (args->collect)
        rc = collect(b, job, job->id ? args->retries : 0, args->output ? args->output : job->output, e);
    else if (args->status)
        rc = put_status(b, job, e);
    else
        rc = write_script(b, job, (enum batch_script)args->script, e);
    batch_free_signals(b);
    return rc;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *const args = call->args;
    struct batch b = {.call = call, .state.lock = -1, .state.task_lock = -1};
    struct batch_job job = {.output = args->output, .sbatch = args->sbatch.text, .n_sbatch = args->sbatch.n,
                            .chunk = args->chunk > 0 ? (size_t)args->chunk : 0, .jobs = args->jobs};
    int rc = prepare(&b, args, &job, e);

    if (rc == 0)
        rc = args->slurm || args->script != BATCH_NO_SCRIPT || has_job(args) ? run_job(&b, args, &job, e)
                                                                             : run_here(&b, args, e);
    batch_state_close(&b.state);
    batch_job_release(&job);
    batch_list_release(&b.list);
    free(b.done);
    free(b.failed);
    return rc == 0 && b.n_failed > 0 ? KYMO_SOME : rc;
}

/* For its provenance: those that are named, or those of a job. */
static int recordings(const struct kymo_call *call, char ***name, size_t *n, struct kymo_err *e)
{
    const struct args *const args = call->args;
    struct batch_list list = {0};
    struct batch_job job = {0};
    char beside[4096];
    const char *const folder = folder_of(args, beside, sizeof beside);
    size_t at = 0;
    int rc = has_job(args) && folder ? batch_job_load(&job, &list, folder, e) : 0;

    batch_job_release(&job);
    while (at < call->n_operands && strcmp(call->operand[at], ":::") != 0)
        at++;
    for (size_t i = at + 1; rc == 0 && i < call->n_operands; i++)
        rc = batch_add(&list, call->operand[i], e);
    *name = list.name;
    *n = list.n;
    return rc;
}

const struct kymo_command kymo_cmd_batch = {
    .name = "batch", .about = "run a command for each of many recordings, and make one table of theirs",
    .operands = "-- COMMAND [WORD]... ::: RECORDING...", .least = 0, .most = SIZE_MAX, .options = options,
    .args_size = sizeof(struct args), .run = run, .recordings = recordings,
};
