/* lib/reader.h - opens any recording, and reads what was asked for: some signals, some stretch of time, some events.
 *
 * A format is one struct kymo_format in one file of formats/; the build collects them, no list is kept by hand. */
#ifndef KYMO_READER_H
#define KYMO_READER_H

#include "lib/input.h"
#include "lib/log.h"
#include "lib/record.h"

struct kymo_check;
struct kymo_identity_rules;
struct kymo_progress;
struct kymo_raw;
struct kymo_writer;

/* What the caller wants of a recording. Zeroed: everything. */
struct kymo_want {
    const char *const *signal;    /* labels, indices or kinds; NULL: all */
    size_t n_signals;
    bool no_samples;              /* events only */
    bool header_only;             /* nothing will be read: where no sample is there at all, that is told, not refused */
    bool from_set, to_set;
    int64_t from_ns, to_ns;       /* samples and events with from <= time < to */
    const char *annotator;        /* event track to read beside or inside the recording ("atr"); NULL: those inside */
    struct kymo_ratio rate;       /* for sources that do not tell; num 0: not told */
    const char *unit;             /* likewise; NULL: not told */
    const char *as;               /* the format, or one of a format's layouts, that it has; NULL: as its beginning shows */
    const struct kymo_patience *patience;   /* who waits for bytes that are not there yet; NULL: nobody. Must stay */
    const struct kymo_raw *raw;   /* what bare samples are (formats/raw.h): nothing is recognised; NULL: no such */
    bool salvage;                 /* for a repair: go on behind damage that else ends reading, where the format can */
    struct kymo_log log;
    struct kymo_progress *progress;   /* where to tell how far reading has come; or NULL */
};

struct kymo_reader {
    /* For commands. */
    struct kymo_header hdr;       /* as delivered: the selected signals only */

    /* For formats. open fills these ... */
    struct kymo_input *in;
    struct kymo_header source;    /* as in the file */
    void *state;
    /* ... and read uses these: */
    size_t *slot;                 /* where a source signal goes in the block, or KYMO_SKIP */
    const struct kymo_want *want;
    char *path;
    const char *inside;           /* place inside a container, "/group", while open runs; or NULL */

    /* For reader.c. */
    const struct kymo_format *format;
    struct kymo_block block;
    struct kymo_want want_copy;
    bool done;
};

#define KYMO_SKIP SIZE_MAX

struct kymo_format {
    const char *name, *about;
    const char *suffix;           /* tried behind an operand that names no file ("100" -> "100.hea"); or NULL */
    const char *const *layouts;   /* what it tells apart by itself, and a caller may name; ends with NULL. Or NULL */
    const char *endings;          /* of files that are written in this format, ".edf", with blanks between; or NULL */

    /* How sure (0..100) that a file of this name that begins with head[n] is of this format. */
    int (*probe)(const unsigned char *head, size_t n, const char *path);

    /* Reads the header from r->in into r->source, allocates r->state. close frees state on every path. */
    int (*open)(struct kymo_reader *r, struct kymo_err *e);

    /* Called once after the selection stands (r->hdr, r->slot); may be NULL. */
    int (*start)(struct kymo_reader *r, struct kymo_err *e);

    /* Fills b, which is clear, and makes room in it with kymo_block_reserve. Returns 1, 0 at the end, or a negative code. */
    int (*read)(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e);

    /* So that the next block is one that holds ns or lies before it. NULL: reads from the start instead. */
    int (*seek)(struct kymo_reader *r, int64_t ns, struct kymo_err *e);

    void (*close)(struct kymo_reader *r);

    /* Finds what is not as the format says, and writes a copy without it: see check.h. in, at the beginning of path, stays
     * the caller's. NULL: kymo check reads the recording to its end; there is no repair. */
    int (*check)(struct kymo_input *in, const char *path, struct kymo_check *c, struct kymo_err *e);
    int (*fix)(struct kymo_input *in, const char *path, const char *copy, struct kymo_check *c, struct kymo_err *e);

    /* Whom the recording is of: see identity.h. hidden tells of texts that open reads over; put_identity writes over the header
     * at path the fields in which after differs from before, and nothing where hidden tells of something. NULL: there are no
     * such texts; the format's headers cannot be changed in place. */
    int (*hidden)(struct kymo_input *in, const char *path, const struct kymo_identity_rules *rules, struct kymo_err *e);
    int (*put_identity)(const char *path, const struct kymo_header *before, const struct kymo_header *after,
                        struct kymo_err *e);

    /* Writing; NULL where the format cannot. See writer.h. create has w->hdr, and w->out, or w->path if makes_files. */
    bool makes_files;
    int (*create)(struct kymo_writer *w, struct kymo_err *e);
    int (*write)(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e);
    int (*write_event)(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e);
    int (*finish)(struct kymo_writer *w, struct kymo_err *e);
    void (*discard)(struct kymo_writer *w);
};

extern const struct kymo_format *const kymo_formats[];   /* generated; ends with NULL */

/* The file that an operand names: itself, or itself with a format's suffix, or what stands before ":/" of a place inside a
 * container ("x.h5:/group": *inside then points at "/group"). Of physionet: it is the URL. malloc'ed; NULL with *e set. */
char *kymo_find_file(const char *path, const char **inside, struct kymo_err *e);

/* The format of an input that is at its beginning, or NULL with *e set. Nothing is taken from the input. */
const struct kymo_format *kymo_recognise(struct kymo_input *in, const char *path, struct kymo_err *e);

/* From now on only the events of this track come, one that r->hdr has; the name must stay. */
void kymo_take_track(struct kymo_reader *r, const char *track);

/* path: a file, a WFDB record, a URL of either (remote.h), "-". want is copied, what it points at must stay. NULL with *e
 * set. */
struct kymo_reader *kymo_open(const char *path, const struct kymo_want *want, struct kymo_err *e);

/* The same on an input that is open already, which the reader then owns, failing or not. */
struct kymo_reader *kymo_open_input(struct kymo_input *in, const char *path, const struct kymo_want *want,
                                    struct kymo_err *e);

/* The next block; *b holds until the next call. Returns 1, 0 at the end, or a negative code. */
int kymo_read(struct kymo_reader *r, struct kymo_block **b, struct kymo_err *e);

void kymo_close(struct kymo_reader *r);   /* NULL is fine */

/* Indices of the signals of h that the texts name, each once, in the order of the texts; a text is an exact label, else
 * a label whatever its case, else an index from 0, else a kind ("ecg"), else several of these with commas between.
 * *pick is malloc'ed, for the caller. KYMO_EUSAGE lists the labels there are. */
int kymo_select(const struct kymo_header *h, const char *const *text, size_t n, size_t **pick, size_t *n_pick,
                struct kymo_err *e);

#endif
