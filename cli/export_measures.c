/* cli/export_measures.c - kymo export: the measures, an observation each.
 *
 * A code is given only where it means just that. Heart rate and SpO2 have those that the vital-signs profiles of R4 ask for;
 * 80404-7 is the standard deviation of R-R intervals, which no other measure of variability is. The rest has a name, and its
 * rule as the method. */
#include "cli/export.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_CODES 2

enum part { HEART, VARIABILITY, NIGHT };

static const struct measure {
    enum part part;
    const char *key;              /* in the report */
    const char *name;
    const char *rule;             /* NULL: the report's; of a night, others need that of desaturations beside them */
    const char *ucum;             /* "": a count */
    int decimals;
    bool is_vital;
    struct fhir_code code[MOST_CODES];
} measures[] = {
    {HEART, "analysable_pct", "Analysable share of the ECG", NULL, "%", 2, false, {{0}}},
    {HEART, "beats", "Heart beats", NULL, "", 0, false, {{0}}},
    {HEART, "mean_rate_per_min", "Mean heart rate", NULL, "/min", 1, true, {{FHIR_LOINC, "8867-4", "Heart rate"}}},
    {HEART, "fastest_rate_per_min", "Fastest heart rate", NULL, "/min", 1, false, {{0}}},
    {HEART, "slowest_rate_per_min", "Slowest heart rate", NULL, "/min", 1, false, {{0}}},
    {HEART, "v_beats", "Ventricular beats", NULL, "", 0, false, {{0}}},
    {HEART, "s_beats", "Supraventricular beats", NULL, "", 0, false, {{0}}},
    {HEART, "pauses", "Pauses", NULL, "", 0, false, {{0}}},
    {HEART, "af_burden_pct", "Burden of atrial fibrillation and flutter", NULL, "%", 2, false, {{0}}},
    {VARIABILITY, "sdnn_ms", "SDNN", NULL, "ms", 2, false,
     {{FHIR_LOINC, "80404-7", "R-R interval.standard deviation (Heart rate variability)"}}},
    {VARIABILITY, "rmssd_ms", "RMSSD", NULL, "ms", 2, false, {{0}}},
    {NIGHT, "valid_h", "Time with a valid reading of SpO2", NULL, "h", 3, false, {{0}}},
    {NIGHT, "av_pct", "Mean SpO2", NULL, "%", 1, true,
     {{FHIR_LOINC, "2708-6", "Oxygen saturation in Arterial blood"},
      {FHIR_LOINC, "59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"}}},
    {NIGHT, "min_pct", "Lowest SpO2", NULL, "%", 1, false, {{0}}},
    {NIGHT, "odi_per_valid_h", "Oxygen desaturation index (ODI)",
     "desaturations by the rule in the note, per hour with a valid reading", "/h", 2, false, {{0}}},
    {NIGHT, "odi3_per_valid_h", "Oxygen desaturation index with a drop of 3 points (ODI3)",
     "desaturations by the rule in the note but with a drop of 3 points, per hour with a valid reading", "/h", 2, false, {{0}}},
    {NIGHT, "odi4_per_valid_h", "Oxygen desaturation index with a drop of 4 points (ODI4)",
     "desaturations by the rule in the note but with a drop of 4 points, per hour with a valid reading", "/h", 2, false, {{0}}},
    {NIGHT, "t90_pct", "Time with SpO2 below 90 % (T90)", NULL, "%", 2, false, {{0}}},
    {NIGHT, "hb_desat_pct_min_per_h", "Hypoxic burden of desaturations",
     "area of desaturations by the rule in the note below their own baselines, per hour with a valid reading (after Esmaeili "
     "2023)", "%.min/h", 2, false, {{0}}},
};

/* Why there is no number. */
static const char *why_missing(const struct export *x, const struct measure *m)
{
    const char *const none = m->part == NIGHT ? oximetry_why_none(&x->p->night.w.o) : NULL;

    if (m->part == NIGHT)
        return none ? none : "not defined for these readings";
    if (x->p->heart.r.heart.n == 0)
        return "no beat was found";
    return m->part == VARIABILITY ? report_hrv_missing(&x->p->heart, m->key)
         : x->p->heart.count.analysable_s > 0 ? "not defined for these beats" : "nothing of the time is analysable";
}

