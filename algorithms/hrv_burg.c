/* algorithms/hrv_burg.c - see hrv_burg.h. */
#include "algorithms/hrv_burg.h"

#include "algorithms/fft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LANES 8           /* partial sums, so that the compiler may add several at once in an order that is fixed */
#define BLOCK 1024        /* samples whose errors stay in the cache while they are updated and summed */
#define PER_HZ 1024       /* frequencies per Hz, at least */

struct hrv_burg {
    struct hrv_burg_options o;
    double *forward, *backward;            /* [cap] errors of prediction, the pieces one after another */
    size_t cap;
    size_t order;                          /* of the last model */
    double a[HRV_MAX_ORDER + 1], noise_ms2;
    double lags[HRV_MAX_ORDER + 1];        /* its autocovariances 0 .. order; the first is the mean square */
    size_t n_transform;                    /* what the rest was made for; 0 at first */
    double *x;                             /* [n_transform + 2]: a sequence, and then its transform */
    double *all_lags;                      /* [n_transform / 2] */
    struct fft *fft;
};

/* What the next reflection coefficient comes from: -2 product / squares. */
struct sums {
    double product[LANES], squares[LANES];
};

struct hrv_burg *hrv_burg_create(const struct hrv_burg_options *o, struct kymo_err *e)
{
    if (o->order < 1 || o->order > HRV_MAX_ORDER) {
        kymo_fail(e, KYMO_EUSAGE, "autoregressive model of order %zu, not 1..%d", o->order, HRV_MAX_ORDER);
        return NULL;
    }
    if (!(o->least_s >= 0)) {
        kymo_fail(e, KYMO_EUSAGE, "autoregressive model of pieces from %g s on, not 0 or more", o->least_s);
        return NULL;
    }
    struct hrv_burg *s = calloc(1, sizeof *s);
    if (s)
        s->o = *o;
    else
        kymo_fail(e, KYMO_ENOMEM, "no memory for an autoregressive spectrum");
    return s;
}

static void add_products(struct sums *sums, const double *f, const double *b, size_t n)
{
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t l = 0; l < LANES; l++) {
            sums->product[l] += f[i + l] * b[i + l];
            sums->squares[l] += f[i + l] * f[i + l] + b[i + l] * b[i + l];
        }
    for (; i < n; i++) {
        sums->product[0] += f[i] * b[i];
        sums->squares[0] += f[i] * f[i] + b[i] * b[i];
    }
}

static void reflect(double *restrict f, double *restrict b, size_t n, double k)
{
    for (size_t i = 0; i < n; i++) {
        const double held = f[i];
        f[i] += k * b[i];
        b[i] += k * held;
    }
}

static double reflection(const struct sums *sums)
{
    double product = 0, squares = 0;

    for (size_t l = 0; l < LANES; l++) {
        product += sums->product[l];
        squares += sums->squares[l];
    }
    return squares > 0 ? -2 * product / squares : 0;
}

/* One piece of n samples from order p-1 to order p, and the sums for p+1. At order p the forward error at i meets the backward
 * error at i-1, which is kept at b[i-p]: then both are updated where they are. */
static void raise_order(double *f, double *b, size_t n, size_t p, double k, struct sums *next)
{
    for (size_t from = p; from < n; from += BLOCK) {
        const size_t to = from + BLOCK < n ? from + BLOCK : n, pair = from > p ? from : p + 1;

        reflect(f + from, b + from - p, to - from, k);
        if (to > pair)
            add_products(next, f + pair, b + pair - p - 1, to - pair);
    }
}

static int is_used(const struct hrv_burg *s, const struct hrv_even *x, size_t i)
{
    return x->pieces[i].n > 2 * s->o.order && (double)x->pieces[i].n >= s->o.least_s * x->rate_hz;
}

/* Copies the pieces that are used, less their trend; returns how many samples they have. */
static size_t take_samples(struct hrv_burg *s, const struct hrv_even *x, struct sums *first)
{
    size_t n = 0;
    double sum = 0;

    for (size_t i = 0; i < x->n_pieces; i++) {
        const struct hrv_piece *piece = &x->pieces[i];
        double *const f = s->forward + piece->first;
        if (!is_used(s, x, i))
            continue;
        memcpy(f, x->ms + piece->first, piece->n * sizeof *f);
        trend_remove(s->o.trend, NULL, f, piece->n);
        memcpy(s->backward + piece->first, f, piece->n * sizeof *f);
        add_products(first, f + 1, f, piece->n - 1);
        for (size_t j = 0; j < piece->n; j++)
            sum += f[j] * f[j];
        n += piece->n;
    }
    s->lags[0] = n > 0 ? sum / (double)n : 0;
    return n;
}

