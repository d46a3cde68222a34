/* algorithms/spo2_psd.c - see spo2_psd.h. */
#include "algorithms/spo2_psd.h"

#include "algorithms/fft.h"

#include <math.h>
#include <stdbool.h>

#define SEGMENT SPO2_PSD_SEGMENT_S
#define STEP (SEGMENT / 2)

static const double BAND_FROM_HZ = 0.014, BAND_TO_HZ = 0.033;

/* Adds |X[k]|^2 of the windowed segment to power[STEP]. */
static void add_segment(struct fft *fft, const double *x, const double *window, double *power)
{
    double buffer[SEGMENT + 2], sum = 0;

    for (size_t i = 0; i < SEGMENT; i++)
        sum += x[i];
    for (size_t i = 0; i < SEGMENT; i++)
        buffer[i] = (x[i] - sum / SEGMENT) * window[i];
    fft_forward(fft, buffer, buffer);
    for (size_t k = 0; k < STEP; k++)
        power[k] += buffer[2 * k] * buffer[2 * k] + buffer[2 * k + 1] * buffer[2 * k + 1];
}

static size_t add_segments(struct fft *fft, const double *x, size_t n, const double *window, double *power)
{
    size_t n_segments = 0, valid = 0;   /* samples in a row up to here that are in no segment's first half */

    for (size_t i = 0; i < n; i++) {
        valid = isnan(x[i]) ? 0 : valid + 1;
        if (valid == SEGMENT) {
            add_segment(fft, x + i + 1 - SEGMENT, window, power);
            n_segments++;
            valid = SEGMENT - STEP;
        }
    }
    return n_segments;
}

static void sum_up(const double *power, double scale, struct spo2_psd *out)
{
    out->total = out->band = out->peak = 0;
    for (size_t k = 0; k < SEGMENT / 4; k++) {
        const double f_hz = (double)k / SEGMENT, density = (k == 0 ? 1 : 2) * power[k] * scale;
        const bool inside = f_hz > BAND_FROM_HZ && f_hz < BAND_TO_HZ;
        out->total += density;
        out->band += inside ? density : 0;
        out->peak = inside ? fmax(out->peak, density) : out->peak;
    }
    out->ratio = out->total > 0 ? out->band / out->total : NAN;
}

int spo2_psd(const double *x_pct, size_t n, struct spo2_psd *out, struct kymo_err *e)
{
    double window[SEGMENT], power[STEP] = {0}, energy = 0;
    size_t n_valid = 0;
    struct fft *const fft = fft_create(SEGMENT, e);

    *out = (struct spo2_psd){.total = NAN, .band = NAN, .peak = NAN, .ratio = NAN};
    if (!fft)
        return e->cause[0].code;
    for (size_t i = 0; i < SEGMENT; i++) {
        window[i] = 0.54 - 0.46 * cos(2 * M_PI * (double)i / SEGMENT);
        energy += window[i] * window[i];
    }
    for (size_t i = 0; i < n; i++)
        n_valid += isnan(x_pct[i]) ? 0 : 1;
    out->n_segments = add_segments(fft, x_pct, n, window, power);
    if (out->n_segments > 0)
        sum_up(power, 1 / (energy * (double)out->n_segments * (double)n_valid), out);
    fft_destroy(fft);
    return 0;
}
