/* lib/check.h - findings: the places where a file is not what its format says. Formats make them, kymo check prints them.
 *
 * A checker reads the bytes itself, field by field, and goes on behind every finding as long as it can: that is what makes
 * it different from a reader, which is lenient and stops at the first thing that it cannot use. */
#ifndef KYMO_CHECK_H
#define KYMO_CHECK_H

#include "lib/err.h"
#include "lib/input.h"

#include <stdarg.h>

enum kymo_severity {
    KYMO_NOTE,       /* allowed, but worth knowing */
    KYMO_WARNING,    /* against the specification; readers cope */
    KYMO_ERROR,      /* readers refuse the file, or read something else than was recorded */
    KYMO_FIXED,      /* what a repaired copy has instead */
    KYMO_SEVERITIES
};

struct kymo_finding {
    const char *file;             /* path */
    int64_t offset;               /* byte; line in a text; -1: the file as a whole */
    const char *field;            /* "number of data records"; "" where there is none */
    const char *value;            /* what the file has there: value[n_value], any bytes */
    size_t n_value;
    enum kymo_severity severity;
    const char *text;             /* what is wrong, and what the specification says */
};

/* One run over one recording. */
struct kymo_check {
    int (*found)(void *to, const struct kymo_finding *f, struct kymo_err *e);   /* views hold for the call; 0 or < 0 */
    void *to;
    size_t n[KYMO_SEVERITIES];    /* findings so far */
    bool failed;                  /* found has failed */
    struct kymo_progress *progress;   /* shows how far a recording is that is read to its end; NULL: nothing is shown */
};

const char *kymo_severity_name(enum kymo_severity s);   /* "error" */

/* Counts f and hands it on, with fmt... as its text. Returns what c->found does. */
int kymo_found(struct kymo_check *c, const struct kymo_finding *f, struct kymo_err *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
int kymo_vfound(struct kymo_check *c, const struct kymo_finding *f, struct kymo_err *e, const char *fmt, va_list ap)
    __attribute__((format(printf, 4, 0)));

/* Bytes as a reader can see them: others than ASCII 32..126 as \xHH, blanks at the end left out, and of long ones the
 * beginning. Terminated; cap >= 8. */
void kymo_show_bytes(const char *bytes, size_t n, char *text, size_t cap);

/* Checks the recording that path names. A file that is of no known format or cannot be read is a finding too, of severity
 * error: returns 0, or a negative code only where found failed or memory ended. */
int kymo_check_recording(const char *path, struct kymo_check *c, struct kymo_err *e);

/* Writes a repaired copy of path to copy, a finding of severity fixed for each change; nothing is written where there is
 * nothing to read, or on an error. KYMO_EUSAGE where the format has no repair. */
int kymo_fix_recording(const char *path, const char *copy, struct kymo_check *c, struct kymo_err *e);

#endif
