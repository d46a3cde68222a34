/* cli/report_validation.h - how well the detectors behind a report did on recordings with references. */
#ifndef KYMO_CLI_REPORT_VALIDATION_H
#define KYMO_CLI_REPORT_VALIDATION_H

#include <stddef.h>

struct report_validation {
    const char *what, *on;        /* the detector; the recordings, and how they were scored */
    const char *file, *row;       /* tests/validation/FILE has a line that begins with ROW: a test compares them */
    int sensitivity, predictivity;   /* cells of the row, from 1 */
};

extern const struct report_validation report_validations[];
extern const size_t report_n_validations;

/* Cell number n of the row, into text. */
void report_validation_cell(const char *row, int n, char *text, size_t cap);

#endif
