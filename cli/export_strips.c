/* cli/export_strips.c - kymo export: strips of the ECG, those that kymo report shows, as sampled data: the numbers that the
 * recording holds, of all its leads, with what makes volts of them. */
#include "cli/export.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_SAMPLES INT64_C(10000000)   /* of a lead in a strip */

struct lead {
    size_t signal;
    int64_t first;                /* sample of the recording */
    size_t n, seen;               /* room; up to the last that was there */
    int32_t *digital;             /* of a signal of integers, */
    double *physical;             /* or of another */
};

struct strip {
    struct kymo_reader *in;
    struct lead *lead;
    size_t n_leads;
    int64_t from_ns, end_ns;
};

static int no_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a strip"); }

/* ---- reading ---- */

static int add_lead(struct strip *s, size_t signal, struct kymo_err *e)
{
    const struct kymo_signal *const from = &s->in->hdr.signal[signal];
    struct lead *const l = &s->lead[s->n_leads];
    const int64_t first = kymo_index_at(from->rate, s->from_ns), n = kymo_index_at(from->rate, s->end_ns) - first;

    if (n > MOST_SAMPLES)
        return kymo_fail_at(e, KYMO_EDATA, s->in->path, -1, "a strip of signal %s has %lld samples, not up to %lld",
                            from->label, (long long)n, (long long)MOST_SAMPLES);
    if (n <= 0)
        return 0;
    *l = (struct lead){.signal = signal, .first = first, .n = (size_t)n};
    s->n_leads++;
    if (kymo_storage_is_integer(from->storage) ? !(l->digital = malloc(l->n * sizeof *l->digital))
                                               : !(l->physical = malloc(l->n * sizeof *l->physical)))
        return no_memory(e);
    for (size_t i = 0; i < l->n; i++)
        if (l->digital)
            l->digital[i] = KYMO_MISSING;
        else
            l->physical[i] = (double)NAN;
    return 0;
}

/* The samples of b on the strip's grid; of a segment that begins off it, to the nearest place. */
static void take_samples(const struct strip *s, struct lead *l, struct kymo_block *b)
{
    const struct kymo_span *const span = &b->span[l->signal];
    const struct kymo_ratio rate = s->in->hdr.signal[l->signal].rate;
    const double *const physical = l->physical && span->n ? kymo_physical(b, l->signal) : NULL;

    if (span->n == 0)
        return;
    const int64_t after_ns = kymo_block_time(b, l->signal, span->first) - kymo_time_of(rate, l->first);
    const int64_t at = llround((double)after_ns * kymo_ratio_real(rate) / 1e9);
    for (size_t i = 0; i < span->n; i++) {
        const int64_t to = at + (int64_t)i;
        if (to < 0 || to >= (int64_t)l->n)
            continue;
        if (l->digital)
            l->digital[to] = span->digital[i];
        else
            l->physical[to] = physical[i];
        l->seen = (size_t)to + 1 > l->seen ? (size_t)to + 1 : l->seen;
    }
}

static int read_strip(const struct export *x, const struct report_strip *from, struct strip *s, struct kymo_err *e)
{
    struct kymo_input_args in = x->p->choice.heart_in;
    struct kymo_block *b;
    int rc = 0;

    s->from_ns = llround(from->from_s * 1e9);
    s->end_ns = s->from_ns + (int64_t)(REPORT_STRIP_S * 1e9);
    in.annotator = NULL;
    in.from = (struct kymo_time){true, s->from_ns};
    in.to = (struct kymo_time){true, s->end_ns};
    if (!(s->in = kymo_call_open(&x->p->again, &in, false, e)))
        return e->cause[0].code;
    if (!(s->lead = calloc(s->in->hdr.n_signals + 1, sizeof *s->lead)))
        return no_memory(e);
    for (size_t i = 0; rc == 0 && i < s->in->hdr.n_signals; i++)
        if (s->in->hdr.signal[i].kind == KYMO_ECG)
            rc = add_lead(s, i, e);
    if (rc < 0)
        return rc;
    while ((rc = kymo_read(s->in, &b, e)) > 0)
        for (size_t i = 0; i < s->n_leads; i++)
            take_samples(s, &s->lead[i], b);
    s->end_ns = s->from_ns;
    for (size_t i = 0; i < s->n_leads; i++) {
        const int64_t end_ns = s->from_ns + kymo_time_of(s->in->hdr.signal[s->lead[i].signal].rate, (int64_t)s->lead[i].seen);
        s->end_ns = end_ns > s->end_ns ? end_ns : s->end_ns;
    }
    return rc;
}

