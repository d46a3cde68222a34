/* lib/remote.h - recordings by URL: names of files elsewhere, and the cache in which their copies lie.
 *
 * A name is a URL, https://host/path/100, or physionet:DB/VERSION/RECORD, which stands for one. Wherever a path names a file to
 * read (kymo_input_open), such a name does too: the file is fetched when it is first opened, and then read from the cache.
 * Paths are made of it as of any other ("100.hea" beside it, "100.dat"), so that a record's files come as they are needed.
 *
 * The cache is the folder $KYMO_CACHE, else $XDG_CACHE_HOME/kymo, else ~/.cache/kymo; in it SCHEME/HOST/PATH. A copy with its
 * seal (transfer.h) is used without asking the server again; one that was damaged is fetched anew. What lies below
 * $KYMO_PHYSIONET, or https://physionet.org/files/, must have the sum that SHA256SUMS.txt of its database says, if there is
 * one. */
#ifndef KYMO_REMOTE_H
#define KYMO_REMOTE_H

#include "lib/err.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether it begins with http://, https:// or physionet: . */
bool kymo_is_remote(const char *name);

/* The URL that a name stands for, malloc'ed. NULL with *e set where it is none that can be kept: KYMO_EUSAGE with a query, a
 * password, or no version; KYMO_EDATA with a path that leads out of the host's folder in the cache. */
char *kymo_remote_url(const char *name, struct kymo_err *e);

/* How much of a URL is the folder of a PhysioNet database, "https://physionet.org/files/mitdb/1.0.0/"; 0: it lies in none. */
size_t kymo_remote_database(const char *url);

/* Path of the copy, malloc'ed. Does not say that there is one. */
char *kymo_remote_copy(const char *url, struct kymo_err *e);

/* Sees to it that there is a copy; *copy is its path, malloc'ed, if so. Returns 1, 0 where the server has no such file, or a
 * negative code. */
int kymo_remote_fetch(const char *name, char **copy, struct kymo_err *e);

#endif
