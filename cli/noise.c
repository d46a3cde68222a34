/* cli/noise.c - kymo noise: adds noise of a stated signal-to-noise ratio, in segments, to a recording.
 *
 * What the ratio means is in algorithms/snr.h, when there is noise in algorithms/stress.h, the noise that we make in
 * algorithms/noise.h, the user's view in man/kymo-noise.1. The recording is read up to three times: for its beats, for their
 * size, and to pass it on. */
#include "cli/noise.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct args {
    struct kymo_input_args in;
    const char *add, *kind;
    double snr_db, gain, amplitude, mains_hz;
    struct kymo_time clean, on, off;
    int64_t seed;
    bool mark;
    struct kymo_output_args out;
};

#define OPT_SPAN(name, field, preset, help) KYMO_OPT_(KYMO_TIME, '\0', name, struct args, field, "TIME", preset, help)

static const struct kymo_opt options[] = {
    KYMO_OPT_STRING('\0', "kind", struct args, kind, "KIND", NULL, "noise that is made: wander, muscle, motion or mains"),
    KYMO_OPT_STRING('\0', "add", struct args, add, "RECORD", NULL, "noise of a recording instead"),
    KYMO_OPT_NUMBER('\0', "snr", struct args, snr_db, "DB", "6", "signal-to-noise ratio in the noisy segments, -100..100"),
    KYMO_OPT_NUMBER('\0', "gain", struct args, gain, "FACTOR", NULL, "multiply the noise with this, whatever the ratio"),
    KYMO_OPT_NUMBER('\0', "amplitude", struct args, amplitude, "VALUE", NULL,
                    "size of the QRS complexes from peak to peak in the signals' unit, instead of measuring it"),
    OPT_SPAN("clean", clean, "5:00", "how long there is no noise at first"),
    OPT_SPAN("on", on, "2:00", "length of a noisy segment, at least 1 s"),
    OPT_SPAN("off", off, "2:00", "length of the clean segment behind it; 0: noise to the end"),
    KYMO_OPT_NUMBER('\0', "mains", struct args, mains_hz, "HZ", "50", "frequency of the mains, 40..70"),
    KYMO_OPT_COUNT('\0', "seed", struct args, seed, "N", "1", "another number, other noise"),
    KYMO_OPT_FLAG('\0', "mark", struct args, mark, "mark the segments in an event track of their own, noise"),
    KYMO_OPTS_SIGNAL(struct args, in), KYMO_OPTS_ANNOTATOR(struct args, in), KYMO_OPTS_SOURCE(struct args, in),
    KYMO_OPTS_OUTPUT(struct args, out), KYMO_OPT_LAST
};

/* What is done to a signal. */
struct target {
    struct noise_source source;
    struct stress_mix mix;
    double least, most;           /* that integers can be */
    int64_t n_clipped;
};

struct test {
    const struct kymo_call *call;
    const struct args *args;
    struct kymo_reader *in;
    struct kymo_writer *out;
    struct noise_targets targets;
    struct target *target;
    struct stress_course course;
    struct noise_marks marks;
};

/* ---- noise and gains ---- */

/* Whether path can be read again. */
static int check_file(const char *path, const char *instead, struct kymo_err *e)
{
    struct stat st;
    const char *inside;
    char *full = strcmp(path, "-") != 0 ? kymo_find_file(path, &inside, e) : NULL;
    const bool is_pipe = !full || (stat(full, &st) == 0 && !S_ISREG(st.st_mode));

    free(full);
    return is_pipe ? kymo_fail(e, KYMO_EUSAGE, "%s cannot be read twice: %s", strcmp(path, "-") == 0 ? "a pipe" : path, instead)
                   : 0;
}

static int count_recorded(const struct test *t, size_t *n, struct kymo_err *e)
{
    const struct kymo_want want = {.log = t->call->log};

    *n = 0;
    if (t->args->kind)
        return 0;
    if (check_file(t->args->add, "noise must be a file", e) < 0)
        return KYMO_EUSAGE;
    struct kymo_reader *r = kymo_open(t->args->add, &want, e);
    if (!r)
        return e->cause[0].code;
    *n = r->hdr.n_signals;
    kymo_close(r);
    return *n ? 0 : kymo_fail_at(e, KYMO_EDATA, t->args->add, -1, "no signals");
}

/* The source of target k, and the R of its noise. */
static int open_source(const struct test *t, size_t k, size_t n_recorded, double *rms, struct kymo_err *e)
{
    const struct args *args = t->args;
    const struct kymo_signal *signal = &t->in->hdr.signal[t->targets.signal[k]];
    struct noise_source *source = &t->target[k].source;

    *rms = 1;
    if (args->add)
        return noise_source_record(source, args->add, k % n_recorded, signal->rate, args->gain == 0 ? rms : NULL, e);
    source->made = noise_create(noise_kind_named(args->kind), kymo_ratio_real(signal->rate), args->mains_hz,
                                (uint64_t)args->seed, k, e);
    return source->made ? 0 : kymo_during(e, "no noise for %s", signal->label);
}

