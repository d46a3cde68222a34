/* algorithms/qrs_choice.c - which candidates are beats; see qrs.h.
 *
 * Constants: where no other reason stands beside one, it was chosen on the odd-numbered records of mitdb, to one or two
 * figures, and the even-numbered ones were looked at to see that it holds. */
#include "algorithms/qrs_choice.h"
#include "algorithms/qrs_few.h"
#include "lib/clones.h"

#include <math.h>
#include <string.h>

enum {
    NEIGHBOURS = 5,              /* accepted beats looked at on each side */
    MOST_INTERVALS = 64,         /* in the 10 s that tell the rate */
};

#define APART_S 0.10             /* between candidates: half the refractory time, as some lie on P and T waves */
#define LEAST_CLEAR 0.10f        /* where the energy swings less than that there are no beats: hum has the same all the time */
#define LOWEST_G 0.06f           /* TRIALS: of 109,494 beats one has no candidate above this */
#define FIRST_WAVE 0.8f          /* of the largest deflection, that an earlier one must have to be the fiducial; */
#define FIRST_RISE 0.6f          /* less, where it is so much earlier */
#define FIRST_RISE_S 0.08        /* that it cannot be what the band-pass adds beside one wave (40 ms) */
#define FIRST_REACH_S 0.12       /* how far before the maximum of the detection function it may lie */
#define SETTLED 3.0f             /* score beyond which the third choice does not ask again: saves a fifth of the time */
#define OUTSTANDING 2.5f         /* times the scale is more than noise has; a slow heart has it, as most windows are empty */
#define FILL_MURK (-2.6f)        /* ln noise over scale, above which the review is shown what lies between candidates */
#define EDGE_S 0.06              /* a QRS cut off at either end of a segment is none */
#define CONTEXT_S 8.0            /* neighbours further away say nothing */

static struct qrs_cand *cand_of(struct qrs *s, int64_t i) { return &s->cand[(size_t)i % QRS_CANDS]; }
static float *heights_of(struct qrs *s, int64_t i) { return s->height + (size_t)i % QRS_CANDS * s->n_leads; }
static float *clarity_of(struct qrs *s, int64_t i) { return s->clear + (size_t)i % QRS_CANDS * s->n_leads; }

/* ---- candidates ---- */

float qrs_lead_clarity(float scale, float noise)
{
    const float clear = scale > 0 ? 1 - noise / scale : 0;

    return clear >= LEAST_CLEAR ? clear * clear * clear : 0;   /* cubed: TRIALS, step 2 */
}

static float mean_of(const float *v, int from, int to)
{
    float sum = 0;

    for (int i = from; i < to; i++)
        sum += v[i];
    return sum / (float)(to - from);
}

/* Where the top of three points at sum[top] lies, by a parabola, from -1 to 1. */
static double top_between(const float *sum, int top)
{
    const double l = sum[top - 1], m = sum[top], r = sum[top + 1], bend = l - 2 * m + r;
    const double shift = bend < 0 ? 0.5 * (l - r) / bend : 0;

    return fabs(shift) <= 1 ? shift : 0;
}

/* The largest deflection within 80 ms of grid index n; but the first of two of about the same size: so of R and S it is
 * always the R, and of the two rises of a wide paced beat, which may be 150 ms apart and differ more, the first, but no
 * earlier than QRS_EARLIEST_S before n. The steepness is added up to the band-passed wave again. */
