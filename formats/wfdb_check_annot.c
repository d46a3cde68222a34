/* formats/wfdb_check_annot.c - judges the annotation files beside a WFDB header, word by word: annot(5) of the WFDB
 * Applications Guide.
 *
 * Any file RECORD.NAME may be one. It is taken for one if it is no text and its beginning makes sense as annotations. */
#include "formats/wfdb_check.h"
#include "formats/wfdb_segments.h"
#include "lib/bytes.h"
#include "lib/record.h"
#include "lib/vocabulary.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOKED_AT 512            /* bytes that tell whether a file holds annotations */
enum { NOTE = 22, SKIP = 59, NUM = 60, SUB = 61, CHN = 62, AUX = 63, LONGEST_AUX = 255 };

/* ---- which files ---- */

static bool is_text(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((p[i] < 32 || p[i] == 127) && !strchr("\t\r\n\f", p[i]))
            return false;
        else if (p[i] == 0)
            return false;
    return true;
}

/* Whether p[n], the beginning of a file of size bytes, can be annotations: known types, and modifiers behind one. */
static bool looks_annotated(const unsigned char *p, size_t n, int64_t size)
{
    size_t at = 0, found = 0;

    if (n < 2 || is_text(p, n))
        return false;
    while (at + 2 <= n) {
        const unsigned word = kymo_le16(p + at), type = word >> 10, value = word & 0x3ff;
        if (word == 0)
            return (int64_t)at + 2 == size;
        if (type == 0 || (type > KYMO_LAST_CODE && type < SKIP) || (type > SKIP && found == 0) ||
            (type >= NUM && type <= CHN && value > 255) || (type == AUX && value > LONGEST_AUX))
            return false;
        found += type < SKIP;
        at += 2 + (type == SKIP ? 4u : type == AUX ? value + (value & 1) : 0u);
    }
    return found > 0;
}

static bool is_signal_file(const struct wfdb_words *w, const char *name)
{
    for (size_t i = 0; i < w->n_signal_lines; i++)
        if (w->signal[i].usable && strcmp(w->signal[i].signal.file, name) == 0)
            return true;
    return false;
}

/* Could name, of the folder of the header, be annotations of the record? */
static bool is_candidate(const struct wfdb_words *w, const char *name)
{
    static const char *const other[] = {".hea", ".dat", ".mat", ".edf", ".bdf", ".h5", ".kymo", ".gz", ".zip", ".png", ".pdf",
                                        ".jpg"};
    const struct wfdb_word record = wfdb_record_of(w->path);

    if (strncmp(name, record.p, record.n) != 0 || name[record.n] != '.' || strchr(name + record.n + 1, '.') ||
        is_signal_file(w, name))
        return false;
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (strcmp(name + record.n, other[i]) == 0)
            return false;
    return true;
}

/* ---- one file ---- */

enum rule { UNKNOWN_CODE, BACKWARDS, LONG_AUX, BEYOND, RULES };

static const struct {
    const char *field;
    enum kymo_severity severity;
    const char *text;
} rules[RULES] = {
    [UNKNOWN_CODE] = {"annotation type", KYMO_WARNING, "types are 1 to 49"},
    [BACKWARDS] = {"annotation time", KYMO_ERROR,
                   "before the annotation in front of it, or negative: they are in order of time"},
    [LONG_AUX] = {"annotation text", KYMO_ERROR, "longer than 255 bytes"},
    [BEYOND] = {"annotation time", KYMO_WARNING, "behind the end of the record"},
};

struct annotations {
    struct wfdb_checker *k;
    const char *path;
    struct kymo_input *in;
    int64_t time, last;          /* of this annotation and of the one before */
    int64_t item;                /* byte where this one begins, with its SKIP */
    double limit;                /* end of the record, in the file's time; 0: not known */
    double frame_rate;
    struct { int64_t n, offset, value; } broken[RULES];
};

static void break_rule(struct annotations *a, enum rule rule, int64_t value)
{
    if (a->broken[rule].n++ == 0) {
        a->broken[rule].offset = a->item;
        a->broken[rule].value = value;
    }
}

static void tell(struct annotations *a)
{
    for (int i = 0; i < RULES; i++) {
        char value[24], more[48] = "";
        const int n = snprintf(value, sizeof value, "%lld", (long long)a->broken[i].value);
        if (a->broken[i].n > 1)
            snprintf(more, sizeof more, " (%lld times)", (long long)a->broken[i].n);
        if (a->broken[i].n > 0)
            wfdb_found(a->k, rules[i].severity, a->path, a->broken[i].offset, rules[i].field,
                       (struct wfdb_word){value, (size_t)n}, "%s%s", rules[i].text, more);
    }
}

static void found_here(struct annotations *a, enum kymo_severity severity, const char *field, const char *text)
{
    wfdb_found(a->k, severity, a->path, kymo_offset(a->in), field, (struct wfdb_word){0}, "%s", text);
}

/* "## time resolution: 1000" at time 0 says in what the times of the file are counted. */
static void take_resolution(struct annotations *a, const unsigned char *p, size_t n)
{
    static const char words[] = "## time resolution:";
    double rate;

    if (a->time == 0 && n > sizeof words - 1 && memcmp(p, words, sizeof words - 1) == 0 &&
        kymo_parse_real((const char *)p + sizeof words - 1, n - (sizeof words - 1), &rate) && rate > 0 && a->frame_rate > 0)
        a->limit *= rate / a->frame_rate;
}

