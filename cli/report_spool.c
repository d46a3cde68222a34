/* cli/report_spool.c - see report_spool.h. */
#include "cli/report_spool.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define AT_ONCE 65536

static int copy_all(struct kymo_input *in, struct kymo_output *out, struct kymo_err *e)
{
    const unsigned char *bytes;
    ssize_t n;

    while ((n = kymo_peek(in, AT_ONCE, &bytes, e)) > 0) {
        const int rc = kymo_put(out, bytes, (size_t)n, e);
        if (rc < 0)
            return rc;
        kymo_skip(in, (size_t)n);
    }
    return n < 0 ? (int)n : 0;
}

/* A warning that begins with the file's name is of standard input. */
static void warn(void *to, const char *text)
{
    const struct report_spool *const s = to;
    const size_t n = strlen(s->path);
    const bool is_named = strncmp(text, s->path, n) == 0 && text[n] == ':';
    char line[512];

    snprintf(line, sizeof line, "%s%s", is_named ? "stdin" : "", is_named ? text + n : text);
    s->log.warn(s->log.to, line);
}

int report_spool_take(struct report_spool *s, const char *path, struct kymo_call *call, struct kymo_err *e)
{
    if (isatty(STDIN_FILENO))
        return kymo_fail(e, KYMO_EUSAGE, "which recording? standard input is a terminal");
    struct kymo_input *const in = kymo_input_open("-", e);
    if (in)
        s->scratch = kymo_output_scratch_for(path, "kymo-report", e);
    int rc = s->scratch ? copy_all(in, s->scratch, e) : e->cause[0].code;
    kymo_input_close(in);
    if (rc < 0 || (rc = kymo_output_reread(s->scratch, s->path, e)) < 0)
        return rc;
    s->operand[0] = s->path;
    s->log = call->log;
    call->operand = s->operand;
    call->n_operands = 1;
    call->log.warn = warn;
    call->log.to = s;
    return 0;
}

void report_spool_name(const struct report_spool *s, struct kymo_err *e)
{
    for (int i = 0; *s->path && i < e->n; i++)
        if (strcmp(e->cause[i].input, s->path) == 0)
            snprintf(e->cause[i].input, sizeof e->cause[i].input, "stdin");
}

void report_spool_release(struct report_spool *s) { kymo_output_destroy(s->scratch); }
