/* cli/beats_assist.h - a person's classes for some groups of beats, from a table: kymo beats --assist.
 *
 * CSV with a header line and a column "type", and "cluster" or "time_s"; other columns are not read. A row says what the beats
 * of a group are: that of the number, or that of the beat nearest to the time, within 150 ms. */
#ifndef KYMO_CLI_BEATS_ASSIST_H
#define KYMO_CLI_BEATS_ASSIST_H

#include "algorithms/beatclass.h"
#include "cli/heart.h"

/* Relabels class[h->n]. A beat of a group that is said to be normal stays supraventricular if it was, since that is a matter of
 * when it comes, not of its shape. Returns 0 or a negative code. */
int beats_assist(const char *path, const struct heart *h, struct beatclass *class, struct kymo_err *e);

#endif
