/* cli/chart_ecg.h - ECG as on the paper of an electrocardiograph, for charts of strips: squares of 1 and 5 mm, the mark of
 * calibration, a lead's trace, beats and episodes above it. */
#ifndef KYMO_CLI_CHART_ECG_H
#define KYMO_CLI_CHART_ECG_H

#include "cli/chart.h"

#define ECG_CALIBRATION_MM 5.0    /* width of the mark: 0.2 s at 25 mm/s */
#define ECG_MARKS_MM 8.0          /* height of the lane of beats and episodes */

struct ecg_scale {
    double mm_per_s, mm_per_mv;
};

/* width and height: whole millimetres */
void ecg_grid(struct kymo_draw *d, const struct chart_place *place);

/* A step of 1 mV, centred at y. */
void ecg_calibration(struct kymo_draw *d, double x, double y, struct ecg_scale scale);

/* The part of a curve, in mV, from from_s on that place has room for, with its mid at middle_mv; clipped to place. */
void ecg_trace(struct kymo_draw *d, const struct chart_place *place, const struct chart_curve *c, double from_s,
               double middle_mv, struct ecg_scale scale);

/* Beats as ticks with their type, other moments with their text, episodes as bars, of those that lie in the time that place
 * is long, in a lane of ECG_MARKS_MM at place's upper edge. */
void ecg_marks(struct kymo_draw *d, const struct chart_place *place, const struct chart_mark *mark, size_t n, double from_s,
               struct ecg_scale scale);

#endif
