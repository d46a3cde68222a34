/* cli/plot_clusters.c - kymo plot: the groups that kymo beats --clusters lists, as the mean of their beats' portraits. */
#include "cli/atria.h"
#include "cli/chart_clusters.h"
#include "cli/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define WIDTH_MM 270.0
#define MM_PER_S 50.0
#define LENGTH_S 0.8
#define FROM_S (-0.26)

/* A portrait's windows one after the other: P wave, QRS complex, T wave; each with its own step. */
enum { WINDOWS = 3, POINTS = PORTRAIT_P + PORTRAIT_QRS + PORTRAIT_T, MOST_CLUSTERS = 48 };

static const struct {
    enum portrait_window which;
    double from_s, step_s;
} windows[WINDOWS] = {{PORTRAIT_IS_P, -0.248, 0.008}, {PORTRAIT_IS_QRS, -0.100, 0.008}, {PORTRAIT_IS_T, 0.160, 0.032}};

struct shape {
    double t_s[POINTS], sum[POINTS], y[POINTS];
    size_t count[POINTS], n;
};

struct clusters {
    struct heart heart;
    struct beatclass *class;
    struct shape (*shape)[PORTRAIT_LEADS];
    struct chart_cluster cluster[MOST_CLUSTERS];
    size_t beats[MOST_CLUSTERS], of_type[MOST_CLUSTERS][BEATCLASS_KINDS];
    size_t n, n_others;           /* n_others: beats of none */
};

static const char kind_letter[BEATCLASS_KINDS] = {'N', 'S', 'V', 'F', 'Q'};

/* ---- means ---- */

/* A window begins where the one before it ends, if that reaches into it. */
static void add_portrait(const struct portrait_lead *l, struct shape *s)
{
    const float unit[WINDOWS] = {l->p_unit, l->qrs_unit, l->t_unit};
    float x[PORTRAIT_QRS];
    double end_s = -1;
    size_t at = 0;

    for (int w = 0; w < WINDOWS; w++) {
        const size_t n = portrait_window(l, windows[w].which, x);
        const bool known = unit[w] > 0;
        const double next_s = w + 1 < WINDOWS ? windows[w + 1].from_s : (double)INFINITY;
        for (size_t i = 0; i < n; i++) {
            const double t_s = windows[w].from_s + (double)i * windows[w].step_s;
            if (t_s <= end_s || t_s >= next_s)
                continue;
            s->t_s[at] = t_s;
            s->sum[at] += known ? (double)x[i] : 0;
            s->count[at] += known;
            at++;
        }
        end_s = at > 0 ? s->t_s[at - 1] : end_s;
    }
    s->n = at;
}

static int take_shapes(struct clusters *c, struct kymo_err *e)
{
    const struct heart *const h = &c->heart;

    if (!(c->shape = calloc(MOST_CLUSTERS, sizeof *c->shape)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the shapes of beats");
    for (size_t i = 0; i < h->n; i++) {
        const int k = c->class[i].cluster;
        if (k < 0 || k >= MOST_CLUSTERS) {
            c->n_others++;
            continue;
        }
        int kind = 0;
        for (int t = 1; t < BEATCLASS_KINDS; t++)
            kind = c->class[i].chance[t] > c->class[i].chance[kind] ? t : kind;
        c->of_type[k][kind]++;
        c->beats[k]++;
        c->n = (size_t)k >= c->n ? (size_t)k + 1 : c->n;
        for (size_t lead = 0; lead < h->n_leads; lead++)
            add_portrait(&h->portrait[i].lead[lead], &c->shape[k][lead]);
    }
    return 0;
}

static void close_shapes(struct clusters *c)
{
    const struct heart *const h = &c->heart;

    for (size_t k = 0; k < c->n; k++) {
        int most = 0;
        for (int t = 1; t < BEATCLASS_KINDS; t++)
            most = c->of_type[k][t] > c->of_type[k][most] ? t : most;
        snprintf(c->cluster[k].name, sizeof c->cluster[k].name, "%zu: %c   %zu beats, %.1f %%", k, kind_letter[most],
                 c->beats[k], 100.0 * (double)c->beats[k] / (double)h->n);
        for (size_t lead = 0; lead < h->n_leads; lead++) {
            struct shape *const s = &c->shape[k][lead];
            const struct kymo_signal *const signal = &h->hdr.signal[h->lead[lead]];
            for (size_t i = 0; i < s->n; i++)
                s->y[i] = s->count[i] ? s->sum[i] / (double)s->count[i] * kymo_millivolts(signal->unit) : (double)NAN;
            c->cluster[k].lead[lead] = (struct chart_curve){signal->label, "mV", s->t_s, s->y, s->n};
        }
    }
}

/* ---- pages ---- */

static void put_pages(struct plot *p, const struct clusters *c)
{
    struct chart_clusters chart = {
        .cluster = c->cluster, .n = c->n, .n_leads = c->heart.n_leads, .from_s = FROM_S, .length_s = LENGTH_S,
        .scale = {MM_PER_S, p->args->mm_per_mv},
    };
    double width = WIDTH_MM + 2 * PLOT_MARGIN_MM, height, y;
    char what[200];

    chart_clusters_fit(&chart);
    if (!p->fits)
        plot_paper_size(p, false, &width, &height);
    const size_t across = chart_clusters_across(&chart, width - 2 * PLOT_MARGIN_MM);
    const double head = 2 * PLOT_MARGIN_MM + PLOT_HEAD_MM, each = chart_clusters_each_mm();
    if (p->fits)
        height = head + (double)((c->n + across - 1) / across) * each;
    const size_t down = (size_t)fmax(1, floor((height - head) / each + 1e-6));
    snprintf(what, sizeof what, "%zu beats, %zu of them in no group   means of groups, P, QRS and T   %g mm/s   %g mm/mV",
             c->heart.n, c->n_others, chart.scale.mm_per_s, chart.scale.mm_per_mv);
    for (size_t first = 0; first < c->n; first += across * down) {
        chart.cluster = c->cluster + first;
        chart.n = c->n - first < across * down ? c->n - first : across * down;
        plot_page(p, width, height, what, &y);
        chart_clusters(p->draw, PLOT_MARGIN_MM, y, across, &chart);
    }
}

int plot_clusters(struct plot *p, enum plot_kind kind, struct kymo_err *e)
{
    const struct heart_args args = {.in = p->args->in};
    struct clusters *const c = calloc(1, sizeof *c);
    int rc = c ? heart_read(p->call, &args, &c->heart, e) : kymo_fail(e, KYMO_ENOMEM, "no memory for the shapes of beats");

    (void)kind;
    if (rc == 0 && !(c->class = calloc(c->heart.n + 1, sizeof *c->class)))
        rc = kymo_fail(e, KYMO_ENOMEM, "no memory for the classes of %zu beats", c->heart.n);
    if (rc == 0 && (rc = atria_classes(&c->heart, c->class, e)) == 0)
        rc = take_shapes(c, e);
    if (rc == 0 && c->n == 0)
        rc = kymo_fail(e, KYMO_EDATA, c->heart.n ? "beats without signals have no shape to be grouped by" : "no beats");
    if (rc == 0) {
        close_shapes(c);
        put_pages(p, c);
    }
    if (c) {
        heart_release(&c->heart);
        free(c->class);
        free(c->shape);
    }
    free(c);
    return rc;
}
