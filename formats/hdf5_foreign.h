/* formats/hdf5_foreign.h - what the readers of HDF5 files not of our layout share; hdf5_foreign.c tells who does what. */
#ifndef KYMO_HDF5_FOREIGN_H
#define KYMO_HDF5_FOREIGN_H

#include "formats/hdf5_reader.h"
#include "lib/json.h"

/* What is looked for. */
enum h5_subject {
    H5_RATE, H5_UNIT, H5_SCALE, H5_GAIN, H5_OFFSET, H5_BASELINE, H5_MISSING, H5_START, H5_LABELS, H5_TIME_AXIS, H5_DIMENSIONS,
    H5_FACTS
};

/* What was found about a subject. */
struct h5_fact {
    struct h5_value v;            /* n is 0 where nothing was found */
    char from[200];               /* "attribute fs of /ecg" */
};

struct h5_foreign {
    struct kymo_reader *r;
    hid_t file;
    bool alone;                   /* the dataset was named: what is wrong with it is an error, else it is left out */
    int64_t *start_s, *start_ns;  /* of each set: seconds since 1970 (KYMO_UNKNOWN: not told), and ns behind that */
    size_t n_starts;
};

/* What a dataset is made of. */
struct h5_shape {
    int rank;
    hsize_t size[2];
    enum kymo_storage storage;
    bool is_record, can_miss;
    json_t *columns;              /* of .meta, or NULL */
};

/* A note of the header. Returns 0 or a negative code. */
int h5_note(const struct h5_foreign *f, struct kymo_err *e, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* ---- hdf5_facts.c ---- */

/* Whether a name is, but for case and punctuation, that word. */
bool h5_is_word(const char *name, const char *word);

/* Looks for what is told of the dataset at path; found->v.n stays 0 where there is nothing, else found->v is to be released. */
void h5_find_fact(const struct h5_foreign *f, const char *path, enum h5_subject subject, struct h5_fact *found);

/* The JSON of attribute .meta, for the caller; and a view of what an object of it tells, and under which name. NULL: none. */
json_t *h5_load_meta(hid_t at);
const json_t *h5_json_fact(const json_t *object, enum h5_subject subject, const char **name);

/* The value for column c of n: one for all of them, or one each. False, or "", where there is none. */
bool h5_number_of(const struct h5_fact *found, size_t c, size_t n, double *x);
const char *h5_text_of(const struct h5_fact *found, size_t c, size_t n);

/* ---- hdf5_times.c ---- */

/* Returns 1, 0 where nothing tells the rate, or a negative code. */
int h5_take_rate(const struct h5_foreign *f, const char *path, struct kymo_ratio *rate, struct kymo_err *e);

/* When set i, the one at path, begins, into f; and when all sets are known, into the sets and the header. */
int h5_take_start(struct h5_foreign *f, const char *path, size_t i, struct kymo_err *e);
int h5_align_sets(struct h5_foreign *f, struct kymo_err *e);

/* ---- hdf5_columns.c ---- */

/* Why a dataset cannot be read as signals, or NULL with *shape filled in; shape->columns is to be released in any case. */
const char *h5_look_at(hid_t set, struct h5_shape *shape);

/* Appends the set and its signals. */
int h5_add_dataset(struct h5_foreign *f, const char *path, hid_t id, const struct h5_shape *shape, struct kymo_ratio rate,
                   struct kymo_err *e);

#endif
