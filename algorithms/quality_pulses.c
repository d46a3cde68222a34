/* algorithms/quality_pulses.c - see quality_pulses.h. */
#include "algorithms/quality_pulses.h"
#include "algorithms/order.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_INTERVAL_S 0.2

struct quality_pulser {
    double fs_hz;
    size_t n, cap;               /* samples; pulses */
    double *interval, *work, *mean;
};

struct quality_pulser *quality_pulser_create(double fs_hz, size_t n, struct kymo_err *e)
{
    if (!(fs_hz >= 30 && fs_hz <= 10000) || n > (size_t)1 << 28) {
        kymo_fail(e, KYMO_EUSAGE, "windows of %zu samples at %g Hz cannot be measured", n, fs_hz);
        return NULL;
    }
    struct quality_pulser *const s = calloc(1, sizeof *s);
    if (s) {
        s->fs_hz = fs_hz;
        s->n = n;
        s->cap = (size_t)((double)n / fs_hz / LEAST_INTERVAL_S) + 2;
        s->interval = calloc(s->cap, sizeof *s->interval);
        s->work = calloc(s->cap, sizeof *s->work);
        s->mean = calloc(n + 1, sizeof *s->mean);
    }
    if (s && s->interval && s->work && s->mean)
        return s;
    kymo_fail(e, KYMO_ENOMEM, "no memory for the pulses of a window");
    quality_pulser_destroy(s);
    return NULL;
}

void quality_pulser_destroy(struct quality_pulser *s)
{
    if (!s)
        return;
    free(s->interval);
    free(s->work);
    free(s->mean);
    free(s);
}

/* ---- shape ---- */

/* Where a pulse begins whose length samples are all there; false if they are not. */
static bool cut(const double *x, size_t n, double pulse, size_t length, size_t *from)
{
    const double begin = floor(pulse) - floor((double)length / 3);

    if (!(begin >= 0 && begin + (double)length <= (double)n))
        return false;
    *from = (size_t)begin;
    for (size_t k = 0; k < length; k++)
        if (isnan(x[*from + k]))
            return false;
    return true;
}

