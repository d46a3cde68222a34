/* formats/csv_state.h - a table of samples that is being read: what opening it (csv.c), looking ahead (csv_look.c), its cells
 * (csv_cells.c) and its rows (csv_rows.c) share. */
#ifndef KYMO_CSV_STATE_H
#define KYMO_CSV_STATE_H

#include "formats/csv_header.h"
#include "formats/csv_number.h"
#include "lib/reader.h"

#define CSV_LONGEST_LINE ((size_t)1 << 20)
#define CSV_LATEST_NS (INT64_C(1) << 59)     /* so that no sum of times overflows */

struct csv_column {
    enum csv_role role;
    bool decided;                /* a cell with something in it was seen */
    size_t signal;               /* of the source */
    const char *name;
};

struct csv {
    char separator;
    struct csv_column *column;
    size_t n_columns, n_signals;
    int64_t line;                /* number of the line read last */
    struct kymo_text_piece *text;

    struct kymo_ratio rate;
    bool timed, numbered;        /* rows have times, or sample numbers, that count */
    int64_t ns_per_unit, base_ns, step_ns;
    int digits;                  /* the most that a time was printed with */
    int64_t exact_ns;            /* times up to here are as exact as step_ns says */

    double *row;                 /* the row read last, a value for each signal of the source; */
    int64_t row_ns, last_ns;     /* its time, and that of the row before, if timed; */
    int64_t row_step_ns;         /* how exact its time is */
    bool pending;                /* it is not yet in a block */
    bool begun;
    int64_t segment_ns, segment_first, next;   /* index that the next row has, if no gap comes before it */
};

/* ---- csv_cells.c ---- */

/* "FILE:LINE: WHAT "CELL"", the cell cut to a length that a message can have. Returns the code. */
int csv_fail_line(const struct kymo_reader *r, enum kymo_code code, const char *what, const char *cell, size_t n,
                  struct kymo_err *e);

/* The same of a cell that should be a number of column c; a decimal comma is told as such. Returns KYMO_EFORMAT. */
int csv_fail_number(const struct kymo_reader *r, const struct csv_column *c, const char *cell, size_t n, struct kymo_err *e);

/* A time by the unit that its column's name tells. Returns 0, or KYMO_EFORMAT with *e set. */
int csv_take_time(const struct kymo_reader *r, const char *cell, size_t n, struct csv_time *t, struct kymo_err *e);

/* "1,5": a number, were the comma a point. */
bool csv_has_decimal_comma(const char *cell, size_t n);

/* A cell, of n bytes; with a point, in held, where it has a decimal comma and semicolons separate cells: then spreadsheets of
 * many countries write it so. Between tabs, "1,024" may be a thousand. */
const char *csv_pointed(const struct csv *s, const char *cell, size_t n, char held[CSV_NUMBER_BYTES]);

/* How exact a time is, in ns: to its last digit, and, where times were printed with a number of digits in all (MATLAB's
 * csvwrite: 99.992, 100, 100.01, 100.02, 100.02), the less the later it is. exact_until: the last time, in ns, that is as
 * exact as the first. */
int64_t csv_step_at(const struct csv *s, int64_t ns);
int64_t csv_exact_until(const struct csv *s);

static inline int csv_no_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a table of samples"); }

/* ---- csv_look.c ---- */

/* Looks at the rows ahead without taking them, so that a pipe will do: finds the rate where it is not told, how exact times
 * are, the start of the recording, and which columns hold numbers. *units: the next line names units and is to be passed
 * over; the names of the columns have them by now. Returns 0, or a negative code with *e set. */
int csv_look(struct kymo_reader *r, bool *units, struct kymo_err *e);

/* ---- csv_rows.c ---- */

/* The member read of struct kymo_format. */
int csv_read(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e);

#endif
