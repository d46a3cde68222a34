/* algorithms/portrait.c - see portrait.h. */
#include "algorithms/portrait.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GRID_HZ        200.0
#define BRIDGED_S      0.02     /* as the detector does (qrs.h) */
#define DRIFT_STEP_S   0.1      /* the drift is made of means over so long */
#define SEARCH_S       0.072
#define WIDTH_SHARE    0.12f
#define P_FROM_S       (-0.248)
#define T_FROM_S       0.160
#define T_STEP_S       0.032
#define REPEATS        0.1f     /* a lead whose QRS complexes usually differ by less is as good as any (in the better one of */
#define WORSE          2.0f     /* mitdb 0.003 to 0.11); so is one in which they do by less than so many times as in the best */

enum {
    PHASES = 16,       /* places between two grid samples for which kernels are kept */
    TAPS = 41,         /* most of a kernel: +-3 sigma of 16 ms at 400 Hz */
    DRIFT_HALF = 10,   /* steps on one side of the triangle */
    KERNELS = 3,
    SCAN = 57, SCAN_HALF = SCAN / 2, SUM_HALF = 7,   /* samples, a step apart, in which the place of a beat is looked for */
    SPIKE_SEEN = 98,   /* grid samples in 240 ms, at most */
    CHOICE_BEATS = 128, CHOICE_BEFORE = 4   /* beats by which leads are chosen; each is compared with so many before it */
};

static const double SIGMA_S[KERNELS] = {0.0045, 0.008, 0.016};   /* of the QRS, P and T windows */

struct kernel {
    int half;
    float weight[PHASES][TAPS];
};

struct lead {
    double sum, last;            /* of the grid sample being made; the last number */
    int64_t hole;                /* input samples since that */
    double before[2];            /* input */
    float sharpest, *x, *sharp;  /* grid samples, and the largest second difference of the input in each; rings */
    double drift_sum;
    int drift_n;
    float *drift;                /* ring of means */
};

struct portrait_maker {
    double fs_hz, rate_hz;
    int thin, phase;
    size_t n_leads, n_drawn;
    size_t drawn[PORTRAIT_LEADS];
    int64_t n_in, n;             /* input and grid samples so far */
    int64_t n_ring, n_drift_ring;
    int drift_step;              /* grid samples */
    struct kernel kernel[KERNELS];
    struct lead lead[PORTRAIT_MOST_LEADS];   /* without rings, once others were chosen */
};

/* ---- samples in ---- */

static void fill_kernel(struct kernel *k, double rate_hz, double sigma_s)
{
    const double sigma = fmax(sigma_s * rate_hz, 0.55);   /* in grid samples; narrower ones would miss them */

    k->half = (int)fmin(ceil(3 * sigma), TAPS / 2);
    for (int p = 0; p < PHASES; p++) {
        double sum = 0;
        for (int i = -k->half; i <= k->half; i++) {
            const double d = (i - (double)p / PHASES) / sigma;
            sum += exp(-d * d / 2);
        }
        for (int i = -k->half; i <= k->half; i++) {
            const double d = (i - (double)p / PHASES) / sigma;
            k->weight[p][i + k->half] = (float)(exp(-d * d / 2) / sum);
        }
    }
}

static bool make_rings(struct portrait_maker *s)
{
    s->n_ring = (int64_t)(PORTRAIT_KEEP_S * s->rate_hz);
    s->n_drift_ring = s->n_ring / s->drift_step + 2;
    for (size_t c = 0; c < s->n_leads; c++) {
        struct lead *const l = &s->lead[c];
        l->x = malloc((size_t)s->n_ring * sizeof *l->x);
        l->sharp = malloc((size_t)s->n_ring * sizeof *l->sharp);
        l->drift = malloc((size_t)s->n_drift_ring * sizeof *l->drift);
        if (!l->x || !l->sharp || !l->drift)
            return false;
    }
    return true;
}

