/* algorithms/fibrillation.c - see fibrillation.h.
 *
 * Limits were chosen between what fibrillation and flutter have (cudb cu01, mitdb 207) and what mitdb, nstdb, challenge2014,
 * challenge2015 and cpsc2021 have without it. */
#include "algorithms/fibrillation.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define GRID_HZ       80.0    /* at least, where the input has so much: complexes hidden in slow waves must stay narrow */
#define BLOCK_S       0.5
#define MEAN_HALF_S   0.32    /* a mean over twice that is 0 at 1.6 Hz and small above */
#define ABOVE         0.2     /* of the largest: filled */
#define MOST_MISSING  0.25    /* of a lead's samples in a window */
#define LEAST_SWING   0.1     /* mV; a lead with less shows no heart, */
#define MOST_SWING    6.0     /* with more, no heart either */
#define LARGEST       1e6     /* mV: no measurement; powers of it stay finite */
#define ON            0.2     /* score of a window; an episode ends at OFF, or when the score stays below ON for PATIENCE */
#define OFF           (-0.2)
#define EDGE          0.4     /* a window gets above ON when fibrillation fills all but so much of it */
#define SHORTEST_S    3.0
#define LEAST_MEAN    0.55

enum { BLOCKS = 8, PATIENCE = 6 };   /* blocks in a window; blocks */

/* A measure counts fully at `sure`, not at all at `limit`, and against it beyond. */
struct limit { double limit, sure; };

static const struct limit leak_limit = {0.60, 0.40}, filled_limit = {0.50, 0.65}, peaked_limit = {8, 5},
                          slow_limit = {2.6, 2.9}, fast_limit = {9.5, 9.0}, swing_limit = {0.2, 0.3};

struct block {
    double size, step, step2, step4;   /* sums of |y|, |dy|, dy^2, dy^4 */
    float low, high;                   /* of y */
    int missing;                       /* input samples */
};

struct lead {
    double mv;                    /* in one unit of the input */
    double offset, last, sum;     /* in mV: first sample; newest less that; of the grid sample that is being made */
    bool begun;
    int missing[2];               /* input samples of the block that is being measured, and of the one behind it */
    float *z;                     /* thinned: margin, a block, margin */
    float *y;                     /* the last BLOCKS blocks */
    struct block block[BLOCKS];   /* of them */
};

struct fibrillation {
    double fs_hz, grid_hz;
    int thin, n_block, margin;    /* input samples of a grid sample; grid samples of a block, and before and behind it */
    size_t n_leads;
    struct lead *lead;
    int64_t n_in, n_blocks;       /* input samples taken; blocks measured */
    int phase, n_z;               /* input samples in the grid sample being made; grid samples in z */
    bool open;                    /* an episode: windows first to last, by their first block, and what they score in all */
    int64_t first, last;
    double sum_to_last, sum;
    int64_t windows_to_last, windows;
};

/* ---- samples to blocks ---- */

/* z of the next block, as far as n input samples make it. Samples that are missing repeat the last. */
static void take(struct fibrillation *s, struct lead *l, const double *x, size_t n)
{
    int phase = s->phase, at = s->n_z;

    for (size_t i = 0; i < n; i++) {
        const double mv = x[i] * l->mv;
        const bool there = fabs(mv) <= LARGEST;
        if (there && !l->begun) {
            l->begun = true;
            l->offset = mv;
        }
        if (there)
            l->last = mv - l->offset;
        else
            l->missing[at >= s->margin + s->n_block]++;
        l->sum += l->last;
        if (++phase == s->thin) {
            l->z[at++] = (float)(l->sum / s->thin);
            l->sum = 0;
            phase = 0;
        }
    }
}

