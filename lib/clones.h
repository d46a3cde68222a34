/* lib/clones.h - a second copy of a function for processors with AVX2 (and with it POPCNT), chosen when the program
 * starts. Nothing is reassociated or fused, so both give the same bits. */
#ifndef KYMO_CLONES_H
#define KYMO_CLONES_H

#include <stdint.h>   /* any header of glibc, which says that it is glibc */

#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#define CLONED_FOR_AVX2 __attribute__((target_clones("avx2", "default")))
#else
#define CLONED_FOR_AVX2
#endif

#endif
