/* lib/spool.c - see spool.h. */
#include "lib/spool.h"

#include <stdlib.h>

struct kymo_spool {
    struct kymo_output *scratch;
    struct kymo_writer *stream;
};

struct kymo_spool *kymo_spool_create(struct kymo_output *scratch, const struct kymo_header *h, struct kymo_err *e)
{
    struct kymo_spool *const s = scratch ? calloc(1, sizeof *s) : NULL;

    if (scratch && !s)
        kymo_fail(e, KYMO_ENOMEM, "no memory to put a recording aside");
    if (!s) {
        kymo_output_destroy(scratch);
        return NULL;
    }
    s->scratch = scratch;
    if ((s->stream = kymo_create(kymo_format_named("kymo"), scratch, h, 0, e)))
        return s;
    kymo_spool_destroy(s);
    return NULL;
}

int kymo_spool_write(struct kymo_spool *s, struct kymo_block *b, struct kymo_err *e) { return kymo_write(s->stream, b, e); }

int kymo_spool_write_samples(struct kymo_spool *s, const struct kymo_block *b, struct kymo_err *e)
{
    struct kymo_block samples = *b;

    samples.n_events = 0;
    return kymo_write(s->stream, &samples, e);
}

struct kymo_reader *kymo_spool_read(struct kymo_spool *s, struct kymo_err *e)
{
    char path[KYMO_REREAD_PATH];

    if (kymo_write_finish(s->stream, e) < 0 || kymo_output_reread(s->scratch, path, e) < 0)
        return NULL;
    return kymo_open(path, NULL, e);
}

void kymo_spool_destroy(struct kymo_spool *s)
{
    if (!s)
        return;
    kymo_writer_destroy(s->stream);
    kymo_output_destroy(s->scratch);
    free(s);
}
