/* formats/edf_identity.h - whom a recording is of, in the bytes of an EDF or BDF header: see identity.h, struct kymo_format. */
#ifndef KYMO_EDF_IDENTITY_H
#define KYMO_EDF_IDENTITY_H

#include "lib/identity.h"
#include "lib/input.h"

/* Tells of texts that edf_header.h reads over: words behind the name in EDF+'s patient field, reserved fields, and what
 * describes the lists of annotations. */
int edf_hidden(struct kymo_input *in, const char *path, const struct kymo_identity_rules *rules, struct kymo_err *e);

/* Writes the fields in which after differs from before over the header at path, and blanks over what edf_hidden tells of,
 * with one call of the system; the data records are not touched. */
int edf_put_identity(const char *path, const struct kymo_header *before, const struct kymo_header *after, struct kymo_err *e);

#endif
