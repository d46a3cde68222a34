/* algorithms/quality_beats.c - see quality_beats.h. */
#include "algorithms/quality_beats.h"
#include "algorithms/order.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define GRID_HZ 120.0
#define BETWEEN_MAINS_HZ 55.0   /* a mean over its period leaves a tenth of 50 and of 60 Hz */
#define LENGTH_S 0.13
#define PIECE_S 1.5
#define APART_S 0.25
#define MATCH_S 0.15
#define BEFORE_S 0.25
#define AFTER_S 0.4
#define NOISY_SHARE 0.6      /* of the beats have no more noise; the rest may be ectopic */
#define SIDE 8               /* neighbours on either side that a beat is compared with */

struct quality_beater {
    double fs_hz, grid_hz;
    size_t n, thin, n_grid;
    double *sum;                 /* [n + 1] */
    double *x, *smooth;          /* [n_grid], NaN filled; smooth: without mains */
    double *length, *work;       /* [n_grid]; work also holds medians */
    double *second, *at;         /* beats: of the second detector, in samples; of the first, on the grid */
    size_t n_second, cap_beats;
    double *cut;                 /* beats without their lines, one after another, and their mean */
    size_t cap_cut;
};

struct quality_beater *quality_beater_create(double fs_hz, size_t n, struct kymo_err *e)
{
    if (!(fs_hz >= 60 && fs_hz <= 10000) || n > (size_t)1 << 28) {
        kymo_fail(e, KYMO_EUSAGE, "windows of %zu samples at %g Hz cannot be measured", n, fs_hz);
        return NULL;
    }
    struct quality_beater *const s = calloc(1, sizeof *s);
    if (s) {
        s->fs_hz = fs_hz;
        s->thin = fs_hz >= 2 * GRID_HZ ? (size_t)(fs_hz / GRID_HZ) : 1;
        s->grid_hz = fs_hz / (double)s->thin;
        s->n = n;
        s->n_grid = n / s->thin + 1;
        s->cap_beats = (size_t)((double)n / fs_hz / APART_S) + 2;
        s->cap_cut = 4 * s->n_grid + 1024;
        s->x = calloc(s->n_grid, sizeof *s->x);
        s->smooth = calloc(s->n_grid, sizeof *s->smooth);
        s->sum = calloc(n + 1, sizeof *s->sum);
        s->length = calloc(s->n_grid, sizeof *s->length);
        s->work = calloc(s->n_grid, sizeof *s->work);
        s->second = calloc(s->cap_beats, sizeof *s->second);
        s->at = calloc(s->cap_beats, sizeof *s->at);
        s->cut = calloc(s->cap_cut, sizeof *s->cut);
    }
    if (s && s->sum && s->x && s->smooth && s->length && s->work && s->second && s->at && s->cut)
        return s;
    kymo_fail(e, KYMO_ENOMEM, "no memory for the beats of a window");
    quality_beater_destroy(s);
    return NULL;
}

void quality_beater_destroy(struct quality_beater *s)
{
    if (!s)
        return;
    free(s->sum);
    free(s->x);
    free(s->smooth);
    free(s->length);
    free(s->work);
    free(s->second);
    free(s->at);
    free(s->cut);
    free(s);
}

/* Sums of the samples so far; a missing one is like the one before. False: there is none. */
static bool add_up(struct quality_beater *s, const double *x, size_t n)
{
    size_t first = 0;

    while (first < n && isnan(x[first]))
        first++;
    if (first == n)
        return false;
    double last = x[first];
    s->sum[0] = 0;
    for (size_t i = 0; i < n; i++) {
        last = isnan(x[i]) ? last : x[i];
        s->sum[i + 1] = s->sum[i] + (last - x[first]);
    }
    return true;
}

