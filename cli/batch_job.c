/* cli/batch_job.c - kymo batch: the same work as tasks of a job array, or of anything that runs a script with a number.
 *
 * A task is this program again, --task N: the N-th part of a list, in the same folder. tasks/recordings names all recordings,
 * tasks/list.DIGEST those that are to do; a script of an earlier job finds its list no more, and so does nothing. */
#include "cli/batch.h"

#include "lib/input.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TASKS_UNLESS_TOLD 100
#define LONGEST_ANSWER ((size_t)1 << 22)
#define MOST_REFUSALS 60          /* of squeue, one after the other: some ten minutes */
#define LONGEST_PAUSE_NS INT64_C(10000000000)

extern char **environ;

/* ---- other programs ---- */

/* Without its end; text is changed. */
static const char *last_line(char *text)
{
    size_t n = strlen(text);

    while (n > 0 && text[n - 1] == '\n')
        text[--n] = '\0';
    const char *const end = strrchr(text, '\n');
    return end ? end + 1 : text;
}

/* Runs a program; what it prints, complaints too, into *text (malloc'ed, also where it fails). */
static int ask(const char *const *word, char **text, struct kymo_err *e)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none;
    int pipes[2], status = 0;
    size_t n = 0;
    pid_t pid;
    ssize_t got;

    *text = malloc(LONGEST_ANSWER + 1);
    if (!*text)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for an answer of %s", word[0]);
    **text = '\0';
    if (pipe2(pipes, O_CLOEXEC) != 0)
        return kymo_fail(e, KYMO_EIO, "%s: %s", word[0], strerror(errno));
    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, pipes[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, pipes[1], STDERR_FILENO);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attr, &none);
    const int why = posix_spawnp(&pid, word[0], &files, &attr, (char *const *)word, environ);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    close(pipes[1]);
    while (!why && n < LONGEST_ANSWER && (got = read(pipes[0], *text + n, LONGEST_ANSWER - n)) > 0)
        n += (size_t)got;
    (*text)[n] = '\0';
    close(pipes[0]);
    if (why)
        return kymo_fail(e, KYMO_EIO, "%s: %s", word[0], strerror(why));
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status == 0 ? 0 : kymo_fail(e, KYMO_EIO, "%s fails: %.200s", word[0], last_line(*text));
}

/* ---- tasks/job.json ---- */

