/* lib/identity_who.c - whom a recording is of: the words of the name, and what the key makes of it. See identity.h. */
#include "lib/identity_inside.h"

#include "lib/plain_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_WORD 3             /* letters of a word by which somebody is known */
#define LONG_WORD 6              /* of one that is told inside others too */

/* ---- words ---- */

static bool is_letter(char c) { return kymo_is_letter(c) || (unsigned char)c >= 0x80; }

size_t deid_next_word(const char **text)
{
    size_t n = 0;

    while (**text && !is_letter(**text) && !kymo_is_digit(**text))
        (*text)++;
    while (is_letter((*text)[n]) || kymo_is_digit((*text)[n]))
        n++;
    return n;
}

/* Short words and technical ones tell nothing; "x" and "unknown" among them. */
static bool tells(const char *word, size_t n)
{
    static const char *const months = "jan feb mar apr may jun jul aug sep oct nov dec ";
    char lower[8] = "";

    if (n < LEAST_WORD || kymo_is_technical_word(word, n))
        return false;
    for (size_t i = 0; n == 3 && i < n; i++)
        lower[i] = (char)(word[i] | 0x20);
    return !*lower || !strstr(months, lower);
}

static int add_words(struct kymo_deid *d, const char *text, struct kymo_err *e)
{
    size_t n;

    for (; (n = deid_next_word(&text)) > 0; text += n) {
        if (!tells(text, n))
            continue;
        char **all = realloc(d->word, (d->n_words + 1) * sizeof *all);
        if (!all)
            return kymo_fail(e, KYMO_ENOMEM, "no memory for a name");
        d->word = all;
        if (!(d->word[d->n_words] = strndup(text, n)))
            return kymo_fail(e, KYMO_ENOMEM, "no memory for a name");
        d->n_words++;
    }
    return 0;
}

/* Whether text[n] is one of them, or has a long one inside it. */
static bool is_word(const struct kymo_deid *d, const char *text, size_t n)
{
    for (size_t i = 0; i < d->n_words; i++) {
        const size_t length = strlen(d->word[i]), most = length >= LONG_WORD ? n : length;
        for (size_t at = 0; n <= most && at + length <= n; at++)
            if (kymo_is_word(text + at, length, d->word[i]))
                return true;
    }
    return false;
}

bool deid_has_word(const struct kymo_deid *d, const char *text)
{
    size_t n;

    for (; (n = deid_next_word(&text)) > 0; text += n)
        if (is_word(d, text, n))
            return true;
    return false;
}

void deid_leave_words_out(const struct kymo_deid *d, char *text)
{
    const char *at = text;
    size_t n;

    while ((n = deid_next_word(&at)) > 0)
        if (is_word(d, at, n))
            memmove(text + (at - text), at + n, strlen(at + n) + 1);
        else
            at += n;
}

/* ---- who it is ---- */

const char *deid_value_of(const char *note, const char *key)
{
    const size_t n = strlen(key);

    if (!kymo_begins(note, key) || note[n] != ':')
        return NULL;
    note += n + 1;
    return note + strspn(note, " ");
}

/* Of a format that has no such field. */
static const char *noted(const struct kymo_header *h, const char *key)
{
    for (size_t i = 0; i < h->n_notes; i++) {
        const char *value = deid_value_of(h->note[i], key);
        if (value)
            return value;
    }
    return "";
}

bool kymo_is_pseudonym(const char *text)
{
    return strlen(text) == KYMO_PSEUDONYM_TEXT - 1 && *text == 'P' &&
           strspn(text + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == KYMO_PSEUDONYM_TEXT - 2;
}

/* Id, or name and birth where it has no word, in small letters, each run of other characters one blank: spelled otherwise it
 * is the same one. */
static char *subject_text(const char *id, const char *name, const char *birth)
{
    const char *rest = id;
    const bool by_id = deid_next_word(&rest) > 0;
    const char *part[] = {by_id ? id : name, by_id ? "" : birth};
    char *out = malloc(strlen(part[0]) + strlen(part[1]) + 4);
    size_t at = 0, n;

    for (int k = 0; out && k < 2; k++)
        for (const char *p = part[k]; (n = deid_next_word(&p)) > 0; p += n) {
            if (at > 0)
                out[at++] = ' ';
            for (size_t i = 0; i < n; i++)
                out[at++] = kymo_lower(p[i]);
        }
    if (out)
        out[at] = '\0';
    return out;
}

/* HMAC of "purpose:subject"; purposes keep the number of days from telling of the pseudonym. */
static int mac_of(const struct kymo_deid *d, const char *purpose, const char *subject, unsigned char mac[KYMO_MAC_BYTES],
                  struct kymo_err *e)
{
    char *text;

    if (asprintf(&text, "%s:%s", purpose, subject) < 0)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a pseudonym");
    kymo_hmac(d->rules.key, text, strlen(text), mac);
    free(text);
    return 0;
}

static int make_pseudonym(struct kymo_deid *d, const char *subject, struct kymo_err *e)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";   /* RFC 4648 */
    const uint64_t steps = (uint64_t)d->rules.most_days / (d->rules.weekday ? 7 : 1);
    unsigned char mac[KYMO_MAC_BYTES];
    uint64_t bits = 0;

    if (mac_of(d, "subject", subject, mac, e) < 0)
        return KYMO_ENOMEM;
    for (int i = 0; i < 8; i++)
        bits = bits << 8 | mac[i];
    d->pseudonym[0] = 'P';
    for (int i = 1; i < KYMO_PSEUDONYM_TEXT - 1; i++, bits <<= 5)
        d->pseudonym[i] = digit[bits >> 59];
    if (mac_of(d, "days", subject, mac, e) < 0)
        return KYMO_ENOMEM;
    bits = 0;
    for (int i = 0; i < 8; i++)
        bits = bits << 8 | mac[i];
    d->days = (int64_t)(1 + bits % steps) * (d->rules.weekday ? 7 : 1);
    return 0;
}

