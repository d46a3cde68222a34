/* lib/pieces.h - all bytes of a file, piece by piece, for what sums them up. */
#ifndef KYMO_PIECES_H
#define KYMO_PIECES_H

#include "lib/err.h"

/* From offset to the end. Returns 0 or a negative code (KYMO_EIO, KYMO_ENOMEM). */
int kymo_each_piece(const char *path, int64_t offset, void (*take)(void *self, const void *bytes, size_t n), void *self,
                    struct kymo_err *e);

#endif
