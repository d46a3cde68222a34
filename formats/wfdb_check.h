/* formats/wfdb_check.h - what the parts of the WFDB checker share: a header as its words (wfdb_words.c), the rules for it
 * (wfdb_check.c), for signal files (wfdb_check_data.c) and annotation files (wfdb_check_annot.c), the repair (wfdb_fix.c). */
#ifndef KYMO_WFDB_CHECK_H
#define KYMO_WFDB_CHECK_H

#include "formats/wfdb_header.h"
#include "lib/check.h"

struct wfdb_word {
    const char *p;
    size_t n;                        /* 0: missing */
};

enum wfdb_number { WFDB_RESOLUTION, WFDB_ZERO, WFDB_INITIAL, WFDB_CHECKSUM, WFDB_BLOCK, WFDB_NUMBERS };

/* A signal line, and what its signal really is. */
struct wfdb_said {
    int line;
    struct wfdb_word file, format, gain, number[WFDB_NUMBERS], description;
    bool has[WFDB_NUMBERS];          /* the number could be read: */
    int64_t value[WFDB_NUMBERS];
    bool usable;                     /* file and format could be read; signal then holds them, */
    struct wfdb_signal signal;       /* skew left out: signals as they are stored */
    bool measured;                   /* over the first n_measured frames: */
    int64_t first;                   /* stored sample */
    uint16_t sum;
};

struct wfdb_part {
    int line;
    struct wfdb_word name, length;
    bool has_length;
    int64_t n_frames;
};

struct wfdb_words {
    const char *path;
    char *text;                      /* of the header file; words point into it */
    size_t n_text;
    int line;                        /* of the record line; 0: there is none */
    struct wfdb_word record, segments, n_signals_word, rate, length, time, date, more;
    int64_t n_signals, n_segments;   /* -1 where they cannot be read; n_segments 0: one segment */
    struct kymo_ratio frame_rate;    /* num 0 where it cannot be read */
    int64_t n_frames;                /* 0 where the header does not tell */
    struct wfdb_said *signal;        /* lines that are there */
    struct wfdb_part *segment;
    size_t n_signal_lines, n_segment_lines, n_more_lines;   /* more: lines behind the last that was announced */
    int first_more;
    int early_comment;               /* the first "#" line between record line and last signal line; 0: none */
    int64_t n_measured;              /* frames that all signal files hold, at most n_frames; -1: not measured */
};

struct wfdb_checker {
    struct kymo_check *c;
    struct kymo_err *e;
    int rc;                          /* as in struct edf_checker */
};

/* Tells a finding: AT is a byte of FILE, a line where it is a header, or -1. Nothing more is told once k->rc is < 0. */
void wfdb_found(struct wfdb_checker *k, enum kymo_severity severity, const char *file, int64_t at, const char *field,
                struct wfdb_word value, const char *fmt, ...) __attribute__((format(printf, 7, 8)));

/* Splits the header file into words. Returns 0 or a negative code: only reading and memory can fail. */
int wfdb_words_read(struct kymo_input *in, const char *path, struct wfdb_words *w, struct kymo_err *e);
void wfdb_words_release(struct wfdb_words *w);

/* The rules for single words of record and signal lines; fills in the values. In a layout header, signals have the file "~". */
void wfdb_check_words(struct wfdb_checker *k, struct wfdb_words *w, bool is_layout);

/* Signal files: there, of the right length, with the checksums and initial values that the header tells. */
void wfdb_check_signals(struct wfdb_checker *k, struct wfdb_words *w);

/* Annotation files beside the header. */
void wfdb_check_annotations(struct wfdb_checker *k, const struct wfdb_words *w);

int wfdb_check(struct kymo_input *in, const char *path, struct kymo_check *c, struct kymo_err *e);
int wfdb_fix(struct kymo_input *in, const char *path, const char *copy, struct kymo_check *c, struct kymo_err *e);

/* The name of a header file without folder and ".hea": a view. */
struct wfdb_word wfdb_record_of(const char *path);

#endif
