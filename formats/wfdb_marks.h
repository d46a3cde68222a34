/* formats/wfdb_marks.h - writes a track of events as a WFDB annotation file, and takes back what it put into texts.
 *
 * An annotation has a code, a moment, subtype, num, channel and a text of 255 bytes. What else an event has stands in
 * a note of ours at the end of the text, in braces, which programs that do not know it show as it is:
 *     Sleep stage W {kymo duration=30 sample=?}      (AFIB {kymo duration=12.5}      {kymo gap duration=5.25}
 * "{kymo [TYPE] [duration=SECONDS|?] [value=NUMBER] [sample=NUMBER|?]}". TYPE: a type that is no WFDB mnemonic, with what has
 * a meaning here as %XX; its code is that of a note. sample: where it is not that of the moment, at the rate of the channel
 * or of the frames. A text that ends like a note of ours gets an empty one, "{kymo}".
 *
 * Times are in frames; where not all events lie on frames, in the first of: the rate of a signal, ms, us, ns in which
 * they do, told by the usual "## time resolution: N". */
#ifndef KYMO_WFDB_MARKS_H
#define KYMO_WFDB_MARKS_H

#include "lib/writer.h"

struct wfdb_marks;

/* For records of w's signals and of that frame rate. NULL with *e set. */
struct wfdb_marks *wfdb_marks_create(const struct kymo_writer *w, struct kymo_ratio frame_rate, struct kymo_err *e);

/* An event, in any order. What an annotation cannot hold is refused, or with w->lossy left out and counted. */
int wfdb_marks_add(struct wfdb_marks *m, const struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e);

/* Writes them all to a file, synced and still beside its place at path, and tells of what was lost. NULL with *e set. */
struct kymo_output *wfdb_marks_end(struct wfdb_marks *m, const struct kymo_writer *w, const char *path, struct kymo_err *e);

void wfdb_marks_destroy(struct wfdb_marks *m);   /* NULL is fine */

/* Undoes the note at the end of text, if there is one: it is cut off, and ev gets what it said. */
void wfdb_take_note(char *text, struct kymo_event *ev);

#endif
