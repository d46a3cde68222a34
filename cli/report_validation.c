/* cli/report_validation.c - see report_validation.h. Rows are copied as they stand by tests/validation/report_rows.sh;
 * tests/cli/report.t fails where the figures there have changed. */
#include "cli/report_validation.h"

#include <stdio.h>
#include <string.h>

const struct report_validation report_validations[] = {
    {"beats", "MIT-BIH Arrhythmia Database, 48 records from 5:00, two leads, each by a model that had not seen it",
     "RESULTS.md",
     "| mitdb | cross-fitted | 48 | both | 5:00 | 91285 | 28 | 43 | 71 | 99.969 | 99.953 |", 10, 11},
    {"beats, noise added", "118 and 119 of it with noise of 12 to 0 dB, two leads", "RESULTS.md",
     "| 118 119 with noise, in all | cross-fitted | 12 | both | 5:00 | 21462 | 19 | 35 | 54 | 99.911 | 99.837 |", 10, 11},
    {"ventricular beats", "its half DS2, 22 records, from 5:00, gross", "BEATS.md",
     "| DS2 | 22 | gross | 97.394 | 97.685 | 75.187 | 88.507 |", 4, 5},
    {"supraventricular beats", "the same", "BEATS.md", "| DS2 | 22 | gross | 97.394 | 97.685 | 75.187 | 88.507 |", 6, 7},
    {"supraventricular beats", "the same without record 232, which has most of them", "BEATS.md",
     "| DS2 without 232 | 21 | gross | 97.394 | 97.685 | 23.81 | 40.856 |", 6, 7},
    {"atrial fibrillation, by time", "DS2, 22 records, from 5:00, without the reference's flutter", "RHYTHM.md",
     "| mitdb DS2 | 22 | 5:00 | 4759 | 479 | 382 | 98.03 | 98.28 | 90.68 |", 7, 9},
};
const size_t report_n_validations = sizeof report_validations / sizeof *report_validations;

void report_validation_cell(const char *row, int n, char *text, size_t cap)
{
    for (; n > 0 && (row = strchr(row, '|')); n--)
        row++;
    row = row ? row + strspn(row, " ") : "";
    snprintf(text, cap, "%.*s", (int)strcspn(row, " |"), row);
}