struct portrait_maker *portrait_create(double fs_hz, size_t n_leads, struct kymo_err *e)
{
    if (!(fs_hz >= 60 && fs_hz <= 10000) || n_leads < 1 || n_leads > PORTRAIT_MOST_LEADS) {
        kymo_fail(e, KYMO_EUSAGE, "%zu leads of %g samples per second, not 1..%d of 60..10000", n_leads, fs_hz,
                  PORTRAIT_MOST_LEADS);
        return NULL;
    }
    struct portrait_maker *s = calloc(1, sizeof *s);
    if (!s) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for pictures of beats");
        return NULL;
    }
    s->fs_hz = fs_hz;
    s->thin = fs_hz < 2 * GRID_HZ ? 1 : (int)(fs_hz / GRID_HZ);
    s->rate_hz = fs_hz / s->thin;
    s->n_leads = n_leads;
    s->n_drawn = n_leads < PORTRAIT_LEADS ? n_leads : PORTRAIT_LEADS;
    for (size_t k = 0; k < s->n_drawn; k++)
        s->drawn[k] = k;
    s->drift_step = (int)lround(DRIFT_STEP_S * s->rate_hz);
    for (int k = 0; k < KERNELS; k++)
        fill_kernel(&s->kernel[k], s->rate_hz, SIGMA_S[k]);
    if (!make_rings(s)) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for pictures of beats");
        portrait_destroy(s);
        return NULL;
    }
    portrait_reset(s);
    return s;
}

static void release_rings(struct lead *l)
{
    free(l->x);
    free(l->sharp);
    free(l->drift);
    l->x = l->sharp = l->drift = NULL;
}

void portrait_destroy(struct portrait_maker *s)
{
    if (!s)
        return;
    for (size_t c = 0; c < PORTRAIT_MOST_LEADS; c++)
        release_rings(&s->lead[c]);
    free(s);
}

void portrait_reset(struct portrait_maker *s)
{
    s->n_in = s->n = 0;
    s->phase = 0;
    for (size_t c = 0; c < s->n_leads; c++) {
        struct lead *const l = &s->lead[c];
        *l = (struct lead){.last = (double)NAN, .before = {(double)NAN, (double)NAN}, .x = l->x, .sharp = l->sharp,
                           .drift = l->drift};
    }
}

/* A lead while samples are pushed: its next places, which need no division to be known. */
struct place {
    int phase, in_drift_step;
    int64_t ring, drift_ring;
};

static struct place place_of(const struct portrait_maker *s)
{
    return (struct place){s->phase, (int)(s->n % s->drift_step), s->n % s->n_ring, s->n / s->drift_step % s->n_drift_ring};
}

static void end_drift_step(const struct portrait_maker *s, struct lead *l, struct place *p)
{
    l->drift[p->drift_ring] = l->drift_n ? (float)(l->drift_sum / l->drift_n) : (float)NAN;
    l->drift_sum = 0;
    l->drift_n = 0;
    p->in_drift_step = 0;
    p->drift_ring = p->drift_ring + 1 == s->n_drift_ring ? 0 : p->drift_ring + 1;
}

static void end_grid_sample(const struct portrait_maker *s, struct lead *l, struct place *p)
{
    const double mean = l->sum / s->thin;

    l->x[p->ring] = (float)mean;
    l->sharp[p->ring] = l->sharpest;
    if (!isnan(mean)) {
        l->drift_sum += mean;
        l->drift_n++;
    }
    l->sum = 0;
    l->sharpest = 0;
    p->phase = 0;
    p->ring = p->ring + 1 == s->n_ring ? 0 : p->ring + 1;
    if (++p->in_drift_step == s->drift_step)
        end_drift_step(s, l, p);
}

static void take(struct lead *l, double v, int64_t bridged)
{
    if (!isnan(v)) {
        const double bend = fabs(v - 2 * l->before[0] + l->before[1]);
        l->sharpest = bend > (double)l->sharpest ? (float)bend : l->sharpest;   /* NaN is never */
        l->hole = 0;
        l->last = v;
    } else if (++l->hole <= bridged) {
        v = l->last;
    }
    l->before[1] = l->before[0];
    l->before[0] = v;
    l->sum += v;
}

/* The same as take and end_grid_sample for x[up to n], where each is a grid sample, none is missing, and no drift step and no
 * ring ends; returns how many. */
