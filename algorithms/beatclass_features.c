/* algorithms/beatclass_features.c - see beatclass_features.h. */
#include "algorithms/beatclass_features.h"
#include "algorithms/beatclass_window.h"

#define FAST_RR_S 0.6f

enum { AROUND = 4 };

void feature_first(const struct beatclass_view *v, size_t i, float f[FEATURES_FIRST])
{
    const float base = v->rhythm.base[i], pre = or_else(v->pre[i], base), post = or_else(v->pre[i + 1], base),
                before = i > 0 ? or_else(v->pre[i - 1], base) : base;
    const short k = v->cluster[i];
    const struct view_measure *const m = &v->measure[i];

    f[FV_PRE] = ratio(pre, base);
    f[FV_POST] = ratio(post, base);
    f[FV_PRE_PREV] = ratio(pre, before);
    f[FV_POST_PRE] = ratio(post, pre);
    f[FV_PAIR] = ratio(pre + post, 2 * base);
    f[FV_PRE_25] = ratio(pre, v->rhythm.q25[i]);
    f[FV_WIDTH] = m->wide;
    f[FV_WIDTH_LEAST] = m->narrow;
    f[FV_SPREAD] = m->spread;
    f[FV_SPREAD_LEAST] = m->spread_least;
    f[FV_WIDER_ALL] = ratio(m->wide, v->width25);
    f[FV_SPREADER_ALL] = ratio(m->spread, v->spread25);
    f[FV_DISCORD] = m->discord;
    f[FV_P_OWN] = v->p_own[i];
    f[FV_P_ALL] = view_less_than(v->p_all_r[i], view_stretch_of(v, i)->p_level);
    f[FV_SHARE] = logf(k >= 0 ? (float)v->clusters->group[k].n / (float)v->n : 0.5f / (float)v->n);
    f[FV_NOISE] = fminf(m->noise, 1);
    f[FV_G_PRE] = k >= 0 ? v->group[k].pre : f[FV_PRE];
    f[FV_G_PRE_25] = k >= 0 ? v->group[k].pre25 : f[FV_PRE_25];
    f[FV_G_WIDTH] = k >= 0 ? v->group[k].width : m->wide;
    f[FV_G_SPREAD] = k >= 0 ? v->group[k].spread : m->spread;
    f[FV_G_DISCORD] = k >= 0 ? v->group[k].discord : m->discord;
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

static float nearest_normal(const struct beatclass_view *v, const float *x)
{
    size_t n = 0;

    while (n < VIEW_NORMALS && v->normal_group[n] >= 0)
        n++;
    return cluster_least(v->clusters, v->normal_group, n, x);
}

static void louder(const struct beatclass_view *v, const float *x, const float *c, float *most, float *least)
{
    *most = -2;
    *least = 2;
    for (size_t l = 0; l < v->n_leads; l++) {
        float low = 0, high = 0, c_low = 0, c_high = 0;
        for (size_t j = l * PORTRAIT_QRS; j < (l + 1) * PORTRAIT_QRS; j++) {
            low = x[j] < low ? x[j] : low;
            high = x[j] > high ? x[j] : high;
            c_low = c[j] < c_low ? c[j] : c_low;
            c_high = c[j] > c_high ? c[j] : c_high;
        }
        const float r = ratio(high - low, c_high - c_low);
        *most = fmaxf(*most, r);
        *least = fminf(*least, r);
    }
}

/* The noise in the noisiest lead over the usual amplitude: the beat's own may be noise too. */
static float noisiest(const struct beatclass_view *v, size_t i)
{
    float noise = 0;

    for (size_t l = 0; l < v->n_leads; l++)
        noise = fmaxf(noise, v->portrait[i].lead[l].noise / view_stretch_of(v, i)->scale[l]);
    return fminf(1, noise);
}

/* The quantile q of x of the AROUND beats on either side of beat i, its own left out. */
static float around(const struct beatclass_view *v, const float *x, size_t i, double q)
{
    float beside[2 * AROUND];
    size_t n = 0;

    for (size_t k = i > AROUND ? i - AROUND : 0; k <= i + AROUND && k < v->n; k++)
        if (k != i)
            beside[n++] = x[k];
    return or_else(window_quantile_of(beside, n, q), 0);
}

void feature_v(const struct beatclass_view *v, size_t i, float f[FEATURES_V])
{
    float x[CLUSTER_ALL], c[CLUSTER_ALL], t[VIEW_T], p[VIEW_P];
    const float nothing[VIEW_T] = {0};
    const struct view_measure *const m = &v->measure[i];

    feature_first(v, i, f);
    for (int j = FV_G_PRE; j < FEATURES_FIRST; j++)
        f[j] = 0;                /* a group is not judged by its own means twice: its log-odds are pooled */
    view_shape_of(v, i, x);
    view_local_of(v, i, c);
    f[FV_WIDER] = ratio(m->wide, v->normal_width);
    f[FV_WIDER_LEAST] = ratio(m->narrow, v->normal_width);
    f[FV_SPREADER] = ratio(m->spread, v->normal_spread);
    f[FV_SPREADER_LEAST] = ratio(m->spread_least, v->normal_spread);
    louder(v, x, c, &f[FV_LOUDER], &f[FV_LOUDER_LEAST]);
    f[FV_D] = nearest_normal(v, x);
    f[FV_D_LOCAL] = v->unlike[i];
    correlate_leads(v, x, c, &f[FV_R], &f[FV_R_LEAST]);
    view_t_of(v, i, t);
    f[FV_T_R] = correlation(t, v->normal_t, VIEW_T);
    f[FV_T_D] = ratio(square_distance(t, v->normal_t, VIEW_T), square_distance(nothing, v->normal_t, VIEW_T));
    f[FV_P_R] = view_p_of(v, i, p) ? view_less_than(correlation(p, v->normal_p, VIEW_P), v->normal_p_level) : 0;
    f[FV_IRREGULAR] = or_else(v->rhythm.irregular_long[i], 0);
    f[FV_R_PREV] = v->r_prev[i];
    f[FV_R_NEXT] = i + 1 < v->n ? v->r_prev[i + 1] : 1;
    f[FV_NOISIEST] = noisiest(v, i);
    f[FV_AROUND_D] = around(v, v->unlike, i, 0.2);
    f[FV_AROUND_P] = around(v, v->p_loud, i, 0.5);
    f[FV_QUALITY] = or_else(v->beat[i].quality, 1);
}

static void say_run(const struct beatclass_view *v, size_t i, float pre, float f[FEATURES_RR])
{
    const struct view_run *const run = view_run_of(v, i);

    f[FS_RUN_ONSET] = run ? run->onset : 0;
    f[FS_RUN_END] = run ? run->end : 0;
    f[FS_RUN_UNEVEN] = run ? run->uneven : 0;
    f[FS_RUN_LENGTH] = run ? logf((float)run->n) : 0;
    f[FS_RUN_RR] = ratio(run ? run->rr : pre, FAST_RR_S);
    f[FS_RUN_STEP] = run ? run->step : 0;
    f[FS_RUN_HALF] = run ? fabsf(2 * expf(run->onset) - 1) : 1;
}

static void say_rhythm(const struct beatclass_view *v, size_t i, float f[FEATURES_RR])
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
    f[FS_ONSET] = r->onset[i];
    f[FS_END] = r->end[i];
    f[FS_NEAR_75] = ratio(pre, r->near75[i]);
    f[FS_NEAR_90] = ratio(pre, r->near90[i]);
    say_run(v, i, pre, f);
}

