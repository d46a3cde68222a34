/* cli/chart_tachogram.h - intervals between beats over time. */
#ifndef KYMO_CLI_CHART_TACHOGRAM_H
#define KYMO_CLI_CHART_TACHOGRAM_H

#include "algorithms/nn_select.h"
#include "cli/chart.h"

struct chart_tachogram {
    const struct nn_interval *interval;   /* excluded ones are dots */
    size_t n;
    double from_s, to_s;
};

/* All of it, text too, into place. 0 or KYMO_ENOMEM. */
int chart_tachogram(struct kymo_draw *d, const struct chart_place *place, const struct chart_tachogram *t, struct kymo_err *e);

/* The limits of an axis for these intervals, those among them that are excluded too, but for what is longer than 3 s. */
struct chart_axis chart_rr_axis(const struct nn_interval *interval, size_t n, size_t n_steps, const char *name);

#endif