static double fiducial(const struct qrs *s, int64_t n, const float *scale, const float *clear)
{
    const int reach = (int)lround(0.15 * s->grid.rate_hz), near = (int)lround(0.08 * s->grid.rate_hz);
    float sum[2 * 36 + 3] = {0};   /* the grid's rate is at most 240 Hz */
    int top = reach;

    for (size_t c = 0; c < s->n_leads; c++) {
        const float *const a = s->lead[c].steep + (n - s->lead[c].base);
        const float unit = scale[c] > 0 ? clear[c] / scale[c] : 0;
        float wave = 0;
        for (int i = -reach; i <= reach; i++) {
            wave += 0.5f * (a[i - 1] + a[i]);
            sum[i + reach] += unit * fabsf(wave);
        }
    }
    for (int i = reach - near; i <= reach + near; i++)
        if (sum[i] > sum[top])
            top = i;
    const float largest = sum[top];
    const int apart = top - (int)lround(FIRST_RISE_S * s->grid.rate_hz);
    for (int i = reach - (int)lround(FIRST_REACH_S * s->grid.rate_hz); i < top; i++)
        if (sum[i] >= (i < apart ? FIRST_RISE : FIRST_WAVE) * largest && sum[i] >= sum[i - 1] && sum[i] > sum[i + 1])
            top = i;
    const int earliest = reach - (int)lround(QRS_EARLIEST_S * s->grid.rate_hz);
    if (top < earliest)
        return (double)(n + earliest - reach);
    return (double)(n + top - reach) + top_between(sum, top);
}

/* What the leads show at a candidate. */
struct view {
    float height[QRS_MOST_LEADS], scale[QRS_MOST_LEADS], noise[QRS_MOST_LEADS], clear[QRS_MOST_LEADS];
};

/* Energy of each lead at a candidate, its scale there, and how clear it is. */
static void measure_leads(const struct qrs *s, int64_t n, int64_t w, struct view *v)
{
    const int near = (int)lround(0.04 * s->grid.rate_hz);

    for (size_t c = 0; c < s->n_leads; c++) {
        const struct qrs_lead *const l = &s->lead[c];
        const float *const e = l->energy + (n - l->base);
        v->height[c] = 0;
        for (int j = -near; j <= near; j++)
            v->height[c] = e[j] > v->height[c] ? e[j] : v->height[c];
        v->scale[c] = l->scale[w % QRS_LEVELS];
        v->noise[c] = l->noise[w % QRS_LEVELS];
        v->clear[c] = e[0] > 0 ? qrs_lead_clarity(v->scale[c], v->noise[c]) : 0;
    }
}

/* Whether a candidate just before is nearly as high: a wide QRS has two maxima, and its beat is at the first. */
static bool is_second_lump(struct qrs *s, int64_t i)
{
    const struct qrs_cand *const k = cand_of(s, i);

    for (int64_t j = i - 1; j >= 0 && j > i - 4; j--) {
        const struct qrs_cand *const p = cand_of(s, j);
        if ((double)(k->n - p->n) < QRS_REFRACTORY_S * s->grid.rate_hz && p->g > 0.75f * k->g)
            return true;
    }
    return false;
}

/* The shape of all leads together, each by its clearness, into s->shape; what of it is slow; and all of it to the review.
 * Returns what makes the shape of length 1. */
static float measure_shape(struct qrs *s, struct qrs_cand *k, const struct view *view, bool filler)
{
    float square = 0, slow = 1e-20f, steep = 1e-20f;
    struct review_lead shown[QRS_MOST_LEADS];

    for (size_t c = 0; c < s->n_leads; c++) {
        float *const v = s->shape + c * QRS_SHAPE;
        const float clear = view->clear[c], scale = view->scale[c], unit = scale > 0 ? sqrtf(clear) / scale : 0;
        float broad = 0;
        qrs_lead_shape(&s->lead[c], &s->grid, k->at, v);
        for (int j = QRS_STEEP_SHAPE; j < QRS_SHAPE; j++)
            broad += fabsf(v[j]);
        if (s->review) {
            float *const raw = s->raw + c * QRS_RAW, *const tail = raw + QRS_SHAPE, *const wide = tail + QRS_TAIL;
            float *const qrst = wide + QRS_WIDE;
            memcpy(raw, v, QRS_SHAPE * sizeof *v);
            qrs_lead_tail(&s->lead[c], &s->grid, k->at, tail);
            qrs_lead_wide(&s->lead[c], &s->grid, k->at, wide);
            qrs_lead_qrst(raw, tail, qrst);
            shown[c] = (struct review_lead){view->height[c], broad, view->noise[c], scale, clear, raw, tail, wide, qrst};
        }
        slow += clear * broad / (scale + 1e-30f);
        steep += clear * view->height[c] / (scale + 1e-30f);
        for (int j = 0; j < QRS_SHAPE; j++) {
            v[j] *= unit;
            square += v[j] * v[j];
        }
    }
    k->loud = logf(steep);
    k->broad = logf(slow / steep);
    if (s->review)
        qrs_review_found(s->review, &(struct review_candidate){k->at / s->grid.rate_hz, k->g, k->left, k->right, k->broad,
                                                               k->loud, k->lump, filler}, shown);
    return square > 0 ? 1 / sqrtf(square) : 0;
}

