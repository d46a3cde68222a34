/* formats/edf_check.h - what the parts of the EDF checker share: the header's rules (edf_check.c), those of the data records
 * (edf_check_records.c), and the repair (edf_fix.c). */
#ifndef KYMO_EDF_CHECK_H
#define KYMO_EDF_CHECK_H

#include "formats/edf_raw.h"
#include "lib/check.h"

struct edf_checker {
    const char *path;
    struct kymo_check *c;
    struct kymo_err *e;
    int rc;                          /* what the first finding that could not be told returned; nothing is told after it */
    struct edf_raw raw;
};

/* A finding about the field t. */
void edf_found(struct edf_checker *k, enum kymo_severity severity, struct edf_text t, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* From the first data record to the end of the input. */
void edf_check_records(struct edf_checker *k, struct kymo_input *in);

int edf_check(struct kymo_input *in, const char *path, struct kymo_check *c, struct kymo_err *e);
int edf_fix(struct kymo_input *in, const char *path, const char *copy, struct kymo_check *c, struct kymo_err *e);

#endif
