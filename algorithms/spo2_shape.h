/* algorithms/spo2_shape.h - what the desaturations of a night look like: length, depth, area, slope, distance.
 *
 * Of each event, the samples x of a series at 1 Hz from its onset to its end, both included; max and min are theirs:
 *
 *   DL     end - onset, s             DLa   nadir - onset            DLb     end - nadir
 *   DA100  sum of 100 - x, %s         DAmax sum of max - x           DD100   100 - min           DDmax   max - min
 *   DS     slope of the line of least squares from the first max to the last min, %/s; none where min lies before max
 *   TD     onset of the next event - onset, s
 *
 * _u is the mean over the events, _sd the standard deviation (divided by the number of events, not by one less).
 * Source: J. Levy et al., npj Digit. Med. 4:1, 2021, table 1. Missing samples inside an event add nothing to its area. Where we
 * differ from their toolbox (pobm 1.0.5): without events the measures are NaN, not 0. */
#ifndef KYMO_SPO2_SHAPE_H
#define KYMO_SPO2_SHAPE_H

#include "algorithms/desat.h"

struct spo2_spread {
    double mean, sd;              /* NaN of nothing */
};

struct spo2_shape {
    size_t n;                     /* events */
    struct spo2_spread dl_s, dla_s, dlb_s, da100_pct_s, damax_pct_s, dd100_pct, ddmax_pct, ds_pct_per_s, td_s;
    double sum_dl_s, sum_da100_pct_s, sum_damax_pct_s;   /* over the events */
    double sum_burden_pct_s;      /* sum of the areas of desat_measure */
};

/* x_pct[n] at 1 Hz, NaN: no sample; event[n_events] in order of time, inside of it (end < n). Cannot fail. */
void spo2_shape(const double *x_pct, const struct desat *event, size_t n_events, struct spo2_shape *out);

#endif
