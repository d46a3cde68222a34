/* cli/report_strips.c - kymo report: strips of the ECG: typical, extreme, and of each kind of episode the one to look at. What
 * is shown is chosen from beats and episodes; only the strips' own samples are read again. */
#include "cli/report_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MM_PER_S 25.0
#define MM_PER_MV 10.0
#define TALLEST_MM 120.0
#define LEAD_IN_S 1.4             /* of an episode's strip, before it begins */
#define LEAST_SHOWN_S 0.5         /* of an episode in a strip, or all of it: its name would stand above what is none of it */
#define TYPICAL_BEATS 4           /* at least, in a strip */

static const struct ecg_scale usual = {MM_PER_S, MM_PER_MV};

/* ---- what is shown ---- */

/* One more, but of two that would show the same one says both. */
static void add_strip(struct report_heart *h, const char *title, double at_s, double from_s)
{
    const double first_s = report_seconds(h->r.from_ns), last_s = report_seconds(h->r.end_ns) - REPORT_STRIP_S;

    from_s = fmax(first_s, fmin(from_s, last_s));
    for (size_t i = 0; i < h->n_strips; i++) {
        struct report_strip *const s = &h->strip[i];
        const size_t n = strlen(s->title);
        if (fabs(s->from_s - from_s) < REPORT_STRIP_S / 3) {
            if (!strstr(s->title, title))
                snprintf(s->title + n, sizeof s->title - n, "; %s", title);
            return;
        }
    }
    if (h->n_strips == REPORT_MOST_STRIPS)
        return;
    struct report_strip *const s = &h->strip[h->n_strips++];
    *s = (struct report_strip){.at_s = at_s, .from_s = from_s};
    snprintf(s->title, sizeof s->title, "%s", title);
}

/* flag[i]: beat i lies in an episode. */
static void flag_episodes(const struct rhythm_record *r, unsigned char *flag)
{
    for (size_t k = 0; k < r->list.n; k++)
        for (size_t i = r->list.episode[k].first; i < r->n && r->beat[i].time_ns <= r->list.episode[k].to_ns; i++)
            flag[i] = r->beat[i].time_ns >= r->list.episode[k].from_ns;
}

/* How far the strip from beat i on is from what is typical: in rate, and in how sure its beats are. INFINITY where it has other
 * than normal beats that follow each other outside episodes and noise. */
static double distance_of(const struct report_heart *h, const unsigned char *flag, size_t i)
{
    const struct rhythm_record *const r = &h->r;
    const int64_t end_ns = r->beat[i].time_ns + (int64_t)(REPORT_STRIP_S * 1e9);
    double doubt = 0;
    size_t k = i;

    for (; k < r->n && r->beat[k].time_ns < end_ns; k++) {
        if (r->beat[k].type != RHYTHM_N || flag[k] || r->beat[k].from_pulse || (k > i && r->beat[k].after_break))
            return INFINITY;
        doubt += 1 - (double)r->beat[k].sure;
    }
    if (k >= r->n || k < i + TYPICAL_BEATS || rhythm_overlap_ns(r->noise, r->n_noise, r->beat[i].time_ns, end_ns) > 0)
        return INFINITY;
    const double rate = 60e9 * (double)(k - 1 - i) / (double)(r->beat[k - 1].time_ns - r->beat[i].time_ns);
    return fabs(rate / h->count.mean_per_min - 1) + doubt / (double)(k - i);
}

/* The most typical strip; the first of several. */
static int add_typical(struct report_heart *h, struct kymo_err *e)
{
    const struct rhythm_record *const r = &h->r;
    unsigned char *const flag = calloc(r->n + 1, 1);
    double best = INFINITY;
    size_t at = 0;

    if (!flag)
        return kymo_fail(e, KYMO_ENOMEM, "no memory to choose strips");
    flag_episodes(r, flag);
    for (size_t i = 0; i < r->n; i++) {
        const double distance = distance_of(h, flag, i);
        if (distance < best - 1e-9) {
            best = distance;
            at = i;
        }
    }
    free(flag);
    if (isfinite(best))
        add_strip(h, "Typical: normal beats at about the mean rate", report_seconds(r->beat[at].time_ns),
                  report_seconds(r->beat[at].time_ns) - 0.3);
    return 0;
}

