/* algorithms/qrs_lead.c - see qrs_lead.h. */
#include "algorithms/qrs_lead.h"
#include "algorithms/qrs_few.h"
#include "lib/clones.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEEP_SIGMA_S  0.0254   /* 5th derivative peaks at 14 Hz: the middle of 8..20 Hz (TRIALS, step 1) */
#define BROAD_SIGMA_S  0.0501   /* 3rd derivative peaks at 5.5 Hz: the middle of 2.5..9 Hz */
#define ENERGY_HALF_S  0.042    /* TRIALS: mean over 84 ms */
#define WINDOW_S       1.5      /* one beat at 40/min */
#define SHAPE_HZ       60.0

enum { STRIP = QRS_STRIP, CUT_PERCENT = 40, N_STEEP = QRS_STEEP_SHAPE, N_BROAD = QRS_SHAPE - QRS_STEEP_SHAPE };

/* The derivative of a Gaussian, less what cutting it off leaves of its answer to a straight line: a drift a thousand times
 * higher than the QRS would show through. */
static void fill_kernel(float *c, int half, double spacing_s, double sigma_s, int order)
{
    double slope = 0, weight = 0;

    for (int k = 1; k <= half; k++) {
        const double u = k * spacing_s / sigma_s, bell = exp(-u * u / 2);
        slope += u * (order == 5 ? u * (15 - u * u * (10 - u * u)) : u * (3 - u * u)) * bell;
        weight += u * u * bell;
    }
    for (int k = 1; k <= half; k++) {
        const double u = k * spacing_s / sigma_s, bell = exp(-u * u / 2);
        const double hermite = order == 5 ? u * (15 - u * u * (10 - u * u)) : u * (3 - u * u);
        c[k] = (float)((hermite - u * slope / weight) * bell);
    }
}

int qrs_grid_init(struct qrs_grid *g, double fs_hz)
{
    memset(g, 0, sizeof *g);
    g->thin = fs_hz < 240 ? 1 : (int)(fs_hz / 120);
    g->rate_hz = fs_hz / g->thin;
    g->window = (int)lround(WINDOW_S * g->rate_hz);
    g->stride = (int)lround(g->rate_hz / SHAPE_HZ);
    g->half_energy = (int)lround(ENERGY_HALF_S * g->rate_hz);
    g->half_steep = (int)ceil(4.4 * STEEP_SIGMA_S * g->rate_hz);
    g->half_broad = (int)ceil(4.2 * BROAD_SIGMA_S * g->rate_hz / g->stride);
    g->margin = g->half_energy + g->half_steep;
    g->n_store = (2 * QRS_KEEP + 4) * g->window;
    fill_kernel(g->steep, g->half_steep, 1 / g->rate_hz, STEEP_SIGMA_S, 5);
    fill_kernel(g->broad, g->half_broad, g->stride / g->rate_hz, BROAD_SIGMA_S, 3);
    g->taper = malloc(2 * (size_t)g->thin * sizeof *g->taper);
    if (!g->taper)
        return -1;
    for (int j = 0; j < g->thin; j++) {
        const double area = (double)g->thin * g->thin;
        g->taper[j] = (j + 1) / area;
        g->taper[g->thin + j] = (g->thin - 1 - j) / area;
    }
    return 0;
}

void qrs_grid_release(struct qrs_grid *g)
{
    free(g->taper);
    g->taper = NULL;
}

int qrs_lead_init(struct qrs_lead *l, const struct qrs_grid *g)
{
    const size_t n = (size_t)g->n_store;

    memset(l, 0, sizeof *l);
    l->x = malloc(n * sizeof *l->x);
    l->steep = malloc(n * sizeof *l->steep);
    l->energy = malloc(n * sizeof *l->energy);
    l->blind = malloc(n);
    if (!l->x || !l->steep || !l->energy || !l->blind)
        return -1;
    qrs_lead_reset(l, g);
    return 0;
}

void qrs_lead_release(struct qrs_lead *l)
{
    free(l->x);
    free(l->steep);
    free(l->energy);
    free(l->blind);
}

void qrs_lead_reset(struct qrs_lead *l, const struct qrs_grid *g)
{
    const size_t n = (size_t)g->n_store;
    const struct qrs_lead fresh = { .x = l->x, .steep = l->steep, .energy = l->energy, .blind = l->blind,
                                    .base = -(int64_t)QRS_KEEP * g->window, .hole = INT64_MAX / 2, .blind_end = INT64_MIN };

    *l = fresh;
    memset(l->x, 0, n * sizeof *l->x);
    memset(l->steep, 0, n * sizeof *l->steep);
    memset(l->energy, 0, n * sizeof *l->energy);
    memset(l->blind, 0, n);
}

