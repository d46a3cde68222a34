/* cli/plot_stack.c - kymo plot: signals below each other on a page. */
#include "cli/chart_stack.h"
#include "cli/plot.h"

#include <math.h>
#include <stdio.h>

#define LEAST_SIGNAL_MM 16.0      /* more signals than have that on a page go to another */
#define SIGNAL_MM 30.0            /* of a picture */
#define PICTURE_MM 297.0

static void put_page(struct plot *p, const struct plot_view *v, size_t first, size_t n, double from_s, double to_s)
{
    double width = PICTURE_MM, height = 2 * PLOT_MARGIN_MM + PLOT_HEAD_MM + (double)n * SIGNAL_MM + CHART_BELOW_MM, y;
    char what[96], from[40], to[40];

    if (!p->fits)
        plot_paper_size(p, false, &width, &height);
    chart_time_text(from_s, 1, from, sizeof from);
    chart_time_text(to_s, 1, to, sizeof to);
    snprintf(what, sizeof what, "%s to %s", from, to);
    plot_page(p, width, height, what, &y);
    const struct chart_place place = {PLOT_MARGIN_MM, y, width - 2 * PLOT_MARGIN_MM, height - y - PLOT_MARGIN_MM};
    struct chart_stack s = {.curve = v->curve + first, .n = n, .from_s = from_s, .to_s = to_s};
    s.n_marks = plot_marks(&p->source, from_s, to_s, &s.mark);
    chart_stack(p->draw, &place, &s);
}

static int put_pages(struct plot *p, const struct plot_view *v, double from_s, double to_s, struct kymo_err *e)
{
    double width, height;

    if (!plot_view_has_data(v))
        return kymo_fail_at(e, KYMO_EDATA, p->source.in->path, -1, "no samples from %g s to %g s", from_s, to_s);
    plot_paper_size(p, false, &width, &height);
    const size_t most = (size_t)((height - 2 * PLOT_MARGIN_MM - PLOT_HEAD_MM - CHART_BELOW_MM) / LEAST_SIGNAL_MM);
    const size_t pages = (v->n + most - 1) / most;
    for (size_t i = 0; i < pages; i++) {
        const size_t first = i * v->n / pages, end = (i + 1) * v->n / pages;
        put_page(p, v, first, end - first, from_s, to_s);
    }
    return 0;
}

int plot_stack(struct plot *p, enum plot_kind kind, struct kymo_err *e)
{
    const double from_s = plot_from_s(p);
    double to_s = plot_to_s(p);
    struct plot_view v = {.n = 0};
    const size_t n_columns = (size_t)((PICTURE_MM - 2 * PLOT_MARGIN_MM) / CHART_COLUMN_MM);
    int rc = plot_pick(&p->source, KYMO_KINDS, p->args->in.signals.n > 0, e);

    (void)kind;
    if (rc == 0)
        rc = plot_check_range(p, from_s, to_s, e);
    if (rc == 0)
        rc = plot_view_make(&v, &p->source, isnan(to_s) ? 0 : (to_s - from_s) / (double)n_columns, n_columns, e);
    if (rc == 0)
        rc = plot_view_read(&p->source, &v, from_s, false, e);
    if (rc == 0 && isnan(to_s))
        to_s = (double)p->source.end_ns / (double)KYMO_NS_PER_S;
    if (rc == 0)
        rc = put_pages(p, &v, from_s, to_s, e);
    plot_view_release(&v);
    return rc;
}
