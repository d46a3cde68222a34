/* formats/edf_plan.h - what the EDF writer finds out about a recording while its samples come in (edf_writer.c), what it makes
 * of that when all of them are there (edf_plan.c), and then writes by (edf_put.c). */
#ifndef KYMO_EDF_PLAN_H
#define KYMO_EDF_PLAN_H

#include "formats/edf_layout.h"
#include "formats/reals.h"
#include "lib/spool.h"

/* What is known of a signal, and where its samples stand in a data record. */
struct column {
    int64_t per_period;
    int64_t segment_first, first, next;  /* of the segment that is coming in; first and next from segment_first on */
    int64_t n_missing, n_samples;
    int32_t seen_min, seen_max;
    struct reals reals;                  /* values seen, where the storage is not integer */
    bool from_values;                    /* the integers are made of them, by limits */
    struct edf_limits limits;
    int32_t padding;
    size_t per_record, at;
    int64_t pos;                         /* sample in the segment that comes next */
};

/* Times are the recording's; "periods" are edf_period's. */
struct segment {
    int64_t origin_ns;                   /* its time 0, to which indices refer */
    int64_t start_ns, skipped;           /* first data record, so many periods behind the origin */
    int64_t periods;                     /* up to the end of the last sample */
    int64_t from_ns, to_ns;              /* samples lie in from <= time < to */
    int64_t last_ns;                     /* time of the last */
    int64_t n_samples;                   /* of all signals */
    bool late, uneven;                   /* not all begin with the first record; not all end with the last period */
    bool ragged;                         /* from and to do not tell which samples there are */
};

struct annotation {
    struct kymo_event ev;                /* in the recording's time and samples */
    size_t order;                        /* of arrival */
    char *text;                          /* the event's, and at the end the annotation's */
};

struct edf_writer {
    bool bdf, plus, padded;
    size_t width;
    int32_t least, most;                 /* integers that a sample can be */
    struct kymo_ratio period;
    struct column *column;
    bool in_segment;
    struct segment *segment;
    size_t n_segments;
    struct annotation *annotation;
    size_t n_annotations, next_annotation;
    char *tracks;                        /* the mark that names them, or NULL */
    size_t n_cleaned, n_infinite;        /* events with control characters in their texts, or infinite values */
    int64_t common;                      /* divides the periods of all segments; -1: one has no whole number of them */
    struct edf_duration duration;
    int64_t duration_ns, n_records;
    struct kymo_start start;
    int64_t fraction_ns;                 /* of the start behind the full second: onset of the first record */
    size_t record_bytes, tal_bytes;
    unsigned char *window, *blank, *tals;/* data records that are being filled; one with padding alone */
    int64_t window_first;
    size_t n_window, cap_window;
    struct kymo_output *out;
    struct kymo_spool *spool;
};

static inline int64_t llmin(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t llmax(int64_t a, int64_t b) { return a > b ? a : b; }
static inline const char *edf_name(const struct edf_writer *s) { return s->bdf ? "BDF" : "EDF"; }
static inline int64_t floor_divide(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

static inline int64_t edf_records_of(const struct edf_writer *s, const struct segment *g)
{
    return -floor_divide(-g->periods, s->duration.periods);
}

static inline bool edf_pads_end(const struct edf_writer *s, const struct segment *g)
{
    return g->uneven || g->periods % s->duration.periods != 0;
}

static inline struct segment *last_segment(struct edf_writer *s) { return &s->segment[s->n_segments - 1]; }

static inline int edf_no_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to write EDF"); }

/* Time of so many periods. */
static inline int64_t edf_periods_ns(const struct edf_writer *s, int64_t n)
{
    const struct kymo_ratio per_s = {s->period.den, s->period.num};

    return kymo_time_of(per_s, n);
}

/* From segments, columns and annotations that are complete: limits, texts, data records, start, whether it is plain EDF. What
 * cannot be is told by edf_lose. Returns 0 or a negative code. */
int edf_make_plan(struct kymo_writer *w, struct kymo_err *e);

/* What EDF cannot hold: a warning if the writer may lose it, else KYMO_EDATA. */
int edf_lose(const struct kymo_writer *w, struct kymo_err *e, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
