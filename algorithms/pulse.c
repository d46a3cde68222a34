/* algorithms/pulse.c - see pulse.h.
 *
 * All is said on a grid of about 100 Hz, window by window (1.5 s): when the rise of window w is known, the one LEVEL_HALF
 * before it has its level from both sides, so its candidates are found; pulses follow RR_SIDE_S behind them, which have then
 * seen the rhythm on both sides, and their quality QUALITY_SIDE_S behind that. */
#include "algorithms/pulse.h"
#include "algorithms/ready.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define GRID_HZ           100.0   /* at least, where the input has so much: a pulse wave has nothing above 20 Hz */
#define SIGMA_S           0.025
#define RISE_HALF_S       0.1     /* Zong: the upstroke of a pressure wave takes 128 ms at most; of a finger's somewhat more */
#define APART_S           0.12    /* a candidate is the highest rise for so long on either side */
#define CLOSEST_S         0.2     /* 300 pulses per minute */
#define CLEAR_APART_S     0.27
#define WINDOW_S          1.5     /* one pulse at 40 per minute */
#define LEAST_CANDIDATE   0.2     /* of the scale */
#define LEAST_PULSE       0.35
#define LEAST_CLEAR       0.5
#define SHADOW            0.45    /* of an interval: a dicrotic wave follows its pulse so closely */
#define FIRST_RR_S        0.8     /* where the surroundings tell none */
#define RR_SIDE_S         4.0
#define QUALITY_SIDE_S    3.5
#define SHORTEST_SEGMENT_S 1.0
#define SHAPE_STEP_S      0.04
#define LARGEST           1e100   /* no measurement; its differences stay finite */

enum { LEVEL_HALF = 3, LEVELS = 16, CANDS = 512, NEAR = 4, SHAPE = 16, BEFORE = 4, READY = 256, MOST_RR = 64 };

struct cand {
    double at;                    /* grid index of the steepest slope */
    double height, rise;          /* rise in units of the scale, and in the signal's own */
    double shape[SHAPE];          /* mean 0, length 1; all 0 if flat */
    bool clear, in;
};

struct pulse {
    double fs_hz, rate_hz;
    int thin, half_kernel, half_rise, window, n_ring;
    double *kernel, *x, *slope, *rise[2];   /* rise[1]: of the signal upside down; rings of n_ring */
    int64_t clock, origin;        /* samples taken since create or flush; the first of this segment */
    bool live;
    int64_t hole, max_hold;       /* samples missing up to here; the longest that is bridged */
    double last, sum;             /* last sample that was there; of the grid sample that is being made, */
    int phase;                    /* of so many samples */
    int64_t n, n_slope, n_rise, n_windows;
    double steepest[2][LEVELS], peak[2][LEVELS];
    double upright;               /* > 0: how long it has looked upright; < 0: upside down */
    int down;                     /* 1: upside down */
    struct cand *cand;            /* ring; counts of those found, looked at for clearness, chosen, given */
    int64_t n_cand, n_clear, n_chosen, n_out;
    struct pulse_beat *ready;
    size_t n_ready, given;
};

static double *ring(const struct pulse *s, double *v, int64_t i) { return v + i % s->n_ring; }
static struct cand *cand(const struct pulse *s, int64_t k) { return &s->cand[k % CANDS]; }

/* Before the segment its first sample is held. */
static double sample_at(const struct pulse *s, int64_t i) { return *ring(s, s->x, i > 0 ? i : 0); }

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, by_size);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/* ---- slope and rise ---- */

static void add_slope(struct pulse *s)
{
    const int64_t i = s->n_slope++;
    double sum = 0;

    for (int k = 1; k <= s->half_kernel; k++)
        sum += s->kernel[k] * (sample_at(s, i + k) - sample_at(s, i - k));
    *ring(s, s->slope, i) = sum;
}

