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

#endif
