/* cli/export.c - kymo export: what a recording shows, as a bundle of HL7 FHIR R4.
 *
 * Numbers are those of kymo report, from the same content (report.h); export_measures.c says which of them have a code. The
 * user's view is in man/kymo-export.1. */
#include "cli/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct kymo_opt options[] = {
    KYMO_OPTS_SIGNAL(struct export_args, report.in), KYMO_OPTS_RANGE(struct export_args, report.in),
    KYMO_OPTS_ANNOTATOR(struct export_args, report.in), KYMO_OPTS_OUTPUT(struct export_args, report),
    KYMO_OPT_STRING('\0', "subject", struct export_args, subject, "REFERENCE", NULL,
                    "whose recording it is, where the results go: Patient/123, or a URL or URN"),
    KYMO_OPT_STRING('\0', "zone", struct export_args, zone, "ZONE", NULL,
                    "of the recording's times, +01:00 or Z; without it only dates are given"),
    KYMO_OPT_STRING('\0', "issued", struct export_args, issued, "TIME", NULL,
                    "when the results are made available: 2026-11-21T17:30:00+01:00"),
    KYMO_OPT_COUNT('\0', "strips", struct export_args, n_strips, "N", "3", "as many strips of the ECG, at most"),
    KYMO_OPT_FLAG('\0', "deidentify", struct export_args, report.deidentify, "leave out dates, names of files, the recorder"),
    KYMO_OPTS_SOURCE(struct export_args, report.in),
    KYMO_OPT_LAST
};

static int check_args(const struct export_args *a, struct kymo_err *e)
{
    if (a->subject && !fhir_is_reference(a->subject))
        return kymo_fail(e, KYMO_EUSAGE, "--subject \"%.80s\" is no reference: Patient/ID, Group/ID, Device/ID, or a URL or "
                         "URN", a->subject);
    if (a->zone && !fhir_is_zone(a->zone))
        return kymo_fail(e, KYMO_EUSAGE, "--zone \"%.40s\" is none: -14:00..+14:00 or Z", a->zone);
    if (a->issued && !fhir_is_instant(a->issued))
        return kymo_fail(e, KYMO_EUSAGE, "--issued \"%.60s\" is no time with a zone, as 2026-11-21T17:30:00+01:00", a->issued);
    if (a->n_strips < 0 || a->n_strips > REPORT_MOST_STRIPS)
        return kymo_fail(e, KYMO_EUSAGE, "--strips %lld is not in 0..%d", (long long)a->n_strips, REPORT_MOST_STRIPS);
    return 0;
}

/* ---- writing ---- */

static int no_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for a bundle"); }

