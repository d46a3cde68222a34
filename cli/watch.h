/* cli/watch.h - what the samples of a recording tell of its rhythm besides beats, block by block: ventricular fibrillation
 * (algorithms/fibrillation.h) and silence (algorithms/silence.h). Which leads, their unit, where they are interrupted. */
#ifndef KYMO_CLI_WATCH_H
#define KYMO_CLI_WATCH_H

#include "lib/command.h"
#include "lib/reader.h"

struct watch_span {
    int64_t from_ns, to_ns;
    double confidence;            /* of fibrillation, as in its header; NaN of silence */
};

struct watch_list {
    struct watch_span *span;      /* in order of time */
    size_t n;
};

/* Zeroed but for names to begin with; released whatever happened. */
struct watch {
    const struct kymo_strings *names;   /* leads as -s names them; NULL or none: all that are ECG. They stay the caller's */
    struct watch_list fibrillation, silence;
    struct fibrillation *fibrillations;   /* the rest is for watch.c */
    struct silence *silences;
    size_t *lead, n_leads;
    const double **x;
    struct kymo_ratio rate;
    int64_t base, segment_first, segment_ns;   /* first sample of the segment that is watched, and its place */
    bool begun;
};

/* Takes the recording's next block (self is a struct watch: this is a tap of cli/heart.h); end: there is none. 0 or a negative
 * code. */
int watch_block(void *self, struct kymo_block *b, struct kymo_err *e);
bool watch_fibrillates(const struct watch *w, struct watch_span *so_far);   /* now: an episode that has not ended */
int watch_end(struct watch *w, struct kymo_err *e);
void watch_release(struct watch *w);

#endif
