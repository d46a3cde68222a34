/* lib/identity_inside.h - what the parts of identity.h share: whom a recording is of (identity_who.c), the fields of a header
 * (identity.c), notes and texts of events (identity_notes.c). */
#ifndef KYMO_IDENTITY_INSIDE_H
#define KYMO_IDENTITY_INSIDE_H

#include "lib/identity.h"

struct kymo_deid {
    struct kymo_identity_rules rules;
    struct kymo_start start;     /* the source's */
    bool is_marked, keeps_dates; /* the source went through this before; and had its dates moved */
    char pseudonym[KYMO_PSEUDONYM_TEXT];
    int64_t days;
    char **word;                 /* of the source's id and name */
    size_t n_words;
};

#define DEID_OLDEST 89           /* whoever is older is 90 */
#define DEID_MARK "deidentified"
#define DEID_MARK_DATES DEID_MARK ", dates moved"

/* The next run of letters and digits at or behind *text, and its length; 0 where there is none. */
size_t deid_next_word(const char **text);

/* Whether a word of the id or the name is in text; and text without them: "ECG Doe" is "ECG ". */
bool deid_has_word(const struct kymo_deid *d, const char *text);
void deid_leave_words_out(const struct kymo_deid *d, char *text);

bool deid_is_unknown(const char *id);
bool deid_is_sex(const char *text);   /* a usual word for one, or none */

/* What stands behind "key:" in a note; NULL where it is another note. */
const char *deid_value_of(const char *note, const char *key);

/* The first of January on which somebody was born who had the same age at the start, as that moved; owned by h. NULL where
 * memory ends. */
const char *deid_birth_now(const struct kymo_deid *d, const char *was, struct kymo_header *h, struct kymo_err *e);

/* Tells of a thing; now "" or NULL: nothing is left. */
int deid_found(const struct kymo_deid *d, const char *field, const char *was, const char *now, struct kymo_err *e);

int deid_clear_notes(const struct kymo_deid *d, struct kymo_header *h, struct kymo_err *e);

#endif
