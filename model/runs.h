/* model/runs.h - makes runs of ventricular beats in a recording, of its own beats: what a detector must know of intensive care,
 * and the records that it learns from have little of. */
#ifndef KYMO_RUNS_H
#define KYMO_RUNS_H

#include "algorithms/beatmatch.h"

#include <stddef.h>
#include <stdint.h>

/* Every half minute or so a stretch between two beats of x[n_leads][n], at fs_hz, becomes a run of 3 to 20 beats at 130 to 250
 * per minute: one ventricular beat of the recording after another, QRS and T wave, each of another size; of a recording with
 * fewer than five, one of its normal beats, drawn out to twice its width. mark[n_marks], in order of time, becomes mark of what
 * is there then, beats of the runs as V; it is a new array, which the caller frees, the old one stays. SEED: the same seed, the
 * same runs. There are none in flutter. Ends the program where there is no memory. */
struct beatmatch_mark *runs_make(double *const *x, size_t n_leads, size_t n, double fs_hz, const struct beatmatch_mark *mark,
                                 size_t *n_marks, uint64_t seed);

#endif
