/* algorithms/ecgsyn.c - see ecgsyn.h. */
#include "algorithms/ecgsyn.h"

#include "algorithms/fft.h"
#include "algorithms/random.h"

#include <math.h>
#include <stdlib.h>

#define PI 3.14159265358979323846
#define MIN_INTERNAL_HZ 500
#define TACHOGRAM_HZ 8
#define MIN_TACHOGRAM (1024 * TACHOGRAM_HZ)   /* samples: 1/1024 Hz resolves spectral peaks 0.001 Hz wide */
#define COUPLING 0.6            /* a ventricular beat comes after this part of the interval */
#define WAVE_REACH 2.5          /* in b: how far a wave keeps its timing beside a ventricular beat */
#define NEGLIGIBLE 8.5          /* in b: exp(-8.5^2 / 2) is 2e-16 */
#define CALIBRATION_STEPS 2048  /* per beat */
#define CALIBRATION_S 30        /* exp(-30) of the start is left: z forgets with a time constant of 1 s */
#define LOWEST_MV (-0.4)
#define SPAN_MV 1.6

enum { TACHOGRAM_STREAM = 1, ECTOPY_STREAM, NOISE_STREAM };

const struct ecgsyn_options ecgsyn_defaults = {
    .fs_hz = 256, .duration_s = 60, .heart_rate_per_min = 60, .heart_rate_sd_per_min = 1, .lf_hf = 0.5,
    .lf_hz = 0.1, .lf_width_hz = 0.01, .hf_hz = 0.25, .hf_width_hz = 0.01, .wander_mv = 0.15, .seed = 1,
    .normal = { { -PI / 3, 1.2, 0.25 }, { -PI / 12, -5, 0.1 }, { 0, 30, 0.1 }, { PI / 12, -7.5, 0.1 },
                { PI / 2, 0.75, 0.4 } },
    /* no P, a QRS of twice the height and three times the width, T against it */
    .ventricular = { { -PI / 3, 0, 0.25 }, { -PI / 12, 0, 0.1 }, { 0, 9, 0.25 }, { 0.7, -2.5, 0.25 }, { 2.1, -1.2, 0.4 } },
};

struct shape {
    struct ecgsyn_wave wave[ECGSYN_WAVES];   /* at the mean rate of the record */
    double before_rad, after_rad;            /* how far its waves reach to both sides of R */
};

/* What lies between two beats: the angle as a function of time, in up to three straight pieces. */
struct interval {
    double begin_s, length_s;
    double after_s, before_s;              /* lengths of the first and the last piece */
    double after_w, middle_w, before_w;    /* angular velocities, rad/s */
    const struct shape *first, *second;    /* of the beat that begins it and the one that ends it */
};

struct ecgsyn {
    double fs_hz, mean_w;
    struct shape normal, ventricular;
    struct ecgsyn_beat *beat;   /* beat[0] and beat[n_intervals] lie outside the record, for the intervals at its ends */
    int64_t *rr_ns;             /* rr_ns[i]: undisturbed interval after beat[i]; it sets the speed of waves */
    size_t n_intervals, n_beats;
    uint64_t n_samples;

    double zero_mv, gain_mv;            /* mV = zero_mv + gain_mv z */
    double wander, wander_w, noise_mv;  /* wander in units of z */
    struct random noise;

    uint64_t n_given, n_steps;  /* samples given; integration steps made */
    unsigned steps_per_sample;
    double step_s;
    double waves, level;        /* after n_steps: the two parts of z, see waves_at */
    double drive;               /* and wander - waves */
    struct interval now;        /* the one that was looked at last */
    size_t at;                  /* its index */
};

/* ---- options ---- */

static int check_range(const char *name, double value, double low, double high, struct kymo_err *e)
{
    if (!(value >= low && value <= high))
        return kymo_fail(e, KYMO_EUSAGE, "%s %g, not %g..%g", name, value, low, high);
    return 0;
}

static int check_waves(const struct ecgsyn_wave *wave, struct kymo_err *e)
{
    int rc = 0;

    for (int i = 0; rc == 0 && i < ECGSYN_WAVES; i++)
        if ((rc = check_range("wave angle (rad)", wave[i].theta_rad, -PI, PI, e)) == 0 &&
            (rc = check_range("wave strength", wave[i].a, -1000, 1000, e)) == 0)
            rc = check_range("wave width (rad)", wave[i].b_rad, 0.01, 1, e);
    return rc;
}

