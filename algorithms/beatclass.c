/* algorithms/beatclass.c - see beatclass.h. */
#include "algorithms/beatclass.h"
#include "algorithms/beatclass_features.h"
#include "algorithms/beatclass_trees.h"

#include <math.h>
#include <stdlib.h>

#define NORMAL_SHARE 0.5f    /* groups are normal whose mean log-odds lie below so much of those of the surest group */
#define NEAR_BASE 0.3f       /* normal beats come within so much of the local interval */
#define POOLED 0.8f          /* of log-odds of being ventricular so much is the group's mean */
#define ALONE_COST 2.5f      /* a beat of no group is less likely ventricular than trees say, one of a small group too, one */
#define SIZE_SLOPE 0.4f      /* of a large group more: what makes the folds of model/train_beats.c most likely */
#define USUAL_SIZE 64.0f     /* beats; in short recordings USUAL_SHARE of all */
#define USUAL_SHARE 0.03125f
#define MOST_TIMES 8.0f      /* a group counts as so many times as large as usual at most */
#define UNSURE 0.6f          /* quality below which a beat may be none: in the training records nearly all that looks */
#define DOUBT_COST 3.0f      /* ventricular there is an artefact */
#define V_CUT 0.4f
#define TIME_V_CUT 1.0f      /* of times alone, */
#define TIME_S_CUT 2.0f      /* which tell less */
#define S_CUT 1.1f           /* log-odds and slope that make chances of what models say of records that they did not see: */
#define S_SLOPE 1.2f         /* fitted to the folds of model/train_beats.c */
#define RUN_MORE 1.1f        /* added to log-odds in runs: sinus rhythm lies lower for their trees than for the others; and */
#define RUN_SLOPE 0.35f      /* what e times as many beats add */
#define SPIKE 4.0f           /* so much sharper than all beside it is a pacemaker's pulse: in mitdb its median is 6 to 12 */
#define PACED_SHARE 0.6      /* in paced beats, up to 3 in others */
#define PACED_WIDTH_S 0.13f
#define PACED_CHANCE 0.95f
#define FIBRILLATION_COST 5.0f   /* in atrial fibrillation no beat is early */

struct work {
    struct beatclass_view view;
    const struct beatclass_model *model;
    const struct beatclass_tap *tap;
    float *v, *s;                 /* log-odds */
    bool paced[CLUSTER_MOST];     /* groups */
};

static float ask(const struct work *w, enum beatclass_step step, size_t i, const float *f)
{
    const struct qrs_tree *const tree = w->model->tree[step];
    int sum = 0;

    if (w->tap)
        w->tap->row(w->tap->self, (int)step, i, f);
    for (size_t t = 0; tree && t < w->model->n_trees[step]; t++) {
        unsigned leaf = 0;
        for (int d = 0; d < QRS_TREE_DEPTH; d++)
            leaf |= (unsigned)(f[tree[t].feature[d]] > tree[t].above[d]) << d;
        sum += tree[t].leaf[leaf];
    }
    return (float)sum / QRS_TREE_UNIT;
}

static float chance_of(float log_odds) { return 1 / (1 + expf(-log_odds)); }

/* mean[k] of log_odds over group k. */
static void group_means(const struct work *w, const float *log_odds, float mean[CLUSTER_MOST])
{
    double sum[CLUSTER_MOST] = {0};

    for (size_t i = 0; i < w->view.n; i++)
        if (w->view.cluster[i] >= 0)
            sum[w->view.cluster[i]] += (double)log_odds[i];
    for (size_t k = 0; k < w->view.clusters->n; k++)
        mean[k] = (float)(sum[k] / (double)w->view.clusters->group[k].n);
}

