/* formats/wfdb_signal.h - how WFDB signal files pack samples, signal(5) of the WFDB Applications Guide. */
#ifndef KYMO_WFDB_SIGNAL_H
#define KYMO_WFDB_SIGNAL_H

#include "lib/record.h"

/* One signal format: n_unit samples in bytes_unit bytes, and so on without padding. */
struct wfdb_packing {
    int format;
    size_t n_unit, bytes_unit;   /* bytes_unit 0: compressed with FLAC */
    size_t tail[2];              /* bytes that the first 1 and 2 samples of a unit take */
    enum kymo_storage storage;
    int32_t missing;             /* the stored value that means "no sample" */
    int bits;
    bool differences;            /* each value is stored as its difference from the one before; none is missing */

    /* n samples, a multiple of n_unit unless they are the last, to x[n] as stored; p holds the bytes that they take. */
    void (*unpack)(const unsigned char *p, size_t n, int32_t *x);
};

#define WFDB_LARGEST_UNIT 6      /* a multiple of so many samples is whole units in every format */

/* NULL where format is not one of signal(5). */
const struct wfdb_packing *wfdb_packing_of(int format);

size_t wfdb_packed_bytes(const struct wfdb_packing *p, size_t n_samples);     /* that n samples take */
int64_t wfdb_packed_samples(const struct wfdb_packing *p, int64_t n_bytes);   /* whole samples that n bytes hold */

#endif
