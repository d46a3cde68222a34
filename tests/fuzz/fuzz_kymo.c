/* tests/fuzz/fuzz_kymo.c - the kymo stream reader.
 *
 * Property: fuzz.h's, for the bytes behind the magic as they are and for the same bytes with every checksum made right,
 * so that hostile frames get past it. No stream that reads to its end still does with its last byte missing. */
#include "fuzz.h"

#include "lib/bytes.h"

#define MAGIC_BYTES 8
#define FRAME_BYTES 16      /* of a frame: type, length, check */

/* Makes right the checksums of all whole frames, and the last one's length if it reaches beyond the end. */
static void mend(unsigned char *p, size_t n)
{
    for (size_t at = MAGIC_BYTES; n - at >= FRAME_BYTES && at <= n;) {
        size_t len = kymo_le32(p + at + 4);
        if (len > n - at - FRAME_BYTES) {
            len = n - at - FRAME_BYTES;
            kymo_put_le32(p + at + 4, (uint32_t)len);
        }
        kymo_put_le64(p + at + 8 + len, XXH3_64bits(p + at, 8 + len));
        at += FRAME_BYTES + len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    unsigned char *copy = malloc(n + 1);
    struct digest d;

    if (!copy)
        return 0;
    if (n > 0)
        memcpy(copy, data, n);
    if (n > MAGIC_BYTES) {
        memcpy(copy, "\x89KYMO\r\n\x1a", MAGIC_BYTES);
        recording_holds(copy, n, "x.kymo");
        mend(copy, n);
        if (recording_holds(copy, n, "x.kymo"))
            must(digest_recording(copy, n - 1, "x.kymo", NULL, &d) == 0, "a stream cut short is refused");
    }
    free(copy);
    return 0;
}
