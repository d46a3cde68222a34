/* lib/secret.h - the one place that includes nettle/hmac.h: keys, and what only who has the key can make of a text.
 *
 * The keyed digest is HMAC-SHA-256: RFC 2104 with the hash of FIPS 180-4; test vectors of RFC 4231. */
#ifndef KYMO_SECRET_H
#define KYMO_SECRET_H

#include "lib/err.h"

#define KYMO_MAC_BYTES 32
#define KYMO_LEAST_KEY_BYTES 16
#define KYMO_MOST_KEY_BYTES 4096

struct kymo_key {
    unsigned char byte[KYMO_MOST_KEY_BYTES];
    size_t n;
};

/* All bytes of a file but an end of line at its end. KYMO_EDATA where they are too few or too many, or where others than the
 * file's owner may read it. Whoever is done overwrites the key with kymo_forget. */
int kymo_read_key(const char *path, struct kymo_key *key, struct kymo_err *e);
void kymo_forget(struct kymo_key *key);

/* A new file with 64 random hexadecimal digits, mode 0600; KYMO_EIO where there is one of that name already. */
int kymo_make_key(const char *path, struct kymo_err *e);

/* Of text[n]. */
void kymo_hmac(const struct kymo_key *key, const void *text, size_t n, unsigned char mac[KYMO_MAC_BYTES]);

#endif