/* Means on the grid: of the samples of one place, and of 1/55 s round it. Returns how many. */
static size_t thin_out(struct quality_beater *s, const double *x, size_t n)
{
    const size_t half = (size_t)fmax(0, round((s->fs_hz / BETWEEN_MAINS_HZ - (double)s->thin) / 2));
    size_t made = 0;

    if (!add_up(s, x, n))
        return 0;
    for (size_t i = 0; i + s->thin <= n; i += s->thin, made++) {
        const size_t from = i > half ? i - half : 0, to = i + s->thin + half < n ? i + s->thin + half : n;
        s->x[made] = (s->sum[i + s->thin] - s->sum[i]) / (double)s->thin;
        s->smooth[made] = (s->sum[to] - s->sum[from]) / (double)(to - from);
    }
    return made;
}

/* ---- second detector ---- */

static size_t samples(const struct quality_beater *s, double seconds) { return (size_t)fmax(1, round(seconds * s->grid_hz)); }

/* length[i]: the way that the curve goes within half of LENGTH_S of i, less the way from end to end. */
static void measure_length(struct quality_beater *s, size_t n)
{
    const size_t half = samples(s, LENGTH_S / 2);
    double sum = 0;

    for (size_t i = 1; i < n && i <= half; i++)
        sum += fabs(s->smooth[i] - s->smooth[i - 1]);
    for (size_t i = 0; i < n; i++) {
        const size_t from = i > half ? i - half : 0, to = i + half < n ? i + half : n - 1;
        s->length[i] = sum - fabs(s->smooth[to] - s->smooth[from]);
        if (to + 1 < n && i + half + 1 < n)
            sum += fabs(s->smooth[to + 1] - s->smooth[to]);
        if (i >= half)
            sum -= fabs(s->smooth[from + 1] - s->smooth[from]);
    }
}

static double level_of(struct quality_beater *s, size_t n)
{
    const size_t piece = samples(s, PIECE_S);
    size_t n_pieces = 0;

    memcpy(s->work, s->length, n * sizeof *s->work);
    const double usual = order_select(s->work, n, n / 2);
    for (size_t i = 0; i + piece <= n; i += piece) {
        double highest = s->length[i];
        for (size_t j = i; j < i + piece; j++)
            highest = s->length[j] > highest ? s->length[j] : highest;
        s->work[n_pieces++] = highest;
    }
    const double peak = n_pieces ? order_select(s->work, n_pieces, n_pieces / 2) : usual;
    return peak > usual ? (usual + peak) / 2 : (double)INFINITY;
}

static void find_second(struct quality_beater *s, size_t n)
{
    const size_t apart = samples(s, APART_S);

    s->n_second = 0;
    if (n < 2)
        return;
    measure_length(s, n);
    const double level = level_of(s, n);
    for (size_t i = 0; i < n && s->n_second < s->cap_beats; i++) {
        bool highest = s->length[i] > level;
        for (size_t j = i > apart ? i - apart : 0; highest && j < n && j <= i + apart; j++)
            highest = j < i ? s->length[j] < s->length[i] : s->length[j] <= s->length[i];
        if (highest)
            s->second[s->n_second++] = ((double)i + 0.5) * (double)s->thin - 0.5;
    }
}

const double *quality_second_beats(const struct quality_beater *s, size_t *n)
{
    *n = s->n_second;
    return s->second;
}

/* A beat at the edge, which the other may have put beyond it, counts only where both have it. */
static float agreement(const struct quality_beater *s, const double *beat, size_t n_beats, size_t n)
{
    const double near = MATCH_S * s->fs_hz, edge = (double)n - near;
    size_t i = 0, j = 0, both = 0, either = 0;

    while (i < n_beats || j < s->n_second) {
        const double a = i < n_beats ? beat[i] : (double)INFINITY, b = j < s->n_second ? s->second[j] : (double)INFINITY;
        const double first = fmin(a, b);
        const bool match = fabs(a - b) <= near;
        both += match;
        either += match || (first >= near && first < edge);
        i += match || a < b;
        j += match || b <= a;
    }
    return either ? (float)((double)both / (double)either) : NAN;
}

