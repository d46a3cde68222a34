/* formats/edf_event.h - an event as the text of an EDF+ annotation, and back.
 *
 * An EDF+ annotation has onset, duration and one text. Files that kymo writes say so in their header ("EDF+C kymo"), and in
 * them the text of an event is
 *     [HEAD[{ATTRIBUTES}]][ TEXT][@@LABEL]
 * HEAD is the type: a WFDB mnemonic as it is (N, +, ~), any other type with % before it (%desat). An event of type note
 * without anything but a text is that text alone, unless it would be read as something else: then it has the head %note.
 * ATTRIBUTES are those of sub, num, value and signal (an index) that differ from 0, 0, none, -1, with commas between.
 * LABEL names the signal, where only one has that label; else the attribute signal does. Examples:
 *     N    + (AFIB    V{sub=1} @@MLII    %desat{value=84} during REM@@SpO2    lights off
 * In files of other origin a text is a note, whatever it says: R is REM sleep there more often than a heart beat. */
#ifndef KYMO_EDF_EVENT_H
#define KYMO_EDF_EVENT_H

#include "lib/record.h"

/* Type, subtype, num, value, signal and text of ev as malloc'ed text; NULL where memory ends or (with *e set to
 * KYMO_EDATA) the type is one that cannot be written. */
char *edf_event_format(const struct kymo_header *h, const struct kymo_event *ev, struct kymo_err *e);

/* Sets these members of ev from text, which is changed; ev->text points into it. Signals are those of h. */
void edf_event_parse(const struct kymo_header *h, char *text, struct kymo_event *ev);

#define EDF_PADDING "padding"   /* type of the mark at samples that are none, in the first record of their segment */

#endif
