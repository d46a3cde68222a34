/* formats/reals.c - see reals.h. */
#include "formats/reals.h"

#include <math.h>

#define MOST_DECIMALS 15

/* Exact doubles, all of them. */
static const double powers[MOST_DECIMALS + 1] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13,
                                                 1e14, 1e15};

void reals_init(struct reals *r, double most, bool single)
{
    *r = (struct reals){.low = INFINITY, .high = -INFINITY, .most = most, .single = single};
}

/* Integer and power are doubles without error, so that their quotient is the double nearest to the decimal: what reading
 * the decimal gives. Then it is so with more decimals too. */
static bool is_told(const struct reals *r, double x, int decimals)
{
    const double d = nearbyint(x * powers[decimals]), back = d / powers[decimals];

    return fabs(d) <= r->most && (r->single ? (float)back == (float)x : back == x);
}

/* More decimals, until x is told and what was seen before is still within the integers. */
static bool tell(struct reals *r, double x)
{
    const double far = r->low > r->high ? 0 : fmax(fabs(r->low), fabs(r->high));

    while (r->decimals <= MOST_DECIMALS && nearbyint(far * powers[r->decimals]) <= r->most && !is_told(r, x, r->decimals))
        r->decimals++;
    if (r->decimals <= MOST_DECIMALS && nearbyint(far * powers[r->decimals]) <= r->most)
        return true;
    r->decimals = -1;
    return false;
}

size_t reals_see(struct reals *r, const double *x, size_t n)
{
    size_t spoilt = n;

    for (size_t i = 0; i < n; i++) {
        const bool is_missing = isnan(x[i]);
        if (!is_missing && r->decimals >= 0 && !is_told(r, x[i], r->decimals) && !tell(r, x[i]))
            spoilt = i;
        r->n_missing += !isfinite(x[i]);
        if (isfinite(x[i])) {
            r->low = fmin(r->low, x[i]);
            r->high = fmax(r->high, x[i]);
        }
    }
    return spoilt;
}

double reals_gain(const struct reals *r) { return powers[r->decimals]; }

void reals_spread(const struct reals *r, double least, double most, double *gain, double *baseline)
{
    double low = r->low > r->high ? 0 : r->low, high = r->low > r->high ? 0 : r->high;

    if (!(low < high)) {   /* one value only: about it, so that it is one of the steps' */
        const double room = fmax(fabs(low), 1);
        low -= room;
        high += room;
    }
    *gain = (most - least - 1) / (high - low);   /* half a step at each end for the rounding of the baseline */
    *baseline = nearbyint((least + most - (low + high) * *gain) / 2);
    if (fabs(*baseline) <= INT32_MAX)
        return;
    *gain = fmin(-least, most) / fmax(fabs(low), fabs(high));
    *baseline = 0;
}
