/* lib/sha256.c - see sha256.h. */
#include "lib/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE_BYTES ((size_t)1 << 18)

static void put_text(struct sha256_ctx *state, char text[KYMO_SHA256_TEXT])
{
    static const char digit[] = "0123456789abcdef";
    uint8_t sum[SHA256_DIGEST_SIZE];

    sha256_digest(state, sizeof sum, sum);
    for (size_t i = 0; i < sizeof sum; i++) {
        text[2 * i] = digit[sum[i] >> 4];
        text[2 * i + 1] = digit[sum[i] & 15];
    }
    text[KYMO_SHA256_TEXT - 1] = '\0';
}

void kymo_sha256(const void *bytes, size_t n, char text[KYMO_SHA256_TEXT])
{
    struct sha256_ctx state;

    sha256_init(&state);
    sha256_update(&state, n, bytes);
    put_text(&state, text);
}

/* All of fd into state. */
static int add_file(int fd, const char *path, struct sha256_ctx *state, unsigned char *piece, struct kymo_err *e)
{
    for (;;) {
        const ssize_t n = read(fd, piece, PIECE_BYTES);
        if (n == 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
        if (n > 0)
            sha256_update(state, (size_t)n, piece);
    }
}

int kymo_sha256_file(const char *path, char text[KYMO_SHA256_TEXT], struct kymo_err *e)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct sha256_ctx state;

    if (fd < 0)
        return kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
    unsigned char *const piece = malloc(PIECE_BYTES);
    sha256_init(&state);
    const int rc = piece ? add_file(fd, path, &state, piece, e) : kymo_fail(e, KYMO_ENOMEM, "no memory for a digest");
    if (rc == 0)
        put_text(&state, text);
    free(piece);
    close(fd);
    return rc;
}