static void find_normals(struct work *w)
{
    struct beatclass_view *const v = &w->view;
    float f[FEATURES_FIRST], mean[CLUSTER_MOST];
    size_t best = 0;

    for (size_t i = 0; i < v->n; i++) {
        feature_first(v, i, f);
        w->v[i] = ask(w, STEP_FIRST, i, f);
    }
    group_means(w, w->v, mean);
    for (size_t k = 1; k < v->clusters->n; k++)
        if (v->clusters->group[k].n * 10 > v->n && mean[k] < mean[best])
            best = k;
    for (size_t i = 0; i < v->n; i++) {
        const short k = v->cluster[i];
        const float early = v->pre[i] / v->rhythm.base[i];
        const bool sure = k >= 0 && ((size_t)k == best || (mean[k] < 0 && mean[k] < NORMAL_SHARE * mean[best]));
        v->normal[i] = sure && fabsf(early - 1) < NEAR_BASE;
    }
    view_set_normals(v);
}

/* What the size of group k adds to the log-odds of its beats. */
static float size_says(const struct beatclass_view *v, short k)
{
    const float usual = fminf(USUAL_SIZE, fmaxf(1, USUAL_SHARE * (float)v->n));

    return k < 0 ? -ALONE_COST : SIZE_SLOPE * logf(fminf(MOST_TIMES, (float)v->clusters->group[k].n / usual));
}

static void find_ventricular(struct work *w)
{
    struct beatclass_view *const v = &w->view;
    float f[FEATURES_V], mean[CLUSTER_MOST];

    for (size_t i = 0; i < v->n; i++) {
        feature_v(v, i, f);
        w->v[i] = ask(w, STEP_V, i, f);
    }
    group_means(w, w->v, mean);
    for (size_t i = 0; i < v->n; i++) {
        const short k = v->cluster[i];
        w->v[i] += (k >= 0 ? POOLED * (mean[k] - w->v[i]) : 0) + size_says(v, k);
    }
    for (size_t i = 0; i < v->n; i++)   /* a comparison with NaN, not known, is false */
        w->v[i] -= v->beat[i].quality < UNSURE ? DOUBT_COST * (UNSURE - v->beat[i].quality) / UNSURE : 0;
}

static float spike_of(const struct beatclass_view *v, size_t i)
{
    float spike = 0;

    for (size_t l = 0; l < v->n_leads; l++)
        spike = fmaxf(spike, v->portrait[i].lead[l].spike);
    return spike;
}

/* Groups of wide complexes most of which have a spike. */
static void find_paced(struct work *w)
{
    const struct beatclass_view *const v = &w->view;
    size_t n[CLUSTER_MOST] = {0};

    for (size_t i = 0; i < v->n; i++)
        if (v->cluster[i] >= 0)
            n[v->cluster[i]] += spike_of(v, i) > SPIKE;
    for (size_t k = 0; k < v->clusters->n; k++) {
        const size_t members = v->clusters->group[k].n;
        w->paced[k] = members >= 8 && (double)n[k] > PACED_SHARE * (double)members && v->group[k].width > PACED_WIDTH_S;
    }
}

static bool is_paced(const struct work *w, size_t i)
{
    return w->view.cluster[i] >= 0 && w->paced[w->view.cluster[i]];
}

/* Of times alone. */
static void find_ventricular_by_time(struct work *w)
{
    float f[FEATURES_S];

    for (size_t i = 0; i < w->view.n; i++) {
        feature_s(&w->view, i, f);
        w->v[i] = ask(w, STEP_RR_V, i, f) - (TIME_V_CUT - V_CUT);
    }
}

static float within(float x, float from, float to) { return fmaxf(0, fminf(1, (x - from) / (to - from))); }

/* 0..1: how much beat i looks like one in atrial fibrillation: intervals without any order and no good P wave that repeats, or
 * with little order and no P wave at all. */
static float fibrillates(const struct beatclass_view *v, size_t i)
{
    const float order = v->rhythm.order[i], steady = v->portrait ? v->p_steady[i] : 0;
    const float rhythm = within(order, 0.24f, 0.18f) * within(steady, 0.9f, 0.75f);

    return fmaxf(rhythm, within(order, 0.36f, 0.28f) * within(steady, 0.7f, 0.5f));   /* NaN, no P window, counts as 0 */
}

