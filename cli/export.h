/* cli/export.h - what the files of kymo export share. */
#ifndef KYMO_CLI_EXPORT_H
#define KYMO_CLI_EXPORT_H

#include "cli/export_fhir.h"
#include "cli/report_parts.h"

struct export_args {
    struct report_args report;
    const char *subject, *zone, *issued;
    int64_t n_strips;
};

/* A bundle that is being written. */
struct export {
    const struct export_args *args;
    const struct report_parts *p;
    struct kymo_output *out;
    struct fhir_seed seed;
    char device[FHIR_ID], recorder[FHIR_ID];   /* ids; "": the file does not say with what it was recorded */
    json_t *sources;                           /* references to the files that were read */
    size_t n_entries;
};

/* An observation but for what it says: id, status, category, code, subject, when (from the recording's start; a moment where
 * both times are one), device where that is not "", sources. Takes code over; NULL where memory ends. */
json_t *export_observation(const struct export *x, const char *id, bool is_vital, json_t *code, int64_t from_ns,
                           int64_t to_ns, const char *device);

/* Writes a resource, which it takes over, as an entry. Returns 0 or a negative code. */
int export_entry(struct export *x, const char *id, json_t *resource, struct kymo_err *e);

/* Strips of the ECG as sampled data. */
int export_strips(struct export *x, struct kymo_err *e);

/* The measures. */
int export_measures(struct export *x, struct kymo_err *e);

#endif