/* Decimals of 15 digits, which every binary number that was one is read back from. */
int export_entry(struct export *x, const char *id, json_t *resource, struct kymo_err *e)
{
    char *const text = resource ? json_dumps(resource, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
    int rc = text ? 0 : no_memory(e);

    if (rc == 0)
        rc = kymo_putf(x->out, e, "%s {\"fullUrl\":\"urn:uuid:%s\",\"resource\":", x->n_entries++ ? ",\n" : "", id);
    if (rc == 0 && (rc = kymo_put_text(x->out, text, e)) == 0)
        rc = kymo_put_text(x->out, "}", e);
    free(text);
    json_decref(resource);
    return rc;
}

/* Whose it is: nobody's, with the reason, where nobody says. Names and numbers in the recording stay there. */
static json_t *subject_of(const struct export *x)
{
    return x->args->subject ? json_pack("{s:s}", "reference", x->args->subject)
                            : fhir_absent_element(x->args->report.deidentify ? "masked" : "unknown");
}

static bool put_effective(const struct export *x, json_t *o, int64_t from_ns, int64_t to_ns)
{
    const struct kymo_start *const start = &x->p->report.start;
    char from[64], to[64];

    if (!fhir_time(start, x->args->zone, from_ns, from, sizeof from))
        return kymo_json_put(o, "_effectiveDateTime", fhir_absent_element(x->args->report.deidentify ? "masked" : "unknown"));
    if (from_ns == to_ns)
        return kymo_json_put(o, "effectiveDateTime", json_string(from));
    if (!fhir_time(start, x->args->zone, to_ns, to, sizeof to))
        return kymo_json_put(o, "effectivePeriod", json_pack("{s:s}", "start", from));
    return kymo_json_put(o, "effectivePeriod", json_pack("{s:s, s:s}", "start", from, "end", to));
}

json_t *export_observation(const struct export *x, const char *id, bool is_vital, json_t *code, int64_t from_ns,
                           int64_t to_ns, const char *device)
{
    static const char system[] = "http://terminology.hl7.org/CodeSystem/observation-category";
    static const struct fhir_code vital = {system, "vital-signs", "Vital Signs"}, other = {system, "procedure", "Procedure"};
    json_t *const category = fhir_concept(is_vital ? &vital : &other, 1, is_vital ? vital.display : other.display);
    json_t *const o = json_pack("{s:s, s:s, s:s, s:[o], s:o, s:o}", "resourceType", "Observation", "id", id, "status",
                                "preliminary", "category", category, "code", code, "subject", subject_of(x));
    bool ok = o && put_effective(x, o, from_ns, to_ns);

    if (ok && x->args->issued)
        ok = kymo_json_put(o, "issued", json_string(x->args->issued));
    if (ok && *device)
        ok = kymo_json_put(o, "device", fhir_reference(device));
    ok = ok && kymo_json_put(o, "derivedFrom", json_deep_copy(x->sources));
    if (ok)
        return o;
    json_decref(o);
    return NULL;
}

/* ---- devices, sources ---- */

static int put_program(struct export *x, struct kymo_err *e)
{
    return export_entry(x, x->device, json_pack("{s:s, s:s, s:[{s:s, s:s}], s:{s:s}, s:[{s:s}]}",
        "resourceType", "Device", "id", x->device, "deviceName", "name", "Kymo", "type", "user-friendly-name",
        "type", "text", "Software that analyses recorded physiological signals", "version", "value", KYMO_VERSION), e);
}

/* The equipment in the recording field of EDF+, "Startdate 02-MAR-2002 ADMIN TECHNICIAN EQUIPMENT", into name: the one field
 * that says it in a place of its own, so that nobody's name goes with it. */
static bool recorder_of(const struct kymo_header *h, char *name, size_t cap)
{
    const char *p = h->recording;

    if (strncmp(p, "Startdate ", 10) != 0)
        return false;
    for (int field = 0; field < 4 && p; field++)
        p = (p = strchr(p, ' ')) ? p + 1 : NULL;
    const size_t n = p ? strcspn(p, " ") : 0;
    if (n == 0 || n >= cap)
        return false;
    snprintf(name, cap, "%.*s", (int)n, p);
    for (char *c = name; *c; c++)
        if (*c == '_')
            *c = ' ';
    return strcmp(name, "X") != 0;
}

static int put_recorder(struct export *x, struct kymo_err *e)
{
    char name[256];

    if (x->args->report.deidentify || !recorder_of(&x->p->hdr, name, sizeof name))
        return 0;
    fhir_id(&x->seed, "recorder", x->recorder);
    return export_entry(x, x->recorder, json_pack("{s:s, s:s, s:[{s:s, s:s}], s:{s:s}}",
        "resourceType", "Device", "id", x->recorder, "deviceName", "name", name, "type", "other",
        "type", "text", "Recorder of physiological signals, as the recording names it"), e);
}

/* Row i of the report's table of files: name, bytes, digest. Of files that are the same the id counts which of them it is. */
static int put_source(struct export *x, const struct report_block *files, size_t i, struct kymo_err *e)
{
    const struct report_cell *const row = &files->cell[3 * i];
    char id[FHIR_ID], role[96], about[160], type[80];
    size_t same = 0;

    for (size_t k = 0; k < i; k++)
        same += strcmp(files->cell[3 * k + 2].text, row[2].text) == 0;
    snprintf(role, sizeof role, "document %s %zu", row[2].text, same);
    fhir_id(&x->seed, role, id);
    snprintf(about, sizeof about, "%.0f bytes, XXH3 (128 bits) %s", row[1].number, row[2].text);
    snprintf(type, sizeof type, "Recording of physiological signals, %.40s", x->p->hdr.format);
    json_t *const file = x->args->report.deidentify ? fhir_absent_element("masked") : json_pack("{s:s}", "title", row[0].text);
    json_t *const o = json_pack("{s:s, s:s, s:s, s:{s:s}, s:o, s:s, s:[{s:O}]}",
        "resourceType", "DocumentReference", "id", id, "status", "current", "type", "text", type, "subject", subject_of(x),
        "description", about, "content", "attachment", file);
    bool ok = (x->sources = fhir_append(x->sources, fhir_reference(id))) && o;
    if (ok && row[1].number <= INT32_MAX)
        ok = kymo_json_put(file, "size", json_integer((json_int_t)row[1].number));
    json_decref(file);
    if (ok && *x->recorder)
        ok = kymo_json_put(o, "author", fhir_append(json_array(), fhir_reference(x->recorder)));
    if (ok)
        return export_entry(x, id, o, e);
    json_decref(o);
    return no_memory(e);
}

static int put_sources(struct export *x, struct kymo_err *e)
{
    const struct report_block *const b = report_table_of(&x->p->report, "inputs");
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < b->n_cells / 3; i++)
        rc = put_source(x, b, i, e);
    return rc;
}

