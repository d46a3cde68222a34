/* cli/report_hrv.c - kymo report: heart-rate variability, measured as kymo hrv does unless told, but for intervals in atrial
 * fibrillation or flutter, which are no sinus rhythm and do not count. */
#include "cli/chart_histogram.h"
#include "cli/chart_poincare.h"
#include "cli/chart_psd.h"
#include "cli/report_parts.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const measures[] = {
    "mean_nn_ms", "sdnn_ms", "sdann_ms", "sdnn_index_ms", "rmssd_ms", "pnn50_pct", "hti", "total_ms2", "vlf_ms2", "lf_ms2",
    "hf_ms2", "lf_hf", "sd1_ms", "sd2_ms",
};

/* ---- measuring ---- */

/* Beats of the sinus, outside noise and fibrillation. */
static void take_beats(const struct rhythm_record *r, struct nn_beat *beat)
{
    size_t at = 0;
    char name[8];

    for (size_t i = 0; i < r->n; i++) {
        const int64_t ns = r->beat[i].time_ns;
        while (at < r->n_noise && r->noise[at].to_ns <= ns)
            at++;
        beat[i] = (struct nn_beat){
            .time_ns = ns, .ventricular = r->beat[i].type == RHYTHM_V, .after_break = r->beat[i].after_break,
            .normal = r->beat[i].type == RHYTHM_N && !(at < r->n_noise && r->noise[at].from_ns <= ns) &&
                      kymo_is_normal_beat(kymo_code_name(r->heart.beat[r->of_heart[i]].given, name)),
        };
    }
    for (size_t k = 0; k < r->list.n; k++) {
        const struct rhythm_episode *const p = &r->list.episode[k];
        if (p->kind == RHYTHM_AF || p->kind == RHYTHM_FLUTTER)
            for (size_t i = p->first; i < r->n && r->beat[i].time_ns <= p->to_ns; i++)
                beat[i].normal = false;
    }
}

int report_measure_hrv(struct report_heart *h, struct kymo_err *e)
{
    const struct rhythm_record *const r = &h->r;
    struct nn_beat *const beat = malloc((r->n + 1) * sizeof *beat);
    bool wanted[HRV_GROUPS] = {false};
    int rc = beat ? hrv_usual_recipe(&h->recipe, e) : kymo_fail(e, KYMO_ENOMEM, "no memory for the beats of a recording");

    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
        if (hrv_measure_named(measures[i]))
            wanted[hrv_measure_named(measures[i])->group] = true;
    if (rc == 0) {
        take_beats(r, beat);
        rc = nn_select(beat, r->n, &h->recipe.nn, &h->interval, &h->n_intervals, e);
    }
    if (rc == 0 && (rc = nn_room_make(&h->room, h->n_intervals, e)) == 0 &&
        (rc = hrv_spectra_make(&h->spectra, &h->recipe.spectra, e)) == 0) {
        h->nn = nn_take(h->interval, h->n_intervals, &h->room);
        h->span = (struct hrv_span){
            .from_s = r->n ? report_seconds(beat[0].time_ns) : 0, .to_s = r->n ? report_seconds(beat[r->n - 1].time_ns) : 0,
            .n_beats = r->n,
        };
        hrv_count_intervals(h->interval, h->n_intervals, &h->span);
        const struct hrv_stretch stretch = {.nn = h->nn, .beat = beat, .n_beats = r->n};
        hrv_spectra_words(&h->recipe.spectra, h->spectra_words, sizeof h->spectra_words);
        if (h->nn.n > 0)
            rc = hrv_measure_stretch(&stretch, &h->recipe, &h->spectra, wanted, &h->values, e);
    }
    free(beat);
    return rc;
}

/* ---- what is said ---- */

const char *report_hrv_missing(const struct report_heart *h, const char *measure)
{
    const struct hrv_measure *const m = hrv_measure_named(measure);
    enum hrv_reason why = HRV_UNDEFINED;

    if (h->nn.n == 0)
        return "no interval between normal beats outside noise and fibrillation";
    if (m)
        hrv_value(m, &h->recipe, &h->values, &h->span, &why);
    return hrv_reason_text[why];
}

/* "SDNN" of "sdnn_ms", where nobody calls it otherwise. */
static const char *name_of(struct report *r, const struct hrv_measure *m)
{
    static const char *const names[][2] = {
        {"mean_nn_ms", "Mean NN"}, {"sdnn_index_ms", "SDNN index"}, {"pnn50_pct", "pNN50"}, {"lf_hf", "LF/HF"},
        {"total_ms2", "Total power"}, {"hti", "Triangular index"},
    };
    char name[40];
    size_t n = 0;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i][0], m->name) == 0)
            return names[i][1];
    for (; m->name[n] && m->name[n] != '_' && n + 1 < sizeof name; n++)
        name[n] = (char)(m->name[n] >= 'a' && m->name[n] <= 'z' ? m->name[n] - 'a' + 'A' : m->name[n]);
    name[n] = '\0';
    return report_keep(r, "%s", name);
}

/* What can be given; of the rest why not. Returns the last of the reasons. */
static enum hrv_reason fill_measures(struct report_parts *p)
{
    const struct report_heart *const h = &p->heart;
    const char *missing[HRV_REASONS] = {NULL};
    struct report *const r = &p->report;
    enum hrv_reason last = HRV_GIVEN;