static size_t take_many(const struct portrait_maker *s, struct lead *l, struct place *p, const double *x, size_t n)
{
    const int64_t left = s->n_ring - p->ring < s->drift_step - p->in_drift_step ? s->n_ring - p->ring
                                                                               : s->drift_step - p->in_drift_step;
    const size_t most = (int64_t)n < left ? n : (size_t)left - 1;
    double sum = l->drift_sum;

    if (most < 2 || isnan(x[0]) || isnan(l->before[0]) || isnan(l->before[1]))
        return 0;
    for (size_t i = 0; i < most; i++)
        sum += x[i];
    if (isnan(sum))
        return 0;
    float *const to = l->x + p->ring, *const sharp = l->sharp + p->ring;
    for (size_t i = 0; i < most; i++)
        to[i] = (float)(0 + x[i]);               /* 0 +: as a mean, never -0 */
    sharp[0] = (float)fabs(x[0] - 2 * l->before[0] + l->before[1]);
    sharp[1] = (float)fabs(x[1] - 2 * x[0] + l->before[0]);
    for (size_t i = 2; i < most; i++)
        sharp[i] = (float)fabs(x[i] - 2 * x[i - 1] + x[i - 2]);
    l->drift_sum = sum;
    l->drift_n += (int)most;
    l->hole = 0;
    l->last = l->before[0] = x[most - 1];
    l->before[1] = x[most - 2];
    p->ring += (int64_t)most;
    p->in_drift_step += (int)most;
    return most;
}

void portrait_push(struct portrait_maker *s, const double *const x[], size_t n)
{
    const int64_t bridged = (int64_t)(BRIDGED_S * s->fs_hz), n_grid = (s->phase + (int64_t)n) / s->thin;

    for (size_t c = 0; c < s->n_leads; c++) {
        struct place p = place_of(s);
        if (!s->lead[c].x)
            continue;
        struct lead l = s->lead[c];      /* a copy that nothing else points to stays in registers */
        for (size_t i = s->thin == 1 ? take_many(s, &l, &p, x[c], n) : 0; i < n;) {
            take(&l, x[c][i++], bridged);
            if (++p.phase == s->thin)
                end_grid_sample(s, &l, &p);
            if (s->thin == 1)
                i += take_many(s, &l, &p, x[c] + i, n - i);
        }
        s->lead[c] = l;
    }
    s->n_in += (int64_t)n;
    s->n += n_grid;
    s->phase = (int)(s->phase + (int64_t)n - n_grid * s->thin);
}

int64_t portrait_known(const struct portrait_maker *s)
{
    return s->n_in - (int64_t)(PORTRAIT_LOOK_AHEAD_S * s->fs_hz);
}

/* ---- samples out ---- */

/* The drift at grid position p; 0 where none is known. */
static float drift_at(const struct portrait_maker *s, const struct lead *l, double p)
{
    const double at = p / s->drift_step - 0.5;
    const int64_t middle = (int64_t)floor(at), n = s->n / s->drift_step, oldest = n > s->n_drift_ring ? n - s->n_drift_ring : 0;
    const int64_t from = middle - DRIFT_HALF + 1 < oldest ? oldest : middle - DRIFT_HALF + 1;
    double sum = 0, weights = 0;

    for (int64_t k = from, ring = from % s->n_drift_ring; k < n && k <= middle + DRIFT_HALF; k++) {
        const float drift = l->drift[ring];
        ring = ring + 1 == s->n_drift_ring ? 0 : ring + 1;
        if (isnan(drift))
            continue;
        const double weight = DRIFT_HALF - fabs((double)k - at);
        sum += weight * (double)drift;
        weights += weight;
    }
    return weights > 0 ? (float)(sum / weights) : 0;
}

/* out[n]: the lead at grid position p and so on, STEP apart, seen through a kernel. NaN where samples are missing. */
static void look(const struct portrait_maker *s, const struct lead *l, const struct kernel *k, double p, double step, size_t n,
                 float *out)
{
    const int n_taps = 2 * k->half + 1;
    const int64_t begin = (int64_t)floor(p) - k->half, begin_ring = begin < 0 ? begin : begin % s->n_ring;

    for (size_t i = 0; i < n; i++) {
        const double at = p + (double)i * step, whole = floor(at);
        const int64_t first = (int64_t)whole - k->half, last = (int64_t)whole + k->half;
        const float *const weight = k->weight[(int)((at - whole) * PHASES)];
        float sum = 0;
        if (first < 0 || last >= s->n || first < s->n - s->n_ring) {
            out[i] = (float)NAN;
            continue;
        }
        const int64_t place = begin_ring + (first - begin), ring = place >= s->n_ring ? place - s->n_ring : place;
        const int n_first = s->n_ring - ring < n_taps ? (int)(s->n_ring - ring) : n_taps;
        for (int j = 0; j < n_first; j++)
            sum += weight[j] * l->x[ring + j];
        for (int j = n_first; j < n_taps; j++)
            sum += weight[j] * l->x[j - n_first];
        out[i] = sum;
    }
}

