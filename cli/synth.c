/* cli/synth.c - kymo synth: an ECG whose beats are known, as a kymo stream with a track "beats".
 *
 * The model and its source are in algorithms/ecgsyn.h, the user's view in man/kymo-synth.1. */
#include "algorithms/ecgsyn.h"
#include "lib/command.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BLOCK_SAMPLES 4096
#define GAIN_PER_MV 1000          /* 1 uV a step, +-32 mV in 16 bits */

struct args {
    double rate_hz, duration_s, hr_per_min, hr_sd_per_min, lf_hf, noise_mv, wander_mv, pvc;
    int64_t seed;
    struct kymo_output_args out;
};

static const struct kymo_opt options[] = {
    KYMO_OPT_NUMBER('d', "duration", struct args, duration_s, "SECONDS", "300", "length of the recording"),
    KYMO_OPT_NUMBER('r', "rate", struct args, rate_hz, "HZ", "250", "samples per second, 60..10000"),
    KYMO_OPT_NUMBER('\0', "hr", struct args, hr_per_min, "BPM", "60", "mean heart rate"),
    KYMO_OPT_NUMBER('\0', "hr-sd", struct args, hr_sd_per_min, "BPM", "1", "standard deviation of the heart rate"),
    KYMO_OPT_NUMBER('\0', "lf-hf", struct args, lf_hf, "RATIO", "0.5",
                    "power of the RR intervals at 0.1 Hz over that at 0.25 Hz"),
    KYMO_OPT_NUMBER('\0', "noise", struct args, noise_mv, "MV", "0", "standard deviation of white noise"),
    KYMO_OPT_NUMBER('\0', "wander", struct args, wander_mv, "MV", "0.15", "amplitude of the baseline's drift with breathing"),
    KYMO_OPT_NUMBER('\0', "pvc", struct args, pvc, "SHARE", "0", "share of beats that are ventricular premature, 0..0.5"),
    KYMO_OPT_COUNT('\0', "seed", struct args, seed, "N", "1", "another number, another recording"),
    KYMO_OPTS_OUTPUT(struct args, out), KYMO_OPT_LAST
};

static int describe(struct kymo_header *h, const struct args *args, const struct ecgsyn *syn, struct kymo_err *e)
{
    struct kymo_signal *s = kymo_header_signal(h, e);
    char rate[32];

    if (!s)
        return KYMO_ENOMEM;
    s->label = "II", s->unit = "mV";
    s->kind = KYMO_ECG;
    s->calibrated = true;
    s->gain = GAIN_PER_MV;
    s->digital_min = -32767, s->digital_max = 32767;
    s->n_samples = (int64_t)ecgsyn_n_samples(syn);
    const int n = snprintf(rate, sizeof rate, "%.9g", args->rate_hz);
    if (!kymo_parse_ratio(rate, (size_t)n, &s->rate))
        return kymo_fail(e, KYMO_EUSAGE, "--rate %g is no rate", args->rate_hz);
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

static int write_samples(struct ecgsyn *syn, struct kymo_writer *w, struct kymo_err *e)
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
    }
    kymo_block_release(&b);
    return rc < 0 ? rc : kymo_write_finish(w, e);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct ecgsyn_options o = ecgsyn_defaults;
    struct kymo_header h;

    if (call->n_operands && strcmp(call->operand[0], "ecg") != 0)
        return kymo_fail(e, KYMO_EUSAGE, "no model \"%.40s\", only ecg", call->operand[0]);
    o.fs_hz = args->rate_hz;
    o.duration_s = args->duration_s;
    o.heart_rate_per_min = args->hr_per_min;
    o.heart_rate_sd_per_min = args->hr_sd_per_min;
    o.lf_hf = args->lf_hf;
    o.noise_mv = args->noise_mv;
    o.wander_mv = args->wander_mv;
    o.pvc_probability = args->pvc;
    o.seed = (uint64_t)args->seed;
    struct ecgsyn *syn = ecgsyn_create(&o, e);
    kymo_header_init(&h);
    int rc = syn ? describe(&h, args, syn, e) : e->cause[0].code;
    struct kymo_writer *w = rc >= 0 ? kymo_call_writer(call, args->out.path, &h, e) : NULL;
    rc = w ? write_samples(syn, w, e) : e->cause[0].code;
    kymo_writer_destroy(w);
    kymo_header_release(&h);
    ecgsyn_destroy(syn);
    return rc;
}

const struct kymo_command kymo_cmd_synth = {
    .name = "synth", .about = "make an ECG whose beats are known", .operands = "[ecg]", .most = 1,
    .options = options, .args_size = sizeof(struct args), .run = run,
};