/* The number as far as it is told; a count without a unit. */
static bool put_value(json_t *o, const struct measure *m, double number)
{
    char text[64];

    if (!*m->ucum)
        return kymo_json_put(o, "valueInteger", json_integer((json_int_t)number));
    snprintf(text, sizeof text, "%.*f", m->decimals, number);
    return kymo_json_put(o, "valueQuantity", fhir_quantity(strtod(text, NULL), m->ucum, m->ucum));
}

/* What must be known to read the number, into text; "" where that is all in the rule. */
static void note_of(const struct export *x, const struct measure *m, const struct report_item *item, char *text, size_t cap)
{
    const struct spo2_record *const night = &x->p->night.w;
    char at[48];

    *text = '\0';
    if (m->part == VARIABILITY)
        snprintf(text, cap, "Recipe: %s. Of %zu intervals %zu are excluded.", x->p->heart.recipe.name,
                 x->p->heart.span.n_intervals, x->p->heart.span.n_excluded);
    else if (m->part == NIGHT)
        snprintf(text, cap, "%s%s%sReadings left out before anything else: %s.", m->rule ? "Rule of desaturations: " : "",
                 m->rule ? night->rule : "", m->rule ? ". " : "", night->cleaned);
    else if (item && !isnan(item->at_s)) {
        chart_time_text(item->at_s, 0.01, at, sizeof at);
        snprintf(text, cap, "At %s from the start.", at);
    }
}

static void time_of(const struct export *x, const struct measure *m, const struct report_item *item, int64_t *from_ns,
                    int64_t *to_ns)
{
    const struct oximetry_series *const s = &x->p->night.w.o.spo2;

    if (item && !isnan(item->at_s))
        *from_ns = *to_ns = llround(item->at_s * 1e9);
    else if (m->part == NIGHT) {
        *from_ns = s->n ? oximetry_time(s, 0) : 0;
        *to_ns = s->n ? oximetry_time(s, s->n) : 0;
    } else {
        *from_ns = x->p->heart.r.from_ns;
        *to_ns = x->p->heart.r.end_ns;
    }
}

static int put_measure(struct export *x, const struct measure *m, struct kymo_err *e)
{
    const struct report_item *const found = report_item_of(&x->p->report, m->key);
    const struct report_item *const item = found && !isnan(found->number) ? found : NULL;
    const char *const rule = m->rule ? m->rule : found ? found->rule : "";
    int64_t from_ns, to_ns;
    char id[FHIR_ID], note[1200];
    size_t n_codes = 0;

    fhir_id(&x->seed, m->key, id);
    time_of(x, m, item, &from_ns, &to_ns);
    note_of(x, m, item, note, sizeof note);
    while (n_codes < MOST_CODES && m->code[n_codes].code)
        n_codes++;
    json_t *const o = export_observation(x, id, m->is_vital, fhir_concept(m->code, n_codes, m->name), from_ns, to_ns,
                                         x->device);
    bool ok = o && (item ? put_value(o, m, item->number)
                         : kymo_json_put(o, "dataAbsentReason", fhir_absent(why_missing(x, m))));
    if (ok && *rule)
        ok = kymo_json_put(o, "method", fhir_concept(NULL, 0, rule));
    if (ok && *note)
        ok = kymo_json_put(o, "note", fhir_notes(note));
    if (ok)
        return export_entry(x, id, o, e);
    json_decref(o);
    return kymo_fail(e, KYMO_ENOMEM, "no memory for a bundle");
}

int export_measures(struct export *x, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < sizeof measures / sizeof *measures; i++)
        if (measures[i].part == NIGHT ? x->p->choice.oximetry : x->p->choice.heart)
            rc = put_measure(x, &measures[i], e);
    return rc;
}