/* Sums afresh each time: a running sum drifts. */
static void add_rise(struct pulse *s)
{
    const int64_t i = s->n_rise++, w = i / s->window;
    double sum[2] = {0, 0};

    for (int64_t k = i > s->half_rise ? i - s->half_rise : 0; k <= i + s->half_rise; k++) {
        const double v = *ring(s, s->slope, k);
        sum[v < 0] += fabs(v);
    }
    const double v = *ring(s, s->slope, i);
    double *const steepest = &s->steepest[v < 0][w % LEVELS];
    *steepest = fabs(v) > *steepest ? fabs(v) : *steepest;
    for (int d = 0; d < 2; d++) {
        double *const peak = &s->peak[d][w % LEVELS];
        *ring(s, s->rise[d], i) = sum[d];
        *peak = sum[d] > *peak ? sum[d] : *peak;
    }
}

/* ---- candidates ---- */

static double level(const double v[LEVELS], int64_t w, int64_t last)
{
    double near[2 * LEVEL_HALF + 1] = {0};
    size_t n = 0;

    for (int64_t i = w > LEVEL_HALF ? w - LEVEL_HALF : 0; i <= w + LEVEL_HALF && i <= last; i++)
        near[n++] = v[i % LEVELS];
    return median(near, n);
}

/* The first windows together say whether a segment is upside down; to change that takes many: a few that look so are damped. */
static void watch_polarity(struct pulse *s, int64_t w, int64_t last)
{
    const double up = level(s->steepest[0], w, last), down = level(s->steepest[1], w, last);
    const double lean = up > 0 && down > 0 ? log(up / down) : 0;

    s->upright = 0.97 * s->upright + (lean > 0.5 ? 0.5 : lean < -0.5 ? -0.5 : lean);
    if (w == 0)
        s->down = lean < -0.1;
    else if (s->down ? s->upright > 1 : s->upright < -1)
        s->down = !s->down;
}

static void measure_shape(const struct pulse *s, double at, double shape[SHAPE])
{
    double mean = 0, power = 0;

    for (int j = 0; j < SHAPE; j++) {
        const double t = at + (j - BEFORE) * SHAPE_STEP_S * s->rate_hz;
        const int64_t i = (int64_t)floor(t);
        shape[j] = sample_at(s, i) + (t - (double)i) * (sample_at(s, i + 1) - sample_at(s, i));
        mean += shape[j] / SHAPE;
    }
    for (int j = 0; j < SHAPE; j++)
        power += (shape[j] - mean) * (shape[j] - mean);
    for (int j = 0; j < SHAPE; j++)
        shape[j] = power > 0 ? (shape[j] - mean) / sqrt(power) : 0;
}

/* Where the slope is steepest within reach of i, between the samples of the grid by a parabola. */
static double steepest_near(const struct pulse *s, int64_t i, int64_t end)
{
    const double sign = s->down ? -1 : 1;
    int64_t best = i;

    for (int64_t k = i > s->half_rise ? i - s->half_rise : 0; k <= i + s->half_rise && k < end; k++)
        if (sign * *ring(s, s->slope, k) > sign * *ring(s, s->slope, best))
            best = k;
    if (best == 0)
        return 0;
    const double a = *ring(s, s->slope, best - 1), b = *ring(s, s->slope, best), c = *ring(s, s->slope, best + 1);
    const double bend = 2 * b - a - c, shift = (c - a) / 2;
    return (double)best + (fabs(shift) < fabs(bend) / 2 ? shift / bend : 0);
}

static bool is_highest(const struct pulse *s, int64_t i, int64_t end)
{
    const int64_t apart = (int64_t)(APART_S * s->rate_hz);
    const double *const rise = s->rise[s->down], v = rise[i % s->n_ring];

    for (int64_t k = i > apart ? i - apart : 0; k < i + apart + 1 && k < end; k++)
        if (k < i ? rise[k % s->n_ring] >= v : rise[k % s->n_ring] > v)
            return false;
    return true;
}

/* The maxima of the rise in window w; end: behind the last sample of the grid that may be one. */
static void find_candidates(struct pulse *s, int64_t w, int64_t last, int64_t end)
{
    const double scale = level(s->peak[s->down], w, last);
    const double closest = CLOSEST_S * s->rate_hz / 2;

    if (!(scale > 0))   /* flat */
        return;
    for (int64_t i = w * s->window; i < (w + 1) * s->window && i < end; i++) {
        const double v = *ring(s, s->rise[s->down], i);
        if (!(v > LEAST_CANDIDATE * scale) || !is_highest(s, i, end))
            continue;
        struct cand c = {.at = steepest_near(s, i, end), .height = v / scale, .rise = v};
        if (s->n_cand > s->n_clear && c.at < cand(s, s->n_cand - 1)->at + closest) {   /* two maxima of one upstroke */
            if (c.height <= cand(s, s->n_cand - 1)->height)
                continue;
            s->n_cand--;
        } else if (s->n_cand > 0 && c.at < cand(s, s->n_cand - 1)->at + closest) {
            continue;
        }
        measure_shape(s, c.at, c.shape);
        *cand(s, s->n_cand++) = c;
    }
}

