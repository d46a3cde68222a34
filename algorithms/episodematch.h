/* algorithms/episodematch.h - compares the episodes of two series: of atrial fibrillation, or of anything that lasts.
 *
 * An episode of one series is found if one of the other overlaps it, however little. Sensitivity asks this of the episodes of
 * the reference, positive predictivity of those of the test; both also by duration:
 *   duration Se = time in both / time in the reference,  duration +P = time in both / time in the test
 *   duration Sp = time in neither / time not in the reference (ours; epicmp has none)
 * Episodes are cut at START and END first; one that ends at START or begins at END has no time left but still counts where it
 * touches the period, as a missed one, as in the program below.
 *
 * Source: ANSI/AAMI EC57:1998/(R)2003 and EC38:2007, in the reading of the WFDB program epicmp 10.7.0 (G. B. Moody). Every
 * cell is epicmp's on 13 records of mitdb (tests/validation/reference.sh). EC38:1998's rule, which leaves reference atrial
 * flutter out of the positive predictivity of AF (epicmp -x), is not made. Unlike epicmp we count in records of unknown length.
 * The rules are epicmp's, the code is ours. */
#ifndef KYMO_EPISODEMATCH_H
#define KYMO_EPISODEMATCH_H

#include "lib/err.h"

#include <stddef.h>
#include <stdint.h>

/* In any unit of time, the same for both series; on <= off. */
struct episode {
    int64_t on, off;
};

/* In order of time, not overlapping. */
struct episode_series {
    const struct episode *episode;
    size_t n;
};

struct episodematch_side {
    int64_t found, missed;        /* episodes that the other series has too, and that it has not */
    int64_t duration, overlap;    /* units of time in them, and of these in the other series' episodes too */
};

struct episodematch {
    struct episodematch_side ref, test;
    int64_t without, clear;       /* units of time in no episode of the reference, and of these in none of the test; without an
                                     END both 0 */
};

/* Compares what lies in START..END (END 0 or less: no end). Fills *out. Returns 0, or KYMO_EDATA where episodes are not in
 * order. */
int episodematch_compare(const struct episode_series *ref, const struct episode_series *test, int64_t start, int64_t end,
                         struct episodematch *out, struct kymo_err *e);

/* Time that E shares with the episodes of S. */
int64_t episode_overlap(const struct episode_series *s, struct episode e);

/* *sum += *from, for a gross row: counts and times; sum begins zeroed. */
void episodematch_add(struct episodematch *sum, const struct episodematch *from);

#endif
