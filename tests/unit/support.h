/* tests/unit/support.h - what several unit tests share: bytes, dice, recordings read whole, files, EDF made in memory.
 *
 * Includes cmocka with what it needs. A helper that fails fails the test that called it. */
#ifndef KYMO_TESTS_SUPPORT_H
#define KYMO_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/reader.h"
#include "lib/writer.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* ---- bytes ---- */

struct bytes {
    unsigned char *p;
    size_t n, cap;
};

void put_bytes(struct bytes *b, const void *p, size_t n);
void put_text(struct bytes *b, const char *text);
void put_le(struct bytes *b, uint64_t v, size_t width);   /* the low width bytes */
void bytes_free(struct bytes *b);

/* ---- dice: the same numbers in every run ---- */

struct dice {
    uint64_t state;
};

uint64_t roll(struct dice *d);
uint64_t roll_below(struct dice *d, uint64_t n);
int64_t roll_between(struct dice *d, int64_t least, int64_t most);

/* ---- errors and warnings ---- */

void assert_error(const struct kymo_err *e, int code, const char *part);   /* the text of the chain holds part */

struct warnings {
    int n;
    char text[16][480];
};

struct kymo_log log_to(struct warnings *w, bool strict);
void assert_warned(const struct warnings *w, const char *part);

/* ---- recordings ---- */

/* All samples of one signal, one after another. */
struct trace {
    size_t n, cap;
    int64_t *index, *time_ns;
    int32_t *digital;             /* 0 where the storage is not integer */
    double *physical;
};

/* All of a recording. */
struct taken {
    struct kymo_header hdr;
    struct trace *trace;
    struct kymo_event *event;
    size_t n_events, cap_events, n_segments, n_blocks;
    int64_t segment_ns[64];       /* of the first blocks that began one */
    struct kymo_text_piece *text;
};

/* Reads to the end. Returns what the last kymo_read did: 0, or a negative code with what came before it. */
int take_recording(struct kymo_reader *r, struct taken *t, struct kymo_err *e);
void taken_free(struct taken *t);

void assert_same_samples(const struct taken *a, const struct taken *b);
void assert_same_events(const struct taken *a, const struct taken *b);
void assert_same_header(const struct kymo_header *a, const struct kymo_header *b);

/* Opens bytes as if they came from a file of that name; NULL with *e set. */
struct kymo_reader *open_bytes(const struct bytes *b, const char *name, const struct kymo_want *want, struct kymo_err *e);

/* Opens, reads, closes; 0 or a negative code with *e set. */
int read_bytes(const struct bytes *b, const char *name, const struct kymo_want *want, struct taken *t, struct kymo_err *e);
int read_path(const char *path, const struct kymo_want *want, struct taken *t, struct kymo_err *e);

/* The same through a pipe, which a child fills in pieces of 1..most bytes, each of them a read of its own. */
int read_piped(const struct bytes *b, size_t most, struct dice *d, const struct kymo_want *want, struct taken *t,
               struct kymo_err *e);

/* An event at time_ns of any type and text, its signal and track among those of h, with all that an event can have and
 * every format holds; its sample is none, any, or the one there. ev->text is constant. */
void draw_event(struct kymo_event *ev, const struct kymo_header *h, int64_t time_ns, struct dice *d);

/* ---- files in a folder of their own ---- */

struct folder {
    char path[64];
};

void folder_make(struct folder *f);
void folder_remove(struct folder *f);              /* with its files */
void folder_put(const struct folder *f, const char *name, const void *p, size_t n);
const char *folder_path(const struct folder *f, const char *name, char path[160]);

/* ---- EDF in memory ---- */

struct edf_column {
    const char *label, *transducer, *unit, *phys_min, *phys_max, *dig_min, *dig_max, *prefilter, *samples;
};

/* NULL texts stand for those of a plain file: EDF of 1-second records, no date. */
struct edf_spec {
    bool bdf;
    const char *patient, *recording, *date, *time, *header_bytes, *reserved, *records, *duration, *n_signals;
    size_t n;
    const struct edf_column *column;
};

void put_edf_header(struct bytes *b, const struct edf_spec *s);

/* The text of an annotation signal, padded with zeros to size bytes; "|" stands for 0x14, "^" for 0x15, "~" for 0. */
void put_tals(struct bytes *b, const char *text, size_t size);

#endif