/* The autocovariance at lag p that belongs to reflection coefficient k, from order p-1. */
static double next_lag(const double *a, const double *lags, size_t p, double k, double noise)
{
    double sum = k * noise;

    for (size_t i = 1; i < p; i++)
        sum += a[i] * lags[p - i];
    return -sum;
}

/* Levinson's step: a[0 .. p-1] of order p-1 to order p, a[0] = 1. */
static void add_coefficient(double *a, size_t p, double k)
{
    a[p] = 0;
    for (size_t i = 0; 2 * i <= p; i++) {
        const double low = a[i], high = a[p - i];
        a[i] = low + k * high;
        a[p - i] = high + k * low;
    }
}

static double criterion(enum hrv_order choose, double noise, size_t order, size_t n_samples)
{
    const double n = (double)n_samples, p = (double)order;

    return choose == HRV_ORDER_AIC ? n * log(noise) + 2 * p : noise * (n + p + 1) / (n - p - 1);
}

static void fit(struct hrv_burg *s, const struct hrv_even *x)
{
    double a[HRV_MAX_ORDER + 1] = { 1 }, best = INFINITY;
    struct sums sums = { 0 };
    const size_t n = take_samples(s, x, &sums);
    double noise = s->lags[0];

    s->order = 0;
    s->a[0] = 1;
    s->noise_ms2 = noise;
    for (size_t p = 1; p <= s->o.order && noise > 0; p++) {
        const double k = reflection(&sums);
        sums = (struct sums){ 0 };
        for (size_t i = 0; i < x->n_pieces; i++)
            if (is_used(s, x, i))
                raise_order(s->forward + x->pieces[i].first, s->backward + x->pieces[i].first, x->pieces[i].n, p, k, &sums);
        s->lags[p] = next_lag(a, s->lags, p, k, noise);
        add_coefficient(a, p, k);
        noise *= fmax(0, 1 - k * k);
        const double now = s->o.choose == HRV_ORDER_GIVEN ? -(double)p : criterion(s->o.choose, noise, p, n);
        if (now < best) {
            best = now;
            s->order = p;
            s->noise_ms2 = noise;
            memcpy(s->a, a, (p + 1) * sizeof *a);
        }
    }
}

static int reserve_errors(struct hrv_burg *s, size_t n, struct kymo_err *e)
{
    if (n > s->cap) {
        free(s->forward);
        free(s->backward);
        s->forward = malloc(n * sizeof *s->forward);
        s->backward = malloc(n * sizeof *s->backward);
        s->cap = s->forward && s->backward ? n : 0;
    }
    return n > s->cap ? kymo_fail(e, KYMO_ENOMEM, "no memory for a model of %zu samples", n) : 0;
}

static int prepare_transform(struct hrv_burg *s, double rate_hz, struct kymo_err *e)
{
    size_t n = 2;

    while ((double)n < PER_HZ * rate_hz)
        n *= 2;
    if (n == s->n_transform)
        return 0;
    fft_destroy(s->fft);
    free(s->x);
    free(s->all_lags);
    s->n_transform = 0;
    s->x = malloc((n + 2) * sizeof *s->x);
    s->all_lags = malloc(n / 2 * sizeof *s->all_lags);
    s->fft = fft_create_forward(n, e);
    if (!s->fft)
        return kymo_during(e, "cannot prepare an autoregressive spectrum");
    if (!s->x || !s->all_lags)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a spectrum of %zu frequencies", n / 2 + 1);
    s->n_transform = n;
    return 0;
}

/* One-sided: 0 and half the rate have no other side. */
static double sides(const struct hrv_burg *s, size_t k)
{
    return k == 0 || 2 * k == s->n_transform ? 1 : 2;
}

