/* formats/device_load.h - a wearable's table while it is read: what reading its rows (device_table.c) and giving them their
 * places (device_place.c) share. */
#ifndef KYMO_DEVICE_LOAD_H
#define KYMO_DEVICE_LOAD_H

#include "formats/device_table.h"

#define DEVICE_LONGEST_NOTE 400

struct device_load_column {
    enum device_role role;
    size_t value;                /* which of the row's */
    double none;                 /* the value that is none; 0: there is no such value */
    const char *name;
};

struct device_load {
    struct kymo_reader *r;
    const struct device_layout *layout;
    struct device_table *t;
    struct device_load_column column[DEVICE_MOST_COLUMNS];
    size_t n_columns, n_values;
    const char *label[DEVICE_MOST_VALUES];
    char separator;
    int64_t line, step_ns, shift_ns, interval_ns;
    int order;                   /* of day and month */
    size_t n_moved;              /* rows that became notes */
    char maker[200], given[100], family[100];
};

/* Orders the rows that were read, finds their interval and gives each its place; the rate, start and length of the recording go
 * to its header. Returns 0 or a negative code. */
int device_place_rows(struct device_load *l, struct kymo_err *e);

/* Appends "NAME: CELL" to text[cap], or cell[n] alone where name is "", with BETWEEN before it where text is not empty: what
 * fits. */
void device_append(char *text, size_t cap, const char *between, const char *name, const char *cell, size_t n);

/* A copy of a text as the note of a row, behind what that has. Returns 0 or KYMO_ENOMEM. */
int device_keep_note(struct device_load *l, struct device_row *row, const char *text, struct kymo_err *e);

static inline int device_warn(const struct device_load *l, int64_t line, const char *text, struct kymo_err *e)
{
    return kymo_warn(&l->r->want->log, e, kymo_input_name(l->r->in), line, "%s", text);
}

static inline int device_no_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a table of samples"); }

#endif
