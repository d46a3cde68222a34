/* formats/csv_header.h - the first line of a table of samples: cells, and what a column's name says. */
#ifndef KYMO_CSV_HEADER_H
#define KYMO_CSV_HEADER_H

#include "lib/record.h"

enum csv_role { CSV_SIGNAL, CSV_TIME, CSV_NUMBER, CSV_OTHER };   /* NUMBER: the samples' numbers stand for times */

/* The cell at *p, blanks and quotation marks around it taken off (doubled ones inside stay): *cell, *n. Moves *p to the
 * separator behind it, or to end. */
void csv_cell(const char **p, const char *end, char separator, const char **cell, size_t *n);

/* Makes doubled quotation marks in name[n] single ones; returns the length that is left. */
size_t csv_unquote(char *name, size_t n);

/* The separator of a line of names: that of tab, comma and semicolon which stands there most often. */
char csv_separator(const char *line, size_t n);

/* What name[n] names: a column of times (time_s, t, timestamp, "Elapsed time" ...; *ns_per_unit tells its unit), of sample
 * numbers, or a signal. is_first: "t" means time in the first column only. */
enum csv_role csv_role_of(const char *name, size_t n, bool is_first, int64_t *ns_per_unit);

/* "ABP [mmHg]", "ABP (mmHg)", "ABP_mmHg": the lengths of label and unit, *unit where that begins. An empty pair of
 * brackets says: no unit. */
size_t csv_split_label(const char *name, size_t n, const char **unit, size_t *n_unit);

/* Whether head[n] has no bytes that text does not have: controls but for tabs and ends of lines. False where n is 0. */
bool csv_is_text(const unsigned char *head, size_t n);

/* Whether head[n], the beginning of a file, looks like a table of samples: 0..100, as kymo_format's probe. */
int csv_probe(const unsigned char *head, size_t n, bool named_so, char separator);

/* Whether a signal of that label and no unit must have "[]" behind it, so that it reads back as such. */
bool csv_needs_brackets(const char *label);

#endif
