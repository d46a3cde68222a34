/* cli/cat.c - kymo cat: several recordings in a row as one.
 *
 * All are opened before anything is written, to see that they fit together; then one after another is read: lib/join.h. */
#include "lib/command.h"
#include "lib/join.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct args {
    struct kymo_input_args in;
    const char *out;
    bool join, lossy;
};

static const struct kymo_opt options[] = {
    KYMO_OPT_FLAG('\0', "join", struct args, join, "each follows the one before directly, whatever their dates say"),
    KYMO_OPTS_SIGNAL(struct args, in), KYMO_OPTS_ANNOTATOR(struct args, in), KYMO_OPTS_AS(struct args, in),
    KYMO_OPT_STRING('o', "output", struct args, out, "FILE", NULL,
                    "write to FILE, in the format of its ending, instead of a kymo stream"),
    KYMO_OPT_FLAG('\0', "lossy", struct args, lossy, "leave out what that format cannot hold, and say in numbers what it was"),
    KYMO_OPT_LAST
};

/* What is read and written. A reader is kept only where it cannot be opened again: of a pipe. */
struct work {
    struct kymo_join *join;
    struct kymo_reader **in;     /* for each operand */
    struct kymo_writer *w;
};

static bool is_stdin(const char *path) { return strcmp(path, "-") == 0; }

static bool is_pipe(const char *path)
{
    struct stat st;

    return is_stdin(path) || (stat(path, &st) == 0 && S_ISFIFO(st.st_mode));
}

static struct kymo_reader *open_part(const struct kymo_call *call, size_t k, struct kymo_log log, struct kymo_err *e)
{
    const struct args *args = call->args;
    const struct kymo_call one = {.operand = &call->operand[k], .n_operands = 1, .log = log};

    return kymo_call_open(&one, &args->in, false, e);
}

static int look_at_part(const struct kymo_call *call, struct work *k, size_t i, struct kymo_err *e)
{
    const struct kymo_log quiet = {.strict = call->log.strict};   /* it warns when it is read */
    const char *path = call->operand[i];

    for (size_t before = 0; before < i; before++)
        if (is_stdin(path) && is_stdin(call->operand[before]))
            return kymo_fail(e, KYMO_EUSAGE, "standard input can be named once only");
    struct kymo_reader *r = open_part(call, i, is_pipe(path) ? call->log : quiet, e);
    if (!r)
        return e->cause[0].code;
    const int rc = kymo_join_add(k->join, path, &r->hdr, e);
    if (is_pipe(path))
        k->in[i] = r;
    else
        kymo_close(r);
    return rc;
}

static int open_writer(const struct kymo_call *call, struct work *k, struct kymo_err *e)
{
    const struct args *args = call->args;
    const bool is_stdout = !args->out || strcmp(args->out, "-") == 0;
    const struct kymo_format *format = is_stdout ? kymo_format_named("kymo") : kymo_format_for(args->out);

    if (!format)
        return kymo_fail(e, KYMO_EUSAGE, "--output %.120s: no format by its ending", args->out);
    if (is_stdout && isatty(STDOUT_FILENO))
        return kymo_fail(e, KYMO_EUSAGE, "a recording is not for a terminal: use a pipe or -o FILE");
    struct kymo_header *h = kymo_join_start(k->join, e);
    if (!h || kymo_header_add_history(h, call->history, e) < 0)
        return e->cause[0].code;
    k->w = kymo_create_file(format, args->out, h, 0, args->lossy, &call->log, e);
    return k->w ? 0 : e->cause[0].code;
}

static int copy_part(const struct kymo_call *call, struct work *k, size_t i, struct kymo_err *e)
{
    if (!k->in[i] && !(k->in[i] = open_part(call, i, call->log, e)))
        return e->cause[0].code;
    const int rc = kymo_join_copy(k->join, i, k->in[i], k->w, &call->log, e);
    kymo_close(k->in[i]);
    k->in[i] = NULL;
    return rc;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    const size_t n = call->n_operands;
    struct work k = {.join = kymo_join_create(n, args->join, e), .in = calloc(n, sizeof *k.in)};
    int rc = !k.join ? (int)e->cause[0].code : k.in ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu recordings", n);

    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = look_at_part(call, &k, i, e);
    if (rc == 0)
        rc = open_writer(call, &k, e);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = copy_part(call, &k, i, e);
    if (rc == 0)
        rc = kymo_write_finish(k.w, e);
    for (size_t i = 0; k.in && i < n; i++)
        kymo_close(k.in[i]);
    kymo_writer_destroy(k.w);
    kymo_join_destroy(k.join);
    free(k.in);
    return rc;
}

const struct kymo_command kymo_cmd_cat = {
    .name = "cat", .about = "several recordings in a row as one", .operands = "RECORD...",
    .least = 1, .most = SIZE_MAX, .options = options, .args_size = sizeof(struct args), .run = run,
};
