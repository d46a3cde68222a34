/* cli/batch.c - kymo batch: runs a command for each of many recordings, several at once, and makes one table of theirs.
 *
 * Which recordings is in batch_list.c, what is remembered in batch_state.c, the table in batch_table.c; the user's view in
 * man/kymo-batch.1. Signals are waited for, never caught: nothing changes behind the loop's back. */
#include "cli/batch.h"

#include "lib/input.h"
#include "lib/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_JOBS 1024
#define LONGEST_COMPLAINT 400

extern char **environ;

struct args {
    int64_t jobs;
    const char *state, *output;
    bool progress;
};

static const struct kymo_opt options[] = {
    KYMO_OPT_COUNT('j', "jobs", struct args, jobs, "N", "0", "so many at once; 0: as many as there are processors"),
    KYMO_OPT_STRING('d', "state", struct args, state, "FOLDER", NULL,
                    "what is done is remembered here; OUTPUT.batch unless told, and nowhere without an output"),
    KYMO_OPT_FLAG('\0', "progress", struct args, progress, "tell how far it is, on the terminal"),
    KYMO_OPT_STRING('o', "output", struct args, output, "FILE", NULL, "write the table to FILE instead of standard output"),
    KYMO_OPT_LAST
};

struct worker {
    pid_t pid;                    /* 0: idle */
    size_t at;                    /* of the list */
    int64_t begun_ns;
    json_t *inputs;
};

struct batch {
    const struct kymo_call *call;
    const struct args *args;
    struct batch_list list;
    struct batch_state state;
    const char *const *word;      /* the command */
    size_t n_words;
    char self[PATH_MAX];          /* this program */
    bool *done;                   /* [list.n] */
    struct worker *worker;
    size_t n_jobs, next, n_running, n_kept, n_finished, n_failed, n_warned;
    sigset_t waited, before;      /* signals that are waited for; the mask that was before */
    struct kymo_progress progress;
};

/* ---- running ---- */

/* A word with the recording in the place of each {}; malloc'ed. */
static char *fill_word(const char *word, const char *record, bool *used)
{
    size_t n = strlen(word) + 1;

    for (const char *at = word; (at = strstr(at, "{}")); at += 2) {
        n += strlen(record);
        *used = true;
    }
    char *const filled = malloc(n), *to = filled;
    for (const char *hole; filled && (hole = strstr(word, "{}")); word = hole + 2)
        to = mempcpy(mempcpy(to, word, (size_t)(hole - word)), record, strlen(record));
    if (filled)
        memcpy(to, word, strlen(word) + 1);
    return filled;
}

/* The words of the command for a recording, which comes last where no word has {}. NULL-terminated; for free_words. */
static char **make_words(const struct batch *b, const char *record, struct kymo_err *e)
{
    char **const all = calloc(b->n_words + 2, sizeof *all);
    bool used = false, fine = all != NULL;
    size_t n = 0;

    for (size_t i = 0; fine && i < b->n_words; i++) {
        const char *const word = i == 0 && strcmp(b->word[0], "kymo") == 0 ? b->self : b->word[i];
        fine = (all[n++] = fill_word(word, record, &used)) != NULL;
    }
    if (fine && !used)
        fine = (all[n++] = strdup(record)) != NULL;
    if (!fine)
        kymo_fail(e, KYMO_ENOMEM, "no memory for a command");
    return all;
}

static void free_words(char **word)
{
    for (size_t i = 0; word && word[i]; i++)
        free(word[i]);
    free(word);
}

