/* cli/report_holter.c - kymo report: the heart over the time of a recording: rates, ectopic beats, episodes, by hour. Beats and
 * episodes are those of kymo rhythm as it is unless told. */
#include "cli/report_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_NS (3600 * KYMO_NS_PER_S)
#define RATE_MM 52.0
#define TREND_SERIES 4

static double ratio(double a, double b) { return b > 0 ? a / b : (double)NAN; }

/* ---- reading ---- */

static int make_trend(struct report_heart *h, struct kymo_err *e)
{
    const struct chart_overview *const c = &h->overview.chart;

    if (!(h->trend = malloc((TREND_SERIES * c->n_bins + 1) * sizeof *h->trend)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a trend");
    for (size_t i = 0; i < c->n_bins; i++) {
        h->trend[i] = c->from_s + (double)i * c->bin_s;
        h->trend[c->n_bins + i] = c->bin[i].mean;
        h->trend[2 * c->n_bins + i] = c->bin[i].least;
        h->trend[3 * c->n_bins + i] = c->bin[i].greatest;
    }
    return 0;
}

int report_read_heart(struct report_parts *p, struct kymo_err *e)
{
    struct report_heart *const h = &p->heart;
    struct rhythm_args args = {.summary = false};
    int rc = rhythm_usual_args(&args, e);

    args.heart.in = p->choice.heart_in;
    if (rc < 0 || (rc = rhythm_read(p->call, &args, &h->r, e)) < 0 ||
        (rc = rhythm_counting_start(&h->r, &h->counting, e)) < 0)
        return rc;
    rhythm_counting_of(&h->counting, h->r.from_ns, h->r.end_ns + 1, &h->count);
    if ((rc = overview_make(&h->overview, &h->r, e)) < 0 || (rc = make_trend(h, e)) < 0 ||
        (rc = report_measure_hrv(h, e)) < 0 || (rc = report_read_strips(p, e)) < 0)
        return rc;
    return p->args->disclosure ? report_open_disclosure(p, e) : 0;
}

void report_release_heart(struct report_heart *h)
{
    report_release_strips(h);
    plot_view_release(&h->disclosed_view);
    plot_release(&h->disclosed);
    free(h->hour);
    hrv_spectra_release(&h->spectra);
    nn_room_release(&h->room);
    free(h->interval);
    free(h->drawn);
    free(h->trend);
    overview_release(&h->overview);
    rhythm_counting_release(&h->counting);
    rhythm_record_release(&h->r);
}

/* ---- beats, rates, quality ---- */

static void fill_source(struct report_parts *p)
{
    const struct heart *const t = &p->heart.r.heart;
    struct report *const r = &p->report;

    if (!t->found) {
        bool typed = !t->portrait;
        for (size_t i = 0; i < t->n && !typed; i++)
            typed = t->beat[i].given != 1;   /* N, as of those who only say where beats are */
        report_text(r, "Beats are given, %s%s, and were not looked for. %s Episodes were found as kymo rhythm does.",
                    p->args->in.annotator ? "by the track " : "by the recording",
                    p->args->in.annotator ? p->args->in.annotator : "",
                    strcmp(p->hdr.format, "rr") == 0 ? "A list of intervals tells no types: all count as normal."
                    : typed ? "Their types are given too." : "Their types were found as kymo beats does.");
        return;
    }
    char leads[300] = "";
    size_t n = 0;
    for (size_t i = 0; i < t->n_leads && n < sizeof leads - 1; i++) {
        const int more = snprintf(leads + n, sizeof leads - n, "%s%s", i ? ", " : "", t->hdr.signal[t->lead[i]].label);
        n += more > 0 ? (size_t)more : 0;
    }
    report_text(r, "Beats were found as kymo qrs does, classified as kymo beats does (shapes in %s), and episodes found as "
                "kymo rhythm does.", *leads ? leads : "no lead");
}

static double sum_s(const struct rhythm_span *span, size_t n)
{
    double s = 0;

    for (size_t i = 0; i < n; i++)
        s += report_seconds(span[i].to_ns - span[i].from_ns);
    return s;
}

static void fill_quality(struct report_parts *p)
{
    const struct rhythm_record *const v = &p->heart.r;
    const struct rhythm_count *const c = &p->heart.count;
    struct report *const r = &p->report;
    const double all_s = report_seconds(v->end_ns - v->from_ns);

    report_items(r, "quality", "How much could be read");
    report_number(r, "looked_at_h", "Looked at", all_s / 3600, 3, "h", "from the first sample to the last, gaps included");
    report_number(r, "analysable_h", "Analysable", c->analysable_s / 3600, 3, "h", "without gaps and noise");
    report_number(r, "analysable_pct", "Analysable share", ratio(100 * c->analysable_s, all_s), 2, "%",
                  "of the time looked at");
    report_number(r, "gap_s", "Gaps", sum_s(v->gap, v->n_gaps), 1, "s",
                  report_keep(r, "%zu, in which no lead has a sample", v->n_gaps));
    report_number(r, "noise_s", "Noise", sum_s(v->noise, v->n_noise), 1, "s",
                  report_keep(r, "%zu, in which it could not be told what is a beat", v->n_noise));
}

static void fill_rates(struct report_parts *p)
{
    const struct rhythm_count *const c = &p->heart.count;
    struct report *const r = &p->report;

    report_items(r, "rates", "Heart rate");
    report_number(r, "beats", "Beats", (double)c->n_beats, 0, "", "all QRS complexes");
    report_number(r, "mean_rate_per_min", "Mean rate", c->mean_per_min, 1, "1/min",
                  "60 s / mean of the intervals that touch no gap or noise");
    report_number_at(r, "fastest_rate_per_min", "Fastest rate", c->fastest.value, 1, report_seconds(c->fastest.at_ns), "1/min",
                     "mean of 8 intervals in a row");
    report_number_at(r, "slowest_rate_per_min", "Slowest rate", c->slowest.value, 1, report_seconds(c->slowest.at_ns), "1/min",
                     "mean of 8 intervals in a row");
}

static int draw_overview(struct kymo_draw *d, const struct chart_place *place, void *chart, struct kymo_err *e)
{
    (void)e;
    chart_overview(d, place, chart);
    return 0;
}

static void fill_trend(struct report_parts *p)
{
    struct report_heart *const h = &p->heart;
    struct chart_overview *const c = &h->overview.chart;
    bool any = false;

    for (size_t i = 0; i < c->n_bins; i++)
        any = any || !isnan(c->bin[i].mean);
    if (!any) {
        report_text(&p->report, "No two intervals between beats follow each other: there is no chart of heart rate.");
        return;
    }
    report_figure(&p->report, &(struct report_figure){
        .key = "heart_rate", .title = "Heart rate, ectopic beats and episodes over time",
        .caption = report_keep(&p->report, "Line: mean in %g s; area: from the least to the greatest; rates of 4 intervals "
                               "in a row. Below, a mark for each beat or episode; how many in brackets", c->bin_s),
        .width_mm = REPORT_WIDTH_MM, .at_s = (double)NAN, .draw = draw_overview, .chart = c,
        .height_mm = RATE_MM + CHART_ABOVE_MM + CHART_BELOW_MM + (double)c->n_lanes * OVERVIEW_LANE_MM,
        .series = {
            {"from_s", h->trend, c->n_bins}, {"mean_per_min", h->trend + c->n_bins, c->n_bins},
            {"least_per_min", h->trend + 2 * c->n_bins, c->n_bins}, {"greatest_per_min", h->trend + 3 * c->n_bins, c->n_bins},
        },
        .n_series = TREND_SERIES,
    });
}

/* ---- ectopic beats ---- */

static void fill_count(struct report *r, const char *key, const char *name, size_t n, const char *rule)
{
    report_number(r, key, name, (double)n, 0, "", rule);
}

enum ectopic {
    ECTOPIC_BEATS, ECTOPIC_SHARE, ECTOPIC_PER_HOUR, ECTOPIC_COUPLETS, ECTOPIC_RUNS, ECTOPIC_LONGEST, ECTOPIC_FASTEST,
    ECTOPIC_ITEMS
};

/* The ectopic beats of one class, and what a report calls what it counts of them. */
struct ectopy {
    const char *key, *title;
    enum rhythm_type type;
    enum rhythm_kind couplet, run;
    struct { const char *key, *name, *rule; } item[ECTOPIC_ITEMS];
};

static const struct ectopy ventricular = {
    "ventricular", "Ventricular ectopy", RHYTHM_V, RHYTHM_V_COUPLET, RHYTHM_VT, {
        [ECTOPIC_BEATS] = {"v_beats", "Ventricular beats", "types V, E and F"},
        [ECTOPIC_SHARE] = {"v_pct", "Ventricular share", "of all beats"},
        [ECTOPIC_PER_HOUR] = {"v_per_h", "Ventricular beats per hour", "of analysable time"},
        [ECTOPIC_COUPLETS] = {"v_couplets", "Ventricular couplets", "2 ventricular beats in a row"},
        [ECTOPIC_RUNS] = {"v_runs", "Fast ventricular runs", "tachycardia: 3 or more in a row above 100/min"},
        [ECTOPIC_LONGEST] = {"v_longest_run_s", "Longest fast ventricular run", "from its first beat to its last"},
        [ECTOPIC_FASTEST] = {"v_fastest_run_per_min", "Fastest ventricular run", "60 s / mean of its intervals"},
    },
};

static const struct ectopy supraventricular = {
    "supraventricular", "Supraventricular ectopy", RHYTHM_S, RHYTHM_S_COUPLET, RHYTHM_SVT, {
        [ECTOPIC_BEATS] = {"s_beats", "Supraventricular beats", "types A, a, J and S; none in fibrillation"},
        [ECTOPIC_SHARE] = {"s_pct", "Supraventricular share", "of all beats"},
        [ECTOPIC_PER_HOUR] = {"s_per_h", "Supraventricular beats per hour", "of analysable time"},
        [ECTOPIC_COUPLETS] = {"s_couplets", "Supraventricular couplets", "2 supraventricular beats in a row"},
        [ECTOPIC_RUNS] = {"s_runs", "Supraventricular runs", "tachycardia: 3 or more in a row above 100/min"},
        [ECTOPIC_LONGEST] = {"s_longest_run_s", "Longest supraventricular run", "from its first beat to its last"},
        [ECTOPIC_FASTEST] = {"s_fastest_run_per_min", "Fastest supraventricular run", "60 s / mean of its intervals"},
    },
};

/* One item of them; at_s NaN: at no time. */
static void fill_ectopic(struct report *r, const struct ectopy *x, enum ectopic i, double number, int decimals, double at_s,
                         const char *unit)
{
    report_number_at(r, x->item[i].key, x->item[i].name, number, decimals, at_s, unit, x->item[i].rule);
}

static void fill_ectopy(struct report_parts *p, const struct ectopy *x)
{
    const struct rhythm_count *const c = &p->heart.count;
    const struct rhythm_kind_count *const k = c->kind, *const runs = &k[x->run];
    struct report *const r = &p->report;
    const double n = (double)c->n_type[x->type], never = (double)NAN;

    report_items(r, x->key, x->title);
    fill_ectopic(r, x, ECTOPIC_BEATS, n, 0, never, "");
    fill_ectopic(r, x, ECTOPIC_SHARE, ratio(100 * n, (double)c->n_beats), 2, never, "%");
    fill_ectopic(r, x, ECTOPIC_PER_HOUR, ratio(n, c->analysable_s / 3600), 2, never, "1/h");
    fill_ectopic(r, x, ECTOPIC_COUPLETS, (double)k[x->couplet].n, 0, never, "");
    fill_ectopic(r, x, ECTOPIC_RUNS, (double)runs->n, 0, never, "");
    if (x->type == RHYTHM_V)
        fill_count(r, "v_slow_runs", "Slow ventricular runs", k[RHYTHM_IVR].n,
                   "idioventricular: 3 or more in a row up to 100/min");
    fill_ectopic(r, x, ECTOPIC_LONGEST, runs->longest.value, 2, report_seconds(runs->longest.at_ns), "s");
    fill_ectopic(r, x, ECTOPIC_FASTEST, runs->fastest.value, 1, report_seconds(runs->fastest.at_ns), "1/min");
    if (x->type == RHYTHM_V)
        report_number(r, "v_bigeminy_s", "Bigeminy and trigeminy",
                      k[RHYTHM_BIGEMINY].duration_s + k[RHYTHM_TRIGEMINY].duration_s, 1, "s",
                      "3 or more ventricular beats with one or two others between each two");
}

/* ---- rhythm ---- */

static void fill_rhythm(struct report_parts *p)
{
    const struct rhythm_count *const c = &p->heart.count;
    const struct rhythm_kind_count *const k = c->kind;
    struct report *const r = &p->report;
    const double af_s = k[RHYTHM_AF].duration_s + k[RHYTHM_FLUTTER].duration_s;
    const struct rhythm_extreme *const longest =
        isnan(k[RHYTHM_ASYSTOLE].longest.value) ? &k[RHYTHM_PAUSE].longest : &k[RHYTHM_ASYSTOLE].longest;

    report_items(r, "rhythm", "Pauses and fibrillation");
    fill_count(r, "pauses", "Pauses", k[RHYTHM_PAUSE].n + k[RHYTHM_ASYSTOLE].n, "an interval of 3 s or more");
    report_number_at(r, "longest_pause_s", "Longest pause", longest->value, 2, report_seconds(longest->at_ns), "s",
                     "from 4 s on it is called asystole");
    fill_count(r, "asystoles", "Asystoles", k[RHYTHM_ASYSTOLE].n, "an interval of 4 s or more");
    fill_count(r, "dropped", "Dropped beats", k[RHYTHM_DROPPED].n, "an interval of about twice those before: suspected block");
    report_number(r, "af_burden_pct", "Burden of AF and flutter", ratio(100 * af_s, c->analysable_s), 2, "%",
                  "time in atrial fibrillation or flutter, of analysable time");
    fill_count(r, "af_episodes", "Episodes of AF and flutter", k[RHYTHM_AF].n + k[RHYTHM_FLUTTER].n, "of any length");
    report_number_at(r, "longest_af_s", "Longest AF", k[RHYTHM_AF].longest.value, 1,
                     report_seconds(k[RHYTHM_AF].longest.at_ns), "s", "outside gaps and noise");
    fill_count(r, "vf_episodes", "Ventricular fibrillation", k[RHYTHM_VF].n, "episodes of fibrillation or flutter");
}

/* How each kind is recognised; algorithms/rhythm.h has it in full. */
static const char *const rules[RHYTHM_KINDS] = {
    [RHYTHM_AF] = "probability of fibrillation, from intervals and P waves, above 0.5",
    [RHYTHM_FLUTTER] = "the same, with intervals that are multiples of one time of 170 to 260 ms",
    [RHYTHM_VF] = "from the samples of all leads",
    [RHYTHM_VT] = "3 or more V in a row above 100/min", [RHYTHM_IVR] = "3 or more V in a row up to 100/min",
    [RHYTHM_V_COUPLET] = "2 V in a row", [RHYTHM_BIGEMINY] = "3 or more V, one other beat between each two",
    [RHYTHM_TRIGEMINY] = "3 or more V, two other beats between each two", [RHYTHM_SVT] = "3 or more S in a row above 100/min",
    [RHYTHM_S_COUPLET] = "2 S in a row", [RHYTHM_S_BIGEMINY] = "3 or more S, one other beat between each two",
    [RHYTHM_PACED_RHYTHM] = "3 or more paced beats in a row", [RHYTHM_BRADYCARDIA] = "5 intervals below 50/min",
    [RHYTHM_TACHYCARDIA] = "17 intervals above 100/min, no V", [RHYTHM_PAUSE] = "an interval of 3 s or more",
    [RHYTHM_ASYSTOLE] = "an interval of 4 s or more", [RHYTHM_DROPPED] = "an interval of 1.8 to 2.2 times the 8 before",
};

static void put_extreme(struct report *r, const struct rhythm_extreme *x)
{
    report_cell(r, x->value);
    report_cell(r, isnan(x->value) ? (double)NAN : report_seconds(x->at_ns));
}

static void fill_episodes(struct report_parts *p)
{
    static const struct report_column columns[] = {
        {"kind", "Episode", 0, false}, {"count", "n", 0, false}, {"duration_s", "Time s", 1, false},
        {"pct", "of time %", 2, false}, {"longest_s", "Longest s", 1, false}, {"longest_at_s", "at", 0, true},
        {"fastest_per_min", "Fastest 1/min", 0, false}, {"fastest_at_s", "at", 0, true},
        {"slowest_per_min", "Slowest 1/min", 0, false}, {"slowest_at_s", "at", 0, true}, {"rule", "Rule", 0, false},
    };
    const struct rhythm_count *const c = &p->heart.count;
    struct report *const r = &p->report;
    size_t n = 0;

    for (size_t k = 0; k < RHYTHM_KINDS; k++)
        n += c->kind[k].n;
    if (n == 0) {
        report_text(r, "No episode of any kind was found.");
        return;
    }
    report_table(r, "episodes", "Episodes, of each kind that there was", columns, sizeof columns / sizeof *columns);
    for (size_t k = 0; k < RHYTHM_KINDS; k++) {
        const struct rhythm_kind_count *const m = &c->kind[k];
        if (m->n == 0)
            continue;
        report_cell_text(r, rhythm_word((enum rhythm_kind)k)->name);
        report_cell(r, (double)m->n);
        report_cell(r, m->duration_s);
        report_cell(r, ratio(100 * m->duration_s, c->analysable_s));
        put_extreme(r, &m->longest);
        put_extreme(r, &m->fastest);
        put_extreme(r, &m->slowest);
        report_cell_text(r, rules[k]);
    }
}

/* ---- hours ---- */

static void put_hour(struct report *r, const struct rhythm_count *n, int64_t from_ns)
{
    const struct rhythm_kind_count *const k = n->kind;
    const double af_s = k[RHYTHM_AF].duration_s + k[RHYTHM_FLUTTER].duration_s;
    const double numbers[] = {
        n->analysable_s / 60, (double)n->n_beats, n->mean_per_min, n->slowest.value, n->fastest.value,
        (double)n->n_type[RHYTHM_V], (double)k[RHYTHM_V_COUPLET].n, (double)(k[RHYTHM_VT].n + k[RHYTHM_IVR].n),
        (double)n->n_type[RHYTHM_S], (double)k[RHYTHM_S_COUPLET].n, (double)k[RHYTHM_SVT].n,
        (double)(k[RHYTHM_PAUSE].n + k[RHYTHM_ASYSTOLE].n), ratio(100 * af_s, n->analysable_s),
    };
    char text[96];

    report_time_text(r, report_seconds(from_ns), text, sizeof text);
    report_cell_text(r, text);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        report_cell(r, numbers[i]);
}

static void fill_hours(struct report_parts *p)
{
    static const struct report_column columns[] = {
        {"from", "From", 0, false}, {"analysable_min", "Analysable min", 1, false}, {"beats", "Beats", 0, false},
        {"mean_per_min", "Mean 1/min", 1, false}, {"slowest_per_min", "Slowest 1/min", 1, false},
        {"fastest_per_min", "Fastest 1/min", 1, false}, {"v", "V", 0, false}, {"v_couplets", "V couplets", 0, false},
        {"v_runs", "V runs", 0, false}, {"s", "S", 0, false}, {"s_couplets", "S couplets", 0, false},
        {"s_runs", "S runs", 0, false}, {"pauses", "Pauses", 0, false}, {"af_pct", "AF %", 1, false},
    };
    const struct rhythm_record *const v = &p->heart.r;
    const int64_t end_ns = v->end_ns + 1;   /* the last beat of annotations without signals is at the end */
    struct rhythm_count n;

    report_table(&p->report, "hours", "Hour by hour", columns, sizeof columns / sizeof *columns);
    for (int64_t from_ns = v->from_ns; from_ns < end_ns && (from_ns == v->from_ns || end_ns - from_ns > 1);) {
        const int64_t to_ns = end_ns - from_ns <= HOUR_NS + 1 ? end_ns : from_ns + HOUR_NS;
        rhythm_counting_of(&p->heart.counting, from_ns, to_ns, &n);
        put_hour(&p->report, &n, from_ns);
        from_ns = to_ns;
    }
    report_text(&p->report, "Rates and ectopy as above; an episode counts in the hour in which it begins, its time in those in "
                "which it lies. AF with flutter, of analysable time.");
}

void report_fill_heart(struct report_parts *p)
{
    report_section(&p->report, "heart", "Heart");
    fill_source(p);
    fill_quality(p);
    if (p->heart.r.heart.n == 0) {
        report_text(&p->report, "No beat was found: there is nothing to say of rates and rhythm.");
        return;
    }
    fill_rates(p);
    fill_trend(p);
    fill_ectopy(p, &ventricular);
    fill_ectopy(p, &supraventricular);
    fill_rhythm(p);
    fill_episodes(p);
    fill_hours(p);
}
