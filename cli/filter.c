/* cli/filter.c - kymo filter: signals of a recording through filters, each at its own rate; the others pass unchanged.
 *
 * The mathematics is in algorithms/iir_design.h, fir_design.h and those that they name, the way of the samples in
 * filter_flow.c, the user's view in man/kymo-filter.1. */
#include "cli/filter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846
#define RESPONSE_POINTS 200       /* from 0.001 of the rate's half to that, equally far in their logarithms */

static const struct kymo_opt options[] = {
    KYMO_OPT_STRING('\0', "band", struct filter_args, band, "LO-HI", NULL, "let pass what lies between, in Hz: 0.5-40"),
    KYMO_OPT_NUMBER('\0', "high", struct filter_args, high_hz, "HZ", NULL, "high-pass: let pass what lies above"),
    KYMO_OPT_NUMBER('\0', "low", struct filter_args, low_hz, "HZ", NULL, "low-pass: let pass what lies below"),
    KYMO_OPT_STRING('\0', "stop", struct filter_args, stop, "LO-HI", NULL, "take out what lies between, in Hz"),
    KYMO_OPT_STRING('\0', "notch", struct filter_args, notch, "HZ[,N]", NULL,
                    "take out a frequency, and its multiples up to N: 50 or 60,harmonics; auto: the mains, if there is one"),
    KYMO_OPT_CHOICE('\0', "baseline", struct filter_args, baseline, "keep|two-median|spline", "keep",
                    "take out an ECG's: by medians of 200 and 600 ms, or by a curve through its PR segments"),
    KYMO_OPT_NUMBER('\0', "median", struct filter_args, median_s, "S", NULL, "running median, of so many seconds"),
    KYMO_OPT_NUMBER('\0', "average", struct filter_args, average_s, "S", NULL, "moving average, of so many seconds"),
    KYMO_OPT_STRING('\0', "savgol", struct filter_args, savgol, "ORDER,S", NULL,
                    "Savitzky-Golay: a polynomial of that order over so many seconds"),
    KYMO_OPT_FLAG('\0', "derivative", struct filter_args, derivative, "the slope, per second; with --savgol of the polynomial"),
    KYMO_OPT_CHOICE('\0', "wavelet", struct filter_args, wavelet, "none|sure|universal", "none",
                    "shrink what is noise in a wavelet transform (symlet 4), by that threshold"),
    KYMO_OPT_COUNT('\0', "levels", struct filter_args, levels, "N", "0",
                   "of the wavelet transform, 1..12; 0: those above 11 Hz"),
    KYMO_OPT_STRING('\0', "preset", struct filter_args, preset, "NAME", NULL,
                    "edges by name: ecg-monitor, ecg-diagnostic, qrs, ppg, abp, eog or emg"),
    KYMO_OPT_CHOICE('\0', "family", struct filter_args, family, "butterworth|chebyshev1|chebyshev2|elliptic|bessel",
                    "butterworth", "family of the filters"),
    KYMO_OPT_COUNT('\0', "order", struct filter_args, order, "N", "2", "their order, 1..32; of a band its low-pass's"),
    KYMO_OPT_STRING('\0', "fir", struct filter_args, fir, "METHOD", NULL,
                    "filters of linear phase instead: kaiser or equiripple; --family and --order do not count"),
    KYMO_OPT_NUMBER('\0', "transition", struct filter_args, transition_hz, "HZ", NULL,
                    "of FIR filters, from passing to stopping [as wide as there is room for]"),
    KYMO_OPT_NUMBER('\0', "ripple", struct filter_args, ripple_db, "DB", "0.5",
                    "of chebyshev1, elliptic and equiripple, where they pass"),
    KYMO_OPT_NUMBER('\0', "attenuation", struct filter_args, stop_db, "DB", "40",
                    "of chebyshev2, elliptic and FIR filters, where they stop"),
    KYMO_OPT_NUMBER('\0', "width", struct filter_args, width_hz, "HZ", "1", "of a notch, between its points 3 dB down"),
    KYMO_OPT_CHOICE('\0', "phase", struct filter_args, phase, "zero|causal|compensated", "zero",
                    "forward and backward; as it comes; as it comes, and shifted back"),
    KYMO_OPT_FLAG('\0', "response", struct filter_args, response, "print the frequency response instead of filtering"),
    KYMO_OPTS_SIGNAL(struct filter_args, in), KYMO_OPTS_RANGE(struct filter_args, in),
    KYMO_OPTS_ANNOTATOR(struct filter_args, in), KYMO_OPTS_SOURCE(struct filter_args, in),
    KYMO_OPTS_TABLE(struct filter_args, out), KYMO_OPT_LAST
};

struct lanes {
    struct filter_lane *lane;
    size_t n;
};

/* ---- setting up ---- */

/* The signals asked for; else those that the preset is for; else all. */
static int choose_signals(const struct filter_args *args, const struct kymo_header *h, size_t **pick, size_t *n,
                          struct kymo_err *e)
{
    static const char *const kinds[][2] = {{"ecg-monitor", "ecg"}, {"ecg-diagnostic", "ecg"}, {"qrs", "ecg"}, {"ppg", "ppg"},
                                           {"abp", "abp"}, {"eog", "eog"}, {"emg", "emg"}};
    const struct kymo_strings *asked = &args->in.signals;

