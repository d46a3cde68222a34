/* lib/events.h - prints events as a table, kymo-events(5). */
#ifndef KYMO_EVENTS_H
#define KYMO_EVENTS_H

#include "lib/record.h"
#include "lib/table.h"

#define KYMO_EVENT_COLUMNS \
    {"time_s", 9}, {"sample", 0}, {"signal", 0}, {"type", 0}, {"duration_s", 9}, {"value", 6}, {"text", 0}

/* A row. h names the signal; commands that add columns print them and end the row themselves. */
void kymo_event_cells(struct kymo_table *t, const struct kymo_header *h, const struct kymo_event *ev);

/* The last row of a table whose maker failed: type "error", the message as text. A reader of the table refuses it, so
 * that the events before it are not taken for all there are. */
int kymo_event_error(struct kymo_table *t, const struct kymo_err *why, struct kymo_err *e);

#endif
