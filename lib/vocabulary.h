/* lib/vocabulary.h - the WFDB annotation vocabulary: the mnemonics of beats, rhythms and marks, their codes, and what they
 * mean to a counter of beats. Source: ecgcodes.h and ecgmap.h of WFDB 10.7 (the facts, not the code); classes by
 * ANSI/AAMI EC57 as the WFDB comparators apply them. */
#ifndef KYMO_VOCABULARY_H
#define KYMO_VOCABULARY_H

#include <stdbool.h>

#define KYMO_LAST_CODE 49   /* codes from 42 are the user's */

/* What EDF+ has as an annotation in words and WFDB as a comment: one type, of one name. WFDB's own mnemonic is a quotation
 * mark, which no table would show without four of them; kymo_code_of knows it too. */
#define KYMO_NOTE_CODE 22
#define KYMO_NOTE_TYPE "note"

/* "N" for 1; for a code without a name its number in brackets: text[8]. Returns text or a constant. */
const char *kymo_code_name(int code, char text[8]);

/* The code of a mnemonic, or -1. */
int kymo_code_of(const char *type);

/* What no interval between beats may span: a gap, and ventricular fibrillation, where there are no beats: [ ! ]. */
bool kymo_is_break(const char *type);

bool kymo_is_beat(const char *type);          /* any QRS complex */
bool kymo_is_normal_beat(const char *type);   /* N, and conducted from the sinus with a bundle branch block: L R B */

#endif
