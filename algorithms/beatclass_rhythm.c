/* algorithms/beatclass_rhythm.c - part of beatclass_view.h: what is local to a beat of the intervals. */
#include "algorithms/beatclass_view.h"
#include "algorithms/beatclass_window.h"

#define USUAL_RR_S 0.8f     /* where no interval is known */
#define EARLY 0.88f
#define RUN_EARLY 0.88f
#define RUN_RATE 0.2f       /* the usual interval follows by so much, */
#define RUN_PAUSE 1.2f      /* a pause counts as one so much longer */
#define DOUBTED 0.6f        /* intervals from or to beats of less quality begin no run */

#define RUN_EVEN 0.15f      /* beats of a run come within so much of its mean interval */

enum {
    BEFORE = 5, RUN_LEAST = 3,
    RUN_LONGEST = 600       /* what lasts longer has become usual */
};

/* Intervals that ventricular beats neither begin nor end, in x. */
static void usable_intervals(const struct beatclass_view *v, float *x)
{
    for (size_t i = 0; i < v->n; i++)
        x[i] = v->ventricular[i] || (i > 0 && v->ventricular[i - 1]) ? (float)NAN : v->pre[i];
}

/* Runs that begin at once: intervals of which at least two come RUN_EARLY or more before those before them would, until one
 * does not. out[n]: ln of each over the mean before the run, 0 outside runs; back: told from behind, where runs end at once. */
static void set_runs(const float *x, size_t n, bool back, float *out)
{
    float usual = (float)NAN;
    size_t left = 0;

    for (size_t k = 0; k < n; k++) {
        const size_t i = back ? n - 1 - k : k, next = back ? (i > 0 ? i - 1 : i) : (i + 1 < n ? i + 1 : i);
        out[i] = 0;
        if (isnan(x[i]))
            continue;
        const bool early = x[i] < RUN_EARLY * usual;
        if (early && (left > 0 || x[next] < RUN_EARLY * usual)) {
            left = left > 0 ? left - 1 : RUN_LONGEST;
            out[i] = left > 0 ? ratio(x[i], usual) : 0;
            usual = left > 0 ? usual : x[i];
        } else {
            left = 0;
            usual = isnan(usual) ? x[i] : early ? usual : usual + RUN_RATE * (fminf(x[i], RUN_PAUSE * usual) - usual);
        }
    }
}

/* The median of the last BEFORE intervals before interval i; NaN where there is none. */
static float usual_before(const float *x, size_t i)
{
    float last[BEFORE];
    size_t n = 0;

    for (size_t k = i; k > 0 && n < BEFORE && i - k < 3 * BEFORE; k--)
        if (!isnan(x[k - 1]))
            last[n++] = x[k - 1];
    return window_quantile_of(last, n, 0.5);
}

static struct view_run measure_run(const struct view_rhythm *r, const float *x, size_t from, size_t to)
{
    struct view_run run = {.from = from, .n = to - from};

    for (size_t i = from; i < to; i++) {
        run.rr += x[i] / (float)run.n;
        run.onset += r->onset[i] / (float)run.n;
        run.end += r->end[i] / (float)run.n;
        run.uneven += i > from ? fabsf(x[i] - x[i - 1]) / (float)(run.n - 1) : 0;
    }
    run.uneven /= run.rr;
    run.step = ratio(x[from], usual_before(x, from));
    return run;
}

/* Intervals in a row that are of a run. */
static void gather_runs(struct beatclass_view *v, const float *x)
{
    const struct view_rhythm *const r = &v->rhythm;

    v->n_runs = 0;
    for (size_t i = 0, to; i < v->n; i = to + 1) {
        for (to = i; to < v->n && (r->onset[to] < 0 || r->end[to] < 0); to++) {
        }
        if (to > i)
            v->run[v->n_runs++] = measure_run(r, x, i, to);
    }
}

const struct view_run *view_run_of(const struct beatclass_view *v, size_t i)
{
    size_t lo = 0, hi = v->n_runs;

    while (lo < hi) {
        const size_t middle = (lo + hi) / 2;
        if (v->run[middle].from + v->run[middle].n <= i)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo < v->n_runs && v->run[lo].from <= i ? &v->run[lo] : NULL;
}

bool view_is_of_run(const struct beatclass_view *v, const struct view_run *run, size_t i)
{
    return run->n >= RUN_LEAST && fabsf(v->pre[i] - run->rr) < RUN_EVEN * run->rr;
}

void view_set_rhythm(struct beatclass_view *v)
{
    const struct view_rhythm *const r = &v->rhythm;
    const size_t n = v->n;
    float *const x = v->p_steady, *const change = v->p_like;   /* these come later */

    const struct window_ask near[] = {
        {WINDOW_MIDDLE_OF_MOST, 0, r->base}, {WINDOW_QUANTILE, 0.25, r->q25}, {WINDOW_QUANTILE, 0.75, r->q75},
        {WINDOW_QUANTILE, 0.90, r->q90},     {WINDOW_ORDER, 0, r->order},
    };

    const struct window_ask beside[] = {{WINDOW_QUANTILE, 0.75, r->near75}, {WINDOW_QUANTILE, 0.90, r->near90}};

    usable_intervals(v, x);
    window_slide(x, n, 25, near, sizeof near / sizeof *near);
    window_slide(x, n, 10, beside, sizeof beside / sizeof *beside);
    window_slide(x, n, 150, &(struct window_ask){WINDOW_QUANTILE, 0.90, r->q90_long}, 1);
    float before = USUAL_RR_S;
    for (size_t i = 0; i < n; i++)
        before = r->base[i] = or_else(r->base[i], before);
    for (size_t i = 0; i < n; i++)
        change[i] = i > 0 ? fabsf(x[i] - x[i - 1]) / r->base[i] : (float)NAN;
    window_slide(change, n, 8, &(struct window_ask){WINDOW_QUANTILE, 0.5, r->irregular}, 1);
    window_slide(change, n, 30, &(struct window_ask){WINDOW_QUANTILE, 0.5, r->irregular_long}, 1);
    int early = 0;
    for (size_t i = 0; i < n + 15; i++) {
        early += i < n && x[i] < EARLY * r->base[i];
        early -= i > 30 && x[i - 31] < EARLY * r->base[i - 31];
        if (i >= 15)
            r->early_share[i - 15] = (float)early / 31;
    }
    for (size_t i = 0; i < n; i++)
        if (v->beat[i].quality < DOUBTED || (i > 0 && v->beat[i - 1].quality < DOUBTED))
            x[i] = (float)NAN;
    set_runs(x, n, false, r->onset);
    set_runs(x, n, true, r->end);
    gather_runs(v, x);
}
