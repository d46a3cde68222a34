/* algorithms/quality_wave.c - see quality_wave.h. */
#include "algorithms/quality_wave.h"
#include "algorithms/fft.h"
#include "algorithms/order.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846
#define LEAST_S 2.0
#define LEAST_SAMPLES 16
#define MUSCLE_LOW_HZ 40.0
#define MUSCLE_HIGH_HZ 150.0
#define BASELINE_HZ 0.7

struct quality_waves {
    double fs_hz;
    size_t n;
    struct fft *fft;
    double *filled, *windowed, *hann;   /* [n]; windowed has room for the spectrum */
    double *range;                      /* of pieces of 1 s */
};

struct quality_waves *quality_waves_create(double fs_hz, size_t n, struct kymo_err *e)
{
    if (!(fs_hz > 0) || n < 2 || n > (size_t)1 << 28) {
        kymo_fail(e, KYMO_EUSAGE, "windows of %zu samples at %g Hz cannot be measured", n, fs_hz);
        return NULL;
    }
    struct quality_waves *s = calloc(1, sizeof *s);
    if (s) {
        s->fs_hz = fs_hz;
        s->n = n;
        s->filled = calloc(n, sizeof *s->filled);
        s->windowed = calloc(2 * (n / 2 + 1), sizeof *s->windowed);
        s->hann = calloc(n, sizeof *s->hann);
        s->range = calloc((size_t)((double)n / fs_hz) + 2, sizeof *s->range);
    }
    if (!s || !s->filled || !s->windowed || !s->hann || !s->range) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for windows of %zu samples", n);
    } else if ((s->fft = fft_create_forward(n, e))) {
        for (size_t i = 0; i < n; i++)
            s->hann[i] = 0.5 - 0.5 * cos(2 * PI * ((double)i + 0.5) / (double)n);
        return s;
    }
    quality_waves_destroy(s);
    return NULL;
}

void quality_waves_destroy(struct quality_waves *s)
{
    if (!s)
        return;
    fft_destroy(s->fft);
    free(s->filled);
    free(s->windowed);
    free(s->hann);
    free(s->range);
    free(s);
}

/* ---- samples ---- */

/* Runs of one value. */
static void measure_runs(const double *x, size_t n, double fs_hz, size_t n_valid, struct quality_wave *out)
{
    const double least = fmax(3, QUALITY_FLAT_S * fs_hz);
    size_t flat = 0, low = 0, high = 0, run;

    for (size_t i = 0; i < n; i += run) {
        run = 1;
        if (isnan(x[i]))
            continue;
        while (i + run < n && x[i + run] == x[i])
            run++;
        flat += (double)run >= least ? run : 0;
        low += run > 1 && x[i] == out->low ? run : 0;
        high += run > 1 && x[i] == out->high ? run : 0;
    }
    out->flat = (float)((double)flat / (double)n_valid);
    out->at_low = (float)((double)low / (double)n_valid);
    out->at_high = (float)((double)high / (double)n_valid);
}

static void measure_moments(const double *x, size_t n, size_t n_valid, struct quality_wave *out)
{
    double sum = 0, m2 = 0, m3 = 0, m4 = 0;

    for (size_t i = 0; i < n; i++)
        sum += isnan(x[i]) ? 0 : x[i];
    const double mean = sum / (double)n_valid;
    for (size_t i = 0; i < n; i++) {
        const double d = isnan(x[i]) ? 0 : x[i] - mean;
        m2 += d * d;
        m3 += d * d * d;
        m4 += d * d * d * d;
    }
    m2 /= (double)n_valid;
    out->mean = (float)mean;
    out->sd = (float)sqrt(m2);
    if (m2 > 0) {
        out->ssqi = (float)(m3 / (double)n_valid / (m2 * sqrt(m2)));
        out->ksqi = (float)(m4 / (double)n_valid / (m2 * m2));
    }
}

static void fill(const double *x, size_t n, double *filled)
{
    size_t last = n;   /* the newest sample that is there; n: none */

    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]))
            continue;
        const size_t from = last == n ? 0 : last + 1;
        for (size_t j = from; j < i; j++)
            filled[j] = last == n ? x[i] : x[last] + (x[i] - x[last]) * (double)(j - last) / (double)(i - last);
        filled[i] = x[i];
        last = i;
    }
    for (size_t j = last + 1; j < n && last < n; j++)
        filled[j] = x[last];
}

