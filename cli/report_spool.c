/* cli/report_spool.c - see report_spool.h. */
#include "cli/report_spool.h"

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
    call->operand = s->operand;
    call->n_operands = 1;
    return 0;
}

void report_spool_release(struct report_spool *s) { kymo_output_destroy(s->scratch); }
