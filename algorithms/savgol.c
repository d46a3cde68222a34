/* algorithms/savgol.c - see savgol.h.
 *
 * Input is worked on in pieces behind what is left of the input before, width samples. An output is given width - 1 samples
 * after its input: by then the first window of its run is whole, or the end of its run is known. */
#include "algorithms/savgol.h"
#include "lib/clones.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define WIDEST 100001u

enum { PIECE = 512 };

struct savgol {
    size_t width, half;
    int order, derivative;
    double scale;                 /* fs_hz^derivative */
    double *weight;
    double *x, *y;                /* width + PIECE: x[width + i] is i of this piece; y beside it */
    size_t run;                   /* samples of the run that is, at most width */
    uint64_t n_in, n_out, n_real; /* taken and given since create or flush; in flush, taken counts what follows the end too */
};

/* p[k]^(d)(t), k = 0 .. order, of the polynomials that are orthonormal on n points at distance 1 round t = 0; n > order. */
static void evaluate(size_t n, int order, int derivative, double t, double p[SAVGOL_HIGHEST + 1])
{
    double below[SAVGOL_HIGHEST + 1] = {0};   /* of one derivative less */
    const double nn = (double)n;

    for (int d = 0; d <= derivative; d++) {
        double b = 0, before = 0;
        p[0] = d == 0 ? 1 / sqrt(nn) : 0;
        for (int k = 0; k < order; k++) {
            const double k1 = k + 1, next = sqrt(k1 * k1 * (nn - k1) * (nn + k1) / (4 * (4 * k1 * k1 - 1)));
            p[k + 1] = (t * p[k] + d * below[k] - b * before) / next;
            before = p[k];
            b = next;
        }
        memcpy(below, p, sizeof below);
    }
}

/* The fit is sum over k of p[k] (sum over j of p[k](j) x[j]). */
static void make_weights(struct savgol *s)
{
    double centre[SAVGOL_HIGHEST + 1] = {0}, there[SAVGOL_HIGHEST + 1] = {0};

    evaluate(s->width, s->order, s->derivative, 0, centre);
    for (size_t j = 0; j < s->width; j++) {
        double sum = 0;
        evaluate(s->width, s->order, 0, (double)j - (double)s->half, there);
        for (int k = 0; k <= s->order; k++)
            sum += centre[k] * there[k];
        s->weight[j] = sum * s->scale;
    }
}

static void reset(struct savgol *s)
{
    for (size_t i = 0; i < s->width; i++)
        s->x[i] = s->y[i] = (double)NAN;
    s->run = 0;
    s->n_in = s->n_out = s->n_real = 0;
}

struct savgol *savgol_create(size_t width, int order, int derivative, double fs_hz, struct kymo_err *e)
{
    if (width % 2 == 0 || width > WIDEST) {
        kymo_fail(e, KYMO_EUSAGE, "no Savitzky-Golay filter over %zu samples: it takes an odd number up to %u", width, WIDEST);
        return NULL;
    }
    if (order < 0 || order > SAVGOL_HIGHEST || (size_t)order >= width || derivative < 0 || derivative > order ||
        !(fs_hz > 0 && fs_hz <= 1e9)) {
        kymo_fail(e, KYMO_EUSAGE, "no Savitzky-Golay filter of order %d and derivative %d over %zu samples: the order is 0..%d "
                  "and below the samples, the derivative at most the order", order, derivative, width, SAVGOL_HIGHEST);
        return NULL;
    }
    struct savgol *s = calloc(1, sizeof *s);
    if (s) {
        s->weight = calloc(width, sizeof *s->weight);
        s->x = calloc(width + PIECE, sizeof *s->x);
        s->y = calloc(width + PIECE, sizeof *s->y);
    }
    if (!s || !s->weight || !s->x || !s->y) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for a Savitzky-Golay filter over %zu samples", width);
        savgol_destroy(s);
        return NULL;
    }
    s->width = width;
    s->half = width / 2;
    s->order = order;
    s->derivative = derivative;
    s->scale = pow(fs_hz, derivative);
    make_weights(s);
    reset(s);
    return s;
}

size_t savgol_width(const struct savgol *s) { return s->width; }

const double *savgol_weights(const struct savgol *s) { return s->weight; }

/* ---- a piece ---- */

/* y[i] = sum over j of weight[j] x[i + j]; the two of equal distance from the centre have equal weight, or of odd derivatives
 * opposite. What has a NaN in its window becomes NaN. */
