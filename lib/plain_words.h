/* lib/plain_words.h - texts that say nothing of who somebody is: what may stay in a recording without its identity. */
#ifndef KYMO_PLAIN_WORDS_H
#define KYMO_PLAIN_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* An annotation's text in the field's own standard words: a rhythm or a mark of WFDB ("(AFIB", "TS"), a scoring text of EDF+
 * ("Sleep stage N2", "Lights off", also with "@@LABEL" behind it), whatever its case. Sources: rhythm and comment texts as
 * the databases of PhysioNet use them (their pages of annotation codes); EDF+ texts of Kemp's page edfplus.info, and those of
 * the AASM manual as sleep laboratories write them. */
bool kymo_is_standard_text(const char *text);

/* A transducer or a filter described in technical words and short numbers alone: "AgAgCl electrode", "HP:0.1Hz LP:75Hz". */
bool kymo_is_technical_text(const char *text);

/* Whether text[n], letters alone, is such a technical word. */
bool kymo_is_technical_word(const char *text, size_t n);

#endif
