/* cli/fibrillations.h - ventricular fibrillation and flutter of a recording, block by block, from its ECG: which leads, their
 * unit, where it is interrupted. The method is in algorithms/fibrillation.h. */
#ifndef KYMO_CLI_FIBRILLATIONS_H
#define KYMO_CLI_FIBRILLATIONS_H

#include "lib/command.h"
#include "lib/reader.h"

struct fibrillation_span {
    int64_t time_ns, duration_ns;
    double confidence;            /* as in algorithms/fibrillation.h */
};

/* Zeroed but for names to begin with; released whatever happened. */
struct fibrillations {
    const struct kymo_strings *names;   /* leads as -s names them; NULL or none: all that are ECG. They stay the caller's */
    struct fibrillation_span *span;     /* what was found, in order of time */
    size_t n;
    struct fibrillation *finder;        /* the rest is for fibrillations.c */
    size_t *lead, n_leads;
    const double **x;
    struct kymo_ratio rate;
    int64_t base, segment_first, segment_ns;   /* first sample given to the finder; the segment that it lies in */
    bool begun;
};

/* Takes the recording's next block (self is a struct fibrillations: this is a tap of cli/heart.h); end: there is none. 0 or a
 * negative code. */
int fibrillations_block(void *self, struct kymo_block *b, struct kymo_err *e);
int fibrillations_end(struct fibrillations *f, struct kymo_err *e);
void fibrillations_release(struct fibrillations *f);

#endif
