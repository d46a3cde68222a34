/* cli/fetch.c - kymo fetch: a database into a folder, each file with the sum that the database's own list has; or whether a
 * folder is so.
 *
 * SHA256SUMS.txt tells files and sums. Where there is none, RECORDS tells the records, and their headers the files. */
#include "cli/fetch.h"

#include "lib/remote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUMS "SHA256SUMS.txt"

static const struct kymo_opt options[] = {
    KYMO_OPT_STRING('o', "output", struct fetch_args, folder, "FOLDER", NULL, "folder for the files, else one called as DB is"),
    KYMO_OPT_STRINGS('\0', "only", struct fetch_args, only, "PATTERN",
                     "only files or records whose name fits (10?, x/*); may be given again"),
    KYMO_OPT_COUNT('j', "jobs", struct fetch_args, jobs, "N", "4", "so many files at once"),
    KYMO_OPT_FLAG('\0', "verify", struct fetch_args, verify,
                  "fetch nothing: check the files of a folder by its SHA256SUMS.txt"),
    KYMO_OPT_CHOICE('O', "output-format", struct fetch_args, form, "csv|tsv|jsonl|json|text", "csv", "form of the table"),
    KYMO_OPT_LAST
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a list of files"); }

int fetch_get(const struct fetch *f, struct kymo_transfer *t, const char *name, const char *sha256, const char *path,
              bool renewed, struct kymo_err *e)
{
    const size_t n = strlen(f->base), cap = n + 3 * strlen(name) + 1;
    char *const url = malloc(cap);

    if (!url)
        return out_of_memory(e);
    memcpy(url, f->base, n);
    kymo_escape(name, "?#", url + n, cap - n);
    const struct kymo_wanted w = {.url = url, .path = path, .sha256 = *sha256 ? sha256 : NULL, .sums = f->sums,
                                  .renewed = renewed};
    const int rc = kymo_transfer_get(t, &w, e);
    free(url);
    return rc;
}

/* ---- which files ---- */

/* A list of the database into the folder: the one that it has now. Returns as kymo_transfer_get. */
static int get_list(struct fetch *f, const char *name, char **path, struct kymo_err *e)
{
    if (asprintf(path, "%s/%s", f->folder, name) < 0) {
        *path = NULL;
        return out_of_memory(e);
    }
    return fetch_get(f, f->transfer[0], name, "", *path, true, e);
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
        for (size_t i = 0; i < f->n_jobs; i++)
            if (!(f->transfer[i] = kymo_transfer_create(e)))
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
    if (kymo_is_digit(*begin) && begin - 1 > strchr(host, '/'))
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

/* of: a pointer to the fetch. */
static int fill(const void *of, struct kymo_table *t, struct kymo_err *e)
{
    struct fetch *const f = *(struct fetch *const *)of;
    const int rc = fetch_all(f, t, e);

    return rc == 0 && f->n_failed > 0 ? KYMO_SOME : rc;
}

static int work(struct fetch *f, struct kymo_err *e)
{
    int rc = find_place(f, e);

    if (rc >= 0)
        rc = find_files(f, e);
    return rc < 0 ? rc : kymo_print_table(NULL, (enum kymo_table_form)f->args->form, fetch_columns, FETCH_COLUMNS, fill, &f, e);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct fetch_args *const args = call->args;
    struct fetch f = {.call = call, .args = args, .n_jobs = (size_t)args->jobs};

    if (args->jobs < 1 || args->jobs > FETCH_MOST_JOBS)
        return kymo_fail(e, KYMO_EUSAGE, "-j %lld is not 1..%d", (long long)args->jobs, FETCH_MOST_JOBS);
    const int rc = work(&f, e);
    fetch_list_release(&f.list);
    for (size_t i = 0; i < f.n_jobs; i++)
        kymo_transfer_destroy(f.transfer[i]);
    free(f.base);
    free(f.folder);
    free(f.sums);
    return rc;
}

const struct kymo_command kymo_cmd_fetch = {
    .name = "fetch", .about = "a database of recordings into a folder, its sums verified", .operands = "DATABASE",
    .least = 1, .most = 1, .options = options, .args_size = sizeof(struct fetch_args), .run = run,
};
