/* algorithms/hrv_lomb.c - see hrv_lomb.h. */
#include "algorithms/hrv_lomb.h"

#include "algorithms/fft.h"
#include "algorithms/hrv_even.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FREQUENCIES ((size_t)1 << 22)
#define BEFORE 7                     /* points of the grid that a sample reaches to the left of where it lies, */
#define REACH (2 * (BEFORE + 1))     /* and in all */

/* Of exp(-NARROW d^2), d in points of the grid: Greengard and Lee's choice for a grid of twice the points that the highest
 * frequency needs, cut off after 8. */
static const double NARROW = M_PI * 0.75 / 8;

struct hrv_lomb {
    struct hrv_lomb_options o;
    double taper[REACH];    /* exp(-NARROW l^2) for l = -BEFORE .. BEFORE + 1 */
    size_t n_grid;          /* what the rest was made for; 0 at first */
    double *values, *ones;  /* [n_grid + REACH] the samples, and 1 for each of them, spread; then their transforms */
    double *undo;           /* [n_grid / 4 + 1] 1 by the transform of the Gaussian */
    struct fft *fft;
    double *x;              /* [cap_x] intervals less their trend */
    size_t cap_x;
};

struct hrv_lomb *hrv_lomb_create(const struct hrv_lomb_options *o, struct kymo_err *e)
{
    if (!(o->highest_hz > 0 && o->highest_hz <= 1000)) {
        kymo_fail(e, KYMO_EUSAGE, "spectrum up to %g Hz, not more than 0 and up to 1000", o->highest_hz);
        return NULL;
    }
    if (!(o->oversampling >= 1 && o->oversampling <= 64)) {
        kymo_fail(e, KYMO_EUSAGE, "spectrum oversampled %g times, not 1..64", o->oversampling);
        return NULL;
    }
    if (!((o->window_s == 0 || o->window_s >= 1) && o->overlap >= 0 && o->overlap <= 0.99 && o->least_covered >= 0 &&
          o->least_covered <= 1)) {
        kymo_fail(e, KYMO_EUSAGE, "windows of %g s, not 0 or from 1 on, overlap %g, not 0..0.99, covered to %g, not 0..1",
                  o->window_s, o->overlap, o->least_covered);
        return NULL;
    }
    struct hrv_lomb *s = calloc(1, sizeof *s);
    if (!s) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for a Lomb spectrum");
        return NULL;
    }
    s->o = *o;
    for (int l = 0; l < REACH; l++)
        s->taper[l] = exp(-NARROW * (l - BEFORE) * (l - BEFORE));
    return s;
}

/* The next length that transforms well, so that series of about one length share it. */
static size_t round_up(size_t n)
{
    static const size_t eighths[] = { 8, 9, 10, 12, 15 };
    size_t unit = 1;

    while (15 * unit < n)
        unit *= 2;
    for (size_t i = 0; i < sizeof eighths / sizeof *eighths; i++)
        if (eighths[i] * unit >= n)
            return eighths[i] * unit;
    return 16 * unit;   /* not reached */
}

static int prepare_grid(struct hrv_lomb *s, size_t n_frequencies, struct kymo_err *e)
{
    const size_t n = round_up(8 * n_frequencies);   /* sines of twice a frequency, twice the points for those, and both signs */

    if (n == s->n_grid)
        return 0;
    free(s->values);
    free(s->ones);
    free(s->undo);
    fft_destroy(s->fft);
    s->n_grid = 0;
    s->values = malloc((n + REACH) * sizeof *s->values);
    s->ones = malloc((n + REACH) * sizeof *s->ones);
    s->undo = malloc((n / 4 + 1) * sizeof *s->undo);
    s->fft = fft_create_forward(n, e);
    if (!s->fft)
        return kymo_during(e, "cannot prepare a Lomb spectrum");
    if (!s->values || !s->ones || !s->undo)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a Lomb spectrum of %zu frequencies", n_frequencies);
    for (size_t k = 0; k <= n / 4; k++) {
        const double f = (double)k / (double)n;
        s->undo[k] = sqrt(NARROW / M_PI) * exp(M_PI * M_PI * f * f / NARROW);
    }
    s->n_grid = n;
    return 0;
}

