/* tests/unit/filters.h - what the tests of filters share: signals, and one input with the outputs of an independent program. */
#ifndef KYMO_TESTS_FILTERS_H
#define KYMO_TESTS_FILTERS_H

#include "support.h"

#include "algorithms/iir_design.h"

/* Noise in -1..1 around an offset, n samples, malloc'ed. */
double *noise_around(struct dice *d, double offset, size_t n);

/* n normal numbers, with gaps of 1, 7, 2 and 300 samples and a lone sample between two of them, as far as n has room. */
void fill_noise(double *x, size_t n, bool with_gaps);

/* Column NAME of filtered_360hz.csv in KYMO_REFERENCE/dsp, FILTERED_ROWS samples, malloc'ed; NULL where the variable is
 * not set. */
#define FILTERED_ROWS 3000
double *filtered_column(const char *name);

double largest_difference(const double *a, const double *b, size_t n);   /* NaN is like NaN only: else infinite */

/* A Butterworth filter's sections, of which there are as many as it returns. */
size_t butterworth(enum iir_band band, int order, double fs_hz, double edge_hz, double upper_hz, struct sos_section *section);

/* A streaming object, whatever it is. */
struct stage_calls {
    size_t (*push)(void *s, const double *x, size_t n, double *y);
    size_t (*flush)(void *s, double *y, size_t cap);
};

#define STAGE_CALLS(name) \
    static size_t name##_push_any(void *s, const double *x, size_t n, double *y) { return name##_push(s, x, n, y); } \
    static size_t name##_flush_any(void *s, double *y, size_t cap) { return name##_flush(s, y, cap); } \
    static const struct stage_calls name##_calls = {name##_push_any, name##_flush_any}

/* x[n] through s at once, and the flush, into y[n]. Fails where not n come out. */
void run_whole(const struct stage_calls *c, void *s, const double *x, size_t n, double *y);

/* x[n] through s in place, in pieces of at most `most` samples, flushed; y[n], malloc'ed. Fails where not n come out. */
double *through(const struct stage_calls *c, void *s, const double *x, size_t n, struct dice *d, size_t most);

/* That pieces of any size give the same bits as all at once, that s is as new after each flush, and that NaN comes out where
 * x is NaN, and only there. */
void assert_any_pieces(const struct stage_calls *c, void *s, const double *x, size_t n, struct dice *d);

#endif
