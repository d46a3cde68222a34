/* cli/noise.c - kymo noise: adds noise of a stated signal-to-noise ratio, in segments, to a recording.
 *
 * What the ratio means is in algorithms/snr.h, the noise that we make in algorithms/noise.h, the user's view in
 * man/kymo-noise.1. The recording is read up to three times: for its beats, for their size, and to pass it on. */
#include "algorithms/noise.h"
#include "algorithms/sinc.h"
#include "algorithms/snr.h"
#include "cli/detector.h"
#include "lib/command.h"
#include "lib/vocabulary.h"

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

/* Where one signal's noise comes from: made, or a signal of a recording, from its start and again and again. */
struct feed {
    struct noise *made;
    const char *path;
    size_t pick;                  /* the recording's signal */
    struct kymo_reader *in;
    const double *x;              /* of its present block */
    size_t n, at;
    double last, shift;           /* the sample before; what is added so that a new round goes on from there */
    bool seen, joins;             /* a sample; the next one begins a round */
    struct sinc *sinc;            /* NULL: the rates are the same */
};

/* A signal that gets noise. */
struct target {
    size_t signal;
    struct feed feed;
    double gain, before;          /* before: of the noise, the sample before */
    double offset, added;         /* added: gain times noise, plus offset; stays in clean segments: there are no steps */
    bool begun, on;
    double least, most;           /* that integers can be */
    int64_t n_clipped;
};

struct test {
    const struct kymo_call *call;
    const struct args *args;
    struct kymo_reader *in;
    struct kymo_writer *out;
    struct target *target;
    size_t n;
    int64_t clean_ns, period_ns, on_ns;
    int64_t next_mark;            /* even: noise begins; odd: it ends */
    int track;
    bool marking;
};

/* ---- the noise ---- */

static int fail_ratio(const char *path, struct kymo_err *e)
{
    return kymo_fail_at(e, KYMO_EDATA, path, -1, "no noise: no second of it is whole, or it is flat");
}

static int open_feed(struct feed *f, struct kymo_err *e)
{
    kymo_close(f->in);
    f->n = f->at = 0;
    f->joins = true;
    f->in = kymo_open(f->path, NULL, e);
    return f->in ? 0 : e->cause[0].code;
}

static int next_recorded(struct feed *f, double *x, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    while (f->at == f->n) {
        if ((rc = kymo_read(f->in, &b, e)) < 0)
            return rc;
        if (rc == 0 && !f->seen)
            return fail_ratio(f->path, e);
        if (rc == 0 && (rc = open_feed(f, e)) < 0)
            return rc;
        if (rc > 0) {
            f->x = kymo_physical(b, f->pick);
            f->n = b->span[f->pick].n;
            f->at = 0;
        }
    }
    const double v = f->x[f->at++];
    if (isfinite(v)) {
        if (f->joins)
            f->shift = f->last - v;
        f->joins = false;
        f->seen = true;
        f->last = v + f->shift;
    }
    *x = f->last;   /* a missing sample is as the one before */
    return 0;
}

static int next_noise(struct feed *f, double *x, struct kymo_err *e)
{
    int rc = 0;

    if (f->made)
        noise_next(f->made, x, 1);
    else if (!f->sinc)
        rc = next_recorded(f, x, e);
    else
        while (rc == 0 && !sinc_next(f->sinc, x)) {
            double recorded;
            if ((rc = next_recorded(f, &recorded, e)) == 0)
                sinc_push(f->sinc, recorded);
        }
    return rc;
}

/* R of the recorded signal, at its own rate. */
static int measure_noise(struct feed *f, double *rms, struct kymo_err *e)
{
    struct snr_noise power;
    struct kymo_block *b;
    int rc = open_feed(f, e);

    if (rc < 0)
        return rc;
    const double rate_hz = kymo_ratio_real(f->in->hdr.signal[f->pick].rate);
    if (rate_hz < 1.5)
        return kymo_fail_at(e, KYMO_EDATA, f->path, -1, "%g samples per second are too few to measure noise by", rate_hz);
    snr_noise_init(&power, rate_hz);
    while ((rc = kymo_read(f->in, &b, e)) > 0)
        if (snr_noise_push(&power, kymo_physical(b, f->pick), b->span[f->pick].n) == 0)
            break;
    *rms = snr_noise_rms(&power);
    return rc < 0 ? rc : *rms > 0 ? 0 : fail_ratio(f->path, e);
}

