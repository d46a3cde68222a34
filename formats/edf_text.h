/* formats/edf_text.h - texts of an EDF header: ASCII, of a fixed width. */
#ifndef KYMO_EDF_TEXT_H
#define KYMO_EDF_TEXT_H

#include "lib/record.h"

/* UTF-8 as ASCII into out (cap > 3 strlen(text) is always enough), terminated. The micro sign becomes u, the degree sign
 * deg, ohm Ohm, as the EDF+ texts spell units; other characters lose their accents or become '?': returns how many. */
size_t edf_ascii(const char *text, char *out, size_t cap);

/* The patient field of EDF+: "id sex birth name", '_' for blanks, X for what is unknown. malloc'ed; NULL: no memory. */
char *edf_patient(const struct kymo_subject *u);

/* The recording field of EDF+, whose second word is the start date, or X. A recording that is such a field already stays
 * as it is but for the date; an X stays where the header can tell the date. malloc'ed; NULL: no memory. */
char *edf_recording(const char *recording, const struct kymo_start *start);

bool edf_knows_year(const struct kymo_start *start);   /* one that fits into two digits: 1985..2084 */

#endif
