/* cli/alarm_exec.h - runs a command for each alarm, beside the work: kymo alarm --exec.
 *
 * The command is the user's, for sh -c. What comes from a recording or a rule reaches it only through its environment and its
 * standard input, never through that line. */
#ifndef KYMO_CLI_ALARM_EXEC_H
#define KYMO_CLI_ALARM_EXEC_H

#include "lib/log.h"

#include <stdbool.h>
#include <stddef.h>

#define ALARM_EXEC_MOST 64        /* that run at one time */

struct alarm_exec {
    const char *command;          /* NULL: none */
    const struct kymo_log *log;   /* told of what fails */
    size_t running;
};

/* Starts it with NAME=VALUE set[n_set] added to the environment and input on its standard input, at most 4096 bytes. What
 * cannot be started is warned of; < 0 only where that is a failure. */
int alarm_exec_run(struct alarm_exec *x, const char *const *set, size_t n_set, const char *input, struct kymo_err *e);

/* Takes note of those that have ended; wait: until all have. */
int alarm_exec_reap(struct alarm_exec *x, bool wait, struct kymo_err *e);

#endif
