/* cli/filter.h - what the files of kymo filter share. */
#ifndef KYMO_CLI_FILTER_H
#define KYMO_CLI_FILTER_H

#include "cli/filter_stage.h"
#include "lib/command.h"

enum filter_phase { FILTER_ZERO, FILTER_CAUSAL, FILTER_COMPENSATED };

struct filter_args {
    struct kymo_input_args in;
    struct kymo_output_args out;
    const char *preset, *band, *stop, *notch;
    double high_hz, low_hz, ripple_db, stop_db, width_hz, q;
    int64_t order;
    int family, fir, phase;
    bool response;
};

/* One operation: adds its stages for a signal to the chain, none where args do not ask for it. s->rate is above 0. Errors
 * name what was asked and what the signal allows; the caller adds the signal's label. */
struct filter_op {
    const char *name;
    int (*add)(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain, struct kymo_err *e);
};

/* All operations, in the order in which a signal goes through them; ends with a NULL name. filter_ops.c. */
extern const struct filter_op filter_ops[];

/* IIR and FIR filters: filter_linear.c. */
int filter_add_notch(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                     struct kymo_err *e);
int filter_add_bands(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                     struct kymo_err *e);

#endif