/* The block's y; the mean's sum begins afresh with each block, so that nothing stays in it for ever. */
static void filter(const struct fibrillation *s, const float *z, float *y)
{
    const int half = s->margin;
    double sum = 0;

    for (int k = -half; k < half; k++)
        sum += (double)z[k];
    for (int i = 0; i < s->n_block; i++) {
        sum += (double)z[i + half];
        y[i] = (z[i - 1] + 2 * z[i] + z[i + 1]) / 4 - (float)(sum / (2 * half + 1));
        sum -= (double)z[i - half];
    }
}

static struct block measure(const float *y, int n, float before)
{
    struct block b = {.low = y[0], .high = y[0]};

    for (int i = 0; i < n; i++) {
        const float d = y[i] - before;
        const double d2 = (double)d * (double)d;
        b.size += (double)fabsf(y[i]);
        b.step += (double)fabsf(d);
        b.step2 += d2;
        b.step4 += d2 * d2;
        b.low = y[i] < b.low ? y[i] : b.low;
        b.high = y[i] > b.high ? y[i] : b.high;
        before = y[i];
    }
    return b;
}

static void add_block(const struct fibrillation *s, struct lead *l)
{
    const int n = s->n_block;
    float *const y = l->y + (BLOCKS - 1) * n;

    memmove(l->y, l->y + n, (size_t)(BLOCKS - 1) * (size_t)n * sizeof *y);
    memmove(l->block, l->block + 1, (BLOCKS - 1) * sizeof *l->block);
    filter(s, l->z + s->margin, y);
    l->block[BLOCKS - 1] = measure(y, n, s->n_blocks > 0 ? y[-1] : y[0]);
    l->block[BLOCKS - 1].missing = l->missing[0];
    l->missing[0] = l->missing[1];
    l->missing[1] = 0;
    memmove(l->z, l->z + n, (size_t)(2 * s->margin) * sizeof *l->z);
}

/* ---- what a lead says of a window ---- */

static double margin_of(struct limit l, double v) { return (v - l.limit) / (l.sure - l.limit); }

static double swing(const struct lead *l)
{
    double v[BLOCKS] = {0};

    for (int b = 0; b < BLOCKS; b++) {   /* by insertion */
        const double range = (double)l->block[b].high - (double)l->block[b].low;
        int k = b;
        for (; k > 0 && v[k - 1] > range; k--)
            v[k] = v[k - 1];
        v[k] = range;
    }
    return (v[BLOCKS / 2 - 1] + v[BLOCKS / 2]) / 2;
}

static float largest(const struct lead *l, int from, int to)
{
    float most = 0;

    for (int b = from > 0 ? from : 0; b <= to && b < BLOCKS; b++) {
        most = l->block[b].high > most ? l->block[b].high : most;
        most = -l->block[b].low > most ? -l->block[b].low : most;
    }
    return most;
}

static double filled(const struct lead *l, int n)
{
    int count = 0;

    for (int b = 0; b < BLOCKS; b++) {
        const float limit = (float)ABOVE * largest(l, b - 1, b + 1);
        const float *const y = l->y + b * n;
        for (int i = 0; i < n; i++)
            count += fabsf(y[i]) > limit;
    }
    return (double)count / (BLOCKS * n);
}

static double leak(const float *y, int n, int apart)
{
    double through = 0, all = 0;

    for (int i = apart; i < n; i++) {
        through += (double)fabsf(y[i] + y[i - apart]);
        all += (double)(fabsf(y[i]) + fabsf(y[i - apart]));
    }
    return all > 0 ? through / all : 1;
}