static int take_values(struct hrv_lomb *s, const struct nn_series *nn, struct kymo_err *e)
{
    if (nn->n > s->cap_x) {
        free(s->x);
        s->x = malloc(nn->n * sizeof *s->x);
        s->cap_x = s->x ? nn->n : 0;
    }
    if (nn->n > s->cap_x)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu intervals", nn->n);
    memcpy(s->x, nn->nn_ms, nn->n * sizeof *s->x);
    trend_remove(s->o.trend, nn->end_s, s->x, nn->n);
    return 0;
}

/* The Gaussian about a point that lies d, 0 .. 1, behind point 0, at points -BEFORE .. BEFORE + 1: with l the point,
 * exp(-c (d - l)^2) = exp(-c d^2) exp(2 c d)^l exp(-c l^2). */
static inline void spread(const struct hrv_lomb *s, double d, double *g)
{
    const double ratio = exp(2 * NARROW * d), ratio4 = ratio * ratio * ratio * ratio;

    g[0] = exp(-NARROW * d * (d + 2 * BEFORE));
    for (int l = 1; l < 4; l++)
        g[l] = g[l - 1] * ratio;
    for (int l = 4; l < REACH; l++)
        g[l] = g[l - 4] * ratio4;
    for (int l = 0; l < REACH; l++)
        g[l] *= s->taper[l];
}

/* The grid is a circle, kept with room at its ends: point i is [BEFORE + i]. */
static void close_circle(double *grid, size_t n)
{
    for (size_t i = 0; i < BEFORE; i++)
        grid[n + i] += grid[i];
    for (size_t i = BEFORE; i < REACH; i++)
        grid[i] += grid[n + i];
}

static void fill_grids(struct hrv_lomb *s, const struct nn_series *nn, double df_hz)
{
    const size_t n = s->n_grid;
    const double points_per_s = df_hz * (double)n;

    memset(s->values, 0, (n + REACH) * sizeof *s->values);
    memset(s->ones, 0, (n + REACH) * sizeof *s->ones);
    for (size_t i = 0; i < nn->n; i++) {
        const double at = (nn->end_s[i] - nn->end_s[0]) * points_per_s, x = s->x[i];
        const size_t point = (size_t)at;
        double g[REACH];

        spread(s, at - (double)point, g);
        for (size_t l = 0; l < REACH; l++) {
            s->values[point + l] += x * g[l];
            s->ones[point + l] += g[l];
        }
    }
    close_circle(s->values, n);
    close_circle(s->ones, n);
    fft_forward(s->fft, s->values + BEFORE, s->values);
    fft_forward(s->fft, s->ones + BEFORE, s->ones);
}

/* Lomb's bracket from c = sum x cos wt, s = sum x sin wt, c2 = sum cos 2wt, s2 = sum sin 2wt over n samples. With r the length
 * of (c2, s2), the sums of squares about tau are (n + r) / 2 and (n - r) / 2; the squared sums of x are half of c^2 + s^2 plus
 * and minus its part that turns with 2 w tau. */
static double bracket(double c, double s, double c2, double s2, double n)
{
    const double r = fmin(sqrt(c2 * c2 + s2 * s2), n), all = c * c + s * s;
    const double turned = r > 0 ? ((c * c - s * s) * c2 + 2 * c * s * s2) / r : 0;
    const double cosines = (all + turned) / (n + r), sines = n - r > 1e-6 * n ? (all - turned) / (n - r) : 0;

    return cosines + sines;
}

/* Adds the density of nn, whose ends lie within 1 / df of each other, to what is there. */
static int add_window(struct hrv_lomb *s, const struct nn_series *nn, double spacing_s, struct hrv_spectrum *out,
                      struct kymo_err *e)
{
    const int rc = take_values(s, nn, e);

    if (rc < 0)
        return rc;
    fill_grids(s, nn, out->df_hz);
    for (size_t k = 0; k < out->n; k++) {
        const double *const x = s->values + 2 * k, *const one = s->ones + 4 * k;
        out->psd[k] += spacing_s * fmax(0, bracket(s->undo[k] * x[0], -s->undo[k] * x[1], s->undo[2 * k] * one[0],
                                                   -s->undo[2 * k] * one[1], (double)nn->n));
    }
    out->n_windows++;
    return 0;
}

