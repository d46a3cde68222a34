/* formats/csv_writer.h - writes samples as CSV or TSV: the functions of a struct kymo_format, kymo-formats(7). */
#ifndef KYMO_CSV_WRITER_H
#define KYMO_CSV_WRITER_H

#include "lib/writer.h"

int csv_create(struct kymo_writer *w, struct kymo_err *e);
int csv_write(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e);
int csv_write_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e);
int csv_finish(struct kymo_writer *w, struct kymo_err *e);
void csv_discard(struct kymo_writer *w);

#endif
