/* formats/wfdb_put.h - the text of the header files of a WFDB record that is being written. */
#ifndef KYMO_WFDB_PUT_H
#define KYMO_WFDB_PUT_H

#include "formats/wfdb_state.h"

/* The header of the record, whose segments are complete: its signals or segments, and what is known of it as info lines. */
int wfdb_put_record(struct kymo_writer *w, struct kymo_output *out, struct kymo_err *e);

/* The header of the segment that is complete now, a record of its own called name. */
int wfdb_put_segment(const struct wfdb_writer *s, size_t n_signals, struct kymo_output *out, const char *name,
                     struct kymo_err *e);

#endif
