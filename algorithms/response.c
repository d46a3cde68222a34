/* algorithms/response.c - see response.h. */
#include "algorithms/response.h"

#include <math.h>

#define REACH_S 120               /* of the mean response, to either side of an event's end */
#define SPAN (2 * REACH_S + 1)
#define HALF_HANN_S 15
#define LONGEST_S 90
#define BASELINE_S 100

static const double HIGH_ENOUGH = 0.75;
static const double FLAT = 1e-9;  /* what rounding makes of a flat response */
static const struct response_window usual = {.from_s = -5, .to_s = 45, .is_usual = true};

/* Mean over the events of sign * x round their ends; NaN where there is none. */
static void mean_response(const double *x, size_t n, const struct response_event *event, size_t n_events, double sign,
                          double *mean)
{
    double count[SPAN] = {0};

    for (size_t k = 0; k < SPAN; k++)
        mean[k] = 0;
    for (size_t i = 0; i < n_events; i++)
        for (size_t k = 0; k < SPAN; k++) {
            const size_t at = event[i].end + k;   /* REACH_S too far, so that it cannot be negative */
            if (at < REACH_S || at - REACH_S >= n || isnan(x[at - REACH_S]))
                continue;
            mean[k] += sign * x[at - REACH_S];
            count[k]++;
        }
    for (size_t k = 0; k < SPAN; k++)
        mean[k] /= count[k];
}

/* Over the samples that there are; NaN where there is none. */
static double smooth_at(const double *mean, int k)
{
    double sum = 0, weights = 0;

    for (int d = -HALF_HANN_S; d <= HALF_HANN_S; d++) {
        if (k + d < 0 || k + d >= SPAN || isnan(mean[k + d]))
            continue;
        const double weight = 1 + cos(M_PI * d / (HALF_HANN_S + 1));
        sum += weight * mean[k + d];
        weights += weight;
    }
    return sum / weights;
}

/* The part that counts, from *from on, relative to the end of an event. Returns how many seconds. */
static int limit_part(const struct response_event *event, size_t n_events, int *from)
{
    double durations = 0;

    for (size_t i = 0; i < n_events; i++)
        durations += (double)(event[i].end - event[i].onset);
    const double reach = (double)(event[n_events - 1].onset - event[0].onset);
    const double between = n_events > 1 ? reach / (double)(n_events - 1) : LONGEST_S;
    *from = -(int)ceil(fmin(durations / (double)n_events, REACH_S));
    return (int)ceil(fmin(between, LONGEST_S)) - *from + 1;
}

/* The edges of a plateau are peaks too. */
static bool is_peak(const double *y, int i)
{
    return y[i] >= y[i - 1] && y[i] >= y[i + 1] && (y[i] > y[i - 1] || y[i] > y[i + 1]);
}

/* The peak nearest to the nadir, in steps of step up to last, of those high enough; -1 if there is none. */
static int find_peak(const double *y, int nadir, int step, int last)
{
    double highest = -INFINITY;

    for (int i = nadir + step; i != last; i += step)
        if (is_peak(y, i))
            highest = fmax(highest, y[i]);
    if (!(highest - y[nadir] > FLAT))
        return -1;
    for (int i = nadir + step; i != last; i += step)
        if (is_peak(y, i) && y[i] - y[nadir] >= HIGH_ENOUGH * (highest - y[nadir]))
            return i;
    return -1;
}

struct response_window response_window(const double *x, size_t n, const struct response_event *event, size_t n_events,
                                       bool rises)
{
    double mean[SPAN], y[SPAN];
    int from, nadir = 0;

    if (n_events == 0)
        return usual;
    const int length = limit_part(event, n_events, &from);
    mean_response(x, n, event, n_events, rises ? -1 : 1, mean);
    for (int i = 0; i < length; i++) {
        y[i] = smooth_at(mean, REACH_S + from + i);
        nadir = y[i] < y[nadir] ? i : nadir;
    }
    if (nadir < 2 || nadir > length - 3)
        return usual;
    const int first = find_peak(y, nadir, -1, 0), last = find_peak(y, nadir, 1, length - 1);
    return first < 0 || last < 0 ? usual : (struct response_window){.from_s = from + first, .to_s = from + last};
}

/* Sample at a time from the end of an event, not below least nor above n. */
static size_t sample_at(size_t end, int seconds, size_t least, size_t n)
{
    const ptrdiff_t at = (ptrdiff_t)end + seconds;

    return at < (ptrdiff_t)least ? least : at > (ptrdiff_t)n ? n : (size_t)at;
}

static double highest(const double *x, size_t from, size_t to)
{
    double max = NAN;

    for (size_t i = from; i < to; i++)
        max = fmax(max, x[i]);
    return max;
}

double response_burden(const double *x_pct, size_t n, const struct response_event *event, size_t n_events,
                       struct response_window w)
{
    double sum_pct_s = 0;
    size_t counted = 0;           /* seconds before this one are */

    for (size_t i = 0; i < n_events; i++) {
        const double baseline = highest(x_pct, sample_at(event[i].end, -BASELINE_S, 0, n), sample_at(event[i].end, 1, 0, n));
        const size_t to = sample_at(event[i].end, w.to_s + 1, 0, n);
        for (size_t k = sample_at(event[i].end, w.from_s, counted, n); k < to; k++)
            sum_pct_s += fmax(0, baseline - x_pct[k]);   /* 0 where one of them is NaN */
        counted = to > counted ? to : counted;
    }
    return sum_pct_s / 60;
}

double response_rise(const double *x, size_t n, const struct response_event *event, size_t n_events, struct response_window w)
{
    double sum = 0;
    size_t count = 0;

    for (size_t i = 0; i < n_events; i++) {
        double low = NAN;
        for (size_t k = event[i].onset; k <= event[i].end; k++)
            low = fmin(low, x[k]);
        const double high = highest(x, sample_at(event[i].end, w.from_s, 0, n), sample_at(event[i].end, w.to_s + 1, 0, n));
        if (!isnan(high - low)) {
            sum += high - low;
            count++;
        }
    }
    return sum / (double)count;   /* 0 / 0 is NaN, as wanted */
}