static void add_extremes(struct report_heart *h)
{
    const struct rhythm_count *const c = &h->count;
    char title[80];

    if (!isnan(c->fastest.value)) {
        snprintf(title, sizeof title, "Fastest rate, %.0f/min", c->fastest.value);
        add_strip(h, title, report_seconds(c->fastest.at_ns), report_seconds(c->fastest.at_ns) - 1);
    }
    if (!isnan(c->slowest.value)) {
        snprintf(title, sizeof title, "Slowest rate, %.0f/min", c->slowest.value);
        add_strip(h, title, report_seconds(c->slowest.at_ns), report_seconds(c->slowest.at_ns) - 0.5);
    }
}

/* What an episode's strip says: how long, how fast. */
static void episode_title(const struct rhythm_episode *p, const char *which, char *title, size_t cap)
{
    char rate[32] = "";

    if (!isnan(p->rate_per_min))
        snprintf(rate, sizeof rate, ", %.0f/min", p->rate_per_min);
    snprintf(title, cap, "%s %s, %.1f s%s", which, rhythm_word(p->kind)->name, report_seconds(p->to_ns - p->from_ns), rate);
    if (title[0] >= 'a' && title[0] <= 'z')
        title[0] = (char)(title[0] - 'a' + 'A');
}

static void add_episode(struct report_heart *h, const struct rhythm_episode *p, const char *which)
{
    const double from_s = report_seconds(p->from_ns), length_s = report_seconds(p->to_ns - p->from_ns);
    char title[120];

    episode_title(p, which, title, sizeof title);
    add_strip(h, title, from_s, length_s < REPORT_STRIP_S - 2 * LEAD_IN_S ? from_s - (REPORT_STRIP_S - length_s) / 2
                                                                          : from_s - LEAD_IN_S);
}

/* The longest of a kind, or the fastest, or the slowest; the first of several. */
static const struct rhythm_episode *most(const struct rhythm_list *l, enum rhythm_kind kind, char by)
{
    const struct rhythm_episode *best = NULL;
    double most = -INFINITY;

    for (size_t i = 0; i < l->n; i++) {
        const struct rhythm_episode *const p = &l->episode[i];
        const double value = by == 'l' ? report_seconds(p->to_ns - p->from_ns)
                           : isnan(p->rate_per_min) ? -INFINITY : by == 'f' ? p->rate_per_min : -p->rate_per_min;
        if (p->kind == kind && value > most) {
            most = value;
            best = p;
        }
    }
    return best;
}

static void add_episodes(struct report_heart *h)
{
    static const struct {
        enum rhythm_kind kind;
        char by;
        const char *which;
    } wanted[] = {
        {RHYTHM_VF, 'l', "longest"}, {RHYTHM_VT, 'l', "longest"}, {RHYTHM_VT, 'f', "fastest"}, {RHYTHM_IVR, 'l', "longest"},
        {RHYTHM_V_COUPLET, 'f', "fastest"}, {RHYTHM_BIGEMINY, 'l', "longest"}, {RHYTHM_TRIGEMINY, 'l', "longest"},
        {RHYTHM_AF, 'l', "onset of the longest"}, {RHYTHM_FLUTTER, 'l', "onset of the longest"}, {RHYTHM_SVT, 'l', "longest"},
        {RHYTHM_SVT, 'f', "fastest"}, {RHYTHM_S_COUPLET, 'f', "fastest"}, {RHYTHM_S_BIGEMINY, 'l', "longest"},
        {RHYTHM_PACED_RHYTHM, 'l', "longest"}, {RHYTHM_ASYSTOLE, 'l', "longest"}, {RHYTHM_PAUSE, 'l', "longest"},
        {RHYTHM_DROPPED, 'l', "longest"}, {RHYTHM_BRADYCARDIA, 's', "slowest"}, {RHYTHM_TACHYCARDIA, 'f', "fastest"},
    };
    const struct rhythm_episode *last = NULL;   /* of two that are one, the first is enough */

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const struct rhythm_episode *const p = most(&h->r.list, wanted[i].kind, wanted[i].by);
        if (p && p != last)
            add_episode(h, p, wanted[i].which);
        last = p;
    }
}

/* The surest beat of that type that stands between others. */
static void add_single(struct report_heart *h, unsigned char type, const char *title)
{
    const struct rhythm_record *const r = &h->r;
    size_t best = 0;

    for (size_t i = 1; i + 1 < r->n; i++)
        if (r->beat[i].type == type && r->beat[i - 1].type == RHYTHM_N && r->beat[i + 1].type == RHYTHM_N &&
            !r->beat[i].after_break && (best == 0 || r->beat[i].sure > r->beat[best].sure))
            best = i;
    if (best > 0)
        add_strip(h, title, report_seconds(r->beat[best].time_ns), report_seconds(r->beat[best].time_ns) - REPORT_STRIP_S / 2);
}