/* Starts a worker; its standard output goes beside the part's place, its complaints into a file. */
static int start_worker(struct batch *b, struct worker *w, size_t at, struct kymo_err *e)
{
    const char *const record = b->list.name[at];
    char out[4300], err[4300];
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none;

    if (!(w->inputs = batch_inputs(record, e)))
        return e->cause[0].code;
    char **const word = make_words(b, record, e);
    if (!word || e->n > 0) {
        free_words(word);
        return KYMO_ENOMEM;
    }
    batch_part(&b->state, record, "tmp", out, sizeof out);
    batch_part(&b->state, record, "err", err, sizeof err);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);   /* a group: its children end with it */
    posix_spawnattr_setsigmask(&attr, &none);
    const int why = posix_spawnp(&w->pid, word[0], &files, &attr, word, environ);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    if (why)
        kymo_fail(e, KYMO_EIO, "%s: %s", b->word[0], strerror(why));
    free_words(word);
    if (why) {
        w->pid = 0;
        return KYMO_EIO;
    }
    w->at = at;
    w->begun_ns = kymo_clock_ns();
    b->n_running++;
    return 0;
}

/* The last line of a worker's complaints, and how many of them are warnings. */
static size_t read_complaints(const char *path, char last[LONGEST_COMPLAINT])
{
    FILE *const f = fopen(path, "r");
    char line[LONGEST_COMPLAINT];
    size_t warnings = 0;

    last[0] = '\0';
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        warnings += strstr(line, ": warning: ") != NULL;
        if (*line && strncmp(line, "usage: ", 7) != 0)
            memcpy(last, line, sizeof line);
    }
    if (f)
        fclose(f);
    return warnings;
}

/* Says what went wrong with a recording; the others go on. */
static void complain(struct batch *b, const struct kymo_err *why)
{
    if (b->progress.shown)
        kymo_progress_show(&b->progress, b->n_kept + b->n_finished, b->n_failed, true);
    b->call->report(b->call, why);
}

/* A worker has ended: its table is moved into place, or why there is none is told; either is remembered. */
static int end_worker(struct batch *b, struct worker *w, int status, const struct rusage *used, struct kymo_err *e)
{
    const char *const record = b->list.name[w->at];
    char tmp[4300], part[4300], err[4300], last[LONGEST_COMPLAINT], why[LONGEST_COMPLAINT];
    struct batch_run run = {
        .record = record, .status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
        .seconds = (double)(kymo_clock_ns() - w->begun_ns) / 1e9,
        .cpu_s = (double)used->ru_utime.tv_sec + (double)used->ru_stime.tv_sec +
                 (double)(used->ru_utime.tv_usec + used->ru_stime.tv_usec) / 1e6,
        .memory_kb = used->ru_maxrss,
    };

    batch_part(&b->state, record, "tmp", tmp, sizeof tmp);
    batch_part(&b->state, record, "csv", part, sizeof part);
    batch_part(&b->state, record, "err", err, sizeof err);
    run.warnings = read_complaints(err, last);
    if (run.status < 0)
        snprintf(why, sizeof why, "killed by signal %d (%s)", -run.status, strsignal(-run.status));
    else if (run.status > 0)
        snprintf(why, sizeof why, "%s", *last ? last : "failed, and did not say why");
    else if (!batch_inputs_same(w->inputs))
        snprintf(why, sizeof why, "its files changed while they were read");
    else if (rename(tmp, part) != 0)
        snprintf(why, sizeof why, "its table cannot be kept: %s", strerror(errno));
    else
        *why = '\0';
    run.error = *why ? why : NULL;
    if (run.error && run.status == 0)
        run.status = 1;
    b->done[w->at] = !run.error;
    b->n_failed += run.error != NULL;
    b->n_finished++;
    b->n_warned += run.warnings > 0;
    if (run.error) {
        struct kymo_err failed = {0};
        kymo_fail(&failed, KYMO_EDATA, "%s: %s", record, run.error);
        complain(b, &failed);
    }
    remove(tmp);
    if (run.warnings == 0 && !run.error)
        remove(err);
    return batch_remember(&b->state, &run, w->inputs, e);
}

static struct worker *worker_of(struct batch *b, pid_t pid)
{
    for (size_t i = 0; i < b->n_jobs; i++)
        if (b->worker[i].pid == pid)
            return &b->worker[i];
    return NULL;
}

