/* cli/spo2_columns.h - the measures of kymo spo2: their columns, units, names in the literature, definitions, sources. One
 * table for what is printed and for --list. */
#ifndef KYMO_CLI_SPO2_COLUMNS_H
#define KYMO_CLI_SPO2_COLUMNS_H

#include "algorithms/spo2_night.h"
#include "lib/table.h"

struct spo2_column {
    const char *name;             /* of the column, with its unit */
    int decimals;
    size_t offset;                /* of the double in struct spo2_measures */
    const char *known_as;         /* in Levy et al. 2021, if it is one of the 44; else as it is called, or "" */
    const char *unit, *definition, *source;
};

#define SPO2_MOST_COLUMNS 128

extern const struct spo2_column spo2_columns[];
extern const size_t n_spo2_columns;

static inline double spo2_value(const struct spo2_measures *m, const struct spo2_column *c)
{
    return *(const double *)(const void *)((const char *)m + c->offset);
}

#endif
