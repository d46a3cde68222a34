/* cli/pulses.h - the pulse signals of a recording (pressure, photoplethysmogram) beside its ECG: what an ECG detector finds
 * goes in, and comes out with the beats of stretches in which the ECG cannot be read put right by the pulses. The methods are
 * in algorithms/pulse.h and algorithms/beatfuse.h. */
#ifndef KYMO_CLI_PULSES_H
#define KYMO_CLI_PULSES_H

#include "cli/finding.h"

struct pulses;

/* For the recording with header h, whose ECG leads are lead[n_leads] (views: they stay), with a detector that gives an event at
 * most latest_ns after its time. *out is NULL if the recording has no pulse signal. Returns 0 or a negative code. */
int pulses_create(const struct kymo_header *h, const size_t *lead, size_t n_leads, int64_t latest_ns, struct pulses **out,
                  struct kymo_err *e);

/* Events come out so long after their time at most. */
int64_t pulses_latest_ns(const struct pulses *p);

/* Takes an event of the detector, in order of time: a beat, or anything else, which only passes. */
int pulses_take(struct pulses *p, const struct kymo_event *ev, double quality, struct kymo_err *e);

/* Takes the recording's next block, after the detector's events of it; end_segment: a gap follows, or the end. */
int pulses_push(struct pulses *p, struct kymo_block *b, struct kymo_err *e);
int pulses_end_segment(struct pulses *p, struct kymo_err *e);

/* The next finding, in order of time; done: no more will come in. A beat from a pulse has the pulse's label as text. */
bool pulses_next(struct pulses *p, bool done, struct finding *out);

void pulses_destroy(struct pulses *p);   /* NULL is fine */

#endif
