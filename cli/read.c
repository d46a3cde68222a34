/* cli/read.c - kymo read: any recording, or a part of it, as a kymo stream, or with -o in the format of the ending. */
#include "lib/command.h"

struct args {
    struct kymo_input_args in;
    struct kymo_output_args out;
};

static const struct kymo_opt options[] = {
    KYMO_OPTS_SIGNAL(struct args, in), KYMO_OPTS_RANGE(struct args, in), KYMO_OPTS_ANNOTATOR(struct args, in),
    KYMO_OPTS_OUTPUT(struct args, out), KYMO_OPT_LAST
};

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct kymo_reader *r = kymo_call_open(call, &args->in, false, e);
    struct kymo_writer *w = r ? kymo_call_writer(call, args->out.path, &r->hdr, e) : NULL;
    const int rc = w ? kymo_copy(r, w, e) : e->cause[0].code;

    kymo_writer_destroy(w);
    kymo_close(r);
    return rc;
}

const struct kymo_command kymo_cmd_read = {
    .name = "read", .about = "any recording, or a part of it, as a kymo stream", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct args), .run = run,
};
