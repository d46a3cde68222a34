/* lib/record.h - a recording: its header, its blocks of samples, its events.
 *
 * Time is int64_t nanoseconds since the start of the recording. Each signal has its own exact rate and its own sample
 * index, which counts on the grid of the recording's start: where nothing is missing, sample i is at i / rate. After a
 * gap a new segment begins, at any time, on or off that grid: sample i of it is at
 *     segment time + (i - index of the segment's first sample) / rate.
 * Samples that the source holds as integers stay integers (digital) until somebody asks for physical values:
 *     physical = (digital - baseline) / gain, in the signal's unit. */
#ifndef KYMO_RECORD_H
#define KYMO_RECORD_H

#include "lib/err.h"
#include "lib/text.h"

#define KYMO_NS_PER_S INT64_C(1000000000)
#define KYMO_MISSING INT32_MIN        /* a digital value: no sample here; its physical value is NaN */
#define KYMO_UNKNOWN INT64_MIN        /* a time or a length that the source does not tell */
#define KYMO_MAX_SIGNALS 65536
#define KYMO_LEAST_LATENCY_NS (KYMO_NS_PER_S / 100)
#define KYMO_MOST_LATENCY_NS (3600 * KYMO_NS_PER_S)

enum kymo_kind {
    KYMO_OTHER, KYMO_ECG, KYMO_ABP, KYMO_PPG, KYMO_SPO2, KYMO_RESP, KYMO_EEG, KYMO_EOG, KYMO_EMG, KYMO_PULSE_RATE,
    KYMO_PRESSURE, KYMO_TEMPERATURE, KYMO_GLUCOSE, KYMO_TRIGGER, KYMO_KINDS
};

enum kymo_storage { KYMO_I16, KYMO_I24, KYMO_I32, KYMO_F32, KYMO_F64, KYMO_STORAGES };   /* what the source holds */

struct kymo_signal {
    const char *label, *unit;               /* never NULL; unit "" where none is given */
    const char *transducer, *prefilter;     /* as the file says */
    enum kymo_kind kind;
    struct kymo_ratio rate;                 /* samples per second */
    enum kymo_storage storage;
    bool calibrated;                        /* false: the source does not tell; values are in the format's default */
    bool can_miss;                          /* integers may be KYMO_MISSING */
    double gain, baseline;                  /* digital per unit; digital value of 0 units; gain may be negative */
    double digital_min, digital_max;        /* limits of the converter, NaN where unknown */
    int64_t n_samples;                      /* in all, or KYMO_UNKNOWN, as in a part of a recording */
};

/* Zone-less local time, as far as the file tells. */
struct kymo_start {
    bool has_date, has_time;
    int year, month, day;
    int64_t time_ns;                        /* since midnight */
};

struct kymo_subject {
    const char *id, *name, *sex, *birth;    /* "" where unknown; birth as dd-MMM-yyyy */
};

struct kymo_header {
    const char *record, *format;            /* name of the recording and of the format it came from */
    struct kymo_start start;
    struct kymo_subject subject;
    const char *recording;                  /* who recorded it and with what, as the file says */
    int64_t duration_ns;                    /* from time 0 to the end of what is read, or KYMO_UNKNOWN */
    int64_t latency_ns;                     /* live: a stream is cut and sent at multiples of it; 0: no stream that waits */
    int64_t event_delay_ns;                 /* live: events come at most so long after their samples; 0: not told */
    size_t n_signals, n_tracks, n_history, n_notes;
    struct kymo_signal *signal;
    const char **track;                     /* names of the event tracks */
    const char **history;                   /* a line for each command that it passed through, oldest first */
    const char **note;                      /* free text of the source */
    struct kymo_text_piece *text;           /* owns all strings above */
};

/* A zeroed header with "" for all texts. init cannot fail; release is for init'ed headers, and leaves an init'ed one. */
void kymo_header_init(struct kymo_header *h);
void kymo_header_release(struct kymo_header *h);

/* to becomes a deep copy of from, its signals those of pick[n_pick] (NULL: all). to must be init'ed. */
int kymo_header_copy(struct kymo_header *to, const struct kymo_header *from, const size_t *pick, size_t n_pick,
                     struct kymo_err *e);

/* Appends a signal with default values (16-bit, uncalibrated, length unknown) and returns it; NULL with *e set. The
 * pointer holds until the next signal is added. */
struct kymo_signal *kymo_header_signal(struct kymo_header *h, struct kymo_err *e);

/* text[n], trimmed, as UTF-8 owned by the header; NULL with *e set where memory ends. */
const char *kymo_header_text(struct kymo_header *h, const char *text, size_t n, struct kymo_err *e);