static void release_strip(struct strip *s)
{
    for (size_t i = 0; i < s->n_leads; i++) {
        free(s->lead[i].digital);
        free(s->lead[i].physical);
    }
    free(s->lead);
    kymo_close(s->in);
}

/* ---- as sampled data ---- */

/* A plain decimal, of 17 digits where it needs them: SampledData knows no exponent. */
static void put_real(FILE *f, double x)
{
    char text[32];

    kymo_format_real(x, text);
    if (strpbrk(text, "eE"))
        fprintf(f, "%.*f", (int)fmax(0, 16 - floor(log10(fabs(x)))), x);
    else
        fputs(text, f);
}

/* "-5 -6 E 12", for free; NULL where memory ends. */
static char *data_of(const struct lead *l)
{
    char *text = NULL;
    size_t n = 0;
    FILE *const f = open_memstream(&text, &n);

    if (!f)
        return NULL;
    for (size_t i = 0; i < l->seen; i++) {
        if (i > 0)
            putc(' ', f);
        if (l->digital ? l->digital[i] == KYMO_MISSING : !isfinite(l->physical[i]))
            putc('E', f);
        else if (l->digital)
            fprintf(f, "%d", (int)l->digital[i]);
        else
            put_real(f, l->physical[i]);
    }
    const bool ok = !ferror(f);
    if (fclose(f) == 0 && ok)
        return text;
    free(text);
    return NULL;
}

/* Whether all samples lie in the converter's range: a file may be wrong about it, and its samples are then no less there. */
static bool keeps_limits(const struct kymo_signal *s, const struct lead *l)
{
    if (!l->digital || isnan(s->digital_min) || isnan(s->digital_max))
        return false;
    for (size_t i = 0; i < l->seen; i++)
        if (l->digital[i] != KYMO_MISSING && !(l->digital[i] >= s->digital_min && l->digital[i] <= s->digital_max))
            return false;
    return true;
}

static double physical_of(const struct kymo_signal *s, double digital)
{
    return digital == s->baseline ? 0 : (digital - s->baseline) / s->gain;
}

static json_t *sampled(const struct kymo_signal *s, const struct lead *l)
{
    static const char *const units[][2] = {
        {"mV", "mV"}, {"uV", "uV"}, {"\u00b5V", "uV"}, {"\u03bcV", "uV"}, {"V", "V"}, {"nV", "nV"},
    };
    const char *ucum = "";
    char *const data = data_of(l);

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(s->unit, units[i][0]) == 0)
            ucum = units[i][1];
    json_t *const o = json_pack("{s:o, s:f}", "origin", fhir_quantity(l->digital ? physical_of(s, 0) : 0, s->unit, ucum),
                                "period", 1000 * (double)s->rate.den / (double)s->rate.num);
    bool ok = data && o;
    if (ok && l->digital)
        ok = kymo_json_put(o, "factor", json_real(1 / s->gain));
    if (ok && keeps_limits(s, l)) {
        const double a = physical_of(s, s->digital_min), b = physical_of(s, s->digital_max);
        ok = kymo_json_put(o, "lowerLimit", json_real(fmin(a, b))) && kymo_json_put(o, "upperLimit", json_real(fmax(a, b)));
    }
    ok = ok && kymo_json_put(o, "dimensions", json_integer(1)) && kymo_json_put(o, "data", json_string(data));
    free(data);
    if (ok)
        return o;
    json_decref(o);
    return NULL;
}