static int check_length(const struct ecgsyn_options *o, struct kymo_err *e)
{
    const double most_s = 604800;

    if ((o->duration_s != 0) == (o->n_beats != 0))
        return kymo_fail(e, KYMO_EUSAGE, "duration %g s and %zu beats: give one of them", o->duration_s, o->n_beats);
    if (o->n_beats != 0)
        return check_range("number of beats", (double)o->n_beats, 1, floor(most_s * o->heart_rate_per_min / 60), e);
    return check_range("duration (s)", o->duration_s, 1 / o->fs_hz, most_s, e);
}

static int check_options(const struct ecgsyn_options *o, struct kymo_err *e)
{
    const struct {
        const char *name;
        double value, low, high;
    } ranges[] = {
        { "sampling rate (Hz)", o->fs_hz, 60, 10000 },
        { "heart rate (1/min)", o->heart_rate_per_min, 20, 300 },
        { "SD of heart rate (1/min)", o->heart_rate_sd_per_min, 0, 0.15 * o->heart_rate_per_min },
        { "LF/HF", o->lf_hf, 0, 100 },
        { "LF centre (Hz)", o->lf_hz, 0.001, 1 },
        { "LF width (Hz)", o->lf_width_hz, 0.001, 1 },
        { "HF centre (Hz)", o->hf_hz, 0.001, 1 },
        { "HF width (Hz)", o->hf_width_hz, 0.001, 1 },
        { "wander (mV)", o->wander_mv, 0, 10 },
        { "noise (mV)", o->noise_mv, 0, 10 },
        { "probability of ventricular beats", o->pvc_probability, 0, 0.5 },
    };
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < sizeof ranges / sizeof *ranges; i++)
        rc = check_range(ranges[i].name, ranges[i].value, ranges[i].low, ranges[i].high, e);
    if (rc == 0 && o->pvc_every == 1)
        rc = kymo_fail(e, KYMO_EUSAGE, "a ventricular beat every 1 beats, not 0 or at least 2");
    if (rc == 0 && (rc = check_length(o, e)) == 0 && (rc = check_waves(o->normal, e)) == 0)
        rc = check_waves(o->ventricular, e);
    return rc;
}

/* ---- beats ---- */

static double spectrum_at(const struct ecgsyn_options *o, double f_hz)
{
    const double lf = (f_hz - o->lf_hz) / o->lf_width_hz, hf = (f_hz - o->hf_hz) / o->hf_width_hz;

    return o->lf_hf * exp(-lf * lf / 2) / o->lf_width_hz + exp(-hf * hf / 2) / o->hf_width_hz;
}

/* Shifts and scales x[n] to the mean and standard deviation wanted. */
static void standardise(double *x, size_t n, double mean, double sd)
{
    const double count = (double)n;
    double sum = 0, sum2 = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i];
    for (size_t i = 0; i < n; i++)
        sum2 += (x[i] - sum / count) * (x[i] - sum / count);
    const double scale = sum2 > 0 ? sd / sqrt(sum2 / (count - 1)) : 0;
    for (size_t i = 0; i < n; i++)
        x[i] = mean + (x[i] - sum / count) * scale;
}

/* Fills process[n], at TACHOGRAM_HZ: random phases under the wanted spectrum. process has room for n + 2. */
static int make_process(const struct ecgsyn_options *o, double *process, size_t n, struct kymo_err *e)
{
    struct fft *const fft = fft_create(n, e);
    struct random phases;

    if (!fft)
        return kymo_during(e, "cannot make a tachogram");
    random_init(&phases, o->seed, TACHOGRAM_STREAM);
    process[0] = process[1] = 0;
    for (size_t k = 1; k < fft_bins(fft); k++) {
        const double amplitude = sqrt(spectrum_at(o, (double)k * TACHOGRAM_HZ / (double)n));
        const double phase = 2 * PI * random_uniform(&phases);
        process[2 * k] = amplitude * cos(phase);
        process[2 * k + 1] = amplitude * sin(phase);
    }
    fft_inverse(fft, process, process);
    fft_destroy(fft);
    return 0;
}

/* The process at time t, between samples on a straight line; it is periodic. */
static double process_at(const double *process, size_t n, double t_s)
{
    const double position = t_s * TACHOGRAM_HZ, below = floor(position);
    const size_t i = (size_t)below % n;

    return process[i] + (position - below) * (process[(i + 1) % n] - process[i]);
}

