/* cli/batch_run.c - kymo batch: workers, several at once, each a command for a recording.
 *
 * Signals are waited for, never caught: nothing changes behind the loop's back. */
#include "cli/batch.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define LONGEST_COMPLAINT 400

extern char **environ;

struct batch_worker {
    pid_t pid;                    /* 0: idle */
    size_t at;                    /* of the list */
    int64_t begun_ns;
    json_t *inputs;
};

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
    const json_t *const words = b->state.command;
    const size_t n_words = json_array_size(words);
    char **const all = calloc(n_words + 2, sizeof *all);
    bool used = false, fine = all != NULL;
    size_t n = 0;

    for (size_t i = 0; fine && i < n_words; i++) {
        const char *const word = json_string_value(json_array_get(words, i));
        const char *const filled = i == 0 && strcmp(word, "kymo") == 0 ? b->self : word;
        fine = (all[n++] = b->as_it_is ? strdup(filled) : fill_word(filled, record, &used)) != NULL;
    }
    if (fine && !used && !b->as_it_is)
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
static int start_worker(struct batch *b, struct batch_worker *w, size_t at, struct kymo_err *e)
{
    const char *const record = b->list.name[at];
    char out[4300], err[4300];
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none;

    if (!(w->inputs = kymo_files_of(record, NULL, e)))
        return e->cause[0].code;
    char **const word = make_words(b, record, e);
    if (!word || e->n > 0) {
        free_words(word);
        return KYMO_ENOMEM;
    }
    batch_part(&b->state, record, "tmp", out, sizeof out);
    batch_part(&b->state, record, "err", err, sizeof err);
    remove(out);                  /* a worker of a batch that was killed may still write to its own */
    remove(err);
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
        kymo_fail(e, KYMO_EIO, "%s: %s", word[0], strerror(why));
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

void batch_complain(struct batch *b, const struct kymo_err *why)
{
    if (b->progress.shown)
        kymo_progress_show(&b->progress, b->n_kept + b->n_finished, b->n_failed, true);
    b->call->report(b->call, why);
}

/* A worker has ended: its table is moved into place, or why there is none is told; either is remembered. */
static int end_worker(struct batch *b, struct batch_worker *w, int status, const struct rusage *used, struct kymo_err *e)
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
    else if (!kymo_files_same(w->inputs))
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
        batch_complain(b, &failed);
    }
    remove(tmp);
    if (run.warnings == 0 && !run.error)
        remove(err);
    return batch_remember(&b->state, &run, w->inputs, e);
}

static struct batch_worker *worker_of(struct batch *b, pid_t pid)
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
        struct batch_worker *const w = worker_of(b, pid);
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
        struct batch_worker *const w = &b->worker[i];
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

/* One that could not even begin. */
static int remember_unstarted(struct batch *b, struct batch_worker *idle, const struct kymo_err *why, struct kymo_err *e)
{
    char text[LONGEST_COMPLAINT];
    const struct batch_run run = {.record = b->list.name[b->next], .error = text, .status = 1};

    struct kymo_err failed = {0};

    kymo_err_text(why, false, text, sizeof text);
    kymo_fail(&failed, KYMO_EDATA, "%s: %s", run.record, text);
    batch_complain(b, &failed);
    b->n_failed++;
    b->n_finished++;
    if (!idle->inputs && !(idle->inputs = json_array()))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %s", run.record);
    const int rc = batch_remember(&b->state, &run, idle->inputs, e);
    json_decref(idle->inputs);
    idle->inputs = NULL;
    return rc;
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
        const int rc = remember_unstarted(b, worker_of(b, 0), &why, e);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int run_workers(struct batch *b, struct kymo_err *e)
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
        if (b->show)
            kymo_progress_show(&b->progress, b->n_kept + b->n_finished, b->n_failed, false);
    }
    stop_workers(b);
    if (b->progress.shown)
        kymo_progress_show(&b->progress, b->n_kept + b->n_finished, b->n_failed, true);
    return rc;
}

void batch_begin(struct batch *b, int64_t jobs)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (readlink("/proc/self/exe", b->self, sizeof b->self - 1) <= 0)   /* it is zeroed */
        memcpy(b->self, "kymo", sizeof "kymo");
    b->n_jobs = jobs > 0 ? (size_t)jobs : processors > 0 ? (size_t)processors : 1;
}

void batch_block_signals(struct batch *b)
{
    sigemptyset(&b->waited);
    sigaddset(&b->waited, SIGCHLD);
    sigaddset(&b->waited, SIGINT);
    sigaddset(&b->waited, SIGTERM);
    sigaddset(&b->waited, SIGHUP);
    sigprocmask(SIG_BLOCK, &b->waited, &b->before);
}

void batch_free_signals(const struct batch *b) { sigprocmask(SIG_SETMASK, &b->before, NULL); }

int batch_run_all(struct batch *b, struct kymo_err *e)
{
    b->worker = calloc(b->n_jobs, sizeof *b->worker);
    if (!b->worker)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu workers", b->n_jobs);
    batch_block_signals(b);
    const int rc = run_workers(b, e);
    batch_free_signals(b);
    free(b->worker);
    b->worker = NULL;
    return rc;
}
