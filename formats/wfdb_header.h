/* formats/wfdb_header.h - reads the text of a WFDB header file, header(5) of the WFDB Applications Guide.
 *
 * A record line, a line for each signal (or each segment), then "#" lines with free text. Fields that are missing have the
 * defaults of that page; fields that are nonsense are errors that name the line, except the start, which is then unknown. */
#ifndef KYMO_WFDB_HEADER_H
#define KYMO_WFDB_HEADER_H

#include "lib/input.h"
#include "lib/log.h"
#include "lib/record.h"

/* An info line of Kymo's own, "kymo baseline 3: -0.5": the baseline of signal 3, where it is not whole. */
#define WFDB_BASELINE_NOTE "kymo baseline"

/* What a signal line says beyond struct kymo_signal. */
struct wfdb_signal {
    const char *file;            /* as written; owned by the kymo_header */
    int format;                  /* 16, 212, ... */
    int64_t samples_per_frame, skew, byte_offset;
    int line;                    /* of the header file */
    int64_t initial;             /* value before the first difference of format 8 */
    bool has_checksum;
    int checksum;
};

/* A line of a record of several segments: another record, or a gap. */
struct wfdb_segment {
    const char *name;            /* "~": a gap */
    int64_t n_frames;            /* 0: the layout, whose header describes all signals */
    int line;
};

struct wfdb_header {
    struct kymo_ratio frame_rate;
    int64_t n_frames;            /* KYMO_UNKNOWN where the header does not tell */
    struct wfdb_signal *signal;  /* for each signal of the kymo_header */
    size_t n_segments;           /* 0: the signals are in files of this record; else the kymo_header has none */
    struct wfdb_segment *segment;
};

/* From in into h (init'ed) and w. Storage and limits of the signals are left to who knows the formats. */
int wfdb_header_read(struct kymo_input *in, struct kymo_header *h, struct wfdb_header *w, const struct kymo_log *log,
                     struct kymo_err *e);

void wfdb_header_release(struct wfdb_header *w);   /* what w points at; w may be zeroed */

#endif