/* ---- pulses ---- */

/* Whether no candidate within reach of the k-th is higher. */
static bool stands_out(const struct pulse *s, int64_t k, double reach)
{
    const struct cand *const c = cand(s, k);
    const int64_t oldest = s->n_cand > CANDS ? s->n_cand - CANDS : 0;

    for (int64_t j = k - 1; j >= oldest && cand(s, j)->at > c->at - reach; j--)
        if (cand(s, j)->height >= c->height)
            return false;
    for (int64_t j = k + 1; j < s->n_cand && cand(s, j)->at < c->at + reach; j++)
        if (cand(s, j)->height > c->height)
            return false;
    return true;
}

/* The usual interval of the clear candidates round the k-th, in samples of the grid. */
static double local_rr(const struct pulse *s, int64_t k)
{
    const double side = RR_SIDE_S * s->rate_hz, at = cand(s, k)->at;
    double rr[MOST_RR] = {0}, before = -1;
    size_t n = 0;
    int64_t j = k;

    for (const int64_t oldest = s->n_cand > CANDS ? s->n_cand - CANDS : 0; j > oldest && cand(s, j - 1)->at > at - side; j--)
        ;
    for (; j < s->n_clear && cand(s, j)->at < at + side && n < MOST_RR; j++) {
        if (!cand(s, j)->clear)
            continue;
        if (before >= 0)
            rr[n++] = cand(s, j)->at - before;
        before = cand(s, j)->at;
    }
    return n > 0 ? median(rr, n) : FIRST_RR_S * s->rate_hz;
}

static double at_least_0_at_most_1(double v) { return v > 0 ? (v < 1 ? v : 1) : 0; }

/* The pulses nearest to the k-th in one direction, at most NEAR, go to near; returns how many. */
static size_t find_near(const struct pulse *s, int64_t k, int step, const struct cand *near[NEAR])
{
    const double side = QUALITY_SIDE_S * s->rate_hz, at = cand(s, k)->at;
    const int64_t oldest = s->n_cand > CANDS ? s->n_cand - CANDS : 0;
    size_t n = 0;

    for (int64_t j = k + step; j >= oldest && j < s->n_chosen && n < NEAR && fabs(cand(s, j)->at - at) < side; j += step)
        if (cand(s, j)->in)
            near[n++] = cand(s, j);
    return n;
}

static double judge(const struct pulse *s, int64_t k)
{
    const struct cand *const c = cand(s, k), *near[2 * NEAR];
    double rise[2 * NEAR], like = 0, power = 0;
    size_t n = find_near(s, k, -1, near);

    n += find_near(s, k, 1, near + n);
    if (n < 2)
        return 0;
    for (size_t i = 0; i < n; i++)
        rise[i] = near[i]->rise;
    for (int j = 0; j < SHAPE; j++) {
        double mean = 0;
        for (size_t i = 0; i < n; i++)
            mean += near[i]->shape[j] / (double)n;
        like += mean * c->shape[j];
        power += mean * mean;
    }
    /* Neighbours that are not like each other have a short mean, so that nothing is like it. */
    const double spread = fabs(log(c->rise / median(rise, n)));
    const double shape = power > 0 ? like / sqrt(power) * (power > 0.7 ? 1 : power / 0.7) : 0;
    return at_least_0_at_most_1((shape - 0.6) / 0.35) * at_least_0_at_most_1((1.1 - spread) / 0.75);
}

