/* lib/pieces.c - see pieces.h. */
#include "lib/pieces.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE_BYTES ((size_t)1 << 18)

int kymo_each_piece(const char *path, int64_t offset, void (*take)(void *self, const void *bytes, size_t n), void *self,
                    struct kymo_err *e)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
    unsigned char *const piece = malloc(PIECE_BYTES);
    int rc = piece ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for a digest");
    if (rc == 0 && offset > 0 && lseek(fd, (off_t)offset, SEEK_SET) < 0)
        rc = kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
    for (bool more = true; rc == 0 && more;) {
        const ssize_t n = read(fd, piece, PIECE_BYTES);
        if (n > 0)
            take(self, piece, (size_t)n);
        else if (n < 0 && errno != EINTR)
            rc = kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
        more = n != 0;
    }
    free(piece);
    close(fd);
    return rc;
}