/* Where the recording's words stand, whatever the format. */
struct who {
    const char *id, *name, *birth;
};

/* Also of EDF that has a plain patient field with what EDF+ would have there: "X X X X". */
bool deid_is_unknown(const char *id) { return strspn(id, " X") == strlen(id); }

static struct who who_of(const struct kymo_header *h)
{
    return (struct who){!deid_is_unknown(h->subject.id) ? h->subject.id : noted(h, "subject"),
                        *h->subject.name ? h->subject.name : noted(h, "name"),
                        *h->subject.birth ? h->subject.birth : noted(h, "birth")};
}

static int find_subject(struct kymo_deid *d, const struct kymo_header *h, struct kymo_err *e)
{
    const struct who w = who_of(h);
    int rc = add_words(d, d->rules.audit && kymo_is_pseudonym(w.id) ? "" : w.id, e);

    if (rc == 0)
        rc = add_words(d, w.name, e);
    if (rc == 0 && d->rules.subject)
        rc = add_words(d, d->rules.subject, e);
    if (rc < 0 || !d->rules.key)
        return rc;
    char *subject = d->rules.subject ? subject_text(d->rules.subject, "", "") : subject_text(w.id, w.name, w.birth);
    if (!subject)
        rc = kymo_fail(e, KYMO_ENOMEM, "no memory for a pseudonym");
    else if (!*subject)
        rc = kymo_fail(e, KYMO_EDATA, "the recording does not say whose it is: --subject tells");
    else
        rc = make_pseudonym(d, subject, e);
    free(subject);
    return rc;
}

/* What is written of who recorded it: behind EDF+'s "Startdate ... X X X " too. */
bool kymo_is_deidentified(const char *recording)
{
    const char *mark = strstr(recording, DEID_MARK);
    const size_t n = mark ? (size_t)(mark - recording) : 0;

    return mark && (strcmp(mark, DEID_MARK) == 0 || strcmp(mark, DEID_MARK_DATES) == 0) &&
           (n == 0 || (n > 17 && strncmp(recording, "Startdate ", 10) == 0 && strncmp(mark - 7, " X X X ", 7) == 0 &&
                       !memchr(recording + 10, ' ', n - 17)));
}

bool kymo_is_deid_line(const char *line)
{
    return strncmp(line, "kymo ", 5) == 0 && strcmp(line + 5 + strspn(line + 5, "0123456789."), " deid") == 0;
}

struct kymo_deid *kymo_deid_create(const struct kymo_header *source, const struct kymo_identity_rules *rules,
                                   struct kymo_err *e)
{
    struct kymo_deid *d = calloc(1, sizeof *d);
    const char *recording = *source->recording ? source->recording : noted(source, "recording");

    if (!d) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for a pseudonym");
        return NULL;
    }
    d->rules = *rules;
    d->start = source->start;
    d->is_marked = rules->audit && kymo_is_deidentified(recording);
    d->keeps_dates = d->is_marked && strstr(recording, DEID_MARK_DATES);
    if (find_subject(d, source, e) < 0) {
        kymo_deid_destroy(d);
        return NULL;
    }
    return d;
}

void kymo_deid_destroy(struct kymo_deid *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->n_words; i++)
        free(d->word[i]);
    free(d->word);
    free(d);
}

void kymo_deid_leave_out(const struct kymo_deid *d, char *text) { deid_leave_words_out(d, text); }
const char *kymo_deid_pseudonym(const struct kymo_deid *d) { return d->pseudonym; }
int64_t kymo_deid_days(const struct kymo_deid *d) { return d->days; }
