/* cli/chart_poincare.h - each interval over the one before it, with the ellipse of SD1 and SD2 (algorithms/hrv_poincare.h). */
#ifndef KYMO_CLI_CHART_POINCARE_H
#define KYMO_CLI_CHART_POINCARE_H

#include "algorithms/nn_select.h"
#include "cli/chart.h"

/* interval[n], of which those that are excluded, and those behind them, are dots of another colour; nn: those that are not.
 * withheld: why SD1 and SD2 are not told; NULL: they are. */
void chart_poincare(struct kymo_draw *d, const struct chart_place *place, const struct nn_interval *interval, size_t n,
                    const struct nn_series *nn, const char *withheld);

#endif
