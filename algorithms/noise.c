/* algorithms/noise.c - see noise.h. */
#include "algorithms/noise.h"

#include "algorithms/random.h"
#include "algorithms/snr.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define TWO_PI 6.283185307179586

#define WAVES 24
#define WANDER_LOW_HZ 0.05
#define WANDER_HIGH_HZ 0.7
#define TURNS 256                 /* samples until the phases are computed anew: turning them adds up rounding */

#define MUSCLE_LOW_HZ 20.0
#define MUSCLE_HIGH_HZ 150.0
#define MUSCLE_ROOM 0.45          /* highest corner, in parts of the rate */
#define BURST_S 1.0

#define MOTIONS_PER_S 1.0
#define MOST_MOTIONS 128          /* at once: 3 in the mean, so that there is always room */
#define PULSE_SHARE 0.6
#define RISE_S 0.01

#define HARMONICS 5

struct wander {
    double hz[WAVES], phase[WAVES];                          /* phase in turns, at time 0 */
    double re[WAVES], im[WAVES], turn_re[WAVES], turn_im[WAVES];
};

/* y = b0 x + b1 x' + b2 x'' - a1 y' - a2 y'' */
struct biquad {
    double b0, b1, b2, a1, a2, s1, s2;
};

struct muscle {
    struct biquad high, low;
    bool has_low;
    double burst, burst_keeps;
};

struct motion {
    double begin_s, end_s, size, width_s;   /* width_s: sigma of a pulse, time constant of a step's recovery */
    bool is_pulse;
};

struct motions {
    struct motion one[MOST_MOTIONS];
    size_t n;
    double next_s;
};

struct mains {
    double hz, phase[HARMONICS];
    size_t n;
};

/* No pointers: a copy goes on like its original. */
struct noise {
    enum noise_kind kind;
    double fs_hz, scale;
    int64_t i;                    /* the next sample */
    struct random random;
    struct wander wander;
    struct muscle muscle;
    struct motions motions;
    struct mains mains;
};

static const struct { const char *name; double least_hz; } kinds[NOISE_KINDS] = {
    [NOISE_WANDER] = {"wander", 4}, [NOISE_MUSCLE] = {"muscle", 60}, [NOISE_MOTION] = {"motion", 60},
    [NOISE_MAINS] = {"mains", 0},
};

static const struct { int order; double size; } harmonics[HARMONICS] = {{1, 1}, {2, 0.05}, {3, 0.2}, {5, 0.1}, {7, 0.05}};

enum noise_kind noise_kind_named(const char *name)
{
    enum noise_kind k = 0;

    while (k < NOISE_KINDS && strcmp(kinds[k].name, name) != 0)
        k++;
    return k;
}

static double uniform(struct random *r, double least, double most) { return least + (most - least) * random_uniform(r); }

/* ---- wander ---- */

static void init_wander(struct noise *s)
{
    struct wander *w = &s->wander;

    for (size_t k = 0; k < WAVES; k++) {
        const double at = ((double)k + random_uniform(&s->random)) / WAVES;
        w->hz[k] = WANDER_LOW_HZ * pow(WANDER_HIGH_HZ / WANDER_LOW_HZ, at);
        w->phase[k] = random_uniform(&s->random);
        w->turn_re[k] = cos(TWO_PI * w->hz[k] / s->fs_hz);
        w->turn_im[k] = sin(TWO_PI * w->hz[k] / s->fs_hz);
    }
}

static double next_wander(struct noise *s)
{
    struct wander *w = &s->wander;
    double sum = 0;

    for (size_t k = 0; k < WAVES; k++) {
        if (s->i % TURNS == 0) {
            const double turns = w->hz[k] * (double)s->i / s->fs_hz + w->phase[k];
            w->re[k] = cos(TWO_PI * (turns - floor(turns)));
            w->im[k] = sin(TWO_PI * (turns - floor(turns)));
        }
        sum += w->im[k];
        const double re = w->re[k] * w->turn_re[k] - w->im[k] * w->turn_im[k];
        w->im[k] = w->re[k] * w->turn_im[k] + w->im[k] * w->turn_re[k];
        w->re[k] = re;
    }
    return sum * sqrt(2.0 / WAVES);
}

/* ---- muscle ---- */

/* Second-order Butterworth, low pass or high pass. */
static struct biquad butterworth(double corner_hz, double fs_hz, bool is_high)
{
    const double k = tan(TWO_PI / 2 * corner_hz / fs_hz), norm = 1 / (1 + sqrt(2) * k + k * k);
    struct biquad f = {.b0 = is_high ? norm : k * k * norm, .a1 = 2 * (k * k - 1) * norm,
                       .a2 = (1 - sqrt(2) * k + k * k) * norm};

    f.b1 = is_high ? -2 * f.b0 : 2 * f.b0;
    f.b2 = f.b0;
    return f;
}

static double filtered(struct biquad *f, double x)
{
    const double y = f->b0 * x + f->s1;

    f->s1 = f->b1 * x - f->a1 * y + f->s2;
    f->s2 = f->b2 * x - f->a2 * y;
    return y;
}

static void init_muscle(struct noise *s)
{
    struct muscle *m = &s->muscle;

    m->high = butterworth(MUSCLE_LOW_HZ, s->fs_hz, true);
    m->has_low = MUSCLE_HIGH_HZ < MUSCLE_ROOM * s->fs_hz;
    if (m->has_low)
        m->low = butterworth(MUSCLE_HIGH_HZ, s->fs_hz, false);
    m->burst = random_normal(&s->random);
    m->burst_keeps = exp(-1 / (BURST_S * s->fs_hz));
}

