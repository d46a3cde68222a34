/* cli/filter_fir.c - FIR filters of kymo filter, from edges to stages. */
#include "algorithms/fir.h"
#include "algorithms/fir_design.h"
#include "cli/filter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

FILTER_KIND_PLAIN_(fir)

static void fir_respond_stage(const void *s, double turns, double *re_im) { fir_respond(s, turns, re_im); }

static const struct filter_kind fir_kind = {fir_push_stage, fir_flush_stage, fir_destroy_stage, NULL, fir_respond_stage};

/* Half the transition that is not told: as wide as there is room for on the nearer side of either edge. */
static double usual_width(struct fir_edges edges)
{
    const double below = edges.low > 0 ? edges.low : 1, above = edges.high < 0.5 ? 0.5 - edges.high : 1;

    return fmin(fmin(below, above), edges.high - edges.low);
}

static int check_edges(struct fir_edges edges, double fs_hz, double width, struct kymo_err *e)
{
    const double low = edges.low, high = edges.high;

    if (!(low < 0.5 && high <= 0.5 && low < high && (low > 0 || high < 0.5)))
        return kymo_fail(e, KYMO_EUSAGE, "an edge at %g Hz is not between 0 and %g Hz, half the rate",
                         (low < 0.5 ? high : low) * fs_hz, fs_hz / 2);
    if (!(width > 0) || (low > 0 && low - width / 2 < -1e-12) || (high < 0.5 && high + width / 2 > 0.5 + 1e-12) ||
        (low > 0 && high < 0.5 && width > (high - low) * (1 + 1e-12)))
        return kymo_fail(e, KYMO_EUSAGE, "a transition of %g Hz does not fit between the edges, 0 and %g Hz, half the rate",
                         width * fs_hz, fs_hz / 2);
    return 0;
}

/* ---- Kaiser ---- */

/* With some reserve, since the errors beside an edge, and its image, add up. */
static int make_kaiser(const struct filter_args *args, struct fir_edges edges, double width, double **h, size_t *n,
                       struct kymo_err *e)
{
    const double attenuation = args->stop_db + (edges.low > 0 && edges.high < 0.5 ? 5 : 3);

    *n = fir_kaiser_taps(attenuation, width);
    if (*n > FIR_MOST_TAPS)
        return kymo_fail(e, KYMO_EUSAGE, "%zu taps, not up to %zu: a wider transition", *n, FIR_MOST_TAPS);
    if (!(*h = malloc(*n * sizeof **h)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu taps", *n);
    return fir_kaiser(edges, fir_kaiser_shape(attenuation), *h, *n, e);
}

/* ---- equiripple ---- */

/* The bands below, between and above the edges, half a transition away from them. Returns how many. */
static size_t make_bands(struct fir_edges edges, double width, double weight, struct fir_band *band)
{
    const double inside = edges.stop ? 0 : 1, low = edges.low, high = edges.high;
    size_t n = 0;

    if (low > 0)
        band[n++] = (struct fir_band){0, low - width / 2, 1 - inside, edges.stop ? 1 : weight};
    band[n++] = (struct fir_band){low > 0 ? low + width / 2 : 0, high < 0.5 ? high - width / 2 : 0.5, inside,
                                  edges.stop ? weight : 1};
    if (high < 0.5)
        band[n++] = (struct fir_band){high + width / 2, 0.5, 1 - inside, edges.stop ? 1 : weight};
    return n;
}

/* Of as many taps as the ripple and the attenuation need: Kaiser's estimate, and more by a twentieth each time. An exchange
 * that comes to no end may do so with a few taps more. */
static int make_equiripple(const struct filter_args *args, struct fir_edges edges, double width, double **h, size_t *n,
                           struct kymo_err *e)
{
    const double ratio = pow(10, args->ripple_db / 20), pass = (ratio - 1) / (ratio + 1), stop = pow(10, -args->stop_db / 20);
    const double least = (-10 * log10(pass * stop) - 13) / (14.6 * width);
    struct fir_band band[FIR_MOST_BANDS];
    const size_t n_bands = make_bands(edges, width, pass / stop, band);
    double error = INFINITY;
    int rc = KYMO_EDATA;

    if (!(*h = malloc(FIR_MOST_EQUIRIPPLE * sizeof **h)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %d taps", FIR_MOST_EQUIRIPPLE);
    *n = 2 * (size_t)fmin(fmax(least, 2) / 2, 1e6) + 1;
    for (;; *n += 2 * (*n / 40 + 1)) {
        struct kymo_err of_these = {0};
        rc = fir_equiripple(band, n_bands, *h, *n, &error, &of_these);
        if (rc < 0 && rc != KYMO_EDATA)
            *e = of_these;
        if ((rc == 0 && error <= pass) || (rc < 0 && rc != KYMO_EDATA))
            return rc;
    }
}

int filter_add_fir(const struct filter_args *args, const struct kymo_signal *s, double low_hz, double high_hz, bool stop,
                   const char *told, struct filter_chain *chain, struct kymo_err *e)
{
    const double fs_hz = kymo_ratio_real(s->rate);
    const struct fir_edges edges = {low_hz / fs_hz, high_hz > 0 ? high_hz / fs_hz : 0.5, stop};
    const double width = args->transition_hz != 0 ? args->transition_hz / fs_hz : usual_width(edges);
    const bool equiripple = strcmp(args->fir, "equiripple") == 0;
    double *h = NULL;
    size_t n = 0;

    if (!equiripple && strcmp(args->fir, "kaiser") != 0)
        return kymo_fail(e, KYMO_EUSAGE, "no FIR filter \"%.40s\", only kaiser, equiripple", args->fir);
    if (!(args->stop_db >= 1 && args->stop_db <= 250 && args->ripple_db > 0 && args->ripple_db <= 20))
        return kymo_fail(e, KYMO_EUSAGE, "an attenuation of %g dB, not 1..250, or a ripple of %g dB, not above 0 and up to 20",
                         args->stop_db, args->ripple_db);
    int rc = check_edges(edges, fs_hz, width, e);
    if (rc == 0)
        rc = equiripple ? make_equiripple(args, edges, width, &h, &n, e) : make_kaiser(args, edges, width, &h, &n, e);
    if (rc == 0)
        rc = filter_chain_add(chain, &fir_kind, fir_create(h, n, args->phase == FILTER_CAUSAL ? 0 : n / 2, e), e, "%s", told);
    free(h);
    return rc;
}
