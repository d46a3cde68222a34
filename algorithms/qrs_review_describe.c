/* algorithms/qrs_review_describe.c - the numbers that say what a candidate is like. */
#include "algorithms/qrs_review_inside.h"
#include "algorithms/qrs.h"
#include "lib/clones.h"

enum {
    NEIGHBOURS = 7,              /* accepted beats looked at on each side */
    MATCHED = 5,                 /* beats that a shape must have to be looked for */
};

#define CONTEXT_S 8.0
#define RIVAL_S 0.5
#define DOUBT_S 6.0
#define UNSURE 4.0f              /* log-odds so far, above which shapes need not be looked for in quiet */

struct context {
    int64_t before[NEIGHBOURS], after[NEIGHBOURS];
    int n_before, n_after;
};

static struct context find_context(const struct qrs_review *r, int look, int64_t i)
{
    const double at = cand_of(r, i)->k.at;
    const int64_t first = oldest(r);
    struct context x = {.n_before = 0};

    for (int64_t j = i - 1; j >= first && x.n_before < NEIGHBOURS && at - cand_of(r, j)->k.at <= CONTEXT_S; j--)
        if (cand_of(r, j)->in[look] && at - cand_of(r, j)->k.at >= REVIEW_REFRACTORY_S)
            x.before[x.n_before++] = j;
    for (int64_t j = i + 1; j < r->n_decided && x.n_after < NEIGHBOURS && cand_of(r, j)->k.at - at <= CONTEXT_S; j++)
        if (cand_of(r, j)->in[look] && cand_of(r, j)->k.at - at >= REVIEW_REFRACTORY_S)
            x.after[x.n_after++] = j;
    return x;
}

static float median_of(const struct qrs_review *r, const struct context *x, size_t c, bool slow)
{
    float h[FEW];
    int n = 0;

    for (int j = 0; j < x->n_before; j++)
        h[n++] = slow ? leads_of(r, x->before[j])[c].slow : leads_of(r, x->before[j])[c].height;
    for (int j = 0; j < x->n_after; j++)
        h[n++] = slow ? leads_of(r, x->after[j])[c].slow : leads_of(r, x->after[j])[c].height;
    return qrs_median(h, n);
}

static size_t best_lead(const struct qrs_review *r, int64_t i)
{
    float most = -1;
    size_t best = 0;

    for (size_t c = 0; c < r->n_leads; c++) {
        const float t = r->trust[c], value = leads_of(r, i)[c].clear * t * t * t * t;
        if (value > most) {
            most = value;
            best = c;
        }
    }
    return best;
}

static float height_ratio(const struct qrs_review *r, int64_t a, int64_t b)
{
    float sum = 0, all = 1e-9f;

    for (size_t c = 0; c < r->n_leads; c++) {
        const float t = r->trust[c], w = leads_of(r, b)[c].clear * t * t;
        sum += w * log_ratio(leads_of(r, a)[c].height, leads_of(r, b)[c].height, -3, 3);
        all += w;
    }
    return sum / all;
}

static void describe_height(const struct qrs_review *r, int64_t i, const struct context *x, float *f)
{
    const bool known = x->n_before + x->n_after >= 3;
    const struct lead *const own = leads_of(r, i);
    const size_t best = best_lead(r, i);
    float all = 1e-9f;

    f[RF_HEIGHT_MAX] = -3;
    f[RF_HEIGHT_MIN] = 3;
    for (size_t c = 0; c < r->n_leads; c++) {
        const float usual = known ? median_of(r, x, c, false) : own[c].scale, t = r->trust[c];
        const float slow = known ? median_of(r, x, c, true) : own[c].slow;
        const float w = own[c].clear * t * t, h = log_ratio(own[c].height, usual, -3, 2);
        const float s = log_ratio(own[c].slow, slow, -3, 3), z = log_ratio(own[c].noise, usual, -5, 1);
        all += w;
        f[RF_HEIGHT] += w * h;
        f[RF_SLOW] += w * s;
        f[RF_NOISE] += w * z;
        f[RF_MURKY] += w * log_ratio(own[c].noise, own[c].height, -5, 1);
        f[RF_HEIGHT_MAX] = fmaxf(f[RF_HEIGHT_MAX], h);
        f[RF_HEIGHT_MIN] = fminf(f[RF_HEIGHT_MIN], h);
        if (c == best) {
            f[RF_HEIGHT_BEST] = h;
            f[RF_SLOW_BEST] = s;
            f[RF_NOISE_BEST] = z;
        }
    }
    f[RF_HEIGHT] /= all;
    f[RF_SLOW] /= all;
    f[RF_NOISE] /= all;
    f[RF_MURKY] /= all;
    f[RF_TRUST_BEST] = r->trust[best];
    f[RF_TRUST] = all;
    f[RF_HIGHER_BEFORE] = x->n_before ? height_ratio(r, i, x->before[0]) : 0;
    f[RF_HIGHER_AFTER] = x->n_after ? height_ratio(r, i, x->after[0]) : 0;
    f[RF_R_BEFORE] = x->n_before ? dot(shape_of(r, i), shape_of(r, x->before[0]), r->dims) : 0;
    f[RF_R_AFTER] = x->n_after ? dot(shape_of(r, i), shape_of(r, x->after[0]), r->dims) : 0;
}

