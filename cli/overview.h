/* cli/overview.h - what the chart of a day at a glance is made of (cli/chart_overview.h), from the beats and episodes of a
 * recording. For kymo plot and kymo report. */
#ifndef KYMO_CLI_OVERVIEW_H
#define KYMO_CLI_OVERVIEW_H

#include "cli/chart_overview.h"
#include "cli/rhythm.h"

enum {
    OVERVIEW_V, OVERVIEW_S, OVERVIEW_EPISODES, OVERVIEW_NOISE = OVERVIEW_EPISODES + RHYTHM_KINDS, OVERVIEW_GAP, OVERVIEW_LANES
};

struct overview {
    const struct rhythm_record *r;
    struct chart_overview chart;
    struct overview_bin *bin;
    struct overview_lane lane[OVERVIEW_LANES];
    struct chart_mark *mark[OVERVIEW_LANES];
};

/* *o is zeroed memory, and to be released whatever comes back: 0 or KYMO_ENOMEM. r must stay. */
int overview_make(struct overview *o, const struct rhythm_record *r, struct kymo_err *e);
void overview_release(struct overview *o);

#endif
