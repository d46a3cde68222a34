/* lib/files.c - see files.h. */
#include "lib/files.h"

#include "lib/digest.h"
#include "lib/reader.h"
#include "lib/remote.h"
#include "lib/text.h"
#include "lib/writer.h"

#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define HEADER ".hea"
#define LONGEST_PATH 4096
#define LONGEST_LINE ((size_t)1 << 16)
#define HEADER_BYTES ((int64_t)1 << 24)   /* more is no header */

static int64_t mtime_ns(const struct stat *st) { return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec; }

static bool is_listed(const json_t *all, const char *path)
{
    for (size_t i = 0; i < json_array_size(all); i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(all, i), "path")), path) == 0)
            return true;
    return false;
}

/* Once each, and only what is a file; one that is not there is for the reader to complain of. */
static int add_file(json_t *all, const char *path, struct kymo_err *e)
{
    char digest[KYMO_DIGEST_TEXT];
    struct stat st;
    int rc = 0;

    if (is_listed(all, path) || stat(path, &st) != 0 || !S_ISREG(st.st_mode) || (rc = kymo_digest_file(path, digest, e)) < 0)
        return rc;
    json_t *const one = json_pack("{s:o, s:I, s:I, s:s}", "path", kymo_json_string(path), "bytes", (json_int_t)st.st_size,
                                  "mtime_ns", (json_int_t)mtime_ns(&st), "digest", digest);
    return one && json_array_append_new(all, one) == 0 ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for the files of %s", path);
}

size_t kymo_plain_pattern(const char *text, size_t n, char *pattern, size_t cap)
{
    size_t made = 0;

    for (size_t i = 0; i < n && made + 5 < cap; i++) {
        if (strchr("*?[\\", text[i]))
            pattern[made++] = '\\';
        pattern[made++] = text[i];
    }
    pattern[made] = '\0';
    return made;
}

/* ---- WFDB ---- */

/* "atr", "qrs", "at_"; not what lies beside a recording because somebody made it of it. */
static bool is_annotator(const char *ending)
{
    static const char *const others[] = {"hea", "json", "jsonl", "tsv", "txt", "text", "svg", "png", "pdf", "html", "md", "err",
                                         "log", "tmp", "gz", "zip"};
    char dotted[32];

    for (const char *p = ending; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '_' && *p != '-')
            return false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (kymo_same_text(ending, others[i]))
            return false;
    snprintf(dotted, sizeof dotted, "x.%s", ending);
    return *ending && !kymo_format_for(dotted);
}

/* Files called stem[n].ENDING. */
static int add_beside(json_t *all, const char *stem, size_t n, const char *annotator, struct kymo_err *e)
{
    char pattern[2 * LONGEST_PATH + 8];
    glob_t found = {0};
    int rc = 0;

    memcpy(pattern + kymo_plain_pattern(stem, n, pattern, sizeof pattern), ".*", sizeof ".*");
    if (glob(pattern, 0, NULL, &found) != 0)
        found.gl_pathc = 0;
    for (size_t i = 0; rc == 0 && i < found.gl_pathc; i++)
        if (annotator ? strcmp(found.gl_pathv[i] + n + 1, annotator) == 0 : is_annotator(found.gl_pathv[i] + n + 1))
            rc = add_file(all, found.gl_pathv[i], e);
    globfree(&found);
    return rc;
}

static int add_header(json_t *all, const char *path, bool is_segment, struct kymo_err *e);

/* What a line of a header names: a signal's file, or a segment, which is a record of the same folder. */
static int add_named(json_t *all, const char *header, const char *name, size_t n, bool has_segments, struct kymo_err *e)
{
    const char *const slash = strrchr(header, '/');
    const int folder = slash ? (int)(slash + 1 - header) : 0;
    char path[LONGEST_PATH];

    if (n == 0 || (n == 1 && (*name == '~' || *name == '-')))
        return 0;
    const int made = snprintf(path, sizeof path, "%.*s%.*s%s", folder, header, (int)n, name, has_segments ? HEADER : "");
    if ((size_t)made >= sizeof path)
        return 0;
    return has_segments ? add_header(all, path, true, e) : add_file(all, path, e);
}

