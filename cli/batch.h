/* cli/batch.h - what the files of kymo batch share: a command run for each of many recordings, and what is remembered of it. */
#ifndef KYMO_CLI_BATCH_H
#define KYMO_CLI_BATCH_H

#include "lib/command.h"
#include "lib/digest.h"
#include "lib/files.h"
#include "lib/progress.h"

#include <limits.h>
#include <signal.h>

#define BATCH_MOST_JOBS 1024
#define BATCH_REASON 400          /* bytes of a text why something failed */

/* ---- recordings ---- */

struct batch_list {
    char **name;                  /* as a person would name them to a command */
    size_t n, cap;
};

/* What an operand stands for: a recording, @FILE with one a line, a folder (by its RECORDS file, else by the endings of files
 * that hold recordings), a RECORDS file, or a pattern (*.edf). Appends to *list. Returns 0 or a negative code. */
int batch_add(struct batch_list *list, const char *operand, struct kymo_err *e);
void batch_list_release(struct batch_list *list);
int batch_by_name(const void *a, const void *b);   /* for qsort of names */

/* The n-th part, from 1, of as many names as chunk; the others go. KYMO_EUSAGE where there is none. */
int batch_list_cut(struct batch_list *list, int64_t n, size_t chunk, struct kymo_err *e);

/* ---- what is remembered ---- */

/* Who works in a folder: one batch alone; one that waits for a job; a task of a job, beside others; who only looks. */
enum batch_role { BATCH_ALONE, BATCH_WAIT, BATCH_TASK, BATCH_LOOK };

struct batch_entry {
    char *of, *line;              /* recording; line of a manifest */
    size_t number;                /* as they were read */
    bool of_task;                 /* from tasks/, not from manifest.jsonl */
};

/* The folder of a batch: manifest.jsonl, a line for each run of a recording; parts/, the tables they gave; lock; tasks/, what
 * those who work at the same time remember. */
struct batch_state {
    char *folder;
    bool temporary;               /* gone with the batch */
    enum batch_role role;
    int lock, task_lock;
    int64_t task;                 /* 0: none */
    json_t *command;              /* array of words */
    struct batch_entry *entry;    /* of all manifests, sorted by recording */
    size_t n;
};

/* path NULL: a temporary one. command: array of words, which it takes over. task: of BATCH_TASK, from 1. Refuses a folder in
 * which another works: a task is refused by a batch and by the same task, a batch by any. */
int batch_state_open(struct batch_state *s, const char *path, json_t *command, enum batch_role role, int64_t task,
                     struct kymo_err *e);
void batch_state_close(struct batch_state *s);

/* Lets tasks work in the folder, but no other batch; and takes it back when they have ended. */
int batch_state_share(struct batch_state *s, struct kymo_err *e);
int batch_state_retake(struct batch_state *s, struct kymo_err *e);

/* Reads the manifests anew; what tasks remembered moves to manifest.jsonl where nobody else works here. */
int batch_state_read(struct batch_state *s, struct kymo_err *e);

/* Where the table of a recording is kept; text[cap]. ending: "csv", "tmp", "err". */
void batch_part(const struct batch_state *s, const char *record, const char *ending, char *text, size_t cap);

/* Whether a manifest has this recording done with the same inputs, words and version, and its table is there. */
bool batch_is_done(const struct batch_state *s, const char *record);

/* Why it failed, as the last line of it that failed says; of_task: only lines of tasks. text[cap]; false: none says so. */
bool batch_failure(const struct batch_state *s, const char *record, bool of_task, char *text, size_t cap);

/* The line of the run that made the table of a recording, or NULL: of those that came to an end, the one whose table is
 * there, else the last. A new reference. */
json_t *batch_made(const struct batch_state *s, const char *record);

/* How a run ended. */
struct batch_run {
    const char *record, *error;   /* error: NULL, or why it failed */
    int status;                   /* exit status, or minus the signal */
    double seconds, cpu_s;
    int64_t memory_kb;
    size_t warnings;
};

/* Appends a line; inputs stays the caller's. Returns 0 or a negative code. */
int batch_remember(struct batch_state *s, const struct batch_run *run, json_t *inputs, struct kymo_err *e);

/* ---- the work ---- */

struct batch_worker;

struct batch {
    const struct kymo_call *call;
    struct batch_list list;
    struct batch_state state;
    char self[PATH_MAX];          /* this program */
    bool *done, *failed;          /* [list.n] */
    struct batch_worker *worker;
    size_t n_jobs, next, n_running, n_kept, n_finished, n_failed, n_warned;
    sigset_t waited, before;      /* signals that are waited for; the mask that was before */
    bool show;                    /* progress, on the terminal */
    bool as_it_is;                /* the command: no recording goes into its words */
    struct kymo_progress progress;
};

/* Finds this program, and how many workers: jobs, or 0 for as many as there are processors. */
void batch_begin(struct batch *b, int64_t jobs);

/* Runs the command for all recordings that are not done. Returns 0 also where some failed, or a negative code. */
int batch_run_all(struct batch *b, struct kymo_err *e);

/* Says what went wrong with a recording; the others go on. */
void batch_complain(struct batch *b, const struct kymo_err *why);

/* From here SIGINT, SIGTERM, SIGHUP and SIGCHLD are waited for (b->waited); and as it was before. */
void batch_block_signals(struct batch *b);
void batch_free_signals(const struct batch *b);

/* ---- jobs of a cluster ---- */

enum batch_script { BATCH_NO_SCRIPT, BATCH_SLURM, BATCH_PARALLEL };

/* What was handed over, in tasks/job.json. */
struct batch_job {
    const char *output;           /* NULL: standard output */
    const char *const *sbatch;    /* options of sbatch */
    size_t n_sbatch, chunk, n_tasks;
    int64_t id, jobs;             /* of Slurm, 0: not submitted; -j of each task, 0: as many as Slurm gives it processors */
    json_t *json;
    const char **owned;           /* memory of sbatch where it was read */
};

/* Reads tasks/job.json of a folder; KYMO_EDATA where it has none, or was written elsewhere. Its texts last as long as json. */
int batch_job_load(struct batch_job *job, struct batch_list *list, const char *folder, struct kymo_err *e);
void batch_job_release(struct batch_job *job);

/* Writes list and script of what is not done, and job.json; path[cap] is the script. job->chunk 0: a hundred tasks. */
int batch_job_write(struct batch *b, struct batch_job *job, enum batch_script script, char *path, size_t cap,
                    struct kymo_err *e);
int batch_job_set(struct batch_job *job, const char *folder, int64_t id, struct kymo_err *e);   /* 0: it is over */
int batch_job_submit(struct batch *b, struct batch_job *job, const char *path, struct kymo_err *e);

/* How many of its tasks run, and wait to run; both 0: it is over. */
int batch_job_tasks(const struct batch_job *job, size_t *running, size_t *waiting, struct kymo_err *e);

/* Until it is over, or a signal says stop. */
int batch_job_wait(struct batch *b, const struct batch_job *job, struct kymo_err *e);

/* ---- the table ---- */

/* The parts of all recordings of list that are done, in its order, as one table with a column of recordings in front. */
int batch_put_table(const struct batch_state *s, const struct batch_list *list, const bool *done, struct kymo_output *out,
                    struct kymo_err *e);

#endif
