/* cli/alarm_watch.h - kymo alarm: what is known of a recording at each tick, and what the rules say of it. */
#ifndef KYMO_CLI_ALARM_WATCH_H
#define KYMO_CLI_ALARM_WATCH_H

#include "cli/alarm.h"

struct alarm_args {
    struct kymo_input_args in;
    struct kymo_output_args out;
    struct kymo_strings rules;
    const char *exec;
    double look_ahead_s, asystole_s, pause_s, brady_per_min, tachy_per_min, vt_per_min;
    int64_t brady_beats, tachy_beats;
};

struct alarm_signal {
    int64_t next_ns;              /* time of the sample that comes next */
    int64_t data_ns;              /* end of the last sample that is one */
};

struct alarm_waiting {
    struct kymo_event event;
    char text[ALARM_WORD];        /* as far as rules can name it */
};

struct alarm_watcher {
    const struct kymo_call *call;
    const struct alarm_args *args;
    struct kymo_reader *in;
    struct alarm_rules rules;
    struct alarm_report report;
    struct alarm_heart heart;
    bool has_heart, has_episodes, begun;   /* has_episodes: that follow from the heart's beats */
    uint64_t n_looked;            /* beats that there were at the last look for episodes */
    struct alarm_signal *signal;
    int64_t now_ns;               /* the last tick */
    int64_t latest_ns;            /* time behind the latest sample */
    struct alarm_waiting *event;        /* known, and not yet looked at, in order of time */
    size_t n_events, cap_events;
    struct alarm_row *row;        /* alarms of the tick that is looked after */
    size_t n_rows, cap_rows;
    struct kymo_span *view;       /* a piece of the block that is looked at */
    size_t *done;
};

/* Alarms of the tick, in order of time, to the report. */
int alarm_put_rows(struct alarm_watcher *w, struct kymo_err *e);

/* What became of a guard's alarm till ns. Episodes and events count from when they are known. */
int alarm_settle(struct alarm_watcher *w, struct alarm_guard *g, int64_t ns, struct kymo_err *e);

/* The same, and from ns on its condition has that truth. */
int alarm_see_now(struct alarm_watcher *w, struct alarm_guard *g, int64_t ns, enum alarm_truth truth, struct kymo_err *e);

/* Events, and what the detector found, wait for the next tick; its order is that of time. */
int alarm_keep_event(struct alarm_watcher *w, const struct kymo_event *ev, struct kymo_err *e);
int alarm_take_found(struct alarm_watcher *w, struct kymo_err *e);

/* No data is a condition since data ended. ns: of the recording, or where it waits, by the clock on the wall. */
int alarm_look_at_silence(struct alarm_watcher *w, struct alarm_guard *g, int64_t ns, struct kymo_err *e);

/* All rules at ns, when all that lies before is known; and ticks up to there in which nothing comes. */
int alarm_tick(struct alarm_watcher *w, int64_t ns, struct kymo_err *e);
int alarm_pass(struct alarm_watcher *w, int64_t to_ns, struct kymo_err *e);

#endif
