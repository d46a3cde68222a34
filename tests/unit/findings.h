/* tests/unit/findings.h - what kymo check finds, kept, so that a test can say what it should have been. */
#ifndef KYMO_TESTS_FINDINGS_H
#define KYMO_TESTS_FINDINGS_H

#include "support.h"

#include "lib/check.h"

struct findings {
    size_t n;
    struct {
        int64_t offset;
        enum kymo_severity severity;
        char file[160], field[200], value[96], text[480];
    } f[64];
};

int keep_finding(void *findings, const struct kymo_finding *f, struct kymo_err *e);   /* for struct kymo_check */
void show_findings(const struct findings *k);

#endif
