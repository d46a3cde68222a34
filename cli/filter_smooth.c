/* cli/filter_smooth.c - operations of kymo filter that are no classic filters: medians, averages, polynomials, wavelets and
 * baselines, from its options to stages. */
#include "algorithms/baseline_median.h"
#include "algorithms/baseline_spline.h"
#include "algorithms/boxcar.h"
#include "algorithms/running_median.h"
#include "algorithms/savgol.h"
#include "algorithms/wavelet.h"
#include "cli/filter.h"

#include <math.h>
#include <string.h>

#define WAVELETS_ABOVE_HZ 11.0    /* below, an ECG itself fills a level */

FILTER_KIND(baseline_median);
FILTER_KIND(baseline_spline);
FILTER_KIND(boxcar);
FILTER_KIND(running_median);
FILTER_KIND(wavelet);

FILTER_KIND_PLAIN_(savgol)

/* A window of so many seconds, as an odd number of samples, at least 3. */
static int find_width(const char *option, double width_s, double fs_hz, size_t *width, struct kymo_err *e)
{
    const double half = round((width_s * fs_hz - 1) / 2);

    if (!(half >= 1 && half <= 50000000))
        return kymo_fail(e, KYMO_EUSAGE, "--%s %g s is no window at %g Hz: it takes 3 samples, %g s, or more", option, width_s,
                         fs_hz, 3 / fs_hz);
    *width = 2 * (size_t)half + 1;
    return 0;
}

int filter_add_median(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                      struct kymo_err *e)
{
    size_t width = 0;

    if (args->median_s == 0)
        return 0;
    if (find_width("median", args->median_s, kymo_ratio_real(s->rate), &width, e) < 0)
        return KYMO_EUSAGE;
    return filter_chain_add(chain, &filter_kind_running_median, running_median_create(width, e), e, "MED:%gs", args->median_s);
}

int filter_add_average(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                       struct kymo_err *e)
{
    size_t width = 0;

    if (args->average_s == 0)
        return 0;
    if (find_width("average", args->average_s, kymo_ratio_real(s->rate), &width, e) < 0)
        return KYMO_EUSAGE;
    return filter_chain_add(chain, &filter_kind_boxcar, boxcar_create(width, e), e, "AVG:%gs", args->average_s);
}

int filter_add_baseline(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                        struct kymo_err *e)
{
    const double fs_hz = kymo_ratio_real(s->rate);

    if (args->baseline == FILTER_TWO_MEDIAN)
        return filter_chain_add(chain, &filter_kind_baseline_median, baseline_median_create(fs_hz, e), e, "BL:two-median");
    if (args->baseline == FILTER_SPLINE)
        return filter_chain_add(chain, &filter_kind_baseline_spline, baseline_spline_create(fs_hz, e), e, "BL:spline");
    return 0;
}

int filter_add_wavelet(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                       struct kymo_err *e)
{
    const double fs_hz = kymo_ratio_real(s->rate);
    const enum wavelet_rule rule = args->wavelet == FILTER_UNIVERSAL ? WAVELET_UNIVERSAL : WAVELET_SURE;
    const int levels = args->levels > 0 ? (int)args->levels : wavelet_levels_above(fs_hz, WAVELETS_ABOVE_HZ);

    if (args->wavelet == FILTER_NO_WAVELET)
        return 0;
    return filter_chain_add(chain, &filter_kind_wavelet, wavelet_create(fs_hz, levels, rule, e), e, "WAV:sym4/%d", levels);
}

/* ---- polynomials ---- */

/* The response of a filter of the weights w[width] about its middle. */
static void savgol_respond_stage(const void *s, double turns, double *re_im)
{
    const size_t width = savgol_width(s);
    const double *const w = savgol_weights(s);

    re_im[0] = re_im[1] = 0;
    for (size_t j = 0; j < width; j++) {
        const double phase = 2 * M_PI * turns * ((double)j - (double)(width / 2));
        re_im[0] += w[j] * cos(phase);
        re_im[1] += w[j] * sin(phase);
    }
}

static const struct filter_kind savgol_kind = {savgol_push_stage, savgol_flush_stage, savgol_destroy_stage, NULL,
                                               savgol_respond_stage};

/* "3,0.05": order and seconds. */
static int parse_savgol(const char *text, int *order, double *width_s, struct kymo_err *e)
{
    const char *comma = strchr(text, ',');
    int64_t n = 0;

    if (!comma || !kymo_parse_int(text, (size_t)(comma - text), &n) || n < 0 || n > SAVGOL_HIGHEST ||
        !kymo_parse_real(comma + 1, strlen(comma + 1), width_s))
        return kymo_fail(e, KYMO_EUSAGE, "--savgol \"%.40s\" is not an order, 0..%d, and a window in seconds: 3,0.05", text,
                         SAVGOL_HIGHEST);
    *order = (int)n;
    return 0;
}

int filter_add_polynomial(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                          struct kymo_err *e)
{
    const double fs_hz = kymo_ratio_real(s->rate);
    int order = 2;
    size_t width = 3;             /* the central difference */
    double width_s;

    if (args->savgol && (parse_savgol(args->savgol, &order, &width_s, e) < 0 ||
                         find_width("savgol", width_s, fs_hz, &width, e) < 0))
        return KYMO_EUSAGE;
    if (!args->savgol && !args->derivative)
        return 0;
    struct savgol *state = savgol_create(width, order, args->derivative, fs_hz, e);
    if (args->savgol)
        return filter_chain_add(chain, &savgol_kind, state, e, "SG:%.40s%s", args->savgol, args->derivative ? "'" : "");
    return filter_chain_add(chain, &savgol_kind, state, e, "D");
}
