/* cli/chart_stack.h - signals below each other at the same times, each with its own scale and unit. */
#ifndef KYMO_CLI_CHART_STACK_H
#define KYMO_CLI_CHART_STACK_H

#include "cli/chart.h"

struct chart_stack {
    const struct chart_curve *curve;
    size_t n;
    double from_s, to_s;
    const struct chart_mark *mark;
    size_t n_marks;
};

/* All of it, text too, into place. */
void chart_stack(struct kymo_draw *d, const struct chart_place *place, const struct chart_stack *s);

#endif