/* The detection function at n, and beside it. */
static struct qrs_cand candidate_at(const struct qrs *s, int64_t n)
{
    const int inner = (int)lround(0.1 * s->grid.rate_hz), outer = (int)lround(QRS_SIDE_S * s->grid.rate_hz);
    const float *const g = s->g + (n - s->lead[0].base);

    return (struct qrs_cand){.n = n, .g = g[0], .left = mean_of(g, -outer, -inner + 1), .right = mean_of(g, inner, outer + 1)};
}

/* ln noise over scale, by how clear a lead is; very small where none is. */
static float murk_of(const struct qrs *s, const struct view *v)
{
    float sum = 0, all = 0;

    for (size_t c = 0; c < s->n_leads; c++) {
        sum += v->clear[c] * log_ratio(v->noise[c], v->scale[c], -8, 0);
        all += v->clear[c];
    }
    return all > 0 ? sum / all : -8;
}

/* In noise a beat need not make a maximum: the review is shown what lies between candidates, too, APART_S apart, up to so long
 * before grid position TO. */
static void fill(struct qrs *s, double to, int64_t w)
{
    const double apart = APART_S * s->grid.rate_hz;

    if (!s->review || !qrs_review_is_whole(s->review))
        return;
    for (; s->filled + 2 * apart <= to; s->filled += apart) {
        const double at = s->filled + apart;
        const int64_t n = (int64_t)lround(at);
        struct view v;
        if (s->g[n - s->lead[0].base] <= LOWEST_G)
            continue;
        measure_leads(s, n, w, &v);
        if (murk_of(s, &v) <= FILL_MURK)
            continue;
        struct qrs_cand k = candidate_at(s, n);
        k.at = at;
        measure_shape(s, &k, &v, true);
    }
}

static void add_candidate(struct qrs *s, int64_t n, int64_t w)
{
    const int64_t i = s->n_cand++;
    struct qrs_cand *const k = cand_of(s, i);
    struct view v;

    *k = candidate_at(s, n);
    measure_leads(s, n, w, &v);
    memcpy(heights_of(s, i), v.height, s->n_leads * sizeof *v.height);
    memcpy(clarity_of(s, i), v.clear, s->n_leads * sizeof *v.clear);
    k->at = fiducial(s, n, v.scale, v.clear);
    k->lump = is_second_lump(s, i);
    fill(s, k->at, w);
    const float norm = measure_shape(s, k, &v, false);
    for (size_t j = 0; j < s->n_leads * QRS_SHAPE; j++)
        s->bank[j * QRS_SHAPES + (size_t)i % QRS_SHAPES] = s->shape[j] * norm;
    s->filled = k->at;
}

/* The highest of all within APART_S, the first of equals. */
static bool is_top(const float *g, int apart)
{
    for (int j = 1; j <= apart; j++)
        if (g[-j] >= g[0] || g[j] > g[0])
            return false;
    return true;
}

void qrs_find_candidates(struct qrs *s, int64_t to, int64_t w, int64_t last_end)
{
    const float *const g = s->g - s->lead[0].base;
    const int apart = (int)lround(APART_S * s->grid.rate_hz);
    const int64_t edge = (int64_t)(EDGE_S * s->grid.rate_hz);

    for (int64_t n = s->searched; n < to; n++)
        if (g[n] > LOWEST_G && g[n] > g[n - 1] && g[n] >= g[n + 1] && is_top(g + n, apart) && n > edge && n < last_end - edge)
            add_candidate(s, n, w);
    fill(s, (double)to - FIRST_REACH_S * s->grid.rate_hz, w);
    s->searched = to;
}