    if (asked->n > 0)
        return kymo_select(h, asked->text, asked->n, pick, n, e);
    for (size_t i = 0; args->preset && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i][0], args->preset) == 0)
            return kymo_select(h, &kinds[i][1], 1, pick, n, e);
    *pick = calloc(h->n_signals + 1, sizeof **pick);
    if (!*pick)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", h->n_signals);
    for (*n = 0; *n < h->n_signals; ++*n)
        (*pick)[*n] = *n;
    return 0;
}

static int make_chain(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                      struct kymo_err *e)
{
    int rc = 0;

    for (const struct filter_op *op = filter_ops; rc == 0 && op->name; op++)
        rc = op->add(args, s, chain, e);
    if (rc == 0 && chain->n == 0)
        return kymo_fail(e, KYMO_EUSAGE, "what filter? --band, --high, --low, --stop, --notch, --preset, --baseline, "
                         "--median, --average, --savgol, --derivative or --wavelet");
    return rc < 0 ? kymo_during(e, "cannot filter %.60s (%g Hz)", s->label, kymo_ratio_real(s->rate)) : 0;
}

static int make_lanes(const struct filter_args *args, const struct kymo_header *h, struct lanes *lanes, struct kymo_err *e)
{
    size_t *pick = NULL, n = 0;
    int rc = choose_signals(args, h, &pick, &n, e);

    if (rc == 0 && !(lanes->lane = calloc(n + 1, sizeof *lanes->lane)))
        rc = kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", n);
    for (; rc == 0 && lanes->n < n; lanes->n++) {
        struct filter_lane *lane = &lanes->lane[lanes->n];
        lane->signal = pick[lanes->n];
        rc = make_chain(args, &h->signal[lane->signal], &lane->chain, e);
    }
    free(pick);
    return rc;
}

/* Integers become real numbers: of single precision where that holds all that the integers did. */
static int describe(const struct filter_args *args, const struct filter_chain *chain, struct kymo_header *h,
                    struct kymo_signal *s, struct kymo_err *e)
{
    char text[512];
    const int n = snprintf(text, sizeof text, "%.250s%s%s", s->prefilter, *s->prefilter ? " " : "", chain->told);

    if (kymo_storage_is_integer(s->storage)) {
        s->storage = s->storage == KYMO_I16 ? KYMO_F32 : KYMO_F64;
        s->gain = 1;
        s->baseline = 0;
        s->digital_min = s->digital_max = NAN;
        s->can_miss = false;
    }
    s->prefilter = kymo_header_text(h, text, (size_t)n, e);
    if (s->prefilter && args->derivative)
        s->unit = kymo_header_text(h, text, (size_t)snprintf(text, sizeof text, "%.100s/s", s->unit), e);
    return s->prefilter && s->unit ? 0 : e->cause[0].code;
}

/* ---- what a chain does to frequencies ---- */

static bool respond(const struct filter_chain *c, double turns, double *re, double *im)
{
    *re = 1;
    *im = 0;
    for (size_t i = 0; i < c->n; i++) {
        double h[2];
        if (!c->stage[i].kind->respond)
            return false;
        c->stage[i].kind->respond(c->stage[i].state, turns, h);
        const double re_before = *re;
        *re = re_before * h[0] - *im * h[1];
        *im = re_before * h[1] + *im * h[0];
    }
    return true;
}

/* The group delay at a frequency, in samples, by the phase to both sides; NaN where nothing passes. */
static double delay_at(const struct filter_chain *c, double turns)
{
    const double least = 1e-6, from = fmax(turns - least, 0), to = fmin(turns + least, 0.5);
    double re[2], im[2];

    respond(c, from, &re[0], &im[0]);
    respond(c, to, &re[1], &im[1]);
    const double cross = im[1] * re[0] - re[1] * im[0], dot = re[0] * re[1] + im[0] * im[1];
    return dot > 1e-24 ? -atan2(cross, dot) / (2 * PI * (to - from)) : (double)NAN;
}

/* A line of the history: what is done, and how late it comes out. */
static int tell(const struct filter_args *args, const struct filter_chain *c, const struct kymo_signal *s,
                struct kymo_header *h, struct kymo_err *e)
{
    static const char *const phases[] = {"zero phase", "causal", "compensated"};
    const double fs_hz = kymo_ratio_real(s->rate), middle_hz = filter_middle_hz(args, s);
    double re, im;
    char text[400], late[80] = "";

    if (args->phase != FILTER_ZERO && respond(c, 0, &re, &im) && isfinite(delay_at(c, middle_hz / fs_hz)))
        snprintf(late, sizeof late, ", %.4g s late at %.4g Hz", delay_at(c, middle_hz / fs_hz) / fs_hz, middle_hz);
    snprintf(text, sizeof text, "filter: %s of signals at %g Hz, %s%s", c->told, fs_hz, phases[args->phase], late);
    return kymo_header_add_history(h, text, e);
}

/* ---- filtering ---- */

