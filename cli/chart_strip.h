/* cli/chart_strip.h - a strip of ECG: leads below each other on one paper, at the same times. */
#ifndef KYMO_CLI_CHART_STRIP_H
#define KYMO_CLI_CHART_STRIP_H

#include "cli/chart_ecg.h"

#define STRIP_GUTTER_MM 10.0      /* left of the paper: marks of calibration */

struct chart_strip {
    const struct chart_curve *lead;   /* in mV */
    size_t n_leads;
    double from_s, length_s;
    const struct chart_mark *mark;
    size_t n_marks;
    bool has_marks;               /* there is a lane for them, even if there are none here */
    struct ecg_scale scale;
};

/* Halves the scale of amplitude until the strip is at most room_mm high. */
void chart_strip_fit(struct chart_strip *s, double room_mm);

/* Of the strip in mm, labels and scale among it; and the strip, its upper left corner at x, y. */
double chart_strip_width(const struct chart_strip *s);
double chart_strip_height(const struct chart_strip *s);
void chart_strip(struct kymo_draw *d, double x, double y, const struct chart_strip *s);

#endif
