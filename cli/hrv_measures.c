/* cli/hrv_measures.c - see hrv_measures.h. */
#include "cli/hrv_measures.h"

#include "algorithms/hrv_fuzzy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const hrv_group_name[HRV_GROUPS] = {
    [HRV_TIME] = "time", [HRV_SEGMENTS] = "segments", [HRV_GEOMETRY] = "geometry", [HRV_FREQUENCY] = "frequency",
    [HRV_ULF] = "ulf", [HRV_POINCARE] = "poincare",
    [HRV_ASYMMETRY] = "asymmetry", [HRV_FRAGMENTATION] = "fragmentation", [HRV_PRSA] = "prsa", [HRV_TURBULENCE] = "turbulence",
    [HRV_FRACTAL] = "fractal", [HRV_ENTROPY] = "entropy", [HRV_FUZZY] = "fuzzy", [HRV_MULTISCALE] = "multiscale",
    [HRV_RECURRENCE] = "recurrence", [HRV_CORRDIM] = "corrdim",
};

const char *const hrv_reason_word[HRV_REASONS] = {
    [HRV_GIVEN] = "", [HRV_FEW] = "few", [HRV_SHORT] = "short", [HRV_LONG] = "long", [HRV_ECTOPIC] = "ectopic",
    [HRV_GAPS] = "gaps", [HRV_UNDEFINED] = "undefined",
};

const char *const hrv_reason_text[HRV_REASONS] = {
    [HRV_GIVEN] = "", [HRV_FEW] = "too few intervals", [HRV_SHORT] = "the recording is too short",
    [HRV_LONG] = "the recording is too long", [HRV_ECTOPIC] = "more than 20 % of the intervals are excluded",
    [HRV_GAPS] = "normal intervals cover less than half of the time", [HRV_UNDEFINED] = "not defined for these intervals",
};

/* ---- computing ---- */

#define SEGMENT_S 300.0
#define SCALES 20
#define FUZZY_POWER 2
#define ENOUGH 0.95            /* of the time that a measure needs: five minutes hold a little less between beats */

/* Turbulence looks at all intervals, and at which beats end them. */
static int measure_turbulence(const struct hrv_stretch *s, struct hrv_turbulence *out, struct kymo_err *e)
{
    double *const rr_ms = malloc((s->n_beats + 1) * sizeof *rr_ms);
    unsigned char *const flags = malloc(2 * s->n_beats + 2);
    size_t *const ends_v = malloc((s->n_beats + 1) * sizeof *ends_v);
    size_t n = 0, n_v = 0;
    bool broken = true;
    const bool fine = rr_ms && flags && ends_v;

    for (size_t i = 1; fine && i < s->n_beats; i++) {
        const struct nn_beat *const b = &s->beat[i];
        broken |= b->after_break;
        if (b->after_break)
            continue;
        rr_ms[n] = (double)(b->time_ns - b[-1].time_ns) / 1e6;
        flags[n] = b->normal && b[-1].normal;
        flags[s->n_beats + n] = !broken;
        if (b->ventricular)
            ends_v[n_v++] = n;
        broken = false;
        n++;
    }
    const struct rr_series rr = {.rr_ms = rr_ms, .sinus = flags, .follows = fine ? flags + s->n_beats : NULL, .n = n};
    if (fine)
        hrv_turbulence(&rr, ends_v, n_v, out);
    if (fine && out->n_used < HRV_TURBULENCE_ENOUGH)
        out->to_pct = out->ts_ms_per_rr = (double)NAN;
    free(rr_ms);
    free(flags);
    free(ends_v);
    return fine ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu intervals", s->n_beats);
}

static int measure_spectrum(const struct nn_series *nn, struct hrv_spectra *spectra, struct hrv_values *out, struct kymo_err *e)
{
    const int rc = hrv_spectra_measure(spectra, nn, e);

    if (rc < 0)
        return rc;
    hrv_powers(&spectra->spectrum, &spectra->recipe->bands, &out->powers);
    for (size_t i = 0; i < spectra->recipe->n_extra; i++)
        out->extra_ms2[i] = hrv_band_power(&spectra->spectrum, spectra->recipe->extra[i]);
    return 0;
}

/* Intervals that a group takes: all pairs of them are looked at. */
static size_t most_nn(enum hrv_group group)
{
    switch (group) {
    case HRV_ENTROPY:
    case HRV_MULTISCALE: return HRV_ENTROPY_MAX;
    case HRV_FUZZY:
    case HRV_RECURRENCE:
    case HRV_CORRDIM: return HRV_PAIRS_MAX;
    default: return SIZE_MAX;
    }
}

/* Of one group, or of those that come with it. */
static int measure_group(enum hrv_group group, const struct hrv_stretch *s, const struct hrv_recipe *r,
                         struct hrv_spectra *spectra, struct hrv_values *out, struct kymo_err *e)
{
    const struct nn_series *const nn = &s->nn;