/* Fills rr_s[n]: each interval is what the process says at the beat that begins it. */
static int draw_intervals(const struct ecgsyn_options *o, double *rr_s, size_t n, struct kymo_err *e)
{
    const double mean_s = 60 / o->heart_rate_per_min;
    const double sd_s = mean_s * o->heart_rate_sd_per_min / o->heart_rate_per_min;
    const size_t wanted = (size_t)ceil((double)n * mean_s * TACHOGRAM_HZ);
    const size_t n_process = wanted > MIN_TACHOGRAM ? wanted : MIN_TACHOGRAM;
    double *const process = malloc((n_process + 2) * sizeof *process);
    double t_s = 0;

    if (!process)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu intervals", n);
    const int rc = make_process(o, process, n_process, e);
    if (rc == 0) {
        standardise(process, n_process, mean_s, sd_s);
        for (size_t i = 0; i < n; i++) {
            rr_s[i] = process_at(process, n_process, t_s);
            t_s += rr_s[i];
        }
        standardise(rr_s, n, mean_s, sd_s);
    }
    free(process);
    return rc;
}

/* Places beat[0 .. n_intervals]; the middle of the first interval is time 0. */
static int place_beats(struct ecgsyn *s, const struct ecgsyn_options *o, struct kymo_err *e)
{
    const double mean_s = 60 / o->heart_rate_per_min;
    double *const rr_s = malloc(s->n_intervals * sizeof *rr_s);

    if (!rr_s)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu intervals", s->n_intervals);
    const int rc = draw_intervals(o, rr_s, s->n_intervals, e);
    for (size_t i = 0; rc == 0 && i < s->n_intervals; i++) {
        const double bounded_s = fmin(fmax(rr_s[i], 0.3 * mean_s), 3 * mean_s);   /* beyond 4.6 SD of the widest: rare */
        s->rr_ns[i] = llround(bounded_s * 1e9);
        if (i == 0)
            s->beat[0] = (struct ecgsyn_beat){ .time_ns = -s->rr_ns[0] / 2, .type = 'N' };
        s->beat[i + 1] = (struct ecgsyn_beat){ .time_ns = s->beat[i].time_ns + s->rr_ns[i], .type = 'N' };
    }
    free(rr_s);
    return rc;
}

static void make_ectopic(struct ecgsyn *s, const struct ecgsyn_options *o)
{
    struct random r;

    random_init(&r, o->seed, ECTOPY_STREAM);
    for (size_t i = 2; i + 1 < s->n_intervals; i++) {   /* beat[1] is the first real one, beat[n_intervals - 1] the last */
        const int chosen = random_uniform(&r) < o->pvc_probability;
        if (s->beat[i - 1].type == 'V' || !(chosen || (o->pvc_every > 0 && i % o->pvc_every == 0)))
            continue;
        s->beat[i].type = 'V';
        s->beat[i].time_ns = s->beat[i - 1].time_ns + llround(COUPLING * (double)s->rr_ns[i - 1]);
    }
}

static void number_beats(struct ecgsyn *s, const struct ecgsyn_options *o)
{
    const struct ecgsyn_beat *const last = &s->beat[s->n_intervals - 1];
    const double end_s = o->n_beats ? ((double)last->time_ns + (double)last[1].time_ns) / 2e9 : o->duration_s;

    s->n_samples = (uint64_t)llround(end_s * s->fs_hz);
    for (size_t i = 1; i < s->n_intervals; i++) {
        s->beat[i].sample = llround((double)s->beat[i].time_ns * s->fs_hz / 1e9);
        if ((uint64_t)s->beat[i].sample < s->n_samples)
            s->n_beats = i;
    }
}

static int make_beats(struct ecgsyn *s, const struct ecgsyn_options *o, struct kymo_err *e)
{
    const double expected = o->n_beats ? (double)o->n_beats : ceil(o->duration_s * o->heart_rate_per_min / 60) + 1;

    s->n_intervals = (size_t)expected + 1;
    s->beat = calloc(s->n_intervals + 1, sizeof *s->beat);
    s->rr_ns = calloc(s->n_intervals, sizeof *s->rr_ns);
    if (!s->beat || !s->rr_ns)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu beats", s->n_intervals);
    const int rc = place_beats(s, o, e);
    if (rc < 0)
        return rc;
    make_ectopic(s, o);
    number_beats(s, o);
    return 0;
}

/* ---- waves ---- */

static struct shape make_shape(const struct ecgsyn_wave *wave, double heart_rate_per_min)
{
    const double width = sqrt(heart_rate_per_min / 60);
    const double angle[ECGSYN_WAVES] = { sqrt(width), width, 1, width, 1 };
    struct shape made = { .before_rad = 0 };

