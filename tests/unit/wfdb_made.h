/* tests/unit/wfdb_made.h - for the tests of the WFDB writer: records copied, and recordings that are made, written and read
 * back. The samples of a made recording are a function of signal and index. */
#ifndef KYMO_TESTS_WFDB_MADE_H
#define KYMO_TESTS_WFDB_MADE_H

#include "support.h"

#define WFDB_MOST_SEGMENTS 4

/* How a record is written, and what came of it. */
struct wfdb_copying {
    const char *variant;
    bool lossy, strict;
    int rc;
    struct warnings told;
    struct kymo_err e;
};

/* From a path to the record `name` of f. */
void wfdb_copy(struct wfdb_copying *c, const char *from, const char *annotator, const struct folder *f, const char *name);

/* Fails where there was an error or a warning. */
void assert_wfdb_copied(const struct wfdb_copying *c);

/* All of a record, which must read without a warning. */
void wfdb_read_back(const char *path, const char *annotator, struct taken *t);

void assert_same_file(const char *a, const char *b);

/* ---- recordings made here ---- */

struct wfdb_made {
    struct kymo_header hdr;
    size_t n_segments;
    struct {
        int64_t start_ns, first_frame, n_frames;
    } segment[WFDB_MOST_SEGMENTS];
    int64_t extra;               /* samples of signal 0 behind its last frame */
    struct kymo_ratio frame_rate;
    int bits;                    /* of the values */
    const struct kymo_event *event;
    size_t n_events;
    int32_t odd_value;           /* of signal 0 at index odd_at */
    int64_t odd_at;
    struct wfdb_copying c;
    struct folder f;
};

/* One segment of n_frames, without signals; a folder for its record. */
void wfdb_made_init(struct wfdb_made *m, struct kymo_ratio frame_rate, int64_t n_frames);
void wfdb_made_release(struct wfdb_made *m);

/* Of mV, with a gain of its own; may be changed. */
struct kymo_signal *wfdb_add_signal(struct wfdb_made *m, const char *label, int64_t per_frame, enum kymo_storage storage);

/* Another segment of n_frames, from first_frame on. */
void wfdb_add_gap(struct wfdb_made *m, int64_t first_frame, int64_t n_frames);

/* Samples of a signal in a frame; and the one at index i, KYMO_MISSING among them. */
int64_t wfdb_per_frame(const struct wfdb_made *m, size_t s);
int32_t wfdb_value_of(const struct wfdb_made *m, size_t s, int64_t i);
double wfdb_real_of(const struct wfdb_made *m, size_t s, int64_t i);   /* of a signal that is no integers; NaN */

/* To the record "rec" of m's folder, in blocks of any length; and back. */
void wfdb_write_rec(struct wfdb_made *m);
void wfdb_read_rec(struct wfdb_made *m, const char *annotator, struct taken *t);

/* That what was read are the samples of m, at their places. */
void assert_wfdb_samples(const struct wfdb_made *m, const struct taken *t);

/* Lengths in the header of m as if it were read from the record. */
void wfdb_expect_lengths(struct wfdb_made *m);

/* Written and read back, header and samples are those of m. */
void assert_wfdb_round_trip(struct wfdb_made *m);

/* ---- with events ---- */

/* Of no signal, sample and value. */
struct kymo_event wfdb_event_at(int64_t ns, const char *type, const char *text);

/* A recording of 100 frames a second with a track "atr" of ev[n], which stay the caller's. */
void wfdb_made_with_track(struct wfdb_made *m, const struct kymo_event *ev, size_t n);

#endif
