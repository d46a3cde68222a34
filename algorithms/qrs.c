/* algorithms/qrs.c - see qrs.h. */
#include "algorithms/qrs.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "algorithms/qrs_lead.h"

enum {
    CHUNK = 512, MAX_LEADS = 32,
    CANDS = 256,          /* candidates remembered; 10 a second, 16 s */
    SLOTS = 48,           /* shapes remembered */
    NEIGHBOURS = 5,       /* accepted beats looked at on each side */
};

#define SIDE_S        0.30
#define APART_S       0.10
#define MIN_G         0.06f
#define REFRACTORY_S  0.20
#define LAG_S         2.0     /* context each weighing stage has on its right */

enum feature { F_HEIGHT, F_NOISE, F_LEFT, F_RIGHT, F_LIKE, F_UNLIKE, F_PREV, F_NEXT, F_STEP, F_STEP2, F_BROAD, F_GAP, F_FIT, F_G, F_UNDER, F_LOW, F_LUMP, F_BIG, N_FEATURES };

struct cand {
    int64_t n;
    double at;
    float g, left, right, broad;
    float z1, z;
    float loud, lump;
    int sure;     /* +1 taken, -1 surely not, 0 not known */
    double best[3];
    int64_t prev[3];
    bool in;
};

struct qrs {
    struct qrs_grid grid;
    double fs_hz;
    size_t n_leads;
    struct qrs_options opt;
    struct qrs_lead *lead;
    int64_t max_hold;
    int64_t clock;         /* input samples since create */
    int64_t origin;        /* input index of the segment's first sample */
    bool live;             /* inside a segment */
    int64_t n_windows;     /* measured */
    float *g;              /* detection function, same store layout as lead 0's arrays */
    float *weight;         /* sum of lead weights */
    struct cand cand[CANDS];
    int64_t n_cand, n_weighed[2], n_out;
    int64_t searched;      /* grid index below which candidates have been looked for */
    double rr;
    float *height, *q;     /* [CANDS * n_leads] */
    float *bank;           /* [n_leads * QRS_SHAPE][SLOTS] */
    float *shape;          /* [n_leads * QRS_SHAPE] */
    double *hold;          /* [CHUNK] */
    struct qrs_beat *ready;
    size_t n_ready, cap_ready, given;
};

static struct cand *cand_of(struct qrs *s, int64_t i) { return &s->cand[i & (CANDS - 1)]; }
static float *heights_of(struct qrs *s, int64_t i) { return s->height + (size_t)(i & (CANDS - 1)) * s->n_leads; }
static float *weights_of(struct qrs *s, int64_t i) { return s->q + (size_t)(i & (CANDS - 1)) * s->n_leads; }

/* ---- detection function ---- */

static float lead_weight(float scale, float noise)
{
    if (!(scale > 0))
        return 0;
    const float clear = 1 - noise / scale;
    const float c = clear > 0.05f ? clear : 0.05f;
    return c * c * c;
}

static void lead_add(struct qrs *s, const struct qrs_lead *l, int64_t w, int64_t last)
{
    const int half = s->grid.window / 2, T = s->grid.window;
    const int64_t from = w * T;
    float *const g = s->g + (from - l->base), *const weight = s->weight + (from - l->base);
    const float *const e = l->energy + (from - l->base);
    const int64_t wl = w > 0 ? w - 1 : w, wr = w < last ? w + 1 : w;
    const float q = lead_weight(l->scale[w % 16], l->noise[w % 16]);

    if (q <= 0)
        return;
    for (int part = 0; part < 2; part++) {
        const int64_t a = part ? w : wl, b = part ? wr : w;
        const float s0 = l->scale[a % 16], s1 = l->scale[b % 16], n0 = l->noise[a % 16], n1 = l->noise[b % 16];
        const int i0 = part ? half : 0, i1 = part ? T : half;
        const float start = part ? 0.0f : 0.5f;
        const float ds = (s1 - s0) / (float)T, dn = (n1 - n0) / (float)T;
        const float sb = s0 + (s1 - s0) * start, nb = n0 + (n1 - n0) * start;
        for (int i = i0; i < i1; i++) {
            const float scale = sb + ds * (float)(i - i0), noise = nb + dn * (float)(i - i0);
            float v = (e[i] - noise) / (scale - noise + 1e-30f);
            v = v > 0 ? v : 0;
            g[i] += q * v / (1 + 0.25f * v);
        }
    }
    for (int i = 0; i < T; i++)
        weight[i] += q;
    if (l->blind_end + s->grid.margin > from)
        for (int i = 0; i < T; i++)
            if (e[i] == 0)
                weight[i] -= q;
}

