/* cli/convert.c - kymo convert: a recording, or a part of it, into another format. */
#include "lib/command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct args {
    struct kymo_input_args in;
    const char *format, *variant;
    bool lossy, raw;
};

static const struct kymo_opt options[] = {
    KYMO_OPT_STRING('O', "output-format", struct args, format, "FORMAT", NULL,
                    "format to write, if not by OUT's ending: csv, tsv, kymo and others of kymo-formats(7)"),
    KYMO_OPT_STRING('\0', "variant", struct args, variant, "NAME", NULL,
                    "variant of the format: of wfdb 16, 24, 32, 212, or with FLAC 508, 516, 524"),
    KYMO_OPT_FLAG('\0', "lossy", struct args, lossy, "leave out what the format cannot hold, and say in numbers what it was"),
    KYMO_OPT_FLAG('\0', "raw", struct args, raw, "the source's integers as they are, without gain and unit"),
    KYMO_OPTS_SIGNAL(struct args, in), KYMO_OPTS_RANGE(struct args, in), KYMO_OPTS_ANNOTATOR(struct args, in),
    KYMO_OPTS_SOURCE(struct args, in), KYMO_OPT_LAST
};

/* The format asked for, or that of path's ending; NULL with *e set. */
static const struct kymo_format *choose_format(const char *path, const char *name, struct kymo_err *e)
{
    const struct kymo_format *f = name ? kymo_format_named(name) : kymo_format_for(path);
    char known[160] = "";

    if (f)
        return f;
    for (const struct kymo_format *const *all = kymo_formats; *all; all++) {
        const size_t n = strlen(known);
        if ((*all)->create)
            snprintf(known + n, sizeof known - n, "%s%s", n ? ", " : "", (*all)->name);
    }
    if (name)
        kymo_fail(e, KYMO_EUSAGE, "no format \"%.40s\"; there are %s", name, known);
    else
        kymo_fail(e, KYMO_EUSAGE, "%.120s: no format by its ending: choose with -O among %s", path, known);
    return NULL;
}

/* Every signal's integers become its values. */
static void make_raw(struct kymo_header *h)
{
    for (size_t i = 0; i < h->n_signals; i++)
        if (kymo_storage_is_integer(h->signal[i].storage)) {
            h->signal[i].gain = 1;
            h->signal[i].baseline = 0;
            h->signal[i].unit = "";
            h->signal[i].calibrated = false;
        }
}

static struct kymo_writer *open_writer(const struct kymo_call *call, const struct kymo_header *source, struct kymo_err *e)
{
    const struct args *args = call->args;
    const char *path = call->operand[1];
    const struct kymo_format *format = choose_format(path, args->format, e);
    struct kymo_writer *w = NULL;
    struct kymo_header h;

    if (!format)
        return NULL;
    if (args->variant && strcmp(format->name, "wfdb") != 0) {
        kymo_fail(e, KYMO_EUSAGE, "--variant is for wfdb; %s has none", format->name);
        return NULL;
    }
    if (strcmp(path, "-") == 0 && strcmp(format->name, "kymo") == 0 && isatty(STDOUT_FILENO)) {
        kymo_fail(e, KYMO_EUSAGE, "a recording is not for a terminal: use a pipe or a file");
        return NULL;
    }
    kymo_header_init(&h);
    if (kymo_header_copy(&h, source, NULL, 0, e) == 0 && kymo_header_add_history(&h, call->history, e) == 0) {
        if (args->raw)
            make_raw(&h);
        w = kymo_create_variant(format, args->variant, path, &h, 0, args->lossy, &call->log, e);
    }
    kymo_header_release(&h);
    return w;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct kymo_reader *r = kymo_call_open(call, &args->in, false, e);
    struct kymo_writer *w = r ? open_writer(call, &r->hdr, e) : NULL;
    const int rc = w ? kymo_copy(r, w, e) : e->cause[0].code;

    kymo_writer_destroy(w);
    kymo_close(r);
    return rc;
}

const struct kymo_command kymo_cmd_convert = {
    .name = "convert", .about = "a recording, or a part of it, into another format", .operands = "IN OUT",
    .least = 2, .most = 2, .options = options, .args_size = sizeof(struct args), .run = run,
};
