/* algorithms/wavelet.c - see wavelet.h.
 *
 * Frame k makes y from k hop - fade to (k+1) hop; it rises over the first fade of these and falls over the last. On either
 * side of them it reads a margin more. */
#include "algorithms/wavelet.h"
#include "lib/clones.h"
#include "algorithms/order.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_S 4.0
#define LEAST_HOP 256

enum { TAPS = 8, PARTS = 64 };

static const double low[TAPS] = {
    0.03222310060405146787, -0.0126039672620313037, -0.0992195435766335325, 0.29785779560530605140,
    0.80373875180513208087, 0.49761866763277498997, -0.0296355276460024917, -0.0757657147895022132,
};

struct wavelet {
    enum wavelet_rule rule;
    int levels;
    size_t margin, fade, hop, frame;
    double high[TAPS];
    int64_t n_in, n_out, n_real;  /* taken and given since create or flush; in flush, taken counts what follows the end too */
    double *x, *y;                /* rings: index % frame */
    double *a, *next, *sorted;    /* frame values each */
    bool *there;
    double *d[WAVELET_MOST_LEVELS];
};

struct wavelet *wavelet_create(double fs_hz, int levels, enum wavelet_rule rule, struct kymo_err *e)
{
    if (!(fs_hz > 0 && fs_hz <= 1e6) || levels < 1 || levels > WAVELET_MOST_LEVELS) {
        kymo_fail(e, KYMO_EUSAGE, "no wavelets of %d levels at %g Hz: 1..%d levels, up to 1000000 Hz", levels, fs_hz,
                  WAVELET_MOST_LEVELS);
        return NULL;
    }
    struct wavelet *s = calloc(1, sizeof *s);
    if (!s) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for wavelets");
        return NULL;
    }
    s->rule = rule;
    s->levels = levels;
    s->margin = (TAPS - 1) * (((size_t)1 << levels) - 1);
    s->hop = (size_t)fmax(LEAST_HOP, fmax(FRAME_S * fs_hz, 4 * (double)s->margin));
    s->fade = s->hop / 4;
    s->frame = s->hop + s->fade + 2 * s->margin;
    for (int t = 0; t < TAPS; t++)
        s->high[t] = (t % 2 ? -1 : 1) * low[TAPS - 1 - t];
    s->x = calloc(s->frame, sizeof *s->x);
    s->y = calloc(s->frame, sizeof *s->y);
    s->a = calloc(s->frame, sizeof *s->a);
    s->next = calloc(s->frame, sizeof *s->next);
    s->sorted = calloc(s->frame, sizeof *s->sorted);
    s->there = calloc(s->frame, sizeof *s->there);
    bool whole = s->x && s->y && s->a && s->next && s->sorted && s->there;
    for (int j = 0; j < levels; j++)
        whole = (s->d[j] = calloc(s->frame, sizeof *s->d[j])) && whole;
    if (!whole) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for wavelets of %d levels at %g Hz", levels, fs_hz);
        wavelet_destroy(s);
        return NULL;
    }
    return s;
}

int wavelet_levels_above(double fs_hz, double hz)
{
    int levels = 1;

    while (levels < WAVELET_MOST_LEVELS && ldexp(fs_hz, -levels - 2) >= hz)
        levels++;
    return levels;
}

/* ---- the transform ---- */

/* out[i], i < n, from a[i + step t]. */
CLONED_FOR_AVX2
static void analyse(const double *restrict w, const double *restrict a, size_t step, size_t n, double *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        const double *const v = a + i;
        out[i] = w[0] * v[0] + w[1] * v[step] + w[2] * v[2 * step] + w[3] * v[3 * step] + w[4] * v[4 * step] +
                 w[5] * v[5 * step] + w[6] * v[6 * step] + w[7] * v[7 * step];
    }
}

/* out[i] += half of what a[i - step t] tells, i = (TAPS-1) step .. n-1. */
CLONED_FOR_AVX2
static void synthesise(const double *restrict w, const double *restrict a, size_t step, size_t n, double *restrict out)
{
    for (size_t i = (TAPS - 1) * step; i < n; i++) {
        const double *const v = a + i - 7 * step;
        out[i] += 0.5 * (w[7] * v[0] + w[6] * v[step] + w[5] * v[2 * step] + w[4] * v[3 * step] + w[3] * v[4 * step] +
                         w[2] * v[5 * step] + w[1] * v[6 * step] + w[0] * v[7 * step]);
    }
}

/* ---- thresholds ---- */

/* Least risk for values d[n] of noise sigma, over the parts of the universal threshold. */
static double sure_threshold(const double *d, size_t n, double sigma, double universal)
{
    size_t count[PARTS + 1] = {0}, n_below = 0;
    double square[PARTS + 1] = {0}, energy = 0, below = 0, least = (double)INFINITY, best = universal;

    for (size_t i = 0; i < n; i++) {
        const double part = fmin(fabs(d[i]) / universal * PARTS, PARTS);
        count[(size_t)part]++;
        square[(size_t)part] += d[i] * d[i] / (sigma * sigma);
        energy += d[i] * d[i] / (sigma * sigma);
    }
    const double nn = (double)n;
    if ((energy - nn) / nn <= pow(log2(nn), 1.5) / sqrt(nn))   /* too sparse for an estimate of the risk */
        return universal;
    for (size_t k = 0; k <= PARTS; k++) {
        const double lambda = universal / sigma * (double)k / PARTS;
        const double risk = nn - 2 * (double)n_below + below + lambda * lambda * (double)(n - n_below);
        if (risk < least) {
            least = risk;
            best = lambda * sigma;
        }
        n_below += count[k];
        below += square[k];
    }
    return best;
}