int kymo_header_add_track(struct kymo_header *h, const char *name, struct kymo_err *e);   /* its index, or < 0 */
int kymo_header_add_history(struct kymo_header *h, const char *line, struct kymo_err *e);
int kymo_header_add_note(struct kymo_header *h, const char *text, size_t n, struct kymo_err *e);

const char *kymo_kind_name(enum kymo_kind k);                   /* "ecg" */
enum kymo_kind kymo_kind_of(const char *label, const char *unit);   /* by the usual names, OTHER where unsure */
enum kymo_kind kymo_kind_named(const char *name);               /* KYMO_KINDS where there is none of that name */
double kymo_millivolts(const char *unit);                       /* in one of the unit; 1 of one that is no voltage */
const char *kymo_storage_name(enum kymo_storage s);             /* "i16" */
size_t kymo_storage_bytes(enum kymo_storage s);
bool kymo_storage_is_integer(enum kymo_storage s);

/* "2001-02-28T23:15:00.5", "23:15:00", "2001-02-28" or "" into out; cap >= 48. */
void kymo_start_text(const struct kymo_start *s, char *out, size_t cap);

/* Time of sample i at rate since sample 0, to the nearest ns, and the first index at or after a time. */
int64_t kymo_time_of(struct kymo_ratio rate, int64_t i);
int64_t kymo_index_at(struct kymo_ratio rate, int64_t ns);

struct kymo_event {
    int64_t time_ns;
    int64_t duration_ns;          /* 0: a moment; KYMO_UNKNOWN: not told */
    int64_t sample;               /* at the rate of its signal (or of the recording), or KYMO_UNKNOWN */
    int signal;                   /* index in the header, or -1 */
    int track;                    /* index in the header's tracks */
    int subtype, num;             /* of WFDB annotations: of the type, and of the annotator; 0 elsewhere */
    char type[16];                /* a WFDB mnemonic ("N", "V", "+") or a word of ours ("gap"); see kymo-events(5) */
    double value;                 /* NaN: none */
    const char *text;             /* never NULL; view, owner says until when */
};

bool kymo_has_track(const struct kymo_header *h, const char *name);      /* of events */
bool kymo_has_kind(const struct kymo_header *h, enum kymo_kind kind);   /* among its signals */
size_t kymo_slowest_signal(const struct kymo_header *h);   /* the first of them; h has signals */

/* The rate at which an event of that signal counts samples; one of no signal (-1) counts at the lowest rate of all. num is
 * 0 where there are no signals. */
struct kymo_ratio kymo_event_rate(const struct kymo_header *h, int signal);

/* One signal's part of a block. */
struct kymo_span {
    int64_t first;                /* index of its first sample */
    int64_t segment_first;        /* index at which the segment began */
    size_t n;
    int32_t *digital;             /* n integers, if the storage is integer */
    double *physical;             /* n values in the signal's unit if the storage is not, or after kymo_physical */
    bool has_physical;
    size_t cap;                   /* of both arrays */
};

/* A stretch of time: each signal brings the samples whose time lies in it, some perhaps none, all of one segment. */
struct kymo_block {
    const struct kymo_header *hdr;
    bool new_segment;             /* what comes before it is missing: start anew */
    int64_t segment_ns;           /* when the segment began */
    struct kymo_span *span;       /* one for each signal of hdr */
    size_t n_events, cap_events;
    struct kymo_event *event;     /* events that became known with this block, in order of time */
    struct kymo_text_piece *text; /* owns the events' texts */
};

/* h stays the caller's, and must stay as it is while the block is used. Neither fails. */
void kymo_block_init(struct kymo_block *b, const struct kymo_header *h);
void kymo_block_release(struct kymo_block *b);
int kymo_block_reserve(struct kymo_block *b, size_t signal, size_t n, struct kymo_err *e);   /* room for n samples */
void kymo_block_clear(struct kymo_block *b);   /* no samples, no events, same segment */

/* Appends an event; its text is copied. Returns 0 or a negative code. */
int kymo_block_event(struct kymo_block *b, const struct kymo_event *ev, struct kymo_err *e);

/* The signal's samples in its unit, NaN for missing ones; converted once, valid as long as the block. */
const double *kymo_physical(struct kymo_block *b, size_t signal);

/* digital[n] -> physical[n]. */
void kymo_calibrate(const struct kymo_signal *s, const int32_t *digital, size_t n, double *physical);

int64_t kymo_block_time(const struct kymo_block *b, size_t signal, int64_t sample);   /* in ns */
bool kymo_block_has_samples(const struct kymo_block *b);                              /* of any signal */

/* Copies text[n] into a chain of pieces that is freed at once. NULL where memory ends. */
char *kymo_text_keep(struct kymo_text_piece **chain, const char *text, size_t n);
void kymo_text_free(struct kymo_text_piece **chain);

#endif
