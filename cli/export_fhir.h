/* cli/export_fhir.h - kymo export: the parts that resources of HL7 FHIR R4 (4.0.1) are made of, as JSON.
 *
 * Whatever returns JSON gives it away, and returns NULL where memory ends; what takes JSON takes it over, NULL too: an object
 * is NULL where a part of it is. */
#ifndef KYMO_CLI_EXPORT_FHIR_H
#define KYMO_CLI_EXPORT_FHIR_H

#include "lib/json.h"
#include "lib/record.h"

#define FHIR_LOINC "http://loinc.org"
#define FHIR_MDC "urn:iso:std:iso:11073:10101"
#define FHIR_ID 37                /* of a UUID, with the end */

struct fhir_code {
    const char *system, *code, *display;
};

/* Of code[n]; none where n is 0: the text alone. */
json_t *fhir_concept(const struct fhir_code *code, size_t n, const char *text);

/* A quantity; ucum "": its unit has no code, and unit "": there is none. */
json_t *fhir_quantity(double value, const char *unit, const char *ucum);

json_t *fhir_reference(const char *id);             /* to a resource of the bundle */
json_t *fhir_notes(const char *text);               /* an array of one */
json_t *fhir_absent_element(const char *reason);    /* instead of an element: data-absent-reason */
json_t *fhir_absent(const char *text);              /* dataAbsentReason: not performed, and why */

/* Appends value to the array; NULL, with both gone, where that fails. */
json_t *fhir_append(json_t *array, json_t *value);

/* When a recording's times are, as far as dateTime can say it: with the time of day only where zone, "+01:00" or "Z", is given
 * (FHIR has no time of day without one), else the date; nothing, and false, without a date. ns: from the start. cap >= 64 */
bool fhir_time(const struct kymo_start *start, const char *zone, int64_t ns, char *text, size_t cap);

/* Whether a text is what its name says, as FHIR R4 has it. Here: "+01:00", "-03:30" or "Z". */
bool fhir_is_zone(const char *text);
bool fhir_is_instant(const char *text);             /* "2026-11-21T17:30:00+01:00", a fraction of the second may be there */
bool fhir_is_reference(const char *text);           /* "Patient/123", "urn:uuid:...", "https://..." */

/* What ids of resources come from. */
struct fhir_seed {
    unsigned char byte[32];
};

/* Of a text that tells what is exported; then a UUID of version 8 (RFC 9562) for each role, which only seed and role make:
 * the first 16 bytes of the HMAC-SHA-256 of the role with the seed as its key. The seed is that of the text with the key
 * "kymo export". */
void fhir_seed_of(const char *text, size_t n, struct fhir_seed *seed);
void fhir_id(const struct fhir_seed *seed, const char *role, char id[FHIR_ID]);

#endif