/* All workers that have ended by now. */
static int reap(struct batch *b, struct kymo_err *e)
{
    struct rusage used;
    int status, rc = 0;
    pid_t pid;

    while (rc == 0 && b->n_running > 0 && (pid = wait4(-1, &status, WNOHANG, &used)) > 0) {
        struct worker *const w = worker_of(b, pid);
        if (!w)
            continue;
        b->n_running--;
        w->pid = 0;
        rc = end_worker(b, w, status, &used, e);
        json_decref(w->inputs);
        w->inputs = NULL;
    }
    return rc;
}

/* Ends the workers that run; what they made is not kept. */
static void stop_workers(struct batch *b)
{
    char tmp[4300];

    for (size_t i = 0; i < b->n_jobs; i++)
        if (b->worker[i].pid > 0)
            kill(-b->worker[i].pid, SIGTERM);
    for (size_t i = 0; i < b->n_jobs; i++) {
        struct worker *const w = &b->worker[i];
        if (w->pid <= 0)
            continue;
        while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
        batch_part(&b->state, b->list.name[w->at], "tmp", tmp, sizeof tmp);
        remove(tmp);
        json_decref(w->inputs);
        w->pid = 0;
    }
    b->n_running = 0;
}

/* Starts workers as far as there are idle ones and recordings that are not done. */
static int start_workers(struct batch *b, struct kymo_err *e)
{
    for (; b->n_running < b->n_jobs && b->next < b->list.n; b->next++) {
        struct kymo_err why = {0};
        if (b->done[b->next])
            continue;
        if (start_worker(b, worker_of(b, 0), b->next, &why) == 0)
            continue;
        if (why.cause[0].code == KYMO_ENOMEM) {
            *e = why;
            return KYMO_ENOMEM;
        }
        struct worker *const idle = worker_of(b, 0);
        json_decref(idle->inputs);
        idle->inputs = NULL;
        complain(b, &why);
        b->n_failed++;
        b->n_finished++;
    }
    return 0;
}

static int run_all(struct batch *b, struct kymo_err *e)
{
    const struct timespec pause = {.tv_nsec = 200000000};
    int rc = 0;

    while (rc == 0 && (rc = start_workers(b, e)) == 0 && b->n_running > 0) {
        const int signal = sigtimedwait(&b->waited, NULL, &pause);
        if (signal > 0 && signal != SIGCHLD)
            rc = kymo_fail(e, KYMO_EIO, "stopped by signal %d: %zu of %zu recordings are done, and the same command goes on",
                           signal, b->n_kept + b->n_finished - b->n_failed, b->list.n);
        else
            rc = reap(b, e);
        if (b->args->progress)
            kymo_progress_show(&b->progress, b->n_kept + b->n_finished, b->n_failed, false);
    }
    stop_workers(b);
    if (b->progress.shown)
        kymo_progress_show(&b->progress, b->n_kept + b->n_finished, b->n_failed, true);
    return rc;
}

/* ---- what is asked for ---- */

