/* lib/columns.h - a table read whole: CSV, TSV or with semicolons, as RFC 4180, with a line of names first.
 *
 * Cells stay the text they were; what of a column are numbers is found when it is asked for. Which of tab, comma and
 * semicolon separates is told from the first line. Ends LF and CR LF; lines without anything in them are left out, so are
 * those before the names that begin with #. A column without a name is called column_N, N from 1.
 * Memory: the file, 4 bytes for each cell and 16 for each row. */
#ifndef KYMO_COLUMNS_H
#define KYMO_COLUMNS_H

#include "lib/input.h"

struct kymo_columns {
    char *input;                  /* what messages call it */
    size_t n, n_rows;
    const char **name;            /* [n], each another */
    char separator;
    char *bytes;                  /* all of the file; cells are terminated in it */
    size_t n_bytes;
    struct kymo_columns_row *row; /* [n_rows] */
    uint32_t *cell;               /* [n_rows * n]: where a cell begins, from the beginning of its row */
};

/* path "-" is standard input. NULL with *e set: KYMO_EFORMAT where quotation marks do not close, a row has another length
 * than the line of names, two columns have one name, a byte is zero, or there is no line of names. */
struct kymo_columns *kymo_columns_open(const char *path, struct kymo_err *e);
struct kymo_columns *kymo_columns_read(struct kymo_input *in, struct kymo_err *e);   /* in stays the caller's */
void kymo_columns_close(struct kymo_columns *t);   /* NULL is fine */

const char *kymo_columns_cell(const struct kymo_columns *t, size_t row, size_t column);   /* until close */
int64_t kymo_columns_line(const struct kymo_columns *t, size_t row);   /* in the file, from 1 */
size_t kymo_columns_find(const struct kymo_columns *t, const char *name);   /* its index, or t->n */

/* What a column holds. Missing: empty, or a usual word for that (kymo_is_missing). A decimal comma is a point where the
 * cell has no other. */
struct kymo_columns_count {
    size_t numbers, missing, others;
    size_t commas;                /* of the numbers, those with a decimal comma */
    size_t first_other;           /* row of the first cell that is neither number nor missing */
};

/* The numbers of a column to x[n_rows], NaN for other cells; x NULL: only counts. */
struct kymo_columns_count kymo_columns_numbers(const struct kymo_columns *t, size_t column, double *x);

#endif
