/* formats/kymo_header.h - a recording's header as the JSON of HEAD, see kymo-stream(5). */
#ifndef KYMO_KYMO_HEADER_H
#define KYMO_KYMO_HEADER_H

#include "lib/record.h"

/* JSON text, malloc'ed, for the caller; NULL with *e set. */
char *kymo_header_to_json(const struct kymo_header *h, struct kymo_err *e);

/* text[n] into h, which is init'ed. KYMO_EFORMAT names the member that is wrong. */
int kymo_header_from_json(struct kymo_header *h, const char *text, size_t n, struct kymo_err *e);

#endif
