/* cli/oximetry_curves.h - SpO2 and pulse rate as curves for a chart. For kymo plot and kymo report. */
#ifndef KYMO_CLI_OXIMETRY_CURVES_H
#define KYMO_CLI_OXIMETRY_CURVES_H

#include "cli/chart.h"
#include "cli/oximetry.h"

struct oximetry_curves {
    struct chart_curve spo2, pulse;   /* %, per min; what no pulse is, a code of the monitor, is none */
    bool has_pulse;
    double *room;
};

/* The envelope of what lies from from_s to to_s in so many columns. *c is zeroed memory, and to be released whatever comes
 * back: 0 or KYMO_ENOMEM. */
int oximetry_curves_make(struct oximetry_curves *c, const struct oximetry *o, double from_s, double to_s, size_t n_columns,
                         struct kymo_err *e);
void oximetry_curves_release(struct oximetry_curves *c);

#endif
