/* cli/filter_linear.c - bands and notches of kymo filter, from its options to stages. */
#include "algorithms/iir_design.h"
#include "algorithms/zerophase.h"
#include "cli/filter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

FILTER_KIND_PLAIN_(sos)
FILTER_KIND_PLAIN_(zerophase)

#define FILTER_KIND_MANY_(name) \
    static void name##_push_stages(void *const *s, size_t n_states, double *const *x_y, size_t n, size_t *made) \
    { \
        struct name *all[FILTER_TOGETHER]; \
        for (size_t k = 0; k < n_states; k++) \
            all[k] = s[k]; \
        name##_push_many(all, n_states, x_y, n, made); \
    }

FILTER_KIND_MANY_(sos)
FILTER_KIND_MANY_(zerophase)

static void sos_respond_stage(const void *s, double turns, double *re_im) { sos_object_respond(s, turns, re_im); }
static void zerophase_respond_stage(const void *s, double turns, double *re_im) { zerophase_respond(s, turns, re_im); }

static const struct filter_kind sos_kind = {sos_push_stage, sos_flush_stage, sos_destroy_stage, sos_push_stages,
                                            sos_respond_stage};
static const struct filter_kind zerophase_kind = {zerophase_push_stage, zerophase_flush_stage, zerophase_destroy_stage,
                                                  zerophase_push_stages, zerophase_respond_stage};

/* ---- what is asked ---- */

struct edges {
    double low_hz, high_hz;       /* what passes lies between; 0 and 0: no edge there */
};

struct preset {
    const char *name;
    struct edges edges;
};

static const struct preset presets[] = {
    {"ecg-monitor", {0.5, 40}}, {"ecg-diagnostic", {0.05, 150}}, {"qrs", {5, 15}}, {"ppg", {0.5, 8}},
    {"abp", {0, 20}}, {"eog", {0.3, 35}}, {"emg", {10, 100}},
};

/* "0.5-40" */
static int parse_span(const char *option, const char *text, struct edges *span, struct kymo_err *e)
{
    const char *dash = strchr(text, '-');

    if (dash && kymo_parse_real(text, (size_t)(dash - text), &span->low_hz) &&
        kymo_parse_real(dash + 1, strlen(dash + 1), &span->high_hz) && span->low_hz > 0 && span->high_hz > span->low_hz)
        return 0;
    return kymo_fail(e, KYMO_EUSAGE, "--%s \"%.40s\" is not two frequencies such as 0.5-40", option, text);
}

/* The edges of the preset, those given apart taking their place. A preset's upper edge is left out of a signal whose rate holds
 * nothing above it. */
static int find_edges(const struct filter_args *args, const struct kymo_signal *s, struct edges *edges, struct kymo_err *e)
{
    size_t i = 0;

    *edges = (struct edges){0, 0};
    while (args->preset && i < sizeof presets / sizeof *presets && strcmp(presets[i].name, args->preset) != 0)
        i++;
    if (i == sizeof presets / sizeof *presets)
        return kymo_fail(e, KYMO_EUSAGE, "no preset \"%.40s\", only ecg-monitor, ecg-diagnostic, qrs, ppg, abp, eog, emg",
                         args->preset);
    if (args->preset)
        *edges = presets[i].edges;
    if (edges->high_hz >= kymo_ratio_real(s->rate) / 2)
        edges->high_hz = 0;
    if (args->high_hz != 0)
        edges->low_hz = args->high_hz;
    if (args->low_hz != 0)
        edges->high_hz = args->low_hz;
    return 0;
}

double filter_middle_hz(const struct filter_args *args, const struct kymo_signal *s)
{
    struct kymo_err ignored = {0};
    struct edges edges;
    const double half = kymo_ratio_real(s->rate) / 2;

    if (args->band ? parse_span("band", args->band, &edges, &ignored) < 0 : find_edges(args, s, &edges, &ignored) < 0)
        return 0;
    if (edges.low_hz == 0)
        return 0;
    return sqrt(edges.low_hz * (edges.high_hz > 0 ? edges.high_hz : half));
}

/* ---- stages ---- */

/* Samples by which a causal filter's output is late in the middle of what passes. */
static size_t whole_delay(const struct filter_args *args, const struct kymo_signal *s, const struct sos_section *section,
                          size_t n)
{
    const double delay = sos_delay(section, n, filter_middle_hz(args, s) / kymo_ratio_real(s->rate));

    return delay > 0.5 ? (size_t)lrint(delay) : 0;
}