static int fail_job(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a job"); }

static int write_json(const struct batch_job *job, const char *folder, struct kymo_err *e)
{
    char path[4200];

    snprintf(path, sizeof path, "%s/tasks/job.json", folder);
    char *const text = json_dumps(job->json, JSON_INDENT(2));
    struct kymo_output *const out = text ? kymo_output_open(path, e) : NULL;
    int rc = !text ? fail_job(e) : out ? kymo_putf(out, e, "%s\n", text) : e->cause[0].code;
    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_output_destroy(out);
    free(text);
    return rc;
}

static int make_json(const struct batch *b, struct batch_job *job, struct kymo_err *e)
{
    char here[PATH_MAX];
    json_t *sbatch;

    if (job->json)                /* sent again */
        return kymo_json_put(job->json, "tasks", json_integer((json_int_t)job->n_tasks)) ? 0 : fail_job(e);
    if (!getcwd(here, sizeof here))
        return kymo_fail(e, KYMO_EIO, "this folder: %s", strerror(errno));
    sbatch = json_array();
    for (size_t i = 0; sbatch && i < job->n_sbatch; i++)
        json_array_append_new(sbatch, json_string(job->sbatch[i]));
    job->json = json_pack("{s:s, s:O, s:s, s:s*, s:o, s:I, s:I, s:I, s:I}", "version", KYMO_VERSION, "command",
                                   b->state.command, "folder", here, "output", job->output, "sbatch", sbatch, "jobs",
                                   (json_int_t)job->jobs, "chunk", (json_int_t)job->chunk, "tasks", (json_int_t)job->n_tasks,
                                   "id", (json_int_t)job->id);
    return job->json ? 0 : fail_job(e);
}

static int check_folder(const struct batch_job *job, const char *path, struct kymo_err *e)
{
    char here[PATH_MAX];
    const char *folder = "";
    const int rc = kymo_json_text(job->json, "folder", &folder, e);

    if (rc < 0)
        return rc;
    return getcwd(here, sizeof here) && strcmp(here, folder) == 0 ? 0
         : kymo_fail_at(e, KYMO_EDATA, path, -1, "this batch was begun in %.150s: go there", folder);
}

int batch_job_load(struct batch_job *job, struct batch_list *list, const char *folder, struct kymo_err *e)
{
    char path[4200], names[4200];
    const json_t *sbatch = NULL;
    int64_t chunk = 1, n_tasks = 0;
    int rc;

    snprintf(path, sizeof path, "%s/tasks/job.json", folder);
    job->json = json_load_file(path, 0, NULL);
    if (!job->json)
        return kymo_fail_at(e, KYMO_EDATA, folder, -1, "no job was handed over in this folder");
    if ((rc = list ? check_folder(job, path, e) : 0) < 0 || (rc = kymo_json_text(job->json, "output", &job->output, e)) < 0 ||
        (rc = kymo_json_int(job->json, "jobs", &job->jobs, e)) < 0 || (rc = kymo_json_int(job->json, "chunk", &chunk, e)) < 0 ||
        (rc = kymo_json_int(job->json, "tasks", &n_tasks, e)) < 0 || (rc = kymo_json_int(job->json, "id", &job->id, e)) < 0 ||
        (rc = kymo_json_array(job->json, "sbatch", &sbatch, &job->n_sbatch, e)) < 0)
        return rc;
    if (chunk < 1 || !json_is_array(json_object_get(job->json, "command")))
        return kymo_fail_at(e, KYMO_EFORMAT, path, -1, "this is no job of kymo batch");
    job->chunk = (size_t)chunk;
    job->n_tasks = n_tasks > 0 ? (size_t)n_tasks : 0;
    const char **const words = calloc(job->n_sbatch + 1, sizeof *words);
    if (!words)
        return fail_job(e);
    for (size_t i = 0; i < job->n_sbatch; i++)
        if (!(words[i] = json_string_value(json_array_get(sbatch, i))))
            words[i] = "";
    free(job->owned);
    job->sbatch = job->owned = words;
    snprintf(names, sizeof names, "@%s/tasks/recordings", folder);
    return list ? batch_add(list, names, e) : 0;
}

void batch_job_release(struct batch_job *job)
{
    json_decref(job->json);
    free(job->owned);
}

/* ---- lists and the script ---- */

/* A list has a name a line, and leaves out blanks around it and lines that begin with #. */
static bool fits_list(const char *name)
{
    const size_t n = strlen(name);

    return n > 0 && *name != '#' && !strchr(" \t\r", *name) && !strchr(" \t\r", name[n - 1]) && !strchr(name, '\n');
}

static bool is_to_do(const struct batch *b, size_t i) { return !b->done[i] && !b->failed[i]; }

static int write_list(const struct batch *b, const char *path, bool all, struct kymo_err *e)
{
    struct kymo_output *const out = kymo_output_open(path, e);
    int rc = out ? 0 : e->cause[0].code;

    for (size_t i = 0; rc == 0 && i < b->list.n; i++) {
        if (!fits_list(b->list.name[i]))
            rc = kymo_fail(e, KYMO_EUSAGE, "\"%.100s\" cannot stand in a list", b->list.name[i]);
        else if (all || is_to_do(b, i))
            rc = kymo_putf(out, e, "%s\n", b->list.name[i]);
    }
    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_output_destroy(out);
    return rc;
}

/* A name that no other list, or other cut of it, has. */
static void name_list(const struct batch *b, const struct batch_job *job, char *path, size_t cap)
{
    XXH64_hash_t h = XXH64(&job->chunk, sizeof job->chunk, 0);

    for (size_t i = 0; i < b->list.n; i++)
        if (is_to_do(b, i))
            h = XXH64(b->list.name[i], strlen(b->list.name[i]) + 1, h);
    snprintf(path, cap, "%s/tasks/list.%016llx", b->state.folder, (unsigned long long)h);
}

static void remove_lists(const struct batch *b)
{
    char pattern[4200];
    glob_t found = {0};

    snprintf(pattern, sizeof pattern, "%s/tasks/list.*", b->state.folder);
    if (glob(pattern, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            remove(found.gl_pathv[i]);
    globfree(&found);
}

/* A word for the shell, whatever is in it. */
static int put_quoted(struct kymo_output *out, const char *word, struct kymo_err *e)
{
    int rc = kymo_put_text(out, "'", e);

    for (; rc == 0 && *word; word++)
        rc = *word == '\'' ? kymo_put_text(out, "'\\''", e) : kymo_put(out, word, 1, e);
    return rc < 0 ? rc : kymo_put_text(out, "'", e);
}

static int put_slurm(struct kymo_output *out, const struct batch *b, const struct batch_job *job, const char *here,
                     struct kymo_err *e)
{
    const bool is_absolute = b->state.folder[0] == '/';
    int rc = kymo_putf(out, e, "#SBATCH --job-name=kymo-batch\n#SBATCH --array=1-%zu\n", job->n_tasks);

    if (rc == 0)
        rc = kymo_putf(out, e, "#SBATCH --output=\"%s%s%s/tasks/%%a.log\"\n", is_absolute ? "" : here, is_absolute ? "" : "/",
                       b->state.folder);
    if (rc == 0 && job->jobs > 0)
        rc = kymo_putf(out, e, "#SBATCH --cpus-per-task=%lld\n", (long long)job->jobs);
    for (size_t i = 0; rc == 0 && i < job->n_sbatch; i++)
        rc = kymo_putf(out, e, "#SBATCH %s\n", job->sbatch[i]);
    return rc;
}

/* Without a number the script hands itself to GNU parallel, with each. */
static int put_parallel(struct kymo_output *out, const struct batch_job *job, struct kymo_err *e)
{
    return kymo_putf(out, e, "# Options of parallel: in the environment, PARALLEL='-j 4'.\n"
                             "[ $# -gt 0 ] || { seq %zu | parallel sh \"$0\"; exit; }\n", job->n_tasks);
}

static int put_script(struct kymo_output *out, const struct batch *b, const struct batch_job *job, enum batch_script script,
                      const char *list, struct kymo_err *e)
{
    char here[PATH_MAX], jobs[32] = "1";
    size_t i;
    json_t *word;
    int rc;

    if (!getcwd(here, sizeof here))
        return kymo_fail(e, KYMO_EIO, "this folder: %s", strerror(errno));
    if (job->jobs > 0)
        snprintf(jobs, sizeof jobs, "%lld", (long long)job->jobs);
    else if (script == BATCH_SLURM)
        snprintf(jobs, sizeof jobs, "\"${SLURM_CPUS_PER_TASK:-1}\"");
    rc = kymo_putf(out, e, "#!/bin/sh\n# Made by kymo batch %s: task N of %zu, at most %zu recordings in each.\n", KYMO_VERSION,
                   job->n_tasks, job->chunk);
    if (rc == 0)
        rc = script == BATCH_SLURM ? put_slurm(out, b, job, here, e) : put_parallel(out, job, e);
    if ((rc = rc < 0 ? rc : kymo_put_text(out, "cd ", e)) < 0 || (rc = put_quoted(out, here, e)) < 0 ||
        (rc = kymo_put_text(out, " || exit\nexec ", e)) < 0 || (rc = put_quoted(out, b->self, e)) < 0 ||
        (rc = kymo_putf(out, e, " batch -j %s --chunk %zu --task \"%s\" -d ", jobs, job->chunk,
                        script == BATCH_SLURM ? "${SLURM_ARRAY_TASK_ID:-$1}" : "$1")) < 0 ||
        (rc = put_quoted(out, b->state.folder, e)) < 0 || (rc = kymo_put_text(out, " -- \\\n   ", e)) < 0)
        return rc;
    json_array_foreach(b->state.command, i, word)
        if ((rc = kymo_put_text(out, " ", e)) < 0 || (rc = put_quoted(out, json_string_value(word), e)) < 0)
            return rc;
    return (rc = kymo_put_text(out, " ::: @", e)) < 0 || (rc = put_quoted(out, list, e)) < 0 ? rc : kymo_put_text(out, "\n", e);
}

int batch_job_write(struct batch *b, struct batch_job *job, enum batch_script script, char *path, size_t cap,
                    struct kymo_err *e)
{
    char list[4200], all[4200];
    size_t n = 0;
    int rc;

    for (size_t i = 0; i < b->list.n; i++)
        n += is_to_do(b, i);
    if (job->chunk == 0)
        job->chunk = (n + TASKS_UNLESS_TOLD - 1) / TASKS_UNLESS_TOLD;
    job->n_tasks = (n + job->chunk - 1) / job->chunk;
    job->id = 0;
    remove_lists(b);
    name_list(b, job, list, sizeof list);
    snprintf(all, sizeof all, "%s/tasks/recordings", b->state.folder);
    snprintf(path, cap, "%s/tasks/%s.sh", b->state.folder, script == BATCH_PARALLEL ? "parallel" : "slurm");
    if ((rc = write_list(b, all, true, e)) < 0 || (rc = write_list(b, list, false, e)) < 0 || (rc = make_json(b, job, e)) < 0 ||
        (rc = write_json(job, b->state.folder, e)) < 0)
        return rc;
    struct kymo_output *const out = kymo_output_open(path, e);
    rc = out ? put_script(out, b, job, script, list, e) : e->cause[0].code;
    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_output_destroy(out);
    return rc;
}

/* ---- Slurm ---- */

int batch_job_set(struct batch_job *job, const char *folder, int64_t id, struct kymo_err *e)
{
    job->id = id;
    return kymo_json_put(job->json, "id", json_integer((json_int_t)id)) ? write_json(job, folder, e) : fail_job(e);
}

int batch_job_submit(struct batch *b, struct batch_job *job, const char *path, struct kymo_err *e)
{
    const char *const word[] = {"sbatch", "--parsable", path, NULL};
    char *text = NULL;
    long long id = 0;
    int rc = ask(word, &text, e);

    for (const char *line = text; rc == 0 && line && id == 0; line = (line = strchr(line, '\n')) ? line + 1 : NULL)
        if (sscanf(line, "%lld", &id) != 1)
            id = 0;
    if (rc == 0 && id <= 0)
        rc = kymo_fail(e, KYMO_EIO, "sbatch tells no job: %.200s", text);
    free(text);
    return rc < 0 ? rc : batch_job_set(job, b->state.folder, id, e);
}

int batch_job_tasks(const struct batch_job *job, size_t *running, size_t *waiting, struct kymo_err *e)
{
    char user[32], state[32], *text = NULL;
    const char *const word[] = {"squeue", "--noheader", "--array", "--format=%F %T", user, NULL};
    long long id;

    *running = *waiting = 0;
    if (job->id == 0)
        return 0;
    snprintf(user, sizeof user, "--user=%lld", (long long)getuid());
    const int rc = ask(word, &text, e);
    for (const char *line = text; rc == 0 && line; line = (line = strchr(line, '\n')) ? line + 1 : NULL)
        if (sscanf(line, "%lld %31s", &id, state) == 2 && id == job->id)
            ++*(strcmp(state, "PENDING") == 0 ? waiting : running);
    free(text);
    return rc;
}

/* Lines that tasks have written: recordings that came to an end. */
static size_t count_ended(const struct batch *b)
{
    char pattern[4200];
    glob_t found = {0};
    size_t n = 0;

    snprintf(pattern, sizeof pattern, "%s/tasks/*.jsonl", b->state.folder);
    if (glob(pattern, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++) {
            FILE *const f = fopen(found.gl_pathv[i], "r");
            for (int c; f && (c = getc(f)) != EOF;)
                n += c == '\n';
            if (f)
                fclose(f);
        }
    globfree(&found);
    return n;
}

int batch_job_wait(struct batch *b, const struct batch_job *job, struct kymo_err *e)
{
    size_t running = 1, waiting = 0, refused = 0;
    int64_t pause_ns = 100000000;
    sigset_t stop = b->waited;
    int rc = 0;

    sigdelset(&stop, SIGCHLD);   /* of squeue */
    while (rc == 0 && running + waiting > 0) {
        struct kymo_err why = {0};
        const struct timespec pause = {.tv_sec = pause_ns / 1000000000, .tv_nsec = pause_ns % 1000000000};
        const int signal = sigtimedwait(&stop, NULL, &pause);
        if (signal > 0)
            return kymo_fail(e, KYMO_EIO, "stopped by signal %d: Slurm job %lld goes on, and kymo batch --collect -d %s waits "
                             "for it", signal, (long long)job->id, b->state.folder);
        pause_ns = pause_ns * 3 / 2 < LONGEST_PAUSE_NS ? pause_ns * 3 / 2 : LONGEST_PAUSE_NS;
        if (batch_job_tasks(job, &running, &waiting, &why) == 0) {
            refused = 0;
        } else if (++refused < MOST_REFUSALS) {
            running = 1;          /* a controller that does not answer says nothing about the job */
        } else {
            *e = why;
            rc = kymo_during(e, "Slurm job %lld cannot be watched", (long long)job->id);
        }
        if (b->show)
            kymo_progress_show(&b->progress, b->n_kept + count_ended(b), 0, false);
    }
    if (b->progress.shown)
        kymo_progress_show(&b->progress, b->n_kept + count_ended(b), 0, true);
    return rc;
}
