/* algorithms/beatclass_rhythm.c - part of beatclass_view.h: what is local to a beat of the intervals. */
#include "algorithms/beatclass_view.h"
#include "algorithms/beatclass_window.h"

#define USUAL_RR_S 0.8f     /* where no interval is known */
#define EARLY 0.88f
#define RUN_EARLY 0.88f
#define RUN_RATE 0.2f       /* the usual interval follows by so much, */
#define RUN_PAUSE 1.2f      /* a pause counts as one so much longer */
#define DOUBTED 0.6f        /* intervals from or to beats of less quality begin no run */

enum { RUN_LONGEST = 600 }; /* what lasts longer has become usual */

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

void view_set_rhythm(struct beatclass_view *v)
{
    const struct view_rhythm *const r = &v->rhythm;
    const size_t n = v->n;
    float *const x = v->p_steady, *const change = v->p_like;   /* these come later */

    const struct window_ask near[] = {
        {WINDOW_MIDDLE_OF_MOST, 0, r->base}, {WINDOW_QUANTILE, 0.25, r->q25}, {WINDOW_QUANTILE, 0.75, r->q75},
        {WINDOW_QUANTILE, 0.90, r->q90},     {WINDOW_ORDER, 0, r->order},
    };

    usable_intervals(v, x);
    window_slide(x, n, 25, near, sizeof near / sizeof *near);
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
}
