/* cli/noise.h - what the files of kymo noise share. */
#ifndef KYMO_CLI_NOISE_H
#define KYMO_CLI_NOISE_H

#include "algorithms/noise.h"
#include "algorithms/sinc.h"
#include "algorithms/snr.h"
#include "algorithms/stress.h"
#include "lib/command.h"

/* The signals that get noise. */
struct noise_targets {
    size_t *signal, n;            /* indices in the recording's header */
};

/* ---- where the noise of one signal comes from: noise_source.c ---- */

/* Made, or a signal of a recording, from its start and again and again. Zeroed to begin with. */
struct noise_source {
    struct noise *made;
    const char *path;
    size_t pick;                  /* the recording's signal */
    struct kymo_reader *in;
    const double *x;              /* of its present block */
    size_t n, at;
    double last, shift;           /* the sample before; what is added so that a new round goes on from there */
    bool seen, joins;             /* a sample; the next one begins a round */
    struct sinc *sinc;            /* NULL: the rates are the same */
};

/* Signal PICK of the recording at PATH, brought to RATE. rms, where it is not NULL, becomes its R (snr.h), at its own rate. */
int noise_source_record(struct noise_source *s, const char *path, size_t pick, struct kymo_ratio rate, double *rms,
                        struct kymo_err *e);
int noise_source_next(struct noise_source *s, double *x, struct kymo_err *e);
void noise_source_release(struct noise_source *s);

/* ---- how large the beats are: noise_size.c ---- */

/* size[k] becomes the P (snr.h) of target k, over the first normal beats that the recording has marked, else that are found. */
int noise_measure(const struct kymo_call *call, const struct kymo_input_args *in, const struct noise_targets *targets,
                  double *size, struct kymo_err *e);

/* ---- events that tell where noise is: noise_marks.c ---- */

struct noise_marks {
    const struct stress_course *course;
    int track;
    double snr_db;                /* NaN: not told */
    int64_t next;                 /* change of the course */
    bool begun;
};

/* Marks the segments that begin before the end of the block; those that are over when the recording begins are left out. */
int noise_marks_put(struct noise_marks *m, const struct noise_targets *targets, const struct kymo_block *b,
                    struct kymo_writer *out, struct kymo_err *e);

#endif
