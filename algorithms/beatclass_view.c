/* algorithms/beatclass_view.c - see beatclass_view.h: its room, amplitudes and shapes. */
#include "algorithms/beatclass_view.h"
#include "algorithms/beatclass_window.h"

#include <stdlib.h>
#include <string.h>

/* ---- room ---- */

struct view_stretch *view_stretch_of(const struct beatclass_view *v, size_t i)
{
    const size_t k = i / VIEW_STRETCH;

    return &v->stretch[k < v->n_stretches ? k : v->n_stretches - 1];
}

size_t view_stretch_end(const struct beatclass_view *v, size_t k)
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
        &v->rhythm.irregular_long, &v->rhythm.early_share, &v->rhythm.order, &v->rhythm.near75, &v->rhythm.near90,
        &v->rhythm.onset, &v->rhythm.end,
        &v->p_all_r, &v->p_late_r, &v->p_like,
        &v->p_steady, &v->p_loud, &v->p_own, &v->unlike, &v->r_prev,
    };

    v->pre = v->room;
    for (size_t k = 0; k < sizeof each / sizeof *each; k++)
        *each[k] = v->room + n + 1 + k * n;
}

static bool make_room(struct beatclass_view *v)
{
    const size_t n = v->n + 1;

    v->room = calloc(23 * n, sizeof *v->room);
    v->run = malloc((n / 2 + 1) * sizeof *v->run);
    v->stretch = calloc(v->n_stretches, sizeof *v->stretch);
    v->clusters = calloc(1, sizeof *v->clusters);
    v->measure = calloc(n, sizeof *v->measure);
    v->group = calloc(CLUSTER_MOST, sizeof *v->group);
    v->cluster = calloc(n, sizeof *v->cluster);
    v->ventricular = calloc(n, 1);
    v->normal = calloc(n, 1);
    v->normal_at = malloc(n * sizeof *v->normal_at);
    v->local = calloc(v->portrait ? (n / VIEW_CHUNK + 2) * CLUSTER_ALL : 1, sizeof *v->local);
    v->sampled = malloc(VIEW_SAMPLED * sizeof *v->sampled);
    v->late = malloc((n < 2 * VIEW_STRETCH ? n : 2 * VIEW_STRETCH) * sizeof *v->late);   /* longest stretch */
    return v->sampled && v->late && v->room && v->run && v->stretch && v->clusters && v->measure && v->group && v->cluster &&
           v->ventricular && v->normal && v->normal_at && v->local;
}

void view_release(struct beatclass_view *v)
{
    free(v->room);
    free(v->run);
    free(v->stretch);
    free(v->clusters);
    free(v->measure);
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
    const size_t from = k * VIEW_STRETCH, to = view_stretch_end(v, k), step = (to - from) / VIEW_SAMPLED + 1;
    float amplitude[2 * VIEW_SAMPLED], noise[2 * VIEW_SAMPLED];

    for (size_t l = 0; l < v->n_leads; l++) {
        size_t n = 0;
        for (size_t i = from; i < to; i += step) {
            const struct portrait_lead *const p = &v->portrait[i].lead[l];
            if (p->qrs_unit > 0) {
                amplitude[n] = p->amplitude;
                noise[n++] = p->noise / p->amplitude;
            }
        }
        const float usual = window_quantile_of(amplitude, n, 0.5), loud = 4 * window_quantile_of(noise, n, 0.5);
        v->stretch[k].scale[l] = n ? usual * (1 + loud * loud) : 1;
    }
}

void view_shape_of(const void *self, size_t i, float x[CLUSTER_ALL])
{
    const struct beatclass_view *const v = self;
    const struct view_stretch *const s = view_stretch_of(v, i);

    memset(x, 0, CLUSTER_ALL * sizeof *x);
    for (size_t l = 0; l < v->n_leads; l++) {
        portrait_window(&v->portrait[i].lead[l], PORTRAIT_IS_QRS, x + l * PORTRAIT_QRS);
        for (int j = 0; j < PORTRAIT_QRS; j++)
            x[l * PORTRAIT_QRS + (size_t)j] /= s->scale[l];
    }
}

void view_t_of(const struct beatclass_view *v, size_t i, float x[VIEW_T])
{
    const struct view_stretch *const s = view_stretch_of(v, i);
    float y[PORTRAIT_QRS];

    memset(x, 0, VIEW_T * sizeof *x);
    for (size_t l = 0; l < v->n_leads; l++) {
        portrait_window(&v->portrait[i].lead[l], PORTRAIT_IS_T, y);
        for (int j = 0; j < PORTRAIT_T; j++)
            x[l * PORTRAIT_T + (size_t)j] = y[j] / s->scale[l];
    }
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
    view_measure(v);
    if (v->portrait)
        cluster_beats(view_shape_of, v, n, v->clusters, v->cluster);
    return 0;
}
