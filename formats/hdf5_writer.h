/* formats/hdf5_writer.h - writes the layout of kymo-hdf5(5). */
#ifndef KYMO_HDF5_WRITER_H
#define KYMO_HDF5_WRITER_H

#include "lib/writer.h"

/* The members of struct kymo_format of these names. */
int hdf5_create(struct kymo_writer *w, struct kymo_err *e);
int hdf5_write(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e);
int hdf5_write_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e);
int hdf5_finish(struct kymo_writer *w, struct kymo_err *e);
void hdf5_discard(struct kymo_writer *w);

#endif
