/* algorithms/nn.c - see nn.h. */
#include "algorithms/nn.h"

#include <math.h>

double nn_sd_ms(const struct nn_series *s)
{
    const double n = (double)s->n;
    double sum = 0, dev = 0, dev2 = 0;

    for (size_t i = 0; i < s->n; i++)
        sum += s->nn_ms[i] - s->nn_ms[0];   /* from the first, so that equal intervals have no rounding */
    for (size_t i = 0; i < s->n; i++) {
        const double d = s->nn_ms[i] - s->nn_ms[0] - sum / n;
        dev += d;
        dev2 += d * d;
    }
    return s->n < 2 ? NAN : sqrt(fmax(0, dev2 - dev * dev / n) / (n - 1));
}

void nn_count_left(const struct nn_series *s, uint32_t *left)
{
    for (size_t i = s->n; i-- > 0;)
        left[i] = i + 1 < s->n && nn_follows(s, i + 1) ? left[i + 1] + 1 : 1;
}
