/* cli/fetch.c - kymo fetch: a database into a folder, each file with the sum that the database says; and whether a folder is so.
 *
 * SHA256SUMS.txt tells the files and their sums. Where there is none, RECORDS tells the records, and their headers the files. */
#include "cli/fetch.h"

#include "lib/progress.h"
#include "lib/remote.h"
#include "lib/transfer.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUMS "SHA256SUMS.txt"

struct args {
    const char *folder;
    struct kymo_strings only;
    bool verify, progress;
    int form;
};

static const struct kymo_opt options[] = {
    KYMO_OPT_STRING('o', "output", struct args, folder, "FOLDER", NULL, "folder for the files, instead of one named for DB"),
    KYMO_OPT_STRINGS('\0', "only", struct args, only, "PATTERN",
                     "only files or records whose name fits (10?, x/*); may be given again"),
    KYMO_OPT_FLAG('\0', "verify", struct args, verify, "fetch nothing: check the files of a folder by its SHA256SUMS.txt"),
    KYMO_OPT_FLAG('\0', "progress", struct args, progress, "tell how far it is, on the terminal"),
    KYMO_OPT_CHOICE('O', "output-format", struct args, form, "csv|tsv|jsonl|json|text", "csv", "form of the table"),
    KYMO_OPT_LAST
};

static const struct kymo_column columns[] = {{"file", 0}, {"bytes", 0}, {"sha256", 0}, {"state", 0}};

