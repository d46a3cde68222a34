/* lib/transfer.h - a file by http or https; the one place that includes curl/curl.h.
 *
 * It is written as PATH.part and renamed when it is whole: as long as the server said, and with the sum that is known. One that
 * was broken off goes on where it stopped, if the server can, and says that the file is still the same (PATH.part.tag keeps
 * what it calls this version); else it begins anew. Of several that want the same file one fetches, and the others wait.
 *
 * libcurl is loaded when a file is first wanted of the network: linked, it would cost every command 8 ms at its start. */
#ifndef KYMO_TRANSFER_H
#define KYMO_TRANSFER_H

#include "lib/err.h"

#include <stdbool.h>

struct kymo_transfer;

/* What is to be had. */
struct kymo_wanted {
    const char *url;              /* http:// or https:// */
    const char *path;             /* where to; its folders are made */
    const char *sha256;           /* 64 small hexadecimal digits; NULL: not known */
    const char *sums;             /* the file that tells it, for messages */
    bool sealed;                  /* PATH.seal keeps a digest, by which a file that was changed later is noticed */
    bool renewed;                 /* fetched though it is there */
};

#define KYMO_NOT_THERE 0
#define KYMO_FETCHED 1
#define KYMO_KEPT 2               /* was there, as it should be */

/* NULL with *e set: KYMO_ENOMEM; KYMO_ENET where there is no libcurl. Rules come from the environment:
 * KYMO_TIMEOUT   seconds without a byte, or without a connection, after which a try has failed (30)
 * KYMO_TRIES     how often, if no try comes further than those before it (5)
 * KYMO_PAUSE     seconds before the second try, then twice as long each time (1)
 * CURL_CA_BUNDLE a file of certificates to trust instead of the system's */
struct kymo_transfer *kymo_transfer_create(struct kymo_err *e);
void kymo_transfer_destroy(struct kymo_transfer *t);   /* NULL is fine */

/* Returns KYMO_FETCHED, KYMO_KEPT, KYMO_NOT_THERE (404, 410), or a negative code: KYMO_ENET the network or the server,
 * KYMO_EDATA a wrong sum (the file is removed), KYMO_EIO the disk. */
int kymo_transfer_get(struct kymo_transfer *t, const struct kymo_wanted *w, struct kymo_err *e);

/* Whether the last failure was that nobody answered: no other file will do better. */
bool kymo_transfer_is_cut_off(const struct kymo_transfer *t);

/* Whether it is there, as it should be: by its seal, by its sum, or by its name where neither is known. No network. */
bool kymo_wanted_is_there(const struct kymo_wanted *w);

#endif