static void g_make(struct qrs *s, int64_t w, int64_t last)
{
    const struct qrs_lead *const l = &s->lead[0];
    float *const g = s->g + (w * s->grid.window - l->base), *const weight = s->weight + (w * s->grid.window - l->base);

    for (int i = 0; i < s->grid.window; i++)
        g[i] = weight[i] = 0;
    for (size_t c = 0; c < s->n_leads; c++)
        lead_add(s, &s->lead[c], w, last);
    for (int i = 0; i < s->grid.window; i++)
        g[i] = weight[i] > 1e-6f ? g[i] / weight[i] : 0;
}

/* ---- candidates ---- */

static float mean_of(const float *v, int from, int to)
{
    float sum = 0;
    for (int i = from; i < to; i++)
        sum += v[i];
    return sum / (float)(to - from);
}

/* Centre of the largest deflection of the band-passed wave within 80 ms of grid index n. */
static double fiducial(const struct qrs *s, int64_t n, const float *scale, const float *q)
{
    const int reach = (int)lround(0.15 * s->grid.rate_hz), near = (int)lround(0.08 * s->grid.rate_hz);
    float sum[2 * 36 + 3] = { 0 };

    for (size_t c = 0; c < s->n_leads; c++) {
        const struct qrs_lead *const l = &s->lead[c];
        const float *const a = l->steep + (n - l->base);
        const float unit = scale[c] > 0 ? q[c] / scale[c] : 0;
        float w = 0;
        for (int i = -reach; i <= reach; i++) {
            w += 0.5f * (a[i - 1] + a[i]);
            sum[i + reach] += unit * fabsf(w);
        }
    }
    int top = reach;
    for (int i = reach - near; i <= reach + near; i++)
        if (sum[i] > sum[top])
            top = i;
    const double l = sum[top - 1], m = sum[top], r = sum[top + 1], bend = l - 2 * m + r;
    const double shift = bend < 0 ? 0.5 * (l - r) / bend : 0;
    return (double)(n + top - reach) + (fabs(shift) <= 1 ? shift : 0);
}

static void cand_add(struct qrs *s, int64_t n, int64_t w)
{
    const int64_t i = s->n_cand++;
    struct cand *const k = cand_of(s, i);
    const int64_t base = s->lead[0].base;
    const float *const g = s->g + (n - base);
    const int near = (int)lround(0.04 * s->grid.rate_hz), inner = (int)lround(0.1 * s->grid.rate_hz), outer = (int)lround(0.3 * s->grid.rate_hz);
    float *const h = heights_of(s, i), *const q = weights_of(s, i);
    float scale[MAX_LEADS];

    memset(k, 0, sizeof *k);
    k->n = n;
    k->g = g[0];
    k->left = mean_of(g, -outer, -inner + 1);
    k->right = mean_of(g, inner, outer + 1);
    for (size_t c = 0; c < s->n_leads; c++) {
        const struct qrs_lead *const l = &s->lead[c];
        const float *const e = l->energy + (n - l->base);
        h[c] = 0;
        for (int j = -near; j <= near; j++)
            h[c] = e[j] > h[c] ? e[j] : h[c];
        scale[c] = l->scale[w % 16];
        q[c] = e[0] > 0 ? lead_weight(l->scale[w % 16], l->noise[w % 16]) : 0;
    }
    k->at = fiducial(s, n, scale, q);

    /* shape */
    float square = 0, eb = 0, ea = 0;
    for (size_t c = 0; c < s->n_leads; c++) {
        float *const v = s->shape + c * QRS_SHAPE;
        qrs_lead_shape(&s->lead[c], &s->grid, k->at, v);
        const float unit = scale[c] > 0 ? sqrtf(q[c]) / scale[c] : 0;
        float b = 0;
        for (int j = 13; j < 20; j++) {
            b += fabsf(v[j]);
            v[j] *= 1.0f;
        }
        eb += q[c] * b / (scale[c] + 1e-30f);
        ea += q[c] * h[c] / (scale[c] + 1e-30f);
        for (int j = 0; j < QRS_SHAPE; j++) {
            v[j] *= unit;
            square += v[j] * v[j];
        }
    }
    k->loud = logf(ea + 1e-20f);
    for (int64_t j = i - 1; j >= 0 && j > i - 4; j--) {
        const struct cand *const p = cand_of(s, j);
        if ((double)(n - p->n) < REFRACTORY_S * s->grid.rate_hz && p->g > 0.75f * k->g)
            k->lump = 1;
    }
    k->broad = logf((eb + 1e-20f) / (ea + 1e-20f));
    const float norm = square > 0 ? 1 / sqrtf(square) : 0;
    for (size_t j = 0; j < s->n_leads * QRS_SHAPE; j++)
        s->bank[j * SLOTS + (size_t)(i % SLOTS)] = s->shape[j] * norm;
}