static double sign_of(size_t i)
{
    uint32_t h = (uint32_t)i * 2654435761u;

    h ^= h >> 15;
    h *= 2246822519u;
    return h >> 31 ? 1 : -1;
}

static void measure_signature(const double *x, size_t n, struct quality_wave *out)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += sign_of(i) * (x[i] - (double)out->mean);
    if (out->sd > 0)
        out->signature = (float)(sum / (sqrt((double)n) * (double)out->sd));
}

/* The median of the ranges of pieces of 1 s. */
static double usual_range(struct quality_waves *s, size_t n)
{
    const size_t piece = (size_t)s->fs_hz;
    size_t n_pieces = 0;

    for (size_t i = 0; piece > 0 && i + piece <= n; i += piece) {
        double low = s->filled[i], high = low;
        for (size_t j = i; j < i + piece; j++) {
            low = s->filled[j] < low ? s->filled[j] : low;
            high = s->filled[j] > high ? s->filled[j] : high;
        }
        s->range[n_pieces++] = high - low;
    }
    return n_pieces ? order_select(s->range, n_pieces, n_pieces / 2) : 0;
}

static void measure_spikes(struct quality_waves *s, size_t n, struct quality_wave *out)
{
    const size_t k = (size_t)fmax(1, round(QUALITY_SPIKE_S * s->fs_hz));
    const double range = usual_range(s, n), *const x = s->filled;
    size_t last = 0, count = 0;

    for (size_t i = k; range > 0 && i + k < n; i++) {
        const double off = fabs(x[i] - (x[i - k] + x[i + k]) / 2);
        if (off > 0.6 * range && fabs(x[i + k] - x[i - k]) < 0.2 * off) {
            count += last == 0 || i - last > 2 * k;
            last = i;
        }
    }
    out->spikes = (float)count;
}

/* ---- spectrum ---- */

struct spectrum {
    const double *re_im;
    size_t bins;
    double step_hz, scale;   /* of a bin; from its squared size to power */
};

static double power_of(const struct spectrum *s, size_t k)
{
    return s->scale * (s->re_im[2 * k] * s->re_im[2 * k] + s->re_im[2 * k + 1] * s->re_im[2 * k + 1]);
}

static size_t bin_of(const struct spectrum *s, double hz)
{
    const double k = ceil(hz / s->step_hz - 1e-9);

    return k < 0 ? 0 : k > (double)s->bins ? s->bins : (size_t)k;
}

static double power(const struct spectrum *s, double from_hz, double to_hz)
{
    const size_t to = bin_of(s, to_hz);
    double sum = 0;

    for (size_t k = bin_of(s, from_hz); k < to; k++)
        sum += power_of(s, k);
    return sum;
}

/* Power at a line over what is on both sides of it. */
static double line_power(const struct spectrum *s, double hz)
{
    const double near_hz = fmax(0.5, 2 * s->step_hz) + s->step_hz / 2, far_hz = near_hz + 1.5, end_hz = far_hz + 2;
    const double beside = power(s, hz - end_hz, hz - far_hz) + power(s, hz + far_hz, hz + end_hz);
    const size_t n_beside = bin_of(s, hz - far_hz) - bin_of(s, hz - end_hz) + bin_of(s, hz + end_hz) - bin_of(s, hz + far_hz);
    const size_t n_at = bin_of(s, hz + near_hz) - bin_of(s, hz - near_hz);

    return fmax(0, power(s, hz - near_hz, hz + near_hz) - (n_beside ? beside * (double)n_at / (double)n_beside : 0));
}

static void measure_mains(const struct spectrum *s, double fs_hz, struct quality_wave *out)
{
    static const double mains_hz[] = {50, 60};

    for (size_t m = 0; m < 2; m++) {
        if (fs_hz < 2.2 * mains_hz[m])
            continue;
        const float size = (float)sqrt(2 * line_power(s, mains_hz[m]));
        if (isnan(out->mains) || size > out->mains) {
            out->mains = size;
            out->mains_hz = (float)mains_hz[m];
        }
    }
}

/* What is left of a slow sinusoid in stretches of 1 s, each about its own mean. */
static double wander_power(const struct spectrum *s)
{
    const size_t to = bin_of(s, BASELINE_HZ);
    double sum = 0;

    for (size_t k = 1; k < to; k++) {
        const double x = PI * (double)k * s->step_hz, sinc = sin(x) / x;
        sum += power_of(s, k) * (1 - sinc * sinc);
    }
    return sum;
}

