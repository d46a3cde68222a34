/* formats/csv_rate.h - the sampling rate that a column of times tells. */
#ifndef KYMO_CSV_RATE_H
#define KYMO_CSV_RATE_H

#include "lib/text.h"

struct csv_times {
    const int64_t *ns;
    size_t n;
    int64_t step_ns;             /* value of the last digit that the times were printed with */
};

struct csv_grid {
    struct kymo_ratio rate;      /* the simplest fraction that gives all times to within half a step where that can be */
    double jitter_ns;            /* how far from that grid times lie at most */
    size_t bad;                  /* where there is no grid: the first time that lies on none */
};

/* Over the longest run of times without a jump; false where there are less than two times, they do not increase, or they
 * lie on no grid to within half a sample. */
bool csv_find_rate(const struct csv_times *t, struct csv_grid *grid);

#endif
