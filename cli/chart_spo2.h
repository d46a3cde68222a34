/* cli/chart_spo2.h - a night's oximetry: SpO2, its desaturations, the pulse rate below. */
#ifndef KYMO_CLI_CHART_SPO2_H
#define KYMO_CLI_CHART_SPO2_H

#include "cli/chart.h"

struct chart_spo2 {
    const struct chart_curve *spo2, *pulse;   /* %, per min; pulse NULL: none */
    const struct chart_mark *desat;
    size_t n_desats;
    double from_s, to_s;
};

/* All of it, text too, into place. */
void chart_spo2(struct kymo_draw *d, const struct chart_place *place, const struct chart_spo2 *s);

#endif
