/* formats/edf_put.h - writes the header and the data records of an EDF file, once the plan is complete. */
#ifndef KYMO_EDF_PUT_H
#define KYMO_EDF_PUT_H

#include "formats/edf_plan.h"

/* Whether w's recording was read from plain EDF, and can be one again as far as the header knows. */
bool edf_was_plain(const struct kymo_header *h);

/* Refuses texts that EDF cannot hold, or tells what becomes of them. */
int edf_check_texts(struct kymo_writer *w, struct kymo_err *e);

/* The file as w->state plans it, with the samples of r; in place when this returns 0. */
int edf_put_file(struct kymo_writer *w, struct kymo_reader *r, struct kymo_err *e);

#endif
