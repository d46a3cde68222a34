/* algorithms/spo2syn.c - see spo2syn.h. */
#include "algorithms/spo2syn.h"

#include "algorithms/random.h"

#include <math.h>
#include <stdlib.h>

#define PI 3.14159265358979323846
#define SHORTEST_PAUSE_S 15.0
#define FIRST_DIP_S 60.0          /* before it is nothing but baseline */
#define NOISE_MEMORY_S 10.0
#define AROUND_ONSET_S 5.0
#define AVERAGED 16               /* points of the mean over averaging_s */
#define SURGE_S 10.0              /* how long the pulse rate stays up behind a dip */
#define MOST_SAMPLES ((size_t)1 << 26)

enum { DIP_STREAM = 1, NOISE_STREAM, ARTEFACT_STREAM, PULSE_STREAM, DRIFT_STREAM, MOVEMENT_STREAM };

const struct spo2syn_options spo2syn_defaults = {
    .fs_hz = 1, .duration_s = 28800, .baseline_pct = 96, .drift_pct = 0.5, .noise_pct = 0.1, .dips_per_h = 20,
    .shallowest_pct = 5, .deepest_pct = 12, .shortest_s = 15, .longest_s = 45, .averaging_s = 3, .step_pct = 1, .code = 127,
    .seed = 1,
};

struct wave {
    double amplitude, w, phase;
};

struct artefact {
    double from_s, to_s, depth_pct;   /* depth 0: a drop-out */
};

struct night {
    const struct spo2syn_options *o;
    struct spo2syn *s;
    struct wave drift[2];
    struct artefact *artefact;
    size_t n_artefacts;
};

static double between(struct random *r, double low, double high) { return low + (high - low) * random_uniform(r); }

/* Exponential with that mean. */
static double waiting(struct random *r, double mean) { return -mean * log(1 - random_uniform(r)); }

/* ---- the plan ---- */

static int add_dip(struct spo2syn *s, size_t *cap, const struct spo2syn_dip *d, struct kymo_err *e)
{
    if (s->n_dips == *cap) {
        const size_t more = *cap ? 2 * *cap : 256;
        struct spo2syn_dip *const all = realloc(s->dip, more * sizeof *all);
        if (!all)
            return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu dips", more);
        s->dip = all;
        *cap = more;
    }
    s->dip[s->n_dips++] = *d;
    return 0;
}

static int plan_dips(const struct night *night, struct kymo_err *e)
{
    const struct spo2syn_options *const o = night->o;
    const double mean_s = (o->shortest_s + o->longest_s) / 2;
    const double pause_s = o->dips_per_h > 0 ? 3600 / o->dips_per_h - mean_s - SHORTEST_PAUSE_S : 0;
    struct random r;
    size_t cap = 0;
    int rc = 0;

    random_init(&r, o->seed, DIP_STREAM);
    for (double t = FIRST_DIP_S; rc == 0 && o->dips_per_h > 0;) {
        struct spo2syn_dip d = {.onset_s = t + SHORTEST_PAUSE_S + waiting(&r, fmax(pause_s, 0))};
        const double length_s = between(&r, o->shortest_s, o->longest_s);
        d.depth_pct = between(&r, o->shallowest_pct, o->deepest_pct);
        d.nadir_s = d.onset_s + between(&r, 0.5, 0.75) * length_s;
        d.end_s = t = d.onset_s + length_s;
        if (d.end_s + SHORTEST_PAUSE_S > o->duration_s)
            break;
        rc = add_dip(night->s, &cap, &d, e);
    }
    return rc;
}

static int plan_artefacts(struct night *night, struct kymo_err *e)
{
    const struct spo2syn_options *const o = night->o;
    const double of_dropouts = 8.5 / (22.5 + 8.5);   /* their mean lengths: so each kind takes half of the time */
    const double mean_s = of_dropouts * 22.5 + (1 - of_dropouts) * 8.5;
    const double pause_s = o->artefact_share > 0 ? mean_s * (1 - o->artefact_share) / o->artefact_share : 0;
    size_t cap = 0;
    struct random r;

    random_init(&r, o->seed, ARTEFACT_STREAM);
    for (double t = 0; o->artefact_share > 0;) {
        const bool drop_out = random_uniform(&r) < of_dropouts;
        struct artefact a = {.from_s = t + waiting(&r, pause_s), .depth_pct = drop_out ? 0 : between(&r, 10, 45)};
        a.to_s = t = a.from_s + (drop_out ? between(&r, 5, 40) : between(&r, 2, 15));
        if (a.from_s >= o->duration_s)
            break;
        if (night->n_artefacts == cap) {
            cap = cap ? 2 * cap : 256;
            struct artefact *const all = realloc(night->artefact, cap * sizeof *all);
            if (!all)
                return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu artefacts", cap);
            night->artefact = all;
        }
        night->artefact[night->n_artefacts++] = a;
    }
    return 0;
}

