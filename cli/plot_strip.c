/* cli/plot_strip.c - kymo plot: strips of ECG on pages. */
#include "cli/chart_strip.h"
#include "cli/plot.h"

#include <math.h>
#include <stdio.h>

#define LINE_MM 4.5               /* above each strip: its scale */
#define TALLEST_PICTURE_MM 400.0  /* of a strip that is no page of paper: then the scale is halved */

static void put_strip(struct plot *p, const struct chart_strip *s, double y)
{
    char text[80];

    snprintf(text, sizeof text, "%g mm/s   %g mm/mV", s->scale.mm_per_s, s->scale.mm_per_mv);
    kymo_draw_text(p->draw, chart_small, KYMO_LEFT, PLOT_MARGIN_MM + STRIP_GUTTER_MM, y + 3, text);
    chart_strip(p->draw, PLOT_MARGIN_MM, y + LINE_MM, s);
}

/* A strip on the page, or on a new one if it has no room there; *y: where the next one goes, 0 before the first page. */
static void place_strip(struct plot *p, struct chart_strip *s, double *y)
{
    double width = chart_strip_width(s) + 2 * PLOT_MARGIN_MM, height = 0, top = PLOT_MARGIN_MM + PLOT_HEAD_MM;
    char what[96], from[40], to[40];

    if (p->fits) {
        chart_strip_fit(s, TALLEST_PICTURE_MM);
        height = top + LINE_MM + chart_strip_height(s) + PLOT_MARGIN_MM;
    } else {
        plot_paper_size(p, false, &width, &height);
        chart_strip_fit(s, height - top - LINE_MM - PLOT_MARGIN_MM);
    }
    if (*y == 0 || p->fits || *y + LINE_MM + chart_strip_height(s) + PLOT_MARGIN_MM > height) {
        chart_time_text(s->from_s, 1, from, sizeof from);
        chart_time_text(s->from_s + s->length_s, 1, to, sizeof to);
        snprintf(what, sizeof what, p->fits ? "%s to %s" : "from %s", from, to);
        plot_page(p, width, height, what, y);
    }
    put_strip(p, s, *y);
    *y += LINE_MM + chart_strip_height(s) + 2;
}

/* How long a strip is: on paper no longer than it is wide, in whole seconds. */
static double strip_length(const struct plot *p)
{
    double width, height;

    if (p->fits)
        return p->args->strip_s;
    plot_paper_size(p, false, &width, &height);
    const double room_s = (width - 2 * PLOT_MARGIN_MM - STRIP_GUTTER_MM) / p->args->mm_per_s;
    return fmin(p->args->strip_s, room_s >= 1 ? floor(room_s + 1e-6) : room_s);
}

/* One strip after the other, from -f to -t; without -t one. */
static int put_strips(struct plot *p, struct plot_view *v, struct kymo_err *e)
{
    const double length_s = strip_length(p), from_s = plot_from_s(p), end_s = plot_to_s(p);
    const double to_s = p->args->in.to.set ? (isnan(end_s) ? (double)INFINITY : end_s)
                                           : fmin(from_s + p->args->strip_s, end_s);   /* of a number and a NaN, the number */
    double y = 0;

    for (size_t i = 0; from_s + (double)i * length_s < to_s - 1e-6 || i == 0; i++) {
        struct chart_strip s = {
            .lead = v->curve, .n_leads = v->n, .from_s = from_s + (double)i * length_s, .length_s = length_s,
            .scale = {p->args->mm_per_s, p->args->mm_per_mv},
        };
        const int rc = plot_view_read(&p->source, v, s.from_s, true, e);
        if (rc < 0)
            return rc;
        if (p->source.ended && !plot_view_has_data(v)) {
            if (i == 0)
                return kymo_fail_at(e, KYMO_EDATA, p->source.in->path, -1, "no samples from %g s on", s.from_s);
            break;
        }
        s.has_marks = p->source.has_marks;
        s.n_marks = plot_marks(&p->source, s.from_s, s.from_s + length_s, &s.mark);
        place_strip(p, &s, &y);
    }
    return 0;
}

int plot_strips(struct plot *p, enum plot_kind kind, struct kymo_err *e)
{
    struct plot_view v = {.n = 0};
    const double column_s = CHART_COLUMN_MM / p->args->mm_per_s;
    int rc = plot_pick(&p->source, KYMO_ECG, p->args->in.signals.n > 0, e);

    (void)kind;
    if (rc == 0)
        rc = plot_view_make(&v, &p->source, column_s, (size_t)ceil(strip_length(p) / column_s - 1e-6), e);
    if (rc == 0)
        rc = put_strips(p, &v, e);
    plot_view_release(&v);
    return rc;
}
