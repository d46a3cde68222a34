/* algorithms/beatclass_normal.c - part of beatclass_view.h: measures of a beat, means over its group, what is normal. */
#include "algorithms/beatclass_view.h"
#include "algorithms/beatclass_window.h"

#include <string.h>

/* ---- measures of a beat ---- */

static void measure(const struct beatclass_view *v, size_t i, struct view_measure *m)
{
    float weight = 0, q[PORTRAIT_QRS], t[PORTRAIT_QRS];

    *m = (struct view_measure){.narrow = INFINITY, .spread_least = INFINITY};
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

void view_measure(struct beatclass_view *v)
{
    for (size_t i = 0; i < v->n; i++)
        measure(v, i, &v->measure[i]);
}

/* ---- groups ---- */

static void set_group_p(struct beatclass_view *v)
{
    size_t n[CLUSTER_MOST] = {0};
    float x[VIEW_P];

    for (size_t i = 0; i < v->n; i++) {
        const short k = v->cluster[i];
        if (k < 0 || !view_p_of(v, i, x))
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
float view_less_than(float r, float level) { return level > 0 ? (r - level) * level : 0; }

static float p_own_of(const struct beatclass_view *v, size_t i)
{
    float x[VIEW_P];
    const short k = v->cluster[i];

    if (k < 0 || !view_p_of(v, i, x))
        return 0;
    return view_less_than(correlation(x, v->group[k].p, VIEW_P), view_stretch_of(v, i)->p_level);
}

/* A quarter of the recording's beats lie below. */
static void set_quarters(struct beatclass_view *v)
{
    const size_t step = v->n / (8 * VIEW_SAMPLED) + 1;
    float width[8 * VIEW_SAMPLED], spread[8 * VIEW_SAMPLED];
    size_t n = 0;

    for (size_t i = 0; i < v->n; i += step) {
        width[n] = v->measure[i].wide;
        spread[n++] = v->measure[i].spread;
    }
    v->width25 = or_else(window_quantile_of(width, n, 0.25), 0);
    v->spread25 = or_else(window_quantile_of(spread, n, 0.25), 0);
}

void view_set_groups(struct beatclass_view *v)
{
    memset(v->group, 0, CLUSTER_MOST * sizeof *v->group);
    set_quarters(v);
    set_group_p(v);
    for (size_t i = 0; i < v->n; i++) {
        v->p_own[i] = p_own_of(v, i);
        if (v->cluster[i] < 0)
            continue;
        struct view_group *const g = &v->group[v->cluster[i]];
        const struct view_measure *const m = &v->measure[i];
        g->pre += ratio(v->pre[i], v->rhythm.base[i]);
        g->pre25 += ratio(v->pre[i], v->rhythm.q25[i]);
        g->width += m->wide;
        g->spread += m->spread;
        g->discord += m->discord;
        g->p_own += v->p_own[i];
        g->p_all += view_less_than(v->p_all_r[i], view_stretch_of(v, i)->p_level);
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

/* Mean shapes of every VIEW_CHUNK normal beats that follow each other, in v->local. */
static void set_local(struct beatclass_view *v)
{
    float x[CLUSTER_ALL];

    memset(v->local, 0, (v->n_normals / VIEW_CHUNK + 1) * CLUSTER_ALL * sizeof *v->local);
    for (size_t k = 0; k < v->n_normals; k++) {
        const size_t chunk = k / VIEW_CHUNK, rest = v->n_normals - chunk * VIEW_CHUNK;
        const size_t n = rest < VIEW_CHUNK ? rest : VIEW_CHUNK;
        view_shape_of(v, v->normal_at[k], x);
        for (int j = 0; j < CLUSTER_ALL; j++)
            v->local[chunk * CLUSTER_ALL + (size_t)j] += x[j] / (float)n;
    }
}

/* The shape of the 16 to 24 normal beats round beat i. */
bool view_local_of(const struct beatclass_view *v, size_t i, float x[CLUSTER_ALL])
{
    const size_t n_chunks = (v->n_normals + VIEW_CHUNK - 1) / VIEW_CHUNK;
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
    const size_t chunk = lo / VIEW_CHUNK < n_chunks ? lo / VIEW_CHUNK : n_chunks - 1;
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
    const size_t step = v->n / VIEW_SAMPLED + 1;
    float width[VIEW_SAMPLED], spread[VIEW_SAMPLED], r[VIEW_SAMPLED], t[VIEW_T], p[VIEW_P], x[2][CLUSTER_ALL], c[CLUSTER_ALL];
    size_t n = 0, m = 0, skip = 0, n_r = 0;

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
        view_t_of(v, i, t);
        for (int j = 0; j < VIEW_T; j++)
            v->normal_t[j] += t[j];
        n++;
        if (view_p_of(v, i, p))
            for (int j = 0; j < VIEW_P; j++)
                v->normal_p[j] += p[j];
        if (skip++ % step == 0 && m < VIEW_SAMPLED) {
            width[m] = v->measure[i].wide;
            spread[m++] = v->measure[i].spread;
        }
    }
    for (int j = 0; n > 0 && j < VIEW_T; j++)
        v->normal_t[j] /= (float)n;
    for (size_t k = 0; k < v->n_normals && n_r < VIEW_SAMPLED; k += step)
        if (view_p_of(v, v->normal_at[k], p))
            r[n_r++] = correlation(p, v->normal_p, VIEW_P);
    for (size_t i = 0; i < v->n; i++) {
        view_shape_of(v, i, x[i % 2]);
        v->unlike[i] = view_local_of(v, i, c) ? cluster_distance(x[i % 2], c) : 1;
        v->r_prev[i] = i > 0 ? correlation(x[0], x[1], CLUSTER_ALL) : 1;
    }
    v->normal_p_level = or_else(window_quantile_of(r, n_r, 0.5), 0);
    v->normal_width = m ? window_quantile_of(width, m, 0.5) : v->width25;
    v->normal_spread = m ? window_quantile_of(spread, m, 0.5) : v->spread25;
}