static void cands_find(struct qrs *s, int64_t to, int64_t w, int64_t to_end)
{
    const float *const g = s->g - s->lead[0].base;
    const int apart = (int)lround(APART_S * s->grid.rate_hz);

    for (int64_t n = s->searched; n < to; n++) {
        if (g[n] <= MIN_G || g[n] <= g[n - 1] || g[n] < g[n + 1])
            continue;
        bool top = true;
        for (int j = 1; j <= apart && top; j++)
            top = g[n - j] < g[n] && g[n + j] <= g[n];
        if (top && n > 0.06 * s->grid.rate_hz && n < to_end)
            cand_add(s, n, w);
    }
    s->searched = to;
}

/* ---- first choice: best chain ---- */

static float clip(float v, float lo, float hi) { return v < lo ? lo : v > hi ? hi : v; }

#ifdef DEV
static float P[] = { 3, 0.9f, 1.0f, 0.25f, 0.25f, 2.0f, 0.25f };
#else
static const float P[] = { 3, 0.9f, 1.0f, 0.25f, 0.25f, 2.0f, 0.25f };
#endif
static void chain_extend(struct qrs *s, int64_t i, int stage)
{
    struct cand *const k = cand_of(s, i);
    const double rate = s->grid.rate_hz;
    double best = -1e9;

    if (stage == 0) {
        const float under = fmaxf(logf((k->left + 0.01f) / (k->g + 0.01f)), logf((k->right + 0.01f) / (k->g + 0.01f)));
        k->z1 = clip(logf(k->g / P[3]), -3, 1.2f) - P[2] * clip(under + 0.7f, 0, 1.5f) - k->lump;
    }
    const float score = stage ? k->z : k->z1;
    k->prev[stage] = -1;
    for (int64_t j = i - 1; j >= 0 && j > i - 40; j--) {
        const struct cand *const p = cand_of(s, j);
        const double d = (double)(k->at - p->at) / rate, r = d / s->rr;
        if (d < REFRACTORY_S)
            continue;
        double pen = 0;
        if (d < 0.36)
            pen += P[0] * (0.36 - d) / 0.16;
        if (stage == 0 && r < 0.75)
            pen += P[5] * (0.75 - r);
        if (stage == 0 && r > 1.3)
            pen += P[1] * fmin(6, r - 1.3);
        if (p->best[stage] - pen > best) {
            best = p->best[stage] - pen;
            k->prev[stage] = j;
        }
        if (d > 4)
            break;
    }
    if (k->prev[stage] < 0)
        best = 0;
    k->best[stage] = score + best;
}

