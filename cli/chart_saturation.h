/* cli/chart_saturation.h - how long SpO2 was at each per cent. */
#ifndef KYMO_CLI_CHART_SATURATION_H
#define KYMO_CLI_CHART_SATURATION_H

#include "cli/chart.h"

#define SATURATION_BINS 101       /* 0..100 % */

/* share_pct[SATURATION_BINS]: of the readings those that round to so many per cent. Some is above 0. */
void chart_saturation(struct kymo_draw *d, const struct chart_place *place, const double *share_pct);

#endif