/* ---- the best chain ---- */

/* What it costs that candidate k follows p. Of the first choice: short and long intervals, against the local rate r; of
 * all: intervals that only the fastest hearts have. (TRIALS, step 4; with context, more than this only hurts: step 6.) */
static double interval_cost(const struct qrs *s, const struct qrs_cand *p, const struct qrs_cand *k, int stage)
{
    const double d = (k->at - p->at) / s->grid.rate_hz, r = d / s->rr;
    double cost = d < 0.36 ? 3 * (0.36 - d) / 0.16 : 0;

    if (stage == 0 && r < 0.75)
        cost += 2 * (0.75 - r);
    if (stage == 0 && r > 1.3)
        cost += 0.9 * fmin(6, r - 1.3);
    return cost;
}

static void extend_chain(struct qrs *s, int64_t i, int stage)
{
    struct qrs_cand *const k = cand_of(s, i);
    double best = 0;

    k->prev[stage] = -1;
    for (int64_t j = i - 1; j >= 0 && j > i - 40; j--) {
        const struct qrs_cand *const p = cand_of(s, j);
        const double d = (k->at - p->at) / s->grid.rate_hz;
        if (d < QRS_REFRACTORY_S)
            continue;
        const double chain = p->best[stage] - interval_cost(s, p, k, stage);
        if (k->prev[stage] < 0 || chain > best) {
            best = chain;
            k->prev[stage] = j;
        }
        if (d > 4)
            break;
    }
    k->best[stage] = (stage ? k->score : k->first_score) + best;
}

/* The best chain that ends near the last of the candidates before to, traced back to from: in and sure of these. */
static void trace_chain(struct qrs *s, int stage, int64_t from, int64_t to)
{
    const int64_t last = to - 1;
    int64_t end = last;

    if (from >= to)
        return;
    for (int64_t i = last; i >= 0 && i > last - 20; i--) {
        if ((double)(cand_of(s, last)->n - cand_of(s, i)->n) >= 1.5 * s->grid.rate_hz)
            break;
        if (cand_of(s, i)->best[stage] > cand_of(s, end)->best[stage])
            end = i;
    }
    for (int64_t i = last; i >= from; i--) {
        struct qrs_cand *const k = cand_of(s, i);
        k->in = false;
        k->sure = (stage == 0 ? k->g < 0.25f : k->score < -2) ? -1 : 0;
    }
    for (int64_t i = end; i >= from; i = cand_of(s, i)->prev[stage]) {
        struct qrs_cand *const k = cand_of(s, i);
        if (stage > 0 && k->score <= 0)   /* only a link: a chain reaches no further than 4 s back */
            continue;
        k->in = true;
        k->sure = 1;
    }
}

/* ---- the first choice ---- */

/* By height, 1/4 of the scale counting nothing, and by how little the function falls off beside it. */
static float first_score(const struct qrs_cand *k)
{
    const float side = k->left > k->right ? k->left : k->right, under = logf((side + 0.01f) / (k->g + 0.01f));

    return clip(logf(k->g / 0.25f), -3, 1.2f) - clip(under + 0.7f, 0, 1.5f) - k->lump;
}

/* Median interval of the beats of the last 10 s. */
static void follow_rate(struct qrs *s)
{
    const int64_t last = s->n_cand - 1;
    float rr[MOST_INTERVALS];
    int64_t next = -1;
    int n = 0;

    for (int64_t i = last; i >= 0 && i > last - QRS_CANDS + 1 && n < MOST_INTERVALS; i--) {
        const struct qrs_cand *const k = cand_of(s, i);
        if ((double)(cand_of(s, last)->n - k->n) > 10 * s->grid.rate_hz)
            break;
        if (k->in && next >= 0)
            rr[n++] = (float)((double)(next - k->n) / s->grid.rate_hz);
        if (k->in)
            next = k->n;
    }
    if (n >= 3)
        s->rr = qrs_median(rr, n);
}

