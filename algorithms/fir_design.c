/* algorithms/fir_design.c - see fir_design.h. */
#include "algorithms/fir_design.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846
#define DENSITY 20                /* points of the grid for each coefficient */
#define MOST_ROUNDS 60
#define ENOUGH 1e-6               /* the error may be so much, in parts, above the least */

double fir_gain(const double *h, size_t n, double turns)
{
    const size_t middle = n / 2;
    double sum = h[middle];

    for (size_t k = 1; k <= middle; k++)
        sum += 2 * h[middle + k] * cos(2 * PI * turns * (double)k);
    return sum;
}

/* ---- by a window ---- */

double fir_kaiser_shape(double attenuation_db)
{
    const double a = attenuation_db;

    return a > 50 ? 0.1102 * (a - 8.7) : a > 21 ? 0.5842 * pow(a - 21, 0.4) + 0.07886 * (a - 21) : 0;
}

size_t fir_kaiser_taps(double attenuation_db, double width)
{
    const double least = fmax(1, (fmax(attenuation_db, 21) - 7.95) / (2.285 * 2 * PI * width));

    return 2 * (size_t)ceil(fmin(least, 1e15) / 2) + 1;
}

/* The modified Bessel function of order 0, by its series. */
static double bessel_i0(double x)
{
    double term = 1, sum = 1;

    for (int k = 1; term > 1e-18 * sum; k++) {
        term *= x / (2 * k) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

static double sinc(double x) { return x == 0 ? 1 : sin(PI * x) / (PI * x); }

int fir_kaiser(struct fir_edges edges, double shape, double *h, size_t n, struct kymo_err *e)
{
    const double low = edges.low, high = edges.high, middle = (double)(n / 2);

    if (n % 2 == 0 || n > FIR_MOST_TAPS)
        return kymo_fail(e, KYMO_EUSAGE, "%zu taps, not an odd number up to %zu", n, FIR_MOST_TAPS);
    if (!(low >= 0 && low < high && high <= 0.5) || (edges.stop && (low == 0 || high == 0.5)))
        return kymo_fail(e, KYMO_EUSAGE, "edges at %g and %g of the rate, not 0..0.5 and in this order", low, high);
    for (size_t k = 0; k < n; k++) {
        const double t = (double)k - middle, u = n > 1 ? t / middle : 0;
        const double ideal = 2 * high * sinc(2 * high * t) - 2 * low * sinc(2 * low * t);
        h[k] = (edges.stop ? (t == 0) - ideal : ideal) * bessel_i0(shape * sqrt(fmax(0, 1 - u * u))) / bessel_i0(shape);
    }
    const double at = edges.stop || low == 0 ? 0 : high == 0.5 ? 0.5 : (low + high) / 2, gain = fir_gain(h, n, at);
    for (size_t k = 0; k < n; k++)
        h[k] /= gain;
    return 0;
}

/* ---- by exchange ---- */

struct point {
    double x, gain, weight;       /* x = cos(2 pi f) */
    bool first, last;             /* of its band */
};

struct remez {
    size_t n_coefficients;        /* of a polynomial in x */
    size_t n_points, n_extrema;
    struct point *grid;
    size_t *extremum;             /* n_extrema = n_coefficients + 1 places in the grid, and room for those found */
    double *error, *x, *y, *weight;   /* of the grid; of the interpolation through all extrema but the last */
    double level;                 /* error at the extrema, of alternating sign */
};

static void free_remez(struct remez *r)
{
    free(r->grid);
    free(r->extremum);
    free(r->error);
    free(r->x);
    free(r->y);
    free(r->weight);
}

static int make_grid(struct remez *r, const struct fir_band *band, size_t n_bands, struct kymo_err *e)
{
    const double step = 0.5 / (DENSITY * (double)r->n_coefficients);
    const size_t most = DENSITY * r->n_coefficients + 3 * n_bands + 1;

    r->grid = malloc(most * sizeof *r->grid);
    r->error = malloc(most * sizeof *r->error);
    r->extremum = malloc(most * sizeof *r->extremum);
    r->x = malloc(r->n_extrema * sizeof *r->x);
    r->y = malloc(r->n_extrema * sizeof *r->y);
    r->weight = malloc(r->n_extrema * sizeof *r->weight);
    if (!r->grid || !r->error || !r->extremum || !r->x || !r->y || !r->weight)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a filter of %zu coefficients", r->n_coefficients);
    for (size_t b = 0; b < n_bands; b++) {
        const size_t n = (size_t)ceil((band[b].high - band[b].low) / step) + 1;
        for (size_t i = 0; i <= n; i++) {
            const double f = band[b].low + (band[b].high - band[b].low) * (double)i / (double)n;
            r->grid[r->n_points++] = (struct point){cos(2 * PI * f), band[b].gain, band[b].weight, i == 0, i == n};
        }
    }
    if (r->n_points < r->n_extrema)
        return kymo_fail(e, KYMO_EUSAGE, "bands too narrow for %zu coefficients", r->n_coefficients);
    return 0;
}

/* 1 / product of 2 (x[i] - x[j]) over the first n: the 2 keeps it near 1. */
static double weight_of(const struct remez *r, size_t i, size_t n)
{
    double product = 1;

    for (size_t j = 0; j < n; j++)
        product *= j != i ? 2 * (r->grid[r->extremum[i]].x - r->grid[r->extremum[j]].x) : 1;
    return 1 / product;
}

/* The level of the error at the extrema, and the polynomial that has it there. */
static void interpolate(struct remez *r)
{
    const size_t n = r->n_extrema;
    double over = 0, under = 0;

    for (size_t i = 0; i < n; i++) {
        const struct point *p = &r->grid[r->extremum[i]];
        const double w = weight_of(r, i, n);
        over += w * p->gain;
        under += (i % 2 ? -w : w) / p->weight;
    }
    r->level = over / under;
    for (size_t i = 0; i < n - 1; i++) {
        const struct point *p = &r->grid[r->extremum[i]];
        r->x[i] = p->x;
        r->y[i] = p->gain - (i % 2 ? -r->level : r->level) / p->weight;
        r->weight[i] = weight_of(r, i, n - 1);
    }
}

static double value_at(const struct remez *r, double x)
{
    double over = 0, under = 0;

    for (size_t i = 0; i < r->n_extrema - 1; i++) {
        const double d = x - r->x[i];
        if (d == 0)
            return r->y[i];
        over += r->weight[i] / d * r->y[i];
        under += r->weight[i] / d;
    }
    return over / under;
}

/* Whether the error has a peak at point i of the grid, of its own sign. */
static bool is_peak(const struct remez *r, size_t i)
{
    const double sign = r->error[i] < 0 ? -1 : 1, here = sign * r->error[i];

    return (r->grid[i].first || here >= sign * r->error[i - 1]) &&
           (r->grid[i].last || here > sign * r->error[i + 1]);
}

/* The peaks, of each run of one sign the highest; then, while there are too many, the lowest goes: at either end alone, else
 * with its lower neighbour. Returns how many are left. */
static size_t find_extrema(struct remez *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n_points; i++) {
        if (!is_peak(r, i))
            continue;
        const bool same = n > 0 && (r->error[r->extremum[n - 1]] < 0) == (r->error[i] < 0);
        if (!same)
            r->extremum[n++] = i;
        else if (fabs(r->error[i]) > fabs(r->error[r->extremum[n - 1]]))
            r->extremum[n - 1] = i;
    }
    while (n > r->n_extrema) {
        size_t least = 0;
        for (size_t k = 1; k < n; k++)
            if (fabs(r->error[r->extremum[k]]) < fabs(r->error[r->extremum[least]]))
                least = k;
        if (n == r->n_extrema + 1 && least > 0)   /* one too many: it has to be at an end */
            least = fabs(r->error[r->extremum[0]]) < fabs(r->error[r->extremum[n - 1]]) ? 0 : n - 1;
        if (least > 0 && least < n - 1) {
            const bool left = fabs(r->error[r->extremum[least - 1]]) < fabs(r->error[r->extremum[least + 1]]);
            least -= left;
            memmove(r->extremum + least, r->extremum + least + 2, (n - least - 2) * sizeof *r->extremum);
            n -= 2;
        } else {
            memmove(r->extremum + least, r->extremum + least + 1, (n - least - 1) * sizeof *r->extremum);
            n--;
        }
    }
    return n;
}

static int exchange(struct remez *r, double *error, struct kymo_err *e)
{
    for (size_t k = 0; k < r->n_extrema; k++)
        r->extremum[k] = k * (r->n_points - 1) / (r->n_extrema - 1);
    for (int round = 0; round < MOST_ROUNDS; round++) {
        double most = 0;
        interpolate(r);
        for (size_t i = 0; i < r->n_points; i++) {
            r->error[i] = r->grid[i].weight * (r->grid[i].gain - value_at(r, r->grid[i].x));
            most = fmax(most, fabs(r->error[i]));
        }
        *error = most;
        if (most <= fabs(r->level) * (1 + ENOUGH) + 1e-14)
            return 0;
        if (!isfinite(most) || find_extrema(r) < r->n_extrema)
            break;
    }
    return kymo_fail(e, KYMO_EDATA, "no equiripple filter of %zu taps for these bands: a wider transition, or kaiser",
                     2 * r->n_coefficients - 1);
}

/* A cosine polynomial of degree n/2 is known by its values at k/n. */
static void take_taps(const struct remez *r, double *h, size_t n)
{
    const size_t middle = n / 2;
    double *gain = r->error;      /* no longer wanted, and long enough */

    for (size_t k = 0; k <= middle; k++)
        gain[k] = value_at(r, cos(2 * PI * (double)k / (double)n));
    for (size_t i = 0; i <= middle; i++) {
        double sum = gain[0];
        for (size_t k = 1; k <= middle; k++)
            sum += 2 * gain[k] * cos(2 * PI * (double)(i * k % n) / (double)n);
        h[middle + i] = h[middle - i] = sum / (double)n;
    }
}

int fir_equiripple(const struct fir_band *band, size_t n_bands, double *h, size_t n, double *error, struct kymo_err *e)
{
    struct remez r = {.n_coefficients = n / 2 + 1, .n_extrema = n / 2 + 2};

    if (n % 2 == 0 || n < 3 || n > FIR_MOST_EQUIRIPPLE)
        return kymo_fail(e, KYMO_EUSAGE, "%zu taps, not an odd number 3..%d: a wider transition, or kaiser", n,
                         FIR_MOST_EQUIRIPPLE);
    for (size_t b = 0; b < n_bands; b++)
        if (!(band[b].low >= (b ? band[b - 1].high : 0) && band[b].high > band[b].low && band[b].high <= 0.5 &&
              band[b].weight > 0))
            return kymo_fail(e, KYMO_EUSAGE, "a band from %g to %g of the rate, not 0..0.5 and above those before", band[b].low,
                             band[b].high);
    if (n_bands < 1 || n_bands > FIR_MOST_BANDS)
        return kymo_fail(e, KYMO_EUSAGE, "%zu bands, not 1..%d", n_bands, FIR_MOST_BANDS);
    int rc = make_grid(&r, band, n_bands, e);
    if (rc == 0)
        rc = exchange(&r, error, e);
    if (rc == 0)
        take_taps(&r, h, n);
    free_remez(&r);
    return rc;
}
