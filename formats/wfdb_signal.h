/* formats/wfdb_signal.h - unpacks the samples of WFDB signal files, signal(5) of the WFDB Applications Guide. */
#ifndef KYMO_WFDB_SIGNAL_H
#define KYMO_WFDB_SIGNAL_H

#include "lib/record.h"

/* How one signal format packs samples: n_unit samples in bytes_unit bytes, and so on without padding. */
struct wfdb_packing {
    int format;
    size_t n_unit, bytes_unit;
    enum kymo_storage storage;
    int32_t missing;             /* the stored value that means "no sample" */
    int bits;

    /* n samples, a multiple of n_unit unless they are the last, to x[n] as stored; p holds as many bytes as they take. */
    void (*unpack)(const unsigned char *p, size_t n, int32_t *x);
};

/* NULL where format is not one that is read. */
const struct wfdb_packing *wfdb_packing_of(int format);

size_t wfdb_packed_bytes(const struct wfdb_packing *p, size_t n_samples);     /* that n samples take */
int64_t wfdb_packed_samples(const struct wfdb_packing *p, int64_t n_bytes);   /* whole samples that n bytes hold */

#endif
