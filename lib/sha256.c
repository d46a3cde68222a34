/* lib/sha256.c - see sha256.h. */
#include "lib/sha256.h"
#include "lib/pieces.h"

#include <nettle/sha2.h>

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

static void take(void *state, const void *bytes, size_t n) { sha256_update(state, n, bytes); }

int kymo_sha256_file(const char *path, char text[KYMO_SHA256_TEXT], struct kymo_err *e)
{
    struct sha256_ctx state;

    sha256_init(&state);
    const int rc = kymo_each_piece(path, 0, take, &state, e);
    if (rc == 0)
        put_text(&state, text);
    return rc;
}
