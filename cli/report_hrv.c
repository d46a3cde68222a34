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

static const struct hrv_measure *measure_named(const char *name)
{
    const struct hrv_measure *m = hrv_measures;

    while (m < hrv_measures + hrv_n_measures && strcmp(m->name, name) != 0)
        m++;
    return m < hrv_measures + hrv_n_measures ? m : NULL;
}

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
        if (measure_named(measures[i]))
            wanted[measure_named(measures[i])->group] = true;
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

/* Why a measure is missing, as a sentence would have it. */
static const char *const reasons[HRV_REASONS] = {
    [HRV_GIVEN] = "", [HRV_FEW] = "none: too few intervals", [HRV_SHORT] = "none: too short a recording",
    [HRV_LONG] = "none: too long a recording", [HRV_ECTOPIC] = "none: too many intervals excluded",
    [HRV_GAPS] = "none: too much time excluded", [HRV_UNDEFINED] = "none: not defined",
};

static void fill_measure(struct report_parts *p, const struct hrv_measure *m)
{
    enum hrv_reason why;
    const double value = hrv_value(m, &p->heart.recipe, &p->heart.values, &p->heart.span, &why);
    char name[80];

    const size_t n = strcspn(m->name, "_") < sizeof name ? strcspn(m->name, "_") : 0;
    memcpy(name, m->name, n);
    name[n] = '\0';
    for (size_t i = 0; i < n; i++)
        name[i] = (char)(name[i] >= 'a' && name[i] <= 'z' ? name[i] - 'a' + 'A' : name[i]);
    report_item(&p->report, &(struct report_item){
        .key = m->name, .number = value, .decimals = fabs(value) >= 100 ? 0 : fabs(value) >= 10 ? 1 : 2,
        .name = strcmp(m->name, "mean_nn_ms") == 0 ? "Mean NN" : strcmp(m->name, "sdnn_index_ms") == 0 ? "SDNN index"
              : strcmp(m->name, "pnn50_pct") == 0 ? "pNN50" : strcmp(m->name, "lf_hf") == 0 ? "LF/HF"
              : strcmp(m->name, "total_ms2") == 0 ? "Total power" : name,
        .text = isnan(value) ? reasons[why] : NULL, .unit = strcmp(m->unit, "1") == 0 ? "" : m->unit, .rule = m->definition,
        .at_s = (double)NAN,
    });
}

static int draw_histogram(struct kymo_draw *d, const struct chart_place *place, void *chart, struct kymo_err *e)
{
    return chart_histogram(d, place, &((struct report_heart *)chart)->nn, e);
}

static int draw_poincare(struct kymo_draw *d, const struct chart_place *place, void *chart, struct kymo_err *e)
{
    struct report_heart *const h = chart;

    (void)e;
    chart_poincare(d, place, h->interval, h->n_intervals, &h->nn);
    return 0;
}

static int draw_psd(struct kymo_draw *d, const struct chart_place *place, void *chart, struct kymo_err *e)
{
    struct report_heart *const h = chart;

    return chart_psd(d, place, &h->spectra.spectrum, &h->recipe.spectra.bands, h->spectra_words, e);
}

static void fill_figures(struct report_parts *p)
{
    struct report_heart *const h = &p->heart;
    const double half = REPORT_WIDTH_MM / 2;

    report_figure(&p->report, &(struct report_figure){
        .key = "nn_histogram", .title = "Histogram of NN intervals", .caption = "", .width_mm = half, .height_mm = 80,
        .at_s = (double)NAN, .draw = draw_histogram, .chart = h, .series = {{"nn_ms", h->nn.nn_ms, h->nn.n}}, .n_series = 1,
    });
    report_figure(&p->report, &(struct report_figure){
        .key = "poincare", .title = "Poincar\u00e9 plot of intervals", .caption = "", .width_mm = half, .height_mm = 80,
        .at_s = (double)NAN, .draw = draw_poincare, .chart = h, .beside = true,
    });
    if (h->spectra.spectrum.n >= 2)
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
    report_items(r, "hrv", "Measures of the whole recording");
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
        if (measure_named(measures[i]))
            fill_measure(p, measure_named(measures[i]));
    report_text(r, "Recipe: %s.", h->recipe.name);
    fill_figures(p);
}
