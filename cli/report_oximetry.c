/* cli/report_oximetry.c - kymo report: a night of SpO2: trend, measures, histogram, desaturations. Read, cleaned and measured
 * as kymo spo2 does unless told. */
#include "cli/chart_saturation.h"
#include "cli/chart_spo2.h"
#include "cli/report_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TREND_MM 95.0
#define DEEPEST_MM 70.0
#define DEEPEST_S 600.0
#define COLUMNS ((size_t)(REPORT_WIDTH_MM / 0.2))

static const char *const measures[] = {
    "recording_h", "valid_h", "sleep_h", "odi_per_valid_h", "n_desats", "odi3_per_valid_h", "odi4_per_valid_h",
    "odi_per_sleep_h", "t90_pct", "t88_pct", "t85_pct", "t80_pct", "av_pct", "med_pct", "min_pct", "p1_pct", "p5_pct",
    "dl_u_s", "ddmax_u_pct", "hb_desat_pct_min_per_h", "hb_pct_min_per_h", "n_respiratory", "pulse_rise_per_min",
};

/* ---- reading ---- */

static bool is_whole(const struct spo2_night *night, const struct desat *d)
{
    for (size_t i = d->onset; i <= d->end; i++)
        if (isnan(night->x_pct[i]))
            return false;
    return true;
}

/* Of all desaturations the one with the lowest nadir; of those without a missing reading, if there is one. */
static const struct desat *deepest_of(const struct report_night *n)
{
    const struct spo2_night *const night = &n->w.night;
    const struct desat *best = NULL;

    for (size_t i = 0; i < night->n_desats[SPO2_RULE]; i++) {
        const struct desat *const d = &night->desat[SPO2_RULE][i];
        const bool better = best && is_whole(night, d) != is_whole(night, best) ? is_whole(night, d)
                                                                                 : !best || d->nadir_pct < best->nadir_pct;
        best = better ? d : best;
    }
    return best;
}

static int make_curves(struct report_night *n, struct kymo_err *e)
{
    const struct oximetry_series *const s = &n->w.o.spo2;
    const struct desat *const deepest = deepest_of(n);
    int rc;

    n->from_s = s->n ? report_seconds(oximetry_time(s, 0)) : 0;
    n->to_s = s->n ? report_seconds(oximetry_time(s, s->n)) : 1;
    if ((rc = oximetry_curves_make(&n->trend, &n->w.o, n->from_s, n->to_s, COLUMNS, e)) < 0 || !deepest)
        return rc;
    const double middle_s = (double)(n->w.first_s + (int64_t)deepest->nadir);
    n->deepest_from_s = fmax(n->from_s, fmin(middle_s - DEEPEST_S / 2, n->to_s - DEEPEST_S));
    n->deepest_to_s = fmin(n->to_s, n->deepest_from_s + DEEPEST_S);
    return oximetry_curves_make(&n->deepest, &n->w.o, n->deepest_from_s, n->deepest_to_s, COLUMNS, e);
}

/* Marks of the desaturations, and how often each per cent was. */
static int count_night(struct report_night *n, struct kymo_err *e)
{
    const struct spo2_night *const night = &n->w.night;
    double valid = 0;

    n->mark = calloc(night->n_desats[SPO2_RULE] + 1, sizeof *n->mark);
    n->share = calloc(SATURATION_BINS, sizeof *n->share);
    if (!n->mark || !n->share)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a night");
    for (size_t i = 0; i < night->n_desats[SPO2_RULE]; i++) {
        const struct desat *const d = &night->desat[SPO2_RULE][i];
        n->mark[i] = (struct chart_mark){
            (double)(n->w.first_s + (int64_t)d->onset), (double)(d->end - d->onset), "desat", "",
        };
    }
    for (size_t i = 0; i < night->n; i++)
        if (!isnan(night->x_pct[i])) {
            n->share[(size_t)fmax(0, fmin(100, round(night->x_pct[i])))]++;
            valid++;
        }
    for (size_t i = 0; i < SATURATION_BINS; i++)
        n->share[i] *= 100 / fmax(1, valid);
    return 0;
}

int report_read_night(struct report_parts *p, struct kymo_err *e)
{
    struct report_night *const n = &p->night;
    int rc = spo2_usual_args(&n->args, e);

    n->args.oximetry.in = p->choice.oximetry_in;
    if (rc < 0 || (rc = spo2_read(p->call, &n->args, &n->w, e)) < 0 ||
        (rc = spo2_measure(&n->w.night, &(struct spo2_part){.to = n->w.night.n}, &n->measures, e)) < 0)
        return rc;
    return (rc = make_curves(n, e)) < 0 ? rc : count_night(n, e);
}

void report_release_night(struct report_night *n)
{
    oximetry_curves_release(&n->trend);
    oximetry_curves_release(&n->deepest);
    free(n->mark);
    free(n->share);
    spo2_record_release(&n->w);
}