/* Operands: the command, :::, recordings. */
static int take_operands(struct batch *b, struct kymo_err *e)
{
    const struct kymo_call *const call = b->call;
    size_t n = 0;
    int rc = 0;

    while (n < call->n_operands && strcmp(call->operand[n], ":::") != 0)
        n++;
    if (n == call->n_operands)
        return kymo_fail(e, KYMO_EUSAGE, "no ::: between the command and the recordings");
    if (n == 0)
        return kymo_fail(e, KYMO_EUSAGE, "no command before :::");
    b->word = call->operand;
    b->n_words = n;
    for (size_t i = n + 1; rc == 0 && i < call->n_operands; i++)
        rc = batch_add(&b->list, call->operand[i], e);
    return rc == 0 && b->list.n == 0 ? kymo_fail(e, KYMO_EUSAGE, "no recordings behind :::") : rc;
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* A recording that is named twice would be done twice. */
static int check_names(const struct batch_list *list, struct kymo_err *e)
{
    char **const sorted = malloc((list->n + 1) * sizeof *sorted);
    int rc = sorted ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu recordings", list->n);

    if (sorted) {
        memcpy(sorted, list->name, list->n * sizeof *sorted);
        qsort(sorted, list->n, sizeof *sorted, by_name);
    }
    for (size_t i = 1; rc == 0 && i < list->n; i++)
        if (strcmp(sorted[i - 1], sorted[i]) == 0)
            rc = kymo_fail(e, KYMO_EUSAGE, "%s is named twice", sorted[i]);
    free(sorted);
    return rc;
}

static int prepare(struct batch *b, struct kymo_err *e)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    char beside[4096];
    int rc = take_operands(b, e);

    if (rc == 0)
        rc = check_names(&b->list, e);
    if (rc == 0 && (b->args->jobs < 0 || b->args->jobs > MOST_JOBS))
        rc = kymo_fail(e, KYMO_EUSAGE, "-j %lld is not 0..%d", (long long)b->args->jobs, MOST_JOBS);
    if (rc < 0)
        return rc;
    if (readlink("/proc/self/exe", b->self, sizeof b->self - 1) <= 0)   /* it is zeroed */
        memcpy(b->self, "kymo", sizeof "kymo");
    b->n_jobs = b->args->jobs > 0 ? (size_t)b->args->jobs : processors > 0 ? (size_t)processors : 1;
    b->done = calloc(b->list.n, sizeof *b->done);
    b->worker = calloc(b->n_jobs, sizeof *b->worker);
    if (!b->done || !b->worker)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu recordings", b->list.n);
    const bool to_file = b->args->output && strcmp(b->args->output, "-") != 0;
    snprintf(beside, sizeof beside, "%.4000s.batch", to_file ? b->args->output : "");
    rc = batch_state_open(&b->state, b->args->state ? b->args->state : to_file ? beside : NULL, b->word, b->n_words, e);
    for (size_t i = 0; rc == 0 && i < b->list.n; i++) {
        b->done[i] = batch_is_done(&b->state, b->list.name[i]);
        b->n_kept += b->done[i];
    }
    b->progress = (struct kymo_progress){.what = "recordings", .total = b->list.n};
    return rc;
}

static void block_signals(struct batch *b)
{
    sigemptyset(&b->waited);
    sigaddset(&b->waited, SIGCHLD);
    sigaddset(&b->waited, SIGINT);
    sigaddset(&b->waited, SIGTERM);
    sigaddset(&b->waited, SIGHUP);
    sigprocmask(SIG_BLOCK, &b->waited, &b->before);
}

static int put_table(struct batch *b, struct kymo_err *e)
{
    struct kymo_output *const out = kymo_output_open(b->args->output, e);
    int rc = out ? batch_put_table(&b->state, &b->list, b->done, out, e) : e->cause[0].code;

    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_output_destroy(out);
    return rc;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    struct batch b = {.call = call, .args = call->args, .state.lock = -1};
    int rc = prepare(&b, e);

    if (rc == 0) {
        block_signals(&b);
        rc = run_all(&b, e);
        sigprocmask(SIG_SETMASK, &b.before, NULL);
    }
    if (rc == 0)
        rc = put_table(&b, e);
    if (rc == 0 && b.n_warned > 0)
        rc = kymo_warn(&call->log, e, b.state.folder, -1, "%zu recordings have warnings: see its manifest.jsonl and parts",
                       b.n_warned);
    batch_state_close(&b.state);
    batch_list_release(&b.list);
    free(b.done);
    free(b.worker);
    return rc == 0 && b.n_failed > 0 ? KYMO_SOME : rc;
}

const struct kymo_command kymo_cmd_batch = {
    .name = "batch", .about = "run a command for each of many recordings, and make one table of theirs",
    .operands = "-- COMMAND [WORD]... ::: RECORDING...", .least = 1, .most = SIZE_MAX, .options = options,
    .args_size = sizeof(struct args), .run = run,
};