static int by_value(const void *a, const void *b) { const float x = *(const float *)a, y = *(const float *)b; return (x > y) - (x < y); }
static float median(float *v, int n)
{
    for (int i = 1; i < n; i++) {
        const float x = v[i];
        int j = i;
        for (; j > 0 && v[j - 1] > x; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
    (void)by_value;
    return n ? v[n / 2] : 0;
}

static void chain_trace(struct qrs *s, int stage, int64_t from, int64_t to)
{
    if (from >= to)
        return;
    const int64_t last = to - 1;
    int64_t end = last;
    for (int64_t i = last; i >= 0 && i > last - 20 && cand_of(s, last)->n - cand_of(s, i)->n < 1.5 * s->grid.rate_hz; i--)
        if (cand_of(s, i)->best[stage] > cand_of(s, end)->best[stage])
            end = i;
    for (int64_t i = last; i >= from; i--) {
        struct cand *const k = cand_of(s, i);
        k->in = false;
        k->sure = stage == 0 ? (k->g < P[6] ? -1 : 0) : k->z < -2 ? -1 : 0;
    }
    for (int64_t i = end; i >= from; i = cand_of(s, i)->prev[stage]) {
        struct cand *const k = cand_of(s, i);
        k->in = true;
        k->sure = 1;
    }
}

static void rate_follow(struct qrs *s)
{
    if (!s->n_cand)
        return;
    const int64_t last = s->n_cand - 1;
    /* rate over the last 10 s */
    float rr[64];
    int n = 0;
    int64_t next = -1;
    for (int64_t i = last; i >= 0 && i > last - CANDS + 1 && n < 64; i--) {
        const struct cand *const k = cand_of(s, i);
        if ((double)(cand_of(s, last)->n - k->n) > 10 * s->grid.rate_hz)
            break;
        if (!k->in)
            continue;
        if (next >= 0)
            rr[n++] = (float)((double)(next - k->n) / s->grid.rate_hz);
        next = k->n;
    }
    if (n >= 3)
        s->rr = median(rr, n);
}

/* ---- second choice: each candidate against its context ---- */

struct context {
    int64_t before[NEIGHBOURS], after[NEIGHBOURS];
    int n_before, n_after;
};

static void context_find(struct qrs *s, int64_t i, struct context *x)
{
    const double rate = s->grid.rate_hz;
    const struct cand *const k = cand_of(s, i);
    const int64_t first = s->n_cand > CANDS ? s->n_cand - CANDS : 0;

    x->n_before = x->n_after = 0;
    for (int64_t j = i - 1; j >= first && x->n_before < NEIGHBOURS; j--) {
        const struct cand *const p = cand_of(s, j);
        const double d = (k->at - p->at) / rate;
        if (d > 8)
            break;
        if (p->in && d >= REFRACTORY_S)
            x->before[x->n_before++] = j;
    }
    for (int64_t j = i + 1; j < s->n_cand && x->n_after < NEIGHBOURS; j++) {
        const struct cand *const p = cand_of(s, j);
        const double d = (p->at - k->at) / rate;
        if (d > 8)
            break;
        if (p->in && d >= REFRACTORY_S)
            x->after[x->n_after++] = j;
    }
}

static void likeness(struct qrs *s, int64_t i, float *like, float *unlike)
{
    const size_t dims = s->n_leads * QRS_SHAPE, own = (size_t)(i % SLOTS);
    float r[SLOTS] = { 0 };

    for (size_t d = 0; d < dims; d++) {
        const float *const row = s->bank + d * SLOTS;
        const float v = row[own];
        for (int j = 0; j < SLOTS; j++)
            r[j] += v * row[j];
    }
    float best[2][2] = { { 0 }, { 0 } };
    const struct cand *const k = cand_of(s, i);
    for (int64_t j = s->n_cand - 1; j >= 0 && j >= s->n_cand - SLOTS; j--) {
        const struct cand *const p = cand_of(s, j);
        if (p->sure == 0 || fabs(p->at - k->at) < REFRACTORY_S * s->grid.rate_hz)
            continue;
        float *const b = best[p->sure > 0];
        const float v = r[j % SLOTS] - P[4] * fminf(1.5f, fabsf(p->loud - k->loud));
        if (v > b[0]) {
            b[1] = b[0];
            b[0] = v;
        } else if (v > b[1])
            b[1] = v;
    }
    *like = -logf(1.05f - best[1][1]);
    *unlike = -logf(1.05f - best[0][1]);
}

static float median_height(struct qrs *s, const struct context *x, size_t c)
{
    float h[2 * NEIGHBOURS];
    int n = 0;
    for (int j = 0; j < x->n_before; j++)
        h[n++] = heights_of(s, x->before[j])[c];
    for (int j = 0; j < x->n_after; j++)
        h[n++] = heights_of(s, x->after[j])[c];
    return median(h, n);
}

static void features(struct qrs *s, int64_t i, float f[N_FEATURES])
{
    const struct cand *const k = cand_of(s, i);
    const double rate = s->grid.rate_hz;
    struct context x;
    context_find(s, i, &x);
    const float *const h = heights_of(s, i), *const q = weights_of(s, i);
    const int64_t w = k->n / s->grid.window;
    float sq = 1e-9f, fh = 0, fn = 0, fs = 0, fs2 = 0;
    const int64_t pb = x.n_before ? x.before[0] : -1, pa = x.n_after ? x.after[0] : -1;

    for (size_t c = 0; c < s->n_leads; c++) {
        float ref = x.n_before + x.n_after >= 3 ? median_height(s, &x, c) : s->lead[c].scale[w % 16];
        const float tiny = 1e-30f;
        sq += q[c];
        fh += q[c] * clip(logf((h[c] + tiny) / (ref + tiny)), -3, 1);
        fn += q[c] * clip(logf((s->lead[c].noise[w % 16] + tiny) / (ref + tiny)), -5, 0);
        fs += q[c] * (pb >= 0 ? clip(logf((h[c] + tiny) / (heights_of(s, pb)[c] + tiny)), -3, 3) : 0);
        fs2 += q[c] * (pa >= 0 ? clip(logf((h[c] + tiny) / (heights_of(s, pa)[c] + tiny)), -3, 3) : 0);
    }
    float rr[2 * NEIGHBOURS], ba[2 * NEIGHBOURS];
    int n = 0, m = 0;
    for (int j = 0; j + 1 < x.n_before; j++)
        rr[n++] = (float)((cand_of(s, x.before[j])->at - cand_of(s, x.before[j + 1])->at) / rate);
    for (int j = 0; j + 1 < x.n_after; j++)
        rr[n++] = (float)((cand_of(s, x.after[j + 1])->at - cand_of(s, x.after[j])->at) / rate);
    for (int j = 0; j < x.n_before; j++)
        ba[m++] = cand_of(s, x.before[j])->broad;
    for (int j = 0; j < x.n_after; j++)
        ba[m++] = cand_of(s, x.after[j])->broad;
    const float rrm = n >= 2 ? median(rr, n) : (float)s->rr;
    const float dp = pb >= 0 ? (float)((k->at - cand_of(s, pb)->at) / rate) : 2 * rrm;
    const float dn = pa >= 0 ? (float)((cand_of(s, pa)->at - k->at) / rate) : 2 * rrm;
    f[F_HEIGHT] = fh / sq;
    f[F_NOISE] = fn / sq;
    f[F_LEFT] = clip(logf((k->left + 0.01f) / (k->g + 0.01f)), -4, 1);
    f[F_RIGHT] = clip(logf((k->right + 0.01f) / (k->g + 0.01f)), -4, 1);
    likeness(s, i, &f[F_LIKE], &f[F_UNLIKE]);
    f[F_LUMP] = k->lump;
    f[F_UNDER] = clip(fmaxf(f[F_LEFT], f[F_RIGHT]) + 0.7f, 0, 1.5f);
    f[F_LOW] = clip(-0.8f - f[F_HEIGHT], 0, 2);
    f[F_PREV] = clip(0.8f - dp / rrm, 0, 0.8f);
    f[F_NEXT] = clip(0.8f - dn / rrm, 0, 0.8f);
    f[F_STEP] = dp < 0.5f ? clip(-fs / sq, 0, 3) : 0;
    f[F_STEP2] = dn < 0.5f ? clip(-fs2 / sq, 0, 3) : 0;
    f[F_BROAD] = m >= 3 ? clip(k->broad - median(ba, m), -2, 2) : 0;
    f[F_GAP] = clip((dp + dn) / rrm - 1.5f, 0, 1.5f);
    const float parts = fmaxf(1, roundf((dp + dn) / rrm));
    f[F_FIT] = parts >= 2 ? clip(fabsf(dp / (dp + dn) * parts - roundf(dp / (dp + dn) * parts)), 0, 0.5f) : 0.5f;
    f[F_G] = clip(logf(k->g), -3, 1);
    f[F_BIG] = clip(f[F_HEIGHT] + f[F_BROAD] - 0.2f, 0, 1.5f);
}

#ifndef QRS_WEIGHTS
#define QRS_WEIGHTS { 2.5f, -0.5f, -1, -0.2f, 1, -1, -1, -2, -1, -1, 1, 0.5f, -1, 0.5f, -2, -1, -1.5f, 2 }, 0.0f
#endif
struct weights { float w[N_FEATURES], bias; };
#ifndef DEV
static const struct weights weights = { QRS_WEIGHTS };
#else
static struct weights weights = { QRS_WEIGHTS };
#endif

static float weigh(const float f[N_FEATURES])
{
    float z = weights.bias;
    for (int j = 0; j < N_FEATURES; j++)
        z += weights.w[j] * f[j];
    return clip(z, -8, 8);
}

static void stage_run(struct qrs *s, int stage, int64_t below)
{
    while (s->n_weighed[stage] < s->n_cand) {
        const int64_t i = s->n_weighed[stage];
        struct cand *const k = cand_of(s, i);
        if (k->n >= below)
            break;
        float f[N_FEATURES];
        features(s, i, f);
        k->z = weigh(f);
#ifdef DEV
        dev_trace(s, k, f, stage);
#endif
        chain_extend(s, i, stage + 1);
        s->n_weighed[stage]++;
    }
    chain_trace(s, stage + 1, stage ? s->n_out : s->n_weighed[1], s->n_weighed[stage]);
}

static void beats_emit(struct qrs *s, int64_t below, int64_t end)
{
    for (; s->n_out < s->n_weighed[1]; s->n_out++) {
        const struct cand *const k = cand_of(s, s->n_out);
        if (k->n >= below)
            return;
        if (!k->in)
            continue;
        const int64_t at = s->origin + llround(k->at * s->grid.thin) + s->grid.thin - 1;
        if (at < s->origin || at >= end || s->n_ready >= s->cap_ready)
            continue;
        s->ready[s->n_ready++] = (struct qrs_beat){ at, 1 / (1 + exp(-(double)k->z)) };
    }
}

/* Everything that can be said once window w has its scale; last: newest window; done: nothing follows. */
static void window_finish(struct qrs *s, int64_t w, int64_t last, bool done, int64_t end)
{
    const int64_t T = s->grid.window, lag = (int64_t)(LAG_S * s->grid.rate_hz), refractory = (int64_t)(REFRACTORY_S * s->grid.rate_hz) + 1;
    int64_t ready = (w + 1) * T - (int64_t)(SIDE_S * s->grid.rate_hz) - 1;
    const int64_t first = s->n_cand;

    g_make(s, w, last);
    if (done)
        ready = (w + 1) * T;
    cands_find(s, ready, w, end == INT64_MAX ? end : (end - s->origin) / s->grid.thin - (int64_t)(0.06 * s->grid.rate_hz));
    for (int64_t i = first; i < s->n_cand; i++)
        chain_extend(s, i, 0);
    chain_trace(s, 0, s->n_weighed[0], s->n_cand);
    rate_follow(s);
    stage_run(s, 0, done ? INT64_MAX : ready - lag);
    stage_run(s, 1, done ? INT64_MAX : ready - 2 * lag);
    beats_emit(s, done ? INT64_MAX : ready - 2 * lag - refractory, end);
}

static void segment_start(struct qrs *s)
{
    for (size_t c = 0; c < s->n_leads; c++)
        qrs_lead_reset(&s->lead[c], &s->grid);
    memset(s->g, 0, (size_t)s->grid.n_store * sizeof *s->g);
    memset(s->weight, 0, (size_t)s->grid.n_store * sizeof *s->g);
    s->n_windows = s->n_cand = s->n_weighed[0] = s->n_weighed[1] = s->n_out = s->searched = 0;
    s->rr = 0.8;
    s->origin = s->clock;
    s->live = true;
}

static void windows_advance(struct qrs *s)
{
    const int64_t T = s->grid.window;

    while (s->lead[0].n >= (s->n_windows + 1) * T + s->grid.margin + 16) {
        const int64_t w = s->n_windows++;
        for (size_t c = 0; c < s->n_leads; c++)
            qrs_lead_measure(&s->lead[c], &s->grid, w, (int)T);
        const int64_t u = w - QRS_LAG;
        for (size_t c = 0; c < s->n_leads && u + 1 >= 0; c++)
            qrs_lead_level(&s->lead[c], u + 1, w);
        if (u >= 0)
            window_finish(s, u, w, false, INT64_MAX);
        const int64_t base = s->lead[0].base;
        for (size_t c = 0; c < s->n_leads; c++)
            qrs_lead_make_room(&s->lead[c], &s->grid);
        const int64_t cut = s->lead[0].base - base;
        if (cut) {
            const size_t keep = (size_t)(s->grid.n_store - cut);
            memmove(s->g, s->g + cut, keep * sizeof *s->g);
            memmove(s->weight, s->weight + cut, keep * sizeof *s->g);
        }
    }
}

/* The segment ends before input sample end. */
static void segment_finish(struct qrs *s, int64_t end)
{
    const int64_t T = s->grid.window;
    int64_t n = (end - s->origin) / s->grid.thin;

    s->live = false;
    if (n < (int64_t)(0.3 * s->grid.rate_hz))
        return;
    const int64_t n_windows = (n + T - 1) / T;
    const int64_t done = s->n_windows;
    for (size_t c = 0; c < s->n_leads; c++) {
        struct qrs_lead *const l = &s->lead[c];
        while (l->n < n_windows * T + s->grid.margin + 32)
            qrs_lead_take(l, &s->grid, &l->last, 1, 0);
    }
    for (int64_t w = done; w < n_windows; w++)
        for (size_t c = 0; c < s->n_leads; c++) {
            const int64_t rest = n - w * T;
            qrs_lead_measure(&s->lead[c], &s->grid, w, (int)(rest < T ? rest : T));
            if (rest < T / 3 && w > 0) {
                s->lead[c].peak[w % 16] = s->lead[c].peak[(w - 1) % 16];
                s->lead[c].floor[w % 16] = s->lead[c].floor[(w - 1) % 16];
            }
        }
    const int64_t from = done > QRS_LAG ? done - QRS_LAG : 0;
    for (int64_t u = from; u < n_windows; u++) {
        for (int64_t v = u; v <= u + 1 && v < n_windows; v++)
            for (size_t c = 0; c < s->n_leads; c++)
                qrs_lead_level(&s->lead[c], v, n_windows - 1);
        window_finish(s, u, n_windows - 1, u == n_windows - 1, end);
    }
}

/* ---- holes ---- */

static bool is_hole(double v) { return !(fabs(v) <= 1e300); }

static bool chunk_has_hole(const double *x, size_t n)
{
    uint64_t any = 0;

    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, x + i, sizeof bits);
        any |= (bits & UINT64_C(0x7ff0000000000000)) + UINT64_C(0x0010000000000000);
    }
    return any >> 63;
}