/* How alike what surrounds the candidate is to what surrounds the three accepted beats on either side. */
static void describe_tail(const struct qrs_review *r, int64_t i, const struct context *x, float *f)
{
    const size_t n = r->n_leads * r->n_tail;
    float sum = 0, most = -1, loud[FEW];
    int m = 0;

    for (int side = 0; side < 2; side++)
        for (int j = 0; j < 3 && j < (side ? x->n_after : x->n_before); j++) {
            const int64_t other = side ? x->after[j] : x->before[j];
            const float like = dot(tail_of(r, i), tail_of(r, other), n);
            sum += like;
            most = fmaxf(most, like);
            loud[m++] = cand_of(r, other)->tail_loud;
        }
    f[RF_TAIL] = m ? sum / (float)m : 0;
    f[RF_TAIL_MOST] = m ? most : 0;
    f[RF_TAIL_LOUD] = m ? clip(cand_of(r, i)->tail_loud - qrs_median(loud, m), -3, 3) : 0;
}

static void describe_function(const struct qrs_review *r, int64_t i, float *f)
{
    const struct review_candidate *const k = &cand_of(r, i)->k;

    f[RF_G] = clip(logf(k->g), -3, 2);
    f[RF_LEFT] = clip(logf((k->left + 0.01f) / (k->g + 0.01f)), -4, 1);
    f[RF_RIGHT] = clip(logf((k->right + 0.01f) / (k->g + 0.01f)), -4, 1);
    f[RF_BESIDE] = fmaxf(f[RF_LEFT], f[RF_RIGHT]);
    f[RF_LUMP] = k->lump;
    f[RF_BROAD] = k->broad;
    f[RF_FIRST] = cand_of(r, i)->first;
    f[RF_HAND] = cand_of(r, i)->score[0];
}

static void describe_rhythm(const struct qrs_review *r, int64_t i, const struct context *x, float *f)
{
    const double at = cand_of(r, i)->k.at;
    float rr[FEW], spread[FEW];
    int n = 0;

    for (int j = 0; j + 1 < x->n_before; j++)
        rr[n++] = (float)(cand_of(r, x->before[j])->k.at - cand_of(r, x->before[j + 1])->k.at);
    for (int j = 0; j + 1 < x->n_after; j++)
        rr[n++] = (float)(cand_of(r, x->after[j + 1])->k.at - cand_of(r, x->after[j])->k.at);
    memcpy(spread, rr, sizeof spread);
    const float usual = n >= 2 ? qrs_median(rr, n) : 0.8f;
    for (int j = 0; j < n; j++)
        spread[j] = fabsf(logf(spread[j] / usual));
    const float before = x->n_before ? (float)(at - cand_of(r, x->before[0])->k.at) : 2 * usual;
    const float after = x->n_after ? (float)(cand_of(r, x->after[0])->k.at - at) : 2 * usual;
    const float whole = before + after, parts = fmaxf(1, roundf(whole / usual)), place = before / whole * parts;

    f[RF_BEFORE_S] = clip(before, 0, 3);
    f[RF_AFTER_S] = clip(after, 0, 3);
    f[RF_BEFORE] = clip(before / usual, 0, 4);
    f[RF_AFTER] = clip(after / usual, 0, 4);
    f[RF_WHOLE] = clip(whole / usual, 0, 6);
    f[RF_MISFIT] = parts >= 2 ? fabsf(place - roundf(place)) : 0.5f;
    f[RF_RR] = usual;
    f[RF_IRREGULAR] = clip(qrs_median(spread, n), 0, 1);
}