/* A lead has a code where its label is that of a standard lead; MLII and the like are others. */
static json_t *lead_concept(const char *label)
{
    static const struct fhir_code leads[] = {
        {FHIR_MDC, "131329", "MDC_ECG_ELEC_POTL_I"}, {FHIR_MDC, "131330", "MDC_ECG_ELEC_POTL_II"},
        {FHIR_MDC, "131389", "MDC_ECG_ELEC_POTL_III"}, {FHIR_MDC, "131390", "MDC_ECG_ELEC_POTL_AVR"},
        {FHIR_MDC, "131391", "MDC_ECG_ELEC_POTL_AVL"}, {FHIR_MDC, "131392", "MDC_ECG_ELEC_POTL_AVF"},
        {FHIR_MDC, "131331", "MDC_ECG_ELEC_POTL_V1"}, {FHIR_MDC, "131332", "MDC_ECG_ELEC_POTL_V2"},
        {FHIR_MDC, "131333", "MDC_ECG_ELEC_POTL_V3"}, {FHIR_MDC, "131334", "MDC_ECG_ELEC_POTL_V4"},
        {FHIR_MDC, "131335", "MDC_ECG_ELEC_POTL_V5"}, {FHIR_MDC, "131336", "MDC_ECG_ELEC_POTL_V6"},
    };
    const char *const name = strncmp(label, "ECG ", 4) == 0 || strncmp(label, "EKG ", 4) == 0 ? label + 4 : label;

    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (kymo_same_text(name, strrchr(leads[i].display, '_') + 1))
            return fhir_concept(&leads[i], 1, label);
    return fhir_concept(NULL, 0, *label ? label : "ECG");
}

/* The leads that have a sample, and in words what their numbers do not say. */
static json_t *components(const struct strip *s, FILE *note)
{
    json_t *all = json_array();

    for (size_t i = 0; all && i < s->n_leads; i++) {
        const struct lead *const l = &s->lead[i];
        const struct kymo_signal *const from = &s->in->hdr.signal[l->signal];
        if (l->seen == 0)
            continue;
        fprintf(note, " %s: %lld", from->label, (long long)from->rate.num);
        if (from->rate.den > 1)
            fprintf(note, "/%lld", (long long)from->rate.den);
        fprintf(note, " samples per second, from sample %lld on%s.", (long long)l->first,
                !from->calibrated ? "; the recording does not tell its gain"
                : !*from->unit ? "; the recording does not tell its unit" : "");
        json_t *const samples = sampled(from, l);
        all = fhir_append(all, json_pack("{s:o, s:o}", "code", lead_concept(from->label), "valueSampledData", samples));
    }
    return all;
}

/* Which strip it is, and its components, of which there may be none. */
static bool describe(const struct report_strip *from, const struct strip *s, char **note, json_t **component)
{
    char at[48];
    size_t n = 0;
    FILE *const f = open_memstream(note, &n);

    if (!f)
        return false;
    chart_time_text(report_seconds(s->from_ns), 0.01, at, sizeof at);
    fprintf(f, "%s. From %s from the start.", from->title, at);
    *component = components(s, f);
    const bool ok = !ferror(f);
    return fclose(f) == 0 && ok && *component;
}

static int put_strip(struct export *x, const struct report_strip *from, const struct strip *s, size_t number,
                     struct kymo_err *e)
{
    static const struct fhir_code code = {FHIR_MDC, "131328", "MDC_ECG_ELEC_POTL"};
    char id[FHIR_ID], role[32], *note = NULL;
    json_t *component = NULL, *o = NULL;
    int rc = describe(from, s, &note, &component) ? 0 : no_memory(e);

    if (rc == 0 && json_array_size(component) > 0) {
        snprintf(role, sizeof role, "strip %zu", number);
        fhir_id(&x->seed, role, id);
        o = export_observation(x, id, false, fhir_concept(&code, 1, "ECG strip"), s->from_ns, s->end_ns, x->recorder);
        const bool ok = o && kymo_json_put(o, "note", fhir_notes(note)) &&
                        kymo_json_put(o, "component", json_incref(component));
        rc = ok ? export_entry(x, id, json_incref(o), e) : no_memory(e);
    }
    json_decref(o);
    json_decref(component);
    free(note);
    return rc;
}

int export_strips(struct export *x, struct kymo_err *e)
{
    const struct report_heart *const h = &x->p->heart;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < h->n_strips && (int64_t)i < x->args->n_strips; i++) {
        struct strip s = {.in = NULL};
        if ((rc = read_strip(x, &h->strip[i], &s, e)) == 0)
            rc = put_strip(x, &h->strip[i], &s, i, e);
        release_strip(&s);
    }
    return rc;
}
