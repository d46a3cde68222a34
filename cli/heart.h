/* cli/heart.h - a recording's heart, read as a whole: its beats, each with a portrait where there is an ECG, its gaps and its
 * stretches of noise. For commands that judge a beat by all the others: kymo beats, kymo rhythm.
 *
 * Beats are given, or found. They are given where -a names an event track, where the recording has a track and no ECG (a table
 * of events, annotations without signals), and where a kymo stream brings a track of beats from kymo qrs or kymo beats. Else
 * the detector (cli/detector.h) finds them. */
#ifndef KYMO_CLI_HEART_H
#define KYMO_CLI_HEART_H

#include "algorithms/portrait.h"
#include "cli/detector.h"

struct heart_beat {
    int64_t time_ns, sample;      /* sample: as an event has it */
    float quality;                /* of the detector, 0..1; NaN where the beat is given */
    float score;                  /* its event's value; NaN: none */
    int signal;                   /* as an event has it */
    unsigned char given;          /* WFDB code that it came with (lib/vocabulary.h); 1, N, from the detector */
    bool from_pulse;              /* a pulse signal stood in for the ECG: no portrait */
    bool after_break;             /* a gap, or fibrillation that is marked, lies between the beat before and it */
};

/* A gap, or a stretch of noise, or another event of a given track that is no beat. */
struct heart_span {
    int64_t time_ns, duration_ns;
    char type[16];
};

struct heart {
    struct kymo_header hdr;       /* of the recording, all tracks */
    struct heart_beat *beat;
    struct portrait *portrait;    /* portrait[n], or NULL where there is no ECG */
    size_t n, n_leads;            /* beats; leads in the portraits */
    size_t lead[PORTRAIT_LEADS];  /* which signals they are */
    struct heart_span *span;      /* in order of time */
    size_t n_spans;
    int64_t end_ns;               /* time behind the last sample; where there are none, of the last beat */
    bool found;                   /* by the detector; else given */
    size_t cap_beats, cap_portraits, cap_spans;   /* for heart.c */
};

/* What else looks at the samples while they pass, for kymo rhythm. */
struct heart_tap {
    int (*block)(void *self, struct kymo_block *b, struct kymo_err *e);   /* each block, in order; 0 or a negative code */
    void *self;
};

struct heart_args {
    struct kymo_input_args in;
    struct detector_args detector;
    bool no_portraits;            /* a caller that wants times alone */
    bool all_signals;             /* also those that are not asked for are read, for the tap */
    bool find;                    /* the detector finds them, whatever a stream brings; but for -a */
    const struct heart_tap *tap;  /* or NULL */
    struct kymo_reader *opened;   /* the operand, if it is open already: becomes the heart's; or NULL */
};

#define HEART_OPTS(type, field) \
    KYMO_OPTS_SIGNAL(type, field.in), KYMO_OPTS_RANGE(type, field.in), KYMO_OPTS_ANNOTATOR(type, field.in), \
    DETECTOR_OPTS(type, field.detector)

/* Whether kymo has been over in already: the track beats, or else qrs, is then the only one whose events come. */
bool heart_takes_own_track(struct kymo_reader *in);

/* Reads the call's operand to its end. *h is zeroed memory, and to be released whatever comes back: 0 or a negative code. */
int heart_read(const struct kymo_call *call, const struct heart_args *args, struct heart *h, struct kymo_err *e);
void heart_release(struct heart *h);

#endif
