/* formats/wfdb_header.h - reads the text of a WFDB header file, header(5) of the WFDB Applications Guide.
 *
 * A record line, a line for each signal, then "#" lines with free text. Fields that are missing have the defaults of
 * that page; fields that are nonsense are errors that name the line, except the start, which is then unknown. */
#ifndef KYMO_WFDB_HEADER_H
#define KYMO_WFDB_HEADER_H

#include "lib/input.h"
#include "lib/log.h"
#include "lib/record.h"

/* What a signal line says beyond struct kymo_signal. */
struct wfdb_signal {
    const char *file;            /* as written; owned by the kymo_header */
    int format;                  /* 16, 212, ... */
    int64_t samples_per_frame, skew, byte_offset;
    int line;                    /* of the header file */
    bool has_checksum;
    int checksum;
};

struct wfdb_header {
    struct kymo_ratio frame_rate;
    int64_t n_frames;            /* KYMO_UNKNOWN where the header does not tell */
    struct wfdb_signal *signal;  /* for each signal of the kymo_header; free with wfdb_header_release */
};

/* From in into h (init'ed) and w. Storage and limits of the signals are left to who knows the formats. */
int wfdb_header_read(struct kymo_input *in, struct kymo_header *h, struct wfdb_header *w, const struct kymo_log *log,
                     struct kymo_err *e);

void wfdb_header_release(struct wfdb_header *w);

#endif
