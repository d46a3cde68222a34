/* lib/grow.h - lists that grow. */
#ifndef KYMO_GROW_H
#define KYMO_GROW_H

#include <stddef.h>

/* all, of n elements of size bytes and with room for *cap, with room for one more: itself, or moved, by half as much again.
 * NULL where memory ends; all is then as it was. all NULL and *cap 0 to begin with. */
void *kymo_grown(void *all, size_t n, size_t *cap, size_t size);

#endif