static void lead_hold(struct qrs *s, struct qrs_lead *l, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (is_hole(x[i])) {
            l->hole++;
            if (l->hole > s->max_hold) {
                const int64_t at = l->n - l->base + (l->phase + (int64_t)i) / s->grid.thin;
                l->blind[at] = 1;
                l->blind_end = at + l->base + 1;
            }
        } else {
            if (l->hole > s->max_hold)
                l->offset = x[i] - l->last;
            l->hole = 0;
            l->last = x[i] - l->offset;
        }
        s->hold[i] = l->last;
    }
    qrs_lead_take(l, &s->grid, s->hold, n, 0);
}

/* How many of the n frames come before every lead has been silent for longer than is bridged. */
static size_t frames_until_gap(const struct qrs *s, const double *const x[], size_t i0, size_t n)
{
    unsigned char out[CHUNK] = { 0 };

    for (size_t c = 0; c < s->n_leads; c++) {
        int64_t hole = s->lead[c].hole;
        for (size_t i = 0; i < n; i++) {
            hole = is_hole(x[c][i0 + i]) ? hole + 1 : 0;
            out[i] = (unsigned char)(out[i] + (hole > s->max_hold));
        }
    }
    for (size_t i = 0; i < n; i++)
        if (out[i] == s->n_leads)
            return i;
    return n;
}

