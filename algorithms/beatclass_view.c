/* algorithms/beatclass_view.c - see beatclass_view.h. */
#include "algorithms/beatclass_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define USUAL_RR_S 0.8f     /* where no interval is known */
#define EARLY 0.88f
#define LATE_SHARE 0.08     /* of a stretch's beats, the latest */

enum {
    WINDOW = 2 * 150 + 1,   /* longest of the sliding windows */
    SAMPLED = 384,          /* beats of a stretch that its pictures are made of, at most */
    LEAST_LATE = 8, CHUNK = 8,
    T_ALL = PORTRAIT_LEADS * PORTRAIT_T
};

/* ---- sliding windows ---- */

/* The numbers in a window, in order of size. */
struct window {
    float v[WINDOW];
    size_t n;
};

static size_t place_of(const struct window *w, float x)
{
    size_t lo = 0, hi = w->n;

    while (lo < hi) {
        const size_t middle = (lo + hi) / 2;
        if (w->v[middle] < x)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

static void window_add(struct window *w, float x)
{
    if (isnan(x))
        return;
    const size_t at = place_of(w, x);
    memmove(w->v + at + 1, w->v + at, (w->n++ - at) * sizeof *w->v);
    w->v[at] = x;
}

static void window_drop(struct window *w, float x)
{
    if (isnan(x))
        return;
    const size_t at = place_of(w, x);
    memmove(w->v + at, w->v + at + 1, (--w->n - at) * sizeof *w->v);
}

static float quantile(const struct window *w, double q)
{
    return w->n ? w->v[(size_t)(q * (double)(w->n - 1) + 0.5)] : (float)NAN;
}

/* The median of those within 20 % of the median. */
static float middle_of_most(const struct window *w)
{
    const float m = quantile(w, 0.5);

    if (w->n == 0)
        return m;
    const size_t from = place_of(w, 0.8f * m), to = place_of(w, 1.2f * m);
    return from < to ? w->v[(from + to - 1) / 2] : m;
}

/* Share of pairs that differ by less than 6 %. */
static float order_of(const struct window *w)
{
    size_t pairs = 0, from = 0;

    for (size_t i = 1; i < w->n; i++) {
        while (w->v[from] * 1.06f < w->v[i])
            from++;
        pairs += i - from;
    }
    return w->n > 1 ? (float)pairs / (0.5f * (float)(w->n * (w->n - 1))) : 1;
}

enum what { MIDDLE_OF_MOST, QUANTILE, ORDER };

/* out[i]: of x[n] within HALF of i. */
static void slide(const float *x, size_t n, size_t half, enum what what, double q, float *out)
{
    struct window w = {.n = 0};

    for (size_t i = 0; i < n + half; i++) {
        if (i > 2 * half)
            window_drop(&w, x[i - 2 * half - 1]);
        if (i < n)
            window_add(&w, x[i]);
        if (i >= half)
            out[i - half] = what == QUANTILE ? quantile(&w, q) : what == ORDER ? order_of(&w) : middle_of_most(&w);
    }
}

static int ascending(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

/* The q quantile of x[n], which it sorts. */
static float quantile_of(float *x, size_t n, double q)
{
    if (n == 0)
        return (float)NAN;
    qsort(x, n, sizeof *x, ascending);
    return x[(size_t)(q * (double)(n - 1) + 0.5)];
}

/* ln a / b, at most 2 either way; 0 where one of them is none. */
static float ratio(float a, float b)
{
    return a > 0 && b > 0 ? fmaxf(-2, fminf(2, logf(a / b))) : 0;
}

static float or_else(float x, float other) { return isnan(x) ? other : x; }

static float correlation(const float *x, const float *y, size_t n)
{
    float xy = 0, xx = 0, yy = 0;

    for (size_t i = 0; i < n; i++) {
        xy += x[i] * y[i];
        xx += x[i] * x[i];
        yy += y[i] * y[i];
    }
    return xx > 0 && yy > 0 ? xy / sqrtf(xx * yy) : 0;
}

static float square_distance(const float *x, const float *y, size_t n)
{
    float sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (x[i] - y[i]) * (x[i] - y[i]);
    return sum;
}

/* ---- room ---- */

static struct view_stretch *stretch_of(const struct beatclass_view *v, size_t i)
{
    const size_t k = i / VIEW_STRETCH;

    return &v->stretch[k < v->n_stretches ? k : v->n_stretches - 1];
}

static size_t stretch_end(const struct beatclass_view *v, size_t k)
{
    return k + 1 == v->n_stretches ? v->n : (k + 1) * VIEW_STRETCH;
}

static void set_intervals(struct beatclass_view *v)
{
    v->pre[0] = v->pre[v->n] = (float)NAN;
    for (size_t i = 1; i < v->n; i++)
        v->pre[i] = v->beat[i].after_break ? (float)NAN : (float)(v->beat[i].time_s - v->beat[i - 1].time_s);
}

static void share_room(struct beatclass_view *v)
{
    const size_t n = v->n;
    float **const each[] = {
        &v->rhythm.base, &v->rhythm.q25, &v->rhythm.q75, &v->rhythm.q90, &v->rhythm.q90_long, &v->rhythm.irregular,
        &v->rhythm.irregular_long, &v->rhythm.early_share, &v->rhythm.order, &v->p_all_r, &v->p_late_r, &v->p_like,
        &v->p_steady,
    };

    v->pre = v->room;
    for (size_t k = 0; k < sizeof each / sizeof *each; k++)
        *each[k] = v->room + n + 1 + k * n;
}

static bool make_room(struct beatclass_view *v)
{
    const size_t n = v->n + 1;

    v->room = calloc(15 * n, sizeof *v->room);
    v->stretch = calloc(v->n_stretches, sizeof *v->stretch);
    v->clusters = calloc(1, sizeof *v->clusters);
    v->group = calloc(CLUSTER_MOST, sizeof *v->group);
    v->cluster = calloc(n, sizeof *v->cluster);
    v->ventricular = calloc(n, 1);
    v->normal = calloc(n, 1);
    v->normal_at = malloc(n * sizeof *v->normal_at);
    v->local = calloc(v->portrait ? (n / CHUNK + 2) * CLUSTER_ALL : 1, sizeof *v->local);
    v->sampled = malloc(SAMPLED * sizeof *v->sampled);
    v->late = malloc((n < 2 * VIEW_STRETCH ? n : 2 * VIEW_STRETCH) * sizeof *v->late);   /* longest stretch */
    return v->sampled && v->late && v->room && v->stretch && v->clusters && v->group && v->cluster && v->ventricular &&
           v->normal && v->normal_at && v->local;
}

void view_release(struct beatclass_view *v)
{
    free(v->room);
    free(v->stretch);
    free(v->clusters);
    free(v->group);
    free(v->cluster);
    free(v->ventricular);
    free(v->normal);
    free(v->normal_at);
    free(v->local);
    free(v->sampled);
    free(v->late);
}

/* ---- shapes ---- */

/* The usual amplitude of the leads; noise makes a lead count less. */
static void set_scale(struct beatclass_view *v, size_t k)
{
    const size_t from = k * VIEW_STRETCH, to = stretch_end(v, k), step = (to - from) / SAMPLED + 1;
    float amplitude[2 * SAMPLED], noise[2 * SAMPLED];

    for (size_t l = 0; l < v->n_leads; l++) {
        size_t n = 0;
        for (size_t i = from; i < to; i += step) {
            const struct portrait_lead *const p = &v->portrait[i].lead[l];
            if (p->qrs_unit > 0) {
                amplitude[n] = p->amplitude;
                noise[n++] = p->noise / p->amplitude;
            }
        }
        const float usual = quantile_of(amplitude, n, 0.5), loud = 4 * quantile_of(noise, n, 0.5);
        v->stretch[k].scale[l] = n ? usual * (1 + loud * loud) : 1;
    }
}

static void shape_of(const void *self, size_t i, float x[CLUSTER_ALL])
{
    const struct beatclass_view *const v = self;
    const struct view_stretch *const s = stretch_of(v, i);

    memset(x, 0, CLUSTER_ALL * sizeof *x);
    for (size_t l = 0; l < v->n_leads; l++) {
        portrait_window(&v->portrait[i].lead[l], PORTRAIT_IS_QRS, x + l * PORTRAIT_QRS);
        for (int j = 0; j < PORTRAIT_QRS; j++)
            x[l * PORTRAIT_QRS + (size_t)j] /= s->scale[l];
    }
}

static void t_of(const struct beatclass_view *v, size_t i, float x[T_ALL])
{
    const struct view_stretch *const s = stretch_of(v, i);
    float y[PORTRAIT_QRS];

    memset(x, 0, T_ALL * sizeof *x);
    for (size_t l = 0; l < v->n_leads; l++) {
        portrait_window(&v->portrait[i].lead[l], PORTRAIT_IS_T, y);
        for (int j = 0; j < PORTRAIT_T; j++)
            x[l * PORTRAIT_T + (size_t)j] = y[j] / s->scale[l];
    }
}

/* The P windows of both leads, detrended and weighted; false where none is known. */
static bool p_of(const struct beatclass_view *v, size_t i, float x[VIEW_P])
{
    const struct view_stretch *const s = stretch_of(v, i);
    float y[PORTRAIT_QRS];
    bool any = false;

    memset(x, 0, VIEW_P * sizeof *x);
    for (size_t l = 0; l < v->n_leads; l++) {
        if (!(v->portrait[i].lead[l].p_unit > 0))
            continue;
        portrait_window(&v->portrait[i].lead[l], PORTRAIT_IS_P, y);
        portrait_detrend(y, PORTRAIT_P);
        for (int j = 0; j < PORTRAIT_P; j++)
            x[l * PORTRAIT_P + (size_t)j] = y[j] * s->p_weight[l];
        any = true;
    }
    return any;
}

int view_init(struct beatclass_view *v, const struct beatclass_beat *beat, const struct portrait *portrait, size_t n,
              size_t n_leads)
{
    *v = (struct beatclass_view){.n = n, .n_leads = portrait ? n_leads : 0, .beat = beat, .portrait = n_leads ? portrait : NULL,
                                 .n_stretches = n < 2 * VIEW_STRETCH ? 1 : n / VIEW_STRETCH};
    if (!make_room(v)) {
        view_release(v);
        return -1;
    }
    share_room(v);
    set_intervals(v);
    memset(v->cluster, 0xff, n * sizeof *v->cluster);
    for (size_t k = 0; v->portrait && k < v->n_stretches; k++)
        set_scale(v, k);
    if (v->portrait)
        cluster_beats(shape_of, v, n, v->clusters, v->cluster);
    return 0;
}

/* ---- rhythm ---- */

/* Intervals that ventricular beats neither begin nor end, in x. */
static void usable_intervals(const struct beatclass_view *v, float *x)
{
    for (size_t i = 0; i < v->n; i++)
        x[i] = v->ventricular[i] || (i > 0 && v->ventricular[i - 1]) ? (float)NAN : v->pre[i];
}

void view_set_rhythm(struct beatclass_view *v)
{
    const struct view_rhythm *const r = &v->rhythm;
    const size_t n = v->n;
    float *const x = v->p_steady, *const change = v->p_like;   /* these come later */

    usable_intervals(v, x);
    slide(x, n, 25, MIDDLE_OF_MOST, 0, r->base);
    slide(x, n, 25, QUANTILE, 0.25, r->q25);
    slide(x, n, 25, QUANTILE, 0.75, r->q75);
    slide(x, n, 25, QUANTILE, 0.90, r->q90);
    slide(x, n, 150, QUANTILE, 0.90, r->q90_long);
    slide(x, n, 25, ORDER, 0, r->order);
    float before = USUAL_RR_S;
    for (size_t i = 0; i < n; i++)
        before = r->base[i] = or_else(r->base[i], before);
    for (size_t i = 0; i < n; i++)
        change[i] = i > 0 ? fabsf(x[i] - x[i - 1]) / r->base[i] : (float)NAN;
    slide(change, n, 8, QUANTILE, 0.5, r->irregular);
    slide(change, n, 30, QUANTILE, 0.5, r->irregular_long);
    int early = 0;
    for (size_t i = 0; i < n + 15; i++) {
        early += i < n && x[i] < EARLY * r->base[i];
        early -= i > 30 && x[i - 31] < EARLY * r->base[i - 31];
        if (i >= 15)
            r->early_share[i - 15] = (float)early / 31;
    }
}

/* ---- P waves ---- */

static void median_picture(const struct beatclass_view *v, const size_t *at, size_t n, float picture[VIEW_P])
{
    float (*const x)[VIEW_P] = v->sampled, column[SAMPLED];
    size_t m = 0;

    memset(picture, 0, VIEW_P * sizeof *picture);
    for (size_t k = 0; k < n; k++)
        m += p_of(v, at[k], x[m]);
    for (size_t j = 0; m > 0 && j < VIEW_P; j++) {
        for (size_t k = 0; k < m; k++)
            column[k] = x[k][j];
        picture[j] = quantile_of(column, m, 0.5);
    }
}

/* Beats of stretch k that are not ventricular and have a P window, or all, evenly: at[SAMPLED]. */
static size_t sample_beats(const struct beatclass_view *v, size_t k, size_t *at)
{
    const size_t from = k * VIEW_STRETCH, to = stretch_end(v, k), step = (to - from) / SAMPLED + 1;
    size_t n = 0;

    for (size_t i = from; i < to && n < SAMPLED; i += step) {
        size_t j = i;                        /* if this beat is ventricular, one behind it */
        while (j + 1 < i + step && j + 1 < to && v->ventricular[j])
            j++;
        if (!v->ventricular[j])
            at[n++] = j;
    }
    return n;
}

static int latest_first(const void *a, const void *b)
{
    const struct view_late *const x = a, *const y = b;

    if (x->late != y->late)
        return x->late > y->late ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

/* The beats of stretch k that come latest in units of base: at[SAMPLED], and how late they are. */
static size_t latest_beats(const struct beatclass_view *v, size_t k, size_t *at, float *gap)
{
    const size_t from = k * VIEW_STRETCH, to = stretch_end(v, k);
    struct view_late *const all = v->late;
    size_t n = 0, most;

    for (size_t i = from; i < to; i++)
        if (!v->ventricular[i] && (i == 0 || !v->ventricular[i - 1]) && !isnan(v->pre[i]))
            all[n++] = (struct view_late){v->pre[i] / v->rhythm.base[i], i};
    if (n > 0)
        qsort(all, n, sizeof *all, latest_first);
    most = (size_t)(LATE_SHARE * (double)n);
    most = most < LEAST_LATE ? LEAST_LATE : most > SAMPLED ? SAMPLED : most;
    most = most < n ? most : n;
    for (size_t i = 0; i < most; i++)
        at[i] = all[i].at;
    *gap = most ? logf(fmaxf(0.01f, all[most / 2].late)) : 0;
    return most;
}

/* Weights of the leads: one over the usual distance from the picture. */
static void weigh_leads(const struct beatclass_view *v, struct view_stretch *s, const size_t *at, size_t n)
{
    float picture[VIEW_P], x[VIEW_P], far[SAMPLED], weight[PORTRAIT_LEADS] = {0};

    for (size_t l = 0; l < v->n_leads; l++)
        s->p_weight[l] = 1;
    median_picture(v, at, n, picture);
    for (size_t l = 0; l < v->n_leads; l++) {
        size_t m = 0;
        for (size_t k = 0; k < n; k++)
            if (p_of(v, at[k], x) && v->portrait[at[k]].lead[l].p_unit > 0)
                far[m++] = square_distance(x + l * PORTRAIT_P, picture + l * PORTRAIT_P, PORTRAIT_P);
        const float usual = m ? sqrtf(quantile_of(far, m, 0.5) / PORTRAIT_P) : 0;
        weight[l] = usual > 0 ? 1 / usual : 0;
    }
    memcpy(s->p_weight, weight, sizeof weight);
}

/* Median correlation of the P windows at[n] with a picture. */
static float level_of(const struct beatclass_view *v, const size_t *at, size_t n, const float *picture)
{
    float r[SAMPLED], x[VIEW_P];
    size_t m = 0;

    for (size_t k = 0; k < n; k++)
        if (p_of(v, at[k], x))
            r[m++] = correlation(x, picture, VIEW_P);
    return or_else(quantile_of(r, m, 0.5), 0);
}

static void set_stretch_p(struct beatclass_view *v, size_t k)
{
    struct view_stretch *const s = &v->stretch[k];
    size_t at[SAMPLED], late[SAMPLED], m = 0;
    float x[VIEW_P], far[SAMPLED], loud[SAMPLED];
    const float nothing[VIEW_P] = {0};
    const size_t n = sample_beats(v, k, at), n_late = latest_beats(v, k, late, &s->late_gap);

    weigh_leads(v, s, at, n);
    median_picture(v, at, n, s->p_all);
    median_picture(v, late, n_late, s->p_late);
    s->p_level = level_of(v, at, n, s->p_all);
    s->late_level = level_of(v, late, n_late, s->p_late);
    s->agree = correlation(s->p_all, s->p_late, VIEW_P);
    for (size_t i = 0; i < n; i++)
        if (p_of(v, at[i], x)) {
            far[m] = square_distance(x, s->p_all, VIEW_P);
            loud[m++] = square_distance(x, nothing, VIEW_P);
        }
    s->p_far = or_else(quantile_of(far, m, 0.5), 1);
    s->p_loud = or_else(quantile_of(loud, m, 0.5), 1);
}

static void set_p_steady(struct beatclass_view *v)
{
    float *const other = v->p_late_r, *const steady = v->p_all_r;   /* these come later */

    for (size_t i = 0; i < v->n; i++)
        v->p_like[i] = v->p_steady[i] = (float)NAN;
    for (size_t l = 0; l < v->n_leads; l++) {
        portrait_p_like(v->portrait, v->n, l, v->ventricular, other);
        slide(other, v->n, 24, QUANTILE, 0.5, steady);
        for (size_t i = 0; i < v->n; i++)
            if (!(steady[i] <= v->p_steady[i])) {
                v->p_steady[i] = steady[i];
                v->p_like[i] = other[i];
            }
    }
}

void view_set_p(struct beatclass_view *v, bool for_s)
{
    float x[VIEW_P];

    if (for_s)
        set_p_steady(v);
    for (size_t k = 0; k < v->n_stretches; k++)
        set_stretch_p(v, k);
    for (size_t i = 0; i < v->n; i++) {
        const struct view_stretch *const s = stretch_of(v, i);
        const bool known = p_of(v, i, x);
        v->p_all_r[i] = known ? correlation(x, s->p_all, VIEW_P) : s->p_level;
        v->p_late_r[i] = known ? correlation(x, s->p_late, VIEW_P) : s->late_level;
    }
}

/* ---- measures of a beat ---- */

struct measure {
    float wide, narrow, spread, spread_least, noise, discord;
};

static void measure(const struct beatclass_view *v, size_t i, struct measure *m)
{
    float weight = 0, q[PORTRAIT_QRS], t[PORTRAIT_QRS];

    *m = (struct measure){.narrow = INFINITY, .spread_least = INFINITY};
    for (size_t l = 0; l < v->n_leads; l++) {
        const struct portrait_lead *const p = &v->portrait[i].lead[l];
        if (!(p->qrs_unit > 0))
            continue;
        m->wide = fmaxf(m->wide, p->width_s);
        m->narrow = fminf(m->narrow, p->width_s);
        m->spread = fmaxf(m->spread, p->spread_s);
        m->spread_least = fminf(m->spread_least, p->spread_s);
        m->noise += p->noise / p->amplitude;
        portrait_window(p, PORTRAIT_IS_QRS, q);
        portrait_window(p, PORTRAIT_IS_T, t);
        float area = 0, t_area = 0, all = 1e-9f, t_all = 1e-9f;
        for (int j = 4; j < PORTRAIT_QRS - 8; j++) {
            area += q[j];
            all += fabsf(q[j]);
        }
        for (int j = 0; j < PORTRAIT_T; j++) {
            t_area += t[j];
            t_all += fabsf(t[j]);
        }
        m->discord -= area / all * (t_area / t_all);
        weight++;
    }
    if (weight > 0) {
        m->noise /= weight;
        m->discord /= weight;
    } else {
        m->narrow = m->spread_least = 0;
    }
}

static float noise_limited(float x) { return fminf(x, 1); }

/* ---- groups ---- */

static void set_group_p(struct beatclass_view *v)
{
    size_t n[CLUSTER_MOST] = {0};
    float x[VIEW_P];

    for (size_t i = 0; i < v->n; i++) {
        const short k = v->cluster[i];
        if (k < 0 || !p_of(v, i, x))
            continue;
        for (int j = 0; j < VIEW_P; j++)
            v->group[k].p[j] += x[j];
        n[k]++;
    }
    for (size_t k = 0; k < v->clusters->n; k++)
        for (int j = 0; j < VIEW_P; j++)
            v->group[k].p[j] /= (float)(n[k] ? n[k] : 1);
}

/* How much less alike than usual, where there is a usual P wave at all. */
static float less_than(float r, float level) { return level > 0 ? (r - level) * level : 0; }

static float p_own_of(const struct beatclass_view *v, size_t i)
{
    float x[VIEW_P];
    const short k = v->cluster[i];

    return k >= 0 && p_of(v, i, x) ? less_than(correlation(x, v->group[k].p, VIEW_P), stretch_of(v, i)->p_level) : 0;
}

/* A quarter of the recording's beats lie below. */
static void set_quarters(struct beatclass_view *v)
{
    const size_t step = v->n / (8 * SAMPLED) + 1;
    float width[8 * SAMPLED], spread[8 * SAMPLED];
    struct measure m;
    size_t n = 0;

    for (size_t i = 0; i < v->n; i += step) {
        measure(v, i, &m);
        width[n] = m.wide;
        spread[n++] = m.spread;
    }
    v->width25 = or_else(quantile_of(width, n, 0.25), 0);
    v->spread25 = or_else(quantile_of(spread, n, 0.25), 0);
}

void view_set_groups(struct beatclass_view *v)
{
    struct measure m;

    memset(v->group, 0, CLUSTER_MOST * sizeof *v->group);
    set_quarters(v);
    set_group_p(v);
    for (size_t i = 0; i < v->n; i++) {
        if (v->cluster[i] < 0)
            continue;
        struct view_group *const g = &v->group[v->cluster[i]];
        measure(v, i, &m);
        g->pre += ratio(v->pre[i], v->rhythm.base[i]);
        g->pre25 += ratio(v->pre[i], v->rhythm.q25[i]);
        g->width += m.wide;
        g->spread += m.spread;
        g->discord += m.discord;
        g->p_own += p_own_of(v, i);
        g->p_all += less_than(v->p_all_r[i], stretch_of(v, i)->p_level);
    }
    for (size_t k = 0; k < v->clusters->n; k++) {
        struct view_group *const g = &v->group[k];
        const float n = (float)v->clusters->group[k].n;
        g->pre /= n;
        g->pre25 /= n;
        g->width /= n;
        g->spread /= n;
        g->discord /= n;
        g->p_own /= n;
        g->p_all /= n;
    }
}

/* ---- normals ---- */

/* Mean shapes of every CHUNK normal beats that follow each other, in v->local. */
static void set_local(struct beatclass_view *v)
{
    float x[CLUSTER_ALL];

    memset(v->local, 0, (v->n_normals / CHUNK + 1) * CLUSTER_ALL * sizeof *v->local);
    for (size_t k = 0; k < v->n_normals; k++) {
        const size_t chunk = k / CHUNK, rest = v->n_normals - chunk * CHUNK, n = rest < CHUNK ? rest : CHUNK;
        shape_of(v, v->normal_at[k], x);
        for (int j = 0; j < CLUSTER_ALL; j++)
            v->local[chunk * CLUSTER_ALL + (size_t)j] += x[j] / (float)n;
    }
}

/* The shape of the 16 to 24 normal beats round beat i. */
static bool local_of(const struct beatclass_view *v, size_t i, float x[CLUSTER_ALL])
{
    const size_t n_chunks = (v->n_normals + CHUNK - 1) / CHUNK;
    size_t lo = 0, hi = v->n_normals;

    memset(x, 0, CLUSTER_ALL * sizeof *x);
    if (n_chunks == 0)
        return false;
    while (lo < hi) {
        const size_t middle = (lo + hi) / 2;
        if (v->normal_at[middle] < i)
            lo = middle + 1;
        else
            hi = middle;
    }
    const size_t chunk = lo / CHUNK < n_chunks ? lo / CHUNK : n_chunks - 1;
    const size_t from = chunk ? chunk - 1 : 0, to = chunk + 1 < n_chunks ? chunk + 1 : chunk;
    for (size_t k = from; k <= to; k++)
        for (int j = 0; j < CLUSTER_ALL; j++)
            x[j] += v->local[k * CLUSTER_ALL + (size_t)j] / (float)(to - from + 1);
    return true;
}

static void set_normal_groups(struct beatclass_view *v)
{
    size_t count[CLUSTER_MOST] = {0};

    for (size_t i = 0; i < v->n; i++)
        if (v->normal[i] && v->cluster[i] >= 0)
            count[v->cluster[i]]++;
    for (int k = 0; k < VIEW_NORMALS; k++) {
        size_t most = 0;
        for (size_t c = 1; c < CLUSTER_MOST; c++)
            most = count[c] > count[most] ? c : most;
        v->normal_group[k] = count[most] ? (short)most : -1;
        count[most] = 0;
    }
}

void view_set_normals(struct beatclass_view *v)
{
    const size_t step = v->n / SAMPLED + 1;
    float width[SAMPLED], spread[SAMPLED], r[SAMPLED], t[T_ALL], p[VIEW_P];
    size_t n = 0, m = 0, skip = 0, n_r = 0;
    struct measure own;

    v->n_normals = 0;
    for (size_t i = 0; i < v->n; i++)
        if (v->normal[i])
            v->normal_at[v->n_normals++] = i;
    set_normal_groups(v);
    set_local(v);
    memset(v->normal_t, 0, sizeof v->normal_t);
    memset(v->normal_p, 0, sizeof v->normal_p);
    for (size_t k = 0; k < v->n_normals; k++) {
        const size_t i = v->normal_at[k];
        t_of(v, i, t);
        for (int j = 0; j < T_ALL; j++)
            v->normal_t[j] += t[j];
        n++;
        if (p_of(v, i, p))
            for (int j = 0; j < VIEW_P; j++)
                v->normal_p[j] += p[j];
        if (skip++ % step == 0 && m < SAMPLED) {
            measure(v, i, &own);
            width[m] = own.wide;
            spread[m++] = own.spread;
        }
    }
    for (int j = 0; n > 0 && j < T_ALL; j++)
        v->normal_t[j] /= (float)n;
    for (size_t k = 0; k < v->n_normals && n_r < SAMPLED; k += step)
        if (p_of(v, v->normal_at[k], p))
            r[n_r++] = correlation(p, v->normal_p, VIEW_P);
    v->normal_p_level = or_else(quantile_of(r, n_r, 0.5), 0);
    v->normal_width = m ? quantile_of(width, m, 0.5) : v->width25;
    v->normal_spread = m ? quantile_of(spread, m, 0.5) : v->spread25;
}

/* ---- what is said ---- */

void view_first(const struct beatclass_view *v, size_t i, float f[VIEW_FIRST])
{
    const float base = v->rhythm.base[i], pre = or_else(v->pre[i], base), post = or_else(v->pre[i + 1], base),
                before = i > 0 ? or_else(v->pre[i - 1], base) : base;
    const short k = v->cluster[i];
    struct measure m;

    measure(v, i, &m);
    f[FV_PRE] = ratio(pre, base);
    f[FV_POST] = ratio(post, base);
    f[FV_PRE_PREV] = ratio(pre, before);
    f[FV_POST_PRE] = ratio(post, pre);
    f[FV_PAIR] = ratio(pre + post, 2 * base);
    f[FV_PRE_25] = ratio(pre, v->rhythm.q25[i]);
    f[FV_WIDTH] = m.wide;
    f[FV_WIDTH_LEAST] = m.narrow;
    f[FV_SPREAD] = m.spread;
    f[FV_SPREAD_LEAST] = m.spread_least;
    f[FV_WIDER_ALL] = ratio(m.wide, v->width25);
    f[FV_SPREADER_ALL] = ratio(m.spread, v->spread25);
    f[FV_DISCORD] = m.discord;
    f[FV_P_OWN] = p_own_of(v, i);
    f[FV_P_ALL] = less_than(v->p_all_r[i], stretch_of(v, i)->p_level);
    f[FV_SHARE] = logf(k >= 0 ? (float)v->clusters->group[k].n / (float)v->n : 0.5f / (float)v->n);
    f[FV_NOISE] = noise_limited(m.noise);
    f[FV_G_PRE] = k >= 0 ? v->group[k].pre : f[FV_PRE];
    f[FV_G_PRE_25] = k >= 0 ? v->group[k].pre25 : f[FV_PRE_25];
    f[FV_G_WIDTH] = k >= 0 ? v->group[k].width : m.wide;
    f[FV_G_SPREAD] = k >= 0 ? v->group[k].spread : m.spread;
    f[FV_G_DISCORD] = k >= 0 ? v->group[k].discord : m.discord;
    f[FV_G_P] = k >= 0 ? v->group[k].p_own : 0;
    f[FV_G_P_ALL] = k >= 0 ? v->group[k].p_all : f[FV_P_ALL];
}

/* Correlation of beat i with shape c in the leads: the most and the least alike. */
static void correlate_leads(const struct beatclass_view *v, const float *x, const float *c, float *most, float *least)
{
    *most = -1;
    *least = 1;
    for (size_t l = 0; l < v->n_leads; l++) {
        float best = -1;
        for (int s = -2; s <= 2; s++)
            best = fmaxf(best, correlation(x + l * PORTRAIT_QRS + 3 + s, c + l * PORTRAIT_QRS + 3, PORTRAIT_QRS - 6));
        *most = fmaxf(*most, best);
        *least = fminf(*least, best);
    }
}

static float r_beside(const struct beatclass_view *v, const float *x, size_t i)
{
    float y[CLUSTER_ALL];

    shape_of(v, i, y);
    return correlation(x, y, CLUSTER_ALL);
}

static float nearest_normal(const struct beatclass_view *v, const float *x)
{
    float d = 2;

    for (int k = 0; k < VIEW_NORMALS && v->normal_group[k] >= 0; k++)
        d = fminf(d, cluster_distance(x, v->clusters->group[v->normal_group[k]].shape));
    return d;
}

static void louder(const struct beatclass_view *v, const float *x, const float *c, float *most, float *least)
{
    *most = -2;
    *least = 2;
    for (size_t l = 0; l < v->n_leads; l++) {
        float low = 0, high = 0, c_low = 0, c_high = 0;
        for (size_t j = l * PORTRAIT_QRS; j < (l + 1) * PORTRAIT_QRS; j++) {
            low = fminf(low, x[j]);
            high = fmaxf(high, x[j]);
            c_low = fminf(c_low, c[j]);
            c_high = fmaxf(c_high, c[j]);
        }
        const float r = ratio(high - low, c_high - c_low);
        *most = fmaxf(*most, r);
        *least = fminf(*least, r);
    }
}

void view_second(const struct beatclass_view *v, size_t i, float f[VIEW_V])
{
    float x[CLUSTER_ALL], c[CLUSTER_ALL], t[T_ALL], p[VIEW_P];
    const float nothing[T_ALL] = {0};
    struct measure m;

    view_first(v, i, f);
    for (int j = FV_G_PRE; j < VIEW_FIRST; j++)
        f[j] = 0;                /* a group is not judged by its own means twice: its log-odds are pooled */
    measure(v, i, &m);
    shape_of(v, i, x);
    const bool known = local_of(v, i, c);
    f[FV_WIDER] = ratio(m.wide, v->normal_width);
    f[FV_WIDER_LEAST] = ratio(m.narrow, v->normal_width);
    f[FV_SPREADER] = ratio(m.spread, v->normal_spread);
    f[FV_SPREADER_LEAST] = ratio(m.spread_least, v->normal_spread);
    louder(v, x, c, &f[FV_LOUDER], &f[FV_LOUDER_LEAST]);
    f[FV_D] = nearest_normal(v, x);
    f[FV_D_LOCAL] = known ? cluster_distance(x, c) : 1;
    correlate_leads(v, x, c, &f[FV_R], &f[FV_R_LEAST]);
    t_of(v, i, t);
    f[FV_T_R] = correlation(t, v->normal_t, T_ALL);
    f[FV_T_D] = ratio(square_distance(t, v->normal_t, T_ALL), square_distance(nothing, v->normal_t, T_ALL));
    f[FV_P_R] = p_of(v, i, p) ? less_than(correlation(p, v->normal_p, VIEW_P), v->normal_p_level) : 0;
    f[FV_IRREGULAR] = or_else(v->rhythm.irregular_long[i], 0);
    f[FV_R_PREV] = i > 0 ? r_beside(v, x, i - 1) : 1;
    f[FV_R_NEXT] = i + 1 < v->n ? r_beside(v, x, i + 1) : 1;
}

static void say_rhythm(const struct beatclass_view *v, size_t i, float f[VIEW_RR])
{
    const struct view_rhythm *const r = &v->rhythm;
    const float base = r->base[i], pre = or_else(v->pre[i], base), post = or_else(v->pre[i + 1], base),
                before = i > 0 ? or_else(v->pre[i - 1], base) : base,
                behind = i + 1 < v->n ? or_else(v->pre[i + 2 <= v->n ? i + 2 : v->n], base) : base;
    float run = 0;
    int n = 0;

    for (size_t k = i > 2 ? i - 2 : 0; k <= i + 2 && k < v->n; k++, n++)
        run += ratio(or_else(v->pre[k], r->base[k]), r->q90[k]);
    f[FS_PRE] = ratio(pre, base);
    f[FS_POST] = ratio(post, base);
    f[FS_PRE_PREV] = ratio(pre, before);
    f[FS_PRE_POST] = ratio(pre, post);
    f[FS_PRE_75] = ratio(pre, r->q75[i]);
    f[FS_PRE_90] = ratio(pre, r->q90[i]);
    f[FS_PAIR] = ratio(pre + post, 2 * base);
    f[FS_PREV] = ratio(before, base);
    f[FS_NEXT] = ratio(behind, base);
    f[FS_IRREGULAR] = or_else(r->irregular[i], 0);
    f[FS_IRREGULAR_LONG] = or_else(r->irregular_long[i], 0);
    f[FS_ORDER] = r->order[i];
    f[FS_EARLY_SHARE] = r->early_share[i];
    f[FS_QUARTILES] = ratio(r->q75[i], r->q25[i]);
    f[FS_PRE_LONG] = ratio(pre, r->q90_long[i]);
    f[FS_RUN_90] = run / (float)n;
    f[FS_V_PREV] = i > 0 && v->ventricular[i - 1];
    f[FS_V_NEXT] = i + 1 < v->n && v->ventricular[i + 1];
}

/* Whether a stretch has two kinds of P wave, one of which comes after pauses. */
static bool has_two_kinds(const struct view_stretch *s)
{
    return s->late_gap > 0.2f && s->agree < 0.75f && s->late_level > 0.4f;
}

void view_s(const struct beatclass_view *v, size_t i, float f[VIEW_S])
{
    const struct view_stretch *const s = v->portrait ? stretch_of(v, i) : NULL;
    const float nothing[VIEW_P] = {0};
    float p[VIEW_P], x[CLUSTER_ALL], c[CLUSTER_ALL], run = 0;
    struct measure m;
    int n = 0;

    say_rhythm(v, i, f);
    if (!s)
        return;
    const bool known = p_of(v, i, p);
    const float d = known ? square_distance(p, s->p_all, VIEW_P) : s->p_far, two = has_two_kinds(s);
    for (size_t k = i > 2 ? i - 2 : 0; k <= i + 2 && k < v->n; k++, n++)
        run += v->p_late_r[k];
    measure(v, i, &m);
    shape_of(v, i, x);
    f[FS_P_LESS] = less_than(v->p_all_r[i], s->p_level);
    f[FS_P_LOCAL] = less_than(or_else(v->p_like[i], 0), or_else(v->p_steady[i], 0));
    f[FS_P_STEADY] = or_else(v->p_steady[i], 0);
    f[FS_P_D] = ratio(d, s->p_far);
    f[FS_P_LOUD] = known ? ratio(square_distance(p, nothing, VIEW_P), s->p_loud) : 0;
    f[FS_LATE_LESS] = two * (v->p_late_r[i] - s->late_level);
    f[FS_LATE_MORE] = known ? two * ratio(square_distance(p, s->p_late, VIEW_P), d) : 0;
    f[FS_LATE_RUN] = two * (run / (float)n - s->late_level);
    f[FS_D] = local_of(v, i, c) ? cluster_distance(x, c) : 1;
    f[FS_WIDER] = ratio(m.wide, v->normal_width);
}
