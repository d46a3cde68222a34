/* cli/report_spool.h - standard input for kymo report, which reads its recording several times: put aside in a file without a
 * name. */
#ifndef KYMO_CLI_REPORT_SPOOL_H
#define KYMO_CLI_REPORT_SPOOL_H

#include "lib/command.h"

struct report_spool {
    struct kymo_output *scratch;
    char path[KYMO_REREAD_PATH];
    const char *operand[1];
    struct kymo_log log;          /* of the call */
};

/* Takes all of standard input into the folder of path, or, NULL or "-", into TMPDIR or /tmp; call then has the file as its
 * operand, and warnings of it are called those of stdin. *s is zeroed memory, to be released whatever comes back: 0 or a
 * negative code. */
int report_spool_take(struct report_spool *s, const char *path, struct kymo_call *call, struct kymo_err *e);

/* What went wrong in that file went wrong in standard input; of a spool that took nothing, nothing is changed. */
void report_spool_name(const struct report_spool *s, struct kymo_err *e);

void report_spool_release(struct report_spool *s);

#endif