/* ---- figures ---- */

static int draw_part(struct kymo_draw *d, const struct chart_place *place, const struct report_night *n,
                     const struct oximetry_curves *c, double from_s, double to_s)
{
    size_t first = 0, end = n->w.night.n_desats[SPO2_RULE];

    while (first < end && n->mark[first].t_s + n->mark[first].duration_s < from_s)
        first++;
    while (end > first && n->mark[end - 1].t_s > to_s)
        end--;
    const struct chart_spo2 chart = {&c->spo2, c->has_pulse ? &c->pulse : NULL, n->mark + first, end - first, from_s, to_s};
    chart_spo2(d, place, &chart);
    return 0;
}

static int draw_trend(struct kymo_draw *d, const struct chart_place *place, void *chart, struct kymo_err *e)
{
    const struct report_night *const n = chart;

    (void)e;
    return draw_part(d, place, n, &n->trend, n->from_s, n->to_s);
}

static int draw_deepest(struct kymo_draw *d, const struct chart_place *place, void *chart, struct kymo_err *e)
{
    const struct report_night *const n = chart;

    (void)e;
    return draw_part(d, place, n, &n->deepest, n->deepest_from_s, n->deepest_to_s);
}

static int draw_histogram(struct kymo_draw *d, const struct chart_place *place, void *chart, struct kymo_err *e)
{
    (void)e;
    chart_saturation(d, place, chart);
    return 0;
}

static void add_curves(struct report_figure *f, const struct oximetry_curves *c)
{
    f->series[f->n_series++] = (struct report_series){"spo2_time_s", c->spo2.t_s, c->spo2.n};
    f->series[f->n_series++] = (struct report_series){"spo2_pct", c->spo2.y, c->spo2.n};
    if (!c->has_pulse)
        return;
    f->series[f->n_series++] = (struct report_series){"pulse_time_s", c->pulse.t_s, c->pulse.n};
    f->series[f->n_series++] = (struct report_series){"pulse_per_min", c->pulse.y, c->pulse.n};
}

static void fill_trend(struct report_parts *p)
{
    struct report_figure f = {
        .key = "spo2_trend", .title = p->night.trend.has_pulse ? "SpO2 and pulse rate over time" : "SpO2 over time",
        .caption = "The dashed line is 90 %; the marks below the curve are desaturations", .width_mm = REPORT_WIDTH_MM,
        .height_mm = TREND_MM, .at_s = (double)NAN, .draw = draw_trend, .chart = &p->night,
    };

    add_curves(&f, &p->night.trend);
    report_figure(&p->report, &f);
}

static void fill_deepest(struct report_parts *p)
{
    const struct desat *const d = deepest_of(&p->night);
    struct report_figure f = {
        .key = "deepest", .width_mm = REPORT_WIDTH_MM, .height_mm = DEEPEST_MM, .draw = draw_deepest, .chart = &p->night,
        .title = "The deepest desaturation, and what is around it",
    };
    char at[96];

    if (!d)
        return;
    f.at_s = (double)(p->night.w.first_s + (int64_t)d->nadir);
    report_time_text(&p->report, f.at_s, at, sizeof at);
    f.caption = report_keep(&p->report, "Down to %.3g %% at %s%s", d->nadir_pct, at,
                            is_whole(&p->night.w.night, d) ? "; of those in which no reading is missing" : "");
    add_curves(&f, &p->night.deepest);
    report_figure(&p->report, &f);
}

/* ---- values and events ---- */

static const struct spo2_column *column_named(const char *name)
{
    const struct spo2_column *c = spo2_columns;

    while (c < spo2_columns + n_spo2_columns && strcmp(c->name, name) != 0)
        c++;
    return c < spo2_columns + n_spo2_columns ? c : NULL;
}

/* What people call it, and where the column's own words need others beside them, its rule. */
static const struct {
    const char *column, *name, *rule;
} words[] = {
    {"recording_h", "Recorded", "from the first reading to the last, gaps included"},
    {"valid_h", "Valid", "with a valid reading"}, {"sleep_h", "Asleep", NULL},
    {"n_desats", "Desaturations", "by the rule below"},
    {"odi_per_valid_h", "ODI", "desaturations by the rule below, per hour with a valid reading"},
    {"odi3_per_valid_h", "ODI3", "the same with a drop of 3 points"},
    {"odi4_per_valid_h", "ODI4", "the same with a drop of 4 points"},
    {"odi_per_sleep_h", "ODI in sleep", "desaturations that begin in sleep, per hour of sleep"},
    {"av_pct", "Mean SpO2", "of the valid readings"}, {"med_pct", "Median SpO2", "of the valid readings"},
    {"min_pct", "Lowest SpO2", "of the valid readings"}, {"p1_pct", "1st percentile", "of the valid readings"},
    {"p5_pct", "5th percentile", "of the valid readings"}, {"dl_u_s", "Length of desaturations", "mean, from onset to end"},
    {"ddmax_u_pct", "Depth of desaturations", "mean, below their own maximum"},
    {"hb_desat_pct_min_per_h", "Hypoxic burden",
     "area of desaturations below their own baselines, per hour with a valid reading (after Esmaeili 2023)"},
    {"hb_pct_min_per_h", "Hypoxic burden of respiratory events", NULL}, {"n_respiratory", "Respiratory events", NULL},
    {"pulse_rise_per_min", "Rise of the pulse rate", NULL},
};