    for (int i = 0; i < ECGSYN_WAVES; i++) {
        struct ecgsyn_wave *const w = &made.wave[i];
        *w = (struct ecgsyn_wave){ wave[i].theta_rad * angle[i], wave[i].a, wave[i].b_rad * width };
        if (w->a == 0)
            continue;
        made.before_rad = fmax(made.before_rad, WAVE_REACH * w->b_rad - w->theta_rad);
        made.after_rad = fmax(made.after_rad, WAVE_REACH * w->b_rad + w->theta_rad);
    }
    return made;
}

/* Sum of a b^2 exp(-d^2 / (2 b^2)) over the waves of a beat whose R is at angle 0. */
static double waves_of(const struct shape *shape, double theta_rad)
{
    double sum = 0;

    for (int i = 0; i < ECGSYN_WAVES; i++) {
        const struct ecgsyn_wave *const w = &shape->wave[i];
        const double d = theta_rad - w->theta_rad;
        if (fabs(d) < NEGLIGIBLE * w->b_rad)
            sum += w->a * w->b_rad * w->b_rad * exp(-d * d / (2 * w->b_rad * w->b_rad));
    }
    return sum;
}

/* Enters interval i. Between normal beats the angle goes evenly, as in the paper; beside a ventricular beat the waves
 * of both beats keep the speed of the undisturbed interval, and what is between them takes up the difference. */
static void enter_interval(struct ecgsyn *s, size_t i)
{
    const struct ecgsyn_beat *const b = &s->beat[i];
    struct interval *const v = &s->now;

    s->at = i;
    v->begin_s = (double)b[0].time_ns / 1e9;
    v->length_s = (double)(b[1].time_ns - b[0].time_ns) / 1e9;
    v->first = b[0].type == 'V' ? &s->ventricular : &s->normal;
    v->second = b[1].type == 'V' ? &s->ventricular : &s->normal;
    v->after_s = v->before_s = 0;
    v->after_w = v->before_w = v->middle_w = 2 * PI / v->length_s;
    if (b[0].type == 'N' && b[1].type == 'N')
        return;

    const double w = 2 * PI * 1e9 / (double)s->rr_ns[i];
    const double waves_rad = v->first->after_rad + v->second->before_rad;
    const double squeeze = fmin(1, 0.9 * v->length_s * w / waves_rad);   /* at high rates the waves leave no room */
    v->after_w = v->before_w = w / squeeze;
    v->after_s = v->first->after_rad / v->after_w;
    v->before_s = v->second->before_rad / v->before_w;
    v->middle_w = (2 * PI - waves_rad) / (v->length_s - v->after_s - v->before_s);
}

/* Angle since the beat that begins the interval, 0..2 pi, at SINCE_S after it. */
static double angle_at(const struct interval *v, double since_s)
{
    const double left_s = v->length_s - since_s;

    if (since_s < v->after_s)
        return since_s * v->after_w;
    if (left_s < v->before_s)
        return 2 * PI - left_s * v->before_w;
    return v->after_s * v->after_w + (since_s - v->after_s) * v->middle_w;
}

/* The equation for z has a part that can be integrated as it stands: with
 *   waves(theta) = (1 / w_mean) sum over P Q R S T of a b^2 exp(-d^2 / (2 b^2)),   d waves / dt = first part of dz/dt,
 * z = waves + level and d level / dt = wander - waves - level. So the Runge-Kutta method sees no derivative of a wave, and
 * no jump where the angular velocity jumps. Here: waves at time t; times must not go back. */
static double waves_at(struct ecgsyn *s, double t_s)
{
    while (t_s >= s->now.begin_s + s->now.length_s && s->at + 1 < s->n_intervals)
        enter_interval(s, s->at + 1);
    const double theta = angle_at(&s->now, t_s - s->now.begin_s);
    return (waves_of(s->now.first, theta) + waves_of(s->now.second, theta - 2 * PI)) / s->mean_w;
}

static double wander_at(const struct ecgsyn *s, double t_s)
{
    return s->wander * sin(s->wander_w * t_s);
}

/* One step of the classical Runge-Kutta method for dy/dt = drive - y, with the drive at its begin, middle and end. */
static double step_level(double y, double h_s, double drive0, double drive_mid, double drive1)
{
    const double k1 = drive0 - y;
    const double k2 = drive_mid - (y + h_s / 2 * k1);
    const double k3 = drive_mid - (y + h_s / 2 * k2);
    const double k4 = drive1 - (y + h_s * k3);

    return y + h_s / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
}