/* The largest chance of a candidate within WIDTH of time AT; near: index to start from. */
static float chance_at(const struct qrs_review *r, int look, double at, double width, int64_t near)
{
    const int64_t first = oldest(r);
    float best = 0;
    int64_t j = near;

    while (j > first && cand_of(r, j)->k.at > at - width)
        j--;
    while (j < r->n_decided - 1 && cand_of(r, j)->k.at < at - width)
        j++;
    for (; j < r->n_decided && cand_of(r, j)->k.at <= at + width; j++)
        if (cand_of(r, j)->k.at >= at - width)
            best = fmaxf(best, cand_of(r, j)->chance[look]);
    return best;
}

/* How well a candidate lies in a regular row: mean chance of beats one and two intervals before and behind it. */
static float support(const struct qrs_review *r, int look, int64_t i, double at, double rr)
{
    float sum = 0;

    for (int k = -3; k <= 3; k++)
        if (k)
            sum += chance_at(r, look, at + k * rr, rr * (0.06 + 0.03 * abs(k)), i);
    return sum / 6;
}

/* The strongest candidate, accepted or not, that is nearer than RIVAL_S on one side (step -1 or 1). */
static void describe_rival(const struct qrs_review *r, int look, int64_t i, int step, float *f)
{
    const struct cand *const k = cand_of(r, i);
    const int64_t first = oldest(r);
    int64_t best = -1;

    f[0] = RIVAL_S;
    f[1] = f[2] = f[3] = 0;
    f[4] = -8;
    for (int64_t j = i + step; j >= first && j < r->n_decided && fabs(cand_of(r, j)->k.at - k->k.at) < RIVAL_S; j += step)
        if (best < 0 || cand_of(r, j)->score[look] > cand_of(r, best)->score[look])
            best = j;
    if (best < 0)
        return;
    f[0] = (float)fabs(cand_of(r, best)->k.at - k->k.at);
    f[1] = height_ratio(r, best, i);
    f[2] = cand_of(r, best)->like - k->like;
    f[3] = dot(shape_of(r, i), shape_of(r, best), r->dims);
    f[4] = cand_of(r, best)->score[look];
}

static void describe_shape(struct qrs_review *r, int look, int64_t i, float *f)
{
    struct cand *const k = cand_of(r, i);
    const struct opinions o = qrs_bank_ask(r, look, i);

    k->like = o.beat.r;
    f[RF_LIKE] = o.beat.r;
    f[RF_LIKE_SIZE] = logf(o.beat.n + 1);
    f[RF_LIKE_LOUD] = o.beat.m >= 0 ? k->k.loud - o.beat.loud : 0;
    f[RF_LIKE_BEST] = -1;
    f[RF_LIKE_WORST] = 1;
    for (size_t c = 0; c < r->n_leads; c++) {
        const float own = o.beat.m >= 0 ? qrs_bank_like(r, i, o.beat.m, c) : 0;
        f[RF_LIKE_BEST] = fmaxf(f[RF_LIKE_BEST], own);
        f[RF_LIKE_WORST] = fminf(f[RF_LIKE_WORST], own);
    }
    f[RF_UNLIKE] = o.none.r;
    f[RF_UNLIKE_SIZE] = logf(o.none.n + 1);
    f[RF_LIKE_MORE] = o.beat.r - o.none.r;
    f[RF_SHARE] = (o.nearest.share * o.nearest.n + 0.5f) / (o.nearest.n + 1);
    f[RF_SHARE_SIZE] = logf(o.nearest.n + 1);
    f[RF_SHARE_R] = o.nearest.r;
}

static float describe_doubt(const struct qrs_review *r, int look, int64_t i)
{
    const double at = cand_of(r, i)->k.at;
    const int64_t first = oldest(r);
    float sum = 0, n = 2;   /* two that are certain: one doubtful neighbour is no doubtful stretch */

    for (int step = -1; step <= 1; step += 2)
        for (int64_t j = i + step; j >= first && j < r->n_decided && fabs(cand_of(r, j)->k.at - at) < DOUBT_S; j += step) {
            if (cand_of(r, j)->k.filler)
                continue;
            const float p = cand_of(r, j)->chance[look];
            sum += 4 * p * (1 - p);
            n += 1;
        }
    return sum / n;
}

struct match { float r, size, clear; int shift, m; };

enum { SHIFTS = 2 * (QRS_SHIFTS + 1), PARTS = SHIFTS / LANES };   /* one more than there are; at [s] by s - QRS_SHIFTS */

