/* algorithms/spo2_low.c - see spo2_low.h. */
#include "algorithms/spo2_low.h"

#include <math.h>

struct spo2_low spo2_low(const double *x_pct, size_t n, double level_pct)
{
    size_t n_valid = 0, n_below = 0, n_not_above = 0;
    double area = 0;

    for (size_t i = 0; i < n; i++) {
        n_valid += isnan(x_pct[i]) ? 0 : 1;
        n_below += x_pct[i] < level_pct;
        n_not_above += x_pct[i] <= level_pct;
        area += x_pct[i] < level_pct ? level_pct - x_pct[i] : 0;
    }
    const double count = (double)n_valid;   /* 0 / 0 is NaN, as wanted */
    return (struct spo2_low){
        .t_pct = 100 * (double)n_below / count, .ct_pct = 100 * (double)n_not_above / count, .ca_pct = area / count,
    };
}
