/* cli/chart_disclosure.h - full disclosure: all of a lead, line below line, small. */
#ifndef KYMO_CLI_CHART_DISCLOSURE_H
#define KYMO_CLI_CHART_DISCLOSURE_H

#include "cli/chart.h"

struct chart_disclosure {
    const struct chart_curve *lead;   /* in mV */
    double from_s, to_s, line_s;
    size_t n_lines;
    const struct chart_mark *mark;
    size_t n_marks;
    double mm_per_mv;
};

#define DISCLOSURE_TIMES_MM 14.0   /* left of the lines */

/* The largest of 20, 10, 5 ... mm/mV at which nine of ten lines are at most 1.6 times as high as they are apart. */
double chart_disclosure_gain(const struct chart_disclosure *c, double line_mm);

/* All of it, text too, into place. */
void chart_disclosure(struct kymo_draw *d, const struct chart_place *place, const struct chart_disclosure *c);

#endif
