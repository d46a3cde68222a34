/* cli/plot_disclosure.c - kymo plot: full disclosure of a lead, an hour to a page. */
#include "cli/chart_disclosure.h"
#include "cli/plot.h"

#include <math.h>
#include <stdio.h>

#define LINE_S 60.0
#define LINES 60

static void put_page(struct plot *p, struct chart_disclosure *c)
{
    double width, height, y;
    char what[600], from[48], to[48];

    plot_paper_size(p, true, &width, &height);
    const double room = height - 2 * PLOT_MARGIN_MM - PLOT_HEAD_MM;
    c->mm_per_mv = chart_disclosure_gain(c, room / (double)c->n_lines);
    chart_time_text(c->from_s, 1, from, sizeof from);
    chart_time_text(c->to_s, 1, to, sizeof to);
    snprintf(what, sizeof what, "%.80s   %s to %s   a line is %g s   %.2f mm/s   %g mm/mV", c->lead->label, from, to, c->line_s,
             (width - 2 * PLOT_MARGIN_MM - DISCLOSURE_TIMES_MM) / c->line_s, c->mm_per_mv);
    plot_page(p, width, height, what, &y);
    chart_disclosure(p->draw, &(struct chart_place){PLOT_MARGIN_MM, y, width - 2 * PLOT_MARGIN_MM, room}, c);
}

static int put_pages(struct plot *p, struct plot_view *v, struct kymo_err *e)
{
    const double start_s = plot_from_s(p), end_s = plot_to_s(p), whole_s = LINE_S * LINES;

    for (size_t i = 0; i == 0 || !(start_s + (double)i * whole_s >= end_s); i++) {   /* NaN: until nothing comes */
        const double from_s = start_s + (double)i * whole_s;
        const int rc = plot_view_read(&p->source, v, from_s, true, e);
        if (rc < 0)
            return rc;
        if (p->source.ended && !plot_view_has_data(v)) {
            if (i == 0)
                return kymo_fail_at(e, KYMO_EDATA, p->source.in->path, -1, "no samples from %g s on", from_s);
            break;
        }
        const double read_s = (double)p->source.end_ns / (double)KYMO_NS_PER_S;
        struct chart_disclosure c = {
            .lead = &v->curve[0], .from_s = from_s, .to_s = fmin(from_s + whole_s, p->source.ended ? read_s : end_s),
            .line_s = LINE_S, .n_lines = LINES,
        };
        c.n_marks = plot_marks(&p->source, from_s, from_s + whole_s, &c.mark);
        put_page(p, &c);
    }
    return 0;
}

int plot_disclosure(struct plot *p, enum plot_kind kind, struct kymo_err *e)
{
    struct plot_view v = {.n = 0};
    double width, height;
    int rc = plot_pick(&p->source, KYMO_ECG, p->args->in.signals.n > 0, e);

    (void)kind;
    plot_paper_size(p, true, &width, &height);
    const size_t columns = chart_disclosure_columns(width - 2 * PLOT_MARGIN_MM);
    if (rc == 0) {
        p->source.n_pick = 1;
        rc = plot_view_make(&v, &p->source, LINE_S / (double)columns, LINES * columns, e);
    }
    if (rc == 0)
        rc = put_pages(p, &v, e);
    plot_view_release(&v);
    return rc;
}
