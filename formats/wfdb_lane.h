/* formats/wfdb_lane.h - samples of a WFDB record that is being written, as the integers of its format: they wait in a lane
 * for each signal until every signal has the whole frame. */
#ifndef KYMO_WFDB_LANE_H
#define KYMO_WFDB_LANE_H

#include "formats/wfdb_state.h"

/* The samples of signal i in a block of the segment at hand. What the format cannot hold is refused, or with w->lossy cut
 * off and counted. */
int wfdb_lanes_take(struct kymo_writer *w, size_t i, const struct kymo_span *span, struct kymo_err *e);

/* Packs the frames that all signals have. */
int wfdb_lanes_pack(struct kymo_writer *w, struct kymo_err *e);

/* Fills the last frames, so that all signals end together. */
int wfdb_lanes_fill_up(struct kymo_writer *w, struct kymo_err *e);

#endif