/* Takes the drift out of x[n], which begins at grid position p: a straight line between its ends' drifts. */
static void take_drift_out(const struct portrait_maker *s, const struct lead *l, double p, double step, size_t n, float *x)
{
    const float from = drift_at(s, l, p), to = drift_at(s, l, p + (double)(n - 1) * step);

    for (size_t i = 0; i < n; i++)
        x[i] -= from + (to - from) * (float)i / (float)(n - 1);
}

/* Adds the lead's squared slope to energy[SCAN], as shares of its sum. */
static void add_energy(const struct portrait_maker *s, const struct lead *l, double p, double step, float energy[SCAN])
{
    float x[SCAN], slope[SCAN] = {0}, sum = 0;

    look(s, l, &s->kernel[0], p - SCAN_HALF * step, step, SCAN, x);
    for (int i = 1; i < SCAN - 1; i++) {
        const float d = x[i + 1] - x[i - 1];
        slope[i] = isnan(d) ? 0 : d * d;
        sum += slope[i];
    }
    for (int i = 0; sum > 0 && i < SCAN; i++)
        energy[i] += slope[i] / sum;
}

/* The place of the beat near grid position p, in leads which[n]. */
static double find_place(const struct portrait_maker *s, const size_t *which, size_t n, double p, double step)
{
    const int reach = (int)lround(SEARCH_S / PORTRAIT_STEP_S);
    float energy[SCAN] = {0}, around[SCAN] = {0};
    int best = SCAN_HALF;

    for (size_t k = 0; k < n; k++)
        add_energy(s, &s->lead[which[k]], p, step, energy);
    for (int i = SCAN_HALF - reach - 1; i <= SCAN_HALF + reach + 1; i++)
        for (int k = -SUM_HALF; k <= SUM_HALF; k++)
            around[i] += energy[i + k] * (float)(SUM_HALF + 1 - abs(k));
    for (int i = SCAN_HALF - reach; i <= SCAN_HALF + reach; i++)
        best = around[i] > around[best] ? i : best;
    const float before = around[best - 1], at = around[best], after = around[best + 1], bend = before - 2 * at + after;
    const double aside = bend < 0 ? (double)(0.5f * (before - after) / bend) : 0;
    return p + (best - SCAN_HALF + fmax(-0.5, fmin(0.5, aside))) * step;
}

/* Counts of 8 bits; returns their unit, 0 where a number is missing or all are 0. */
static float pack(const float *x, size_t n, int8_t *out)
{
    float most = 0;

    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) {
            memset(out, 0, n);
            return 0;
        }
        most = fabsf(x[i]) > most ? fabsf(x[i]) : most;
    }
    const float unit = most / 127;
    for (size_t i = 0; i < n; i++)
        out[i] = unit > 0 ? (int8_t)lrintf(x[i] / unit) : 0;
    return unit;
}

/* ---- measures ---- */

/* Where the slopes cross LEVEL on their way from i by STEP to the end at LAST, in steps; what falls below it for up to three
 * steps and rises again still belongs. */
static float crossing(const float *slope, int i, int step, int last, float level)
{
    int edge = i;

    for (int k = i, below = 0; below <= 3; k += step) {
        below = slope[k] < level ? below + 1 : 0;
        edge = below ? edge : k;
        if (k == last)
            break;
    }
    if (edge == last)
        return (float)edge;
    const float inside = slope[edge], outside = slope[edge + step];
    return (float)edge + (float)step * (inside > outside ? (inside - level) / (inside - outside) : 0);
}

