/* formats/edf_writer.h - writes EDF, EDF+, BDF and BDF+: the writing half of kymo_format_edf and kymo_format_bdf. */
#ifndef KYMO_EDF_WRITER_H
#define KYMO_EDF_WRITER_H

#include "lib/writer.h"

int edf_create(struct kymo_writer *w, struct kymo_err *e);
int edf_write(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e);
int edf_write_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e);
int edf_finish(struct kymo_writer *w, struct kymo_err *e);
void edf_discard(struct kymo_writer *w);

#endif
