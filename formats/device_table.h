/* formats/device_table.h - a table of what a wearable measured, read whole: its rows in order of time, each with its place. */
#ifndef KYMO_DEVICE_TABLE_H
#define KYMO_DEVICE_TABLE_H

#include "formats/device_layout.h"
#include "lib/reader.h"

struct device_row {
    int64_t ns[2];               /* since 1970, for both orders of day and month; once the table is read, ns[0] is the one, */
    int64_t time_ns;             /* and this the same from the start of the recording */
    int64_t line;                /* of the file */
    int64_t index;               /* of its samples */
    const char *note;            /* an event's text; NULL: none */
    double note_value;
    double value[DEVICE_MOST_VALUES];
    bool is_sample, new_segment;
};

struct device_table {
    struct device_row *row;
    size_t n, cap;
    struct kymo_text_piece *text;   /* the notes' */
};

/* Reads r->in to its end: fills *t, and the signals, subject, start and length of r->source. release frees what *t holds, also
 * after a failure. */
int device_table_read(struct kymo_reader *r, const struct device_layout *layout, struct device_table *t, struct kymo_err *e);
void device_table_release(struct device_table *t);

#endif
