/* lib/log.c - see log.h. */
#include "lib/log.h"

#include <stdarg.h>
#include <stdio.h>

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
