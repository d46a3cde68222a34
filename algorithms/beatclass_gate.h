/* algorithms/beatclass_gate.h - in atrial fibrillation no beat of the atria is early.
 *
 * What makes a beat supraventricular goes to N as far as fibrillation is probable there. What interrupts fibrillation (more
 * probable than not) for fewer beats than it lasts before and behind, at most 59, counts as part of it: flutter, or some
 * intervals that happen to be alike. What lasts longer is a rhythm of its own. */
#ifndef KYMO_BEATCLASS_GATE_H
#define KYMO_BEATCLASS_GATE_H

#include "algorithms/beatclass.h"

/* class[n], with p_af[n] of each beat (algorithms/af.h), which is filled in where fibrillation is interrupted. */
void beatclass_gate(struct beatclass *class, float *p_af, size_t n);

#endif
