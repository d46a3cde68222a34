/* formats/edf_event.h - an event as the text of an EDF+ annotation, and back.
 *
 * An EDF+ annotation has onset, duration and one text. Files that kymo writes say so in their header ("EDF+C kymo"), and in
 * them the text of an event is one of
 *     TEXT[@@LABEL]
 *     MNEMONIC[{ATTRIBUTES}][ TEXT][@@LABEL]
 *     [TEXT ]%TYPE[{ATTRIBUTES}][@@LABEL]
 * A note is its text alone, as long as that is not read as something else and it has no attributes; then it has the type
 * %note. A WFDB mnemonic (N, +, ~) stands before its text; any other type, and one whose text ends like a type, behind it.
 * Characters of a type that mean something here are %XX. LABEL names the signal, where only one has that label and EDF
 * holds it; else the attribute signal does.
 * ATTRIBUTES, with commas between, are those that differ from what they are without being told:
 *     sub, num    0
 *     value       none
 *     signal      an index; -1
 *     sample      the first one at the onset or later, at the rate of kymo_event_rate; none ("?") where no signal is named
 *                 and the type is no mnemonic, or a note
 *     duration    that of the annotation, 0 without one; "?" is an unknown one
 *     track       an index; 0
 * The names of the tracks are an annotation of the first data record, "%tracks atr qrs", if it is not one called edf or bdf.
 * Examples:
 *     N    + (AFIB    V{sub=1} @@MLII    during REM %desat{value=84}@@SpO2    lights off    lights off %note{sample=1200}
 * In files of other origin a text is a note, whatever it says: R is REM sleep there more often than a heart beat. */
#ifndef KYMO_EDF_EVENT_H
#define KYMO_EDF_EVENT_H

#include "lib/record.h"

/* All of ev but its onset and a positive duration as malloc'ed text; NULL where memory ends or (with *e set to KYMO_EDATA)
 * it is one that cannot be written. */
char *edf_event_format(const struct kymo_header *h, const struct kymo_event *ev, struct kymo_err *e);

/* Sets these members of ev, whose onset and duration stand, from text, which is changed; ev->text points into it. Signals
 * and tracks are those of h. */
void edf_event_parse(const struct kymo_header *h, char *text, struct kymo_event *ev);

#define EDF_PADDING "padding"   /* type of the mark at samples that are none, in the first record of their segment */
#define EDF_TRACKS "tracks"     /* type of the mark that names the tracks, in the first record */

bool edf_is_mark(const char *text);   /* one of these two, not an event */

/* Whether a file has to name the tracks of h, and the text that does (malloc'ed, NULL where memory ends). */
bool edf_tells_tracks(const struct kymo_header *h);
char *edf_tracks_format(const struct kymo_header *h);

/* Adds the tracks that text[n] names to h; none if it is not that mark. */
int edf_tracks_parse(struct kymo_header *h, const char *text, size_t n, struct kymo_err *e);

#endif
