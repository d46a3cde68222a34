/* cli/synth_spo2.c - kymo synth spo2: a night of oximetry whose desaturations are known, with a track "dips".
 *
 * The model is in algorithms/spo2syn.h, the user's view in man/kymo-synth.1. */
#include "algorithms/spo2syn.h"
#include "cli/synth.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BLOCK_SAMPLES 4096
#define STEPS_PER_PCT 100         /* 16 bits hold 127 and -1 too */
#define HIDDEN 0.5                /* a dip of which artefacts take as much cannot be seen */

/* "5-12", or "7" for both. */
static int parse_limits(const char *name, const char *text, double *low, double *high, struct kymo_err *e)
{
    const char *const dash = strchr(text, '-');
    const size_t n = dash ? (size_t)(dash - text) : strlen(text);

    if (!kymo_parse_real(text, n, low) || !kymo_parse_real(dash ? dash + 1 : text, dash ? strlen(dash + 1) : n, high))
        return kymo_fail(e, KYMO_EUSAGE, "--%s \"%.40s\" is not two numbers, the smaller one first, as 5-12", name, text);
    return 0;
}

static int options_of(const struct synth_args *args, struct spo2syn_options *o, struct kymo_err *e)
{
    *o = spo2syn_defaults;
    o->baseline_pct = args->baseline_pct;
    o->drift_pct = args->drift_pct;
    o->noise_pct = args->flicker_pct;
    o->dips_per_h = args->dips_per_h;
    o->averaging_s = args->averaging_s;
    o->step_pct = args->step_pct;
    o->artefact_share = args->artefacts;
    o->seed = (uint64_t)args->seed;
    if (strcmp(args->code, "missing") == 0)
        o->code = (double)NAN;
    else if (synth_number("code", args->code, &o->code, e) < 0)
        return KYMO_EUSAGE;
    if (fabs(o->code) > 300)
        return kymo_fail(e, KYMO_EUSAGE, "--code %g is not -300..300", o->code);
    if (synth_number("rate", args->rate, &o->fs_hz, e) < 0 || synth_number("duration", args->duration, &o->duration_s, e) < 0 ||
        parse_limits("depth", args->depth, &o->shallowest_pct, &o->deepest_pct, e) < 0)
        return KYMO_EUSAGE;
    return parse_limits("length", args->length, &o->shortest_s, &o->longest_s, e);
}

static int describe(struct kymo_header *h, const struct spo2syn_options *o, const struct spo2syn *syn, struct kymo_err *e)
{
    static const struct { const char *label, *unit; enum kymo_kind kind; double gain; } signals[] = {
        {"SpO2", "%", KYMO_SPO2, STEPS_PER_PCT}, {"Pulse", "bpm", KYMO_PULSE_RATE, 1},
    };

    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct kymo_signal *const s = kymo_header_signal(h, e);
        if (!s || synth_rate(o->fs_hz, &s->rate, e) < 0)
            return e->cause[0].code;
        s->label = signals[i].label, s->unit = signals[i].unit, s->kind = signals[i].kind;
        s->calibrated = s->can_miss = true;
        s->gain = signals[i].gain;
        s->digital_min = -32767, s->digital_max = 32767;
        s->n_samples = (int64_t)syn->n;
    }
    h->record = "synth", h->format = "synth";
    h->duration_ns = kymo_time_of(h->signal[0].rate, (int64_t)syn->n);
    return kymo_header_add_track(h, "dips", e);
}

static int32_t digital(double x, double gain) { return isnan(x) ? KYMO_MISSING : (int32_t)nearbyint(x * gain); }

/* What can be seen is of the detectors' type; value is the depth that is seen, text what was planted. */
static int add_dip(const struct spo2syn_dip *d, struct kymo_block *b, struct kymo_err *e)
{
    char text[96];
    struct kymo_event ev = {
        .time_ns = (int64_t)nearbyint(d->onset_s * 1e9), .duration_ns = (int64_t)nearbyint((d->end_s - d->onset_s) * 1e9),
        .type = "desat", .value = round(1000 * d->seen_pct) / 1000, .text = text,
    };

    snprintf(text, sizeof text, "planted %.3f, nadir at %.3f s, hidden %.3f", d->depth_pct, d->nadir_s, d->hidden);
    if (d->hidden >= HIDDEN)
        snprintf(ev.type, sizeof ev.type, "hidden");
    ev.sample = kymo_index_at(b->hdr->signal[0].rate, ev.time_ns);
    return kymo_block_event(b, &ev, e);
}

static int write_night(const struct spo2syn *syn, struct kymo_writer *w, struct kymo_err *e)
{
    const double *const x[] = {syn->spo2_pct, syn->pulse_per_min};
    struct kymo_block b;
    size_t dip = 0;

    kymo_block_init(&b, &w->hdr);
    int rc = kymo_block_reserve(&b, 0, BLOCK_SAMPLES, e);
    if (rc == 0)
        rc = kymo_block_reserve(&b, 1, BLOCK_SAMPLES, e);
    for (size_t done = 0; rc == 0 && done < syn->n;) {
        const size_t n = syn->n - done < BLOCK_SAMPLES ? syn->n - done : BLOCK_SAMPLES;
        kymo_block_clear(&b);
        for (size_t s = 0; s < 2; s++) {
            for (size_t i = 0; i < n; i++)
                b.span[s].digital[i] = digital(x[s][done + i], w->hdr.signal[s].gain);
            b.span[s].first = (int64_t)done;
            b.span[s].n = n;
        }
        done += n;
        const int64_t end_ns = kymo_time_of(w->hdr.signal[0].rate, (int64_t)done);
        for (; rc == 0 && dip < syn->n_dips && syn->dip[dip].onset_s * 1e9 < (double)end_ns; dip++)
            rc = add_dip(&syn->dip[dip], &b, e);
        if (rc == 0)
            rc = kymo_write(w, &b, e);
    }
    kymo_block_release(&b);
    return rc < 0 ? rc : kymo_write_finish(w, e);
}

int synth_spo2(const struct kymo_call *call, struct kymo_err *e)
{
    const struct synth_args *const args = call->args;
    struct spo2syn_options o;
    struct spo2syn syn = {.n = 0};
    struct kymo_header h;
    int rc = options_of(args, &o, e);

    if (rc == 0)
        rc = spo2syn_make(&o, &syn, e);
    kymo_header_init(&h);
    if (rc == 0)
        rc = describe(&h, &o, &syn, e);
    struct kymo_writer *const w = rc >= 0 ? kymo_call_writer(call, args->out.path, &h, e) : NULL;
    rc = w ? write_night(&syn, w, e) : e->cause[0].code;
    kymo_writer_destroy(w);
    kymo_header_release(&h);
    spo2syn_release(&syn);
    return rc;
}
