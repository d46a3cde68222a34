/* lib/follow.h - waits for what is still being recorded: a file that grows, a device, a pipe.
 *
 * Input ends when nothing has come for a stated time, or when SIGINT or SIGTERM asks for it: then what was read gets its end
 * mark, as at any end. */
#ifndef KYMO_FOLLOW_H
#define KYMO_FOLLOW_H

#include "lib/input.h"

struct kymo_follow {
    struct kymo_patience patience;   /* to give to an input; lives as long as this */
    bool files;                      /* are waited for, too; else they end at their end */
    int64_t idle_ns;                 /* 0: for ever */
    int signals;                     /* a descriptor that is readable when a signal came */
    bool stopped;
};

/* Takes SIGINT and SIGTERM from here on. idle_s 0: waits for ever. KYMO_EIO where the system does not let us. */
int kymo_follow_init(struct kymo_follow *f, bool files, double idle_s, struct kymo_err *e);
void kymo_follow_release(struct kymo_follow *f);

#endif