static bool near_mains(double hz)
{
    return fabs(hz - 50 * round(hz / 50)) < 1.5 || fabs(hz - 60 * round(hz / 60)) < 1.5;
}

static void measure_bands(const struct spectrum *s, double fs_hz, struct quality_wave *out)
{
    const double below_1 = power(s, 0, 1), below_40 = power(s, 0, 40), ecg = power(s, 5, 40);
    const size_t to = bin_of(s, fmin(MUSCLE_HIGH_HZ, 0.45 * fs_hz));
    double muscle = 0;

    out->wander = (float)sqrt(wander_power(s));
    if (fs_hz >= 80) {
        out->bassqi = below_40 > 0 ? (float)(1 - below_1 / below_40) : NAN;
        out->psqi = ecg > 0 ? (float)(power(s, 5, 15) / ecg) : NAN;
    }
    for (size_t k = bin_of(s, MUSCLE_LOW_HZ); k < to; k++)
        muscle += near_mains((double)k * s->step_hz) ? 0 : power_of(s, k);
    if (fs_hz >= 2.5 * MUSCLE_LOW_HZ)
        out->muscle = (float)sqrt(muscle);
    measure_mains(s, fs_hz, out);
}

static void measure_spectrum(struct quality_waves *s, size_t n, struct quality_wave *out)
{
    double squares = 0;

    for (size_t i = 0; i < n; i++) {
        const double w = n == s->n ? s->hann[i] : 0.5 - 0.5 * cos(2 * PI * ((double)i + 0.5) / (double)n);
        s->windowed[i] = w * (s->filled[i] - (double)out->mean);
        squares += w * w;
    }
    memset(s->windowed + n, 0, (s->n - n) * sizeof *s->windowed);
    fft_forward(s->fft, s->windowed, s->windowed);
    const struct spectrum spectrum = {
        .re_im = s->windowed, .bins = fft_bins(s->fft), .step_hz = s->fs_hz / (double)s->n,
        .scale = 2 / ((double)s->n * squares),
    };
    measure_bands(&spectrum, s->fs_hz, out);
}

void quality_wave_measure(struct quality_waves *s, const double *x, size_t n, struct quality_wave *out)
{
    size_t n_valid = 0;

    *out = (struct quality_wave){
        .flat = NAN, .at_low = NAN, .at_high = NAN, .low = (double)NAN, .high = (double)NAN, .mean = NAN, .sd = NAN,
        .ssqi = NAN, .ksqi = NAN, .psqi = NAN, .bassqi = NAN, .wander = NAN, .muscle = NAN, .mains = NAN, .mains_hz = NAN,
        .spikes = NAN, .signature = NAN,
    };
    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]))
            continue;
        out->low = n_valid == 0 || x[i] < out->low ? x[i] : out->low;
        out->high = n_valid == 0 || x[i] > out->high ? x[i] : out->high;
        n_valid++;
    }
    out->valid = n ? (float)((double)n_valid / (double)n) : 0;
    if (n_valid == 0)
        return;
    measure_runs(x, n, s->fs_hz, n_valid, out);
    measure_moments(x, n, n_valid, out);
    if (n_valid < LEAST_SAMPLES || (double)n_valid < LEAST_S * s->fs_hz || !(out->high > out->low) || isinf(out->sd))
        return;
    fill(x, n, s->filled);
    measure_signature(s->filled, n, out);
    measure_spikes(s, n, out);
    measure_spectrum(s, n, out);
}

/* ---- rails ---- */

void quality_rail_push(struct quality_rail *r, int direction, const struct quality_wave *w)
{
    const double value = direction < 0 ? w->low : w->high;
    const bool stays = (direction < 0 ? w->at_low : w->at_high) > 0;

    if (isnan(value) || w->low == w->high || (r->n_windows > 0 && direction * value < direction * r->value))
        return;
    if (r->n_windows == 0 || value != r->value)
        *r = (struct quality_rail){.value = value};
    r->n_windows++;
    r->n_stay += stays;
}

double quality_rail_at(const struct quality_rail *r)
{
    return r->n_stay >= QUALITY_RAIL_WINDOWS ? r->value : (double)NAN;
}