static int add_lines(json_t *all, struct kymo_input *in, const char *header, bool is_segment, struct kymo_err *e)
{
    bool first = true, has_segments = false;
    const char *line;
    size_t n;
    int rc;

    while ((rc = kymo_line(in, LONGEST_LINE, &line, &n, e)) > 0) {
        n = kymo_trim(&line, n);
        if (n == 0 || *line == '#')
            continue;
        size_t word = 0;
        while (word < n && !isspace((unsigned char)line[word]))
            word++;
        if (!first && (rc = add_named(all, header, line, word, has_segments, e)) < 0)
            break;
        if (first)                /* "name/3": three segments; a segment has none of its own */
            has_segments = !is_segment && memchr(line, '/', word) != NULL;
        first = false;
    }
    return rc < 0 ? rc : 0;
}

/* A header and what it names. One that is no text is a file like any other: its reader complains. */
static int add_header(json_t *all, const char *path, bool is_segment, struct kymo_err *e)
{
    struct kymo_err none = {0};
    int rc = add_file(all, path, e);
    struct kymo_input *const in = rc == 0 ? kymo_input_open(path, &none) : NULL;

    if (in && kymo_input_size(in) >= 0 && kymo_input_size(in) <= HEADER_BYTES)
        rc = add_lines(all, in, path, is_segment, &none);
    kymo_input_close(in);
    if (rc == KYMO_EFORMAT)
        rc = 0;
    if (rc < 0 && none.n > 0)
        *e = none;
    return rc;
}

/* ---- all ---- */

static int add_remote(json_t *all, const char *name, struct kymo_err *e)
{
    json_t *const one = json_pack("{s:o, s:s}", "path", kymo_json_string(name), "note", "by URL: taken to stay what it is");

    return one && json_array_append_new(all, one) == 0 ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for %s", name);
}

static int add_recording(json_t *all, const char *recording, const char *annotator, struct kymo_err *e)
{
    if (kymo_is_remote(recording))
        return add_remote(all, recording, e);

    const char *inside;
    char *const path = kymo_find_file(recording, &inside, e);
    const size_t n = path ? strlen(path) : 0, n_ending = sizeof HEADER - 1;
    int rc = path ? 0 : KYMO_ENOMEM;

    if (path && n > n_ending && n < LONGEST_PATH && strcmp(path + n - n_ending, HEADER) == 0) {
        rc = add_header(all, path, false, e);
        if (rc == 0)
            rc = add_beside(all, path, n - n_ending, annotator, e);
    } else if (path) {
        rc = add_file(all, path, e);
    }
    free(path);
    return rc == 0 && json_array_size(all) == 0 ? kymo_fail(e, KYMO_EIO, "no such recording") : rc;
}

json_t *kymo_files_of(const char *recording, const char *annotator, struct kymo_err *e)
{
    json_t *const all = json_array();
    const int rc = all ? add_recording(all, recording, annotator, e)
                       : kymo_fail(e, KYMO_ENOMEM, "no memory for files of %s", recording);

    if (rc == 0)
        return all;
    json_decref(all);
    return NULL;
}

static bool is_same(const json_t *file)
{
    const char *const path = json_string_value(json_object_get(file, "path"));
    const char *const was = json_string_value(json_object_get(file, "digest"));
    char digest[KYMO_DIGEST_TEXT];
    struct kymo_err ignored = {0};
    struct stat st;

    if (path && kymo_is_remote(path))
        return true;
    if (!path || !was || stat(path, &st) != 0 || st.st_size != json_integer_value(json_object_get(file, "bytes")))
        return false;
    if (mtime_ns(&st) == json_integer_value(json_object_get(file, "mtime_ns")))
        return true;
    return kymo_digest_file(path, digest, &ignored) == 0 && strcmp(digest, was) == 0;
}

const char *kymo_files_changed(const json_t *files)
{
    for (size_t i = 0; i < json_array_size(files); i++)
        if (!is_same(json_array_get(files, i))) {
            const char *const path = json_string_value(json_object_get(json_array_get(files, i), "path"));
            return path ? path : "?";
        }
    return NULL;
}

bool kymo_files_same(const json_t *files) { return json_array_size(files) > 0 && !kymo_files_changed(files); }
