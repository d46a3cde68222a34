/* formats/spool.h - the samples of a recording, put aside until all of them are known: a kymo stream without a name, in the
 * folder that the recording is written to. */
#ifndef KYMO_SPOOL_H
#define KYMO_SPOOL_H

#include "lib/writer.h"

struct spool;

/* For the samples of w, which writes to w->path. NULL with *e set. */
struct spool *spool_create(const struct kymo_writer *w, struct kymo_err *e);

/* The samples of b, without its events. */
int spool_write(struct spool *s, struct kymo_block *b, struct kymo_err *e);

/* All of them again, once, for kymo_close; nothing can be written any more. NULL with *e set. */
struct kymo_reader *spool_read(struct spool *s, struct kymo_err *e);

void spool_destroy(struct spool *s);   /* NULL is fine */

#endif
