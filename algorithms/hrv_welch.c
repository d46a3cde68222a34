/* algorithms/hrv_welch.c - see hrv_welch.h. */
#include "algorithms/hrv_welch.h"

#include "algorithms/fft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SAMPLES ((size_t)1 << 24)

struct hrv_welch {
    struct hrv_welch_options o;
    size_t n_window, n_transform;   /* what the rest was made for; 0 at first */
    double *weight;                 /* [n_window] */
    double sum_weight2;
    double *x;                      /* [n_transform + 2]: a window, and then its transform */
    struct fft *fft;
};

struct hrv_welch *hrv_welch_create(const struct hrv_welch_options *o, struct kymo_err *e)
{
    if (!(o->window_s > 0 && o->window_s < INFINITY))
        kymo_fail(e, KYMO_EUSAGE, "window of %g s, not more than 0", o->window_s);
    else if (!(o->overlap >= 0 && o->overlap <= 0.99))
        kymo_fail(e, KYMO_EUSAGE, "windows that overlap by %g of their length, not 0..0.99", o->overlap);
    else if (!(o->most_bridged >= 0 && o->most_bridged <= 1))
        kymo_fail(e, KYMO_EUSAGE, "windows that are bridged by up to %g of their length, not 0..1", o->most_bridged);
    else if (o->transform > MAX_SAMPLES)
        kymo_fail(e, KYMO_EUSAGE, "transform of %zu samples, more than %zu", o->transform, MAX_SAMPLES);
    else {
        struct hrv_welch *s = calloc(1, sizeof *s);
        if (s)
            s->o = *o;
        else
            kymo_fail(e, KYMO_ENOMEM, "no memory for a spectrum by windows");
        return s;
    }
    return NULL;
}

static void fill_weights(struct hrv_welch *s, size_t n)
{
    s->sum_weight2 = 0;
    for (size_t j = 0; j < n; j++) {
        const double wave = cos(2 * M_PI * (double)j / (double)n);
        s->weight[j] = s->o.shape == HRV_HANN ? 0.5 - 0.5 * wave : s->o.shape == HRV_HAMMING ? 0.54 - 0.46 * wave : 1;
        s->sum_weight2 += s->weight[j] * s->weight[j];
    }
}

static int prepare_window(struct hrv_welch *s, size_t n, struct kymo_err *e)
{
    if (n == s->n_window)
        return 0;
    free(s->weight);
    s->weight = malloc(n * sizeof *s->weight);
    s->n_window = s->weight ? n : 0;
    if (!s->weight)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a window of %zu samples", n);
    fill_weights(s, n);
    return 0;
}

static int prepare_transform(struct hrv_welch *s, size_t n, struct kymo_err *e)
{
    if (n == s->n_transform)
        return 0;
    fft_destroy(s->fft);
    free(s->x);
    s->n_transform = 0;
    s->x = malloc((n + 2) * sizeof *s->x);
    s->fft = fft_create_forward(n, e);
    if (!s->fft)
        return kymo_during(e, "cannot prepare a spectrum by windows");
    if (!s->x)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a window of %zu samples", n);
    s->n_transform = n;
    return 0;
}

/* Samples of a window, no more than the longest piece has; 0 where no piece has two. */
static int choose_window(const struct hrv_welch *s, const struct hrv_even *x, size_t *n_window, struct kymo_err *e)
{
    const double wanted = round(s->o.window_s * x->rate_hz);
    size_t longest = 0;

    for (size_t i = 0; i < x->n_pieces; i++)
        longest = x->pieces[i].n > longest ? x->pieces[i].n : longest;
    *n_window = longest < 2 ? 0 : wanted < (double)longest ? (size_t)wanted : longest;
    if (longest >= 2 && (*n_window < 2 || *n_window > MAX_SAMPLES))
        return kymo_fail(e, KYMO_EUSAGE, "window of %g s is %.0f samples at %g Hz, not 2..%zu", s->o.window_s, wanted,
                         x->rate_hz, MAX_SAMPLES);
    return 0;
}

static size_t count_bridged(const struct hrv_even *x, size_t first, size_t n)
{
    size_t count = 0;

    for (size_t i = first; i < first + n; i++)
        count += x->bridged[i] != 0;
    return count;
}

static void add_window(struct hrv_welch *s, const double *ms, double *psd)
{
    const size_t n = s->n_window, m = s->n_transform;

    memcpy(s->x, ms, n * sizeof *ms);
    trend_remove(s->o.trend, NULL, s->x, n);
    for (size_t j = 0; j < n; j++)
        s->x[j] *= s->weight[j];
    memset(s->x + n, 0, (m - n) * sizeof *s->x);
    fft_forward(s->fft, s->x, s->x);
    for (size_t k = 0; k <= m / 2; k++)
        psd[k] += s->x[2 * k] * s->x[2 * k] + s->x[2 * k + 1] * s->x[2 * k + 1];
}

/* Windows of one piece. What two windows share is counted as used once. */
static void add_piece(struct hrv_welch *s, const struct hrv_even *x, const struct hrv_piece *piece, struct hrv_spectrum *out)
{
    const size_t n = s->n_window, end = piece->first + piece->n, step = n - (size_t)floor(s->o.overlap * (double)n);
    size_t used_to = piece->first, used = 0, bridged = 0;

    for (size_t first = piece->first; first + n <= end; first += step) {
        if ((double)count_bridged(x, first, n) > s->o.most_bridged * (double)n) {
            out->n_windows_left_out++;
            continue;
        }
        add_window(s, x->ms + first, out->psd);
        out->n_windows++;
        const size_t from = first > used_to ? first : used_to;
        used_to = first + n;
        used += used_to - from;
        bridged += count_bridged(x, from, used_to - from);
    }
    out->used_s += (double)used / x->rate_hz;
    out->bridged_s += (double)bridged / x->rate_hz;
}

/* From sums of squares over windows to a one-sided density. */
static void scale(const struct hrv_welch *s, double rate_hz, struct hrv_spectrum *out)
{
    const double both = 1 / (rate_hz * s->sum_weight2 * (double)out->n_windows);

    for (size_t k = 0; k < out->n; k++)
        out->psd[k] *= k == 0 || 2 * k == s->n_transform ? both : 2 * both;
}

int hrv_welch_measure(struct hrv_welch *s, const struct hrv_even *x, struct hrv_spectrum *out, struct kymo_err *e)
{
    size_t n = 0;
    int rc = choose_window(s, x, &n, e);

    if (rc == 0)
        rc = n > 0 ? prepare_window(s, n, e) : 0;
    if (rc == 0)
        rc = n > 0 ? prepare_transform(s, s->o.transform > n ? s->o.transform : n, e) : 0;
    if (rc == 0)
        rc = hrv_spectrum_make(out, n > 0 ? s->n_transform / 2 + 1 : 0, e);
    if (rc < 0)
        return rc;
    out->series_s = x->series_s;
    if (n == 0)
        return 0;
    out->df_hz = x->rate_hz / (double)s->n_transform;
    out->resolution_hz = x->rate_hz / (double)n;
    out->highest_hz = x->beats_hz / 2;
    for (size_t i = 0; i < x->n_pieces; i++)
        add_piece(s, x, &x->pieces[i], out);
    scale(s, x->rate_hz, out);
    if (out->n_windows == 0)
        out->n = 0;
    return 0;
}

void hrv_welch_destroy(struct hrv_welch *s)
{
    if (!s)
        return;
    fft_destroy(s->fft);
    free(s->weight);
    free(s->x);
    free(s);
}
