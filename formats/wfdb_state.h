/* formats/wfdb_state.h - a WFDB record that is being written: what the writer (wfdb_writer.c), the lanes of its samples
 * (wfdb_lane.c) and the text of its headers (wfdb_put.c) share. */
#ifndef KYMO_WFDB_STATE_H
#define KYMO_WFDB_STATE_H

#include "lib/spool.h"
#include "formats/wfdb_pack.h"
#include "formats/wfdb_plan.h"

#include <stdio.h>

/* Stored values of one signal that wait for the rest of their frame. */
struct lane {
    int32_t *x;
    size_t n, cap;
    int64_t next;                /* place on the record's grid of the sample behind them */
    uint16_t sum;                /* of all of the segment so far */
    bool begun;
    bool fresh;                  /* the source's segment has brought it nothing yet */
    int32_t initial;
    uint64_t n_cut;              /* values beyond the format's limits; where the first was, and what */
    int64_t first_cut;
    double cut_value, rounding;  /* rounding: the most that a real number was changed, in the signal's unit */
};

struct segment {
    int64_t frame, n_frames;
};

struct wfdb_writer {
    struct wfdb_plan plan;
    struct kymo_spool *spool;         /* where samples wait for the plan; NULL: it is complete */
    struct reals *seen;          /* for each signal */
    char *base;                  /* "out/rec" */
    const char *name;            /* "rec", in it */
    struct lane *lane;
    struct wfdb_pack **pack;     /* for each group, of the segment that is being written */
    const int32_t **at;          /* scratch */
    bool in_segment, several;    /* several: there is a gap, so the record has segments */
    int64_t file_frame, n_frames;   /* of the segment that is being written: where it begins, what is packed */
    int64_t anchor_ns, anchor_frame;   /* the source's segment: when it began, and the frame that it is put at */
    struct segment *segment;     /* those that are complete */
    size_t n_segments;
    struct kymo_output **file;   /* complete, waiting to be put in place */
    size_t n_files;
    struct wfdb_marks **marks;   /* for each track */
    char **track;                /* their names, as endings */
    uint64_t n_padded;           /* missing samples added to fill frames; in the first signal that needed it */
    size_t first_padded;
    size_t n_moved;              /* segments that lay between frames, and the farthest that one was moved */
    int64_t most_moved_ns;
};

/* ".dat", or ".d0", ".d1" and so on where there are several signal files. */
static inline const char *wfdb_ending_of(const struct wfdb_writer *s, size_t group, char ending[32])
{
    if (s->plan.n_groups == 1)
        return ".dat";
    snprintf(ending, 32, ".d%zu", group);
    return ending;
}

#endif
