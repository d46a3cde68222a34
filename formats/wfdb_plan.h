/* formats/wfdb_plan.h - how a recording fits into a WFDB record: frames, signal formats, files, calibration. What does
 * not fit is refused here, or with w->lossy changed and told of; what is found out only with the samples, in
 * wfdb_writer.c. */
#ifndef KYMO_WFDB_PLAN_H
#define KYMO_WFDB_PLAN_H

#include "formats/reals.h"
#include "lib/writer.h"

struct wfdb_planned {
    const char *label, *unit;    /* as written; owned by the writer's header */
    int format;
    size_t per_frame;
    int32_t missing, least, most;   /* stored values: no sample; the limits of the others */
    double gain;                 /* as written: 0 where the signal is not calibrated */
    double scale;                /* digital per unit, of signals that hold real numbers */
    bool exact;                  /* they are decimals, which the scale makes integers */
    bool undecided;              /* such a signal: its format, gain and baseline depend on all its samples */
    int32_t baseline;
    double exact_baseline;       /* where it is not whole: for Kymo's own readers, in an info line; else NaN */
    int resolution;              /* bits, 0: unknown */
    int64_t zero;
};

/* Consecutive signals of one format, which share a file. */
struct wfdb_group {
    size_t first, n;
};

struct wfdb_plan {
    struct kymo_ratio frame_rate;
    char rate_text[32];          /* that reads back to it */
    struct wfdb_planned *signal;
    struct wfdb_group *group;
    size_t n_groups;
    int variant;                 /* the format asked for, 0: none */
    bool undecided;              /* a signal is: wfdb_plan_settle decides, and groups them */
};

/* For w->hdr. p must be zeroed; release it on every path. */
int wfdb_plan_make(struct wfdb_plan *p, struct kymo_writer *w, struct kymo_err *e);
/* Of integers that all formats asked for hold. */
double wfdb_plan_most(const struct wfdb_plan *p);

/* Decides by what was seen, of each signal that is undecided. */
void wfdb_plan_settle(struct wfdb_plan *p, const struct kymo_writer *w, const struct reals *seen);

void wfdb_plan_release(struct wfdb_plan *p);

/* Tells of what is lost, or refuses it: returns 0 or a negative code. */
#define wfdb_lose(w, e, ...) \
    ((w)->lossy ? kymo_warn(&(w)->log, e, (w)->path, -1, __VA_ARGS__) : kymo_fail_at(e, KYMO_EDATA, (w)->path, -1, __VA_ARGS__))

#endif