void qrs_choose_first(struct qrs *s, int64_t first)
{
    for (int64_t i = first; i < s->n_cand; i++) {
        cand_of(s, i)->first_score = first_score(cand_of(s, i));
        extend_chain(s, i, 0);
    }
    trace_chain(s, 0, s->n_scored[1], s->n_cand);
    follow_rate(s);
}

/* ---- the choices by context ---- */

/* Accepted beats on either side of a candidate, nearest first, its own acceptance left out. */
struct context {
    int64_t before[NEIGHBOURS], after[NEIGHBOURS];
    int n_before, n_after;
};

static struct context find_context(struct qrs *s, int64_t i)
{
    const struct qrs_cand *const k = cand_of(s, i);
    const int64_t first = s->n_cand > QRS_CANDS ? s->n_cand - QRS_CANDS : 0;
    const double refractory = QRS_REFRACTORY_S * s->grid.rate_hz, far = CONTEXT_S * s->grid.rate_hz;
    struct context x = {.n_before = 0};

    for (int64_t j = i - 1; j >= first && x.n_before < NEIGHBOURS && k->at - cand_of(s, j)->at <= far; j--)
        if (cand_of(s, j)->in && k->at - cand_of(s, j)->at >= refractory)
            x.before[x.n_before++] = j;
    for (int64_t j = i + 1; j < s->n_cand && x.n_after < NEIGHBOURS && cand_of(s, j)->at - k->at <= far; j++)
        if (cand_of(s, j)->in && cand_of(s, j)->at - k->at >= refractory)
            x.after[x.n_after++] = j;
    return x;
}

/* What is said of a candidate, and what each unit of it adds to the log-odds that it is a beat. Weights are to one or two
 * figures; their signs are physiology's. */
enum feature {
    HEIGHT, NOISE, LEFT, RIGHT, LIKE, UNLIKE, EARLY, HURRIED, LOWER_BEFORE, LOWER_AFTER, BROAD, GAP, MISFIT, ABSOLUTE, CROWDED,
    LOW, LUMP, BIG, MURKY, FEATURES
};

static const float weight[FEATURES] = {
    [HEIGHT] = 1.75f,         /* log of energy over the neighbours' median */
    [NOISE] = -0.7f,          /* log of noise level over that */
    [LEFT] = -1,              /* log of the function beside it, from 100 to 300 ms before, over that at it */
    [RIGHT] = -0.3f,          /* the same behind it, where the T wave is */
    [LIKE] = 1.4f,            /* closeness to the second closest shape among beats, */
    [UNLIKE] = -1,            /* and among what is surely none */
    [EARLY] = -1,             /* how much sooner than 0.8 intervals after the beat before */
    [HURRIED] = -2,           /* and before the beat after */
    [LOWER_BEFORE] = -0.7f,   /* log by how much it is lower than a beat up to 0.5 s before (T wave), */
    [LOWER_AFTER] = -1,       /* and up to 0.5 s after (P wave) */
    [BROAD] = 1,              /* broader than the neighbours: ventricular beats are */
    [GAP] = 0.5f,             /* how much the interval that it parts is longer than 1.5 */
    [MISFIT] = -1,            /* how badly it parts that interval into equal ones */
    [ABSOLUTE] = 0.5f,        /* log of the detection function */
    [CROWDED] = -2,           /* how little the function falls off on the higher side */
    [LOW] = -1,               /* how far HEIGHT lies below -0.8 */
    [LUMP] = -1.5f,           /* a second maximum of a wide QRS */
    [BIG] = 2,                /* higher and broader together */
    [MURKY] = -20,            /* noise level near the height, and unlike its fellows: white noise is, mitdb's beats are not */
};

/* Closeness to the shapes remembered: -log(1.05 - r) for the second best r among beats and among non-beats, r being the
 * correlation less a quarter of the difference in loudness. The second best, as one of a kind proves nothing. */