/* ---- the bundle ---- */

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* The digests of the files, in their own order, which is nobody else's. Returns whether there was memory for it. */
static bool put_digests(FILE *f, const struct report_block *files)
{
    const size_t n = files->n_cells / 3;
    const char **const digest = calloc(n + 1, sizeof *digest);
    const bool ok = digest;

    for (size_t i = 0; ok && i < n; i++)
        digest[i] = files->cell[3 * i + 2].text;
    if (ok)
        qsort(digest, n, sizeof *digest, by_text);
    for (size_t i = 0; ok && i < n; i++)
        fprintf(f, "input %s\n", digest[i]);
    free(digest);
    return ok;
}

/* What was read, and what of it: the same gives the same ids, whatever files are called, wherever and whenever this runs. */
static int make_ids(struct export *x, struct kymo_err *e)
{
    const struct kymo_input_args *const in = &x->args->report.in;
    struct fhir_seed program;
    char *text = NULL;
    size_t n = 0;
    FILE *const f = open_memstream(&text, &n);

    if (!f)
        return no_memory(e);
    const bool sorted = put_digests(f, report_table_of(&x->p->report, "inputs"));
    for (size_t i = 0; i < in->signals.n; i++)
        fprintf(f, "signal %s\n", in->signals.text[i]);
    if (in->from.set)
        fprintf(f, "from %lld\n", (long long)in->from.ns);
    if (in->to.set)
        fprintf(f, "to %lld\n", (long long)in->to.ns);
    fprintf(f, "%s%s\n%s%s\n%s%s\n%s", in->annotator ? "annotator " : "", in->annotator ? in->annotator : "",
            in->rate ? "rate " : "", in->rate ? in->rate : "", in->unit ? "unit " : "", in->unit ? in->unit : "",
            x->args->report.deidentify ? "deidentified\n" : "");
    const bool ok = sorted && !ferror(f);
    if (fclose(f) != 0 || !ok) {
        free(text);
        return no_memory(e);
    }
    fhir_seed_of(text, n, &x->seed);
    free(text);
    fhir_seed_of("program", 7, &program);
    fhir_id(&program, KYMO_VERSION, x->device);
    return 0;
}

static int put_head(struct export *x, struct kymo_err *e)
{
    char id[FHIR_ID];

    fhir_id(&x->seed, "bundle", id);
    return kymo_putf(x->out, e, "{\"resourceType\":\"Bundle\",\"id\":\"%s\",\"identifier\":{\"system\":\"urn:ietf:rfc:3986\","
                     "\"value\":\"urn:uuid:%s\"},\"type\":\"collection\",%s%s%s\"entry\":[\n", id, id,
                     x->args->issued ? "\"timestamp\":\"" : "", x->args->issued ? x->args->issued : "",
                     x->args->issued ? "\"," : "");
}

static int put_bundle(struct export *x, struct kymo_err *e)
{
    int rc = make_ids(x, e);

    if (rc < 0 || (rc = put_head(x, e)) < 0 || (rc = put_program(x, e)) < 0 || (rc = put_recorder(x, e)) < 0 ||
        (rc = put_sources(x, e)) < 0 || (rc = export_measures(x, e)) < 0 || (rc = export_strips(x, e)) < 0)
        return rc;
    return (rc = kymo_put_text(x->out, "\n]}\n", e)) < 0 ? rc : kymo_output_finish(x->out, e);
}

static int print(const struct report_parts *p, void *to, struct kymo_err *e)
{
    struct export x = {.args = to, .p = p};

    if (!p->choice.heart && !p->choice.oximetry)
        return kymo_fail_at(e, KYMO_EDATA, p->spooled ? "standard input" : kymo_operand(p->call), -1,
                            "no ECG, no track of beats and no SpO2: there is nothing to export");
    x.out = kymo_output_open(x.args->report.path, e);
    x.sources = x.out ? json_array() : NULL;
    const int rc = !x.out ? e->cause[0].code : !x.sources ? no_memory(e) : put_bundle(&x, e);
    json_decref(x.sources);
    kymo_output_destroy(x.out);
    return rc;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    struct export_args args = *(const struct export_args *)call->args;
    const int rc = check_args(&args, e);

    return rc < 0 ? rc : report_make(call, &args.report, print, &args, e);
}

const struct kymo_command kymo_cmd_export = {
    .name = "export", .about = "what a recording shows, for a hospital's systems: HL7 FHIR", .operands = "[RECORD]",
    .most = 1, .options = options, .args_size = sizeof(struct export_args), .run = run,
};