static float noise_weight(const struct lead *l)
{
    const float level = l->noise + 0.02f * l->scale + 1e-12f;

    return 1 / (level * level);
}

/* The square of candidate i moved by each shift, leads weighing by their noise. */
CLONED_FOR_AVX2
static void squares_at(const struct qrs_review *r, int64_t i, float square[SHIFTS])
{
    lanes all[PARTS];

    for (int p = 0; p < PARTS; p++)
        all[p] = (lanes){0} + 1e-20f;
    for (size_t c = 0; c < r->n_leads; c++) {
        const float *const x = wide_of(r, i, c), w = noise_weight(leads_of(r, i) + c);
        lanes xx[PARTS] = {{0}};
        for (int j = 0; j < STEEP; j++)
            for (int p = 0; p < PARTS; p++) {
                lanes part;
                memcpy(&part, x + 2 * j + LANES * p, sizeof part);
                xx[p] += part * part;
            }
        for (int p = 0; p < PARTS; p++)
            all[p] += w * xx[p];
    }
    memcpy(square, all, sizeof all);
}

/* Its product with the mean of cluster m; returns the square of that. */
CLONED_FOR_AVX2
static float products_at(const struct qrs_review *r, int64_t i, int m, float product[SHIFTS])
{
    lanes all[PARTS] = {{0}};
    float mean = 1e-20f;

    for (size_t c = 0; c < r->n_leads; c++) {
        const float *const x = wide_of(r, i, c), *const t = mean_of(r, m, c), w = noise_weight(leads_of(r, i) + c);
        lanes xt[PARTS] = {{0}};
        float tt = 0;
        for (int j = 0; j < STEEP; j++) {
            for (int p = 0; p < PARTS; p++) {
                lanes part;
                memcpy(&part, x + 2 * j + LANES * p, sizeof part);
                xt[p] += part * t[j];
            }
            tt += t[j] * t[j];
        }
        for (int p = 0; p < PARTS; p++)
            all[p] += w * xt[p];
        mean += w * tt;
    }
    memcpy(product, all, sizeof all);
    return mean;
}

/* v[n] becomes 1 / sqrt(v). */
static void invert_roots(float *v, int n)
{
    for (int j = 0; j < n; j++)
        v[j] = 1 / sqrtf(v[j]);
}

/* The slow band is moved by steps of 1/60 s, [s] by s - 2 SLOW_REACH, twice those of steep. */
enum {
    SLOW_REACH = 2,                  /* points of the mean on either side that are left out for that */
    SLOW_MEAN = QRST - 2 * SLOW_REACH,
    SLOW_SHIFTS = 4 * SLOW_REACH,    /* the last is left out: the others fill the lanes */
};

/* QRS and T wave of a candidate by leads, and by a cubic what lies halfway between the points; what makes it of length 1 at
 * each shift, leads weighing by their noise. */
struct slow_wave { float x[QRS_MOST_LEADS][2 * QRST], unit[SLOW_SHIFTS]; };

CLONED_FOR_AVX2
static void slow_wave_of(const struct qrs_review *r, int64_t i, struct slow_wave *v)
{
    lanes all = (lanes){0} + 1e-20f;

    for (size_t c = 0; c < r->n_leads; c++) {
        const float *const x = qrst_of(r, i, c), w = noise_weight(leads_of(r, i) + c);
        float *const y = v->x[c];   /* cppcheck-suppress uninitvar ; it is filled here */
        for (int j = 0; j < QRST; j++) {
            const int before = j > 0 ? j - 1 : 0, next = j < QRST - 1 ? j + 1 : j, after = next < QRST - 1 ? next + 1 : next;
            y[2 * j] = x[j];
            y[2 * j + 1] = (9 * (x[j] + x[next]) - x[before] - x[after]) / 16;
        }
        for (int j = 0; j < SLOW_MEAN; j++) {
            lanes part;
            memcpy(&part, y + 2 * j, sizeof part);
            all += w * part * part;
        }
    }
    memcpy(v->unit, &all, sizeof all);
    invert_roots(v->unit, SLOW_SHIFTS);
}