static int open_sinc(struct feed *f, struct kymo_ratio in, struct kymo_ratio out, struct kymo_err *e)
{
    const int64_t a = kymo_common_divisor(in.num, out.num), b = kymo_common_divisor(in.den, out.den);
    int64_t n_in, n_out;

    if (__builtin_mul_overflow(in.num / a, out.den / b, &n_in) || __builtin_mul_overflow(in.den / b, out.num / a, &n_out))
        return kymo_fail_at(e, KYMO_EDATA, f->path, -1, "%g samples per second cannot be made %g", kymo_ratio_real(in),
                            kymo_ratio_real(out));
    if (n_in != n_out && !(f->sinc = sinc_create(n_in, n_out, e)))
        return kymo_during(e, "cannot use %s", f->path);
    return 0;
}

/* Target k's feed, and the R of its noise. */
static int open_noise(const struct test *t, size_t k, size_t n_recorded, double *rms, struct kymo_err *e)
{
    const struct args *args = t->args;
    struct target *to = &t->target[k];
    const struct kymo_signal *signal = &t->in->hdr.signal[to->signal];
    int rc = 0;

    *rms = 1;
    if (args->kind) {
        to->feed.made = noise_create(noise_kind_named(args->kind), kymo_ratio_real(signal->rate), args->mains_hz,
                                     (uint64_t)args->seed, k, e);
        return to->feed.made ? 0 : kymo_during(e, "no noise for %s", signal->label);
    }
    to->feed.path = args->add;
    to->feed.pick = k % n_recorded;
    if (args->gain == 0)
        rc = measure_noise(&to->feed, rms, e);
    if (rc == 0)
        rc = open_feed(&to->feed, e);
    return rc < 0 ? rc : open_sinc(&to->feed, to->feed.in->hdr.signal[to->feed.pick].rate, signal->rate, e);
}

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

/* ---- the size of the beats ---- */

struct beats {
    int64_t ns[SNR_MOST];
    size_t n;
};

static struct kymo_reader *reopen(const struct test *t, const char *signal, bool no_samples, struct kymo_err *e)
{
    struct kymo_input_args in = t->args->in;
    struct kymo_call silent = *t->call;

    silent.log = (struct kymo_log){0};   /* what there is to say is said when it passes on */
    in.signals = signal ? (struct kymo_strings){&signal, 1} : (struct kymo_strings){0};
    return kymo_call_open(&silent, &in, no_samples, e);
}

/* What nst takes for normal: not ventricular, not a fusion, not a learning detector's. */
static bool has_usual_size(const char *type) { return kymo_is_beat(type) && !strpbrk(type, "VEFr?"); }

/* The first marked beats, of one track. */
static int read_beats(struct kymo_reader *r, struct beats *beats, struct kymo_err *e)
{
    struct kymo_block *b;
    int track = -1, rc = 0;

    while (beats->n < SNR_MOST && (rc = kymo_read(r, &b, e)) > 0)
        for (size_t i = 0; i < b->n_events && beats->n < SNR_MOST; i++) {
            const struct kymo_event *ev = &b->event[i];
            if (!has_usual_size(ev->type) || (track >= 0 && ev->track != track))
                continue;
            track = ev->track;
            beats->ns[beats->n++] = ev->time_ns;
        }
    return rc < 0 ? rc : 0;
}

static void take_beats(const struct detector *d, struct beats *beats)
{
    size_t n;
    const struct kymo_event *found = detector_found(d, &n);

    for (size_t i = 0; i < n && beats->n < SNR_MOST; i++)
        if (kymo_is_beat(found[i].type))
            beats->ns[beats->n++] = found[i].time_ns;
}