/* Runs normal beats at the mean rate until they repeat. Their extrema give the scale; the record starts half way between
 * two of them. */
static void calibrate(struct ecgsyn *s, const struct ecgsyn_options *o)
{
    const double mean_s = 60 / o->heart_rate_per_min, h_s = mean_s / CALIBRATION_STEPS;
    const int n_beats = (int)ceil(CALIBRATION_S / mean_s);
    double waves[2 * CALIBRATION_STEPS + 1], level = 0, least = INFINITY, most = -INFINITY;

    for (int i = 0; i <= 2 * CALIBRATION_STEPS; i++) {
        const double theta = PI * i / CALIBRATION_STEPS;
        waves[i] = (waves_of(&s->normal, theta) + waves_of(&s->normal, theta - 2 * PI)) / s->mean_w;
    }
    for (int beat = 0; beat <= n_beats; beat++)
        for (int i = 0; i < CALIBRATION_STEPS; i++) {
            if (beat == n_beats) {
                least = fmin(least, level + waves[2 * i]);
                most = fmax(most, level + waves[2 * i]);
            }
            if (i == CALIBRATION_STEPS / 2)
                s->level = level;
            level = step_level(level, h_s, -waves[2 * i], -waves[2 * i + 1], -waves[2 * i + 2]);
        }
    s->gain_mv = most > least ? SPAN_MV / (most - least) : 1;   /* no waves at all: a flat line */
    s->zero_mv = LOWEST_MV - least * s->gain_mv;
}

static void start_waves(struct ecgsyn *s, const struct ecgsyn_options *o)
{
    s->normal = make_shape(o->normal, o->heart_rate_per_min);
    s->ventricular = make_shape(o->ventricular, o->heart_rate_per_min);
    s->mean_w = 2 * PI * o->heart_rate_per_min / 60;
    calibrate(s, o);
    s->wander = o->wander_mv / s->gain_mv;
    s->wander_w = 2 * PI * o->hf_hz;
    s->noise_mv = o->noise_mv;
    random_init(&s->noise, o->seed, NOISE_STREAM);
    s->steps_per_sample = (unsigned)ceil(MIN_INTERNAL_HZ / s->fs_hz);
    s->step_s = 1 / (s->fs_hz * s->steps_per_sample);
    enter_interval(s, 0);
    s->waves = waves_at(s, 0);
    s->drive = wander_at(s, 0) - s->waves;
}

/* ---- the outside ---- */

struct ecgsyn *ecgsyn_create(const struct ecgsyn_options *o, struct kymo_err *e)
{
    if (check_options(o, e) < 0)
        return NULL;
    struct ecgsyn *const s = calloc(1, sizeof *s);
    if (!s) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for a synthetic ECG");
        return NULL;
    }
    s->fs_hz = o->fs_hz;
    if (make_beats(s, o, e) < 0) {
        ecgsyn_destroy(s);
        return NULL;
    }
    start_waves(s, o);
    return s;
}

uint64_t ecgsyn_n_samples(const struct ecgsyn *s)
{
    return s->n_samples;
}

/* One sample on. Times come from the count of steps, so they do not drift. */
static void advance(struct ecgsyn *s)
{
    for (unsigned i = 0; i < s->steps_per_sample; i++) {
        const double mid_s = ((double)s->n_steps + 0.5) * s->step_s, to_s = (double)++s->n_steps * s->step_s;
        const double drive_mid = wander_at(s, mid_s) - waves_at(s, mid_s);

        s->waves = waves_at(s, to_s);
        const double drive_to = wander_at(s, to_s) - s->waves;
        s->level = step_level(s->level, s->step_s, s->drive, drive_mid, drive_to);
        s->drive = drive_to;
    }
}

size_t ecgsyn_next(struct ecgsyn *s, double *x, size_t n)
{
    size_t made = 0;

    for (; made < n && s->n_given < s->n_samples; made++) {
        if (s->n_given++ > 0)
            advance(s);
        x[made] = s->zero_mv + s->gain_mv * (s->waves + s->level);
        if (s->noise_mv > 0)
            x[made] += s->noise_mv * random_normal(&s->noise);
    }
    return made;
}

const struct ecgsyn_beat *ecgsyn_beats(const struct ecgsyn *s, size_t *n)
{
    *n = s->n_beats;
    return s->beat + 1;
}

void ecgsyn_destroy(struct ecgsyn *s)
{
    if (!s)
        return;
    free(s->beat);
    free(s->rr_ns);
    free(s);
}
