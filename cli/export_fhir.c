/* cli/export_fhir.c - see export_fhir.h. */
#include "cli/export_fhir.h"
#include "lib/date.h"
#include "lib/secret.h"

#include <stdio.h>
#include <string.h>

#define UCUM "http://unitsofmeasure.org"
#define ABSENT "http://terminology.hl7.org/CodeSystem/data-absent-reason"
#define ABSENT_EXTENSION "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

/* ---- parts ---- */

json_t *fhir_append(json_t *array, json_t *value)
{
    if (array && json_array_append_new(array, value) == 0)
        return array;
    json_decref(array);
    return NULL;
}

json_t *fhir_concept(const struct fhir_code *code, size_t n, const char *text)
{
    json_t *coding = json_array();

    if (n == 0) {
        json_decref(coding);
        return json_pack("{s:s}", "text", text);
    }
    for (size_t i = 0; coding && i < n; i++)
        coding = fhir_append(coding, json_pack("{s:s, s:s, s:s}", "system", code[i].system, "code", code[i].code, "display",
                                               code[i].display));
    return coding ? json_pack("{s:o, s:s}", "coding", coding, "text", text) : NULL;
}

json_t *fhir_quantity(double value, const char *unit, const char *ucum)
{
    json_t *const number = json_real(value);

    if (*ucum)
        return json_pack("{s:o, s:s, s:s, s:s}", "value", number, "unit", unit, "system", UCUM, "code", ucum);
    return *unit ? json_pack("{s:o, s:s}", "value", number, "unit", unit) : json_pack("{s:o}", "value", number);
}

json_t *fhir_reference(const char *id)
{
    char urn[FHIR_ID + 16];

    snprintf(urn, sizeof urn, "urn:uuid:%s", id);
    return json_pack("{s:s}", "reference", urn);
}

json_t *fhir_notes(const char *text) { return json_pack("[{s:s}]", "text", text); }

json_t *fhir_absent_element(const char *reason)
{
    return json_pack("{s:[{s:s, s:s}]}", "extension", "url", ABSENT_EXTENSION, "valueCode", reason);
}

json_t *fhir_absent(const char *text)
{
    static const struct fhir_code code = {ABSENT, "not-performed", "Not Performed"};

    return fhir_concept(&code, 1, text);
}

/* ---- times ---- */

bool fhir_time(const struct kymo_start *start, const char *zone, int64_t ns, char *text, size_t cap)
{
    struct kymo_start at = *start;
    char date[48];

    if (!at.has_date || (!at.has_time && ns != 0))   /* without a time of day, nobody knows on which day something ends */
        return false;
    if (at.has_time)
        kymo_move_start(&at, ns);
    if (at.year < 1 || at.year > 9999)
        return false;
    at.has_time = at.has_time && zone;
    kymo_start_text(&at, date, sizeof date);
    snprintf(text, cap, "%s%s", date, at.has_time ? zone : "");
    return true;
}

/* Whether text has the form: 0 a digit, everything else itself. Moves *text behind it. */
static bool takes(const char **text, const char *form)
{
    const char *p = *text;

    for (; *form; form++, p++)
        if (*form == '0' ? *p < '0' || *p > '9' : *p != *form)
            return false;
    *text = p;
    return true;
}

static int two(const char *digit) { return 10 * (digit[0] - '0') + digit[1] - '0'; }

bool fhir_is_zone(const char *text)
{
    const char *p = text;

    if (strcmp(text, "Z") == 0)
        return true;
    return (takes(&p, "+00:00") || takes(&p, "-00:00")) && *p == '\0' && two(text + 4) < 60 &&
           (two(text + 1) < 14 || strcmp(text + 1, "14:00") == 0);
}

bool fhir_is_instant(const char *text)
{
    struct kymo_start s = {.has_date = false};
    const char *p = text;

    if (!takes(&p, "0000-00-00T00:00:00"))
        return false;
    const int year = 100 * two(text) + two(text + 2), month = two(text + 5), day = two(text + 8);
    kymo_set_days(&s, kymo_days_of(year, month, day));
    if (year < 1 || s.year != year || s.month != month || s.day != day || two(text + 11) > 23 || two(text + 14) > 59 ||
        two(text + 17) > 59)
        return false;
    if (takes(&p, ".0"))
        while (takes(&p, "0"))
            ;
    return fhir_is_zone(p);
}

bool fhir_is_reference(const char *text)
{
    static const char *const begins[] = {"Patient/", "Group/", "Device/", "urn:uuid:", "urn:oid:", "http://", "https://"};

    for (const char *p = text; *p; p++)
        if (*p <= ' ' || *p >= 0x7f)
            return false;
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        const char *const rest = text + strlen(begins[i]);
        if (strncmp(text, begins[i], strlen(begins[i])) == 0)
            return *rest && (i > 2 || (strlen(rest) <= 64 && rest[strspn(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
                                                                         "qrstuvwxyz0123456789-.")] == '\0'));
    }
    return false;
}

/* ---- ids ---- */

static void digest_of(const void *key, size_t n_key, const void *text, size_t n, unsigned char mac[KYMO_MAC_BYTES])
{
    struct kymo_key k = {.n = n_key};

    memcpy(k.byte, key, n_key);
    kymo_hmac(&k, text, n, mac);
}

void fhir_seed_of(const char *text, size_t n, struct fhir_seed *seed)
{
    static const char name[] = "kymo export";

    digest_of(name, sizeof name - 1, text, n, seed->byte);
}

void fhir_id(const struct fhir_seed *seed, const char *role, char id[FHIR_ID])
{
    unsigned char mac[KYMO_MAC_BYTES];
    size_t n = 0;

    digest_of(seed->byte, sizeof seed->byte, role, strlen(role), mac);
    mac[6] = (unsigned char)(0x80 | (mac[6] & 0x0f));   /* version 8: what is in it, is ours to say */
    mac[8] = (unsigned char)(0x80 | (mac[8] & 0x3f));
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            id[n++] = '-';
        snprintf(id + n, 3, "%02x", mac[i]);
        n += 2;
    }
}