static struct nn_series part_of(const struct nn_series *nn, size_t first, size_t end)
{
    return (struct nn_series){
        .nn_ms = nn->nn_ms + first, .end_s = nn->end_s + first, .follows = nn->follows ? nn->follows + first : NULL,
        .n = end - first,
    };
}

/* All windows that end within the series. What two windows share is counted as used once. */
static int add_windows(struct hrv_lomb *s, const struct nn_series *nn, struct hrv_spectrum *out, struct kymo_err *e)
{
    const double window_s = s->o.window_s, step_s = window_s * (1 - s->o.overlap), last_s = nn->end_s[nn->n - 1];
    size_t first = 0, end = 0, used_to = 0;

    for (size_t i = 0; nn->end_s[0] + (double)i * step_s + window_s <= last_s; i++) {
        const double from_s = nn->end_s[0] + (double)i * step_s;
        while (nn->end_s[first] < from_s)
            first++;
        if (nn->end_s[first] >= from_s + window_s) {   /* a hole of windows: however long it is, one step */
            const size_t empty = (size_t)((nn->end_s[first] - from_s - window_s) / step_s);
            out->n_windows_left_out += empty + 1;
            i += empty;
            continue;
        }
        while (nn->end_s[end] < from_s + window_s)   /* the last end is not */
            end++;
        const struct nn_series part = part_of(nn, first, end);
        const double spacing_s = part.n > 1 ? 1 / hrv_beats_hz(&part) : NAN;
        if (!((double)part.n * spacing_s >= s->o.least_covered * window_s)) {
            out->n_windows_left_out++;
            continue;
        }
        const int rc = add_window(s, &part, spacing_s, out, e);
        if (rc < 0)
            return rc;
        out->used_s += (double)(end - (first > used_to ? first : used_to)) * spacing_s;
        used_to = end;
    }
    for (size_t k = 0; k < out->n; k++)
        out->psd[k] /= (double)out->n_windows;
    if (out->n_windows == 0)
        out->n = 0;
    return 0;
}

static int measure(struct hrv_lomb *s, const struct nn_series *nn, double spacing_s, struct hrv_spectrum *out,
                   struct kymo_err *e)
{
    const double all_s = nn->end_s[nn->n - 1] - nn->end_s[0] + spacing_s;
    const int whole = !(s->o.window_s > 0 && s->o.window_s < all_s - spacing_s);
    const double span_s = whole ? all_s : s->o.window_s, df_hz = 1 / (s->o.oversampling * span_s);
    const double top = floor(s->o.highest_hz / df_hz) + 1;

    if (top >= MAX_FREQUENCIES)
        return kymo_fail(e, KYMO_EDATA, "Lomb spectrum of %g s up to %g Hz has %.0f frequencies, more than %zu", span_s,
                         s->o.highest_hz, top + 1, MAX_FREQUENCIES);
    const size_t n_frequencies = (size_t)top + 1;
    int rc = hrv_spectrum_make(out, n_frequencies, e);
    if (rc == 0)
        rc = prepare_grid(s, n_frequencies, e);
    if (rc < 0)
        return rc;
    out->df_hz = df_hz;
    out->resolution_hz = 1 / span_s;
    out->highest_hz = 0.5 / spacing_s;
    out->used_s = whole ? (double)nn->n * spacing_s : 0;
    return whole ? add_window(s, nn, spacing_s, out, e) : add_windows(s, nn, out, e);
}

int hrv_lomb_measure(struct hrv_lomb *s, const struct nn_series *nn, struct hrv_spectrum *out, struct kymo_err *e)
{
    int rc = nn_check(nn, e);

    if (rc == 0)
        rc = nn_check_times(nn, e);
    if (rc < 0)
        return rc;
    const double spacing_s = 1 / hrv_beats_hz(nn);
    rc = isnan(spacing_s) ? hrv_spectrum_make(out, 0, e) : measure(s, nn, spacing_s, out, e);
    out->series_s = hrv_series_s(nn);
    return rc;
}

void hrv_lomb_destroy(struct hrv_lomb *s)
{
    if (!s)
        return;
    fft_destroy(s->fft);
    free(s->values);
    free(s->ones);
    free(s->undo);
    free(s->x);
    free(s);
}
