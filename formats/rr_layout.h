/* formats/rr_layout.h - what a list of intervals between beats looks like, found out from its beginning. */
#ifndef KYMO_RR_LAYOUT_H
#define KYMO_RR_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rr_layout {
    int64_t skip;                /* lines before the first interval */
    char separator;              /* of columns; ' ': any number of blanks */
    int columns, rr_column;
    int time_column;             /* -1: none */
    int64_t unit_ns;             /* of the intervals; 0: not to be told from their size */
    int64_t time_unit_ns;
    bool unit_is_told;           /* by a name, not guessed */
    bool of_beats;               /* times are those of beats: their steps are the intervals. Else of arrival */
    bool at_begin;               /* a time is that of the interval's beginning, not of its end */
    bool dated;                  /* times are dates */
    bool hrm, heart_rates;       /* a Polar HRM file; one without intervals */
    int64_t first_ns;            /* the first time */
    bool starts;                 /* the text tells when the recording began: */
    int64_t start_ns;            /* since 1970 */
    double median;               /* of the first intervals, in their unit */
};

/* How sure (0..100, 0: not at all) that a text that begins with head[n] is such a list. A cut last line is not looked at. */
int rr_look(const unsigned char *head, size_t n, struct rr_layout *layout);

struct rr_cells {
    const char *rr, *time;
    size_t n_rr, n_time;
};

/* The cells of a line. False where it has not the columns it should have. */
bool rr_split(const struct rr_layout *layout, const char *line, size_t n, struct rr_cells *cells);

bool rr_is_blank(const char *line, size_t n);   /* nothing, or a comment behind # or % */

/* A number of the list: with a decimal comma where commas do not separate columns. A time, in ns. */
bool rr_number(const struct rr_layout *layout, const char *cell, size_t n, double *value);
bool rr_time(const struct rr_layout *layout, const char *cell, size_t n, int64_t *ns);

#endif
