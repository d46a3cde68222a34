/* algorithms/snr.c - see snr.h. */
#include "algorithms/snr.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define REACH_S 0.05

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Of v[n], which it sorts; NaN where n is 0. */
static double trimmed_mean(double *v, size_t n)
{
    const size_t trim = n / 20;
    double sum = 0;

    if (n == 0)
        return (double)NAN;
    qsort(v, n, sizeof *v, by_size);
    for (size_t i = trim; i < n - trim; i++)
        sum += v[i];
    return sum / (double)(n - 2 * trim);
}

/* ---- noise ---- */

static void begin_window(struct snr_noise *s)
{
    s->n_in = 0;
    s->mean = s->sum2 = 0;
}

void snr_noise_init(struct snr_noise *s, double fs_hz)
{
    s->window = (size_t)(fs_hz + 0.5);
    s->n = 0;
    begin_window(s);
}

size_t snr_noise_push(struct snr_noise *s, const double *x, size_t n)
{
    for (size_t i = 0; i < n && s->n < SNR_MOST; i++) {
        const double off = x[i] - s->mean;
        s->mean += off / (double)++s->n_in;
        s->sum2 += off * (x[i] - s->mean);
        if (s->n_in < s->window)
            continue;
        const double rms = sqrt(s->sum2 / (double)s->window);
        if (isfinite(rms))
            s->rms[s->n++] = rms;
        begin_window(s);
    }
    return SNR_MOST - s->n;
}

double snr_noise_rms(const struct snr_noise *s)
{
    double v[SNR_MOST];

    memcpy(v, s->rms, s->n * sizeof *v);
    return trimmed_mean(v, s->n);
}

/* ---- signal ---- */

void snr_signal_init(struct snr_signal *s, double fs_hz, const int64_t *beat, size_t n)
{
    *s = (struct snr_signal){.half = (int64_t)(REACH_S * fs_hz + 0.5), .n = n < SNR_MOST ? n : SNR_MOST};
    if (s->n > 0)
        memcpy(s->beat, beat, s->n * sizeof *beat);
}

static void see(struct snr_signal *s, size_t b, double x)
{
    if (isnan(x))
        return;
    if (s->seen[b] == 0 || x < s->low[b])
        s->low[b] = x;
    if (s->seen[b] == 0 || x > s->high[b])
        s->high[b] = x;
    s->seen[b]++;
}

void snr_signal_push(struct snr_signal *s, int64_t first, const double *x, size_t n)
{
    for (size_t i = 0; i < n && s->first < s->n; i++) {
        const int64_t at = first + (int64_t)i;
        while (s->first < s->n && s->beat[s->first] + s->half < at)
            s->first++;
        for (size_t b = s->first; b < s->n && s->beat[b] - s->half <= at; b++)
            see(s, b, x[i]);
    }
}

double snr_signal_peak_to_peak(const struct snr_signal *s)
{
    double v[SNR_MOST];
    size_t n = 0;

    for (size_t b = 0; b < s->n; b++)
        if (s->seen[b] == 2 * s->half + 1)
            v[n++] = s->high[b] - s->low[b];
    return trimmed_mean(v, n);
}

double snr_gain(double peak_to_peak, double rms, double snr_db)
{
    return pow(10, -snr_db / 20) * sqrt(2) / 4 * peak_to_peak / rms;
}