/* The model's density at the points of the grid; returns the sum over them, times their spacing. */
static double fill_points(struct hrv_burg *s, double rate_hz, struct hrv_spectrum *out)
{
    double sum = 0;

    memset(s->x, 0, s->n_transform * sizeof *s->x);
    memcpy(s->x, s->a, (s->order + 1) * sizeof *s->a);
    fft_forward(s->fft, s->x, s->x);
    for (size_t k = 0; k < out->n; k++) {
        const double gain = s->x[2 * k] * s->x[2 * k] + s->x[2 * k + 1] * s->x[2 * k + 1];
        out->psd[k] = s->noise_ms2 > 0 ? sides(s, k) * s->noise_ms2 / (rate_hz * gain) : 0;
        sum += out->psd[k];
    }
    return sum * out->df_hz;
}

/* Parzen's lag window, u = 0 .. 1: its transform is nowhere negative and falls with the fourth power. */
static double parzen(double u)
{
    return u <= 0.5 ? 1 - 6 * u * u * (1 - u) : 2 * (1 - u) * (1 - u) * (1 - u);
}

/* The model's density smoothed over a few points of the grid: transform of its autocovariances, which go on as the model says.
 * */
static void fill_smoothed(struct hrv_burg *s, double rate_hz, struct hrv_spectrum *out)
{
    const size_t n = s->n_transform, half = n / 2;

    for (size_t i = 0; i < half; i++) {
        double sum = 0;
        for (size_t j = 1; i > s->order && j <= s->order; j++)
            sum -= s->a[j] * s->all_lags[i - j];
        s->all_lags[i] = i > s->order ? sum : s->lags[i];
    }
    s->x[half] = 0;
    for (size_t i = 0; i < half; i++) {
        s->x[i] = s->all_lags[i] * parzen((double)i / (double)half);
        if (i > 0)
            s->x[n - i] = s->x[i];
    }
    fft_forward(s->fft, s->x, s->x);
    for (size_t k = 0; k < out->n; k++)
        out->psd[k] = sides(s, k) / rate_hz * fmax(0, s->x[2 * k]);
}

static int fill_psd(struct hrv_burg *s, double rate_hz, struct hrv_spectrum *out, struct kymo_err *e)
{
    int rc = prepare_transform(s, rate_hz, e);

    if (rc == 0)
        rc = hrv_spectrum_make(out, s->n_transform / 2 + 1, e);
    if (rc < 0)
        return rc;
    out->df_hz = rate_hz / (double)s->n_transform;
    if (!(fabs(fill_points(s, rate_hz, out) - s->lags[0]) <= 1e-4 * s->lags[0]))
        fill_smoothed(s, rate_hz, out);
    return 0;
}

static void tell(const struct hrv_burg *s, const struct hrv_even *x, struct hrv_spectrum *out)
{
    size_t longest = 0, used = 0, bridged = 0;

    for (size_t i = 0; i < x->n_pieces; i++) {
        const struct hrv_piece *piece = &x->pieces[i];
        if (!is_used(s, x, i))
            continue;
        longest = piece->n > longest ? piece->n : longest;
        used += piece->n;
        for (size_t j = piece->first; j < piece->first + piece->n; j++)
            bridged += x->bridged[j] != 0;
    }
    out->resolution_hz = x->rate_hz / (double)longest;
    out->highest_hz = x->beats_hz / 2;
    out->used_s = (double)used / x->rate_hz;
    out->bridged_s = (double)bridged / x->rate_hz;
    out->n_windows = 1;
    out->order = s->order;
}

int hrv_burg_measure(struct hrv_burg *s, const struct hrv_even *x, struct hrv_spectrum *out, struct kymo_err *e)
{
    int rc = reserve_errors(s, x->n, e), found = 0;

    for (size_t i = 0; i < x->n_pieces; i++)
        found |= is_used(s, x, i);
    if (rc == 0 && found)
        fit(s, x);
    if (rc == 0)
        rc = found ? fill_psd(s, x->rate_hz, out, e) : hrv_spectrum_make(out, 0, e);
    if (rc < 0)
        return rc;
    if (found)
        tell(s, x, out);
    out->series_s = x->series_s;
    return 0;
}

double hrv_burg_model(const struct hrv_burg *s, double a[HRV_MAX_ORDER])
{
    memcpy(a, s->a + 1, s->order * sizeof *a);
    return s->noise_ms2;
}

void hrv_burg_destroy(struct hrv_burg *s)
{
    if (!s)
        return;
    fft_destroy(s->fft);
    free(s->forward);
    free(s->backward);
    free(s->x);
    free(s->all_lags);
    free(s);
}
