/* formats/wfdb_segments.h - WFDB records of several segments, each a record of its own, one after another.
 *
 * Fixed layout: all segments have the same signals. Variable layout: the first "segment", of length 0, describes all
 * signals there are; a segment has some of them, told by their descriptions. "~" is a gap, and so is what of a segment is
 * not there. A signal that a segment does not have is missing in it.
 *
 * Whose gain counts: each segment's own. Where all agree, samples stay the stored integers; where they differ, the signal is
 * given as physical values (f64). (The WFDB library gives the layout's gain to samples stored with the segment's.) */
#ifndef KYMO_WFDB_SEGMENTS_H
#define KYMO_WFDB_SEGMENTS_H

#include "formats/wfdb_header.h"
#include "lib/reader.h"

struct wfdb_segments;

/* From the header of the whole, which must stay; describes the signals in r->source. NULL with *e set. */
struct wfdb_segments *wfdb_segments_open(struct kymo_reader *r, const struct wfdb_header *whole, struct kymo_err *e);

/* The next block; *end_frame is the first frame behind it. Returns 1, 0 at the end, or a negative code. */
int wfdb_segments_read(struct wfdb_segments *s, struct kymo_reader *r, struct kymo_block *b, int64_t *end_frame,
                       struct kymo_err *e);

/* To the segment that holds ns. Before the first read only. */
void wfdb_segments_seek(struct wfdb_segments *s, int64_t ns);

void wfdb_segments_close(struct wfdb_segments *s);   /* NULL is fine */

/* The path of a file that a header names: in the header's folder. malloc'ed, NULL where memory ends. */
char *wfdb_path_beside(const char *header_path, const char *name, const char *suffix);

#endif
