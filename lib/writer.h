/* lib/writer.h - gives a recording out, in any format that can write. */
#ifndef KYMO_WRITER_H
#define KYMO_WRITER_H

#include "lib/output.h"
#include "lib/reader.h"

struct kymo_writer {
    struct kymo_output *out;  /* where formats that are one stream of bytes go; NULL for the others, */
    const char *path;         /* which make their files themselves: beside, and into place when they finish */
    const char *variant;      /* of the format, "212"; NULL: its usual one */
    bool lossy;               /* what the format cannot hold is left out and told of, not refused */
    struct kymo_log log;
    struct kymo_header hdr;
    int64_t event_delay_ns;   /* events come at most so much later than the samples that they lie in */
    const struct kymo_format *format;
    void *state;
    struct kymo_output *own_out;   /* out, where kymo_create_file opened it */
};

/* Writes h (copied) to out, which stays the caller's. NULL with *e set, also where format cannot write. */
struct kymo_writer *kymo_create(const struct kymo_format *format, struct kymo_output *out, const struct kymo_header *h,
                                int64_t event_delay_ns, struct kymo_err *e);

/* The same to a file, or several of the name path where the format is such; NULL or "-": standard output, for formats
 * that are one stream. The files are in place, whole, when kymo_write_finish has returned 0, and else as they were. */
struct kymo_writer *kymo_create_file(const struct kymo_format *format, const char *path, const struct kymo_header *h,
                                     int64_t event_delay_ns, bool lossy, const struct kymo_log *log, struct kymo_err *e);

/* The same in a variant of the format; NULL: the usual one. */
struct kymo_writer *kymo_create_variant(const struct kymo_format *format, const char *variant, const char *path,
                                        const struct kymo_header *h, int64_t event_delay_ns, bool lossy,
                                        const struct kymo_log *log, struct kymo_err *e);

/* b belongs to a header with the same signals. Its events are written too. */
int kymo_write(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e);

/* One event more, of a track of the writer's header. */
int kymo_write_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e);

/* All blocks and events that r still has, and the end. r->hdr has the signals and tracks of the writer's header. */
int kymo_copy(struct kymo_reader *r, struct kymo_writer *w, struct kymo_err *e);

int kymo_write_finish(struct kymo_writer *w, struct kymo_err *e);   /* end mark; once */
void kymo_writer_destroy(struct kymo_writer *w);                    /* NULL is fine */

/* The format of that name, or NULL. */
const struct kymo_format *kymo_format_named(const char *name);

/* The format whose files have the ending of path, whatever its case, or NULL. */
const struct kymo_format *kymo_format_for(const char *path);

#endif
