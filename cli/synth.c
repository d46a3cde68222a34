/* cli/synth.c - kymo synth: an ECG whose beats are known, as a kymo stream with a track "beats"; in synth_spo2.c a night of
 * oximetry.
 *
 * The models and their sources are in algorithms/ecgsyn.h and algorithms/spo2syn.h, the user's view in man/kymo-synth.1. */
#include "algorithms/ecgsyn.h"
#include "cli/synth.h"
#include "lib/progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BLOCK_SAMPLES 4096
#define GAIN_PER_MV 1000          /* 1 uV a step, +-32 mV in 16 bits */

static const struct kymo_opt options[] = {
    KYMO_OPT_STRING('d', "duration", struct synth_args, duration, "SECONDS", NULL,
                    "length of the recording; 300 of an ECG, 28800 of SpO2"),
    KYMO_OPT_STRING('r', "rate", struct synth_args, rate, "HZ", NULL,
                    "samples per second; of an ECG 250, 60..10000; of SpO2 1, 0.1..100"),
    KYMO_OPT_NUMBER('\0', "hr", struct synth_args, hr_per_min, "BPM", "60", "mean heart rate"),
    KYMO_OPT_NUMBER('\0', "hr-sd", struct synth_args, hr_sd_per_min, "BPM", "1", "standard deviation of the heart rate"),
    KYMO_OPT_NUMBER('\0', "lf-hf", struct synth_args, lf_hf, "RATIO", "0.5",
                    "power of the RR intervals at 0.1 Hz over that at 0.25 Hz"),
    KYMO_OPT_NUMBER('\0', "noise", struct synth_args, noise_mv, "MV", "0", "standard deviation of white noise"),
    KYMO_OPT_NUMBER('\0', "wander", struct synth_args, wander_mv, "MV", "0.15",
                    "amplitude of the baseline's drift with breathing"),
    KYMO_OPT_NUMBER('\0', "pvc", struct synth_args, pvc, "SHARE", "0", "share of beats that are ventricular premature, 0..0.5"),
    KYMO_OPT_NUMBER('\0', "baseline", struct synth_args, baseline_pct, "PCT", "96", "SpO2 between dips"),
    KYMO_OPT_NUMBER('\0', "drift", struct synth_args, drift_pct, "PCT", "0.5", "how far that changes over an hour, either way"),
    KYMO_OPT_NUMBER('\0', "flicker", struct synth_args, flicker_pct, "PCT", "0.1", "standard deviation of noise in SpO2"),
    KYMO_OPT_NUMBER('\0', "dips", struct synth_args, dips_per_h, "N", "20", "desaturations per hour"),
    KYMO_OPT_STRING('\0', "depth", struct synth_args, depth, "PCT-PCT", "5-12", "how deep they are, uniform"),
    KYMO_OPT_STRING('\0', "length", struct synth_args, length, "SECONDS-SECONDS", "15-45", "how long they are, uniform"),
    KYMO_OPT_NUMBER('\0', "averaging", struct synth_args, averaging_s, "SECONDS", "3", "an oximeter shows the mean of so long"),
    KYMO_OPT_NUMBER('\0', "step", struct synth_args, step_pct, "PCT", "1", "it rounds to these; 0: not at all"),
    KYMO_OPT_NUMBER('\0', "artefacts", struct synth_args, artefacts, "SHARE", "0",
                    "share of time with drop-outs and movement, 0..0.5"),
    KYMO_OPT_STRING('\0', "code", struct synth_args, code, "VALUE", "127", "reading in drop-outs, or missing"),
    KYMO_OPT_COUNT('\0', "seed", struct synth_args, seed, "N", "1", "another number, another recording"),
    KYMO_OPTS_OUTPUT(struct synth_args, out), KYMO_OPT_LAST
};

int synth_number(const char *name, const char *text, double *value, struct kymo_err *e)
{
    if (text && !kymo_parse_real(text, strlen(text), value))
        return kymo_fail(e, KYMO_EUSAGE, "--%s \"%.40s\" is not a number", name, text);
    return 0;
}

int synth_rate(double rate_hz, struct kymo_ratio *rate, struct kymo_err *e)
{
    char text[32];
    const int n = snprintf(text, sizeof text, "%.9g", rate_hz);

    return kymo_parse_ratio(text, (size_t)n, rate) ? 0 : kymo_fail(e, KYMO_EUSAGE, "--rate %g is no rate", rate_hz);
}

