/* lib/grow.c - see grow.h. */
#include "lib/grow.h"

#include <stdlib.h>

#define FIRST 64

void *kymo_grown(void *all, size_t n, size_t *cap, size_t size)
{
    const size_t more = *cap ? *cap + *cap / 2 : FIRST;

    if (n < *cap)
        return all;
    void *const p = reallocarray(all, more, size);
    if (p)
        *cap = more;
    return p;
}
