/* cli/report_disclosure.c - kymo report: full disclosure of a lead, an hour to a page; the samples are read when the page is
 * drawn. */
#include "cli/chart_disclosure.h"
#include "cli/report_parts.h"

#include <math.h>
#include <stdlib.h>

#define LINE_S 60.0
#define LINES 60
#define HEIGHT_MM 245.0           /* of a page */
#define COLUMN_MM 0.25            /* lines are thin and close */

static int by_time(const void *a, const void *b)
{
    const double x = ((const struct chart_mark *)a)->t_s, y = ((const struct chart_mark *)b)->t_s;

    return (x > y) - (x < y);
}

/* What one looks for on such a page. */
static bool is_shown(enum rhythm_kind kind)
{
    return kind == RHYTHM_AF || kind == RHYTHM_FLUTTER || kind == RHYTHM_VF || kind == RHYTHM_VT || kind == RHYTHM_SVT ||
           kind == RHYTHM_PAUSE || kind == RHYTHM_ASYSTOLE;
}

/* Ectopic beats as ticks, episodes as bars. */
static int mark_all(struct report_heart *h, struct kymo_err *e)
{
    const struct rhythm_record *const r = &h->r;
    struct plot_source *const s = &h->disclosed;

    if (!(s->mark = calloc(r->n + r->list.n + 1, sizeof *s->mark)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the marks of full disclosure");
    s->marks_given = true;
    for (size_t i = 0; i < r->n; i++)
        if (r->beat[i].type == RHYTHM_V || r->beat[i].type == RHYTHM_S)
            s->mark[s->n_marks++] = (struct chart_mark){
                report_seconds(r->beat[i].time_ns), 0, r->beat[i].type == RHYTHM_V ? "V" : "S", "",
            };
    for (size_t i = 0; i < r->list.n; i++) {
        const struct rhythm_episode *const p = &r->list.episode[i];
        if (is_shown(p->kind))
            s->mark[s->n_marks++] = (struct chart_mark){
                report_seconds(p->from_ns), report_seconds(p->to_ns - p->from_ns), "episode", "",
            };
    }
    qsort(s->mark, s->n_marks, sizeof *s->mark, by_time);
    return 0;
}

int report_open_disclosure(struct report_parts *p, struct kymo_err *e)
{
    const size_t columns = (size_t)((REPORT_WIDTH_MM - DISCLOSURE_TIMES_MM) / COLUMN_MM);
    struct report_heart *const h = &p->heart;
    struct kymo_input_args in = p->choice.heart_in;
    int rc;

    if (h->n_strips == 0)
        return 0;
    in.annotator = NULL;
    if ((rc = plot_open(&p->again, &in, &h->disclosed, e)) < 0 ||
        (rc = plot_pick(&h->disclosed, KYMO_ECG, in.signals.n > 0, e)) < 0 || (rc = mark_all(h, e)) < 0)
        return rc;
    h->disclosed.n_pick = 1;
    return plot_view_make(&h->disclosed_view, &h->disclosed, LINE_S / (double)columns, LINES * columns, e);
}

static int draw_hour(struct kymo_draw *d, const struct chart_place *place, void *chart, struct kymo_err *e)
{
    const struct report_hour *const hour = chart;
    struct report_heart *const h = hour->h;
    const double lines = ceil((hour->to_s - hour->from_s) / LINE_S - 1e-9);
    const int rc = plot_view_read(&h->disclosed, &h->disclosed_view, hour->from_s, true, e);

    if (rc < 0)
        return rc;
    struct chart_disclosure c = {
        .lead = &h->disclosed_view.curve[0], .from_s = hour->from_s, .to_s = hour->to_s, .line_s = LINE_S,
        .n_lines = (size_t)lines,
    };
    c.n_marks = plot_marks(&h->disclosed, hour->from_s, hour->to_s, &c.mark);
    c.mm_per_mv = chart_disclosure_gain(&c, place->height / lines);
    chart_disclosure(d, place, &c);
    return 0;
}

void report_fill_disclosure(struct report_parts *p)
{
    struct report_heart *const h = &p->heart;
    struct report *const r = &p->report;
    const double from_s = report_seconds(h->r.from_ns), to_s = report_seconds(h->r.end_ns), hour_s = LINE_S * LINES;
    const size_t n = (size_t)fmax(1, ceil((to_s - from_s) / hour_s - 1e-9));
    char from[96];

    if (h->disclosed_view.n == 0)
        return;
    report_section(r, "disclosure", "Full disclosure");
    report_text(r, "All of lead %s, a line for each minute, a page for each hour. Amplitudes of a page have one scale. Ticks "
                "below a line are ventricular and supraventricular beats, bars fibrillation, flutter, fast runs and pauses.",
                h->disclosed_view.curve[0].label);
    if (!(h->hour = calloc(n, sizeof *h->hour))) {
        r->rc = kymo_fail(&r->err, KYMO_ENOMEM, "no memory for %zu hours", n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const double begin_s = from_s + (double)i * hour_s, end_s = fmin(to_s, begin_s + hour_s);
        h->hour[i] = (struct report_hour){h, begin_s, end_s};
        report_time_text(r, h->hour[i].from_s, from, sizeof from);
        report_figure(r, &(struct report_figure){
            .key = "hour", .title = report_keep(r, "From %s", from), .caption = "", .width_mm = REPORT_WIDTH_MM,
            .height_mm = HEIGHT_MM * fmax(2, ceil((h->hour[i].to_s - h->hour[i].from_s) / LINE_S - 1e-9)) / LINES,
            .at_s = h->hour[i].from_s, .draw = draw_hour, .chart = &h->hour[i], .whole_page = i > 0,
        });
    }
}
