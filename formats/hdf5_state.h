/* formats/hdf5_state.h - an HDF5 file that is being written: what the writer and its segment tables (hdf5_writer.c), the header
 * and datasets (hdf5_put.c), the samples (hdf5_pack.c) and the events (hdf5_put_events.c) share. */
#ifndef KYMO_HDF5_STATE_H
#define KYMO_HDF5_STATE_H

#include "formats/hdf5_file.h"
#include "lib/writer.h"

/* Samples of a signal on their way to its dataset. */
struct h5_pack {
    hid_t set, mem;
    unsigned char *buf;
    size_t n, chunk, width;           /* samples in buf, room in it, bytes of each */
    hsize_t stored;                   /* samples in the dataset */
    int64_t origin, first, next;      /* indices: of the segment, of its first sample here, of the next one */
    hsize_t offset;                   /* place of the segment's first sample in the dataset */
    bool began;                       /* the segment has samples of this signal */
};

enum h5_table { H5_TABLE_ORIGIN, H5_TABLE_FIRST, H5_TABLE_OFFSET, H5_TABLES };   /* of the segments */

struct h5_writer {
    struct h5_disk disk;
    hid_t file, time_table, table[H5_TABLES], events, texts, event_mem;
    char *beside;
    struct h5_pack *pack;
    int64_t *row;                     /* one of a table */
    int64_t segment_ns, end_ns;       /* end: of the last sample */
    hsize_t n_segments, n_events, n_text_bytes;
    struct kymo_event *waiting;       /* in order of time; the texts are malloc'ed */
    size_t n_waiting, cap_waiting;
};

static inline int h5_no_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to write HDF5"); }

/* ---- hdf5_put.c ---- */

#define H5_TEXTS_BYTES ((size_t)16384)   /* in a chunk of texts, about */
#define H5_TABLE_CACHE ((size_t)1 << 20)

/* "FILE:OBJECT: cannot be written: ...": what the disk says, or else the library of the call that just failed. Returns the
 * code. */
int h5_cannot_write(const struct kymo_writer *w, const char *object, struct kymo_err *e);

/* An extendible dataset of compressed chunks, each row of n_columns (0: a list). cache: bytes of open chunks; samples come
 * by whole chunks and need none. The caller closes it; < 0 where the library fails. */
hid_t h5_create_set(hid_t at, const char *name, hid_t type, hsize_t chunk, hsize_t n_columns, size_t cache);

/* What the header tells of the whole recording, as attributes and lists of texts; false where the library fails. */
bool h5_put_header(hid_t file, const struct kymo_header *h);

/* ---- hdf5_pack.c: each returns 0 or a negative code with *e set ---- */

/* The group of signals: a dataset, its attributes and a pack for each. */
int h5_create_signals(struct kymo_writer *w, struct kymo_err *e);

/* Samples of signal i into its pack, and full packs into its dataset; KYMO_EDATA where samples before them were lost, or its
 * storage cannot hold them. */
int h5_write_span(struct kymo_writer *w, size_t i, const struct kymo_span *span, struct kymo_err *e);

/* What is left in the pack of signal i. */
int h5_flush_pack(struct kymo_writer *w, size_t i, struct kymo_err *e);

/* ---- hdf5_put_events.c: each returns 0 or a negative code with *e set ---- */

#define H5_EVENTS_WAITING 4096        /* most that wait where no samples tell the time */

/* A copy of an event among those that wait, in order of time; KYMO_EDATA where its time or text is none that a recording
 * can have. */
int h5_keep_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e);

/* Writes the first n that wait; and those that no later block can precede. */
int h5_write_events(struct kymo_writer *w, size_t n, struct kymo_err *e);
int h5_write_due_events(struct kymo_writer *w, struct kymo_err *e);

#endif
