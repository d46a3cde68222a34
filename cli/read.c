/* cli/read.c - kymo read: any recording, or a part of it, as a kymo stream. */
#include "lib/command.h"

struct args {
    struct kymo_input_args in;
    struct kymo_output_args out;
};

static const struct kymo_opt options[] = {
    KYMO_OPTS_SIGNAL(struct args, in), KYMO_OPTS_RANGE(struct args, in), KYMO_OPTS_ANNOTATOR(struct args, in),
    KYMO_OPTS_OUTPUT(struct args, out), KYMO_OPT_LAST
};

static int copy_blocks(struct kymo_reader *r, struct kymo_writer *w, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    while ((rc = kymo_read(r, &b, e)) > 0)
        if ((rc = kymo_write(w, b, e)) < 0)
            return rc;
    return rc < 0 ? rc : kymo_write_finish(w, e);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct kymo_reader *r = kymo_call_open(call, &args->in, false, e);
    struct kymo_output *out = r ? kymo_output_open(args->out.path, e) : NULL;
    struct kymo_writer *w = out ? kymo_call_stream(call, out, &r->hdr, 0, e) : NULL;
    int rc = w ? copy_blocks(r, w, e) : e->cause[0].code;

    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_writer_destroy(w);
    kymo_output_destroy(out);
    kymo_close(r);
    return rc;
}

const struct kymo_command kymo_cmd_read = {
    .name = "read", .about = "any recording, or a part of it, as a kymo stream", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct args), .run = run,
};
