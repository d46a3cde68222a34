/* cli/review_lane.h - a recording while it is reviewed: what reading it (review.c) and measuring its windows (review_lane.c)
 * share. */
#ifndef KYMO_CLI_REVIEW_LANE_H
#define KYMO_CLI_REVIEW_LANE_H

#include "cli/review.h"
#include "algorithms/pulse.h"

/* Samples of a window that waits for its beats. */
struct review_slot {
    int64_t k;                    /* window k begins at k * window_ns; -1: free */
    size_t n;                     /* samples up to the last one that came */
    double *x;
};

struct review_lane {
    size_t signal;
    struct kymo_ratio rate;
    double fs_hz;
    size_t n, cap;                /* samples in a window; room for them */
    struct review_slot *slot;            /* window k is in slot[k % n_slots] */
    size_t n_slots;
    int64_t newest, oldest;       /* windows: the one that is being filled, -1: none; the first that waits */
    struct quality_waves *waves;
    struct quality_beater *beater;
    struct quality_pulser *pulser;
    struct pulse *pulse;
    int64_t base, segment_first, segment_ns;   /* of the samples that pulse counts */
    bool begun;
    int64_t *at_ns;               /* pulses not yet measured */
    size_t n_at, cap_at, first_beat, first_span;
    struct pulse_beat *found;
    size_t cap_found;
    struct quality_rail low, high;
};

struct reviewing {
    struct review *r;
    struct review_lane *lane;
    double *beat;                 /* of one window, as samples */
    size_t cap_beats;
    int64_t now_ns, wait_ns;
    bool begun;
    double last[3];               /* of I, II, III */
};

static inline int review_no_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to review a recording"); }

/* Room in *all for `need` items of that size. Returns 0 or KYMO_ENOMEM. */
int review_reserve(void **all, size_t need, size_t *cap, size_t size, struct kymo_err *e);

/* Measures the windows of a lane that wait, those before window k; end_ns: the recording ends there, or INT64_MAX. Returns 0 or
 * KYMO_ENOMEM. */
int review_finish_until(struct reviewing *v, struct review_lane *l, int64_t k, int64_t end_ns, struct kymo_err *e);

#endif
