/* formats/edf_raw.h - the header of an EDF or BDF file as the bytes that it is, for those who judge or repair it.
 *
 * Beside edf_header.h, which makes a recording of it and is lenient, this takes nothing for granted: fields are views of
 * bytes, and what could not be read is said so. Sources as there. */
#ifndef KYMO_EDF_RAW_H
#define KYMO_EDF_RAW_H

#include "lib/input.h"
#include "lib/text.h"

#define EDF_FIXED_BYTES 256          /* and as many for each signal */
#define EDF_RECORD_BYTES 61440       /* the specification's limit for a data record */

enum edf_main {
    EDF_VERSION, EDF_PATIENT, EDF_RECORDING, EDF_DATE, EDF_TIME, EDF_HEADER_BYTES, EDF_RESERVED, EDF_RECORDS,
    EDF_DURATION, EDF_SIGNALS, EDF_FIXED_PARTS
};
enum edf_cell {
    EDF_LABEL, EDF_TRANSDUCER, EDF_UNIT, EDF_PHYS_MIN, EDF_PHYS_MAX, EDF_DIG_MIN, EDF_DIG_MAX, EDF_PREFILTER,
    EDF_SAMPLES, EDF_SIGNAL_RESERVED, EDF_COLUMNS
};

struct edf_text {
    const char *name;                /* of the field */
    const char *p;
    size_t n;
    int64_t offset;
    size_t signal;                   /* SIZE_MAX: of the whole file */
};

struct edf_raw {
    char *bytes;                     /* the header, as far as it is there */
    size_t n;
    bool whole;                      /* all of it is */
    size_t n_signals;                /* 0 where the field cannot be read */
    bool bdf, plus, discontinuous;
    bool has_records, has_duration;  /* these could be read: */
    int64_t n_records;
    struct kymo_ratio duration;
    size_t *samples;                 /* in a data record, of each signal; 0 where the field cannot be read */
    size_t record_bytes;             /* 0 where one of them cannot */
};

/* From in, which then is at the first data record. A header that is cut off or nonsense is no error. */
int edf_raw_read(struct kymo_input *in, struct edf_raw *r, struct kymo_err *e);
void edf_raw_release(struct edf_raw *r);

/* A view of a field of the main header, or of the table of signals (signal < n_signals), until release; blanks stay. */
struct edf_text edf_raw_fixed(const struct edf_raw *r, enum edf_main part);
struct edf_text edf_raw_cell(const struct edf_raw *r, enum edf_cell column, size_t signal);

bool edf_raw_is_annotations(const struct edf_raw *r, size_t signal);
static inline size_t edf_raw_width(const struct edf_raw *r) { return r->bdf ? 3 : 2; }

/* The limits of a sample: -32768..32767, or of 24 bits. */
int64_t edf_raw_least(const struct edf_raw *r);
int64_t edf_raw_most(const struct edf_raw *r);

/* "02-MAR-2002". Returns the month 1..12 with *day and *year, or 0. */
int edf_long_date(const char *p, size_t n, int *day, int *year);

/* "02?03?02" of dd.mm.yy or hh.mm.ss, whatever stands between: three numbers, -1 for what is none. */
void edf_three_numbers(const char *p, int number[3]);


#endif
