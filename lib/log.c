/* lib/log.c - see log.h. */
#include "lib/log.h"

#include "lib/grow.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int kymo_warn(const struct kymo_log *log, struct kymo_err *e, const char *input, int64_t offset, const char *fmt, ...)
{
    struct kymo_err only = {0};
    char msg[240], text[480];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    if (log->strict)
        return kymo_fail_at(e, KYMO_EDATA, input, offset, "%s", msg);
    kymo_fail_at(&only, KYMO_EDATA, input, offset, "%s", msg);
    kymo_err_text(&only, 0, text, sizeof text);
    if (log->warn)
        log->warn(log->to, text);
    return 0;
}

/* One that cannot be remembered for want of memory is told again, if it comes again. */
static void tell_once(void *to, const char *text)
{
    struct kymo_once *const once = to;

    for (size_t i = 0; i < once->n; i++)
        if (strcmp(once->told[i], text) == 0)
            return;
    char **const all = kymo_grown(once->told, once->n, &once->cap, sizeof *all);
    once->told = all ? all : once->told;
    if (all && (all[once->n] = strdup(text)))
        once->n++;
    once->log.warn(once->log.to, text);
}

struct kymo_log kymo_log_once(struct kymo_once *once)
{
    return (struct kymo_log){.warn = once->log.warn ? tell_once : NULL, .to = once, .strict = once->log.strict};
}

void kymo_once_release(struct kymo_once *once)
{
    for (size_t i = 0; i < once->n; i++)
        free(once->told[i]);
    free(once->told);
}
