/* cli/fetch_list.c - kymo fetch: which files a database has. */
#include "cli/fetch.h"

#include "formats/wfdb_header.h"
#include "lib/grow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a list of files"); }

static bool ends_in(const char *name, const char *ending)
{
    const size_t n = strlen(name), n_ending = strlen(ending);

    return n >= n_ending && strcmp(name + n - n_ending, ending) == 0;
}

int fetch_list_add(struct fetch_list *list, const char *name, const char *sha256, bool guessed, struct kymo_err *e)
{
    struct fetch_file *const all = kymo_grown(list->file, list->n, &list->cap, sizeof *all);

    if (!all)
        return out_of_memory(e);
    list->file = all;
    struct fetch_file *const f = &list->file[list->n];
    *f = (struct fetch_file){.name = strdup(name), .guessed = guessed};
    if (!f->name)
        return out_of_memory(e);
    snprintf(f->sha256, sizeof f->sha256, "%s", sha256);
    list->n++;
    return 0;
}

int fetch_list_sums(struct fetch_list *list, const char *path, struct kymo_err *e)
{
    struct kymo_input *const in = kymo_input_open(path, e);
    struct kymo_sum sum;
    int64_t line = 0;
    int rc = in ? 1 : e->cause[0].code;

    while (rc > 0 && (rc = kymo_sums_next(in, &line, &sum, e)) > 0) {
        const int added = fetch_list_add(list, sum.name, sum.sha256, false, e);
        rc = added < 0 ? added : rc;
    }
    kymo_input_close(in);
    return rc;
}

int fetch_list_annotators(struct fetch_list *list, const char *path, struct kymo_err *e)
{
    struct kymo_input *const in = kymo_input_open(path, e);
    const char *line;
    size_t n;
    int rc = in ? 1 : e->cause[0].code;

    while (rc > 0 && (rc = kymo_line(in, 4096, &line, &n, e)) > 0) {
        n = kymo_trim(&line, n);
        const char *const tab = memchr(line, '\t', n), *const blank = memchr(line, ' ', n);
        n = tab ? (size_t)(tab - line) : n;
        n = blank && (size_t)(blank - line) < n ? (size_t)(blank - line) : n;
        if (!kymo_is_safe_path(line, n) || memchr(line, '/', n))
            continue;
        char **const all = realloc(list->annotator, (list->n_annotators + 1) * sizeof *all);
        if (all)
            list->annotator = all;
        if (!all || !(all[list->n_annotators] = strndup(line, n)))
            rc = out_of_memory(e);
        else
            list->n_annotators++;
    }
    kymo_input_close(in);
    return rc;
}

/* NAME + ENDING in the folder of FILE, unless it is listed already. */
static int add_beside(struct fetch_list *list, const char *file, const char *name, const char *ending, bool guessed,
                      struct kymo_err *e)
{
    const char *const slash = strrchr(file, '/');
    char *whole = NULL;
    bool known = false;
    int rc = 0;

    if (asprintf(&whole, "%.*s%s%s", slash ? (int)(slash - file + 1) : 0, file, name, ending) < 0)
        return out_of_memory(e);
    for (size_t i = 0; i < list->n && !known; i++)
        known = strcmp(list->file[i].name, whole) == 0;
    if (!known)
        rc = fetch_list_add(list, whole, "", guessed, e);
    free(whole);
    return rc;
}

/* A record, by its name or by that of its one file, or a folder. */
static int add_records(struct fetch_list *list, size_t i, const char *path, struct kymo_err *e)
{
    struct kymo_input *const in = kymo_input_open(path, e);
    struct kymo_sum entry;
    int64_t line = 0;
    int rc = in ? 1 : e->cause[0].code;

    while (rc > 0 && (rc = kymo_names_next(in, &line, &entry, e)) > 0) {
        const char *const ending = ends_in(entry.name, "/") ? "RECORDS" : kymo_format_for(entry.name) ? "" : ".hea";
        const int added = add_beside(list, list->file[i].name, entry.name, ending, false, e);
        rc = added < 0 ? added : rc;
    }
    kymo_input_close(in);
    return rc;
}

static int add_named(struct fetch_list *list, size_t i, const char *path, const char *name, const char *ending,
                     struct kymo_err *e)
{
    if (strcmp(name, "~") == 0 || strcmp(name, "-") == 0)   /* a gap; no file */
        return 0;
    if (!kymo_is_safe_path(name, strlen(name)))
        return kymo_fail_at(e, KYMO_EFORMAT, path, -1, "\"%.60s\" is no path within a folder", name);
    return add_beside(list, list->file[i].name, name, ending, false, e);
}

static int add_of_header(struct fetch_list *list, size_t i, const char *path, const struct kymo_log *log, struct kymo_err *e)
{
    struct kymo_input *const in = kymo_input_open(path, e);
    struct kymo_header h;
    struct wfdb_header w = {0};
    const int n = (int)strlen(list->file[i].name) - (int)strlen(".hea");
    char *stem = NULL;

    kymo_header_init(&h);
    int rc = in ? wfdb_header_read(in, &h, &w, log, e) : e->cause[0].code;
    for (size_t k = 0; rc == 0 && w.n_segments == 0 && k < h.n_signals; k++)
        rc = add_named(list, i, path, w.signal[k].file, "", e);
    for (size_t k = 0; rc == 0 && k < w.n_segments; k++)
        rc = add_named(list, i, path, w.segment[k].name, ".hea", e);
    for (size_t k = 0; rc == 0 && k < list->n_annotators; k++) {
        if (asprintf(&stem, "%.*s.%s", n, list->file[i].name, list->annotator[k]) < 0)
            rc = out_of_memory(e);
        else
            rc = fetch_list_add(list, stem, "", true, e);
        free(stem);
    }
    wfdb_header_release(&w);
    kymo_header_release(&h);
    kymo_input_close(in);
    return rc;
}

int fetch_list_more(struct fetch_list *list, size_t i, const char *path, const struct kymo_log *log, struct kymo_err *e)
{
    const char *const name = list->file[i].name, *const slash = strrchr(name, '/');

    if (strcmp(slash ? slash + 1 : name, "RECORDS") == 0)
        return add_records(list, i, path, e);
    return ends_in(name, ".hea") ? add_of_header(list, i, path, log, e) : 0;
}

void fetch_list_release(struct fetch_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->file[i].name);
    for (size_t i = 0; i < list->n_annotators; i++)
        free(list->annotator[i]);
    free(list->file);
    free(list->annotator);
}