CLONED_FOR_AVX2
static void compare_shapes(struct qrs *s, int64_t i, float *like, float *unlike)
{
    const size_t dims = s->n_leads * QRS_SHAPE, own = (size_t)i % QRS_SHAPES;
    const struct qrs_cand *const k = cand_of(s, i);
    float r[QRS_SHAPES], best[2][2] = {{0}, {0}};
    lanes sum[QRS_SHAPES / LANES] = {{0}};

    for (size_t d = 0; d < dims; d++) {
        const float *const row = s->bank + d * QRS_SHAPES;
        for (int j = 0; j < QRS_SHAPES / LANES; j++) {
            lanes part;
            memcpy(&part, row + LANES * j, sizeof part);
            sum[j] += row[own] * part;
        }
    }
    memcpy(r, sum, sizeof r);
    for (int64_t j = s->n_cand - 1; j >= 0 && j >= s->n_cand - QRS_SHAPES; j--) {
        const struct qrs_cand *const p = cand_of(s, j);
        if (p->sure == 0 || fabs(p->at - k->at) < QRS_REFRACTORY_S * s->grid.rate_hz)
            continue;
        float *const b = best[p->sure > 0];
        const float v = r[(size_t)j % QRS_SHAPES] - 0.25f * clip(fabsf(p->loud - k->loud), 0, 1.5f);
        const float second = v > b[1] ? v : b[1];
        b[1] = v > b[0] ? b[0] : second;
        b[0] = v > b[0] ? v : b[0];
    }
    *like = -logf(1.05f - best[1][1]);
    *unlike = -logf(1.05f - best[0][1]);
}

static float median_height(struct qrs *s, const struct context *x, size_t lead)
{
    float h[FEW];
    int n = 0;

    for (int j = 0; j < x->n_before; j++)
        h[n++] = heights_of(s, x->before[j])[lead];
    for (int j = 0; j < x->n_after; j++)
        h[n++] = heights_of(s, x->after[j])[lead];
    return qrs_median(h, n);
}

/* Height against the neighbours, over the leads by how clear they are. */
static void describe_height(struct qrs *s, int64_t i, const struct context *x, float f[FEATURES])
{
    const float *const h = heights_of(s, i), *const clear = clarity_of(s, i);
    const int64_t w = cand_of(s, i)->n / s->grid.window;
    const bool known = x->n_before + x->n_after >= 3;
    float sum = 1e-9f;

    for (size_t c = 0; c < s->n_leads; c++) {
        const struct qrs_lead *const l = &s->lead[c];
        const float scale = l->scale[w % QRS_LEVELS], noise = l->noise[w % QRS_LEVELS];
        const float usual = known ? median_height(s, x, c) : scale;
        sum += clear[c];
        f[HEIGHT] += clear[c] * log_ratio(h[c], usual, -3, 1);
        f[NOISE] += clear[c] * log_ratio(noise, usual, -5, 0);
        f[MURKY] += clear[c] * log_ratio(noise, h[c] > OUTSTANDING * scale ? h[c] : scale, -5, 0);
        f[LOWER_BEFORE] += x->n_before ? clear[c] * log_ratio(heights_of(s, x->before[0])[c], h[c], -3, 3) : 0;
        f[LOWER_AFTER] += x->n_after ? clear[c] * log_ratio(heights_of(s, x->after[0])[c], h[c], -3, 3) : 0;
    }
    f[HEIGHT] /= sum;
    f[NOISE] /= sum;
    f[MURKY] /= sum;
    f[LOWER_BEFORE] = clip(f[LOWER_BEFORE] / sum, 0, 3);
    f[LOWER_AFTER] = clip(f[LOWER_AFTER] / sum, 0, 3);
    f[LOW] = clip(-0.8f - f[HEIGHT], 0, 2);
}

/* Median interval between neighbours on the same side, in s. */
static float usual_interval(struct qrs *s, const struct context *x)
{
    float rr[FEW];
    int n = 0;

    for (int j = 0; j + 1 < x->n_before; j++)
        rr[n++] = (float)((cand_of(s, x->before[j])->at - cand_of(s, x->before[j + 1])->at) / s->grid.rate_hz);
    for (int j = 0; j + 1 < x->n_after; j++)
        rr[n++] = (float)((cand_of(s, x->after[j + 1])->at - cand_of(s, x->after[j])->at) / s->grid.rate_hz);
    return n >= 2 ? qrs_median(rr, n) : (float)s->rr;
}

