/* tests/fuzz/fuzz_bdf.c - BDF and BDF+ files.
 *
 * Property: fuzz.h's, for the bytes behind the eight of a BDF file. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    unsigned char *copy = malloc(n + 1);

    if (!copy)
        return 0;
    if (n > 0)
        memcpy(copy, data, n);
    if (n >= 8)
        memcpy(copy, "\xff" "BIOSEMI", 8);
    recording_holds(copy, n, "x.bdf");
    free(copy);
    return 0;
}
