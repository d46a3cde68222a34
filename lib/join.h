/* lib/join.h - several recordings in a row as one.
 *
 * All are added before any is copied, to see that they fit together: the same signals, of the same rate, unit, storage and
 * calibration. Each begins a new segment of the whole, so that no filter and no interval goes across a joint. Where each
 * begins is said by its date, if both it and the first recording have one, else by the end of the one before it. Samples
 * and events keep their places within their recording; their numbers go on through the whole. */
#ifndef KYMO_JOIN_H
#define KYMO_JOIN_H

#include "lib/reader.h"
#include "lib/writer.h"

struct kymo_join;

/* Of at most so many recordings. direct: each follows the one before, whatever their dates say. NULL with *e set. */
struct kymo_join *kymo_join_create(size_t most, bool direct, struct kymo_err *e);
void kymo_join_destroy(struct kymo_join *j);   /* NULL is fine */

/* One recording more, by its header; path, which stays the caller's, is for messages. KYMO_EDATA where it does not fit. */
int kymo_join_add(struct kymo_join *j, const char *path, const struct kymo_header *h, struct kymo_err *e);

/* Once all are added: the header of the whole, the first one's with the tracks of all, to which a line of history may be
 * added. NULL with *e set. */
struct kymo_header *kymo_join_start(struct kymo_join *j, struct kymo_err *e);

/* All of recording k, counted as they were added, into w, which has the header of the whole. In order, each once. Says in
 * log which gap is before it. */
int kymo_join_copy(struct kymo_join *j, size_t k, struct kymo_reader *r, struct kymo_writer *w, const struct kymo_log *log,
                   struct kymo_err *e);

#endif
