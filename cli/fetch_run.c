/* cli/fetch_run.c - kymo fetch: the files, several at once.
 *
 * A stretch of the list is done at a time, by threads that take the next file each; then rows are printed and lists that came
 * are read, in order. So what comes out, and in which order files are known, is the same for any number of threads. */
#include "cli/fetch.h"

#include "lib/progress.h"

#include <fnmatch.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILES_A_JOB 32            /* in a stretch */

const struct kymo_column fetch_columns[FETCH_COLUMNS] = {{"file", 0}, {"bytes", 0}, {"sha256", 0}, {"state", 0}};

/* A file, and what became of it. */
struct outcome {
    size_t at;                    /* in the list */
    char *path;
    bool tried;
    int got;                      /* as of kymo_transfer_get; to verify KYMO_KEPT: it is as it should be */
    char sha256[KYMO_SHA256_TEXT];   /* "": there is no file */
    struct kymo_err why;
};

/* Those who work on a stretch. */
struct crew {
    struct fetch *f;
    struct outcome *file;
    size_t n;
    pthread_mutex_t lock;         /* of what follows */
    size_t next, done, failed;
    bool cut_off;                 /* nobody answers any more */
    struct kymo_progress progress;
};

struct worker {
    struct crew *crew;
    struct kymo_transfer *transfer;
    pthread_t thread;
};

/* ---- which ---- */

/* A list that leads to more files, where no sums do. */
static bool is_list(const struct fetch *f, const char *name)
{
    const char *const slash = strrchr(name, '/');

    return !f->by_sums && strcmp(slash ? slash + 1 : name, "RECORDS") == 0;
}

static bool is_wanted(const struct fetch *f, const char *name)
{
    char pattern[1100];

    if (is_list(f, name))
        return true;
    for (size_t i = 0; i < f->args->only.n; i++) {
        snprintf(pattern, sizeof pattern, "%s.*", f->args->only.text[i]);   /* all files of a record */
        if (fnmatch(f->args->only.text[i], name, 0) == 0 || fnmatch(pattern, name, 0) == 0)
            return true;
    }
    return f->args->only.n == 0;
}

/* ---- one file ---- */

static void verify_file(const struct fetch *f, struct outcome *o)
{
    const char *const sha256 = f->list.file[o->at].sha256;

    o->got = kymo_sha256_file(o->path, o->sha256, &o->why) < 0 ? KYMO_NOT_THERE : KYMO_KEPT;
    if (o->got == KYMO_KEPT && strcmp(o->sha256, sha256) != 0)
        o->got = kymo_fail_at(&o->why, KYMO_EDATA, o->path, -1, "sha256 %s, which %s says is %s", o->sha256, f->sums, sha256);
}

static void fetch_file(const struct fetch *f, struct kymo_transfer *t, struct outcome *o)
{
    const struct fetch_file *const file = &f->list.file[o->at];
    struct kymo_err ignored = {0};

    o->got = fetch_get(f, t, file->name, file->sha256, o->path, is_list(f, file->name), &o->why);
    if (o->got == KYMO_NOT_THERE && !file->guessed)
        kymo_fail_at(&o->why, KYMO_EIO, f->base, -1, "the server has no %s", file->name);
    if (o->got > 0 && *file->sha256)
        memcpy(o->sha256, file->sha256, sizeof o->sha256);
    else if (o->got > 0)
        kymo_sha256_file(o->path, o->sha256, &ignored);
}

