/* tests/unit/stages.h - what holds of every stage: a streaming object whose y[i] belongs to x[i]. */
#ifndef KYMO_TESTS_STAGES_H
#define KYMO_TESTS_STAGES_H

#include "support.h"

struct stage {
    void *state;
    size_t (*push)(void *state, const double *x, size_t n, double *y);
    size_t (*flush)(void *state, double *y, size_t cap);
};

/* stage_of_NAME(struct NAME *): the stage of an object with NAME_push and NAME_flush. */
#define STAGE(name) \
    static size_t name##_push_any(void *s, const double *x, size_t n, double *y) { return name##_push(s, x, n, y); } \
    static size_t name##_flush_any(void *s, double *y, size_t cap) { return name##_flush(s, y, cap); } \
    static struct stage stage_of_##name(struct name *s) { return (struct stage){s, name##_push_any, name##_flush_any}; }

/* All of x[n] and the flush, into y[n]: as many come out as go in. */
void stage_run(struct stage s, const double *x, size_t n, double *y);

/* The same bytes come of any split of x[n], in place or not, flushed at once or piece by piece; and again after the flush. No
 * push gives more than it got. NaN comes out where x is NaN, and only there. */
void stage_check(struct stage s, const double *x, size_t n);

/* n normal numbers with gaps of 1, of 7 and of 300 samples, and one sample between two gaps, as far as n has room. */
void stage_fill(double *x, size_t n, int with_gaps);

#endif