/* Whether a stretch has two kinds of P wave, one of which comes after pauses. */
static bool has_two_kinds(const struct view_stretch *s)
{
    return s->late_gap > 0.2f && s->agree < 0.75f && s->late_level > 0.4f;
}

void feature_s(const struct beatclass_view *v, size_t i, float f[FEATURES_S])
{
    const struct view_stretch *const s = v->portrait ? view_stretch_of(v, i) : NULL;
    float p[VIEW_P], run = 0, p_run = 0;
    const struct view_measure *const m = &v->measure[i];
    const struct view_run *const of = view_run_of(v, i);
    int n = 0;

    say_rhythm(v, i, f);
    if (!s)
        return;
    const bool known = view_p_of(v, i, p);
    const float d = known ? square_distance(p, s->p_all, VIEW_P) : s->p_far, two = has_two_kinds(s);
    for (size_t k = i > 2 ? i - 2 : 0; k <= i + 2 && k < v->n; k++, n++) {
        run += v->p_late_r[k];
        p_run += view_p_rank(v, k);
    }
    f[FS_P_LESS] = view_less_than(v->p_all_r[i], s->p_level);
    f[FS_P_LOCAL] = view_less_than(or_else(v->p_like[i], 0), or_else(v->p_steady[i], 0));
    f[FS_P_STEADY] = or_else(v->p_steady[i], 0);
    f[FS_P_D] = ratio(d, s->p_far);
    f[FS_P_LOUD] = v->p_loud[i];
    f[FS_LATE_LESS] = two * (v->p_late_r[i] - s->late_level);
    f[FS_LATE_MORE] = known ? two * ratio(square_distance(p, s->p_late, VIEW_P), d) : 0;
    f[FS_LATE_RUN] = two * (run / (float)n - s->late_level);
    f[FS_P_RANK] = view_p_rank(v, i);
    f[FS_P_RUN] = p_run / (float)n;
    f[FS_RUN_P] = of ? of->p : f[FS_P_RANK];
    f[FS_QUALITY] = or_else(v->beat[i].quality, 1);
    f[FS_D] = v->unlike[i];
    f[FS_WIDER] = ratio(m->wide, v->normal_width);
}
