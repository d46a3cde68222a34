/* cli/chart_12lead.h - the sheet of an electrocardiograph: 12 leads in 3 rows of 4, a quarter of the time each, and one lead
 * for all of the time below. */
#ifndef KYMO_CLI_CHART_12LEAD_H
#define KYMO_CLI_CHART_12LEAD_H

#include "cli/chart_ecg.h"

enum { LEADS_12 = 12, LEAD_OF_RHYTHM = 1 };   /* II */

extern const char *const chart_12lead_name[LEADS_12];

struct chart_12lead {
    const struct chart_curve *lead[LEADS_12];   /* in mV, in the order of the names; NULL: not recorded */
    double from_s, length_s;
    const struct chart_mark *mark;
    size_t n_marks;
    bool has_marks;
    struct ecg_scale scale;
};

#define SHEET_GUTTER_MM 10.0      /* left of the paper */

/* Halves the scale of amplitude until each part of a lead fits into its row. */
void chart_12lead_fit(struct chart_12lead *s);

/* Of the sheet in mm, labels and scale among it; and the sheet, its upper left corner at x, y. */
double chart_12lead_width(const struct chart_12lead *s);
double chart_12lead_height(const struct chart_12lead *s);
void chart_12lead(struct kymo_draw *d, double x, double y, const struct chart_12lead *s);

#endif
