/* formats/kymo_writer.h - writes the kymo stream: the functions of struct kymo_format that do, see lib/writer.h. */
#ifndef KYMO_KYMO_WRITER_H
#define KYMO_KYMO_WRITER_H

#include "lib/writer.h"

int kymo_stream_create(struct kymo_writer *w, struct kymo_err *e);
int kymo_stream_write(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e);
int kymo_stream_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e);
int kymo_stream_finish(struct kymo_writer *w, struct kymo_err *e);
void kymo_stream_discard(struct kymo_writer *w);

#endif