/* The first beats that our detector finds in r, all of whose signals are ECGs. */
static int detect_beats(struct kymo_reader *r, struct beats *beats, struct kymo_err *e)
{
    const struct kymo_log silent = {0};
    struct detector *d = detector_create(&r->hdr, NULL, NULL, &silent, e);
    struct kymo_block *b;
    int rc = d ? 0 : e->cause[0].code;

    while (rc >= 0 && beats->n < SNR_MOST && (rc = kymo_read(r, &b, e)) > 0)
        if ((rc = detector_push(d, b, e)) == 0)
            take_beats(d, beats);
    if (rc == 0 && (rc = detector_flush(d, e)) == 0)
        take_beats(d, beats);
    detector_destroy(d);
    return rc;
}

static int find_beats(const struct test *t, struct beats *beats, struct kymo_err *e)
{
    const char *annotator = t->args->in.annotator;
    struct kymo_reader *r = reopen(t, NULL, true, e);
    int rc = r ? read_beats(r, beats, e) : e->cause[0].code;

    kymo_close(r);
    if (rc == 0 && beats->n == 0 && annotator)
        return kymo_fail(e, KYMO_EDATA, "no normal beats in %.40s to measure the signals by", annotator);
    if (rc < 0 || beats->n > 0)
        return rc;
    r = reopen(t, "ecg", false, e);
    rc = r ? detect_beats(r, beats, e) : e->cause[0].code;
    kymo_close(r);
    if (rc == 0 && beats->n == 0)
        return kymo_fail(e, KYMO_EDATA, "no beats found to measure the signals by: give --amplitude");
    return rc;
}

static void measure_block(const struct test *t, struct snr_signal *size, struct kymo_block *b, bool *wanted)
{
    *wanted = false;
    for (size_t k = 0; k < t->n; k++) {
        const size_t s = t->target[k].signal;
        snr_signal_push(&size[k], b->span[s].first, kymo_physical(b, s), b->span[s].n);
        *wanted |= size[k].first < size[k].n;
    }
}

/* P of each target. */
static int measure_beats(const struct test *t, struct snr_signal *size, struct kymo_err *e)
{
    struct beats beats = {.n = 0};
    struct kymo_block *b;
    bool wanted = true;
    int rc = find_beats(t, &beats, e);
    struct kymo_reader *r = rc == 0 ? reopen(t, NULL, false, e) : NULL;

    for (size_t k = 0; r && k < t->n; k++) {
        const struct kymo_ratio rate = t->in->hdr.signal[t->target[k].signal].rate;
        int64_t at[SNR_MOST];
        for (size_t i = 0; i < beats.n; i++)   /* the nearest sample */
            at[i] = kymo_index_at(rate, beats.ns[i] - kymo_time_of(rate, 1) / 2);
        snr_signal_init(&size[k], kymo_ratio_real(rate), at, beats.n);
    }
    while (r && wanted && (rc = kymo_read(r, &b, e)) > 0)
        measure_block(t, size, b, &wanted);
    if (rc == 0 && !r)
        rc = e->cause[0].code;
    kymo_close(r);
    return rc < 0 ? rc : 0;
}

/* ---- gains ---- */

static int tell_gain(const struct test *t, size_t k, double peak_to_peak, double rms, struct kymo_header *h, struct kymo_err *e)
{
    const struct target *to = &t->target[k];
    const struct kymo_signal *s = &h->signal[to->signal];
    char ratio[160] = "", text[400];

    if (t->args->gain == 0)
        snprintf(ratio, sizeof ratio, ": %g dB, QRS %g %.20s from peak to peak, noise %g RMS", t->args->snr_db, peak_to_peak,
                 s->unit, rms);
    if (t->args->kind)
        snprintf(text, sizeof text, "noise: %.60s + %g * %s noise, seed %lld%s", s->label, to->gain, t->args->kind,
                 (long long)t->args->seed, ratio);
    else
        snprintf(text, sizeof text, "noise: %.60s + %g * signal %zu of %.80s%s", s->label, to->gain, to->feed.pick,
                 t->args->add, ratio);
    return kymo_header_add_history(h, text, e);
}

