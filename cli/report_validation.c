/* cli/report_validation.c - see report_validation.h. Rows are copied as they stand by tests/validation/report_rows.sh;
 * tests/cli/report.t fails where the figures there have changed. */
#include "cli/report_validation.h"

#include <stdio.h>
#include <string.h>

const struct report_validation report_validations[] = {
    {"beats", "MIT-BIH Arrhythmia Database, 48 records from 5:00, two leads, each by a model that had not seen it",
     "RESULTS.md",
     "| mitdb | cross-fitted | 48 | both | 5:00 | 91285 | 31 | 28 | 59 | 99.966 | 99.969 |", 10, 11},
    {"beats, noise added", "118 and 119 of it with noise of 12 to 0 dB, two leads", "RESULTS.md",
     "| 118 119 with noise, in all | cross-fitted | 12 | both | 5:00 | 21462 | 21 | 34 | 55 | 99.902 | 99.842 |", 10, 11},
    {"ventricular beats", "its half DS2, 22 records, from 5:00, gross", "BEATS.md",
     "| DS2 | 22 | gross | 97.58 | 97.58 | 74.813 | 79.88 |", 4, 5},
    {"supraventricular beats", "the same", "BEATS.md", "| DS2 | 22 | gross | 97.58 | 97.58 | 74.813 | 79.88 |", 6, 7},
    {"supraventricular beats", "the same without record 232, which has most of them", "BEATS.md",
     "| DS2 without 232 | 21 | gross | 97.58 | 97.58 | 21.542 | 25 |", 6, 7},
    {"atrial fibrillation, by time", "DS2, 22 records, from 5:00, without the reference's flutter", "RHYTHM.md",
     "| mitdb DS2 | 22 | 5:00 | 4759 | 472 | 382 | 98.03 | 98.31 | 90.82 |", 7, 9},
};
const size_t report_n_validations = sizeof report_validations / sizeof *report_validations;

void report_validation_cell(const char *row, int n, char *text, size_t cap)
{
    for (; n > 0 && (row = strchr(row, '|')); n--)
        row++;
    row = row ? row + strspn(row, " ") : "";
    snprintf(text, cap, "%.*s", (int)strcspn(row, " |"), row);
}