/* The pulses before grid index below, of which nothing can change any more; end: input sample behind the segment. */
static void give_pulses(struct pulse *s, double below, int64_t end)
{
    for (; s->n_out < s->n_chosen && cand(s, s->n_out)->at < below; s->n_out++) {
        const double at = (cand(s, s->n_out)->at + 0.5) * s->thin - 0.5;
        const double quality = cand(s, s->n_out)->in ? judge(s, s->n_out) : 0;
        const int64_t sample = s->origin + (at > 0 ? llround(at) : 0);
        if (sample < end && s->n_ready < READY)
            s->ready[s->n_ready++] = (struct pulse_beat){sample, quality};
    }
}

/* All that can be said when window w has its level; last: newest window measured. done: w is the segment's last. end: behind
 * the last sample of the segment, end_grid on the grid. */
static void finish_window(struct pulse *s, int64_t w, int64_t last, bool done, int64_t end_grid, int64_t end)
{
    double seen = done ? INFINITY : (double)((w + 1) * s->window - s->half_rise);   /* fiducials before it are all known */

    watch_polarity(s, w, last);
    find_candidates(s, w, last, end_grid);
    seen -= CLEAR_APART_S * s->rate_hz;
    for (; s->n_clear < s->n_cand && cand(s, s->n_clear)->at < seen; s->n_clear++) {
        struct cand *const c = cand(s, s->n_clear);
        c->clear = c->height >= LEAST_CLEAR && stands_out(s, s->n_clear, CLEAR_APART_S * s->rate_hz);
    }
    seen -= RR_SIDE_S * s->rate_hz;
    for (; s->n_chosen < s->n_clear && cand(s, s->n_chosen)->at < seen; s->n_chosen++) {
        struct cand *const c = cand(s, s->n_chosen);
        const double shadow = SHADOW * local_rr(s, s->n_chosen), least = CLOSEST_S * s->rate_hz, most = 3 * least;
        c->in = c->height >= LEAST_PULSE
                && stands_out(s, s->n_chosen, shadow < least ? least : shadow > most ? most : shadow);
    }
    seen -= QUALITY_SIDE_S * s->rate_hz;
    give_pulses(s, seen, end);
}

static void take_grid_sample(struct pulse *s, double v)
{
    *ring(s, s->x, s->n++) = v;
    while (s->n_slope + s->half_kernel < s->n)
        add_slope(s);
    while (s->n_rise + s->half_rise < s->n_slope) {
        if (s->n_rise % s->window == 0)
            for (int d = 0; d < 2; d++)
                s->steepest[d][s->n_rise / s->window % LEVELS] = s->peak[d][s->n_rise / s->window % LEVELS] = 0;
        add_rise(s);
    }
}

static void take_sample(struct pulse *s, double v)
{
    s->sum += v;
    if (++s->phase < s->thin)
        return;
    take_grid_sample(s, s->sum / s->thin);
    s->phase = 0;
    s->sum = 0;
    if (s->n_rise < (s->n_windows + 1) * s->window)
        return;
    const int64_t w = s->n_windows++;
    if (w >= LEVEL_HALF)
        finish_window(s, w - LEVEL_HALF, w, false, s->n_rise, INT64_MAX);
}

/* ---- segments ---- */

static void start_segment(struct pulse *s)
{
    s->n = s->n_slope = s->n_rise = s->n_windows = 0;
    s->n_cand = s->n_clear = s->n_chosen = s->n_out = 0;
    s->sum = s->upright = 0;
    s->phase = s->down = 0;
    s->hole = 0;
    s->origin = s->clock;
    s->live = true;
}

/* The segment ends with the last sample that was there: its value is held, and what is left is said. */
static void finish_segment(struct pulse *s)
{
    const int64_t end = s->clock - s->hole, n = (end - s->origin) / s->thin;
    const int64_t n_windows = (n + s->window - 1) / s->window, measured = s->n_windows;

    s->live = false;
    if (n < (int64_t)(SHORTEST_SEGMENT_S * s->rate_hz))
        return;
    for (const int64_t behind = n + (int64_t)(SHAPE * SHAPE_STEP_S * s->rate_hz); s->n_rise < behind;)
        take_grid_sample(s, s->last);
    for (int64_t u = measured > LEVEL_HALF ? measured - LEVEL_HALF : 0; u < n_windows; u++)
        finish_window(s, u, n_windows - 1, u == n_windows - 1, n, end);
}

/* ---- samples in, pulses out ---- */

