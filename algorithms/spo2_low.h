/* algorithms/spo2_low.h - how long and how far a night of SpO2 lies below a level.
 *
 *   T     valid samples with x < level, % of the valid ones: T90 as clinics count it
 *   CT    the same with x <= level, which of whole per cents is a whole per cent more: CT of J. Levy et al., npj Digit.
 *         Med. 4:1, 2021, as their toolbox (pobm 1.0.5) counts it
 *   CA    sum of level - x over the samples below, / valid samples, %
 *
 * The toolbox divides by missing samples too; where none is missing the values are the same. */
#ifndef KYMO_SPO2_LOW_H
#define KYMO_SPO2_LOW_H

#include <stddef.h>

struct spo2_low {
    double t_pct, ct_pct, ca_pct;   /* NaN without a valid sample */
};

/* x_pct[n] at 1 Hz, NaN: no sample. Cannot fail. */
struct spo2_low spo2_low(const double *x_pct, size_t n, double level_pct);

#endif