    report_items(r, "hrv", "Measures of the whole recording");
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        const struct hrv_measure *const m = hrv_measure_named(measures[i]);
        enum hrv_reason why = HRV_UNDEFINED;
        const double value = m ? hrv_value(m, &h->recipe, &h->values, &h->span, &why) : (double)NAN;
        if (m && !isnan(value))
            report_number(r, m->name, name_of(r, m), value, fabs(value) >= 100 ? 0 : fabs(value) >= 10 ? 1 : 2,
                          strcmp(m->unit, "1") == 0 ? "" : strcmp(m->unit, "ms^2") == 0 ? "ms\u00b2" : m->unit,
                          m->definition);
        else if (m)
            missing[why] = missing[why] ? report_keep(r, "%s, %s", missing[why], name_of(r, m)) : name_of(r, m);
    }
    for (enum hrv_reason why = HRV_FEW; why < HRV_REASONS; why++)
        if (missing[why]) {
            report_text(r, "Not given: %s: %s.", missing[why], hrv_reason_text[why]);
            last = why;
        }
    return last;
}

static int draw_histogram(struct kymo_draw *d, const struct chart_place *place, void *chart, struct kymo_err *e)
{
    const struct report_heart *const h = chart;

    return chart_histogram(d, place, &h->nn, hrv_withheld("sdnn_ms", &h->recipe, &h->span), e);
}

static int draw_poincare(struct kymo_draw *d, const struct chart_place *place, void *chart, struct kymo_err *e)
{
    struct report_heart *const h = chart;

    (void)e;
    chart_poincare(d, place, h->interval, h->n_intervals, &h->nn, hrv_withheld("sd1_ms", &h->recipe, &h->span));
    return 0;
}

static int draw_psd(struct kymo_draw *d, const struct chart_place *place, void *chart, struct kymo_err *e)
{
    const struct report_heart *const h = chart;
    const char *withheld[CHART_POWERS];

    for (int i = 0; i < CHART_POWERS; i++)
        withheld[i] = hrv_withheld(chart_power_measure[i], &h->recipe, &h->span);
    return chart_psd(d, place, &h->spectra.spectrum, &h->recipe.spectra.bands, h->spectra_words, withheld, e);
}

/* What the plot of pairs is drawn of, as numbers. */
static double *numbers_of(const struct nn_interval *interval, size_t n)
{
    double *const x = malloc(3 * n * sizeof *x + 1);

    for (size_t i = 0; x && i < n; i++) {
        x[i] = interval[i].ms;
        x[n + i] = interval[i].state != NN_EXCLUDED;
        x[2 * n + i] = !interval[i].after_break;
    }
    return x;
}

static void fill_figures(struct report_parts *p, const char *caption, bool all)
{
    struct report_heart *const h = &p->heart;
    const double half = REPORT_WIDTH_MM / 2;
    const size_t n = h->n_intervals;

    if (!(h->drawn = numbers_of(h->interval, n))) {
        p->report.rc = kymo_fail(&p->report.err, KYMO_ENOMEM, "no memory for %zu intervals", n);
        return;
    }

    report_figure(&p->report, &(struct report_figure){
        .key = "nn_histogram", .title = "Histogram of NN intervals", .caption = caption, .width_mm = half, .height_mm = 80,
        .at_s = (double)NAN, .draw = draw_histogram, .chart = h, .series = {{"nn_ms", h->nn.nn_ms, h->nn.n}}, .n_series = 1,
    });
    report_figure(&p->report, &(struct report_figure){
        .key = "poincare", .title = "Poincar\u00e9 plot of intervals", .caption = caption, .width_mm = half, .height_mm = 80,
        .at_s = (double)NAN, .draw = draw_poincare, .chart = h, .beside = true,
        .series = {{"rr_ms", h->drawn, n}, {"counts", h->drawn + n, n}, {"follows", h->drawn + 2 * n, n}}, .n_series = 3,
    });
    if (h->spectra.spectrum.n >= 2 && all)
        report_figure(&p->report, &(struct report_figure){
            .key = "spectrum", .title = "Spectrum of NN intervals", .caption = "Shaded: VLF, LF and HF",
            .width_mm = REPORT_WIDTH_MM, .height_mm = 78, .at_s = (double)NAN, .draw = draw_psd, .chart = h,
            .series = {
                {"step_hz", &h->spectra.spectrum.df_hz, 1}, {"psd_ms2_per_hz", h->spectra.spectrum.psd, h->spectra.spectrum.n},
            },
            .n_series = 2,
        });
}

void report_fill_hrv(struct report_parts *p)
{
    const struct report_heart *const h = &p->heart;
    struct report *const r = &p->report;

    if (h->r.n == 0)
        return;
    report_section(r, "hrv", "Heart-rate variability");
    if (h->nn.n < 2) {
        report_text(r, "There are no two intervals between normal beats outside noise and fibrillation: nothing was measured.");
        return;
    }
    report_text(r, "Of %zu intervals %zu lie between normal beats (NN) that follow each other, outside noise, gaps, atrial "
                "fibrillation and flutter; the other %zu (%.1f %%) are excluded. NN cover %.1f %% of the time.",
                h->span.n_intervals, h->span.n_nn, h->span.n_excluded, h->span.pct_excluded, h->span.pct_covered);
    const enum hrv_reason why = fill_measures(p);
    report_text(r, "Recipe: %s.", h->recipe.name);
    fill_figures(p, why == HRV_ECTOPIC || why == HRV_GAPS ? "Of the NN that are left: no measures of the recording" : "",
                 why == HRV_GIVEN);
}