/* ---- how alike beats are ---- */

/* What a beat is cut out of: samples of the grid before and behind it. */
struct cut {
    size_t before, after, n, stride;   /* n: compared; stride: with one more on either side */
    size_t n_beats;
};

static void take_line_out(double *x, size_t n)
{
    const double middle = (double)(n - 1) / 2;
    double mean = 0, slope = 0, squares = 0;

    for (size_t i = 0; i < n; i++) {
        mean += x[i];
        slope += ((double)i - middle) * x[i];
        squares += ((double)i - middle) * ((double)i - middle);
    }
    mean /= (double)n;
    slope /= squares;
    for (size_t i = 0; i < n; i++)
        x[i] -= mean + slope * ((double)i - middle);
}

static struct cut cut_beats(struct quality_beater *s, size_t n_grid, size_t n_beats, double rr_s)
{
    struct cut c = {
        .before = samples(s, fmin(BEFORE_S, 0.35 * rr_s)), .after = samples(s, fmin(AFTER_S, 0.6 * rr_s)),
    };

    c.n = c.before + c.after + 1;
    c.stride = c.n + 2;
    for (size_t b = 0; b < n_beats; b++) {
        const double at = s->at[b];
        if (at < (double)(c.before + 1) || at + (double)(c.after + 2) > (double)n_grid ||
            (c.n_beats + 2) * c.stride > s->cap_cut)
            continue;
        double *const to = s->cut + c.n_beats++ * c.stride;
        memcpy(to, s->smooth + (size_t)at - c.before - 1, c.stride * sizeof *to);
        take_line_out(to, c.stride);
    }
    return c;
}

static double mean_square_difference(const double *a, const double *b, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum / (double)n;
}

