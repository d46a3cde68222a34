/* algorithms/ready.h - what a detector has found and not yet given out. */
#ifndef KYMO_READY_H
#define KYMO_READY_H

#include <stddef.h>
#include <string.h>

/* Of ready[*n_ready], items of `size` bytes each of which *given are out already, up to cap more to out. Returns how many;
 * once all are out there are none. */
static inline size_t ready_give(const void *ready, size_t size, size_t *n_ready, size_t *given, void *out, size_t cap)
{
    const size_t left = *n_ready - *given, n = left < cap ? left : cap;

    if (n > 0)
        memcpy(out, (const char *)ready + *given * size, n * size);
    *given += n;
    if (*given == *n_ready)
        *given = *n_ready = 0;
    return n;
}

#endif