CLONED_FOR_AVX2
static void convolve(const double *restrict weight, size_t half, double sign, const double *restrict x, size_t n,
                     double *restrict y)
{
    for (size_t i = 0; i < n; i++)
        y[i] = weight[half] * x[i + half];
    for (size_t j = 0; j < half; j++) {
        const double *const last = x + 2 * half - j, *const first = x + j;
        const double w = weight[j];
        for (size_t i = 0; i < n; i++)
            y[i] += w * (first[i] + sign * last[i]);
    }
}

/* The polynomial of x[n] at from .. to-1, into y. */
static void fit(const struct savgol *s, const double *x, size_t n, size_t from, size_t to, double *y)
{
    const int order = (size_t)s->order < n ? s->order : (int)n - 1;
    const double centre = ((double)n - 1) / 2;
    double sum[SAVGOL_HIGHEST + 1] = {0}, p[SAVGOL_HIGHEST + 1] = {0};

    for (size_t j = 0; j < n; j++) {
        evaluate(n, order, 0, (double)j - centre, p);
        for (int k = 0; k <= order; k++)
            sum[k] += p[k] * x[j];
    }
    for (size_t i = from; i < to; i++) {
        double v = 0;
        evaluate(n, order, s->derivative, (double)i - centre, p);
        for (int k = 0; k <= order; k++)
            v += sum[k] * p[k];
        y[i] = s->derivative <= order ? v * s->scale : (double)NAN;
    }
}

/* A run has ended before x + end. */
static void end_run(struct savgol *s, size_t end)
{
    const size_t n = s->run, begin = end - n;

    if (n == s->width)
        fit(s, s->x + begin, n, s->half + 1, n, s->y + begin);
    else if (n > 0)
        fit(s, s->x + begin, n, 0, n, s->y + begin);
    s->run = 0;
}

/* n samples are at x + width: y of them, and of those before them that can now be known. */
static void work(struct savgol *s, size_t n)
{
    double inner[PIECE], *const y = s->y + s->half + 1;

    convolve(s->weight, s->half, s->derivative % 2 ? -1 : 1, s->x + 1, n, inner);
    for (size_t i = 0; i < n; i++)
        s->y[s->width + i] = (double)NAN;
    for (size_t i = 0; i < n; i++)
        y[i] = isnan(inner[i]) ? y[i] : inner[i];   /* an end may be there already */
    for (size_t i = s->width; i < s->width + n; i++) {
        if (!isfinite(s->x[i]))
            end_run(s, i);
        else if (s->run < s->width && ++s->run == s->width)
            fit(s, s->x + i + 1 - s->width, s->width, 0, s->half, s->y + i + 1 - s->width);
    }
}

/* Takes x[n], n <= PIECE; NULL: as many that are missing. */
static size_t take(struct savgol *s, const double *x, size_t n, double *y)
{
    const size_t delay = s->width - 1, wait = s->n_in < delay ? delay - (size_t)s->n_in : 0, first = wait < n ? wait : n;

    for (size_t i = 0; i < n; i++)
        s->x[s->width + i] = x && isfinite(x[i]) ? x[i] : (double)NAN;
    work(s, n);
    memcpy(y, s->y + 1 + first, (n - first) * sizeof *y);
    memmove(s->x, s->x + n, s->width * sizeof *s->x);
    memmove(s->y, s->y + n, s->width * sizeof *s->y);
    s->n_in += n;
    s->n_out += n - first;
    return n - first;
}

size_t savgol_push(struct savgol *s, const double *x, size_t n, double *y)
{
    size_t made = 0;

    s->n_real += n;
    for (size_t at = 0, m; at < n; at += m) {
        m = n - at < PIECE ? n - at : PIECE;
        made += take(s, x + at, m, y + made);
    }
    return made;
}

size_t savgol_flush(struct savgol *s, double *y, size_t cap)
{
    size_t made = 0;

    while (made < cap && s->n_out < s->n_real) {
        const size_t left = (size_t)(s->n_real + s->width - 1 - s->n_in), most = cap - made < PIECE ? cap - made : PIECE;
        made += take(s, NULL, left < most ? left : most, y + made);
    }
    if (s->n_out == s->n_real)
        reset(s);
    return made;
}

void savgol_destroy(struct savgol *s)
{
    if (!s)
        return;
    free(s->weight);
    free(s->x);
    free(s->y);
    free(s);
}
