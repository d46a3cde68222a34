/* cli/review.h - a recording read for its quality: every signal in windows, each measured and judged, and what can be told of
 * the whole. The measures are in algorithms/quality_*.h; beats and gaps come by cli/heart.h. */
#ifndef KYMO_CLI_REVIEW_H
#define KYMO_CLI_REVIEW_H

#include "algorithms/quality_verdict.h"
#include "cli/heart.h"

#define REVIEW_LEAST_S 2.0
#define REVIEW_MOST_S 300.0

struct review_window {
    int64_t from_ns, to_ns;
    struct quality_window measured;
    struct quality_judgement judged;
};

struct review_signal {
    enum quality_kind kind;
    bool can_beat;                /* its beats, or pulses, are looked for */
    double mv;                    /* millivolts, or mmHg of a pressure, in its unit; NaN: not known */
    int64_t n_valid;              /* samples that are there, */
    double n_expected;            /* of so many that its rate and the recording's duration ask for */
    struct review_window *window;
    size_t n, cap;
};

struct review {
    struct heart heart;           /* its header is that of the signals reviewed */
    struct review_signal *signal; /* one for each signal of the header */
    int64_t window_ns, from_ns, end_ns;   /* of the first sample; behind the last one */
    int64_t gap_ns;               /* between segments, in all */
    size_t n_gaps;
    /* Products of the slopes of I, II and III, summed, and which signals these are. */
    struct { bool seen; double gram[3][3]; size_t of[3]; } limbs;
};

struct review_args {
    struct kymo_input_args in;
    double window_s;
    bool fast;
};

/* Reads the call's operand to its end. *r is zeroed memory, and to be released whatever comes back: 0 or a negative code. */
int review_read(const struct kymo_call *call, const struct review_args *args, struct review *r, struct kymo_err *e);
void review_release(struct review *r);

/* ---- of the whole, review_whole.c ---- */

struct review_sum {
    enum quality_verdict verdict;
    size_t n, of[QUALITY_VERDICTS];         /* windows, by verdict */
    size_t reason[QUALITY_CAUSES];          /* windows that have it, good ones left out */
    double quality;                         /* median */
};

/* Of one signal, and of the recording: at each time of the best of its ECGs; of its pulse signals where there is none; then of
 * other waves, then of numbers. */
int review_sum_signal(const struct review *r, size_t signal, struct review_sum *out, struct kymo_err *e);
int review_sum_best(const struct review *r, struct review_sum *out, struct kymo_err *e);

/* Stretches of time in which every ECG is unusable, in order. *span is malloc'ed, for the caller. */
struct review_span {
    int64_t from_ns, to_ns;
    uint32_t reasons;
};

/* The stretches whose windows are of no use, as events noise, in order: *span is malloc'ed. 0 or KYMO_ENOMEM. */
int review_noise(const struct review *r, struct review_span **span, size_t *n, struct kymo_err *e);

enum review_number {
    REVIEW_FLAT, REVIEW_CLIPPED, REVIEW_RATE, REVIEW_AMPLITUDE, REVIEW_SNR, REVIEW_MAINS, REVIEW_MAINS_HZ, REVIEW_WANDER,
    REVIEW_MUSCLE, REVIEW_SPIKES, REVIEW_SSQI, REVIEW_KSQI, REVIEW_PSQI, REVIEW_BASSQI, REVIEW_BSQI, REVIEW_TEMPLATE, REVIEW_UP,
    REVIEW_WIDTH, REVIEW_JSQI, REVIEW_MEAN, REVIEW_NUMBERS
};

/* A number of one window, whatever the kind of its signal; NaN where it has none. */
double review_number(const struct review_signal *s, const struct review_window *w, enum review_number which);

/* Median over the windows that have it; of FLAT, CLIPPED and SPIKES the mean. */
double review_middle(const struct review_signal *s, enum review_number which, double *work);

/* "ECG II", "Lead II" and "ii" are II: where in the label what counts begins; letters count whatever their case. */
const char *review_plain_label(const char *label);

/* What is strange about a signal (or, signal = n_signals, about the recording), in words with semicolons between: into
 * text[cap]. */
int review_notes(const struct review *r, size_t signal, char *text, size_t cap, struct kymo_err *e);

#endif