static void measure_width(const float x[PORTRAIT_QRS], struct portrait_lead *l)
{
    float slope[PORTRAIT_QRS] = {0}, most = 0, sum = 0, first = 0, second = 0, low = x[0], high = x[0];
    int steepest = 1;

    for (int i = 0; i < PORTRAIT_QRS; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
    }
    l->amplitude = high - low;
    for (int i = 1; i < PORTRAIT_QRS - 1; i++) {
        slope[i] = fabsf(x[i + 1] - x[i - 1]);
        const float e = slope[i] * slope[i];
        steepest = slope[i] > most ? i : steepest;
        most = slope[i] > most ? slope[i] : most;
        sum += e;
        first += e * (float)i;
        second += e * (float)(i * i);
    }
    if (!(most > 0))
        return;
    const float level = WIDTH_SHARE * most, step = (float)PORTRAIT_STEP_S;
    l->width_s = step * (crossing(slope, steepest, 1, PORTRAIT_QRS - 2, level) - crossing(slope, steepest, -1, 1, level));
    l->spread_s = 2 * step * sqrtf(fmaxf(0, second / sum - first / sum * (first / sum)));
}

/* The largest of x[n], none of which is negative, 0 of none; kept in parts that processors compare side by side. */
static float largest(const float *x, int64_t n)
{
    float most[4] = {0};
    int64_t i = 0;

    for (; i + 4 <= n; i += 4)
        for (int k = 0; k < 4; k++)
            most[k] = x[i + k] > most[k] ? x[i + k] : most[k];
    for (; i < n; i++)
        most[0] = x[i] > most[0] ? x[i] : most[0];
    most[0] = most[1] > most[0] ? most[1] : most[0];
    most[2] = most[3] > most[2] ? most[3] : most[2];
    return most[2] > most[0] ? most[2] : most[0];
}

/* The sharpest bend of the input from 200 ms before to 40 ms behind grid position p, over the sharpest that is more than 16 ms
 * from it. */
static float measure_spike(const struct portrait_maker *s, const struct lead *l, double p)
{
    const int64_t from = (int64_t)(p - 0.2 * s->rate_hz), n = (int64_t)(p + 0.04 * s->rate_hz) - from + 1,
                  beside = (int64_t)(0.016 * s->rate_hz) + 1;
    float sharp[SPIKE_SEEN];
    int64_t at = 0;

    if (from < 0 || from + n > s->n || from < s->n - s->n_ring)
        return 0;
    const int64_t ring = from % s->n_ring, n_first = s->n_ring - ring < n ? s->n_ring - ring : n;
    memcpy(sharp, l->sharp + ring, (size_t)n_first * sizeof *sharp);
    memcpy(sharp + n_first, l->sharp, (size_t)(n - n_first) * sizeof *sharp);
    const float most = largest(sharp, n);
    while (sharp[at] < most)
        at++;
    const int64_t behind = at + beside + 1 < n ? at + beside + 1 : n;
    const float before_it = largest(sharp, at - beside), behind_it = largest(sharp + behind, n - behind),
                other = before_it > behind_it ? before_it : behind_it;
    return other > 0 ? most / other : 0;
}

/* What is fast in the P window: it less what is slow[PORTRAIT_P] of it. */
static float measure_noise(const struct portrait_maker *s, const struct lead *l, double p, double step, const float *slow)
{
    float x[PORTRAIT_P], sum = 0;

    look(s, l, &s->kernel[0], p, step, PORTRAIT_P, x);
    for (int i = 0; i < PORTRAIT_P; i++)
        sum += (x[i] - slow[i]) * (x[i] - slow[i]);
    return isfinite(sum) ? sqrtf(sum / PORTRAIT_P) : 0;
}

static void look_at_qrs(const struct portrait_maker *s, const struct lead *l, double p, double step, float x[PORTRAIT_QRS])
{
    const double from = p - PORTRAIT_QRS_BEFORE * step - 0.5 * step;

    look(s, l, &s->kernel[0], from, step, PORTRAIT_QRS, x);
    take_drift_out(s, l, from, step, PORTRAIT_QRS, x);
}

static void draw_lead(const struct portrait_maker *s, const struct lead *l, double p, double step, struct portrait_lead *out)
{
    const double before = p + P_FROM_S * s->rate_hz, behind = p + T_FROM_S * s->rate_hz, t_step = T_STEP_S * s->rate_hz;
    float x[PORTRAIT_QRS];

    look_at_qrs(s, l, p, step, x);
    if ((out->qrs_unit = pack(x, PORTRAIT_QRS, out->qrs)) > 0) {
        measure_width(x, out);
        out->spike = measure_spike(s, l, p);
    }
    look(s, l, &s->kernel[1], before, step, PORTRAIT_P, x);
    out->noise = measure_noise(s, l, before, step, x);
    take_drift_out(s, l, before, step, PORTRAIT_P, x);
    out->p_unit = pack(x, PORTRAIT_P, out->p);
    look(s, l, &s->kernel[2], behind, t_step, PORTRAIT_T, x);
    take_drift_out(s, l, behind, t_step, PORTRAIT_T, x);
    out->t_unit = pack(x, PORTRAIT_T, out->t);
}

