/* cli/chart_clusters.c - see chart_clusters.h. */
#include "cli/chart_clusters.h"

#include <math.h>

#define PAPER_MM 30.0             /* height of a shape's paper */
#define NAME_MM 4.0
#define BELOW_MM 4.0
#define BETWEEN_MM 2.0            /* two leads */
#define ASIDE_MM 7.0              /* two groups */
#define LEAST_MM 56.0             /* for a group's name */
#define SMALLEST_MM_PER_MV 0.05

static double paper_width(const struct chart_clusters *c) { return 5 * ceil(c->length_s * c->scale.mm_per_s / 5 - 1e-6); }

static double each_width(const struct chart_clusters *c)
{
    return fmax((double)c->n_leads * (paper_width(c) + BETWEEN_MM) - BETWEEN_MM, LEAST_MM);
}

void chart_clusters_fit(struct chart_clusters *c)
{
    double most = 0, lo, hi;

    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < c->n_leads; k++) {
            chart_limits(&c->cluster[i].lead[k], &lo, &hi);
            most = fmax(most, hi - lo);   /* of a number and a NaN, the number */
        }
    while (most * c->scale.mm_per_mv > PAPER_MM - 2 && c->scale.mm_per_mv > SMALLEST_MM_PER_MV)
        c->scale.mm_per_mv /= 2;
}

size_t chart_clusters_across(const struct chart_clusters *c, double width_mm)
{
    const double n = floor((width_mm + ASIDE_MM) / (each_width(c) + ASIDE_MM));

    return n > 1 ? (size_t)n : 1;
}

double chart_clusters_each_mm(void) { return NAME_MM + PAPER_MM + BELOW_MM; }

static void draw_shape(struct kymo_draw *d, const struct chart_place *p, const struct chart_clusters *c,
                       const struct chart_curve *shape)
{
    double lo, hi;

    chart_limits(shape, &lo, &hi);
    ecg_grid(d, p);
    chart_text_within(d, chart_small, KYMO_LEFT, p->x + 1, p->y + 2.8, p->width - 2, shape->label);
    if (isnan(lo))
        chart_text_within(d, chart_small, KYMO_CENTRE, p->x + p->width / 2, p->y + p->height / 2, p->width - 2, "no data");
    else
        ecg_trace(d, p, shape, c->from_s, (lo + hi) / 2, c->scale);
}

void chart_clusters(struct kymo_draw *d, double x, double y, size_t across, const struct chart_clusters *c)
{
    for (size_t i = 0; i < c->n; i++) {
        const double left = x + (double)(i % across) * (each_width(c) + ASIDE_MM);
        const double top = y + (double)(i / across) * chart_clusters_each_mm();
        chart_text_within(d, chart_bold, KYMO_LEFT, left, top + 2.8, each_width(c), c->cluster[i].name);
        for (size_t k = 0; k < c->n_leads; k++)
            draw_shape(d, &(struct chart_place){left + (double)k * (paper_width(c) + BETWEEN_MM), top + NAME_MM, paper_width(c),
                                                PAPER_MM}, c, &c->cluster[i].lead[k]);
    }
}