/* Returns false if the lead has no vote. Costly measures only where the others leave room for them. */
static bool vote(const struct fibrillation *s, const struct lead *l, double *out)
{
    const int n = BLOCKS * s->n_block;
    const double swing_mv = swing(l);
    struct block all = {.size = 0};

    for (int b = 0; b < BLOCKS; b++) {
        all.size += l->block[b].size;
        all.step += l->block[b].step;
        all.step2 += l->block[b].step2;
        all.step4 += l->block[b].step4;
        all.missing += l->block[b].missing;
    }
    if (all.missing > MOST_MISSING * n * s->thin || !(swing_mv >= LEAST_SWING && swing_mv <= MOST_SWING))
        return false;
    const double half_period = acos(-1) * all.size / all.step, rate_hz = s->grid_hz / (2 * half_period);
    double least = fmin(margin_of(slow_limit, rate_hz), margin_of(fast_limit, rate_hz));
    least = fmin(least, margin_of(swing_limit, swing_mv));
    least = fmin(least, margin_of(peaked_limit, n * all.step4 / (all.step2 * all.step2)));
    if (least > -1)
        least = fmin(least, margin_of(filled_limit, filled(l, s->n_block)));
    if (least > -1)
        least = fmin(least, margin_of(leak_limit, leak(l->y, n, (int)lround(half_period))));
    *out = fmax(-1, fmin(1, least));
    return true;
}

/* ---- windows to episodes ---- */

static double score(const struct fibrillation *s)
{
    double sum = 0, said = 0;
    int votes = 0;

    for (size_t c = 0; c < s->n_leads; c++)
        if (vote(s, &s->lead[c], &said)) {
            sum += said;
            votes++;
        }
    return votes > 0 ? sum / votes : -1;
}

/* Ends the open episode; at_end: because the input does. Returns how many that gives. What reaches to either end of the input
 * begins or ends there. */
static size_t close_episode(struct fibrillation *s, bool at_end, struct fibrillation_episode *out)
{
    const int64_t block = (int64_t)s->n_block * s->thin, newest = s->n_blocks - BLOCKS;
    const int64_t edge = (int64_t)lround(EDGE * BLOCKS * (double)block);
    const int64_t first = s->first == 0 ? 0 : s->first * block + edge;
    const int64_t end = at_end && s->last == newest ? s->n_in : (s->last + BLOCKS) * block - edge;
    const double mean = s->sum_to_last / (double)s->windows_to_last;

    s->open = false;
    if ((double)(end - first) < SHORTEST_S * s->fs_hz || mean < LEAST_MEAN)
        return 0;
    *out = (struct fibrillation_episode){.first = first, .n = end - first, .confidence = (1 + mean) / 2};
    return 1;
}

bool fibrillation_goes_on(const struct fibrillation *s, struct fibrillation_episode *out)
{
    struct fibrillation copy = *s;   /* what closing changes lies in the struct itself */

    return s->open && close_episode(&copy, true, out) > 0;
}

/* Looks at the window of the last BLOCKS blocks. */
static size_t look(struct fibrillation *s, struct fibrillation_episode *out)
{
    const int64_t window = s->n_blocks - BLOCKS;
    const double now = score(s);

    if (!s->open && now > ON) {
        s->open = true;
        s->first = window;
        s->sum = 0;
        s->windows = 0;
    }
    if (!s->open)
        return 0;
    s->sum += now;
    s->windows++;
    if (now > ON) {
        s->last = window;
        s->sum_to_last = s->sum;
        s->windows_to_last = s->windows;
    }
    return now <= OFF || window - s->last >= PATIENCE ? close_episode(s, false, out) : 0;
}

/* z is full: a block can be measured. */
static size_t next_block(struct fibrillation *s, struct fibrillation_episode *out)
{
    for (size_t c = 0; c < s->n_leads; c++)
        add_block(s, &s->lead[c]);
    s->n_z -= s->n_block;
    return ++s->n_blocks >= BLOCKS ? look(s, out) : 0;
}

/* ---- the object ---- */

static int room(const struct fibrillation *s) { return s->n_block + 2 * s->margin; }

static void reset(struct fibrillation *s)
{
    for (size_t c = 0; c < s->n_leads; c++) {
        struct lead *const l = &s->lead[c];
        memset(l->z, 0, (size_t)room(s) * sizeof *l->z);
        l->offset = l->last = l->sum = 0;
        l->begun = false;
        l->missing[0] = l->missing[1] = 0;
    }
    s->n_in = s->n_blocks = 0;
    s->phase = 0;
    s->n_z = s->margin;
    s->open = false;
}

