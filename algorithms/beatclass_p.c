/* algorithms/beatclass_p.c - part of beatclass_view.h: P waves. */
#include "algorithms/beatclass_view.h"
#include "algorithms/beatclass_window.h"

#include <stdlib.h>
#include <string.h>

#define LATE_SHARE 0.08     /* of a stretch's beats, the latest */

enum { LEAST_LATE = 8 };

/* The P windows of both leads, detrended and weighted; false where none is known. */
bool view_p_of(const struct beatclass_view *v, size_t i, float x[VIEW_P])
{
    const struct view_stretch *const s = view_stretch_of(v, i);
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

static void median_picture(const struct beatclass_view *v, const size_t *at, size_t n, float picture[VIEW_P])
{
    float (*const x)[VIEW_P] = v->sampled, column[VIEW_SAMPLED];
    size_t m = 0;

    memset(picture, 0, VIEW_P * sizeof *picture);
    for (size_t k = 0; k < n; k++)
        m += view_p_of(v, at[k], x[m]);
    for (size_t j = 0; m > 0 && j < VIEW_P; j++) {
        for (size_t k = 0; k < m; k++)
            column[k] = x[k][j];
        picture[j] = window_quantile_of(column, m, 0.5);
    }
}

/* Beats of stretch k that are not ventricular and have a P window, or all, evenly: at[VIEW_SAMPLED]. */
static size_t sample_beats(const struct beatclass_view *v, size_t k, size_t *at)
{
    const size_t from = k * VIEW_STRETCH, to = view_stretch_end(v, k), step = (to - from) / VIEW_SAMPLED + 1;
    size_t n = 0;

    for (size_t i = from; i < to && n < VIEW_SAMPLED; i += step) {
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

/* The beats of stretch k that come latest in units of base: at[VIEW_SAMPLED], and how late they are. */
static size_t latest_beats(const struct beatclass_view *v, size_t k, size_t *at, float *gap)
{
    const size_t from = k * VIEW_STRETCH, to = view_stretch_end(v, k);
    struct view_late *const all = v->late;
    size_t n = 0, most;

    for (size_t i = from; i < to; i++)
        if (!v->ventricular[i] && (i == 0 || !v->ventricular[i - 1]) && !isnan(v->pre[i]))
            all[n++] = (struct view_late){v->pre[i] / v->rhythm.base[i], i};
    if (n > 0)
        qsort(all, n, sizeof *all, latest_first);
    most = (size_t)(LATE_SHARE * (double)n);
    most = most < LEAST_LATE ? LEAST_LATE : most > VIEW_SAMPLED ? VIEW_SAMPLED : most;
    most = most < n ? most : n;
    for (size_t i = 0; i < most; i++)
        at[i] = all[i].at;
    *gap = most ? logf(fmaxf(0.01f, all[most / 2].late)) : 0;
    return most;
}

/* Weights of the leads, one over the usual distance from the picture of beats at[n]; and p_all, that picture weighted. */
static void weigh_leads(const struct beatclass_view *v, struct view_stretch *s, const size_t *at, size_t n)
{
    float picture[VIEW_P], x[VIEW_P], far[PORTRAIT_LEADS][VIEW_SAMPLED];
    size_t m[PORTRAIT_LEADS] = {0};

    for (size_t l = 0; l < v->n_leads; l++)
        s->p_weight[l] = 1;
    median_picture(v, at, n, picture);
    for (size_t k = 0; k < n; k++) {
        if (!view_p_of(v, at[k], x))
            continue;
        for (size_t l = 0; l < v->n_leads; l++)
            if (v->portrait[at[k]].lead[l].p_unit > 0)
                far[l][m[l]++] = square_distance(x + l * PORTRAIT_P, picture + l * PORTRAIT_P, PORTRAIT_P);
    }
    memset(s->p_weight, 0, sizeof s->p_weight);
    memset(s->p_all, 0, sizeof s->p_all);
    for (size_t l = 0; l < v->n_leads; l++) {
        const float usual = m[l] ? sqrtf(window_quantile_of(far[l], m[l], 0.5) / PORTRAIT_P) : 0;
        s->p_weight[l] = usual > 0 ? 1 / usual : 0;
        for (size_t j = l * PORTRAIT_P; j < (l + 1) * PORTRAIT_P; j++)
            s->p_all[j] = s->p_weight[l] * picture[j];
    }
}

/* How beats at[n] lie to p_all. */
static void set_levels(const struct beatclass_view *v, struct view_stretch *s, const size_t *at, size_t n)
{
    float x[VIEW_P], r[VIEW_SAMPLED], far[VIEW_SAMPLED], loud[VIEW_SAMPLED];
    const float nothing[VIEW_P] = {0};
    size_t m = 0;

    for (size_t k = 0; k < n; k++)
        if (view_p_of(v, at[k], x)) {
            r[m] = correlation(x, s->p_all, VIEW_P);
            far[m] = square_distance(x, s->p_all, VIEW_P);
            loud[m++] = square_distance(x, nothing, VIEW_P);
        }
    s->p_level = or_else(window_quantile_of(r, m, 0.5), 0);
    s->p_level_low = or_else(window_quantile_of(r, m, 0.16), 0);
    s->p_far = or_else(window_quantile_of(far, m, 0.5), 1);
    s->p_loud = or_else(window_quantile_of(loud, m, 0.5), 1);
}

/* The second picture. */
static void set_late(const struct beatclass_view *v, size_t k, struct view_stretch *s)
{
    size_t at[VIEW_SAMPLED], m = 0;
    float r[VIEW_SAMPLED], x[VIEW_P];
    const size_t n = latest_beats(v, k, at, &s->late_gap);

    median_picture(v, at, n, s->p_late);
    for (size_t i = 0; i < n; i++)
        if (view_p_of(v, at[i], x))
            r[m++] = correlation(x, s->p_late, VIEW_P);
    s->late_level = or_else(window_quantile_of(r, m, 0.5), 0);
    s->agree = correlation(s->p_all, s->p_late, VIEW_P);
}

static void set_stretch_p(struct beatclass_view *v, size_t k, bool for_s)
{
    size_t at[VIEW_SAMPLED];
    const size_t n = sample_beats(v, k, at);

    weigh_leads(v, &v->stretch[k], at, n);
    set_levels(v, &v->stretch[k], at, n);
    if (for_s)
        set_late(v, k, &v->stretch[k]);
}

static void set_p_steady(struct beatclass_view *v)
{
    float *const other = v->p_late_r, *const steady = v->p_all_r;   /* these come later */

    for (size_t i = 0; i < v->n; i++)
        v->p_like[i] = v->p_steady[i] = (float)NAN;
    for (size_t l = 0; l < v->n_leads; l++) {
        portrait_p_like(v->portrait, v->n, l, v->ventricular, other);
        window_slide(other, v->n, 24, &(struct window_ask){WINDOW_QUANTILE, 0.5, steady}, 1);
        for (size_t i = 0; i < v->n; i++)
            if (!(steady[i] <= v->p_steady[i])) {
                v->p_steady[i] = steady[i];
                v->p_like[i] = other[i];
            }
    }
}

float view_p_rank(const struct beatclass_view *v, size_t i)
{
    const struct view_stretch *const s = view_stretch_of(v, i);

    return fmaxf(-8, (v->p_all_r[i] - s->p_level) / (s->p_level - s->p_level_low + 0.03f));
}

static void set_p_of_runs(struct beatclass_view *v)
{
    for (size_t k = 0; k < v->n_runs; k++) {
        struct view_run *const run = &v->run[k];
        run->p = 0;
        for (size_t i = run->from; i < run->from + run->n; i++)
            run->p += view_p_rank(v, i) / (float)run->n;
    }
}

void view_set_p(struct beatclass_view *v, bool for_s)
{
    const float nothing[VIEW_P] = {0};
    float x[VIEW_P];

    if (for_s)
        set_p_steady(v);
    for (size_t k = 0; k < v->n_stretches; k++)
        set_stretch_p(v, k, for_s);
    for (size_t i = 0; i < v->n; i++) {
        const struct view_stretch *const s = view_stretch_of(v, i);
        const bool known = view_p_of(v, i, x);
        v->p_all_r[i] = known ? correlation(x, s->p_all, VIEW_P) : s->p_level;
        if (for_s)
            v->p_late_r[i] = known ? correlation(x, s->p_late, VIEW_P) : s->late_level;
        v->p_loud[i] = known ? ratio(square_distance(x, nothing, VIEW_P), s->p_loud) : 0;
    }
    if (for_s)
        set_p_of_runs(v);
}