static int set_gains(struct test *t, struct kymo_header *h, struct kymo_err *e)
{
    const struct args *args = t->args;
    struct snr_signal *size = calloc(t->n, sizeof *size);
    size_t n_recorded;
    int rc = size ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", t->n);

    if (rc == 0)
        rc = count_recorded(t, &n_recorded, e);
    if (rc == 0 && args->gain == 0 && args->amplitude == 0)
        rc = measure_beats(t, size, e);
    for (size_t k = 0; rc == 0 && k < t->n; k++) {
        const char *label = h->signal[t->target[k].signal].label;
        const double p = args->amplitude > 0 ? args->amplitude : snr_signal_peak_to_peak(&size[k]);
        double rms;
        if (args->gain == 0 && !(p > 0))
            rc = kymo_fail(e, KYMO_EDATA, "%.60s is flat at its beats, or none is whole: choose with -s, or give --amplitude",
                           label);
        if (rc == 0)
            rc = open_noise(t, k, n_recorded, &rms, e);
        if (rc == 0) {
            t->target[k].gain = args->gain != 0 ? args->gain : snr_gain(p, rms, args->snr_db);
            rc = tell_gain(t, k, p, rms, h, e);
        }
    }
    free(size);
    return rc;
}

/* ---- passing on ---- */

static bool is_noisy(const struct test *t, int64_t ns)
{
    return ns >= t->clean_ns && (t->period_ns == t->on_ns || (ns - t->clean_ns) % t->period_ns < t->on_ns);
}

static void add_to(struct target *to, const struct kymo_signal *s, struct kymo_span *span, size_t i)
{
    if (to->added == 0)
        return;
    if (!kymo_storage_is_integer(s->storage)) {
        span->physical[i] += to->added;
        return;
    }
    if (span->digital[i] == KYMO_MISSING)
        return;
    const double v = nearbyint(span->digital[i] + to->added * s->gain), held = fmax(to->least, fmin(to->most, v));
    to->n_clipped += held != v;
    span->digital[i] = (int32_t)held;
}

static int add_noise(const struct test *t, struct target *to, struct kymo_block *b, struct kymo_err *e)
{
    const struct kymo_signal *s = &b->hdr->signal[to->signal];
    struct kymo_span *span = &b->span[to->signal];

    for (size_t i = 0; i < span->n; i++) {
        const bool on = is_noisy(t, kymo_block_time(b, to->signal, span->first + (int64_t)i));
        double x;
        const int rc = next_noise(&to->feed, &x, e);
        if (rc < 0)
            return rc;
        if (on && !to->on)   /* goes on from where the signal is */
            to->offset = to->added - to->gain * (to->begun ? to->before : x);
        if (on)
            to->added = to->offset + to->gain * x;
        to->on = on;
        to->begun = true;
        to->before = x;
        add_to(to, s, span, i);
    }
    return 0;
}

static int64_t mark_ns(const struct test *t, int64_t mark)
{
    return t->clean_ns + mark / 2 * t->period_ns + mark % 2 * t->on_ns;
}

/* Which of the first four signals are noisy, as WFDB has it in the subtype of "~". */
static int noisy_bits(const struct test *t)
{
    int bits = 0;

    for (size_t k = 0; k < t->n; k++)
        if (t->target[k].signal < 4)
            bits |= 1 << t->target[k].signal;
    return bits;
}

static int put_mark(const struct test *t, int64_t ns, struct kymo_err *e)
{
    const struct kymo_header *h = &t->in->hdr;
    const size_t first = t->target[0].signal;
    const bool begins = t->next_mark % 2 == 0, lasts = t->period_ns == t->on_ns;
    struct kymo_event ev = {
        .time_ns = ns, .sample = kymo_index_at(h->signal[first].rate, ns), .signal = (int)first, .track = t->track,
        .type = "~", .value = (double)NAN, .text = begins ? "noise" : "clean",
    };

    if (begins) {
        int64_t end_ns = lasts ? KYMO_UNKNOWN : mark_ns(t, t->next_mark + 1);
        if (h->duration_ns > ns && (lasts || end_ns > h->duration_ns))
            end_ns = h->duration_ns;
        ev.duration_ns = end_ns == KYMO_UNKNOWN ? KYMO_UNKNOWN : end_ns - ns;
        ev.subtype = noisy_bits(t);
        if (t->args->gain == 0)
            ev.value = t->args->snr_db;
    }
    return kymo_write_event(t->out, &ev, e);
}

