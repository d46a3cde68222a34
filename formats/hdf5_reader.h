/* formats/hdf5_reader.h - what an HDF5 file holds, as a list of datasets, each of one signal or of several that share a rate.
 *
 * hdf5_own.c fills the list from our own layout (kymo-hdf5(5)), hdf5_foreign.c from anybody else's; hdf5.c reads it,
 * samples through hdf5_samples.c, events through hdf5_events.c. */
#ifndef KYMO_HDF5_READER_H
#define KYMO_HDF5_READER_H

#include "formats/hdf5_file.h"

/* Of a dataset's n_columns signals, as far as floats and missing values are concerned. */
struct h5_column {
    double scale, offset;         /* value = stored * scale + offset; of floats only, integers go by the header */
    bool can_miss;
    double missing;               /* the stored value that means no sample */
};

struct h5_set {
    char *path;
    hid_t id;                     /* -1: not open */
    hid_t mem;                    /* how samples are read: native int16, int32, float, double, or a record of doubles */
    size_t width;                 /* bytes of one sample in mem */
    bool is_record;               /* columns are members of a compound type: mem is ours to close */
    bool time_second;             /* 2-D: each row is a signal */
    int rank;
    enum kymo_storage storage;
    struct kymo_ratio rate;
    hsize_t n;                    /* samples of each signal */
    size_t n_columns, signal;     /* source signals signal .. signal + n_columns - 1 */
    struct h5_column *column;
    size_t table_column;          /* of our own layout: its place in the segment tables */
    /* The segment that is being read: sample at is index first + (at - offset). */
    int64_t origin, first;        /* indices of the segment, and of the first sample that is there */
    hsize_t offset, at, end;      /* places in the dataset */
};

struct h5_tables {                /* of our own layout; -1 in time: there is one segment, which the sets tell */
    hid_t time, origin, first, offset, events, texts;
    hsize_t n_segments, n_columns, n_events, n_text_bytes;
};

struct h5_reader {
    hid_t file;
    struct h5_set *set;
    size_t n_sets, cap_sets;
    size_t n_wanted;              /* those that samples are wanted of: the first ones, once reading starts */
    struct h5_tables tables;
    /* Reading. */
    hsize_t segment;              /* the one that is being read */
    bool in_segment, new_segment;
    int64_t segment_ns, block_ns;
    int64_t *row;                 /* four rows of the tables: index, first, offset, next offset */
    void *raw;                    /* samples as the library gives them */
    size_t cap_raw;
    hid_t event_mem;
    struct h5_event *event;       /* H5_EVENT_BATCH of them */
    hsize_t next_event;           /* in the dataset, behind those in event */
    size_t n_event, at_event;
};

/* Appends a set with default values; NULL with *e set. */
struct h5_set *h5_add_set(struct h5_reader *s, const char *path, size_t n_columns, struct kymo_err *e);

/* Fills r->source and the list. */
int h5_open_own(struct kymo_reader *r, struct kymo_err *e);
int h5_open_foreign(struct kymo_reader *r, struct kymo_err *e);

/* The index of the set's next sample in the segment that is being read. */
static inline int64_t h5_next_index(const struct h5_set *set) { return set->first + (int64_t)(set->at - set->offset); }

/* The set's samples before end_ns from the segment's begin into the spans of b; where they are damaged and the reader is to
 * salvage, what can be read of them. Returns 0 or a negative code. */
int h5_fill_set(struct kymo_reader *r, struct h5_set *set, int64_t end_ns, struct kymo_block *b, struct kymo_err *e);

/* The events before ns, as far as the block has room. Returns how many it has, or a negative code. */
int h5_take_events(struct kymo_reader *r, int64_t ns, struct kymo_block *b, struct kymo_err *e);

bool h5_is_time_name(const char *name);   /* "Time", "time_stamp" ... */

/* Whether a dataset of our own layout is a list of the type that its storage says. */
bool h5_holds_storage(hid_t set, enum kymo_storage storage);

/* The native type to read a storage by, and its width. */
void h5_set_storage(struct h5_set *set, enum kymo_storage storage);

#endif
