/* cli/score_numbers.h - the numbers that kymo score tables. Each is a count or a quotient of sums, so that one piece of code
 * adds up the gross line, averages records and draws records anew for the intervals. */
#ifndef KYMO_CLI_SCORE_NUMBERS_H
#define KYMO_CLI_SCORE_NUMBERS_H

#include "cli/score.h"

/* PERCENT: 100 part / whole. RMS: sqrt(part / whole). MEAN: part / whole. NORMALISED: RMS in per cent of scale / whole. */
enum score_kind { COUNT, PERCENT, RMS, MEAN, NORMALISED };

struct score_cell {
    double part, whole, scale;
};

struct score_number {
    struct kymo_column column;
    enum score_kind kind;
};

#define SCORE_MOST_NUMBERS 24

struct score_table {
    const struct score_number *number;
    size_t n;
    const char *group;                /* name of the column that tells groups apart, or NULL */
};

extern const struct score_table score_tables[];   /* by enum score_what */

double score_value(enum score_kind kind, struct score_cell c);   /* NaN where the whole is 0 */

/* cell[n of numbers] of a result. */
void score_cells(enum score_what what, const struct score_result *r, struct score_cell *cell);

#endif