static int tell_gain(const struct test *t, size_t k, double peak_to_peak, double rms, struct kymo_header *h, struct kymo_err *e)
{
    const struct target *to = &t->target[k];
    const struct kymo_signal *s = &h->signal[t->targets.signal[k]];
    char ratio[160] = "", text[400];

    if (t->args->gain == 0)
        snprintf(ratio, sizeof ratio, ": %g dB, QRS %g %.20s from peak to peak, noise %g RMS", t->args->snr_db, peak_to_peak,
                 s->unit, rms);
    if (t->args->kind)
        snprintf(text, sizeof text, "noise: %.60s + %g * %s noise, seed %lld%s", s->label, to->mix.gain, t->args->kind,
                 (long long)t->args->seed, ratio);
    else
        snprintf(text, sizeof text, "noise: %.60s + %g * signal %zu of %.80s%s", s->label, to->mix.gain, to->source.pick,
                 t->args->add, ratio);
    return kymo_header_add_history(h, text, e);
}

static int set_gain(struct test *t, size_t k, size_t n_recorded, double size, struct kymo_header *h, struct kymo_err *e)
{
    const struct args *args = t->args;
    double rms;

    if (args->gain == 0 && !(size > 0))
        return kymo_fail(e, KYMO_EDATA, "%.60s is flat at its beats, or none is whole: choose with -s, or give --amplitude",
                         h->signal[t->targets.signal[k]].label);
    const int rc = open_source(t, k, n_recorded, &rms, e);
    if (rc < 0)
        return rc;
    t->target[k].mix.gain = args->gain != 0 ? args->gain : snr_gain(size, rms, args->snr_db);
    return tell_gain(t, k, size, rms, h, e);
}

static int set_gains(struct test *t, struct kymo_header *h, struct kymo_err *e)
{
    const struct args *args = t->args;
    double *size = calloc(t->targets.n, sizeof *size);
    size_t n_recorded;
    int rc = size ? count_recorded(t, &n_recorded, e) : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", t->targets.n);

    if (rc == 0 && args->gain == 0 && args->amplitude == 0)
        rc = noise_measure(t->call, &args->in, &t->targets, size, e);
    for (size_t k = 0; rc == 0 && k < t->targets.n; k++)
        rc = set_gain(t, k, n_recorded, args->amplitude > 0 ? args->amplitude : size[k], h, e);
    free(size);
    return rc;
}

/* ---- passing on ---- */

static void add_to(struct target *to, const struct kymo_signal *s, struct kymo_span *span, size_t i)
{
    if (to->mix.added == 0)
        return;
    if (!kymo_storage_is_integer(s->storage)) {
        span->physical[i] += to->mix.added;
        return;
    }
    if (span->digital[i] == KYMO_MISSING)
        return;
    const double v = nearbyint(span->digital[i] + to->mix.added * s->gain), held = fmax(to->least, fmin(to->most, v));
    to->n_clipped += held != v;
    span->digital[i] = (int32_t)held;
}

static int add_noise(const struct test *t, size_t k, struct kymo_block *b, struct kymo_err *e)
{
    const size_t signal = t->targets.signal[k];
    struct target *to = &t->target[k];
    struct kymo_span *span = &b->span[signal];

    for (size_t i = 0; i < span->n; i++) {
        double x;
        const int rc = noise_source_next(&to->source, &x, e);
        if (rc < 0)
            return rc;
        stress_mix_next(&to->mix, x, stress_is_on(&t->course, kymo_block_time(b, signal, span->first + (int64_t)i)));
        add_to(to, &b->hdr->signal[signal], span, i);
    }
    return 0;
}

static int tell_clipped(const struct test *t, struct kymo_err *e)
{
    int rc = 0;

    for (size_t k = 0; rc == 0 && k < t->targets.n; k++) {
        const struct target *to = &t->target[k];
        const char *label = t->in->hdr.signal[t->targets.signal[k]].label;
        if (to->n_clipped > 0)
            rc = kymo_warn(&t->call->log, e, label, -1, "%lld samples clipped at %.0f..%.0f", (long long)to->n_clipped,
                           to->least, to->most);
    }
    return rc;
}

static int pass_on(struct test *t, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    while ((rc = kymo_read(t->in, &b, e)) > 0) {
        rc = t->args->mark ? noise_marks_put(&t->marks, &t->targets, b, t->out, e) : 0;
        for (size_t k = 0; rc == 0 && k < t->targets.n; k++)
            rc = add_noise(t, k, b, e);
        if (rc == 0)
            rc = kymo_write(t->out, b, e);
        if (rc < 0)
            return rc;
    }
    if (rc == 0)
        rc = tell_clipped(t, e);
    return rc < 0 ? rc : kymo_write_finish(t->out, e);
}