/* Place between the beat before and the beat after. */
static void describe_rhythm(struct qrs *s, int64_t i, const struct context *x, float f[FEATURES])
{
    const double at = cand_of(s, i)->at, rate = s->grid.rate_hz;
    const float rr = usual_interval(s, x);
    const float before = x->n_before ? (float)((at - cand_of(s, x->before[0])->at) / rate) : 2 * rr;
    const float unseen = s->online ? rr : 2 * rr;   /* online the next beat is not there yet, else there is none */
    const float after = x->n_after ? (float)((cand_of(s, x->after[0])->at - at) / rate) : unseen;
    const float whole = before + after, parts = fmaxf(1, roundf(whole / rr)), place = before / whole * parts;

    f[EARLY] = clip(0.8f - before / rr, 0, 0.8f);
    f[HURRIED] = clip(0.8f - after / rr, 0, 0.8f);
    f[GAP] = clip(whole / rr - 1.5f, 0, 1.5f);
    f[MISFIT] = parts >= 2 ? clip(fabsf(place - roundf(place)), 0, 0.5f) : 0.5f;
    if (before >= 0.5f)
        f[LOWER_BEFORE] = 0;
    if (after >= 0.5f)
        f[LOWER_AFTER] = 0;
}

static float usual_broad(struct qrs *s, const struct context *x, float otherwise)
{
    float broad[FEW];
    int n = 0;

    for (int j = 0; j < x->n_before; j++)
        broad[n++] = cand_of(s, x->before[j])->broad;
    for (int j = 0; j < x->n_after; j++)
        broad[n++] = cand_of(s, x->after[j])->broad;
    return n >= 3 ? qrs_median(broad, n) : otherwise;
}

/* Log-odds that candidate i is a beat. */
static float score_in_context(struct qrs *s, int64_t i)
{
    const struct qrs_cand *const k = cand_of(s, i);
    const struct context x = find_context(s, i);
    float f[FEATURES] = {0}, z = 0;

    describe_height(s, i, &x, f);
    describe_rhythm(s, i, &x, f);
    compare_shapes(s, i, &f[LIKE], &f[UNLIKE]);
    f[LEFT] = clip(logf((k->left + 0.01f) / (k->g + 0.01f)), -4, 1);
    f[RIGHT] = clip(logf((k->right + 0.01f) / (k->g + 0.01f)), -4, 1);
    f[CROWDED] = clip(fmaxf(f[LEFT], f[RIGHT]) + 0.7f, 0, 1.5f);
    f[BROAD] = clip(k->broad - usual_broad(s, &x, k->broad), -2, 2);
    f[BIG] = clip(f[HEIGHT] + f[BROAD] - 0.2f, 0, 1.5f);
    f[ABSOLUTE] = clip(logf(k->g), -3, 1);
    f[MURKY] = clip(f[MURKY] + 1.3f, 0, 0.6f) * clip(2.6f - f[LIKE], 0, 1);
    f[LUMP] = k->lump;
    for (int j = 0; j < FEATURES; j++)
        z += weight[j] * f[j];
    return clip(z, -8, 8);   /* TRIALS, step 6 */
}

void qrs_choose_again(struct qrs *s, int stage, int64_t below)
{
    for (; s->n_scored[stage] < s->n_cand && cand_of(s, s->n_scored[stage])->n < below; s->n_scored[stage]++) {
        const int64_t i = s->n_scored[stage];
        if (stage == 1 || fabsf(cand_of(s, i)->score) < SETTLED)
            cand_of(s, i)->score = score_in_context(s, i);
        extend_chain(s, i, stage);
    }
    trace_chain(s, stage, stage == 1 ? s->n_scored[2] : s->n_out, s->n_scored[stage]);
}