static double correlation(const double *a, const double *b, size_t n)
{
    double a_mean = 0, b_mean = 0, ab = 0, aa = 0, bb = 0;

    for (size_t i = 0; i < n; i++) {
        a_mean += a[i] / (double)n;
        b_mean += b[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        ab += (a[i] - a_mean) * (b[i] - b_mean);
        aa += (a[i] - a_mean) * (a[i] - a_mean);
        bb += (b[i] - b_mean) * (b[i] - b_mean);
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

static float likeness(struct quality_pulser *s, const double *x, size_t n, const double *pulse, size_t n_pulses, size_t length)
{
    size_t used = 0, from;
    double sum = 0;

    memset(s->mean, 0, length * sizeof *s->mean);
    for (size_t p = 0; p < n_pulses; p++) {
        if (!cut(x, n, pulse[p], length, &from))
            continue;
        for (size_t k = 0; k < length; k++)
            s->mean[k] += x[from + k];
        used++;
    }
    for (size_t p = 0; p < n_pulses; p++)
        if (cut(x, n, pulse[p], length, &from))
            sum += correlation(x + from, s->mean, length);
    return used >= 3 ? (float)(sum / (double)used) : NAN;
}

/* ---- pressure ---- */

struct pressure {
    double systolic, diastolic, mean, fall_per_s;
};

static bool measure_pressure(const struct quality_pulser *s, const double *x, size_t n, double at, double interval_s,
                             double mmhg, struct pressure *out)
{
    const double samples = interval_s * s->fs_hz, begin = fmax(0, at - 0.3 * samples);
    const size_t from = (size_t)begin, fiducial = (size_t)at, to = (size_t)fmin((double)n - 1, at + 0.6 * samples);
    const size_t end = (size_t)fmin((double)n - 1, at + 0.7 * samples);
    double sum = 0, falls = 0;
    size_t n_falls = 0;

    *out = (struct pressure){.systolic = -(double)INFINITY, .diastolic = (double)INFINITY};
    for (size_t k = from; k <= end; k++) {
        const double v = mmhg * x[k];
        if (isnan(v))
            return false;
        sum += v;
        out->diastolic = k <= fiducial ? fmin(out->diastolic, v) : out->diastolic;
        out->systolic = k >= fiducial && k <= to ? fmax(out->systolic, v) : out->systolic;
        const double step = k > from ? v - mmhg * x[k - 1] : 0;
        falls += step < 0 ? step : 0;
        n_falls += step < 0;
    }
    out->mean = sum / (double)(end - from + 1);
    out->fall_per_s = n_falls ? falls / (double)n_falls * s->fs_hz : 0;
    return true;
}

static bool is_abnormal(const struct pressure *p, double interval_s)
{
    return p->systolic > 300 || p->diastolic < 20 || p->mean < 30 || p->mean > 200 || p->systolic - p->diastolic < 20 ||
           interval_s < 60.0 / 200 || interval_s > 60.0 / 20 || p->fall_per_s < -400;
}

static bool jumps(const struct pressure *p, const struct pressure *before, double interval_s, double interval_before_s)
{
    return fabs(p->systolic - before->systolic) > 20 || fabs(p->diastolic - before->diastolic) > 20 ||
           fabs(interval_s - interval_before_s) > 2.0 / 3;
}

/* interval[p]: from pulse p to the next. */
static void judge_pressure(struct quality_pulser *s, const double *x, size_t n, const double *pulse, size_t n_pulses,
                           double mmhg, struct quality_pulses *out)
{
    struct pressure before = {.mean = (double)NAN};
    double systolic = 0, diastolic = 0;
    size_t seen = 0, good = 0;

    for (size_t p = 0; p + 1 < n_pulses; p++) {
        struct pressure now;
        if (!measure_pressure(s, x, n, pulse[p], s->interval[p], mmhg, &now)) {
            before.mean = (double)NAN;
            continue;
        }
        const bool jumped = !isnan(before.mean) && jumps(&now, &before, s->interval[p], s->interval[p - 1]);
        good += !jumped && !is_abnormal(&now, s->interval[p]);
        systolic += now.systolic;
        diastolic += now.diastolic;
        seen++;
        before = now;
    }
    if (seen == 0)
        return;
    out->jsqi = (float)((double)good / (double)seen);
    out->systolic = (float)(systolic / (double)seen);
    out->diastolic = (float)(diastolic / (double)seen);
}

void quality_pulses_measure(struct quality_pulser *s, const double *x, size_t n, const double *pulse, size_t n_pulses,
                            double mmhg, struct quality_pulses *out)
{
    const size_t n_used = n_pulses < s->cap ? n_pulses : s->cap;
    double shortest = (double)INFINITY, longest = 0;

    *out = (struct quality_pulses){
        .n = (float)n_pulses, .rate_per_min = NAN, .template = NAN, .feasible = NAN, .jsqi = NAN, .systolic = NAN,
        .diastolic = NAN,
    };
    if (n_used < 3)
        return;
    for (size_t p = 0; p + 1 < n_used; p++) {
        s->work[p] = s->interval[p] = (pulse[p + 1] - pulse[p]) / s->fs_hz;
        shortest = fmin(shortest, s->interval[p]);
        longest = fmax(longest, s->interval[p]);
    }
    const double usual = order_select(s->work, n_used - 1, (n_used - 1) / 2), rate = 60 / usual;
    out->rate_per_min = (float)rate;
    out->feasible = rate >= 40 && rate <= 180 && longest <= 3 && longest <= 2.2 * shortest;
    const size_t length = (size_t)(usual * s->fs_hz);
    if (length >= 3 && length <= n)
        out->template = likeness(s, x, n, pulse, n_used, length);
    if (!isnan(mmhg))
        judge_pressure(s, x, n, pulse, n_used, mmhg, out);
}