struct fetch {
    const struct kymo_call *call;
    const struct args *args;
    char *base, *folder;          /* URL, with "/" at its end; NULL to verify */
    char *sums;                   /* name of the list of sums, for messages */
    bool by_sums;
    struct fetch_list list;
    struct kymo_transfer *transfer;
    struct kymo_table *table;
    size_t n_done, n_failed;
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a list of files"); }

/* A list that leads to more files, where no sums do. */
static bool is_list(const struct fetch *f, const char *name)
{
    const char *const slash = strrchr(name, '/');

    return !f->by_sums && !f->args->verify && strcmp(slash ? slash + 1 : name, "RECORDS") == 0;
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

/* Returns as kymo_transfer_get. */
static int get_file(struct fetch *f, const char *name, const char *sha256, const char *path, bool renewed, struct kymo_err *e)
{
    const size_t cap = strlen(f->base) + 3 * strlen(name) + 1, n = strlen(f->base);
    char *const url = malloc(cap);

    if (!url)
        return out_of_memory(e);
    memcpy(url, f->base, n);
    kymo_escape(name, "?#", url + n, cap - n);
    const struct kymo_wanted w = {.url = url, .path = path, .sha256 = *sha256 ? sha256 : NULL, .sums = f->sums,
                                  .renewed = renewed};
    int rc = kymo_transfer_get(f->transfer, &w, e);
    free(url);
    return rc;
}

/* sha256 "": it is found out. */
static int put_row(struct fetch *f, const char *name, const char *path, char sha256[KYMO_SHA256_TEXT], const char *state,
                   struct kymo_err *e)
{
    struct kymo_err ignored = {0};
    struct stat st;
    const bool there = stat(path, &st) == 0 && (*sha256 || kymo_sha256_file(path, sha256, &ignored) == 0);

    kymo_cell_text(f->table, name);
    if (there)
        kymo_cell_int(f->table, st.st_size);
    else
        kymo_cell_none(f->table);
    kymo_cell_text(f->table, there ? sha256 : NULL);
    kymo_cell_text(f->table, state);
    return kymo_row_end(f->table, e);
}

static void complain(struct fetch *f, const struct kymo_err *why)
{
    f->n_failed++;
    f->call->report(f->call, why);
}

/* Returns 1, 0 where there is no way to the server any more, or < 0. */
static int fetch_file(struct fetch *f, size_t i, const char *path, struct kymo_err *e)
{
    struct fetch_file file = f->list.file[i];   /* a copy: the list may grow */
    struct kymo_err why = {0};
    const int got = get_file(f, file.name, file.sha256, path, is_list(f, file.name), &why);

    if (got == KYMO_NOT_THERE && file.guessed)
        return 1;
    if (got == KYMO_NOT_THERE)
        kymo_fail_at(&why, KYMO_EIO, f->base, -1, "the server has no %s", file.name);
    if (got > 0 && !f->by_sums && fetch_list_more(&f->list, i, path, &f->call->log, &why) < 0)
        kymo_during(&why, "what belongs to %s is not known", file.name);
    if (why.n)
        complain(f, &why);
    const char *const state = got == KYMO_FETCHED ? "fetched" : got == KYMO_KEPT ? "kept" : got == KYMO_NOT_THERE ? "missing"
                              : got == KYMO_EDATA ? "wrong" : "failed";
    if (got <= 0)
        *file.sha256 = '\0';
    const int rc = put_row(f, file.name, path, file.sha256, state, e);
    return rc < 0 ? rc : got != KYMO_ENET || !kymo_transfer_is_cut_off(f->transfer);
}

static int verify_file(struct fetch *f, size_t i, const char *path, struct kymo_err *e)
{
    const struct fetch_file *const file = &f->list.file[i];
    char sha256[KYMO_SHA256_TEXT] = "";
    struct kymo_err why = {0};

    if (kymo_sha256_file(path, sha256, &why) == 0 && strcmp(sha256, file->sha256) != 0)
        kymo_fail_at(&why, KYMO_EDATA, path, -1, "sha256 %s, which %s says is %s", sha256, f->sums, file->sha256);
    if (why.n)
        complain(f, &why);
    const int rc = put_row(f, file->name, path, sha256, !*sha256 ? "missing" : why.n ? "wrong" : "right", e);
    return rc < 0 ? rc : 1;
}

/* ---- all of them ---- */

/* Nobody answers any more, after file number n. */
static void tell_rest(struct fetch *f, size_t n)
{
    struct kymo_err why = {0};
    size_t left = 0;

    for (; n < f->list.n; n++)
        left += is_wanted(f, f->list.file[n].name);
    if (left == 0)
        return;
    kymo_fail(&why, KYMO_ENET, "%zu more files were not tried; the same command goes on from here", left);
    complain(f, &why);
}

static int do_all(struct fetch *f, struct kymo_err *e)
{
    struct kymo_progress progress = {.what = "files"};
    size_t i;
    int rc = 1;

    for (i = 0; rc > 0 && i < f->list.n; i++) {
        char *path = NULL;
        if (!is_wanted(f, f->list.file[i].name))
            continue;
        if (asprintf(&path, "%s/%s", f->folder, f->list.file[i].name) < 0)
            return out_of_memory(e);
        rc = f->args->verify ? verify_file(f, i, path, e) : fetch_file(f, i, path, e);
        free(path);
        f->n_done += !is_list(f, f->list.file[i].name);
        progress.total = f->list.n;
        if (f->args->progress)
            kymo_progress_show(&progress, i + 1, f->n_failed, rc <= 0 || i + 1 == f->list.n);
    }
    if (rc > 0 && f->n_done == 0 && f->args->only.n > 0)
        return kymo_fail(e, KYMO_EUSAGE, "no file of the database fits --only %.60s", f->args->only.text[0]);
    if (rc == 0)
        tell_rest(f, i);
    return rc < 0 ? rc : f->n_failed ? KYMO_SOME : 0;
}

/* A list of the database into the folder: the one that it has now. Returns as kymo_transfer_get. */
static int get_list(struct fetch *f, const char *name, char **path, struct kymo_err *e)
{
    if (asprintf(path, "%s/%s", f->folder, name) < 0) {
        *path = NULL;
        return out_of_memory(e);
    }
    return get_file(f, name, "", *path, true, e);
}

static int find_records(struct fetch *f, struct kymo_err *e)
{
    char *path = NULL;
    int rc = get_list(f, "ANNOTATORS", &path, e);

    if (rc > 0)
        rc = fetch_list_annotators(&f->list, path, e);
    free(path);
    if (rc >= 0) {
        rc = get_list(f, "RECORDS", &path, e);
        if (rc == KYMO_NOT_THERE)
            rc = kymo_fail_at(e, KYMO_EIO, f->base, -1, "has neither " SUMS " nor RECORDS: no database?");
        free(path);
    }
    return rc < 0 ? rc : fetch_list_add(&f->list, "RECORDS", "", false, e);
}

static int find_files(struct fetch *f, struct kymo_err *e)
{
    char *path = NULL;
    int rc;

    if (f->args->verify) {
        if (asprintf(&path, "%s/" SUMS, f->folder) < 0)
            return out_of_memory(e);
        rc = 1;
    } else {
        if (!(f->transfer = kymo_transfer_create(e)))
            return e->cause[0].code;
        rc = get_list(f, SUMS, &path, e);
    }
    f->by_sums = rc > 0;
    if (rc > 0)
        rc = fetch_list_sums(&f->list, path, e);
    else if (rc == KYMO_NOT_THERE)
        rc = find_records(f, e);
    free(path);
    return rc;
}

/* ---- where ---- */

/* Of "https://host/files/mitdb/1.0.0/" it is "mitdb": what comes last, but for a version. */
static char *name_of(const char *base)
{
    const char *const host = strstr(base, "://") + 3;
    const char *end = base + strlen(base) - 1, *begin = end;

    while (begin > host && begin[-1] != '/')
        begin--;
    if (*begin >= '0' && *begin <= '9' && begin - 1 > strchr(host, '/'))
        for (end = begin - 1, begin = end; begin[-1] != '/';)
            begin--;
    return strndup(begin, (size_t)(end - begin));
}

static int find_place(struct fetch *f, struct kymo_err *e)
{
    const char *const operand = f->call->operand[0];
    char *with_slash = NULL;

    if (f->args->verify) {
        if (kymo_is_remote(operand) || f->args->folder)
            return kymo_fail(e, KYMO_EUSAGE, "--verify looks at a folder, which is its operand");
        f->folder = strdup(operand);
        f->sums = strdup(SUMS);
        return f->folder && f->sums ? 0 : out_of_memory(e);
    }
    if (!kymo_is_remote(operand))
        return kymo_fail(e, KYMO_EUSAGE, "\"%.100s\" is no database: name a URL, or physionet:DB/VERSION", operand);
    if (asprintf(&with_slash, "%s%s", operand, operand[strlen(operand) - 1] == '/' ? "" : "/") < 0)
        return out_of_memory(e);
    f->base = kymo_remote_url(with_slash, e);
    free(with_slash);
    if (!f->base)
        return e->cause[0].code;
    f->folder = f->args->folder ? strdup(f->args->folder) : name_of(f->base);
    if (!f->folder || asprintf(&f->sums, "%s" SUMS, f->base) < 0)
        return out_of_memory(e);
    return *f->folder ? 0 : kymo_fail(e, KYMO_EUSAGE, "no name for a folder in %.200s: give one with -o", f->base);
}

static int work(struct fetch *f, struct kymo_err *e)
{
    int rc = find_place(f, e);

    if (rc >= 0)
        rc = find_files(f, e);
    if (rc < 0)
        return rc;
    struct kymo_output *const out = kymo_output_open(NULL, e);
    f->table = out ? kymo_table_create(out, (enum kymo_table_form)f->args->form, columns, sizeof columns / sizeof *columns, e)
                   : NULL;
    rc = f->table ? do_all(f, e) : e->cause[0].code;
    if (rc == 0 || rc == KYMO_SOME) {
        const int failed = rc;
        rc = kymo_table_finish(f->table, e);
        if (rc == 0)
            rc = kymo_output_finish(out, e);
        rc = rc == 0 ? failed : rc;
    }
    kymo_table_destroy(f->table);
    kymo_output_destroy(out);
    return rc;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    struct fetch f = {.call = call, .args = call->args};
    const int rc = work(&f, e);

    fetch_list_release(&f.list);
    kymo_transfer_destroy(f.transfer);
    free(f.base);
    free(f.folder);
    free(f.sums);
    return rc;
}

const struct kymo_command kymo_cmd_fetch = {
    .name = "fetch", .about = "a database of recordings into a folder, its sums verified", .operands = "DATABASE",
    .least = 1, .most = 1, .options = options, .args_size = sizeof(struct args), .run = run,
};
