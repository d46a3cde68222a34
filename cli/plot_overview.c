/* cli/plot_overview.c - kymo plot: a day at a glance. Beats and episodes are those of kymo rhythm, unless told. */
#include "cli/overview.h"
#include "cli/plot.h"

#include <stdio.h>

#define WIDTH_MM 270.0

static void put_page(struct plot *p, const struct overview *o)
{
    double width = WIDTH_MM + 2 * PLOT_MARGIN_MM, y;
    double height = chart_overview_height(&o->chart) + 2 * PLOT_MARGIN_MM + PLOT_HEAD_MM;
    char what[200], from[48], to[48];

    if (!p->fits)
        plot_paper_size(p, false, &width, &height);
    chart_time_text(o->chart.from_s, 1, from, sizeof from);
    chart_time_text(o->chart.to_s, 1, to, sizeof to);
    snprintf(what, sizeof what, "%s to %s   %zu beats", from, to, o->r->heart.n);
    plot_page(p, width, height, what, &y);
    chart_overview(p->draw, &(struct chart_place){PLOT_MARGIN_MM, y, width - 2 * PLOT_MARGIN_MM, height - y - PLOT_MARGIN_MM},
                   &o->chart);
}

int plot_overview(struct plot *p, enum plot_kind kind, struct kymo_err *e)
{
    struct rhythm_record r = {.n = 0};
    struct overview o = {.r = NULL};
    struct rhythm_args args = {.summary = false};
    int rc = rhythm_usual_args(&args, e);

    (void)kind;
    args.heart.in = p->args->in;
    if (rc == 0 && (rc = rhythm_read(p->call, &args, &r, e)) == 0 && (rc = overview_make(&o, &r, e)) == 0)
        put_page(p, &o);
    overview_release(&o);
    rhythm_record_release(&r);
    return rc;
}