static void plan_drift(struct night *night)
{
    struct random r;

    random_init(&r, night->o->seed, DRIFT_STREAM);
    for (int k = 0; k < 2; k++)
        night->drift[k] = (struct wave){night->o->drift_pct / 2, 2 * PI / (60 * between(&r, 40, 120)), between(&r, 0, 2 * PI)};
}

/* ---- samples ---- */

/* How much of its depth a dip has at t, 0..1. */
static double part_of(const struct spo2syn_dip *d, double t)
{
    if (t <= d->onset_s || t >= d->end_s)
        return 0;
    return t < d->nadir_s ? (1 - cos(PI * (t - d->onset_s) / (d->nadir_s - d->onset_s))) / 2
                          : (1 + cos(PI * (t - d->nadir_s) / (d->end_s - d->nadir_s))) / 2;
}

/* at: a dip that has not ended averaging_s before t. */
static double saturation(const struct night *night, size_t at, double t)
{
    double pct = night->o->baseline_pct;

    for (int k = 0; k < 2; k++)
        pct += night->drift[k].amplitude * sin(night->drift[k].w * t + night->drift[k].phase);
    for (; at < night->s->n_dips && night->s->dip[at].onset_s < t; at++)
        pct -= night->s->dip[at].depth_pct * part_of(&night->s->dip[at], t);
    return pct;
}

static double averaged(const struct night *night, size_t at, double t)
{
    double sum = 0;

    if (night->o->averaging_s <= 0)
        return saturation(night, at, t);
    for (int k = 0; k < AVERAGED; k++)
        sum += saturation(night, at, t - night->o->averaging_s * k / (AVERAGED - 1));
    return sum / AVERAGED;
}

static double rounded(double pct, double step)
{
    const double held = fmin(100, fmax(0, pct));

    return step > 0 ? fmin(100, step * nearbyint(held / step)) : held;
}

static void make_saturation(const struct night *night)
{
    const struct spo2syn_options *const o = night->o;
    const double keep = exp(-1 / (o->fs_hz * NOISE_MEMORY_S));
    struct random r;
    size_t at = 0;

    random_init(&r, o->seed, NOISE_STREAM);
    double noise = o->noise_pct * random_normal(&r);
    for (size_t i = 0; i < night->s->n; i++) {
        const double t = (double)i / o->fs_hz;
        while (at < night->s->n_dips && night->s->dip[at].end_s <= t - o->averaging_s)
            at++;
        night->s->spo2_pct[i] = rounded(averaged(night, at, t) + noise, o->step_pct);
        noise = keep * noise + sqrt(1 - keep * keep) * o->noise_pct * random_normal(&r);
    }
}

static void make_pulse(const struct night *night)
{
    const struct spo2syn_options *const o = night->o;
    struct random r;
    size_t at = 0;

    random_init(&r, o->seed, PULSE_STREAM);
    const double mean = between(&r, 50, 70);
    const struct wave slow = {3, 2 * PI / (60 * between(&r, 10, 30)), between(&r, 0, 2 * PI)};
    double surge = between(&r, 6, 18);
    for (size_t i = 0; i < night->s->n; i++) {
        const double t = (double)i / o->fs_hz;
        double rate = mean + slow.amplitude * sin(slow.w * t + slow.phase) + random_normal(&r);
        while (at < night->s->n_dips && night->s->dip[at].nadir_s + 2 * SURGE_S < t) {
            surge = between(&r, 6, 18);
            at++;
        }
        if (at < night->s->n_dips && t > night->s->dip[at].nadir_s)
            rate += surge * sin(PI * (t - night->s->dip[at].nadir_s) / (2 * SURGE_S));
        night->s->pulse_per_min[i] = nearbyint(rate);
    }
}

static size_t sample_at(const struct night *night, double s)
{
    const double i = ceil(s * night->o->fs_hz);

    return i <= 0 ? 0 : i < (double)night->s->n ? (size_t)i : night->s->n;
}

/* What is seen of each dip, before artefacts. */
static void measure_dips(const struct night *night)
{
    for (size_t k = 0; k < night->s->n_dips; k++) {
        struct spo2syn_dip *const d = &night->s->dip[k];
        const double late_s = night->o->averaging_s;
        double high = 0, low = 100;
        for (size_t i = sample_at(night, d->onset_s - AROUND_ONSET_S); i < sample_at(night, d->end_s + late_s); i++) {
            const double x = night->s->spo2_pct[i];
            if ((double)i / night->o->fs_hz <= d->onset_s + AROUND_ONSET_S)
                high = fmax(high, x);
            low = fmin(low, x);
        }
        d->seen_pct = fmax(0, high - low);
    }
}

