/* tests/fuzz/fuzz_edf.c - EDF and EDF+ files.
 *
 * Property: fuzz.h's, for the bytes behind the eight of an EDF file. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    unsigned char *copy = malloc(n + 1);

    if (!copy)
        return 0;
    if (n > 0)
        memcpy(copy, data, n);
    if (n >= 8)
        memcpy(copy, "0       ", 8);
    recording_holds(copy, n, "x.edf");
    free(copy);
    return 0;
}
