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

/* Whether path ends with one of the words of endings, and does not consist of it alone. */
static bool has_ending(const char *path, const char *endings)
{
    const size_t n_path = strlen(path);

    for (const char *word = endings; *word; word += strspn(word, " ")) {
        const size_t n = strcspn(word, " ");
        if (n < n_path && kymo_is_word(word, n, path + n_path - n))
            return true;
        word += n;
    }
    return false;
}

const struct kymo_format *kymo_format_for(const char *path)
{
    const struct kymo_format *const *f = kymo_formats;

    while (*f && !((*f)->endings && has_ending(path, (*f)->endings)))
        f++;
    return *f;
}

static int start_writer(struct kymo_writer *w, const struct kymo_format *format, const struct kymo_header *h,
                        struct kymo_err *e)
{
    int rc = format->create ? kymo_header_copy(&w->hdr, h, NULL, 0, e)
                            : kymo_fail(e, KYMO_EUSAGE, "kymo does not write %s", format->name);

    if (rc < 0)
        return rc;
    if (w->hdr.latency_ns > 0 && (w->hdr.event_delay_ns > 0 || w->event_delay_ns > 0))   /* and the frame that brings them */
        w->hdr.event_delay_ns += w->event_delay_ns + w->hdr.latency_ns;
    w->format = format;
    return format->create(w, e);
}

static struct kymo_writer *create_writer(const struct kymo_writer *like, const struct kymo_format *format,
                                         const struct kymo_header *h, struct kymo_err *e)
{
    struct kymo_writer *w = calloc(1, sizeof *w);

    if (!w) {
        kymo_fail(e, KYMO_ENOMEM, "no memory to write %s", format->name);
        return NULL;
    }
    *w = *like;
    kymo_header_init(&w->hdr);
    if (start_writer(w, format, h, e) == 0)
        return w;
    w->own_out = NULL;   /* the caller's, who opened it */
    kymo_writer_destroy(w);
    return NULL;
}

struct kymo_writer *kymo_create(const struct kymo_format *format, struct kymo_output *out, const struct kymo_header *h,
                                int64_t event_delay_ns, struct kymo_err *e)
{
    return create_writer(&(struct kymo_writer){.out = out, .event_delay_ns = event_delay_ns}, format, h, e);
}

struct kymo_writer *kymo_create_file(const struct kymo_format *format, const char *path, const struct kymo_header *h,
                                     int64_t event_delay_ns, bool lossy, const struct kymo_log *log, struct kymo_err *e)
{
    return kymo_create_variant(format, NULL, path, h, event_delay_ns, lossy, log, e);
}

struct kymo_writer *kymo_create_variant(const struct kymo_format *format, const char *variant, const char *path,
                                        const struct kymo_header *h, int64_t event_delay_ns, bool lossy,
                                        const struct kymo_log *log, struct kymo_err *e)
{
    const bool is_stdout = !path || strcmp(path, "-") == 0;
    struct kymo_output *out = NULL;

    if (is_stdout && format->makes_files) {
        kymo_fail(e, KYMO_EUSAGE, "%s is not for a pipe: name a file", format->name);
        return NULL;
    }
    if (!format->makes_files && !(out = kymo_output_open(path, e)))
        return NULL;
    struct kymo_writer *w = create_writer(&(struct kymo_writer){.out = out, .own_out = out, .path = path, .lossy = lossy,
                                          .variant = variant, .log = *log, .event_delay_ns = event_delay_ns}, format, h, e);
    if (!w)
        kymo_output_destroy(out);
    return w;
}

int kymo_write(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e) { return w->format->write(w, b, e); }

int kymo_write_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e)
{
    return w->format->write_event(w, ev, e);
}

int kymo_write_finish(struct kymo_writer *w, struct kymo_err *e)
{
    const int rc = w->format->finish(w, e);

    return rc == 0 && w->own_out ? kymo_output_finish(w->own_out, e) : rc;
}

void kymo_writer_destroy(struct kymo_writer *w)
{
    if (!w)
        return;
    if (w->format)
        w->format->discard(w);
    kymo_output_destroy(w->own_out);
    kymo_header_release(&w->hdr);
    free(w);
}

int kymo_copy(struct kymo_reader *r, struct kymo_writer *w, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    while ((rc = kymo_read(r, &b, e)) > 0)
        if ((rc = kymo_write(w, b, e)) < 0)
            return rc;
    return rc < 0 ? rc : kymo_write_finish(w, e);
}
