/* formats/hdf5_file.h - the one place that includes hdf5.h: what reading and writing HDF5 share.
 *
 * The HDF5 library is first called when an HDF5 file is opened or made. A function that fails leaves the cause in *e, made
 * of the library's innermost message; nothing is printed between h5_quiet and h5_loud. */
#ifndef KYMO_HDF5_FILE_H
#define KYMO_HDF5_FILE_H

#include "lib/reader.h"

#include <hdf5.h>

#define H5_VERSION_OURS 1
#define H5_INDEX_LIMIT (INT64_C(1) << 52)   /* 10^15 samples: index arithmetic cannot overflow */
#define H5_TIME_LIMIT (INT64_C(1) << 60)    /* 36 years in ns, likewise */
#define H5_TEXT_LIMIT ((size_t)1 << 24)      /* bytes of one event's text */
#define H5_CHUNK_LIMIT ((uint64_t)1 << 30)   /* bytes of a chunk that are decoded at once */
#define H5_EVENT_BATCH 1024                 /* events read or written at once */

static inline bool h5_is_time(int64_t ns) { return ns >= -H5_TIME_LIMIT && ns <= H5_TIME_LIMIT; }
static inline bool h5_is_index(int64_t i) { return i >= -H5_INDEX_LIMIT && i <= H5_INDEX_LIMIT; }

/* The library's own printing of errors: off, and as it was. */
struct h5_quiet {
    H5E_auto2_t print;
    void *to;
};
void h5_quiet(struct h5_quiet *q);
void h5_loud(const struct h5_quiet *q);

/* "FILE:OBJECT: WHAT: what the library says"; KYMO_EIO where the system said no, else KYMO_EFORMAT. */
int h5_fail(struct kymo_err *e, const char *path, const char *object, const char *what);

/* The same without the library's words: a fact about an object. */
int h5_fail_at(struct kymo_err *e, enum kymo_code code, const char *path, const char *object, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* Between a failure and h5_fail, every call to the library would clear its words: hold keeps them (ok: does nothing), put_back
 * brings them back behind the closing of this and that. */
hid_t h5_hold(bool ok);
void h5_put_back(hid_t held);

/* Opens for reading the file at path, or what an input in memory holds; < 0 where the library fails. */
hid_t h5_open_input(struct kymo_input *in, const char *path);

bool h5_is_ours(hid_t file);   /* says that it is of our own layout */

/* What an attribute or a small dataset holds: numbers or texts. */
struct h5_value {
    size_t n;
    bool is_text, is_single;      /* single: 32-bit floats, exact to 7 digits */
    double *real;                 /* n of them, or NULL */
    char **text;                  /* n of them, or NULL */
};

/* Reads what an attribute (is_set false) or a dataset holds. Returns 1, 0 where it is neither numbers nor texts or is more
 * than limit items, or a negative code without a cause in any chain. */
int h5_value_read(hid_t id, bool is_set, size_t limit, struct h5_value *v);
void h5_value_release(struct h5_value *v);

/* Attributes of our own layout. get: absent leaves *value, another type is KYMO_EFORMAT. put: "" is not written. */
int h5_get_int(hid_t at, const char *name, int64_t *value, struct kymo_err *e);
int h5_get_real(hid_t at, const char *name, double *value, struct kymo_err *e);
int h5_get_text(hid_t at, const char *name, const char **text, struct kymo_header *h, struct kymo_err *e);
bool h5_put_int(hid_t at, const char *name, int64_t value);
bool h5_put_real(hid_t at, const char *name, double value);
bool h5_put_text(hid_t at, const char *name, const char *text);

hid_t h5_text_type(size_t width);   /* UTF-8, padded with zeros to width >= 1 bytes; the caller closes it */

/* One event as memory holds it, and the type that says so; the caller closes it. */
struct h5_event {
    int64_t time_ns, duration_ns, sample, text_at;   /* its text is text_bytes bytes of /event_texts from there on */
    double value;
    int32_t signal, track, subtype, num, text_bytes;
    char type[16];
};
hid_t h5_event_type(bool in_file);

/* The rectangle of RANK dimensions that begins at first[rank] and has count[rank] items; false where the library fails. */
bool h5_read_part(hid_t set, hid_t mem, int rank, const hsize_t *first, const hsize_t *count, void *items);

/* Items [first, first + n) of a 1-D dataset; the same, written behind those there are. */
bool h5_read_items(hid_t set, hid_t mem, hsize_t first, hsize_t n, void *items);
bool h5_append_items(hid_t set, hid_t mem, hsize_t at, hsize_t n, const void *items);

/* Items of a 1-D dataset that damage takes together: its chunks, or a part of a dataset that has none. 0: more than can be. */
size_t h5_piece_of(hid_t set);

/* A file for writing, through a driver that reports no failure to the library: cause is the errno of the first, or 0. The
 * descriptor and the struct must stay until the file is closed. path is only a name. */
struct h5_disk {
    int fd, cause;
};
hid_t h5_disk_create(struct h5_disk *disk, const char *path);

#endif
