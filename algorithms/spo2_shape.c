/* algorithms/spo2_shape.c - see spo2_shape.h. */
#include "algorithms/spo2_shape.h"

#include "algorithms/line.h"

#include <math.h>

/* Mean and standard deviation as values come, B. P. Welford, Technometrics 4:419-420, 1962. */
struct running {
    double n, mean, squares;
};

static void add(struct running *r, double v)
{
    if (isnan(v))
        return;
    const double d = v - r->mean;
    r->n++;
    r->mean += d / r->n;
    r->squares += d * (v - r->mean);
}

static struct spo2_spread spread_of(const struct running *r)
{
    return (struct spo2_spread){.mean = r->n > 0 ? r->mean : NAN, .sd = r->n > 0 ? sqrt(r->squares / r->n) : NAN};
}

/* One event. */
struct measured {
    double da100, damax, dd100, ddmax, ds;
};

/* Of the fall, from the first highest to the last lowest sample; NaN where a sample is missing there. */
static double fall_slope(const double *x, size_t n, double max, double min)
{
    size_t first = 0, last = n;

    while (first < n && x[first] != max)
        first++;
    while (last > 0 && x[last - 1] != min)
        last--;
    return last > first ? line_slope(x + first, last - first) : NAN;
}

static struct measured measure(const double *x, const struct desat *event)
{
    const double *const from = x + event->onset;
    const size_t n = event->end - event->onset + 1;
    struct measured m = {.da100 = 0};
    double max = -INFINITY, min = INFINITY;

    for (size_t i = 0; i < n; i++) {
        max = fmax(max, from[i]);
        min = fmin(min, from[i]);
    }
    for (size_t i = 0; i < n; i++)
        if (!isnan(from[i])) {
            m.da100 += 100 - from[i];
            m.damax += max - from[i];
        }
    m.dd100 = 100 - min;
    m.ddmax = max - min;
    m.ds = fall_slope(from, n, max, min);
    return m;
}

void spo2_shape(const double *x_pct, const struct desat *event, size_t n_events, struct spo2_shape *out)
{
    struct running dl = {0}, dla = {0}, dlb = {0}, da100 = {0}, damax = {0}, dd100 = {0}, ddmax = {0}, ds = {0}, td = {0};

    *out = (struct spo2_shape){.n = n_events};
    for (size_t k = 0; k < n_events; k++) {
        const struct desat *const v = &event[k];
        const struct measured m = measure(x_pct, v);
        add(&dl, (double)(v->end - v->onset));
        add(&dla, (double)(v->nadir - v->onset));
        add(&dlb, (double)(v->end - v->nadir));
        add(&da100, m.da100);
        add(&damax, m.damax);
        add(&dd100, m.dd100);
        add(&ddmax, m.ddmax);
        add(&ds, m.ds);
        if (k > 0)
            add(&td, (double)v->onset - (double)event[k - 1].onset);
        out->sum_dl_s += (double)(v->end - v->onset);
        out->sum_da100_pct_s += m.da100;
        out->sum_damax_pct_s += m.damax;
        out->sum_burden_pct_s += desat_measure(x_pct, 1, v).area_pct_s;
    }
    out->dl_s = spread_of(&dl);
    out->dla_s = spread_of(&dla);
    out->dlb_s = spread_of(&dlb);
    out->da100_pct_s = spread_of(&da100);
    out->damax_pct_s = spread_of(&damax);
    out->dd100_pct = spread_of(&dd100);
    out->ddmax_pct = spread_of(&ddmax);
    out->ds_pct_per_s = spread_of(&ds);
    out->td_s = spread_of(&td);
}
