/* cli/atria.h - what the atria do, in a recording's heart: where they fibrillate, and the classes of beats in that light. */
#ifndef KYMO_CLI_ATRIA_H
#define KYMO_CLI_ATRIA_H

#include "algorithms/beatclass.h"
#include "cli/heart.h"

/* p[n]: how probable it is that the interval which ends with a beat belongs to atrial fibrillation (algorithms/af.h). Beats are
 * those of h with the ascending indices of_heart[n], flags[n] as struct af_beats has them; those in noise are flagged here.
 * Returns 0 or KYMO_ENOMEM. */
int atria_fibrillate(const struct heart *h, const size_t *of_heart, unsigned char *flags, size_t n, float *p,
                     struct kymo_err *e);

/* Classes of all beats of h into class[h->n]. In fibrillation there is no early beat of the atria: what makes a beat
 * supraventricular goes to N as far as fibrillation is probable. Returns 0 or KYMO_ENOMEM. */
int atria_classes(const struct heart *h, struct beatclass *class, struct kymo_err *e);

#endif
