/* lib/digest.c - see digest.h. */
#include "lib/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE_BYTES ((size_t)1 << 18)

/* All of fd into state. */
static int add_file(int fd, const char *path, XXH3_state_t *state, unsigned char *piece, struct kymo_err *e)
{
    for (;;) {
        const ssize_t n = read(fd, piece, PIECE_BYTES);
        if (n == 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
        if (n > 0)
            XXH3_128bits_update(state, piece, (size_t)n);
    }
}

int kymo_digest_file(const char *path, char text[KYMO_DIGEST_TEXT], struct kymo_err *e)
{
    return kymo_digest_file_from(path, 0, text, e);
}

int kymo_digest_file_from(const char *path, int64_t offset, char text[KYMO_DIGEST_TEXT], struct kymo_err *e)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
    XXH3_state_t *const state = XXH3_createState();
    unsigned char *const piece = malloc(PIECE_BYTES);
    int rc = state && piece ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory for a digest");
    if (rc == 0 && offset > 0 && lseek(fd, (off_t)offset, SEEK_SET) < 0)
        rc = kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
    if (rc == 0) {
        XXH3_128bits_reset(state);
        rc = add_file(fd, path, state, piece, e);
    }
    if (rc == 0) {
        const XXH128_hash_t h = XXH3_128bits_digest(state);
        snprintf(text, KYMO_DIGEST_TEXT, "%016llx%016llx", (unsigned long long)h.high64, (unsigned long long)h.low64);
    }
    XXH3_freeState(state);
    free(piece);
    close(fd);
    return rc;
}
