/* cli/filter.h - what the files of kymo filter share. */
#ifndef KYMO_CLI_FILTER_H
#define KYMO_CLI_FILTER_H

#include "cli/filter_stage.h"
#include "lib/command.h"

enum filter_baseline { FILTER_KEEP_BASELINE, FILTER_TWO_MEDIAN, FILTER_SPLINE };
enum filter_wavelet { FILTER_NO_WAVELET, FILTER_SURE, FILTER_UNIVERSAL };
enum filter_phase { FILTER_ZERO, FILTER_CAUSAL, FILTER_COMPENSATED };

struct filter_args {
    struct kymo_input_args in;
    struct kymo_output_args out;
    const char *preset, *band, *stop, *notch, *fir;
    double high_hz, low_hz, width_hz, transition_hz, ripple_db, stop_db;
    int64_t order;
    int family, phase;
    const char *savgol;
    double median_s, average_s;
    int64_t levels;
    int baseline, wavelet;
    bool derivative, response;
};

/* ---- operations: filter_ops.c lists them ---- */

/* One operation: adds its stages for a signal to the chain, none where args do not ask for it. s->rate is above 0. Errors
 * name what was asked and what the signal allows; the caller adds the signal's label. */
struct filter_op {
    const char *name;
    int (*add)(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain, struct kymo_err *e);
};

/* All operations, in the order in which a signal goes through them; ends with a NULL name. */
extern const struct filter_op filter_ops[];

/* IIR and FIR filters: filter_linear.c. */
int filter_add_notch(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                     struct kymo_err *e);
int filter_add_bands(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                     struct kymo_err *e);

/* What passes lies between the two edges, 0: there is none on that side; stop: what lies between is taken out. filter_fir.c. */
int filter_add_fir(const struct filter_args *args, const struct kymo_signal *s, double low_hz, double high_hz, bool stop,
                   const char *told, struct filter_chain *chain, struct kymo_err *e);

/* The mains found and taken out: filter_auto.c; args->notch begins with "auto". */
int filter_add_auto_notch(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                          struct kymo_err *e);

/* What is neither: filter_smooth.c. */
int filter_add_median(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                      struct kymo_err *e);
int filter_add_average(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                       struct kymo_err *e);
int filter_add_polynomial(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                          struct kymo_err *e);
int filter_add_baseline(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                        struct kymo_err *e);
int filter_add_wavelet(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                       struct kymo_err *e);

/* The frequency whose delay is meant by "the delay": the middle of the band that passes, 0 where it begins there. */
double filter_middle_hz(const struct filter_args *args, const struct kymo_signal *s);

/* ---- signals through their chains: filter_flow.c ---- */

struct filter_lane {
    size_t signal;                /* index in the recording's header */
    struct filter_chain chain;
};

/* All of in through the lanes to out, whose header is that of in but for how the filtered signals are stored. */
int filter_flow(struct kymo_reader *in, struct kymo_writer *out, struct filter_lane *lane, size_t n_lanes, struct kymo_err *e);

#endif