/* Inlined with a constant THIN for the usual rates, so that the inner loop unrolls. */
static inline __attribute__((always_inline)) size_t
take_blocks(struct qrs_lead *l, const double *taper, int thin, const double *z, size_t n, double offset)
{
    const size_t n_blocks = n / (size_t)thin;
    float *const y = l->x + (l->n - l->base);
    double before = l->before;

    for (size_t k = 0; k < n_blocks; k++) {
        double rising = 0, falling = 0;
        for (int j = 0; j < thin; j++) {
            const double v = z[k * (size_t)thin + (size_t)j] - offset;
            rising += taper[j] * v;
            falling += taper[thin + j] * v;
        }
        y[k] = (float)(before + falling);
        before = rising;
    }
    l->before = before;
    l->n += (int64_t)n_blocks;
    return n_blocks * (size_t)thin;
}

static void take_one(struct qrs_lead *l, const struct qrs_grid *g, double v)
{
    l->rising += g->taper[l->phase] * v;
    l->falling += g->taper[g->thin + l->phase] * v;
    if (++l->phase < g->thin)
        return;
    l->x[l->n++ - l->base] = (float)(l->before + l->falling);
    l->before = l->rising;
    l->rising = l->falling = 0;
    l->phase = 0;
}

void qrs_lead_take(struct qrs_lead *l, const struct qrs_grid *g, const double *z, size_t n, double offset)
{
    size_t i = 0;

    for (; i < n && l->phase; i++)
        take_one(l, g, z[i] - offset);
    switch (g->thin) {
    case 1: i += take_blocks(l, g->taper, 1, z + i, n - i, offset); break;
    case 2: i += take_blocks(l, g->taper, 2, z + i, n - i, offset); break;
    case 3: i += take_blocks(l, g->taper, 3, z + i, n - i, offset); break;
    case 4: i += take_blocks(l, g->taper, 4, z + i, n - i, offset); break;
    default: i += take_blocks(l, g->taper, g->thin, z + i, n - i, offset);
    }
    for (; i < n; i++)
        take_one(l, g, z[i] - offset);
}

void qrs_lead_make_room(struct qrs_lead *l, const struct qrs_grid *g)
{
    const int64_t cut = l->n - l->base - (int64_t)QRS_KEEP * g->window;
    const size_t keep = (size_t)(QRS_KEEP * g->window);

    if (l->n - l->base + 2 * g->window < g->n_store)
        return;
    memmove(l->x, l->x + cut, keep * sizeof *l->x);
    memmove(l->steep, l->steep + cut, keep * sizeof *l->steep);
    memmove(l->energy, l->energy + cut, keep * sizeof *l->energy);
    memmove(l->blind, l->blind + cut, keep);
    memset(l->blind + keep, 0, (size_t)g->n_store - keep);
    l->base += cut;
}

/* y[i] = odd kernel on x round i, in strips whose sums stay in registers. Writes up to STRIP - 1 values too many. */
CLONED_FOR_AVX2
static void kernel_run(const float *x, float *y, int n, const float *c, int half)
{
    for (int i = 0; i < n; i += STRIP) {
        lanes sum[STRIP / LANES] = {{0}};
        for (int k = 1; k <= half; k++)
            for (int j = 0; j < STRIP / LANES; j++) {
                lanes ahead, behind;
                memcpy(&ahead, x + i + LANES * j + k, sizeof ahead);
                memcpy(&behind, x + i + LANES * j - k, sizeof behind);
                sum[j] += c[k] * (ahead - behind);
            }
        memcpy(y + i, sum, sizeof sum);
    }
}

CLONED_FOR_AVX2
static void energy_run(const float *steep, float *y, int n, int half)
{
    for (int i = 0; i < n; i += STRIP) {
        lanes sum[STRIP / LANES] = {{0}};
        for (int k = -half; k <= half; k++)
            for (int j = 0; j < STRIP / LANES; j++) {
                masks size;
                memcpy(&size, steep + i + LANES * j + k, sizeof size);
                sum[j] += (lanes)(size & INT32_MAX);
            }
        memcpy(y + i, sum, sizeof sum);
    }
}

/* Energy near a hole is not the heart's: silences it. */
static void blind_silence(struct qrs_lead *l, const struct qrs_grid *g, int64_t from, int n)
{
    const int reach = g->margin;

    if (l->blind_end + reach <= from)
        return;
    for (int i = 0; i < n; i++) {
        const unsigned char *const b = l->blind + (from + i - l->base);
        if (memchr(b - reach, 1, 2 * (size_t)reach + 1))
            l->energy[from + i - l->base] = 0;
    }
}

/* Of n values that are not negative, in lanes that the compiler takes side by side. */
CLONED_FOR_AVX2
static float largest(const float *v, int n)
{
    float top[8] = {0};
    int i = 0;

    for (; i + 8 <= n; i += 8)
        for (int j = 0; j < 8; j++)
            top[j] = v[i + j] > top[j] ? v[i + j] : top[j];
    for (; i < n; i++)
        top[0] = v[i] > top[0] ? v[i] : top[0];
    for (int j = 1; j < 8; j++)
        top[0] = top[j] > top[0] ? top[j] : top[0];
    return top[0];
}

