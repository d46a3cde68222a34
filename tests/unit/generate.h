/* tests/unit/generate.h - recordings made of dice: one segment of a few 16-bit signals, or whatever else a recording can be.
 *
 * The same dice give the same recording. The formats' tests write it through kymo_write, in blocks of any length. */
#ifndef KYMO_TESTS_GENERATE_H
#define KYMO_TESTS_GENERATE_H

#include "support.h"

enum {
    MADE_RATES = 1 << 0,      /* signals of several rates; else all have one */
    MADE_RAGGED = 1 << 1,     /* segments of any length at any time, signals that begin late in them or are not there */
    MADE_WIDE = 1 << 2,       /* integers of 24 and 32 bits */
    MADE_REALS = 1 << 3,      /* signals of floating point */
    MADE_MISSING = 1 << 4,    /* samples that are none */
    MADE_GAINS = 1 << 5,      /* negative gains, baselines between integers, converter limits, no calibration */
    MADE_TEXTS = 1 << 6,      /* labels that collide, are empty, long or not ASCII; odd units; subject and sensors */
    MADE_WORDS = 1 << 7,      /* events with values, subtypes, durations and texts of any kind, in two tracks */
    MADE_ANYTHING = (1 << 8) - 1,
};

struct recipe {
    size_t n_signals, n_segments, n_events;
    unsigned may;             /* of the above */
};

/* One signal in one segment. */
struct made_part {
    int64_t origin, first;    /* index of the first sample at the segment's beginning, and of the first that is there */
    size_t n;
    int32_t *digital;
    double *physical;
};

struct made {
    struct kymo_header hdr;
    size_t n_segments, n_events;
    int64_t segment_ns[64];
    struct made_part *part;   /* [segment * n_signals + signal] */
    struct kymo_event event[400];
};

void made_make(struct made *m, const struct recipe *r, struct dice *d);
void made_free(struct made *m);

/* Writes it to its end, in blocks of random lengths up to most_ns; an event comes with the block that it lies in. */
int made_write(const struct made *m, struct kymo_writer *w, int64_t most_ns, struct dice *d, struct kymo_err *e);

/* The kymo stream of it, appended to a buffer. */
void made_stream(const struct made *m, struct bytes *to, struct dice *d);

#endif