/* As kymo_call_writer does; but formats of integers get the filtered signals scaled to them, which the writer tells of. */
static struct kymo_writer *open_output(const struct kymo_call *call, const char *path, struct kymo_header *h,
                                       struct kymo_err *e)
{
    const bool is_file = path && strcmp(path, "-") != 0;
    const struct kymo_format *format = is_file ? kymo_format_for(path) : NULL;

    if (!format)
        return kymo_call_writer(call, path, h, e);
    if (kymo_header_add_history(h, call->history, e) < 0)
        return NULL;
    return kymo_create_file(format, path, h, 0, true, &call->log, e);
}

static bool same_rate(const struct kymo_header *h, size_t a, size_t b)
{
    return h->signal[a].rate.num == h->signal[b].rate.num && h->signal[a].rate.den == h->signal[b].rate.den;
}

static int filter(const struct kymo_call *call, struct kymo_reader *in, struct lanes *lanes, struct kymo_err *e)
{
    const struct filter_args *args = call->args;
    struct kymo_writer *out = NULL;
    struct kymo_header h;

    kymo_header_init(&h);
    int rc = kymo_header_copy(&h, &in->hdr, NULL, 0, e);
    for (size_t k = 0; rc == 0 && k < lanes->n; k++)
        rc = describe(args, &lanes->lane[k].chain, &h, &h.signal[lanes->lane[k].signal], e);
    for (size_t k = 0; rc == 0 && k < lanes->n; k++)
        if (k == 0 || !same_rate(&h, lanes->lane[k].signal, lanes->lane[k - 1].signal))
            rc = tell(args, &lanes->lane[k].chain, &h.signal[lanes->lane[k].signal], &h, e);
    if (rc == 0 && !(out = open_output(call, args->out.path, &h, e)))
        rc = e->cause[0].code;
    kymo_header_release(&h);
    if (rc == 0)
        rc = filter_flow(in, out, lanes->lane, lanes->n, e);
    kymo_writer_destroy(out);
    return rc;
}

/* ---- response ---- */

static int put_response(struct kymo_table *t, const struct kymo_signal *s, const struct filter_chain *c, struct kymo_err *e)
{
    const double fs_hz = kymo_ratio_real(s->rate);
    double re, im;
    int rc = 0;

    if (!respond(c, 0, &re, &im))
        return kymo_fail(e, KYMO_EUSAGE, "%.60s: a filter that is not linear has no response", s->label);
    for (int i = 0; rc == 0 && i <= RESPONSE_POINTS; i++) {
        const double turns = i == 0 ? 0 : 0.5 * pow(10, -3 * (1 - (double)i / RESPONSE_POINTS));
        respond(c, turns, &re, &im);
        const double gain = hypot(re, im), db = 20 * log10(gain);
        kymo_cell_text(t, s->label);
        kymo_cell_real(t, turns * fs_hz);
        kymo_cell_real(t, db > -400 ? db : (double)-INFINITY);
        kymo_cell_real(t, db > -400 ? atan2(im, re) * 180 / PI : (double)NAN);
        kymo_cell_real(t, delay_at(c, turns) / fs_hz);
        rc = kymo_row_end(t, e);
    }
    return rc;
}

struct responses {
    const struct kymo_header *h;
    const struct lanes *lanes;
};

static int put_responses(const void *of, struct kymo_table *t, struct kymo_err *e)
{
    const struct responses *const r = of;
    int rc = 0;

    for (size_t k = 0; rc == 0 && k < r->lanes->n; k++)
        rc = put_response(t, &r->h->signal[r->lanes->lane[k].signal], &r->lanes->lane[k].chain, e);
    return rc;
}

static int print_responses(const struct filter_args *args, const struct kymo_header *h, const struct lanes *lanes,
                           struct kymo_err *e)
{
    static const struct kymo_column columns[] = {{"signal", 0}, {"frequency_hz", 6}, {"gain_db", 4}, {"phase_deg", 4},
                                                 {"delay_s", 6}};
    const struct responses all = {h, lanes};

    return kymo_print_table(args->out.path, (enum kymo_table_form)args->out.form, columns, sizeof columns / sizeof *columns,
                            put_responses, &all, e);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct filter_args *args = call->args;
    struct kymo_input_args all = args->in;
    struct lanes lanes = {NULL, 0};

    all.signals = (struct kymo_strings){0};   /* all pass on */
    all.header_only = args->response;
    struct kymo_reader *in = kymo_call_open(call, &all, false, e);
    int rc = in ? make_lanes(args, &in->hdr, &lanes, e) : e->cause[0].code;
    if (rc == 0)
        rc = args->response ? print_responses(args, &in->hdr, &lanes, e) : filter(call, in, &lanes, e);
    for (size_t k = 0; lanes.lane && k <= lanes.n; k++)   /* the last may be half made */
        filter_chain_release(&lanes.lane[k].chain);
    free(lanes.lane);
    kymo_close(in);
    return rc;
}

const struct kymo_command kymo_cmd_filter = {
    .name = "filter", .about = "filter signals: bands, notches, baselines, noise", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct filter_args), .run = run,
};