/* Of the coefficients of a level, those whose filter is centred on a sample that was there. */
static double threshold(struct wavelet *s, int level)
{
    const size_t reach = (TAPS - 1) * (((size_t)2 << level) - 1);
    size_t n = 0;

    if (s->rule == WAVELET_NONE)
        return 0;
    for (size_t i = 0; i + reach < s->frame; i++)
        if (s->there[i + reach / 2])
            s->sorted[n++] = fabs(s->d[level][i]);
    if (n < 2)
        return 0;
    const double sigma = order_select(s->sorted, n, n / 2) / 0.6744897501960817, universal = sigma * sqrt(2 * log((double)n));
    return s->rule == WAVELET_UNIVERSAL || !(sigma > 0) ? universal : sure_threshold(s->sorted, n, sigma, universal);
}

static void swap(struct wavelet *s)
{
    double *const a = s->a;

    s->a = s->next;
    s->next = a;
}

/* a[frame] -> the same, denoised, but for a margin at either end. */
static void denoise(struct wavelet *s)
{
    size_t n = s->frame;

    for (int j = 0; j < s->levels; j++) {
        const size_t step = (size_t)1 << j;
        n -= (TAPS - 1) * step;
        analyse(s->high, s->a, step, n, s->d[j]);
        analyse(low, s->a, step, n, s->next);
        swap(s);
    }
    for (int j = s->levels; j-- > 0;) {
        const double lambda = threshold(s, j);
        for (size_t i = 0; i < n; i++)
            s->d[j][i] = copysign(fmax(fabs(s->d[j][i]) - lambda, 0), s->d[j][i]);
        const size_t step = (size_t)1 << j;
        memset(s->next, 0, s->frame * sizeof *s->next);
        synthesise(low, s->a, step, n, s->next);
        synthesise(s->high, s->d[j], step, n, s->next);
        swap(s);
    }
}

/* ---- frames ---- */

/* The input at i, which may lie before the first or behind the last. */
static double input(const struct wavelet *s, int64_t i)
{
    while (i < 0 || i >= s->n_real)
        i = i < 0 ? -1 - i : 2 * s->n_real - 1 - i;
    return s->x[i % (int64_t)s->frame];
}

static void bridge(struct wavelet *s)
{
    size_t last = SIZE_MAX;       /* one that is there */

    for (size_t i = 0; i < s->frame; i++) {
        if (!s->there[i])
            continue;
        const double from = s->a[last == SIZE_MAX ? i : last];
        for (size_t k = last + 1; k < i; k++)
            s->a[k] = from + (s->a[i] - from) * (last == SIZE_MAX ? 1 : (double)(k - last) / (double)(i - last));
        last = i;
    }
    for (size_t i = last + 1; i < s->frame; i++)
        s->a[i] = last == SIZE_MAX ? 0 : s->a[last];
}

static void work_frame(struct wavelet *s, int64_t k)
{
    const int64_t begin = k * (int64_t)s->hop - (int64_t)s->fade, first = begin - (int64_t)s->margin;

    for (size_t i = 0; i < s->frame; i++) {
        s->a[i] = input(s, first + (int64_t)i);
        s->there[i] = isfinite(s->a[i]);
    }
    bridge(s);
    denoise(s);
    for (size_t i = begin < 0 ? (size_t)-begin : 0; i < s->hop + s->fade; i++) {
        double *const y = &s->y[(begin + (int64_t)i) % (int64_t)s->frame];
        const double v = s->a[s->margin + i];
        if (i < s->fade)
            *y += v * ((double)i + 0.5) / (double)s->fade;
        else
            *y = i < s->hop ? v : v * ((double)(s->hop + s->fade - i) - 0.5) / (double)s->fade;
    }
}

/* One more sample has been taken, or is missing after the end: works if a frame is whole, and tells whether y has one more. */
static bool step(struct wavelet *s)
{
    s->n_in++;
    if (s->n_in > (int64_t)s->margin && (s->n_in - (int64_t)s->margin) % (int64_t)s->hop == 0)
        work_frame(s, (s->n_in - (int64_t)s->margin) / (int64_t)s->hop - 1);
    return s->n_in > (int64_t)(s->hop + s->fade + s->margin);
}

static double output(struct wavelet *s)
{
    const size_t at = (size_t)(s->n_out++ % (int64_t)s->frame);

    return isfinite(s->x[at]) ? s->y[at] : (double)NAN;
}

size_t wavelet_push(struct wavelet *s, const double *x, size_t n, double *y)
{
    size_t made = 0;

    for (size_t i = 0; i < n; i++) {
        s->x[s->n_in % (int64_t)s->frame] = x[i];
        s->n_real = s->n_in + 1;
        if (step(s))
            y[made++] = output(s);
    }
    return made;
}

size_t wavelet_flush(struct wavelet *s, double *y, size_t cap)
{
    size_t made = 0;

    while (made < cap && s->n_out < s->n_real)
        if (step(s))
            y[made++] = output(s);
    if (s->n_out == s->n_real)
        s->n_in = s->n_out = s->n_real = 0;
    return made;
}

void wavelet_destroy(struct wavelet *s)
{
    if (!s)
        return;
    free(s->x);
    free(s->y);
    free(s->a);
    free(s->next);
    free(s->sorted);
    free(s->there);
    for (int j = 0; j < s->levels; j++)
        free(s->d[j]);
    free(s);
}