static int describe(struct kymo_header *h, double rate_hz, const struct ecgsyn *syn, struct kymo_err *e)
{
    struct kymo_signal *s = kymo_header_signal(h, e);

    if (!s)
        return KYMO_ENOMEM;
    s->label = "II", s->unit = "mV";
    s->kind = KYMO_ECG;
    s->calibrated = true;
    s->gain = GAIN_PER_MV;
    s->digital_min = -32767, s->digital_max = 32767;
    s->n_samples = (int64_t)ecgsyn_n_samples(syn);
    if (synth_rate(rate_hz, &s->rate, e) < 0)
        return KYMO_EUSAGE;
    h->record = "synth", h->format = "synth";
    h->duration_ns = kymo_time_of(s->rate, s->n_samples);
    return kymo_header_add_track(h, "beats", e);
}

/* The beats before sample end, from *next on, into the block. */
static int add_beats(const struct ecgsyn *syn, size_t *next, int64_t end, struct kymo_block *b, struct kymo_err *e)
{
    size_t n;
    const struct ecgsyn_beat *beat = ecgsyn_beats(syn, &n);
    int rc = 0;

    for (; rc == 0 && *next < n && beat[*next].sample < end; (*next)++) {
        const struct kymo_event ev = {.time_ns = beat[*next].time_ns, .sample = beat[*next].sample,
                                      .type = {beat[*next].type}, .value = (double)NAN};
        rc = kymo_block_event(b, &ev, e);
    }
    return rc;
}

static int write_samples(struct ecgsyn *syn, struct kymo_progress *p, struct kymo_writer *w, struct kymo_err *e)
{
    double x[BLOCK_SAMPLES];
    struct kymo_block b;
    size_t next_beat = 0, n = 0;
    int64_t done = 0;

    kymo_block_init(&b, &w->hdr);
    int rc = kymo_block_reserve(&b, 0, BLOCK_SAMPLES, e);
    while (rc == 0 && (n = ecgsyn_next(syn, x, BLOCK_SAMPLES)) > 0) {
        kymo_block_clear(&b);
        for (size_t i = 0; i < n; i++)
            b.span[0].digital[i] = (int32_t)fmax(-32767, fmin(32767, nearbyint(x[i] * GAIN_PER_MV)));
        b.span[0].first = done;
        b.span[0].n = n;
        done += (int64_t)n;
        rc = add_beats(syn, &next_beat, done, &b, e);
        if (rc == 0)
            rc = kymo_write(w, &b, e);
        if (p)
            kymo_progress_read(p, kymo_time_of(w->hdr.signal[0].rate, done), w->hdr.duration_ns, kymo_clock_ns());
    }
    kymo_block_release(&b);
    return rc < 0 ? rc : kymo_write_finish(w, e);
}

static int synth_ecg(const struct kymo_call *call, struct kymo_err *e)
{
    const struct synth_args *args = call->args;
    struct ecgsyn_options o = ecgsyn_defaults;
    struct kymo_header h;

    o.fs_hz = 250;
    o.duration_s = 300;
    if (synth_number("rate", args->rate, &o.fs_hz, e) < 0 || synth_number("duration", args->duration, &o.duration_s, e) < 0)
        return KYMO_EUSAGE;
    o.heart_rate_per_min = args->hr_per_min;
    o.heart_rate_sd_per_min = args->hr_sd_per_min;
    o.lf_hf = args->lf_hf;
    o.noise_mv = args->noise_mv;
    o.wander_mv = args->wander_mv;
    o.pvc_probability = args->pvc;
    o.seed = (uint64_t)args->seed;
    if (call->progress)
        kymo_progress_begin(call->progress, kymo_clock_ns());
    struct ecgsyn *syn = ecgsyn_create(&o, e);
    kymo_header_init(&h);
    int rc = syn ? describe(&h, o.fs_hz, syn, e) : e->cause[0].code;
    struct kymo_writer *w = rc >= 0 ? kymo_call_writer(call, args->out.path, &h, e) : NULL;
    rc = w ? write_samples(syn, call->progress, w, e) : e->cause[0].code;
    kymo_writer_destroy(w);
    kymo_header_release(&h);
    ecgsyn_destroy(syn);
    return rc;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const char *const model = call->n_operands ? call->operand[0] : "ecg";

    if (strcmp(model, "spo2") == 0)
        return synth_spo2(call, e);
    if (strcmp(model, "ecg") == 0)
        return synth_ecg(call, e);
    return kymo_fail(e, KYMO_EUSAGE, "no model \"%.40s\", only ecg and spo2", model);
}

const struct kymo_command kymo_cmd_synth = {
    .name = "synth", .about = "make an ECG or a night of oximetry whose events are known", .operands = "[ecg|spo2]", .most = 1,
    .options = options, .args_size = sizeof(struct synth_args), .run = run,
    .recordings = kymo_no_recordings,
};
