/* cli/chart_histogram.h - how often intervals of each length are, in bins of 1/128 s as the Task Force has them. */
#ifndef KYMO_CLI_CHART_HISTOGRAM_H
#define KYMO_CLI_CHART_HISTOGRAM_H

#include "algorithms/nn.h"
#include "cli/chart.h"

/* withheld: why SDNN is not told; NULL: it is. 0 or KYMO_ENOMEM. */
int chart_histogram(struct kymo_draw *d, const struct chart_place *place, const struct nn_series *nn, const char *withheld,
                    struct kymo_err *e);

#endif
