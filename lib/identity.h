/* lib/identity.h - a recording without its subject's identity: what is taken out, what stands there instead.
 *
 * Field by field (man/kymo-deid.1 has them with the categories of HIPAA's Safe Harbor, 45 CFR 164.514(b)(2)):
 *     id, name      a pseudonym that the key makes of them; without a key nothing
 *     birth         with a key and a start date the first of January that leaves the age in years, above 89 that of 90;
 *                   else nothing
 *     sex           stays, where it is one of the usual words
 *     start date    moves back by a number of days that the key makes of the subject, so that all recordings of one subject
 *                   keep their distances; without a key it goes. The time of day stays.
 *     recording     who recorded it, where and with what: goes
 *     transducer, prefilter     stay where they are technical words (plain_words.h)
 *     labels, units, tracks     stay, unless a word of the id or the name is among theirs
 *     notes         lines that kymo wrote for these fields go their way; "age" and "sex" are kept of the others, the age as
 *                   above; the rest is free text
 *     history       goes: command lines name files
 *     texts of events    standard ones stay, the rest is free text
 * Free text goes, or stays where the caller says so, but never with a word of the id or the name in it. */
#ifndef KYMO_IDENTITY_H
#define KYMO_IDENTITY_H

#include "lib/record.h"
#include "lib/secret.h"

#define KYMO_PSEUDONYM_TEXT 14    /* "P" and 12 characters of base 32, and the end */
#define KYMO_SHIFT_LIMIT 36525    /* days: a century */

enum kymo_free_text { KYMO_TEXT_DROP, KYMO_TEXT_KEEP, KYMO_TEXT_FLAG };

struct kymo_identity_rules {
    const struct kymo_key *key;   /* NULL: none */
    const char *subject;          /* who it is, instead of what the recording says; NULL: what it says */
    int64_t most_days;            /* dates move back by 1 to so many, with weekday by whole weeks; 7..KYMO_SHIFT_LIMIT */
    bool weekday;
    enum kymo_free_text free_text;
    const char *const *plain;     /* plain[n_plain]: texts that stay */
    size_t n_plain;
    bool audit;                   /* what a run of these rules left is no identity: pseudonyms, moved dates */

    /* Called for each thing that is identity: now is what stands there instead, NULL where nothing does, was where it only is
     * flagged. Returns 0 or a negative code. NULL: not called. */
    int (*found)(void *to, const char *field, const char *was, const char *now, struct kymo_err *e);
    void *to;
};

struct kymo_deid;

/* For a recording of that header, which is copied from; rules, copied too, point at what must stay. Without a key the
 * recording needs no subject; with one, KYMO_EDATA says that neither the recording nor rules tell who it is. NULL with *e
 * set. */
struct kymo_deid *kymo_deid_create(const struct kymo_header *source, const struct kymo_identity_rules *rules,
                                   struct kymo_err *e);
void kymo_deid_destroy(struct kymo_deid *d);

const char *kymo_deid_pseudonym(const struct kymo_deid *d);   /* "" without a key */
int64_t kymo_deid_days(const struct kymo_deid *d);            /* by which dates move back; 0 without a key */

/* Takes identity out of h, a copy of the source's header. */
int kymo_deid_header(const struct kymo_deid *d, struct kymo_header *h, struct kymo_err *e);

/* The same of an event. Returns 1, or 0 where nothing of it is left: a note without its text; or a negative code. */
int kymo_deid_event(const struct kymo_deid *d, struct kymo_event *ev, struct kymo_err *e);

bool kymo_is_pseudonym(const char *text);   /* of that form */

/* text, a page's, loses the words of the id and the name. */
void kymo_deid_leave_out(const struct kymo_deid *d, char *text);

/* Whether this is the line of history of kymo deid, which names no file: "kymo 0.1.0 deid". */
bool kymo_is_deid_line(const char *line);

/* Whether kymo_deid_header wrote this as who recorded it. */
bool kymo_is_deidentified(const char *recording);

#endif
