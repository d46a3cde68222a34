/* cli/segments.h - when the segments of a recording begin: between two beats, that is a gap that no interval may span. */
#ifndef KYMO_CLI_SEGMENTS_H
#define KYMO_CLI_SEGMENTS_H

#include "lib/err.h"

#include <stdbool.h>

struct segments {                 /* zeroed memory to begin with */
    int64_t *begin_ns;            /* in order of time */
    size_t n;
};

int segments_add(struct segments *s, int64_t begin_ns, struct kymo_err *e);   /* 0 or KYMO_ENOMEM */

/* Whether one begins behind before_ns, and at ns or before. */
bool segments_begin_between(const struct segments *s, int64_t before_ns, int64_t ns);

void segments_release(struct segments *s);

#endif