/* ---- their samples ---- */

/* What stands above a strip, in a word. */
static const char *const words[RHYTHM_KINDS] = {
    [RHYTHM_AF] = "AF", [RHYTHM_FLUTTER] = "flutter", [RHYTHM_VF] = "VF", [RHYTHM_VT] = "VT", [RHYTHM_IVR] = "IVR",
    [RHYTHM_V_COUPLET] = "couplet", [RHYTHM_BIGEMINY] = "bigeminy", [RHYTHM_TRIGEMINY] = "trigeminy", [RHYTHM_SVT] = "SVT",
    [RHYTHM_S_COUPLET] = "couplet", [RHYTHM_S_BIGEMINY] = "atrial bigeminy", [RHYTHM_PACED_RHYTHM] = "paced",
    [RHYTHM_BRADYCARDIA] = "bradycardia", [RHYTHM_TACHYCARDIA] = "tachycardia", [RHYTHM_PAUSE] = "pause",
    [RHYTHM_ASYSTOLE] = "asystole", [RHYTHM_DROPPED] = "dropped beat",
};

/* Beats and episodes in the strip. */
static int take_marks(const struct report_heart *h, struct report_strip *s, struct kymo_err *e)
{
    static const char *const types[] = {
        [RHYTHM_N] = "N", [RHYTHM_S] = "S", [RHYTHM_V] = "V", [RHYTHM_PACED] = "/", [RHYTHM_UNSURE] = "Q",
    };
    const struct rhythm_record *const r = &h->r;
    const double to_s = s->from_s + REPORT_STRIP_S;

    if (!(s->mark = calloc(r->list.n + (size_t)(REPORT_STRIP_S * 50) + 1, sizeof *s->mark)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the marks of a strip");
    struct chart_mark *mark = s->mark;
    for (size_t i = 0; i < r->list.n; i++) {
        const struct rhythm_episode *const p = &r->list.episode[i];
        const double shown_s = fmin(report_seconds(p->to_ns), to_s) - fmax(report_seconds(p->from_ns), s->from_s);
        if (shown_s >= fmin(LEAST_SHOWN_S, report_seconds(p->to_ns - p->from_ns)))
            *mark++ = (struct chart_mark){
                report_seconds(p->from_ns), report_seconds(p->to_ns - p->from_ns), "episode", words[p->kind],
            };
    }
    const struct chart_mark *const room = mark + (size_t)(REPORT_STRIP_S * 50);
    for (size_t i = 0; i < r->n && mark < room; i++)
        if (report_seconds(r->beat[i].time_ns) >= s->from_s && report_seconds(r->beat[i].time_ns) < to_s)
            *mark++ = (struct chart_mark){report_seconds(r->beat[i].time_ns), 0, types[r->beat[i].type], ""};
    s->chart.mark = s->mark;
    s->chart.n_marks = (size_t)(mark - s->mark);
    s->chart.has_marks = true;
    return 0;
}

static int read_strip(const struct report_parts *p, struct report_strip *s, struct kymo_err *e)
{
    const double column_s = CHART_COLUMN_MM / MM_PER_S;
    struct kymo_input_args in = p->choice.heart_in;
    int rc;

    in.annotator = NULL;
    in.from = (struct kymo_time){true, (int64_t)(fmax(0, s->from_s - 0.5) * 1e9)};
    in.to = (struct kymo_time){true, (int64_t)((s->from_s + REPORT_STRIP_S + 0.5) * 1e9)};
    if ((rc = plot_open(&p->again, &in, &s->source, e)) < 0 ||
        (rc = plot_pick(&s->source, KYMO_ECG, in.signals.n > 0, e)) < 0)
        return rc;
    if (s->source.n_pick > REPORT_STRIP_LEADS)
        s->source.n_pick = REPORT_STRIP_LEADS;
    if ((rc = plot_view_make(&s->view, &s->source, column_s, (size_t)ceil(REPORT_STRIP_S / column_s - 1e-6), e)) < 0 ||
        (rc = plot_view_read(&s->source, &s->view, s->from_s, true, e)) < 0 || (rc = take_marks(&p->heart, s, e)) < 0)
        return rc;
    s->chart.lead = s->view.curve;
    s->chart.n_leads = s->view.n;
    s->chart.from_s = s->from_s;
    s->chart.length_s = REPORT_STRIP_S;
    s->chart.scale = usual;
    chart_strip_fit(&s->chart, TALLEST_MM);
    return 0;
}

static bool has_leads(const struct report_parts *p)
{
    return p->choice.heart_in.signals.n > 0 || kymo_has_kind(&p->heart.r.heart.hdr, KYMO_ECG);
}

static void release_strip(struct report_strip *s)
{
    plot_view_release(&s->view);
    plot_release(&s->source);
    free(s->mark);
}

void report_release_strips(struct report_heart *h)
{
    for (size_t i = 0; i < h->n_strips; i++)
        release_strip(&h->strip[i]);
    free(h->strip);
}

int report_read_strips(struct report_parts *p, struct kymo_err *e)
{
    struct report_heart *const h = &p->heart;
    int rc;

    if (!has_leads(p))
        return 0;
    if (!(h->strip = calloc(REPORT_MOST_STRIPS, sizeof *h->strip)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for strips");
    if ((rc = add_typical(h, e)) < 0)
        return rc;
    add_extremes(h);
    add_single(h, RHYTHM_V, "A ventricular beat");
    add_single(h, RHYTHM_S, "A supraventricular beat");
    add_episodes(h);
    if (h->n_strips == 0)
        add_strip(h, "Beginning of the recording", report_seconds(h->r.from_ns), report_seconds(h->r.from_ns));
    for (size_t i = 0; rc == 0 && i < h->n_strips; i++)
        rc = read_strip(p, &h->strip[i], e);
    if (rc == 0 && h->n_strips == 1 && !plot_view_has_data(&h->strip[0].view)) {
        release_strip(&h->strip[0]);
        h->n_strips = 0;
    }
    return rc;
}

/* ---- on paper ---- */

static int draw_strip(struct kymo_draw *d, const struct chart_place *place, void *chart, struct kymo_err *e)
{
    (void)e;
    chart_strip(d, place->x, place->y, chart);
    return 0;
}

static void fill_strip(struct report *r, struct report_strip *s)
{
    static const char *const keys[REPORT_STRIP_LEADS][2] = {
        {"lead_1_time_s", "lead_1_mv"}, {"lead_2_time_s", "lead_2_mv"}, {"lead_3_time_s", "lead_3_mv"},
    };
    const char *leads = "";
    char from[96];
    struct report_figure f = {
        .key = "strip", .title = s->title, .width_mm = REPORT_WIDTH_MM, .height_mm = chart_strip_height(&s->chart),
        .at_s = s->at_s, .draw = draw_strip, .chart = &s->chart,
    };

    report_time_text(r, s->from_s, from, sizeof from);
    for (size_t i = 0; i < s->view.n; i++)
        leads = report_keep(r, "%s%s%.60s", leads, i ? ", " : "", s->view.curve[i].label);
    f.caption = report_keep(r, "%s from %s, %g mm/s, %g mm/mV", leads, from, s->chart.scale.mm_per_s, s->chart.scale.mm_per_mv);
    for (size_t i = 0; i < s->view.n; i++) {
        f.series[f.n_series++] = (struct report_series){keys[i][0], s->view.curve[i].t_s, s->view.curve[i].n};
        f.series[f.n_series++] = (struct report_series){keys[i][1], s->view.curve[i].y, s->view.curve[i].n};
    }
    report_figure(r, &f);
}

void report_fill_strips(struct report_parts *p)
{
    struct report_heart *const h = &p->heart;
    struct report *const r = &p->report;

    report_section(r, "strips", "Strips");
    if (h->n_strips == 0) {
        report_text(r, "There is no ECG to show: there are no strips.");
        return;
    }
    report_text(r, "Strips of %g s on squares of 1 and 5 mm, which are 0.04 and 0.2 s. The mark beside each lead is 1 mV. "
                "Above the traces: beats as they are counted (N normal, S supraventricular, V ventricular, / paced, Q not "
                "known) and episodes.", REPORT_STRIP_S);
    if (h->strip[0].view.n > 0 && plot_count(&h->strip[0].source, KYMO_ECG) > REPORT_STRIP_LEADS)
        report_text(r, "The first %d of %zu leads are shown; -s chooses others.", REPORT_STRIP_LEADS,
                    plot_count(&h->strip[0].source, KYMO_ECG));
    for (size_t i = 0; i < h->n_strips; i++)
        fill_strip(r, &h->strip[i]);
}
