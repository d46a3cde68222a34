/* formats/wfdb_writer.h - writes WFDB records: header, signal files, segments where there are gaps, annotation files.
 * The functions of struct kymo_format; the rules are in kymo-formats(7). */
#ifndef KYMO_WFDB_WRITER_H
#define KYMO_WFDB_WRITER_H

#include "lib/writer.h"

int wfdb_create(struct kymo_writer *w, struct kymo_err *e);
int wfdb_write(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e);
int wfdb_write_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e);
int wfdb_finish(struct kymo_writer *w, struct kymo_err *e);
void wfdb_discard(struct kymo_writer *w);

#endif
