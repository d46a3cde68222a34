/* lib/check.c - see check.h. */
#include "lib/check.h"

#include "lib/progress.h"
#include "lib/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LONGEST_TEXT 480

const char *kymo_severity_name(enum kymo_severity s)
{
    static const char *const name[KYMO_SEVERITIES] = {"note", "warning", "error", "fixed"};

    return name[s];
}

int kymo_found(struct kymo_check *c, const struct kymo_finding *f, struct kymo_err *e, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    const int rc = kymo_vfound(c, f, e, fmt, ap);
    va_end(ap);
    return rc;
}

int kymo_vfound(struct kymo_check *c, const struct kymo_finding *f, struct kymo_err *e, const char *fmt, va_list ap)
{
    struct kymo_finding whole = *f;
    char text[LONGEST_TEXT];

    vsnprintf(text, sizeof text, fmt, ap);
    whole.text = text;
    c->n[f->severity]++;
    const int rc = c->found(c->to, &whole, e);
    c->failed |= rc < 0;
    return rc;
}

void kymo_show_bytes(const char *bytes, size_t n, char *text, size_t cap)
{
    size_t made = 0;

    while (n > 0 && bytes[n - 1] == ' ')
        n--;
    for (size_t i = 0; i < n; i++) {
        const unsigned char byte = (unsigned char)bytes[i];
        const bool plain = byte >= 32 && byte < 127;
        if (made + (plain ? 1 : 4) + (i + 1 < n ? 3 : 0) >= cap) {
            made += (size_t)snprintf(text + made, cap - made, "...");
            break;
        }
        if (plain)
            text[made++] = bytes[i];
        else
            made += (size_t)snprintf(text + made, cap - made, "\\x%02X", byte);
    }
    text[made < cap ? made : cap - 1] = '\0';
}

/* What stopped an examination, as a finding. */
static int found_failure(struct kymo_check *c, const char *path, const struct kymo_err *why, struct kymo_err *e)
{
    const struct kymo_cause *root = &why->cause[0];
    const struct kymo_finding f = {.file = why->n && root->input[0] ? root->input : path,
                                   .offset = why->n ? root->offset : -1, .field = "", .value = "", .severity = KYMO_ERROR};

    return kymo_found(c, &f, e, "%s", why->n ? root->msg : "cannot be read");
}

/* ---- formats without a checker: read to the end ---- */

struct listener {
    struct kymo_check *c;
    const char *path;
    struct kymo_err *e;
    int rc;
};

static void hear(void *to, const char *text)
{
    struct listener *l = to;
    const struct kymo_finding f = {.file = l->path, .offset = -1, .field = "", .value = "", .severity = KYMO_WARNING};

    if (l->rc == 0)
        l->rc = kymo_found(l->c, &f, l->e, "%s", text);
}

/* in is the reader's from here. */
static int read_through(struct kymo_input *in, const char *path, struct kymo_check *c, struct kymo_err *e)
{
    struct listener l = {c, path, e, 0};
    const struct kymo_want want = {.log = {.warn = hear, .to = &l}, .progress = c->progress};
    struct kymo_err why = {0};

    if (c->progress)
        kymo_progress_begin(c->progress, kymo_clock_ns());
    struct kymo_reader *r = kymo_open_input(in, path, &want, &why);
    struct kymo_block *b;
    int rc = r ? 1 : KYMO_EFORMAT;

    while (rc > 0 && l.rc == 0)
        rc = kymo_read(r, &b, &why);
    if (l.rc == 0 && rc < 0)
        l.rc = found_failure(c, path, &why, e);
    kymo_close(r);
    return l.rc;
}

/* ---- any format ---- */

/* By the name, where the first bytes tell nothing: what they should be is then the first thing to check. */
static const struct kymo_format *format_by_name(const char *path)
{
    const char *dot = strrchr(path, '.');

    for (const struct kymo_format *const *f = kymo_formats; dot && *f; f++)
        if ((*f)->check && (kymo_same_text(dot + 1, (*f)->name) || ((*f)->suffix && strcmp(dot, (*f)->suffix) == 0)))
            return *f;
    return NULL;
}

/* Opens what path names. *in and *full are the caller's, failing or not. */
static const struct kymo_format *open_any(const char *path, struct kymo_input **in, char **full, struct kymo_err *e)
{
    const char *inside;
    const struct kymo_format *format = NULL;

    *full = kymo_find_file(path, &inside, e);
    *in = *full ? kymo_input_open(*full, e) : NULL;
    if (*in && !(format = kymo_recognise(*in, *full, e)) && e->n && e->cause[0].code == KYMO_EFORMAT &&
        (format = format_by_name(*full)))
        *e = (struct kymo_err){0};
    return format;
}

int kymo_check_recording(const char *path, struct kymo_check *c, struct kymo_err *e)
{
    struct kymo_err why = {0};
    struct kymo_input *in;
    char *full;
    const struct kymo_format *format = open_any(path, &in, &full, &why);
    int rc;

    if (!format) {
        rc = found_failure(c, full ? full : path, &why, e);
    } else if (format->check) {
        rc = format->check(in, full, c, e);
        if (!c->failed && (rc == KYMO_EIO || rc == KYMO_EFORMAT)) {   /* reading stopped: what came before it has been told */
            why = *e;
            *e = (struct kymo_err){0};
            rc = found_failure(c, full, &why, e);
        }
    } else {
        rc = read_through(in, full, c, e);
        in = NULL;
    }
    kymo_input_close(in);
    free(full);
    return rc;
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat one, other;

    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

int kymo_fix_recording(const char *path, const char *copy, struct kymo_check *c, struct kymo_err *e)
{
    struct kymo_input *in;
    char *full;
    const struct kymo_format *format = open_any(path, &in, &full, e);
    int rc = format ? 0 : e->n ? e->cause[0].code : KYMO_EFORMAT;

    if (rc == 0 && !format->fix)
        rc = kymo_fail_at(e, KYMO_EUSAGE, path, -1, "there is no repair for files of format %s", format->name);
    if (rc == 0 && is_same_file(full, copy))
        rc = kymo_fail_at(e, KYMO_EUSAGE, copy, -1, "is the file to be repaired itself: name another for the copy");
    if (rc == 0)
        rc = format->fix(in, full, copy, c, e);
    kymo_input_close(in);
    free(full);
    return rc;
}
