/* cli/chart_12lead.c - see chart_12lead.h. */
#include "cli/chart_12lead.h"

#include <math.h>

#define ROW_MM 35.0
#define MARKS_MM 10.0
#define SMALLEST_MM_PER_MV 0.05

enum { ROWS = 3, COLUMNS = 4 };

const char *const chart_12lead_name[LEADS_12] = {"I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"};

/* The points from from_s to to_s. */
static struct chart_curve part_of(const struct chart_curve *c, double from_s, double to_s)
{
    size_t first = 0, end;

    while (first < c->n && c->t_s[first] < from_s)
        first++;
    for (end = first; end < c->n && c->t_s[end] < to_s; end++)
        ;
    return (struct chart_curve){c->label, c->unit, c->t_s + first, c->y + first, end - first};
}

static double part_s(const struct chart_12lead *s) { return s->length_s / COLUMNS; }

static struct chart_curve part_at(const struct chart_12lead *s, int lead)
{
    const double from_s = s->from_s + part_s(s) * (lead / ROWS);

    return part_of(s->lead[lead], from_s, from_s + part_s(s));
}

void chart_12lead_fit(struct chart_12lead *s)
{
    double most = 0, lo, hi;

    for (int i = 0; i < LEADS_12; i++)
        if (s->lead[i]) {
            const struct chart_curve part = part_at(s, i);
            chart_limits(&part, &lo, &hi);
            most = fmax(most, hi - lo);   /* of a number and a NaN, the number */
        }
    if (s->lead[LEAD_OF_RHYTHM]) {
        chart_limits(s->lead[LEAD_OF_RHYTHM], &lo, &hi);
        most = fmax(most, hi - lo);
    }
    while (most * s->scale.mm_per_mv > ROW_MM && s->scale.mm_per_mv > SMALLEST_MM_PER_MV)
        s->scale.mm_per_mv /= 2;
}

double chart_12lead_width(const struct chart_12lead *s)
{
    return SHEET_GUTTER_MM + 5 * ceil(s->length_s * s->scale.mm_per_s / 5 - 1e-6);
}

double chart_12lead_height(const struct chart_12lead *s) { return (ROWS + 1) * ROW_MM + (s->has_marks ? MARKS_MM : 0); }

static void draw_part(struct kymo_draw *d, const struct chart_place *p, const struct chart_12lead *s,
                      const struct chart_curve *c, const char *name, double from_s)
{
    double lo = (double)NAN, hi = (double)NAN;

    if (from_s > s->from_s)   /* where one lead becomes another */
        kymo_draw_line(d, (struct kymo_pen){CHART_GREY, 0.15, true}, p->x, p->y, p->x, p->y + p->height);
    chart_text_within(d, chart_bold, KYMO_LEFT, p->x + 1, p->y + 3, p->width - 2, name);
    if (c)
        chart_limits(c, &lo, &hi);
    if (isnan(lo))
        chart_text_within(d, chart_text, KYMO_CENTRE, p->x + p->width / 2, p->y + p->height / 2, p->width - 2,
                          c ? "no data" : "not recorded");
    else
        ecg_trace(d, p, c, from_s, (lo + hi) / 2, s->scale);
}

void chart_12lead(struct kymo_draw *d, double x, double y, const struct chart_12lead *s)
{
    const struct chart_place paper = {x + SHEET_GUTTER_MM, y, chart_12lead_width(s) - SHEET_GUTTER_MM, chart_12lead_height(s)};
    const double part_mm = part_s(s) * s->scale.mm_per_s, top = y + (s->has_marks ? MARKS_MM : 0);

    ecg_grid(d, &paper);
    if (s->has_marks)
        ecg_marks(d, &paper, s->mark, s->n_marks, s->from_s, s->scale);
    for (int row = 0; row <= ROWS; row++)
        ecg_calibration(d, x + 3, top + (row + 0.5) * ROW_MM, s->scale);
    for (int i = 0; i < LEADS_12; i++) {
        const int column = i / ROWS;
        const struct chart_place place = {paper.x + part_mm * column, top + ROW_MM * (i % ROWS), part_mm, ROW_MM};
        const struct chart_curve part = s->lead[i] ? part_at(s, i) : (struct chart_curve){.n = 0};
        draw_part(d, &place, s, s->lead[i] ? &part : NULL, chart_12lead_name[i], s->from_s + part_s(s) * column);
    }
    draw_part(d, &(struct chart_place){paper.x, top + ROW_MM * ROWS, paper.width, ROW_MM}, s, s->lead[LEAD_OF_RHYTHM],
              chart_12lead_name[LEAD_OF_RHYTHM], s->from_s);
}