static size_t frames_skip(const struct qrs *s, const double *const x[], size_t i, size_t n)
{
    for (; i < n; i++)
        for (size_t c = 0; c < s->n_leads; c++)
            if (!is_hole(x[c][i]))
                return i;
    return n;
}

static size_t drain(struct qrs *s, struct qrs_beat *out, size_t cap)
{
    const size_t left = s->n_ready - s->given, n = left < cap ? left : cap;

    memcpy(out, s->ready + s->given, n * sizeof *out);
    s->given += n;
    if (s->given == s->n_ready)
        s->given = s->n_ready = 0;
    return n;
}

size_t qrs_push(struct qrs *s, const double *const x[], size_t n, struct qrs_beat *out)
{
    size_t made = 0;

    for (size_t i = 0; i < n;) {
        if (!s->live) {
            const size_t to = frames_skip(s, x, i, n);
            s->clock += (int64_t)(to - i);
            i = to;
            if (i == n)
                break;
            segment_start(s);
        }
        const size_t most = (size_t)s->grid.window < CHUNK ? (size_t)s->grid.window : CHUNK;   /* what leads have room for */
        size_t m = n - i < most ? n - i : most;
        bool hole = false;
        for (size_t c = 0; c < s->n_leads; c++)
            hole = hole || chunk_has_hole(x[c] + i, m) || s->lead[c].hole;
        bool gap = false;
        if (hole) {
            const size_t until = frames_until_gap(s, x, i, m);
            gap = until < m;
            m = until;
        }
        for (size_t c = 0; c < s->n_leads && m; c++) {
            struct qrs_lead *const l = &s->lead[c];
            if (hole)
                lead_hold(s, l, x[c] + i, m);
            else {
                qrs_lead_take(l, &s->grid, x[c] + i, m, l->offset);
                l->last = x[c][i + m - 1] - l->offset;
            }
        }
        s->clock += (int64_t)m;
        i += m;
        windows_advance(s);
        if (gap) {
            int64_t shortest = INT64_MAX;
            for (size_t c = 0; c < s->n_leads; c++)
                shortest = s->lead[c].hole < shortest ? s->lead[c].hole : shortest;
            segment_finish(s, s->clock - shortest);
        }
        made += drain(s, out + made, s->n_ready);
    }
    return made;
}

