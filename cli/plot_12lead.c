/* cli/plot_12lead.c - kymo plot: sheets of 12 leads. */
#include "cli/chart_12lead.h"
#include "cli/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SHEET_S 10.0

/* A lead's label may say that it is one: "ECG V1", "Lead II". */
static const char *lead_name(const char *label)
{
    if (kymo_begins(label, "ecg "))
        return label + 4;
    return kymo_begins(label, "lead ") ? label + 5 : label;
}

size_t plot_find_leads(const struct plot_source *s, size_t lead[])
{
    const struct kymo_header *const h = &s->in->hdr;
    size_t n = 0;

    for (int k = 0; k < LEADS_12; k++) {
        lead[k] = SIZE_MAX;
        for (size_t i = 0; i < h->n_signals && lead[k] == SIZE_MAX; i++)
            if (kymo_same_text(lead_name(h->signal[i].label), chart_12lead_name[k]))
                lead[k] = i;
        n += lead[k] != SIZE_MAX;
    }
    return n;
}

/* Picks the leads that there are; at[k]: which curve lead k is, or SIZE_MAX. */
static int pick_leads(struct plot_source *s, size_t at[LEADS_12], struct kymo_err *e)
{
    size_t lead[LEADS_12];

    if (plot_find_leads(s, lead) == 0)
        return kymo_fail_at(e, KYMO_EDATA, s->in->path, -1, "no signal has the label of a lead: I, II, aVR, V1 ...");
    if (!(s->pick = calloc(LEADS_12, sizeof *s->pick)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory to plot a recording");
    for (int k = 0; k < LEADS_12; k++) {
        at[k] = lead[k] == SIZE_MAX ? SIZE_MAX : s->n_pick;
        if (lead[k] != SIZE_MAX)
            s->pick[s->n_pick++] = lead[k];
    }
    return 0;
}

static void put_sheet(struct plot *p, struct chart_12lead *s)
{
    double width = chart_12lead_width(s) + 2 * PLOT_MARGIN_MM, y;
    double height = chart_12lead_height(s) + 2 * PLOT_MARGIN_MM + PLOT_HEAD_MM;
    char what[160], from[48], to[48];

    if (!p->fits)
        plot_paper_size(p, false, &width, &height);
    chart_12lead_fit(s);
    chart_time_text(s->from_s, 1, from, sizeof from);
    chart_time_text(s->from_s + s->length_s, 1, to, sizeof to);
    snprintf(what, sizeof what, "%s to %s   %g mm/s   %g mm/mV", from, to, s->scale.mm_per_s, s->scale.mm_per_mv);
    plot_page(p, width, height, what, &y);
    chart_12lead(p->draw, PLOT_MARGIN_MM, y, s);
}

/* A sheet for each 10 s from -f to -t, where that is said; else one. */
static int put_sheets(struct plot *p, struct plot_view *v, const size_t at[LEADS_12], struct kymo_err *e)
{
    const double start_s = plot_from_s(p), end_s = p->args->in.to.set ? plot_to_s(p) : start_s + SHEET_S;

    for (size_t i = 0; i == 0 || !(start_s + (double)i * SHEET_S >= end_s - 1e-6); i++) {
        struct chart_12lead s = {
            .from_s = start_s + (double)i * SHEET_S, .length_s = SHEET_S, .has_marks = p->source.has_marks,
            .scale = {p->args->mm_per_s, p->args->mm_per_mv},
        };
        const int rc = plot_view_read(&p->source, v, s.from_s, true, e);
        if (rc < 0)
            return rc;
        if (p->source.ended && !plot_view_has_data(v))
            return i > 0 ? 0 : kymo_fail_at(e, KYMO_EDATA, p->source.in->path, -1, "no samples from %g s on", s.from_s);
        for (int k = 0; k < LEADS_12; k++)
            s.lead[k] = at[k] == SIZE_MAX ? NULL : &v->curve[at[k]];
        s.n_marks = plot_marks(&p->source, s.from_s, s.from_s + SHEET_S, &s.mark);
        put_sheet(p, &s);
    }
    return 0;
}

int plot_12lead(struct plot *p, enum plot_kind kind, struct kymo_err *e)
{
    const double column_s = CHART_COLUMN_MM / p->args->mm_per_s;
    struct plot_view v = {.n = 0};
    size_t at[LEADS_12];
    int rc = pick_leads(&p->source, at, e);

    (void)kind;
    if (rc == 0)
        rc = plot_view_make(&v, &p->source, column_s, (size_t)ceil(SHEET_S / column_s - 1e-6), e);
    if (rc == 0)
        rc = put_sheets(p, &v, at, e);
    plot_view_release(&v);
    return rc;
}