static double correlation(const double *a, const double *b, size_t n)
{
    double ab = 0, aa = 0, bb = 0;

    for (size_t i = 0; i < n; i++) {
        ab += a[i] * b[i];
        aa += a[i] * a[i];
        bb += b[i] * b[i];
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

static double noise_of(struct quality_beater *s, const struct cut *c)
{
    for (size_t i = 0; i < c->n_beats; i++) {
        const double *const own = s->cut + i * c->stride + 1;
        double least = (double)INFINITY;
        for (size_t j = i > SIDE ? i - SIDE : 0; j < c->n_beats && j <= i + SIDE; j++)
            for (size_t shift = 0; j != i && shift < 3; shift++)
                least = fmin(least, mean_square_difference(own, s->cut + j * c->stride + shift, c->n));
        s->work[i] = least / 2;
    }
    return sqrt(order_quantile(s->work, c->n_beats, NOISY_SHARE));
}

/* ---- the mean beat ---- */

static void make_mean(const struct quality_beater *s, const struct cut *c, double *mean)
{
    memset(mean, 0, c->n * sizeof *mean);
    for (size_t i = 0; i < c->n_beats; i++)
        for (size_t k = 0; k < c->n; k++)
            mean[k] += s->cut[i * c->stride + 1 + k] / (double)c->n_beats;
}

static float uprightness(const struct quality_beater *s, const struct cut *c, const double *mean)
{
    const size_t reach = samples(s, 0.06), from = c->before > reach ? c->before - reach : 0;
    const size_t to = c->before + reach < c->n ? c->before + reach : c->n - 1;
    double up = 0, down = 0;

    for (size_t k = from; k <= to; k++) {
        const double line = mean[from] + (mean[to] - mean[from]) * (double)(k - from) / (double)(to - from);
        up = fmax(up, mean[k] - line);
        down = fmax(down, line - mean[k]);
    }
    return up + down > 0 ? (float)((up - down) / (up + down)) : NAN;
}

static float width_of(const struct quality_beater *s, const struct cut *c, const double *mean)
{
    const size_t reach = samples(s, 0.1), from = c->before > reach ? c->before - reach : 1;
    const size_t to = c->before + reach < c->n ? c->before + reach : c->n - 1;
    double steepest = 0;
    size_t first = to, last = from;

    for (size_t k = from + 1; k <= to; k++)
        steepest = fmax(steepest, fabs(mean[k] - mean[k - 1]));
    for (size_t k = from + 1; k <= to; k++)
        if (steepest > 0 && fabs(mean[k] - mean[k - 1]) > 0.12 * steepest) {
            first = k < first ? k : first;
            last = k;
        }
    return last > first ? (float)((double)(last - first + 1) / s->grid_hz) : NAN;
}

static void compare_beats(struct quality_beater *s, const struct cut *c, struct quality_beats *out)
{
    double *const mean = s->cut + c->n_beats * c->stride;
    double sum = 0;

    if (c->n_beats < 2)
        return;
    make_mean(s, c, mean);
    out->up = uprightness(s, c, mean);
    out->width_s = width_of(s, c, mean);
    if (c->n_beats < 3)
        return;
    for (size_t i = 0; i < c->n_beats; i++)
        sum += correlation(s->cut + i * c->stride + 1, mean, c->n);
    out->template = (float)(sum / (double)c->n_beats);
    out->noise = (float)noise_of(s, c);
    const double ratio = (double)out->amplitude / (double)out->noise;
    out->snr_db = out->noise > 0 ? (float)fmin(99, 10 * log10(ratio * ratio / 8)) : 99;
}

/* Median of the ranges of x within 50 ms of the beats. */
static float amplitude_of(struct quality_beater *s, size_t n_grid, size_t n_beats)
{
    const size_t reach = samples(s, 0.05);
    size_t n = 0;

    for (size_t b = 0; b < n_beats; b++) {
        const size_t at = (size_t)s->at[b], from = at > reach ? at - reach : 0;
        double low = s->x[from], high = low;
        for (size_t k = from; k < n_grid && k <= at + reach; k++) {
            low = fmin(low, s->x[k]);
            high = fmax(high, s->x[k]);
        }
        s->work[n++] = high - low;
    }
    return n ? (float)order_select(s->work, n, n / 2) : NAN;
}

/* Median interval in s; NaN with less than 2 beats. */
static double interval_of(struct quality_beater *s, const double *beat, size_t n_beats)
{
    for (size_t b = 1; b < n_beats; b++)
        s->work[b - 1] = (beat[b] - beat[b - 1]) / s->fs_hz;
    return n_beats < 2 ? (double)NAN : order_select(s->work, n_beats - 1, (n_beats - 1) / 2);
}

void quality_beats_measure(struct quality_beater *s, const double *x, size_t n, const double *beat, size_t n_beats,
                           struct quality_beats *out)
{
    const size_t n_grid = thin_out(s, x, n), n_used = n_beats < s->cap_beats ? n_beats : s->cap_beats;

    *out = (struct quality_beats){
        .n = (float)n_beats, .rate_per_min = NAN, .template = NAN, .noise = NAN, .snr_db = NAN, .amplitude = NAN, .up = NAN,
        .width_s = NAN,
    };
    find_second(s, n_grid);
    out->bsqi = agreement(s, beat, n_beats, n);
    if (n_used < 1 || n_grid < 2)
        return;
    for (size_t b = 0; b < n_used; b++)
        s->at[b] = fmin((double)(n_grid - 1), floor(beat[b] / (double)s->thin));
    out->amplitude = amplitude_of(s, n_grid, n_used);
    const double rr_s = interval_of(s, beat, n_used);
    if (isnan(rr_s))
        return;
    out->rate_per_min = (float)(60 / rr_s);
    const struct cut c = cut_beats(s, n_grid, n_used, rr_s);
    compare_beats(s, &c, out);
}