size_t fibrillation_bound(const struct fibrillation *s, size_t n)
{
    return n / ((size_t)s->n_block * (size_t)s->thin) + 3;
}

size_t fibrillation_push(struct fibrillation *s, const double *const x[], size_t n, struct fibrillation_episode *out)
{
    size_t made = 0;

    for (size_t at = 0; at < n;) {
        const size_t wanted = (size_t)(room(s) - s->n_z) * (size_t)s->thin - (size_t)s->phase;
        const size_t m = n - at < wanted ? n - at : wanted;
        for (size_t c = 0; c < s->n_leads; c++)
            take(s, &s->lead[c], x[c] + at, m);
        s->n_z += (int)(((size_t)s->phase + m) / (size_t)s->thin);
        s->phase = (int)(((size_t)s->phase + m) % (size_t)s->thin);
        s->n_in += (int64_t)m;
        at += m;
        if (s->n_z == room(s))
            made += next_block(s, out + made);
    }
    return made;
}

/* The last grid sample stands for what would follow. */
size_t fibrillation_flush(struct fibrillation *s, struct fibrillation_episode *out)
{
    size_t made = 0;

    if (s->n_z >= s->margin + s->n_block) {
        for (size_t c = 0; c < s->n_leads; c++)
            for (int i = s->n_z; i < room(s); i++)
                s->lead[c].z[i] = s->lead[c].z[s->n_z - 1];
        made = next_block(s, out);
    }
    if (s->open)
        made += close_episode(s, true, out + made);
    reset(s);
    return made;
}

void fibrillation_destroy(struct fibrillation *s)
{
    if (!s)
        return;
    for (size_t c = 0; s->lead && c < s->n_leads; c++) {
        free(s->lead[c].z);
        free(s->lead[c].y);
    }
    free(s->lead);
    free(s);
}

static bool allocate(struct fibrillation *s, size_t n_leads, const double *mv)
{
    bool all = true;

    s->lead = calloc(n_leads, sizeof *s->lead);
    if (!s->lead)
        return false;
    s->n_leads = n_leads;
    for (size_t c = 0; c < n_leads; c++) {
        s->lead[c].mv = mv ? mv[c] : 1;
        s->lead[c].z = calloc((size_t)room(s), sizeof *s->lead[c].z);
        s->lead[c].y = calloc((size_t)(BLOCKS * s->n_block), sizeof *s->lead[c].y);
        all = all && s->lead[c].z && s->lead[c].y;
    }
    return all;
}

struct fibrillation *fibrillation_create(double fs_hz, size_t n_leads, const double *mv, struct kymo_err *e)
{
    if (!(fs_hz >= FIBRILLATION_SLOWEST_HZ && fs_hz <= FIBRILLATION_FASTEST_HZ) || n_leads == 0) {
        kymo_fail(e, KYMO_EUSAGE, "%zu leads of %g samples per second, not 1 or more of %g..%g", n_leads, fs_hz,
                  FIBRILLATION_SLOWEST_HZ, FIBRILLATION_FASTEST_HZ);
        return NULL;
    }
    struct fibrillation *const s = calloc(1, sizeof *s);
    if (s) {
        s->fs_hz = fs_hz;
        s->thin = fs_hz < 2 * GRID_HZ ? 1 : (int)(fs_hz / GRID_HZ);
        s->grid_hz = fs_hz / s->thin;
        s->n_block = (int)lround(BLOCK_S * s->grid_hz);
        s->margin = (int)lround(MEAN_HALF_S * s->grid_hz);
        if (allocate(s, n_leads, mv)) {
            reset(s);
            return s;
        }
    }
    fibrillation_destroy(s);
    kymo_fail(e, KYMO_ENOMEM, "no memory to find fibrillation");
    return NULL;
}
