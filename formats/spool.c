/* formats/spool.c - see spool.h. */
#include "formats/spool.h"

#include <stdio.h>
#include <stdlib.h>

struct spool {
    struct kymo_output *scratch;
    struct kymo_writer *stream;
};

struct spool *spool_create(const struct kymo_writer *w, struct kymo_err *e)
{
    struct spool *s = calloc(1, sizeof *s);

    if (!s)
        kymo_fail(e, KYMO_ENOMEM, "no memory to write %s", w->format->name);
    if (s && (s->scratch = kymo_output_scratch(w->path, e)) &&
        (s->stream = kymo_create(kymo_format_named("kymo"), s->scratch, &w->hdr, 0, e)))
        return s;
    spool_destroy(s);
    return NULL;
}

int spool_write(struct spool *s, struct kymo_block *b, struct kymo_err *e)
{
    struct kymo_block samples = *b;

    samples.n_events = 0;
    return kymo_write(s->stream, &samples, e);
}

struct kymo_reader *spool_read(struct spool *s, struct kymo_err *e)
{
    char path[32];

    if (kymo_write_finish(s->stream, e) < 0 || kymo_output_flush(s->scratch, e) < 0)
        return NULL;
    snprintf(path, sizeof path, "/dev/fd/%d", kymo_output_descriptor(s->scratch));
    return kymo_open(path, NULL, e);
}

void spool_destroy(struct spool *s)
{
    if (!s)
        return;
    kymo_writer_destroy(s->stream);
    kymo_output_destroy(s->scratch);
    free(s);
}
