/* lib/err.h - what went wrong, where, and what was being done.
 *
 * An error is a chain of causes in the caller's storage: the root is pushed where the fact is known, each level that
 * knows more adds a line. Functions return 0 or a count, or a negative enum kymo_code with the chain filled in.
 * Nothing here allocates, so that running out of memory can be reported too. Only cli/main.c prints a chain. */
#ifndef KYMO_ERR_H
#define KYMO_ERR_H

#include <stddef.h>
#include <stdint.h>

enum kymo_code {
    KYMO_EUSAGE = -1,   /* wrong use: an option's value, a signal that is not there; exit status 2 */
    KYMO_EIO = -2,      /* the system said no: missing file, full disk, read error */
    KYMO_EFORMAT = -3,  /* the input is not what its format says */
    KYMO_EDATA = -4,    /* well-formed input that cannot be used for this */
    KYMO_ENOMEM = -5,
    KYMO_ENET = -6,     /* a server, or the way to it; another time it may go better */
};

/* What a command may return beside those and 0. */
#define KYMO_SOME (-100)          /* some of several recordings failed, reported already: exit status 3 */
#define KYMO_FOUND (-101)         /* done, and what was found says no: exit status 1, nothing more to print */

struct kymo_cause {
    enum kymo_code code;
    const char *src;     /* source file and line of the raise, shown with --debug */
    int line;
    int64_t offset;      /* byte (or line, for text) in the input, or -1 */
    char input[160], msg[240];
};

struct kymo_err {
    int n;
    struct kymo_cause cause[8];   /* cause[0] is the root */
};

/* Each pushes a cause and returns its code, so that a function can end with "return kymo_fail(...)".
 * fail: no place to name. fail_at: INPUT and OFFSET name the place. during: what was being done, with the root's code. */
#define kymo_fail(e, code, ...) kymo_err_push(e, code, __FILE__, __LINE__, NULL, -1, __VA_ARGS__)
#define kymo_fail_at(e, code, input, offset, ...) kymo_err_push(e, code, __FILE__, __LINE__, input, offset, __VA_ARGS__)
#define kymo_during(e, ...) \
    kymo_err_push(e, (e)->n ? (e)->cause[0].code : KYMO_EDATA, __FILE__, __LINE__, NULL, -1, __VA_ARGS__)

int kymo_err_push(struct kymo_err *e, enum kymo_code code, const char *src, int line, const char *input, int64_t offset,
                  const char *fmt, ...) __attribute__((format(printf, 7, 8)));

/* The chain on one line, outermost first: "cannot open: a.edf:236: -3 data records". text[cap] is always terminated;
 * control characters of file content come out as '?'. with_source adds "[file.c:12]" to each cause. */
void kymo_err_text(const struct kymo_err *e, int with_source, char *text, size_t cap);

#endif