/* Its product with the mean of cluster m; returns the square of that. */
CLONED_FOR_AVX2
static float slow_products_at(const struct qrs_review *r, int64_t i, const struct slow_wave *v, int m,
                              float product[SLOW_SHIFTS])
{
    lanes all = {0};
    float mean = 1e-20f;

    for (size_t c = 0; c < r->n_leads; c++) {
        const float *const t = mean_qrst_of(r, m, c) + SLOW_REACH, w = noise_weight(leads_of(r, i) + c);
        for (int j = 0; j < SLOW_MEAN; j++) {
            lanes part;
            memcpy(&part, v->x[c] + 2 * j, sizeof part);
            all += w * t[j] * part;
            mean += w * t[j] * t[j];
        }
    }
    memcpy(product, &all, sizeof all);
    return mean;
}

struct matches { struct match steep, slow, both; };

/* Where it is most like the mean of a shape of beats, in each band and in both; of equals the nearest. */
static struct matches best_matches(const struct qrs_review *r, int look, int64_t i)
{
    struct matches best = {{.r = 0}, {.r = 0}, {.r = 0}};
    float most = -2, most_slow = -2, most_both = -2;
    float unit[SHIFTS], product[SHIFTS], slow_product[SLOW_SHIFTS], slow_like[SLOW_SHIFTS];
    struct slow_wave v;

    squares_at(r, i, unit);
    invert_roots(unit, SHIFTS);
    slow_wave_of(r, i, &v);
    for (int m = 0; m < r->n_clusters; m++) {
        const struct cluster *const u = &r->cluster[m];
        if (u->n_in[look] < MATCHED || u->n_in[look] < 0.5f * u->n)
            continue;
        const float mean = products_at(r, i, m, product), slow_mean = slow_products_at(r, i, &v, m, slow_product);
        const float length = sqrtf(mean), slow_length = sqrtf(slow_mean);
        for (int s = 0; s < SLOW_SHIFTS; s++) {
            slow_like[s] = slow_product[s] / slow_length * v.unit[s];
            if (slow_like[s] > most_slow) {
                most_slow = slow_like[s];
                best.slow = (struct match){slow_like[s], slow_product[s] / slow_mean, slow_product[s] / slow_length,
                                           s - 2 * SLOW_REACH, m};
            }
        }
        for (int s = 0; s <= 2 * QRS_SHIFTS; s++) {
            const int shift = s - QRS_SHIFTS, a = (shift + SLOW_SHIFTS) / 2, b = a + (shift & 1 && a + 1 < SLOW_SHIFTS);
            const float like = product[s] / length * unit[s], near = like * (1 - 0.003f * (float)(shift * shift));
            const float slow = (slow_like[a] + slow_like[b]) / 2;
            if (near > most) {
                most = near;
                best.steep = (struct match){like, product[s] / mean, product[s] / length, shift, m};
            }
            if (near + slow > most_both) {
                most_both = near + slow;
                best.both = (struct match){(like + slow) / 2, 0, 0, shift, m};
            }
        }
    }
    return best;
}

/* How much of the slow wave within 0.13 s of candidate i is the T wave of a beat APART points before it, as far as the mean
 * wave of cluster m, times size, reaches: 1 all, 0 or less none. */
static float explained_by(const struct qrs_review *r, int64_t i, int m, float size, float apart)
{
    float all = 1e-20f, left = 1e-20f;

    for (size_t c = 0; c < r->n_leads; c++) {
        const float *const x = qrst_of(r, i, c), *const t = mean_qrst_of(r, m, c), w = noise_weight(leads_of(r, i) + c);
        for (int p = 2; p <= 10; p++) {
            const float u = (float)p + apart;
            const int at = (int)u;
            if (at + 1 >= QRST)
                break;
            const float rest = x[p] - size * (t[at] + (u - (float)at) * (t[at + 1] - t[at]));
            all += w * x[p] * x[p];
            left += w * rest * rest;
        }
    }
    return clip(1 - left / all, -1, 1);
}

/* The same by the one from 0.2 to 0.5 s before that shows most of a beat, if that is more than i shows. */
static float t_wave(const struct qrs_review *r, int64_t i)
{
    const struct cand *const k = cand_of(r, i);
    const int64_t first = oldest(r);
    float most = k->qrst;
    int64_t best = -1;

    for (int64_t j = i - 1; j >= first && k->k.at - cand_of(r, j)->k.at < 0.5; j--)
        if (cand_of(r, j)->qrst > most && k->k.at - cand_of(r, j)->k.at > REVIEW_REFRACTORY_S) {
            most = cand_of(r, j)->qrst;
            best = j;
        }
    if (best < 0)
        return 0;
    const struct cand *const beat = cand_of(r, best);
    const float apart = (float)(k->k.at - (double)k->moved - beat->wave_at) * 30;
    float explained = -1;
    for (int shift = -2; shift <= 2; shift++)
        explained = fmaxf(explained, explained_by(r, i, beat->wave, beat->size, apart + 0.5f * (float)shift));
    return explained;
}