static void fill_measure(struct report *r, const struct spo2_column *c, double value)
{
    const char *name = *c->known_as ? c->known_as : c->name, *rule = c->definition;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].column, c->name) == 0) {
            name = words[i].name;
            rule = words[i].rule ? words[i].rule : rule;
        }
    report_number(r, c->name, name, value, c->decimals == 0 ? 0 : strcmp(c->unit, "h") == 0 ? 3 : fabs(value) >= 10 ? 1 : 2,
                  c->unit, rule);
}

static void fill_measures(struct report_parts *p)
{
    report_items(&p->report, "oximetry", "Measures of the whole recording");
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        const struct spo2_column *const c = column_named(measures[i]);
        const double value = c ? spo2_value(&p->night.measures, c) : (double)NAN;
        if (!isnan(value) && !(value == 0 && strcmp(c->name, "n_respiratory") == 0))
            fill_measure(&p->report, c, value);
    }
    report_text(&p->report, "Rule of desaturations: %s. Readings left out before anything else: %s.", p->night.w.rule,
                p->night.w.cleaned);
}

static void fill_desats(struct report_parts *p)
{
    static const struct report_column columns[] = {
        {"onset_s", "Onset", 0, true}, {"clock", "Time of day", 0, false}, {"duration_s", "Duration s", 0, false},
        {"baseline_pct", "From %", 1, false}, {"nadir_pct", "Nadir %", 1, false}, {"depth_pct", "Depth %", 1, false},
        {"area_pct_s", "Area %s", 0, false},
    };
    const struct report_night *const n = &p->night;
    const struct spo2_night *const night = &n->w.night;
    const bool has_clock = p->report.start.has_time;
    struct report_column shown[sizeof columns / sizeof *columns];
    size_t n_shown = 0;

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (has_clock || i != 1)
            shown[n_shown++] = columns[i];
    if (night->n_desats[SPO2_RULE] == 0) {
        report_text(&p->report, "No desaturation was found by this rule: there is no table of them.");
        return;
    }
    report_table(&p->report, "desaturations", "Desaturations", shown, n_shown);
    for (size_t i = 0; i < night->n_desats[SPO2_RULE]; i++) {
        const struct desat *const d = &night->desat[SPO2_RULE][i];
        char text[96];
        report_cell(&p->report, n->mark[i].t_s);
        if (has_clock) {
            report_time_text(&p->report, n->mark[i].t_s, text, sizeof text);
            char *const clock = strchr(text, '(');
            if (clock)
                clock[strcspn(clock, ")")] = '\0';
            report_cell_text(&p->report, clock ? clock + 1 : "");
        }
        report_cell(&p->report, n->mark[i].duration_s);
        report_cell(&p->report, d->baseline_pct);
        report_cell(&p->report, d->nadir_pct);
        report_cell(&p->report, d->baseline_pct - d->nadir_pct);
        report_cell(&p->report, desat_measure(night->x_pct, 1, d).area_pct_s);
    }
}

void report_fill_night(struct report_parts *p)
{
    struct report_night *const n = &p->night;
    const char *const why = oximetry_why_none(&n->w.o);

    report_section(&p->report, "oximetry", "Oximetry");
    if (why) {
        report_text(&p->report, "There is nothing to say of SpO2: %s.", why);
        return;
    }
    report_text(&p->report, "SpO2 is signal %s%s%s, read and cleaned as kymo spo2 does.",
                n->w.o.hdr.signal[n->w.o.spo2.signal].label,
                n->w.o.pulse.signal >= 0 ? ", pulse rate " : "; there is no signal of pulse rate",
                n->w.o.pulse.signal >= 0 ? n->w.o.hdr.signal[n->w.o.pulse.signal].label : "");
    fill_trend(p);
    fill_measures(p);
    report_figure(&p->report, &(struct report_figure){
        .key = "spo2_histogram", .title = "Histogram of SpO2", .caption = "Readings of each second, in whole per cents; below "
        "90 % in another colour", .width_mm = REPORT_WIDTH_MM, .height_mm = 60, .at_s = (double)NAN, .draw = draw_histogram,
        .chart = n->share, .series = {{"share_pct_from_0", n->share, SATURATION_BINS}}, .n_series = 1,
    });
    fill_deepest(p);
    fill_desats(p);
}
