/* lib/sha256.h - the one place that includes nettle/sha2.h: SHA-256 (FIPS 180-4), as sha256sum prints it. */
#ifndef KYMO_SHA256_H
#define KYMO_SHA256_H

#include "lib/err.h"

#define KYMO_SHA256_TEXT 65      /* 64 hexadecimal digits and the end */

/* Of all of a file. Returns 0 or a negative code (KYMO_EIO, KYMO_ENOMEM). */
int kymo_sha256_file(const char *path, char text[KYMO_SHA256_TEXT], struct kymo_err *e);

#endif
