/* cli/chart_strip.c - see chart_strip.h. */
#include "cli/chart_strip.h"

#include <math.h>
#include <string.h>

#define LEAST_ROW_MM 20.0
#define NAME_MM 3.8               /* of a row, for a lead's name and what keeps it from the trace */
#define LETTER_MM 2.5             /* a bold capital of 2.8 mm, at most */
#define TIMES_MM 5.0              /* below the paper */
#define COARSEST_MM_PER_MV 0.05

/* How far below the upper edge of its row, of that height, the curve stays where its name stands: mm; INFINITY: it is not
 * there. */
static double room_for_name(const struct chart_strip *s, const struct chart_curve *c, double middle_mv, double height)
{
    const double to_s = s->from_s + (1 + LETTER_MM * (double)strlen(c->label)) / s->scale.mm_per_s;
    double room = INFINITY;

    for (size_t i = 0; i < c->n && c->t_s[i] <= to_s; i++)
        if (c->t_s[i] >= s->from_s)   /* fmin: of a number and a NaN, the number */
            room = fmin(room, height / 2 - (c->y[i] - middle_mv) * s->scale.mm_per_mv);
    return room;
}

/* A lead's height on paper: what it needs and 2 mm above and below, in whole squares; one square more where it would run
 * through its name. */
static double row_height(const struct chart_strip *s, const struct chart_curve *c)
{
    double lo, hi;

    chart_limits(c, &lo, &hi);
    const double needs = isnan(lo) ? 0 : (hi - lo) * s->scale.mm_per_mv + 4;
    const double height = fmax(LEAST_ROW_MM, 5 * ceil(fmax(needs, s->scale.mm_per_mv + 4) / 5));
    return room_for_name(s, c, (lo + hi) / 2, height) < NAME_MM ? height + 5 : height;
}

static double paper_height(const struct chart_strip *s)
{
    double height = s->has_marks ? 10 : 0;

    for (size_t i = 0; i < s->n_leads; i++)
        height += row_height(s, &s->lead[i]);
    return height;
}

void chart_strip_fit(struct chart_strip *s, double room_mm)
{
    while (chart_strip_height(s) > room_mm && s->scale.mm_per_mv > COARSEST_MM_PER_MV)
        s->scale.mm_per_mv /= 2;
}

double chart_strip_width(const struct chart_strip *s)
{
    return STRIP_GUTTER_MM + 5 * ceil(s->length_s * s->scale.mm_per_s / 5 - 1e-6);
}

double chart_strip_height(const struct chart_strip *s) { return paper_height(s) + TIMES_MM; }

static void draw_lead(struct kymo_draw *d, const struct chart_place *p, const struct chart_strip *s,
                      const struct chart_curve *c)
{
    double lo, hi;

    chart_limits(c, &lo, &hi);
    ecg_calibration(d, p->x - STRIP_GUTTER_MM + 3, p->y + p->height / 2, s->scale);
    chart_text_within(d, chart_bold, KYMO_LEFT, p->x + 1, p->y + 3, p->width / 2, c->label);
    if (isnan(lo))
        chart_text_within(d, chart_text, KYMO_CENTRE, p->x + p->width / 2, p->y + p->height / 2, p->width, "no data");
    else
        ecg_trace(d, p, c, s->from_s, (lo + hi) / 2, s->scale);
}

/* A tick each second, its time where there is room. */
static void draw_times(struct kymo_draw *d, const struct chart_place *paper, const struct chart_strip *s)
{
    const struct kymo_pen pen = {CHART_GREY, 0.2, false};
    const struct chart_axis axis = chart_time_axis(s->from_s, s->from_s + paper->width / s->scale.mm_per_s,
                                                   (size_t)fmax(1, paper->width / 25));
    const double bottom = paper->y + paper->height;
    char text[48];

    for (double t = axis.step * ceil(axis.lo / axis.step - 1e-6); t <= axis.hi + 1e-6; t += axis.step) {
        const double x = chart_x(paper, &axis, t);
        chart_time_text(t, axis.step, text, sizeof text);
        const double half = kymo_draw_text_width(d, chart_small, text) / 2;
        kymo_draw_line(d, pen, x, bottom, x, bottom + 1);
        if (x + half <= paper->x + paper->width + 5)
            kymo_draw_text(d, chart_small, KYMO_CENTRE, x, bottom + 3.5, text);
    }
}

void chart_strip(struct kymo_draw *d, double x, double y, const struct chart_strip *s)
{
    const struct chart_place paper = {x + STRIP_GUTTER_MM, y, chart_strip_width(s) - STRIP_GUTTER_MM, paper_height(s)};
    struct chart_place row = paper;

    ecg_grid(d, &paper);
    if (s->has_marks) {
        ecg_marks(d, &paper, s->mark, s->n_marks, s->from_s, s->scale);
        row.y += 10;
    }
    for (size_t i = 0; i < s->n_leads; i++) {
        row.height = row_height(s, &s->lead[i]);
        draw_lead(d, &row, s, &s->lead[i]);
        row.y += row.height;
    }
    draw_times(d, &paper, s);
}
