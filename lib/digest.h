/* lib/digest.h - the one place that includes xxHash: a file's digest, XXH3 of 128 bits as xxh128sum prints it.
 *
 * It tells whether a file is still what it was; it is no proof against somebody who wants two files to look alike. */
#ifndef KYMO_DIGEST_H
#define KYMO_DIGEST_H

#include "lib/err.h"

#include <xxhash.h>

#define KYMO_DIGEST_TEXT 33      /* 32 hexadecimal digits and the end */

/* Of all of a file, into text. Returns 0 or a negative code (KYMO_EIO, KYMO_ENOMEM). */
int kymo_digest_file(const char *path, char text[KYMO_DIGEST_TEXT], struct kymo_err *e);
int kymo_digest_file_from(const char *path, int64_t offset, char text[KYMO_DIGEST_TEXT], struct kymo_err *e);   /* to its end */

#endif
