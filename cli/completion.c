/* cli/completion.c - kymo completion: the script that lets a shell complete commands and options. */
#include "lib/command.h"

#include <string.h>

static const struct kymo_opt options[] = {KYMO_OPT_LAST};

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    if (strcmp(call->operand[0], "bash") != 0)
        return kymo_fail(e, KYMO_EUSAGE, "no completion for \"%.40s\", only for bash", call->operand[0]);
    struct kymo_output *out = kymo_output_open(NULL, e);
    int rc = out ? kymo_put_bash(out, kymo_commands, e) : KYMO_ENOMEM;
    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_output_destroy(out);
    return rc;
}

const struct kymo_command kymo_cmd_completion = {
    .name = "completion", .about = "print the script for shell completion", .operands = "bash", .least = 1, .most = 1,
    .options = options, .run = run, .recordings = kymo_no_recordings,
};
