/* cli/oximetry_choose.h - which signals of a recording are its SpO2 and the pulse rate beside it. */
#ifndef KYMO_CLI_OXIMETRY_CHOOSE_H
#define KYMO_CLI_OXIMETRY_CHOOSE_H

#include "cli/oximetry.h"

/* Sets o->spo2.signal to what is asked for, else to the first that can be SpO2, of o->hdr. 0, or a negative code: there is
 * none, or it is something else. */
int oximetry_choose_spo2(struct oximetry *o, const struct kymo_strings *asked, const char *path, struct kymo_err *e);

/* Sets o->pulse.signal; -1 where there is none. */
void oximetry_choose_pulse(struct oximetry *o);

#endif