static double next_muscle(struct noise *s)
{
    struct muscle *m = &s->muscle;
    const double high = filtered(&m->high, random_normal(&s->random));
    const double y = (m->has_low ? filtered(&m->low, high) : high) * exp(m->burst / 2);

    m->burst = m->burst_keeps * m->burst + sqrt(1 - m->burst_keeps * m->burst_keeps) * random_normal(&s->random);
    return y;
}

/* ---- motion ---- */

static double wait(struct random *r) { return -log(1 - random_uniform(r)) / MOTIONS_PER_S; }

static void begin_motion(struct noise *s)
{
    struct motions *m = &s->motions;
    struct motion new = {.begin_s = m->next_s, .is_pulse = random_uniform(&s->random) < PULSE_SHARE};

    new.size = exp(0.6 * random_normal(&s->random)) * (random_uniform(&s->random) < 0.5 ? -1 : 1);
    new.width_s = new.is_pulse ? uniform(&s->random, 0.012, 0.04) : uniform(&s->random, 0.2, 1.5);
    new.end_s = new.begin_s + (new.is_pulse ? 10 : 12) * new.width_s;   /* then 1e-5 of it are left */
    if (m->n < MOST_MOTIONS)
        m->one[m->n++] = new;
    m->next_s += wait(&s->random);
}

static double motion_at(const struct motion *m, double t_s)
{
    const double t = t_s - m->begin_s, u = t / m->width_s;

    return m->size * (m->is_pulse ? exp(-(u - 5) * (u - 5) / 2) : (1 - exp(-t / RISE_S)) * exp(-u));
}

static double next_motion(struct noise *s)
{
    struct motions *m = &s->motions;
    const double t_s = (double)s->i / s->fs_hz;
    double sum = 0.5 * next_wander(s);
    size_t kept = 0;

    while (m->next_s <= t_s)
        begin_motion(s);
    for (size_t k = 0; k < m->n; k++)
        if (t_s < m->one[k].end_s) {
            sum += motion_at(&m->one[k], t_s);
            m->one[kept++] = m->one[k];
        }
    m->n = kept;
    return sum;
}

/* ---- mains ---- */

static void init_mains(struct noise *s, double mains_hz)
{
    struct mains *m = &s->mains;

    m->hz = mains_hz * (1 + uniform(&s->random, -2e-4, 2e-4));
    for (size_t k = 0; k < HARMONICS; k++)
        m->phase[k] = random_uniform(&s->random);
    while (m->n < HARMONICS && 2.2 * harmonics[m->n].order * mains_hz <= s->fs_hz)
        m->n++;
}

static double next_mains(struct noise *s)
{
    const struct mains *m = &s->mains;
    const double turns = m->hz * ((double)s->i / s->fs_hz);
    double sum = 0;

    for (size_t k = 0; k < m->n; k++) {
        const double at = harmonics[k].order * (turns - floor(turns)) + m->phase[k];
        sum += harmonics[k].size * sin(TWO_PI * at);
    }
    return sum;
}

/* ---- all ---- */

void noise_next(struct noise *s, double *x, size_t n)
{
    for (size_t k = 0; k < n; k++, s->i++) {
        double y = 0;
        switch (s->kind) {
        case NOISE_WANDER: y = next_wander(s); break;
        case NOISE_MUSCLE: y = next_muscle(s); break;
        case NOISE_MOTION: y = next_motion(s); break;
        case NOISE_MAINS: y = next_mains(s); break;
        case NOISE_KINDS: break;
        }
        x[k] = s->scale * y;
    }
}

/* What makes the R of the first 300 s 1. */
static double unit_scale(const struct noise *s)
{
    struct noise ahead = *s;
    struct snr_noise power;
    double x[1024];
    size_t wanted;

    snr_noise_init(&power, s->fs_hz);
    do {
        noise_next(&ahead, x, sizeof x / sizeof *x);
        wanted = snr_noise_push(&power, x, sizeof x / sizeof *x);
    } while (wanted > 0);
    return 1 / snr_noise_rms(&power);
}

struct noise *noise_create(enum noise_kind kind, double fs_hz, double mains_hz, uint64_t seed, uint64_t stream,
                           struct kymo_err *e)
{
    const double least_hz = kind == NOISE_MAINS ? 2.2 * mains_hz : kinds[kind].least_hz;

    if (kind == NOISE_MAINS && !(mains_hz >= 40 && mains_hz <= 70)) {
        kymo_fail(e, KYMO_EUSAGE, "mains of %g Hz, not 40..70", mains_hz);
        return NULL;
    }
    if (!(fs_hz >= least_hz && fs_hz <= 10000)) {
        kymo_fail(e, KYMO_EUSAGE, "%s noise is for %g..10000 samples per second, not %g", kinds[kind].name, least_hz, fs_hz);
        return NULL;
    }
    struct noise *s = calloc(1, sizeof *s);
    if (!s) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for noise");
        return NULL;
    }
    s->kind = kind;
    s->fs_hz = fs_hz;
    s->scale = 1;
    random_init(&s->random, seed, stream);
    switch (kind) {
    case NOISE_MUSCLE: init_muscle(s); break;
    case NOISE_MAINS: init_mains(s, mains_hz); break;
    case NOISE_WANDER: init_wander(s); break;
    case NOISE_MOTION: init_wander(s); s->motions.next_s = wait(&s->random); break;
    case NOISE_KINDS: break;
    }
    s->scale = unit_scale(s);
    return s;
}

void noise_destroy(struct noise *s) { free(s); }