void qrs_lead_energy(struct qrs_lead *l, const struct qrs_grid *g, int64_t from, int n)
{
    const int64_t lead_in = from == 0 ? -g->half_energy : g->half_energy;
    const float *const x = l->x + (from + lead_in - l->base);

    kernel_run(x, l->steep + (from + lead_in - l->base), n + g->half_energy - (int)lead_in, g->steep, g->half_steep);
    energy_run(l->steep + (from - l->base), l->energy + (from - l->base), n, g->half_energy);
    blind_silence(l, g, from, n);
}

void qrs_lead_measure(struct qrs_lead *l, const struct qrs_grid *g, int64_t w, int n)
{
    const float *const e = l->energy + (w * g->window - l->base);
    float part[128];
    int n_part = 0;
    const int step = g->window / 22;   /* energy is smooth over half_energy: more samples say nothing new */

    const float top = largest(e, n);
    for (int i = 0; i < n; i += step)
        part[n_part++] = e[i];
    l->peak[w % QRS_LEVELS] = top;
    l->floor[w % QRS_LEVELS] = qrs_ranked(part, n_part, n_part * CUT_PERCENT / 100);
}

void qrs_lead_level(struct qrs_lead *l, int64_t w, int64_t from, int64_t to)
{
    float peak[FEW] = {0}, low[FEW] = {0};
    int n = 0;

    for (int64_t i = from; i <= to; i++, n++) {
        peak[n] = l->peak[i % QRS_LEVELS];
        low[n] = l->floor[i % QRS_LEVELS];
    }
    l->scale[w % QRS_LEVELS] = qrs_ranked(peak, n, n / 2);
    l->noise[w % QRS_LEVELS] = qrs_ranked(low, n, n / 2);
}

/* Points of broad at stride 2m round the centre, m = -3..3, from samples freed of what the stride would fold down. */
static void broad_shape(const struct qrs_lead *l, const struct qrs_grid *g, int64_t centre, float *shape)
{
    enum { REACH = N_BROAD - 1 };
    const float *const x = l->x + (centre - l->base);
    const int near = g->stride / 2, all = g->half_broad + REACH;
    float calm[2 * (QRS_TAPS + REACH) + 1];

    for (int m = -all; m <= all; m++) {
        const float *const p = x + m * g->stride;
        calm[m + all] = 0.25f * (p[-near] + p[near]) + 0.5f * p[0];
    }
    for (int j = 0; j < N_BROAD; j++) {
        const float *const c = calm + all + 2 * j - REACH;
        float sum = 0;
        for (int k = 1; k <= g->half_broad; k++)
            sum += g->broad[k] * (c[k] - c[-k]);
        shape[j] = sum * (float)g->stride;
    }
}

/* n values of steep, spacing grid samples apart, round p. */
static void steep_round(const struct qrs_lead *l, double p, double spacing, int n, float *out)
{
    for (int j = 0; j < n; j++) {
        const double at = p + (j - n / 2) * spacing - (double)l->base;
        const int64_t i = (int64_t)at;
        const float part = (float)(at - (double)i);
        out[j] = l->steep[i] + part * (l->steep[i + 1] - l->steep[i]);
    }
}

void qrs_lead_wide(const struct qrs_lead *l, const struct qrs_grid *g, double p, float wide[QRS_WIDE])
{
    steep_round(l, p, g->rate_hz / (2 * SHAPE_HZ), QRS_WIDE, wide);
}

void qrs_lead_shape(const struct qrs_lead *l, const struct qrs_grid *g, double p, float shape[QRS_SHAPE])
{
    steep_round(l, p, g->rate_hz / SHAPE_HZ, N_STEEP, shape);
    broad_shape(l, g, llround(p), shape + N_STEEP);
}

/* Of broad at grid index n, or at the last one that the lead has all of. */
static float broad_at(const struct qrs_lead *l, const struct qrs_grid *g, int64_t n)
{
    const int64_t last = l->n - 1 - g->half_broad * g->stride;
    const float *const x = l->x + ((n < last ? n : last) - l->base);
    float sum = 0;

    for (int k = 1; k <= g->half_broad; k++)
        sum += g->broad[k] * (x[k * g->stride] - x[-k * g->stride]);
    return sum * (float)g->stride;
}

void qrs_lead_tail(const struct qrs_lead *l, const struct qrs_grid *g, double p, float tail[QRS_TAIL])
{
    const double spacing = g->rate_hz * 2 / SHAPE_HZ;

    for (int j = 0; j < QRS_TAIL; j++)
        tail[j] = broad_at(l, g, llround(p + (j < 4 ? j - 6 : j) * spacing));
}

void qrs_lead_qrst(const float shape[QRS_SHAPE], const float tail[QRS_TAIL], float qrst[QRS_QRST])
{
    memcpy(qrst, tail, 3 * sizeof *qrst);   /* the fourth is where the shape begins */
    memcpy(qrst + 3, shape + N_STEEP, N_BROAD * sizeof *qrst);
    memcpy(qrst + 3 + N_BROAD, tail + 4, (QRS_TAIL - 4) * sizeof *qrst);
}