static void *work(void *one)
{
    struct worker *const w = one;
    struct crew *const c = w->crew;

    pthread_mutex_lock(&c->lock);
    while (c->next < c->n && !c->cut_off) {
        struct outcome *const o = &c->file[c->next++];
        pthread_mutex_unlock(&c->lock);
        o->tried = true;
        if (w->transfer)
            fetch_file(c->f, w->transfer, o);
        else
            verify_file(c->f, o);
        pthread_mutex_lock(&c->lock);
        c->cut_off |= o->got == KYMO_ENET && kymo_transfer_is_cut_off(w->transfer);
        c->done++;
        c->failed += o->why.n > 0;
        if (c->f->call->progress)
            kymo_progress_show(&c->progress, c->done, c->failed, false);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* ---- a stretch ---- */

/* A thread that cannot be had leaves its work to the others; this one always works. */
static void do_stretch(struct crew *c)
{
    struct worker worker[FETCH_MOST_JOBS] = {{.crew = c, .transfer = c->f->transfer[0]}};
    size_t n = 0;

    c->next = 0;
    for (size_t i = 1; i < c->f->n_jobs; i++)
        worker[i] = (struct worker){.crew = c, .transfer = c->f->transfer[i]};
    while (n + 1 < c->f->n_jobs && n + 1 < c->n && pthread_create(&worker[n + 1].thread, NULL, work, &worker[n + 1]) == 0)
        n++;
    work(&worker[0]);
    for (; n > 0; n--)
        pthread_join(worker[n].thread, NULL);
}

static const char *state_of(const struct fetch *f, const struct outcome *o)
{
    return o->got == KYMO_FETCHED ? "fetched" : o->got == KYMO_KEPT ? (f->args->verify ? "right" : "kept")
           : o->got == KYMO_NOT_THERE ? "missing" : o->got == KYMO_EDATA ? "wrong" : "failed";
}

static int put_row(const struct fetch *f, const struct outcome *o, struct kymo_table *t, struct kymo_err *e)
{
    struct stat st;

    kymo_cell_text(t, f->list.file[o->at].name);
    if (*o->sha256 && stat(o->path, &st) == 0)
        kymo_cell_int(t, st.st_size);
    else
        kymo_cell_none(t);
    kymo_cell_text(t, *o->sha256 ? o->sha256 : NULL);
    kymo_cell_text(t, state_of(f, o));
    return kymo_row_end(t, e);
}

static int tell_file(struct fetch *f, struct outcome *o, struct kymo_table *t, struct kymo_err *e)
{
    if (o->got == KYMO_NOT_THERE && o->why.n == 0)   /* it was only guessed */
        return 0;
    if (o->got > 0 && !f->by_sums && fetch_list_more(&f->list, o->at, o->path, &f->call->log, &o->why) < 0)
        kymo_during(&o->why, "what belongs to %s is not known", f->list.file[o->at].name);
    if (o->why.n) {
        f->n_failed++;
        f->call->report(f->call, &o->why);
    }
    return put_row(f, o, t, e);
}

/* The next files that are wanted, from *at on, at most so many. */
static int take_files(struct crew *c, size_t most, size_t *at, struct kymo_err *e)
{
    const struct fetch *const f = c->f;

    for (c->n = 0; c->n < most && *at < f->list.n; ++*at) {
        if (!is_wanted(f, f->list.file[*at].name))
            continue;
        struct outcome *const o = &c->file[c->n];
        *o = (struct outcome){.at = *at};
        if (asprintf(&o->path, "%s/%s", f->folder, f->list.file[*at].name) < 0)
            return kymo_fail(e, KYMO_ENOMEM, "no memory for the name of a file");
        c->n++;
    }
    return 0;
}

static void free_files(struct crew *c)
{
    for (size_t i = 0; i < c->n; i++)
        free(c->file[i].path);
    c->n = 0;
}

/* Nobody answers any more: how many were not tried, of the stretch and behind it. */
static void tell_rest(const struct crew *c, size_t at)
{
    struct fetch *const f = c->f;
    struct kymo_err why = {0};
    size_t left = c->n - c->next;

    for (; at < f->list.n; at++)
        left += is_wanted(f, f->list.file[at].name);
    if (left == 0)
        return;
    kymo_fail(&why, KYMO_ENET, "%zu more files were not tried; the same command goes on from here", left);
    f->n_failed++;
    f->call->report(f->call, &why);
}

static int do_all(struct crew *c, struct kymo_table *t, struct kymo_err *e)
{
    struct fetch *const f = c->f;
    size_t at = 0, n_found = 0;
    int rc = 0;

    while (rc == 0 && !c->cut_off && (rc = take_files(c, f->n_jobs * FILES_A_JOB, &at, e)) == 0 && c->n > 0) {
        c->progress.total = f->list.n;
        do_stretch(c);
        for (size_t i = 0; rc == 0 && i < c->n; i++) {
            n_found += !is_list(f, f->list.file[c->file[i].at].name);
            rc = c->file[i].tried ? tell_file(f, &c->file[i], t, e) : 0;
        }
        if (rc == 0 && c->cut_off)
            tell_rest(c, at);
        free_files(c);
    }
    free_files(c);
    if (f->call->progress)
        kymo_progress_show(&c->progress, c->done, c->failed, true);
    if (rc == 0 && n_found == 0 && f->args->only.n > 0 && !c->cut_off)
        return kymo_fail(e, KYMO_EUSAGE, "no file of the database fits --only %.60s", f->args->only.text[0]);
    return rc;
}

int fetch_all(struct fetch *f, struct kymo_table *t, struct kymo_err *e)
{
    struct crew c = {.f = f, .lock = PTHREAD_MUTEX_INITIALIZER, .progress = {.what = "files"}};
    int rc;

    if (!(c.file = calloc(f->n_jobs * FILES_A_JOB, sizeof *c.file)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the files of a database");
    rc = do_all(&c, t, e);
    free(c.file);
    return rc;
}
