/* formats/csv_rate.c - see csv_rate.h.
 *
 * Times t[k] = a + k D, each known to within h, allow a D (the time between samples) where
 *     spread(D) = max(t[k] - k D) - min(t[k] - k D) <= 2 h.
 * The spread is convex in D, so that these D are an interval; the rate is the simplest fraction in it, found by continued
 * fractions: 1 ms times of a 257 Hz signal give 257 and not 257.00002. */
#include "formats/csv_rate.h"

#include <math.h>
#include <stdlib.h>

#define NS_PER_S 1e9
#define MOST_DIFFERENCES 65536
#define SEARCH_STEPS 60

/* A run of times without a jump. */
struct run {
    const int64_t *ns;
    size_t n;
};

static int by_size(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Median difference of the first times; 0 where memory ends. */
static int64_t median_difference(const struct csv_times *t)
{
    const size_t n = t->n - 1 < MOST_DIFFERENCES ? t->n - 1 : MOST_DIFFERENCES;
    int64_t *d = malloc(n * sizeof *d), median = 0;

    for (size_t i = 0; d && i < n; i++)
        d[i] = t->ns[i + 1] - t->ns[i];
    if (d) {
        qsort(d, n, sizeof *d, by_size);
        median = d[n / 2];
    }
    free(d);
    return median;
}

static struct run longest_run(const struct csv_times *t, int64_t usual_ns)
{
    struct run best = {t->ns, 1};
    size_t begin = 0;

    for (size_t i = 1; i <= t->n; i++)
        if (i == t->n || (double)(t->ns[i] - t->ns[i - 1] - t->step_ns) >= 1.5 * (double)usual_ns - 1) {
            if (i - begin > best.n)
                best = (struct run){t->ns + begin, i - begin};
            begin = i;
        }
    return best;
}

static double spread(const struct run *r, double d_ns)
{
    double least = 0, most = 0;

    for (size_t k = 1; k < r->n; k++) {
        const double x = (double)(r->ns[k] - r->ns[0]) - (double)k * d_ns;
        least = x < least ? x : least;
        most = x > most ? x : most;
    }
    return most - least;
}

/* The D of the least spread: ternary search between two that hold it. */
static double best_spacing(const struct run *r, double low, double high)
{
    for (int i = 0; i < SEARCH_STEPS; i++) {
        const double a = low + (high - low) / 3, b = high - (high - low) / 3;
        if (spread(r, a) <= spread(r, b))
            high = b;
        else
            low = a;
    }
    return (low + high) / 2;
}

/* The D furthest from inside towards outside whose spread is at most 2h. */
static double edge_spacing(const struct run *r, double inside, double outside, double h)
{
    for (int i = 0; i < SEARCH_STEPS && inside != outside; i++) {
        const double middle = (inside + outside) / 2;
        if (spread(r, middle) <= 2 * h)
            inside = middle;
        else
            outside = middle;
    }
    return inside;
}

/* The fraction of least denominator in low <= x <= high, 0 < low: Stern-Brocot, by continued fractions. */
static bool simplest_fraction(double low, double high, struct kymo_ratio *found)
{
    double num = 1, before = 0, den = 0, den_before = 1;   /* convergents */

    for (int i = 0; i < 40; i++) {
        const double whole = floor(low), last = whole >= low || whole + 1 > high ? whole : whole + 1;
        const double n = last * num + before, d = last * den + den_before;
        before = num, den_before = den;
        num = n, den = d;
        if (num > 1e12 || den > 1e12)
            return false;
        if (last >= low) {
            *found = kymo_ratio((int64_t)num, (int64_t)den);
            return num >= 1;
        }
        const double next_low = 1 / (high - whole);
        high = 1 / (low - whole);
        low = next_low;
    }
    return false;
}

/* The rate of a run, given that its times are right to within h. */
static bool rate_within(const struct run *r, double low, double high, double h, struct kymo_ratio *rate)
{
    return low > 0 && low <= high && simplest_fraction(NS_PER_S / high, NS_PER_S / low, rate) &&
           spread(r, NS_PER_S * (double)rate->den / (double)rate->num) <= 2 * h + 1;
}

/* First try: bounds from pairs with the first time only, which are right where times are exact. */
static bool quick_rate(const struct run *r, double h, struct kymo_ratio *rate)
{
    double low = 0, high = INFINITY;

    for (size_t k = 1; k < r->n; k++) {
        const double t = (double)(r->ns[k] - r->ns[0]);
        low = fmax(low, (t - 2 * h) / (double)k);
        high = fmin(high, (t + 2 * h) / (double)k);
    }
    return rate_within(r, low, high, h, rate);
}

static size_t furthest_off(const struct run *r, double d_ns)
{
    size_t bad = 0;
    double most = -1;

    for (size_t k = 0; k < r->n; k++) {
        const double off = fabs((double)(r->ns[k] - r->ns[0]) - (double)k * d_ns);
        if (off > most) {
            most = off;
            bad = k;
        }
    }
    return bad;
}

bool csv_find_rate(const struct csv_times *t, struct csv_grid *grid)
{
    const double h = (double)t->step_ns / 2;

    *grid = (struct csv_grid){.bad = 0};
    for (size_t i = 1; i < t->n; i++)
        if (t->ns[i] <= t->ns[i - 1]) {
            grid->bad = i;
            return false;
        }
    const int64_t usual = t->n > 1 ? median_difference(t) : 0;
    const struct run r = longest_run(t, usual);
    if (usual <= 0 || r.n < 2) {
        grid->bad = t->n > 1;
        return false;
    }
    if (quick_rate(&r, 0.5, &grid->rate) || quick_rate(&r, h, &grid->rate)) {   /* as printed, if that will do */
        grid->jitter_ns = h;
        return true;
    }
    const double middle = best_spacing(&r, (double)usual / 2, (double)usual * 2), least = spread(&r, middle);
    const double wide = fmax(h, fmin(least, 0.45 * middle));   /* jitter: leave room for the rate that was meant */
    const double low = edge_spacing(&r, middle, middle / 2, wide), high = edge_spacing(&r, middle, middle * 2, wide);
    grid->jitter_ns = least / 2;
    grid->bad = (size_t)(r.ns - t->ns) + furthest_off(&r, middle);
    return least <= middle && rate_within(&r, low, high, fmax(wide, least / 2), &grid->rate);
}