static double grid_place(const struct portrait_maker *s, int64_t sample)
{
    return ((double)sample - (s->thin - 1) / 2.0) / s->thin;
}

void portrait_draw(const struct portrait_maker *s, int64_t sample, struct portrait *out)
{
    const double step = PORTRAIT_STEP_S * s->rate_hz;

    *out = (struct portrait){0};
    if (sample < 0 || sample >= s->n_in)
        return;
    const double given = grid_place(s, sample), p = find_place(s, s->drawn, s->n_drawn, given, step);
    out->shift_s = (float)((p - given) / s->rate_hz);
    for (size_t k = 0; k < s->n_drawn; k++)
        draw_lead(s, &s->lead[s->drawn[k]], p, step, &out->lead[k]);
}

/* ---- which leads ---- */

/* |x - y|^2 over the larger of both; 1 where one is not known or nothing. */
static float difference(const float *x, const float *y)
{
    float d = 0, xx = 0, yy = 0;

    for (int i = 0; i < PORTRAIT_QRS; i++) {
        d += (x[i] - y[i]) * (x[i] - y[i]);
        xx += x[i] * x[i];
        yy += y[i] * y[i];
    }
    const float larger = xx > yy ? xx : yy;
    return larger > 0 && isfinite(d) ? d / larger : 1;   /* NaN is never > 0 */
}

static int by_size(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

/* How much the QRS complexes in a lead usually differ from the most similar of those before them: median of beats sample[n], or
 * of as many evenly among them; 1 where there are too few. */
static float unsteadiness(const struct portrait_maker *s, size_t lead, const int64_t *sample, size_t n)
{
    float x[CHOICE_BEFORE][PORTRAIT_QRS], d[CHOICE_BEATS];
    const size_t every = n / CHOICE_BEATS + 1;
    size_t seen = 0;

    for (size_t i = 0; i < n; i += every, seen++) {
        const double step = PORTRAIT_STEP_S * s->rate_hz, p = find_place(s, &lead, 1, grid_place(s, sample[i]), step);
        float *const own = x[seen % CHOICE_BEFORE], now[PORTRAIT_QRS];
        look_at_qrs(s, &s->lead[lead], p, step, now);
        d[seen] = 1;
        for (size_t k = 0; k < seen && k < CHOICE_BEFORE; k++)
            d[seen] = fminf(d[seen], difference(now, x[k]));
        memcpy(own, now, sizeof now);
    }
    if (seen == 0)
        return 1;
    qsort(d, seen, sizeof *d, by_size);
    return d[seen / 2];
}

/* The lead to be drawn next: the first that is left of those within limit, else the best that is left. */
static size_t next_best(const float *d, const bool *is_drawn, size_t n, float limit)
{
    size_t best = n;

    for (size_t c = 0; c < n; c++)
        if (!is_drawn[c] && (best == n || (d[best] > limit && d[c] < d[best])))
            best = c;
    return best;
}

size_t portrait_choose(struct portrait_maker *s, const int64_t *sample, size_t n, size_t chosen[PORTRAIT_LEADS])
{
    float d[PORTRAIT_MOST_LEADS], least = 1;
    bool is_drawn[PORTRAIT_MOST_LEADS] = {false};
    size_t k = 0;

    for (size_t c = 0; c < s->n_leads; c++) {
        d[c] = unsteadiness(s, c, sample, n);
        least = fminf(least, d[c]);
    }
    for (size_t i = 0; i < s->n_drawn; i++)
        is_drawn[next_best(d, is_drawn, s->n_leads, fmaxf(REPEATS, WORSE * least))] = true;
    for (size_t c = 0; c < s->n_leads; c++)
        if (is_drawn[c])
            chosen[k++] = c;
        else
            release_rings(&s->lead[c]);
    memcpy(s->drawn, chosen, k * sizeof *chosen);
    return k;
}