/* ---- setting up ---- */

static int choose_targets(struct test *t, struct kymo_err *e)
{
    const char *ecg = "ecg";
    const struct kymo_strings any_ecg = {&ecg, 1}, *asked = t->args->in.signals.n ? &t->args->in.signals : &any_ecg;
    const int rc = kymo_select(&t->in->hdr, asked->text, asked->n, &t->targets.signal, &t->targets.n, e);

    if (rc < 0)
        return rc;
    t->target = calloc(t->targets.n, sizeof *t->target);
    return t->target ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", t->targets.n);
}

/* Noise may go beyond what the source's converter could give: the limits become those of its integers. */
static void widen(struct target *to, struct kymo_signal *s)
{
    const size_t bytes = kymo_storage_bytes(s->storage);

    if (!kymo_storage_is_integer(s->storage))
        return;
    to->most = ldexp(1, (int)(8 * bytes) - 1) - 1;
    to->least = -to->most;        /* one lower often says "missing" */
    s->digital_min = to->least - 1;
    s->digital_max = to->most;
}

/* A track of its own: "noise", or "noise2" and so on where the recording has been through here before. */
static int add_track(struct test *t, struct kymo_header *h, struct kymo_err *e)
{
    char name[32] = "noise";

    for (size_t i = 0, times = 1; i < h->n_tracks; i++)
        if (strcmp(h->track[i], name) == 0) {
            snprintf(name, sizeof name, "noise%zu", ++times);
            i = SIZE_MAX;         /* from the first again */
        }
    t->marks.track = kymo_header_add_track(h, name, e);
    return t->marks.track < 0 ? t->marks.track : 0;
}

static int open_output(struct test *t, struct kymo_err *e)
{
    struct kymo_header h;

    kymo_header_init(&h);
    int rc = kymo_header_copy(&h, &t->in->hdr, NULL, 0, e);
    for (size_t k = 0; rc == 0 && k < t->targets.n; k++)
        widen(&t->target[k], &h.signal[t->targets.signal[k]]);
    if (rc == 0)
        rc = set_gains(t, &h, e);
    if (rc == 0 && t->args->mark)
        rc = add_track(t, &h, e);
    if (rc == 0)
        t->out = kymo_call_writer(t->call, t->args->out.path, &h, e);
    kymo_header_release(&h);
    return rc < 0 ? rc : t->out ? 0 : e->cause[0].code;
}

static int check_args(const struct args *args, const char *path, struct kymo_err *e)
{
    if (!args->kind == !args->add)
        return kymo_fail(e, KYMO_EUSAGE, "what noise? --kind or --add, one of them");
    if (args->kind && noise_kind_named(args->kind) == NOISE_KINDS)
        return kymo_fail(e, KYMO_EUSAGE, "no noise \"%.40s\", only wander, muscle, motion, mains", args->kind);
    if (!(fabs(args->snr_db) <= 100))
        return kymo_fail(e, KYMO_EUSAGE, "--snr %g, not -100..100", args->snr_db);
    if (args->amplitude < 0)
        return kymo_fail(e, KYMO_EUSAGE, "--amplitude %g is not above 0", args->amplitude);
    if (args->on.ns < KYMO_NS_PER_S || args->on.ns > INT64_MAX / 8 || args->off.ns < 0 || args->off.ns > INT64_MAX / 8 ||
        args->clean.ns < 0 || args->clean.ns > INT64_MAX / 8)
        return kymo_fail(e, KYMO_EUSAGE, "--clean and --off are 0 s or more, --on 1 s or more, all below 36 years");
    return args->gain != 0 || args->amplitude > 0 ? 0 : check_file(path, "give --amplitude, or --gain", e);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    struct test t = {.call = call, .args = args};
    struct kymo_input_args all = args->in;
    int rc = check_args(args, kymo_operand(call), e);

    t.course = (struct stress_course){args->clean.ns, args->on.ns, args->on.ns + args->off.ns};
    t.marks = (struct noise_marks){.course = &t.course, .snr_db = args->gain == 0 ? args->snr_db : (double)NAN};
    all.signals = (struct kymo_strings){0};   /* all pass on */
    if (rc == 0 && !(t.in = kymo_call_open(call, &all, false, e)))
        rc = e->cause[0].code;
    if (rc == 0)
        rc = choose_targets(&t, e);
    if (rc == 0)
        rc = open_output(&t, e);
    if (rc == 0)
        rc = pass_on(&t, e);
    for (size_t k = 0; t.target && k < t.targets.n; k++)
        noise_source_release(&t.target[k].source);
    free(t.targets.signal);
    free(t.target);
    kymo_writer_destroy(t.out);
    kymo_close(t.in);
    return rc;
}

const struct kymo_command kymo_cmd_noise = {
    .name = "noise", .about = "add noise of a stated signal-to-noise ratio", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct args), .run = run,
};