/* How much more like a beat it is than what is none round it. */
static void describe_more(const struct qrs_review *r, int look, int64_t i, float *f)
{
    const double at = cand_of(r, i)->k.at;
    const int64_t first = oldest(r);
    float steep = 0, slow = 0, n = 1;

    for (int step = -1; step <= 1; step += 2)
        for (int64_t j = i + step; j >= first && j < r->n_decided && fabs(cand_of(r, j)->k.at - at) < DOUBT_S; j += step) {
            const struct cand *const k = cand_of(r, j);
            if (k->in[look] || k->like_steep <= UNSEEN)
                continue;
            steep += k->like_steep;
            slow += k->like_slow;
            n += 1;
        }
    f[RF_MATCH_MORE] = f[RF_MATCH] - steep / n;
    f[RF_QRST_MORE] = f[RF_QRST] - slow / n;
}

static void describe_match(struct qrs_review *r, int look, int64_t i, float *f)
{
    struct cand *const k = cand_of(r, i);
    const struct matches match = best_matches(r, look, i);
    const int64_t first = oldest(r);
    float rival = 0, slow_rival = 0;

    for (int step = -1; step <= 1; step += 2)
        for (int64_t j = i + step; j >= first && j < r->n_decided && fabs(cand_of(r, j)->k.at - k->k.at) < 0.6; j += step) {
            if (fabs(cand_of(r, j)->k.at - k->k.at) < 0.4)
                rival = fmaxf(rival, cand_of(r, j)->matched);
            slow_rival = fmaxf(slow_rival, cand_of(r, j)->qrst);
        }
    f[RF_MATCH] = match.steep.r;
    f[RF_MATCH_SIZE] = log_ratio(fmaxf(match.steep.size, 0), 1, -4, 2);
    f[RF_MATCH_CLEAR] = log_ratio(fmaxf(match.steep.clear, 0), 1, -7, 4);
    f[RF_MATCH_SHIFT] = (float)abs(match.steep.shift);
    f[RF_MATCH_RIVAL] = log_ratio(rival, fmaxf(match.steep.clear, 0), -5, 5);
    f[RF_QRST] = match.slow.r;
    f[RF_QRST_SIZE] = log_ratio(fmaxf(match.slow.size, 0), 1, -4, 2);
    f[RF_QRST_CLEAR] = log_ratio(fmaxf(match.slow.clear, 0), 1, -7, 4);
    f[RF_QRST_RIVAL] = log_ratio(slow_rival, fmaxf(match.slow.clear, 0), -5, 5);
    f[RF_BOTH] = match.both.r;
    k->wave = match.slow.m;
    k->wave_at = k->k.at - (double)k->moved + match.slow.shift / 60.0;
    k->size = clip(match.slow.size, 0, 2);
    k->matched = match.steep.clear;
    k->qrst = match.slow.clear;
    f[RF_T_WAVE] = t_wave(r, i);
    describe_more(r, look, i, f);
    k->like_steep = match.steep.r;
    k->like_slow = match.slow.r;
    if (match.both.r > MOVES_AT && review_is_noisy(f)) {
        const float to = clip((float)match.both.shift / 120, -SHIFTED_S, SHIFTED_S);
        k->k.at += (double)(to - k->moved);
        k->moved = to;
    }
}

void qrs_review_describe(struct qrs_review *r, int look, int64_t i, float *f)
{
    const struct context x = find_context(r, look, i);

    memset(f, 0, REVIEW_FEATURES * sizeof *f);
    describe_height(r, i, &x, f);
    describe_function(r, i, f);
    describe_tail(r, i, &x, f);
    describe_rhythm(r, i, &x, f);
    describe_shape(r, look, i, f);
    describe_rival(r, look, i, -1, f + RF_RIVAL_S);
    describe_rival(r, look, i, 1, f + RF_NEXT_S);
    f[RF_LEADS] = (float)r->n_leads;
    f[RF_SUPPORT] = support(r, look, i, cand_of(r, i)->k.at, f[RF_RR]);
    f[RF_DOUBT] = describe_doubt(r, look, i);
    if (review_is_near_noise(f) || fabsf(cand_of(r, i)->score[look]) < UNSURE)
        describe_match(r, look, i, f);
}
