/* lib/spool.h - a recording put aside until all of it is known, to be read a second time: a kymo stream in a file without a
 * name. */
#ifndef KYMO_SPOOL_H
#define KYMO_SPOOL_H

#include "lib/writer.h"

struct kymo_spool;

/* For the blocks of a recording of h. scratch is the file, the spool's from here on; NULL is one that could not be made: NULL
 * with *e set. */
struct kymo_spool *kymo_spool_create(struct kymo_output *scratch, const struct kymo_header *h, struct kymo_err *e);

/* The next block, in order of time. Returns 0 or a negative code. */
int kymo_spool_write(struct kymo_spool *s, struct kymo_block *b, struct kymo_err *e);
int kymo_spool_write_samples(struct kymo_spool *s, const struct kymo_block *b, struct kymo_err *e);   /* without its events */

/* All of it again, once, for kymo_close; nothing can be written any more. NULL with *e set. */
struct kymo_reader *kymo_spool_read(struct kymo_spool *s, struct kymo_err *e);

void kymo_spool_destroy(struct kymo_spool *s);   /* NULL is fine */

#endif