/* The bytes that a word brings behind it. Returns 1, 0 where the file ends among them (told), or < 0. */
static int take_tail(struct annotations *a, unsigned type, unsigned value, unsigned owner)
{
    const size_t n = type == SKIP ? 4 : type == AUX ? value + (value & 1) : 0;
    const unsigned char *p;
    const ssize_t got = kymo_peek(a->in, n, &p, a->k->e);

    if (got < 0)
        return (int)got;
    if ((size_t)got < n) {
        found_here(a, KYMO_ERROR, type == AUX ? "annotation text" : "annotation time", "the file ends inside it");
        return 0;
    }
    if (type == SKIP)
        a->time += (int32_t)((uint32_t)kymo_le16(p) << 16 | kymo_le16(p + 2));
    if (type == AUX && value > LONGEST_AUX)
        break_rule(a, LONG_AUX, value);
    if (type == AUX && owner == NOTE)
        take_resolution(a, p, value);
    kymo_skip(a->in, n);
    return 1;
}

static void take_annotation(struct annotations *a, unsigned type, unsigned interval)
{
    a->time += interval;
    if (type == 0 || type > KYMO_LAST_CODE)
        break_rule(a, UNKNOWN_CODE, type);
    if (a->time < a->last)
        break_rule(a, BACKWARDS, a->time);
    if (a->limit > 0 && (double)a->time > a->limit)
        break_rule(a, BEYOND, a->time);
    a->last = a->time;
}

/* To the end mark. Returns 0 or a negative code. */
static int check_words(struct annotations *a)
{
    const unsigned char *p;
    unsigned owner = 0;
    bool skipped = false;

    for (;;) {
        const ssize_t got = kymo_peek(a->in, 2, &p, a->k->e);
        if (got < 0)
            return (int)got;
        if (got < 2) {
            found_here(a, KYMO_ERROR, "end mark", "missing: annotations end with two bytes 00");
            return 0;
        }
        const unsigned word = kymo_le16(p), type = word >> 10, value = word & 0x3ff;
        if (!skipped)
            a->item = kymo_offset(a->in);
        kymo_skip(a->in, 2);
        if (word == 0)
            break;
        skipped = type == SKIP;
        if (type < SKIP) {
            take_annotation(a, type, value);
            owner = type;
        }
        const int rc = take_tail(a, type, value, owner);
        if (rc <= 0)
            return rc;
    }
    if (kymo_peek(a->in, 1, &p, a->k->e) > 0)
        found_here(a, KYMO_WARNING, "end mark", "data behind it, which is not read");
    return 0;
}

static int check_file(struct wfdb_checker *k, const struct wfdb_words *w, const char *path)
{
    struct kymo_err why = {0};
    struct kymo_input *in = kymo_input_open(path, &why);
    const unsigned char *p;
    int rc = 0;

    if (!in) {
        if (why.cause[0].code == KYMO_ENOMEM)
            return kymo_fail(k->e, KYMO_ENOMEM, "no memory to check %s", path);
        return 0;   /* a folder, or not ours to read */
    }
    struct annotations a = {.k = k, .path = path, .in = in, .limit = (double)w->n_frames,
                            .frame_rate = w->frame_rate.num ? kymo_ratio_real(w->frame_rate) : 0};
    const ssize_t got = kymo_peek(in, LOOKED_AT, &p, k->e);
    if (got < 0)
        rc = (int)got;
    else if (looks_annotated(p, (size_t)got, kymo_input_size(in)))
        rc = check_words(&a);
    if (rc == 0)
        tell(&a);
    kymo_input_close(in);
    return rc;
}

/* ---- all ---- */

static int compare_names(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* The names of candidates in folder, malloc'ed, in order. */
static int list_candidates(const struct wfdb_words *w, const char *folder, char ***name, size_t *n, struct kymo_err *e)
{
    DIR *dir = opendir(folder);
    int rc = 0;

    if (!dir)
        return 0;
    for (struct dirent *d; rc == 0 && (d = readdir(dir));) {
        if (!is_candidate(w, d->d_name))
            continue;
        char **all = realloc(*name, (*n + 1) * sizeof *all), *copy = strdup(d->d_name);
        if (all)
            *name = all;
        if (all && copy) {
            all[(*n)++] = copy;
        } else {
            free(copy);
            rc = kymo_fail(e, KYMO_ENOMEM, "no memory to list %s", folder);
        }
    }
    closedir(dir);
    if (*n > 0)
        qsort(*name, *n, sizeof **name, compare_names);
    return rc;
}

void wfdb_check_annotations(struct wfdb_checker *k, const struct wfdb_words *w)
{
    char *folder = wfdb_path_beside(w->path, ".", ""), **name = NULL;
    size_t n = 0;
    int rc = folder ? list_candidates(w, folder, &name, &n, k->e)
                    : kymo_fail(k->e, KYMO_ENOMEM, "no memory to check %s", w->path);

    for (size_t i = 0; i < n; i++) {
        char *path = rc == 0 && k->rc == 0 ? wfdb_path_beside(w->path, name[i], "") : NULL;
        if (path)
            rc = check_file(k, w, path);
        free(path);
        free(name[i]);
    }
    free(name);
    free(folder);
    k->rc = k->rc < 0 ? k->rc : rc;
}