size_t qrs_flush(struct qrs *s, struct qrs_beat *out, size_t cap)
{
    if (s->live) {
        int64_t shortest = INT64_MAX;
        for (size_t c = 0; c < s->n_leads; c++)
            shortest = s->lead[c].hole < shortest ? s->lead[c].hole : shortest;
        segment_finish(s, s->clock - shortest);
    }
    const size_t n = drain(s, out, cap);
    if (!s->n_ready)
        s->clock = 0;
    return n;
}

size_t qrs_bound(const struct qrs *s, size_t n)
{
    return s->n_ready + 110 + (size_t)((double)n / (REFRACTORY_S * s->fs_hz));
}

void qrs_destroy(struct qrs *s)
{
    if (!s)
        return;
    for (size_t c = 0; s->lead && c < s->n_leads; c++)
        qrs_lead_release(&s->lead[c]);
    qrs_grid_release(&s->grid);
    free(s->lead);
    free(s->g);
    free(s->weight);
    free(s->height);
    free(s->q);
    free(s->bank);
    free(s->shape);
    free(s->hold);
    free(s->ready);
    free(s);
}

struct qrs *qrs_create(double fs_hz, size_t n_leads, const struct qrs_options *opt, struct kymo_err *e)
{
    static const struct qrs_options usual = { 15, 300 };