static size_t give_ready(struct pulse *s, struct pulse_beat *out, size_t cap)
{
    return ready_give(s->ready, sizeof *out, &s->n_ready, &s->given, out, cap);
}

size_t pulse_push(struct pulse *s, const double *x, size_t n, struct pulse_beat *out)
{
    size_t made = 0;

    for (size_t i = 0; i < n; i++) {
        const bool there = fabs(x[i]) <= LARGEST;
        if (!s->live && there)
            start_segment(s);
        s->clock++;
        if (!s->live)
            continue;
        s->hole = there ? 0 : s->hole + 1;
        s->last = there ? x[i] : s->last;
        if (s->hole > s->max_hold)
            finish_segment(s);
        else
            take_sample(s, s->last);
        if (s->n_ready > 0)
            made += give_ready(s, out + made, s->n_ready);
    }
    return made;
}

size_t pulse_flush(struct pulse *s, struct pulse_beat *out, size_t cap)
{
    if (s->live)
        finish_segment(s);
    const size_t n = give_ready(s, out, cap);
    if (s->n_ready == 0)
        s->clock = 0;
    return n;
}

size_t pulse_bound(const struct pulse *s, size_t n)
{
    const double held_s = PULSE_LOOK_AHEAD_S + 5, closest_s = CLOSEST_S / 2;   /* a segment's ends may add one each */

    return s->n_ready + (size_t)(held_s / closest_s) + (size_t)((double)n / (closest_s * s->fs_hz)) + 1;
}

/* ---- birth and death ---- */

void pulse_destroy(struct pulse *s)
{
    if (!s)
        return;
    free(s->kernel);
    free(s->x);
    free(s->slope);
    free(s->rise[0]);
    free(s->rise[1]);
    free(s->cand);
    free(s->ready);
    free(s);
}

static bool allocate(struct pulse *s)
{
    const size_t n = (size_t)s->n_ring;

    s->kernel = calloc((size_t)s->half_kernel + 1, sizeof *s->kernel);
    s->x = calloc(n, sizeof *s->x);
    s->slope = calloc(n, sizeof *s->slope);
    s->rise[0] = calloc(n, sizeof **s->rise);
    s->rise[1] = calloc(n, sizeof **s->rise);
    s->cand = calloc(CANDS, sizeof *s->cand);
    s->ready = calloc(READY, sizeof *s->ready);
    return s->kernel && s->x && s->slope && s->rise[0] && s->rise[1] && s->cand && s->ready;
}

/* Scaled so that a straight line gives its slope per sample: the rise is then in the signal's unit. */
static void fill_kernel(struct pulse *s, double sigma)
{
    double sum = 0;

    for (int k = 1; k <= s->half_kernel; k++) {
        s->kernel[k] = k * exp(-k * k / (2 * sigma * sigma));
        sum += 2 * k * s->kernel[k];
    }
    for (int k = 1; k <= s->half_kernel; k++)
        s->kernel[k] /= sum;
}

struct pulse *pulse_create(double fs_hz, struct kymo_err *e)
{
    if (!(fs_hz >= 30 && fs_hz <= 10000)) {
        kymo_fail(e, KYMO_EUSAGE, "%g samples per second, not 30..10000", fs_hz);
        return NULL;
    }
    struct pulse *const s = calloc(1, sizeof *s);
    if (s) {
        s->fs_hz = fs_hz;
        s->thin = fs_hz < 2 * GRID_HZ ? 1 : (int)(fs_hz / GRID_HZ);
        s->rate_hz = fs_hz / s->thin;
        const double sigma = SIGMA_S * s->rate_hz > 0.8 ? SIGMA_S * s->rate_hz : 0.8;
        s->half_kernel = (int)ceil(3.5 * sigma);
        s->half_rise = (int)lround(RISE_HALF_S * s->rate_hz);
        s->window = (int)lround(WINDOW_S * s->rate_hz);
        s->n_ring = (LEVEL_HALF + 4) * s->window;
        s->max_hold = (int64_t)(PULSE_BRIDGED_S * fs_hz);
        if (allocate(s)) {
            fill_kernel(s, sigma);
            return s;
        }
    }
    pulse_destroy(s);
    kymo_fail(e, KYMO_ENOMEM, "no memory to find pulses");
    return NULL;
}
