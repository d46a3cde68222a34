/* algorithms/hrv_bands.c - see hrv_bands.h. */
#include "algorithms/hrv_bands.h"

#include <math.h>

#define EDGE 1e-9   /* of the grid's spacing: k df and the edge are rounded */

const struct hrv_bands hrv_bands_task_force = {
    .ulf = { 0, 0.003 }, .vlf = { 0.003, 0.04 }, .lf = { 0.04, 0.15 }, .hf = { 0.15, 0.4 },
};

/* The first frequency at or above f_hz. */
static size_t first_from(const struct hrv_spectrum *s, double f_hz)
{
    return (size_t)fmax(0, ceil(f_hz / s->df_hz - EDGE));
}

static int is_covered(const struct hrv_spectrum *s, struct hrv_band band)
{
    return s->n > 0 && band.hi_hz - band.lo_hz >= s->resolution_hz && band.hi_hz / s->df_hz <= (double)s->n + EDGE;
}

double hrv_band_power(const struct hrv_spectrum *s, struct hrv_band band)
{
    double sum = 0;

    if (!is_covered(s, band))
        return NAN;
    for (size_t k = first_from(s, band.lo_hz), end = first_from(s, band.hi_hz); k < end; k++)
        sum += s->psd[k];
    return sum * s->df_hz;
}

static int is_local_peak(const struct hrv_spectrum *s, size_t k)
{
    return k > 0 && k + 1 < s->n && s->psd[k] > 0 && s->psd[k] >= s->psd[k - 1] && s->psd[k] >= s->psd[k + 1];
}

/* How far the top of the parabola through the logarithms lies from k, -0.5 .. 0.5. */
static double top_from(const double *psd, size_t k)
{
    if (!(psd[k - 1] > 0 && psd[k + 1] > 0))
        return 0;
    const double before = log(psd[k - 1] / psd[k]), after = log(psd[k + 1] / psd[k]);   /* neither is above 0 */
    return before + after < 0 ? (before - after) / (2 * (before + after)) : 0;
}

double hrv_band_peak(const struct hrv_spectrum *s, struct hrv_band band)
{
    size_t top = 0;   /* never a peak itself */

    if (!is_covered(s, band))
        return NAN;
    for (size_t k = first_from(s, band.lo_hz), end = first_from(s, band.hi_hz); k < end; k++)
        if (is_local_peak(s, k) && (top == 0 || s->psd[k] > s->psd[top]))
            top = k;
    return top > 0 ? ((double)top + top_from(s->psd, top)) * s->df_hz : NAN;
}

static double share(double part, double of)
{
    return of > 0 ? part / of : NAN;
}

void hrv_powers(const struct hrv_spectrum *s, const struct hrv_bands *bands, struct hrv_powers *out)
{
    const double total = hrv_band_power(s, (struct hrv_band){ 0, bands->hf.hi_hz });
    const double fast = hrv_band_power(s, (struct hrv_band){ bands->lf.lo_hz, bands->hf.hi_hz });   /* total - VLF - ULF */

    *out = (struct hrv_powers){
        .total_ms2 = total,
        .ulf_ms2 = hrv_band_power(s, bands->ulf),
        .vlf_ms2 = hrv_band_power(s, bands->vlf),
        .lf_ms2 = hrv_band_power(s, bands->lf),
        .hf_ms2 = hrv_band_power(s, bands->hf),
        .vlf_peak_hz = hrv_band_peak(s, bands->vlf),
        .lf_peak_hz = hrv_band_peak(s, bands->lf),
        .hf_peak_hz = hrv_band_peak(s, bands->hf),
    };
    out->ulf_pct = 100 * share(out->ulf_ms2, total);
    out->vlf_pct = 100 * share(out->vlf_ms2, total);
    out->lf_pct = 100 * share(out->lf_ms2, total);
    out->hf_pct = 100 * share(out->hf_ms2, total);
    out->lf_nu = 100 * share(out->lf_ms2, fast);
    out->hf_nu = 100 * share(out->hf_ms2, fast);
    out->lf_hf = share(out->lf_ms2, out->hf_ms2);
}

struct hrv_need hrv_band_need(struct hrv_band band)
{
    static const double HOUR_S = 3600;
    static const struct { double lo_hz, least_s; } known[] = { { 0.15, 60 }, { 0.04, 120 }, { 0.003, 300 } };

    if (!(band.lo_hz > 0))
        return (struct hrv_need){.least_s = 18 * HOUR_S, .sound_s = 24 * HOUR_S};
    const double sound_s = 10 / band.lo_hz;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (band.lo_hz >= known[i].lo_hz)
            return (struct hrv_need){.least_s = fmin(known[i].least_s, sound_s), .sound_s = sound_s};
    return (struct hrv_need){.least_s = sound_s, .sound_s = sound_s};
}
