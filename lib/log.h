/* lib/log.h - warnings: damage that does not stop the work. The caller says where they go, and whether they stop it. */
#ifndef KYMO_LOG_H
#define KYMO_LOG_H

#include "lib/err.h"

#include <stdbool.h>

struct kymo_log {
    void (*warn)(void *to, const char *text);   /* NULL: nobody listens */
    void *to;
    bool strict;                                /* a warning is a failure */
};

/* Tells of damage in INPUT at OFFSET (-1: none). Returns 0, or KYMO_EDATA with *e set if the log is strict. */
int kymo_warn(const struct kymo_log *log, struct kymo_err *e, const char *input, int64_t offset, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* Hands warnings on to another log, each text once: for work that reads a recording several times. Zeroed but for log, which
 * gets them; kymo_log_once makes the log that the work has instead; kymo_once_release behind it. */
struct kymo_once {
    struct kymo_log log;
    char **told;
    size_t n, cap;
};
struct kymo_log kymo_log_once(struct kymo_once *once);
void kymo_once_release(struct kymo_once *once);

#endif
