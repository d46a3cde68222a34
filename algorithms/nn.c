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

int nn_check(const struct nn_series *s, struct kymo_err *e)
{
    for (size_t i = 0; i < s->n; i++)
        if (!(s->nn_ms[i] > 0 && s->nn_ms[i] <= 1e12))   /* the bound keeps every sum of squares finite */
            return kymo_fail(e, KYMO_EDATA, "interval %zu is %g ms, not a positive number up to 1e12", i, s->nn_ms[i]);
    return 0;
}

int nn_check_times(const struct nn_series *s, struct kymo_err *e)
{
    for (size_t i = 0; i < s->n; i++) {
        if (!(fabs(s->end_s[i]) <= 1e12))
            return kymo_fail(e, KYMO_EDATA, "interval %zu ends at %g s, not within 1e12 of 0", i, s->end_s[i]);
        if (i > 0 && !(s->end_s[i] - s->end_s[i - 1] >= 1e-6))
            return kymo_fail(e, KYMO_EDATA, "interval %zu ends at %.9g s, not 1e-6 or more after interval %zu at %.9g s", i,
                             s->end_s[i], i - 1, s->end_s[i - 1]);
    }
    return 0;
}

double nn_start_s(const struct nn_series *s, size_t i)
{
    return s->end_s[i] - s->nn_ms[i] / 1000;
}
