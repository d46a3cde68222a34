/* lib/sums.h - the lists of a database: SHA256SUMS.txt, as sha256sum writes it, and RECORDS, a name on each line.
 *
 * Names come from elsewhere and become paths, so that only those are taken that stay in the folder of the list: no "..", no
 * "/" in front, no backslash, no control character. */
#ifndef KYMO_SUMS_H
#define KYMO_SUMS_H

#include "lib/input.h"
#include "lib/sha256.h"

struct kymo_sum {
    char name[1024];              /* "x/100.dat"; "./" before it is gone */
    char sha256[KYMO_SHA256_TEXT];   /* in small letters; "" in a list of names */
};

/* Whether text[n] is a path below where it is used: a name or several with "/" between, and none of them can lead out. */
bool kymo_is_safe_path(const char *text, size_t n);

/* The next entry of a list of sums, or of names. *line counts lines, from 0 before the first. Returns 1, 0 at the end, or a
 * negative code: KYMO_EFORMAT names the line. An entry of a list of names may end in "/", a folder: so does its name then. */
int kymo_sums_next(struct kymo_input *in, int64_t *line, struct kymo_sum *sum, struct kymo_err *e);
int kymo_names_next(struct kymo_input *in, int64_t *line, struct kymo_sum *sum, struct kymo_err *e);

/* The sum of NAME in the list at path. Returns 1, 0 where the list has none, or a negative code. */
int kymo_sums_find(const char *path, const char *name, char sha256[KYMO_SHA256_TEXT], struct kymo_err *e);

#endif
