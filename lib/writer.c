/* lib/writer.c - see writer.h. */
#include "lib/writer.h"

#include <stdlib.h>
#include <string.h>

const struct kymo_format *kymo_format_named(const char *name)
{
    const struct kymo_format *const *f = kymo_formats;

    while (*f && strcmp((*f)->name, name) != 0)
        f++;
    return *f;
}

struct kymo_writer *kymo_create(const struct kymo_format *format, struct kymo_output *out, const struct kymo_header *h,
                                int64_t event_delay_ns, struct kymo_err *e)
{
    struct kymo_writer *w = calloc(1, sizeof *w);

    if (!w) {
        kymo_fail(e, KYMO_ENOMEM, "no memory to write %s", kymo_output_name(out));
        return NULL;
    }
    kymo_header_init(&w->hdr);
    w->out = out;
    w->event_delay_ns = event_delay_ns;
    int rc = format->create ? kymo_header_copy(&w->hdr, h, NULL, 0, e)
                            : kymo_fail(e, KYMO_EUSAGE, "kymo does not write %s", format->name);
    if (rc == 0) {
        w->format = format;
        rc = format->create(w, e);
    }
    if (rc == 0)
        return w;
    kymo_writer_destroy(w);
    return NULL;
}

int kymo_write(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e) { return w->format->write(w, b, e); }

int kymo_write_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e)
{
    return w->format->write_event(w, ev, e);
}

int kymo_write_finish(struct kymo_writer *w, struct kymo_err *e) { return w->format->finish(w, e); }

void kymo_writer_destroy(struct kymo_writer *w)
{
    if (!w)
        return;
    if (w->format)
        w->format->discard(w);
    kymo_header_release(&w->hdr);
    free(w);
}
