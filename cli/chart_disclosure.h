/* cli/chart_disclosure.h - full disclosure: all of a lead, line below line, small.
 *
 * A day is ten millions of samples, so it is drawn as finely as printers do and no finer: of each column, 1/2 point wide, the
 * least and the greatest, on a grid of 1/8 point (576 to the inch). In a file these are short numbers, and few. */
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

/* Columns of a line in a place so wide: more points than 4 for each of them are of no use. */
size_t chart_disclosure_columns(double width_mm);

/* The largest of 20, 10, 5 ... mm/mV at which nine of ten lines are at most 1.6 times as high as they are apart. */
double chart_disclosure_gain(const struct chart_disclosure *c, double line_mm);

/* All of it, text too, into place. */
void chart_disclosure(struct kymo_draw *d, const struct chart_place *place, const struct chart_disclosure *c);

#endif
