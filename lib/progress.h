/* lib/progress.h - how far long work has come, on the terminal that standard error is: one line, drawn over itself at most five
 * times a second. */
#ifndef KYMO_PROGRESS_H
#define KYMO_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kymo_progress {
    const char *what;            /* "recordings"; of reading: not needed */
    size_t total;
    int64_t begun_ns, shown_ns;  /* of the clock; 0: not yet */
    bool shown;                  /* the line is there */
};

/* done of p->total, failed among them; with LAST it is drawn whenever that is, and stays. */
void kymo_progress_show(struct kymo_progress *p, size_t done, size_t failed, bool last);

/* A recording is read from the clock's now_ns on; then, that so much of its time is read. total_ns 0: who knows how long it is.
 * The line is not drawn before some work is done, so that of short work there is none. */
void kymo_progress_begin(struct kymo_progress *p, int64_t now_ns);
void kymo_progress_read(struct kymo_progress *p, int64_t done_ns, int64_t total_ns, int64_t now_ns);

/* Takes the line away, if it is there: before anything else is printed. NULL is fine. */
void kymo_progress_clear(struct kymo_progress *p);

int64_t kymo_clock_ns(void);     /* a clock that only goes forward */

#endif
