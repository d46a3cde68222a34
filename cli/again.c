/* cli/again.c - see again.h. */
#include "cli/again.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct kymo_output *open_scratch(const char *output, struct kymo_err *e)
{
    const char *const tmp = getenv("TMPDIR");
    char path[4096];

    if (output && strcmp(output, "-") != 0)
        return kymo_output_scratch(output, e);
    snprintf(path, sizeof path, "%s/kymo-beats", tmp && *tmp ? tmp : "/tmp");
    return kymo_output_scratch(path, e);
}

static int begin(struct again *a, const struct kymo_header *h, struct kymo_err *e)
{
    a->scratch = open_scratch(a->output, e);
    a->stream = a->scratch ? kymo_create(kymo_format_named("kymo"), a->scratch, h, 0, e) : NULL;
    return a->stream ? 0 : kymo_during(e, "cannot keep what the pipe brings");
}

int again_keep(void *self, struct kymo_block *b, struct kymo_err *e)
{
    struct again *const a = self;
    const int rc = a->stream ? 0 : begin(a, b->hdr, e);

    return rc < 0 ? rc : kymo_write(a->stream, b, e);
}

struct kymo_reader *again_open(struct again *a, const struct kymo_header *h, struct kymo_err *e)
{
    char path[32];

    if ((!a->stream && begin(a, h, e) < 0) || kymo_write_finish(a->stream, e) < 0 || kymo_output_flush(a->scratch, e) < 0)
        return NULL;
    snprintf(path, sizeof path, "/dev/fd/%d", kymo_output_descriptor(a->scratch));
    return kymo_open(path, NULL, e);
}

void again_release(struct again *a)
{
    kymo_writer_destroy(a->stream);
    kymo_output_destroy(a->scratch);
}
