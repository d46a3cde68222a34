/* lib/transfer_files.h - the files beside one that is fetched (transfer.h): short ones, its seal, its folders. */
#ifndef KYMO_TRANSFER_FILES_H
#define KYMO_TRANSFER_FILES_H

#include "lib/err.h"

#include <stdbool.h>
#include <stddef.h>

/* KYMO_EIO, with what errno says. */
int kymo_fail_file(const char *path, struct kymo_err *e);

/* A short file, whole or not at all: also where the computer stops. Returns 0 or KYMO_EIO. */
int kymo_put_short_file(const char *path, const char *text, struct kymo_err *e);

/* The first line of one, without its end, as far as text[cap] has room; "" where there is none. */
void kymo_get_short_file(const char *path, char *text, size_t cap);

/* All folders on the way to path. Returns 0, KYMO_EIO or KYMO_ENOMEM. */
int kymo_make_folders(const char *path, struct kymo_err *e);

/* What the seal of a file is: its digest, and its size. cap >= 80. False with *e set where the file cannot be read. */
bool kymo_seal_text(const char *path, char *text, size_t cap, struct kymo_err *e);

#endif
