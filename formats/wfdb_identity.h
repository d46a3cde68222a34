/* formats/wfdb_identity.h - who a recording is of, in the text of a WFDB header: see identity.h and struct kymo_format. */
#ifndef KYMO_WFDB_IDENTITY_H
#define KYMO_WFDB_IDENTITY_H

#include "lib/identity.h"
#include "lib/input.h"

/* Tells of what wfdb_header.h reads over: comments before the record line, words and lines too many, another record's name,
 * and dates and comments of the headers of segments. */
int wfdb_hidden(struct kymo_input *in, const char *path, const struct kymo_identity_rules *rules, struct kymo_err *e);

/* Puts a header in the place of that at path, in one step: its date and its comments are those of after, what wfdb_hidden
 * tells of is gone. KYMO_EDATA where it is one of several segments, or labels have to change. */
int wfdb_put_identity(const char *path, const struct kymo_header *before, const struct kymo_header *after, struct kymo_err *e);

#endif