/* sections[n] as the phase wants them. */
static int add_sections(const struct filter_args *args, const struct kymo_signal *s, const struct sos_section *section,
                        size_t n, const char *told, struct filter_chain *chain, struct kymo_err *e)
{
    if (args->phase == FILTER_ZERO)
        return filter_chain_add(chain, &zerophase_kind, zerophase_create(section, n, e), e, "%s", told);
    const size_t late = args->phase == FILTER_COMPENSATED ? whole_delay(args, s, section, n) : 0;
    return filter_chain_add(chain, &sos_kind, sos_create(section, n, late, e), e, "%s", told);
}

static int add_iir(const struct filter_args *args, const struct kymo_signal *s, enum iir_band band, struct edges edges,
                   const char *told, struct filter_chain *chain, struct kymo_err *e)
{
    struct sos_section section[SOS_SECTIONS];
    const struct iir_spec spec = {
        .family = (enum iir_family)args->family, .band = band, .order = (int)args->order, .fs_hz = kymo_ratio_real(s->rate),
        .edge_hz = band == IIR_LOW ? edges.high_hz : edges.low_hz, .upper_hz = edges.high_hz,
        .ripple_db = args->ripple_db, .stop_db = args->stop_db,
    };
    const int n = iir_design(&spec, section, e);

    return n < 0 ? n : add_sections(args, s, section, (size_t)n, told, chain, e);
}

static int add_filter(const struct filter_args *args, const struct kymo_signal *s, enum iir_band band, struct edges edges,
                      struct filter_chain *chain, struct kymo_err *e)
{
    char told[64];

    if (band == IIR_LOW)
        snprintf(told, sizeof told, "LP:%gHz", edges.high_hz);
    else if (band == IIR_HIGH)
        snprintf(told, sizeof told, "HP:%gHz", edges.low_hz);
    else if (band == IIR_PASS)
        snprintf(told, sizeof told, "HP:%gHz LP:%gHz", edges.low_hz, edges.high_hz);
    else
        snprintf(told, sizeof told, "BS:%g-%gHz", edges.low_hz, edges.high_hz);
    if (args->fir)
        return filter_add_fir(args, s, band == IIR_LOW ? 0 : edges.low_hz, band == IIR_HIGH ? 0 : edges.high_hz,
                              band == IIR_STOP, told, chain, e);
    return add_iir(args, s, band, edges, told, chain, e);
}

/* ---- operations ---- */

int filter_add_bands(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                     struct kymo_err *e)
{
    struct edges edges, span;
    int rc = find_edges(args, s, &edges, e);

    if (rc == 0 && args->stop && (rc = parse_span("stop", args->stop, &span, e)) == 0)
        rc = add_filter(args, s, IIR_STOP, span, chain, e);
    if (rc == 0 && args->band && (rc = parse_span("band", args->band, &span, e)) == 0)
        rc = add_filter(args, s, IIR_PASS, span, chain, e);
    if (rc == 0 && edges.low_hz != 0)
        rc = add_filter(args, s, IIR_HIGH, edges, chain, e);
    if (rc == 0 && edges.high_hz != 0)
        rc = add_filter(args, s, IIR_LOW, edges, chain, e);
    return rc;
}

/* "50", "50,3" or "50,harmonics": the frequency, and how many of its multiples. */
static int parse_notch(const char *text, double *hz, int *n, struct kymo_err *e)
{
    const char *comma = strchr(text, ','), *more = comma ? comma + 1 : "1";
    int64_t number = SOS_SECTIONS;

    if (kymo_parse_real(text, comma ? (size_t)(comma - text) : strlen(text), hz) && *hz > 0 &&
        (strcmp(more, "harmonics") == 0 || kymo_parse_int(more, strlen(more), &number)) &&
        number >= 1 && number <= SOS_SECTIONS) {
        *n = (int)number;
        return 0;
    }
    return kymo_fail(e, KYMO_EUSAGE, "--notch \"%.40s\" is not a frequency, 50 or 60,harmonics or 50,3", text);
}

int filter_add_notch(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                     struct kymo_err *e)
{
    struct sos_section section[SOS_SECTIONS];
    char told[64];
    double hz;
    int n = 0;

    if (!args->notch)
        return 0;
    if (strcmp(args->notch, "auto") == 0 || strncmp(args->notch, "auto,", 5) == 0)
        return filter_add_auto_notch(args, s, chain, e);
    if (parse_notch(args->notch, &hz, &n, e) < 0)
        return KYMO_EUSAGE;
    n = iir_comb(hz, n, args->width_hz, kymo_ratio_real(s->rate), section, e);
    if (n < 0)
        return n;
    if (n == 1)
        snprintf(told, sizeof told, "N:%gHz", hz);
    else
        snprintf(told, sizeof told, "N:%gHz*1-%d", hz, n);
    return add_sections(args, s, section, (size_t)n, told, chain, e);
}