/* What a run of n beats adds to the log-odds of each, where it is fast or begins clearly early. */
static float run_says(const struct view_run *run, size_t n)
{
    const float fast = within(run->rr, 0.7f, 0.55f), early = within(run->onset, -0.15f, -0.3f);

    return fmaxf(fast, early) * (RUN_MORE + RUN_SLOPE * logf((float)n));
}

/* A run is ectopic or it is not: each of its beats gets the mean log-odds of all. */
static void pool_runs(struct work *w)
{
    const struct beatclass_view *const v = &w->view;

    for (size_t k = 0; k < v->n_runs; k++) {
        const struct view_run *const run = &v->run[k];
        double sum = 0;
        size_t n = 0;
        for (size_t i = run->from; i < run->from + run->n; i++)
            if (view_is_of_run(v, run, i)) {
                sum += (double)w->s[i];
                n++;
            }
        for (size_t i = run->from; n > 0 && i < run->from + run->n; i++)
            if (view_is_of_run(v, run, i))
                w->s[i] = (float)(sum / (double)n) + run_says(run, n);
    }
}

static enum beatclass_step step_of(const struct beatclass_view *v, size_t i)
{
    const struct view_run *const run = view_run_of(v, i);

    return !v->portrait ? STEP_RR_S : run && view_is_of_run(v, run, i) ? STEP_RUN : STEP_S;
}

static void find_supraventricular(struct work *w)
{
    struct beatclass_view *const v = &w->view;
    float f[FEATURES_S];

    for (size_t i = 0; i < v->n; i++) {
        feature_s(v, i, f);
        w->s[i] = ask(w, step_of(v, i), i, f) - (v->portrait ? 0 : TIME_S_CUT - S_CUT) - FIBRILLATION_COST * fibrillates(v, i);
    }
    if (v->portrait)
        pool_runs(w);
}

static void decide(const struct work *w, size_t i, struct beatclass *out)
{
    const float paced = is_paced(w, i) ? PACED_CHANCE : 0, v = (1 - paced) * chance_of(w->v[i] - V_CUT),
                s = (1 - paced - v) * chance_of(S_SLOPE * (w->s[i] - S_CUT));

    *out = (struct beatclass){.cluster = w->view.portrait ? w->view.cluster[i] : -1};
    out->chance[BEATCLASS_N] = 1 - paced - v - s;
    out->chance[BEATCLASS_S] = s;
    out->chance[BEATCLASS_V] = v;
    out->chance[BEATCLASS_P] = paced;
    out->type[0] = paced > 0 ? '/' : w->v[i] > V_CUT ? 'V' : w->s[i] > S_CUT ? 'S' : 'N';
}

static void classify(struct work *w, struct beatclass *out)
{
    struct beatclass_view *const v = &w->view;

    view_set_rhythm(v);
    if (v->portrait) {
        view_set_p(v, false);
        view_set_groups(v);
        find_normals(w);
        find_ventricular(w);
        find_paced(w);
    } else {
        find_ventricular_by_time(w);
    }
    for (size_t i = 0; i < v->n; i++)
        v->ventricular[i] = w->v[i] > V_CUT || is_paced(w, i);
    view_set_rhythm(v);
    if (v->portrait)
        view_set_p(v, true);
    find_supraventricular(w);
    for (size_t i = 0; i < v->n; i++)
        decide(w, i, &out[i]);
}

int beatclass(const struct beatclass_beat *beat, const struct portrait *portrait, size_t n, size_t n_leads,
              const struct beatclass_model *model, const struct beatclass_tap *tap, struct beatclass *out, struct kymo_err *e)
{
    struct work w = {.model = model, .tap = tap};

    if (n == 0)
        return 0;
    w.v = malloc(2 * n * sizeof *w.v);
    if (!w.v || view_init(&w.view, beat, portrait, n, n_leads) < 0) {
        free(w.v);
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the classes of %zu beats", n);
    }
    w.s = w.v + n;
    classify(&w, out);
    view_release(&w.view);
    free(w.v);
    return 0;
}
