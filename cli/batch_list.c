/* cli/batch_list.c - kymo batch: which recordings operands stand for. */
#include "cli/batch.h"

#include "lib/grow.h"
#include "lib/input.h"
#include "lib/remote.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LONGEST_LINE 4096

static int add_name(struct batch_list *list, const char *name, size_t n, struct kymo_err *e)
{
    char **const all = kymo_grown(list->name, list->n, &list->cap, sizeof *all);

    if (!all)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu recordings", list->n + 1);
    list->name = all;
    list->name[list->n] = strndup(name, n);
    return list->name[list->n] ? (list->n++, 0) : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu recordings", list->n);
}

/* A line each; in FOLDER where that is given (n bytes of it, with its slash). */
static int add_lines(struct batch_list *list, const char *path, const char *folder, size_t n_folder, struct kymo_err *e)
{
    struct kymo_input *const in = kymo_input_open(path, e);
    const char *line;
    char name[2 * LONGEST_LINE];
    size_t n;
    int rc = in ? 1 : e->cause[0].code;

    while (rc > 0 && (rc = kymo_line(in, LONGEST_LINE, &line, &n, e)) > 0) {
        n = kymo_trim(&line, n);
        if (n == 0 || *line == '#')
            continue;
        const int length = snprintf(name, sizeof name, "%.*s%.*s", (int)n_folder, folder, (int)n, line);
        const bool fits = length > 0 && (size_t)length < sizeof name && name[length - 1] != '/';
        const int put = fits ? add_name(list, name, (size_t)length, e)
                             : kymo_fail_at(e, KYMO_EDATA, path, -1, "no recording: %.60s", name);
        rc = put < 0 ? put : rc;
    }
    kymo_input_close(in);
    return rc;
}

static bool holds_recording(const char *name)
{
    const char *const dot = strrchr(name, '.');
    static const char *const endings[] = {".hea", ".edf", ".bdf", ".h5", ".hdf5", ".csv", ".kymo"};

    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        if (kymo_same_text(dot, endings[i]))
            return true;
    return false;
}

int batch_by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static int add_folder(struct batch_list *list, const char *path, struct kymo_err *e)
{
    char name[LONGEST_LINE];
    const size_t first = list->n, n_path = strlen(path);
    const char *const slash = n_path > 0 && path[n_path - 1] == '/' ? "" : "/";
    struct stat st;
    int rc = 0;

    const int n = snprintf(name, sizeof name, "%s%sRECORDS", path, slash);
    if (n > 0 && (size_t)n < sizeof name && stat(name, &st) == 0)
        return add_lines(list, name, name, (size_t)n - strlen("RECORDS"), e);
    DIR *const dir = opendir(path);
    if (!dir)
        return kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
    for (const struct dirent *d; rc == 0 && (d = readdir(dir));) {
        if (d->d_name[0] == '.' || !holds_recording(d->d_name))
            continue;
        const int length = snprintf(name, sizeof name, "%s%s%s", path, slash, d->d_name);
        if (length > 0 && (size_t)length < sizeof name)
            rc = add_name(list, name, (size_t)length - (strcmp(strrchr(name, '.'), ".hea") == 0 ? 4 : 0), e);
    }
    closedir(dir);
    qsort(list->name + first, list->n - first, sizeof *list->name, batch_by_name);
    return rc == 0 && list->n == first ? kymo_fail_at(e, KYMO_EDATA, path, -1, "no recordings in this folder") : rc;
}

static int add_pattern(struct batch_list *list, const char *pattern, struct kymo_err *e)
{
    glob_t found = {0};
    int rc = 0;

    if (glob(pattern, 0, NULL, &found) != 0)
        rc = kymo_fail_at(e, KYMO_EIO, pattern, -1, "no such file, and as a pattern it fits none");

    for (size_t i = 0; rc == 0 && i < found.gl_pathc; i++)
        rc = add_name(list, found.gl_pathv[i], strlen(found.gl_pathv[i]), e);
    globfree(&found);
    return rc;
}

int batch_add(struct batch_list *list, const char *operand, struct kymo_err *e)
{
    const char *const slash = strrchr(operand, '/'), *const last = slash ? slash + 1 : operand;
    struct stat st;

    if (*operand == '@')
        return add_lines(list, operand + 1, "", 0, e);
    if (stat(operand, &st) == 0 && S_ISDIR(st.st_mode))
        return add_folder(list, operand, e);
    if (strcmp(last, "RECORDS") == 0)
        return add_lines(list, operand, operand, (size_t)(last - operand), e);
    if (strpbrk(operand, "*?[") && !kymo_is_remote(operand) && stat(operand, &st) != 0)
        return add_pattern(list, operand, e);
    return add_name(list, operand, strlen(operand), e);
}

int batch_list_cut(struct batch_list *list, int64_t n, size_t chunk, struct kymo_err *e)
{
    const size_t n_tasks = (list->n + chunk - 1) / chunk;

    if (n < 1 || (uint64_t)n > n_tasks)
        return kymo_fail(e, KYMO_EUSAGE, "--task %lld is not 1..%zu: %zu recordings, %zu for each", (long long)n, n_tasks,
                         list->n, chunk);
    const size_t from = ((size_t)n - 1) * chunk, left = list->n - from, kept = left < chunk ? left : chunk;
    for (size_t i = 0; i < list->n; i++)
        if (i < from || i >= from + kept)
            free(list->name[i]);
    memmove(list->name, list->name + from, kept * sizeof *list->name);
    list->n = kept;
    return 0;
}

void batch_list_release(struct batch_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->name[i]);
    free(list->name);
}
