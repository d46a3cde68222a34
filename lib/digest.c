/* lib/digest.c - see digest.h. */
#include "lib/digest.h"
#include "lib/pieces.h"

#include <stdio.h>

static void take(void *state, const void *bytes, size_t n) { XXH3_128bits_update(state, bytes, n); }

int kymo_digest_file(const char *path, char text[KYMO_DIGEST_TEXT], struct kymo_err *e)
{
    return kymo_digest_file_from(path, 0, text, e);
}

int kymo_digest_file_from(const char *path, int64_t offset, char text[KYMO_DIGEST_TEXT], struct kymo_err *e)
{
    XXH3_state_t *const state = XXH3_createState();

    if (!state)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a digest");
    XXH3_128bits_reset(state);
    const int rc = kymo_each_piece(path, offset, take, state, e);
    if (rc == 0) {
        const XXH128_hash_t h = XXH3_128bits_digest(state);
        snprintf(text, KYMO_DIGEST_TEXT, "%016llx%016llx", (unsigned long long)h.high64, (unsigned long long)h.low64);
    }
    XXH3_freeState(state);
    return rc;
}