/* Marks the segments that begin before the end of the block; those that are over when the recording begins are left out. */
static int put_marks(struct test *t, const struct kymo_block *b, struct kymo_err *e)
{
    int64_t begin_ns = INT64_MAX, end_ns = INT64_MIN;
    int rc = 0;

    for (size_t k = 0; k < t->n; k++) {
        const size_t s = t->target[k].signal;
        const struct kymo_span *span = &b->span[s];
        if (span->n == 0)
            continue;
        const int64_t first_ns = kymo_block_time(b, s, span->first);
        const int64_t last_ns = kymo_block_time(b, s, span->first + (int64_t)span->n - 1);
        begin_ns = first_ns < begin_ns ? first_ns : begin_ns;
        end_ns = last_ns > end_ns ? last_ns : end_ns;
    }
    if (end_ns == INT64_MIN)
        return 0;
    const bool lasts = t->period_ns == t->on_ns;
    if (!t->marking && !lasts && begin_ns >= mark_ns(t, 1))
        t->next_mark = (begin_ns - t->clean_ns) / t->period_ns * 2 + (is_noisy(t, begin_ns) ? 0 : 2);
    for (; rc == 0 && !(lasts && t->next_mark > 0) && mark_ns(t, t->next_mark) <= end_ns; t->next_mark++) {
        const int64_t ns = mark_ns(t, t->next_mark);
        rc = put_mark(t, !t->marking && ns < begin_ns ? begin_ns : ns, e);
    }
    t->marking = true;
    return rc;
}

static int tell_clipped(const struct test *t, struct kymo_err *e)
{
    int rc = 0;

    for (size_t k = 0; rc == 0 && k < t->n; k++) {
        const struct target *to = &t->target[k];
        if (to->n_clipped > 0)
            rc = kymo_warn(&t->call->log, e, t->in->hdr.signal[to->signal].label, -1, "%lld samples clipped at %.0f..%.0f",
                           (long long)to->n_clipped, to->least, to->most);
    }
    return rc;
}

static int pass_on(struct test *t, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    while ((rc = kymo_read(t->in, &b, e)) > 0) {
        rc = t->args->mark ? put_marks(t, b, e) : 0;
        for (size_t k = 0; rc == 0 && k < t->n; k++)
            rc = add_noise(t, &t->target[k], b, e);
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
    size_t *pick;
    const int rc = kymo_select(&t->in->hdr, asked->text, asked->n, &pick, &t->n, e);

    if (rc < 0)
        return rc;
    t->target = calloc(t->n + 1, sizeof *t->target);
    for (size_t k = 0; t->target && k < t->n; k++)
        t->target[k].signal = pick[k];
    free(pick);
    return t->target ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", t->n);
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
    t->track = kymo_header_add_track(h, name, e);
    return t->track < 0 ? t->track : 0;
}

static int open_output(struct test *t, struct kymo_err *e)
{
    struct kymo_header h;

    kymo_header_init(&h);
    int rc = kymo_header_copy(&h, &t->in->hdr, NULL, 0, e);
    for (size_t k = 0; rc == 0 && k < t->n; k++)
        widen(&t->target[k], &h.signal[t->target[k].signal]);
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
    struct test t = {.call = call, .args = args, .clean_ns = args->clean.ns, .on_ns = args->on.ns,
                     .period_ns = args->on.ns + args->off.ns};
    struct kymo_input_args all = args->in;
    int rc = check_args(args, kymo_operand(call), e);

    all.signals = (struct kymo_strings){0};   /* all pass on */
    if (rc == 0 && !(t.in = kymo_call_open(call, &all, false, e)))
        rc = e->cause[0].code;
    if (rc == 0)
        rc = choose_targets(&t, e);
    if (rc == 0)
        rc = open_output(&t, e);
    if (rc == 0)
        rc = pass_on(&t, e);
    for (size_t k = 0; t.target && k < t.n; k++) {
        noise_destroy(t.target[k].feed.made);
        sinc_destroy(t.target[k].feed.sinc);
        kymo_close(t.target[k].feed.in);
    }
    free(t.target);
    kymo_writer_destroy(t.out);
    kymo_close(t.in);
    return rc;
}

const struct kymo_command kymo_cmd_noise = {
    .name = "noise", .about = "add noise of a stated signal-to-noise ratio", .operands = "[RECORD]", .most = 1,
    .options = options, .args_size = sizeof(struct args), .run = run,
};