    if (!(fs_hz >= 60 && fs_hz <= 10000)) {
        kymo_fail(e, KYMO_EUSAGE, "sampling rate %g Hz, not 60..10000", fs_hz);
        return NULL;
    }
    if (n_leads < 1 || n_leads > MAX_LEADS) {
        kymo_fail(e, KYMO_EUSAGE, "%zu leads, not 1..%d", n_leads, MAX_LEADS);
        return NULL;
    }
    struct qrs *const s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->fs_hz = fs_hz;
    s->n_leads = n_leads;
    s->opt = opt ? *opt : usual;
    qrs_grid_init(&s->grid, fs_hz);
    s->max_hold = (int64_t)(0.02 * fs_hz);
    s->lead = calloc(n_leads, sizeof *s->lead);
    for (size_t c = 0; c < n_leads; c++)
        qrs_lead_init(&s->lead[c], &s->grid);
    s->g = calloc((size_t)s->grid.n_store, sizeof *s->g);
    s->weight = calloc((size_t)s->grid.n_store, sizeof *s->g);
    s->height = calloc(CANDS * n_leads, sizeof *s->height);
    s->q = calloc(CANDS * n_leads, sizeof *s->q);
    s->bank = calloc(n_leads * QRS_SHAPE * SLOTS, sizeof *s->bank);
    s->shape = calloc(n_leads * QRS_SHAPE, sizeof *s->shape);
    s->hold = calloc(CHUNK, sizeof *s->hold);
    s->cap_ready = 256;
    s->ready = calloc(s->cap_ready, sizeof *s->ready);
    return s;
}
