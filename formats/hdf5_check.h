/* formats/hdf5_check.h - what the parts of the HDF5 checker share: the file as such (hdf5_check.c), the rules of our own layout
 * (hdf5_check_own.c, hdf5_check_events.c), what is taken of other files (hdf5_check_foreign.c), and the repair (hdf5_fix.c). */
#ifndef KYMO_HDF5_CHECK_H
#define KYMO_HDF5_CHECK_H

#include "formats/hdf5_reader.h"
#include "lib/check.h"

struct h5_checker {
    const char *path;
    struct kymo_input *in;
    struct kymo_check *c;
    struct kymo_err *e;
    int rc;                       /* what the first finding that could not be told returned; nothing is told after it */
    hid_t file;
    int64_t base;                 /* byte of the file that HDF5 counts addresses from */
};

/* Where a finding is: object "/signals/ECG" (its path, or ""), the byte of its header or -1, and an attribute or "". */
struct h5_place {
    const char *object;
    int64_t offset;
    const char *attribute;
};

void h5_found(struct h5_checker *k, enum kymo_severity severity, struct h5_place at, const char *value, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* A warning of the reader's, about the file as a whole. */
void h5_found_warning(struct h5_checker *k, enum kymo_severity severity, const char *text);

/* An object that is open under that path, and one of its attributes. */
struct h5_place h5_place_of(const struct h5_checker *k, hid_t object, const char *path);
struct h5_place h5_attribute_of(struct h5_place object, const char *name);

/* What the library says of a call that just failed; terminated. */
void h5_words(char *text, size_t cap);

/* ---- hdf5_check_attributes.c ---- */

enum h5_form { H5_RULE_INTEGER, H5_RULE_NUMBER, H5_RULE_TEXT };

/* What an attribute has to be. Numbers are least..most; of texts there is nothing more to say here. */
struct h5_rule {
    const char *name;
    enum h5_form form;
    bool needed;
    double least, most;
};

/* What it was found to be. */
struct h5_got {
    bool there;                       /* and of the right form */
    int64_t i;
    double x;
    char text[48];
};

const char *h5_show_number(double x, char *text, size_t cap);   /* as a finding's value: all 17 digits */

/* Each attribute of an object that is open against rule[n], into got[n]; others than these are notes. Returns false where the
 * object's header is damaged: nothing of it can be told then. */
bool h5_check_attributes(struct h5_checker *k, hid_t object, struct h5_place place, const struct h5_rule *rule, size_t n,
                         struct h5_got *got);

/* ---- files of our own layout, and of others ---- */

void h5_check_own(struct h5_checker *k);

/* The length of a list of texts that need not be there. */
#define H5_UNREADABLE ((hsize_t)INT64_MAX)   /* of one that is damaged: whatever points into it may be right */
hsize_t h5_check_texts(struct h5_checker *k, const char *path);

/* Of a recording that ends at end_ns, <= 0: not known. Returns whether there is a list of events, *n long. */
bool h5_check_events(struct h5_checker *k, size_t n_signals, int64_t end_ns, hsize_t *n);

void h5_check_foreign(struct h5_checker *k);

int hdf5_check(struct kymo_input *in, const char *path, struct kymo_check *c, struct kymo_err *e);
int hdf5_fix(struct kymo_input *in, const char *path, const char *copy, struct kymo_check *c, struct kymo_err *e);

#endif
