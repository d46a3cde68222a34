/* model/train.h - what the programs that learn share: they stop at the first thing that fails. */
#ifndef KYMO_TRAIN_H
#define KYMO_TRAIN_H

#include "lib/err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Ends the program; e may be NULL. */
static inline _Noreturn void fail(const char *what, const struct kymo_err *e)
{
    char text[1000] = "";

    if (e)
        kymo_err_text(e, 0, text, sizeof text);
    fprintf(stderr, "%s: %s%s%s\n", program_invocation_short_name, what, e ? ": " : "", text);
    exit(1);
}

/* Zeroed memory, at least one element. */
static inline void *room(size_t n, size_t size)
{
    void *const p = calloc(n ? n : 1, size);

    if (!p)
        fail("no memory", NULL);
    return p;
}

#endif
