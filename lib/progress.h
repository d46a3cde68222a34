/* lib/progress.h - how far long work has come, on the terminal that standard error is: one line, drawn over itself. */
#ifndef KYMO_PROGRESS_H
#define KYMO_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kymo_progress {
    const char *what;            /* "recordings" */
    size_t total;
    int64_t begun_ns, shown_ns;  /* of the clock; 0: not yet */
    bool shown;
};

/* done of p->total, failed among them: draws the line at most five times a second; with LAST also then, and ends it. */
void kymo_progress_show(struct kymo_progress *p, size_t done, size_t failed, bool last);

int64_t kymo_clock_ns(void);     /* a clock that only goes forward */

#endif