    switch (group) {
    case HRV_TIME: return hrv_time(nn, r->x_ms, &out->time, e);
    case HRV_SEGMENTS: hrv_segments(nn, SEGMENT_S, &out->segments); return 0;
    case HRV_GEOMETRY: return hrv_geometry(nn, &out->geometry, e);
    case HRV_FREQUENCY: return measure_spectrum(nn, spectra, out, e);
    case HRV_ULF: return hrv_spectra_ulf(spectra, nn, &out->ulf_ms2, e);
    case HRV_POINCARE:
    case HRV_ASYMMETRY: hrv_poincare(nn, &out->poincare); return 0;
    case HRV_FRAGMENTATION: hrv_fragment(nn, &out->fragment); return 0;
    case HRV_PRSA: return hrv_prsa(nn, &HRV_PRSA_USUAL, &out->prsa, e);
    case HRV_TURBULENCE: return measure_turbulence(s, &out->turbulence, e);
    case HRV_FRACTAL: return hrv_dfa(nn, &r->dfa, &out->dfa, e);
    case HRV_ENTROPY: return hrv_entropy(nn, &HRV_ENTROPY_USUAL, &out->entropy, e);
    case HRV_FUZZY: return hrv_fuzzy(nn, &HRV_ENTROPY_USUAL, FUZZY_POWER, &out->fuzzyen, e);
    case HRV_MULTISCALE: return hrv_multiscale(nn, &HRV_ENTROPY_USUAL, SCALES, &out->multiscale, e);
    case HRV_RECURRENCE: return hrv_recurrence(nn, &HRV_RECURRENCE_USUAL, &out->recurrence, e);
    case HRV_CORRDIM: return hrv_corrdim(nn, HRV_CORRDIM_M, &out->corrdim, e);
    default: return 0;
    }
}

int hrv_measure_stretch(const struct hrv_stretch *s, const struct hrv_recipe *recipe, struct hrv_spectra *spectra,
                        const bool *wanted, struct hrv_values *out, struct kymo_err *e)
{
    int rc = 0;

    for (int group = 0; rc == 0 && group < HRV_GROUPS; group++)
        if (wanted[group] && s->nn.n <= most_nn((enum hrv_group)group))
            rc = measure_group((enum hrv_group)group, s, recipe, spectra, out, e);
    return rc;
}

/* ---- what may be given ---- */

void hrv_count_intervals(const struct nn_interval *interval, size_t n, struct hrv_span *w)
{
    double covered_s = 0, begin_s = (double)NAN, end_s = (double)NAN;

    w->n_intervals = n;
    w->n_corrected = w->n_excluded = 0;
    for (size_t i = 0; i < n; i++) {
        const struct nn_interval *const x = &interval[i];
        w->n_corrected += x->state == NN_CORRECTED;
        w->n_excluded += x->state == NN_EXCLUDED;
        if (x->state == NN_EXCLUDED)
            continue;
        covered_s += x->ms / 1000;
        begin_s = isnan(begin_s) ? x->end_s - x->ms / 1000 : begin_s;
        end_s = x->end_s;
    }
    w->n_nn = w->n_intervals - w->n_excluded;
    const double percent = w->n_intervals ? 100.0 / (double)w->n_intervals : (double)NAN;
    w->pct_excluded = percent * (double)w->n_excluded;
    w->pct_corrected = percent * (double)w->n_corrected;
    w->length_s = w->n_nn ? end_s - begin_s : 0;
    w->pct_covered = 100 * covered_s / (w->to_s - w->from_s);
}

/* Seconds that it needs. */
static double least_s(const struct hrv_measure *m, const struct hrv_bands *bands)
{
    const struct hrv_band *const band[] = {
        [HRV_NEEDS_ULF] = &bands->ulf, [HRV_NEEDS_VLF] = &bands->vlf, [HRV_NEEDS_LF] = &bands->lf, [HRV_NEEDS_HF] = &bands->hf,
    };

    if (m->needs == HRV_NEEDS_VLF)
        return hrv_band_need((struct hrv_band){fmax(bands->vlf.lo_hz, 0.003), bands->vlf.hi_hz}).least_s;   /* kubios: from 0 */
    return m->needs == HRV_NO_BAND ? m->least_s : hrv_band_need(*band[m->needs]).least_s;
}

/* Whether a stretch is one that the measure is given of. */
static enum hrv_reason why_not(const struct hrv_measure *m, const struct hrv_recipe *recipe, const struct hrv_span *w)
{
    const bool force = recipe->force, limits = !force && !m->level;

    return !force && w->n_nn < m->least_nn ? HRV_FEW
           : !force && w->length_s < ENOUGH * least_s(m, &recipe->spectra.bands) ? HRV_SHORT
           : limits && w->pct_excluded + w->pct_corrected > HRV_MOST_OTHERS_PCT ? HRV_ECTOPIC
           : limits && w->pct_covered < HRV_LEAST_COVERED_PCT ? HRV_GAPS
           : w->n_nn > most_nn(m->group) ? HRV_LONG : HRV_GIVEN;
}

double hrv_value(const struct hrv_measure *m, const struct hrv_recipe *recipe, const struct hrv_values *v,
                 const struct hrv_span *w, enum hrv_reason *reason)
{
    double value;

    memcpy(&value, (const char *)v + m->at, sizeof value);   /* of a group that was too long: not looked at */
    *reason = why_not(m, recipe, w);
    if (*reason == HRV_GIVEN && !isfinite(value))
        *reason = HRV_UNDEFINED;
    return *reason == HRV_GIVEN ? value : (double)NAN;
}

const struct hrv_measure *hrv_measure_named(const char *name)
{
    const struct hrv_measure *m = hrv_measures;

    while (m < hrv_measures + hrv_n_measures && strcmp(m->name, name) != 0)
        m++;
    return m < hrv_measures + hrv_n_measures ? m : NULL;
}

const char *hrv_withheld(const char *name, const struct hrv_recipe *recipe, const struct hrv_span *w)
{
    const struct hrv_measure *const m = hrv_measure_named(name);
    const enum hrv_reason why = m ? why_not(m, recipe, w) : HRV_UNDEFINED;

    return why == HRV_GIVEN ? NULL : hrv_reason_text[why];
}