/* Down within at most 2 s, and back. */
static double movement(const struct artefact *a, double t)
{
    const double slope_s = fmin(2, (a->to_s - a->from_s) / 3);

    return a->depth_pct * fmax(0, fmin(1, fmin(t - a->from_s, a->to_s - t) / slope_s));
}

static void put_artefacts(const struct night *night)
{
    struct spo2syn *const s = night->s;
    const double code = night->o->code, pulse_code = code == 127 ? 511 : code;   /* as Nonin has them */
    size_t dip = 0;
    struct random r;

    random_init(&r, night->o->seed, MOVEMENT_STREAM);
    for (size_t k = 0; k < night->n_artefacts; k++) {
        const struct artefact *const a = &night->artefact[k];
        for (size_t i = sample_at(night, a->from_s); i < sample_at(night, a->to_s); i++) {
            const double fallen = s->spo2_pct[i] - movement(a, (double)i / night->o->fs_hz);
            s->spo2_pct[i] = a->depth_pct > 0 ? rounded(fmax(fallen, 30), night->o->step_pct) : code;
            s->pulse_per_min[i] = a->depth_pct > 0 ? nearbyint(between(&r, 35, 180)) : pulse_code;
        }
        while (dip < s->n_dips && s->dip[dip].end_s <= a->from_s)
            dip++;
        for (size_t d = dip; d < s->n_dips && s->dip[d].onset_s < a->to_s; d++)
            s->dip[d].hidden += (fmin(a->to_s, s->dip[d].end_s) - fmax(a->from_s, s->dip[d].onset_s)) /
                                (s->dip[d].end_s - s->dip[d].onset_s);
    }
}

/* ---- all of it ---- */

static int check_options(const struct spo2syn_options *o, struct kymo_err *e)
{
    const struct {
        const char *name;
        double value, least, most;
    } limits[] = {
        {"sampling rate (Hz)", o->fs_hz, 0.1, 100}, {"duration (s)", o->duration_s, 60, 604800},
        {"baseline (%)", o->baseline_pct, 60, 100}, {"drift (%)", o->drift_pct, 0, 10}, {"noise (%)", o->noise_pct, 0, 5},
        {"dips per hour", o->dips_per_h, 0, 120}, {"least depth (%)", o->shallowest_pct, 0.1, 50},
        {"most depth (%)", o->deepest_pct, o->shallowest_pct, 50}, {"least length (s)", o->shortest_s, 5, 300},
        {"most length (s)", o->longest_s, o->shortest_s, 300}, {"averaging (s)", o->averaging_s, 0, 30},
        {"step (%)", o->step_pct, 0, 5}, {"share of artefacts", o->artefact_share, 0, 0.5},
    };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (!(limits[i].value >= limits[i].least && limits[i].value <= limits[i].most))
            return kymo_fail(e, KYMO_EUSAGE, "%s %g, not %g..%g", limits[i].name, limits[i].value, limits[i].least,
                             limits[i].most);
    const double most_per_h = 3600 / ((o->shortest_s + o->longest_s) / 2 + SHORTEST_PAUSE_S);
    if (o->dips_per_h > most_per_h)
        return kymo_fail(e, KYMO_EUSAGE, "dips per hour %g: of that length, with %g s between, there are at most %g",
                         o->dips_per_h, SHORTEST_PAUSE_S, most_per_h);
    if (o->duration_s * o->fs_hz > (double)MOST_SAMPLES)
        return kymo_fail(e, KYMO_EUSAGE, "%g s at %g Hz are more than %zu samples", o->duration_s, o->fs_hz, MOST_SAMPLES);
    return 0;
}

int spo2syn_make(const struct spo2syn_options *o, struct spo2syn *s, struct kymo_err *e)
{
    struct night night = {.o = o, .s = s};
    int rc = check_options(o, e);

    if (rc < 0)
        return rc;
    s->n = (size_t)nearbyint(o->duration_s * o->fs_hz);
    s->spo2_pct = malloc((s->n + 1) * sizeof *s->spo2_pct);
    s->pulse_per_min = malloc((s->n + 1) * sizeof *s->pulse_per_min);
    if (!s->spo2_pct || !s->pulse_per_min)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu samples", s->n);
    plan_drift(&night);
    if ((rc = plan_dips(&night, e)) == 0 && (rc = plan_artefacts(&night, e)) == 0) {
        make_saturation(&night);
        make_pulse(&night);
        measure_dips(&night);
        put_artefacts(&night);
    }
    free(night.artefact);
    return rc;
}

void spo2syn_release(struct spo2syn *s)
{
    free(s->spo2_pct);
    free(s->pulse_per_min);
    free(s->dip);
}
