/* cli/chart_overview.h - a day at a glance: heart rate, and below it a lane for each kind of episode and of ectopic beat. */
#ifndef KYMO_CLI_CHART_OVERVIEW_H
#define KYMO_CLI_CHART_OVERVIEW_H

#include "cli/chart.h"

/* Rates in a stretch of bin_s; NaN where there is none. */
struct overview_bin {
    double mean, least, greatest;
};

struct overview_lane {
    const char *name;
    const struct chart_mark *mark;
    size_t n;
};

struct chart_overview {
    const struct overview_bin *bin;
    size_t n_bins;
    double bin_s, from_s, to_s;
    const struct overview_lane *lane;
    size_t n_lanes;
};

#define OVERVIEW_LANE_MM 5.0
#define OVERVIEW_RATE_MM 75.0

/* Of a picture. */
double chart_overview_height(const struct chart_overview *o);

/* All of it, text too, into place. */
void chart_overview(struct kymo_draw *d, const struct chart_place *place, const struct chart_overview *o);

#endif
