/* lib/table.h - prints a table, row by row, as CSV, TSV, JSON lines, JSON or aligned text.
 *
 * CSV as RFC 4180, with LF; the first line names the columns. A cell that has no value is empty, null in JSON. Numbers
 * are decimal, with a point, without trailing zeros. Text is aligned by the widest of the first 1000 rows; a single row
 * of more than 200 characters is printed upright, a line for each value. */
#ifndef KYMO_TABLE_H
#define KYMO_TABLE_H

#include "lib/output.h"

enum kymo_table_form { KYMO_CSV, KYMO_TSV, KYMO_JSONL, KYMO_JSON, KYMO_TEXT };

struct kymo_column {
    const char *name;         /* with its unit: "rr_ms" */
    int decimals;             /* of reals, at most 9 */
};

struct kymo_table;

/* Prints to out, which stays the caller's; column[n] must stay. NULL with *e set. */
struct kymo_table *kymo_table_create(struct kymo_output *out, enum kymo_table_form form, const struct kymo_column *column,
                                     size_t n, struct kymo_err *e);

/* The next cell of the row. NaN, infinity and NULL are cells without a value. */
void kymo_cell_text(struct kymo_table *t, const char *text);
void kymo_cell_int(struct kymo_table *t, int64_t value);
void kymo_cell_real(struct kymo_table *t, double value);
void kymo_cell_digits(struct kymo_table *t, double value, int digits);     /* so many that count, 1..17 */
void kymo_cell_number(struct kymo_table *t, const char *text);             /* as it is written; none if empty */
void kymo_cell_seconds(struct kymo_table *t, int64_t ns);   /* to the nanosecond */
void kymo_cell_none(struct kymo_table *t);

/* Ends a row, which must have all its cells. Returns 0 or a negative code. */
int kymo_row_end(struct kymo_table *t, struct kymo_err *e);

int kymo_table_finish(struct kymo_table *t, struct kymo_err *e);   /* once, before destroy */
void kymo_table_destroy(struct kymo_table *t);                     /* NULL is fine */

/* A whole table to a file, or to standard output where path is NULL or "-": fill(of, ...) puts its rows. Returns what fill
 * did, which may be KYMO_SOME or KYMO_FOUND too, or a negative code. */
int kymo_print_table(const char *path, enum kymo_table_form form, const struct kymo_column *column, size_t n,
                     int (*fill)(const void *of, struct kymo_table *t, struct kymo_err *e), const void *of,
                     struct kymo_err *e);

#endif
