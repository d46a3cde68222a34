/* tests/unit/filters.h - what the tests of filters share: signals, and one input with the outputs of an independent program. */
#ifndef KYMO_TESTS_FILTERS_H
#define KYMO_TESTS_FILTERS_H

#include "support.h"

#include "algorithms/iir_design.h"
#include "algorithms/sos.h"

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

/* ---- a sliding window of an odd width ---- */

struct window_calls {
    const struct stage_calls *stage;
    void *(*create)(size_t width, struct kymo_err *e);
    void (*destroy)(void *s);
};

#define WINDOW_CALLS(name) \
    STAGE_CALLS(name); \
    static void *name##_create_any(size_t width, struct kymo_err *e) { return name##_create(width, e); } \
    static void name##_destroy_any(void *s) { name##_destroy(s); } \
    static const struct window_calls name##_window = {&name##_calls, name##_create_any, name##_destroy_any}

#define WINDOW_WIDTHS 8
#define WINDOW_SAMPLES 2000
extern const size_t window_width[WINDOW_WIDTHS];   /* those to try: some longer than WINDOW_SAMPLES */

void *make_window(const struct window_calls *c, size_t width);   /* never NULL */

/* assert_any_pieces for all those widths and several lengths, with gaps and without. */
void assert_any_pieces_of_windows(const struct window_calls *c);

/* That no width but an odd one that memory has room for makes a window, KYMO_EUSAGE; and that NULL can be destroyed. */
void assert_odd_widths_only(const struct window_calls *c);

/* ---- several objects side by side ---- */

struct many_calls {
    const struct stage_calls *stage;
    void (*push_many)(void *const *s, size_t n_objects, double *const *x_y, size_t n, size_t *made);
};

#define MANY_CALLS(name) \
    static void name##_push_many_any(void *const *s, size_t n_objects, double *const *x_y, size_t n, size_t *made) \
    { \
        struct name *all[SOS_LANES]; \
        for (size_t k = 0; k < n_objects; k++) \
            all[k] = s[k]; \
        name##_push_many(all, n_objects, x_y, n, made); \
    } \
    static const struct many_calls name##_many = {&name##_calls, name##_push_many_any}

/* That objects created alike, pushed side by side `step` samples at a time, give the same bits as each alone, whatever is
 * missing where. length is a multiple of step; n_objects 1..SOS_LANES. */
void assert_many_are_as_one(const struct many_calls *c, void *const *s, size_t n_objects, size_t length, size_t step,
                            struct dice *d);

#endif
