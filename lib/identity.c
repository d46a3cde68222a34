/* lib/identity.c - see identity.h. */
#include "lib/identity.h"

#include "lib/date.h"
#include "lib/plain_words.h"
#include "lib/vocabulary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LEAST_WORD 3             /* letters of a word by which somebody is known */
#define LONG_WORD 6              /* of one that is told inside others too */
#define OLDEST 89                /* whoever is older is 90 */
#define MARK "deidentified"
#define MARK_DATES MARK ", dates moved"

struct kymo_deid {
    struct kymo_identity_rules rules;
    struct kymo_start start;     /* the source's */
    bool is_marked, keeps_dates; /* the source went through this before; and had its dates moved */
    char pseudonym[KYMO_PSEUDONYM_TEXT];
    int64_t days;
    char **word;                 /* of the source's id and name */
    size_t n_words;
};

/* ---- words ---- */

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The next run of letters and digits at or behind *text, and its length; 0 where there is none. */
static size_t next_word(const char **text)
{
    size_t n = 0;

    while (**text && !is_letter(**text) && !is_digit(**text))
        (*text)++;
    while (is_letter((*text)[n]) || is_digit((*text)[n]))
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

    for (; (n = next_word(&text)) > 0; text += n) {
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
            if (strncasecmp(d->word[i], text + at, length) == 0)
                return true;
    }
    return false;
}

static bool has_word(const struct kymo_deid *d, const char *text)
{
    size_t n;

    for (; (n = next_word(&text)) > 0; text += n)
        if (is_word(d, text, n))
            return true;
    return false;
}

/* text without them: "ECG Doe" is "ECG ". */
static void leave_words_out(const struct kymo_deid *d, char *text)
{
    const char *at = text;
    size_t n;

    while ((n = next_word(&at)) > 0)
        if (is_word(d, at, n))
            memmove(text + (at - text), at + n, strlen(at + n) + 1);
        else
            at += n;
}

/* ---- who it is ---- */

/* What stands behind "key:" in a note; NULL where it is another note. */
static const char *value_of(const char *note, const char *key)
{
    const size_t n = strlen(key);

    if (strncasecmp(note, key, n) != 0 || note[n] != ':')
        return NULL;
    note += n + 1;
    return note + strspn(note, " ");
}

/* Of a format that has no such field. */
static const char *noted(const struct kymo_header *h, const char *key)
{
    for (size_t i = 0; i < h->n_notes; i++) {
        const char *value = value_of(h->note[i], key);
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
    const bool by_id = next_word(&rest) > 0;
    const char *part[] = {by_id ? id : name, by_id ? "" : birth};
    char *out = malloc(strlen(part[0]) + strlen(part[1]) + 4);
    size_t at = 0, n;

    for (int k = 0; out && k < 2; k++)
        for (const char *p = part[k]; (n = next_word(&p)) > 0; p += n) {
            if (at > 0)
                out[at++] = ' ';
            for (size_t i = 0; i < n; i++)
                out[at++] = (char)(p[i] >= 'A' && p[i] <= 'Z' ? p[i] | 0x20 : p[i]);
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
static bool is_unknown(const char *id) { return strspn(id, " X") == strlen(id); }

static struct who who_of(const struct kymo_header *h)
{
    return (struct who){!is_unknown(h->subject.id) ? h->subject.id : noted(h, "subject"),
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
    const char *mark = strstr(recording, MARK);
    const size_t n = mark ? (size_t)(mark - recording) : 0;

    return mark && (strcmp(mark, MARK) == 0 || strcmp(mark, MARK_DATES) == 0) &&
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
    d->keeps_dates = d->is_marked && strstr(recording, MARK_DATES);
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

const char *kymo_deid_pseudonym(const struct kymo_deid *d) { return d->pseudonym; }
int64_t kymo_deid_days(const struct kymo_deid *d) { return d->days; }

/* ---- fields ---- */

static int found(const struct kymo_deid *d, const char *field, const char *was, const char *now, struct kymo_err *e)
{
    return d->rules.found ? d->rules.found(d->rules.to, field, was, now && *now ? now : NULL, e) : 0;
}

/* *text becomes now ("" or a text that lives as long as the header), if it is another. */
static int replace(const struct kymo_deid *d, const char *field, const char **text, const char *now, struct kymo_err *e)
{
    const char *was = *text;

    if (strcmp(was, now) == 0)
        return 0;
    *text = now;
    return found(d, field, was, now, e);
}

static bool is_sex(const char *text)
{
    static const char *const words[] = {"", "f", "m", "x", "o", "u", "female", "male", "other", "unknown", "f?", "m?"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (kymo_same_text(text, words[i]))
            return true;
    return false;
}

/* "02-MAY-1951". */
static bool parse_birth(const char *text, struct kymo_start *birth)
{
    static const char months[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
    int64_t day, year;
    int month = 0;

    if (strlen(text) != 11 || text[2] != '-' || text[6] != '-' || !kymo_parse_int(text, 2, &day) ||
        !kymo_parse_int(text + 7, 4, &year))
        return false;
    while (month < 12 && strncasecmp(months + 3 * month, text + 3, 3) != 0)
        month++;
    *birth = (struct kymo_start){.has_date = true, .year = (int)year, .month = month + 1, .day = (int)day};
    return month < 12 && day >= 1 && day <= 31 && year >= 1;
}

/* The first of January on which somebody was born who had the same age at the start, as that moved. */
static const char *birth_now(const struct kymo_deid *d, const char *was, struct kymo_header *h, struct kymo_err *e)
{
    struct kymo_start birth, moved = d->start;
    char text[32];

    if (!*was || (d->keeps_dates && strncmp(was, "01-JAN-", 7) == 0))
        return was;
    if (!d->rules.key || !d->start.has_date || !parse_birth(was, &birth))
        return "";
    int age = d->start.year - birth.year;
    if (d->start.month < birth.month || (d->start.month == birth.month && d->start.day < birth.day))
        age--;
    if (age < 0)
        return "";
    kymo_set_days(&moved, kymo_days_of(d->start.year, d->start.month, d->start.day) - d->days);
    const int n = snprintf(text, sizeof text, "01-JAN-%04d", moved.year - (age > OLDEST ? OLDEST + 1 : age));
    return kymo_header_text(h, text, (size_t)n, e);
}

static int clear_subject(const struct kymo_deid *d, struct kymo_header *h, struct kymo_err *e)
{
    struct kymo_subject *s = &h->subject;
    const bool stays = d->is_marked && kymo_is_pseudonym(s->id);
    const bool is_told = !is_unknown(s->id) || *s->name || d->rules.subject;
    const char *id = stays || !is_told ? s->id : kymo_header_text(h, d->pseudonym, strlen(d->pseudonym), e);
    const char *birth = birth_now(d, s->birth, h, e);

    if (!id || !birth)
        return KYMO_ENOMEM;
    s->id = is_unknown(s->id) ? "" : s->id;
    int rc = replace(d, "subject id", &s->id, is_told ? id : s->id, e);
    if (rc == 0)
        rc = replace(d, "subject name", &s->name, "", e);
    if (rc == 0 && !is_sex(s->sex))
        rc = replace(d, "subject sex", &s->sex, "", e);
    return rc == 0 ? replace(d, "subject birth", &s->birth, birth, e) : rc;
}

/* What EDF has where no date is known. */
static bool is_no_date(const struct kymo_header *h)
{
    const bool edf = strcmp(h->format, "edf") == 0 || strcmp(h->format, "bdf") == 0;

    return edf && h->start.year == 1985 && h->start.month == 1 && h->start.day == 1;
}

static int clear_start(const struct kymo_deid *d, struct kymo_header *h, struct kymo_err *e)
{
    char was[64], now[64] = "";

    if (!h->start.has_date || d->keeps_dates || is_no_date(h))
        return 0;
    kymo_start_text(&h->start, was, sizeof was);
    if (d->rules.key)
        kymo_set_days(&h->start, kymo_days_of(h->start.year, h->start.month, h->start.day) - d->days);
    else
        h->start.has_date = false;
    if (h->start.has_date && h->start.year < 1)
        return kymo_fail(e, KYMO_EDATA, "%s: %lld days before lie before the year 1", was, (long long)d->days);
    kymo_start_text(&h->start, now, sizeof now);
    return found(d, "start date", was, h->start.has_date ? now : NULL, e);
}

/* Nothing, or EDF+'s field with the date alone, which is told of as such. */
static bool says_nothing(const char *recording)
{
    const char *behind = strncmp(recording, "Startdate ", 10) == 0 ? strchr(recording + 10, ' ') : recording;

    return !behind || !*behind || strspn(behind, " X") == strlen(behind);
}

static int clear_recording(const struct kymo_deid *d, struct kymo_header *h, struct kymo_err *e)
{
    const char *was = h->recording;

    if (d->is_marked && kymo_is_deidentified(was))
        return 0;
    h->recording = d->rules.key && h->start.has_date ? MARK_DATES : MARK;
    return says_nothing(was) ? 0 : found(d, "recording", was, NULL, e);
}

/* A label, a unit, a name of a track: it loses the words of the name; where nothing is left it is "WORD I". */
static int clear_name(const struct kymo_deid *d, struct kymo_header *h, const char *field, size_t i, const char **text,
                      const char *word, struct kymo_err *e)
{
    char place[64], name[64];

    if (!has_word(d, *text))
        return 0;
    char *left = strdup(*text);
    if (!left)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a label");
    leave_words_out(d, left);
    snprintf(name, sizeof name, "%s %zu", word, i);
    const char *rest = left;
    const char *now = kymo_trim(&rest, strlen(left)) > 0 || !*word ? left : name;
    const char *owned = kymo_header_text(h, now, strlen(now), e);
    free(left);
    snprintf(place, sizeof place, "%s %zu", field, i);
    return owned ? replace(d, place, text, owned, e) : KYMO_ENOMEM;
}

static int clear_technical(const struct kymo_deid *d, const char *field, const char *label, const char **text,
                           struct kymo_err *e)
{
    char place[96];

    if (kymo_is_technical_text(*text) && !has_word(d, *text))
        return 0;
    snprintf(place, sizeof place, "%s of %.60s", field, label);
    return replace(d, place, text, "", e);
}

static int clear_signals(const struct kymo_deid *d, struct kymo_header *h, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < h->n_signals; i++) {
        struct kymo_signal *s = &h->signal[i];
        rc = clear_name(d, h, "label of signal", i, &s->label, "signal", e);
        if (rc == 0)
            rc = clear_name(d, h, "unit of signal", i, &s->unit, "", e);
        if (rc == 0)
            rc = clear_technical(d, "transducer", s->label, &s->transducer, e);
        if (rc == 0)
            rc = clear_technical(d, "prefilter", s->label, &s->prefilter, e);
    }
    for (size_t i = 0; rc == 0 && i < h->n_tracks; i++)
        rc = clear_name(d, h, "track", i, &h->track[i], "track", e);
    return rc;
}

/* ---- texts ---- */

static bool may_stay(const struct kymo_deid *d, const char *text)
{
    for (size_t i = 0; i < d->rules.n_plain; i++)
        if (kymo_same_text(d->rules.plain[i], text))
            return true;
    return d->rules.free_text != KYMO_TEXT_DROP;
}

/* What a text becomes, "" for nothing; and the place is told of. */
static int judge_text(const struct kymo_deid *d, const char *field, const char *was, const char **now, struct kymo_err *e)
{
    const bool stays = !has_word(d, was) && may_stay(d, was);

    *now = stays ? was : "";
    if (!stays)
        return found(d, field, was, NULL, e);
    return d->rules.free_text == KYMO_TEXT_FLAG ? found(d, field, was, was, e) : 0;
}

/* The word behind "key", and behind what brackets and colons follow it; its length, 0 where there is none. */
static size_t fact(const char *note, const char *key, const char **value)
{
    size_t n;

    for (const char *p = note; (n = next_word(&p)) > 0; p += n)
        if (n == strlen(key) && strncasecmp(p, key, n) == 0 && strchr(":>", p[n]) && p[n]) {
            *value = p + n;
            return next_word(value);
        }
    return 0;
}

/* "<age>: 69 <sex>: M" of what a note says of the two; "" where it says neither. */
static void keep_facts(const char *note, char *out, size_t cap)
{
    const char *age, *sex;
    size_t n_age = fact(note, "age", &age), n_sex = fact(note, "sex", &sex);
    char word[16] = "";
    int64_t years;
    int at = 0;

    *out = '\0';
    if (n_sex == 0)
        n_sex = fact(note, "gender", &sex);
    if (n_age > 0 && kymo_parse_int(age, n_age, &years) && years >= 0)
        at = snprintf(out, cap, "<age>: %lld", (long long)(years > OLDEST ? OLDEST + 1 : years));
    if (n_sex > 0 && n_sex < sizeof word)
        memcpy(word, sex, n_sex);
    if (*word && is_sex(word))
        snprintf(out + at, cap - (size_t)at, "%s<sex>: %s", at ? " " : "", word);
}

/* A line that kymo wrote for a field that the format does not have. Returns 1 where it is one: *now is what it becomes. */
static int judge_field_note(const struct kymo_deid *d, struct kymo_header *h, const char *was, const char **now,
                            struct kymo_err *e)
{
    const char *value;
    char text[160] = "";

    if ((value = value_of(was, "subject"))) {
        if (d->is_marked && kymo_is_pseudonym(value))
            *now = was;
        else if (*d->pseudonym)
            snprintf(text, sizeof text, "subject: %s", d->pseudonym);
    } else if ((value = value_of(was, "birth"))) {
        const char *birth = birth_now(d, value, h, e);
        if (!birth)
            return KYMO_ENOMEM;
        if (*birth)
            snprintf(text, sizeof text, "birth: %s", birth);
    } else if ((value = value_of(was, "sex"))) {
        *now = is_sex(value) ? was : *now;
    } else if ((value = value_of(was, "recording"))) {
        *now = d->is_marked && kymo_is_deidentified(value) ? was : *now;
    } else if ((value = value_of(was, "history"))) {
        *now = d->is_marked && kymo_is_deid_line(value) ? was : *now;
    } else if (strncmp(was, "transducer of ", 14) == 0 || strncmp(was, "prefilter of ", 13) == 0) {
        value = strstr(was, ": ");
        *now = value && kymo_is_technical_text(value + 2) && !has_word(d, was) ? was : *now;
    } else if (!value_of(was, "name")) {
        return 0;
    }
    if (*text && !(*now = kymo_header_text(h, text, strlen(text), e)))
        return KYMO_ENOMEM;
    return 1;
}

static int judge_note(const struct kymo_deid *d, struct kymo_header *h, const char *was, const char **now, struct kymo_err *e)
{
    char facts[64];

    *now = "";
    const int rc = judge_field_note(d, h, was, now, e);
    if (rc != 0)
        return rc < 0 ? rc : strcmp(was, *now) == 0 ? 0 : found(d, "note", was, *now, e);
    keep_facts(was, facts, sizeof facts);
    if (strcmp(facts, was) == 0) {
        *now = was;
        return 0;
    }
    if (!*facts || d->rules.free_text != KYMO_TEXT_DROP)
        return judge_text(d, "note", was, now, e);
    return (*now = kymo_header_text(h, facts, strlen(facts), e)) ? found(d, "note", was, *now, e) : KYMO_ENOMEM;
}

static int clear_notes(const struct kymo_deid *d, struct kymo_header *h, struct kymo_err *e)
{
    size_t n = 0;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < h->n_notes; i++) {
        const char *now;
        rc = judge_note(d, h, h->note[i], &now, e);
        if (rc == 0 && *now)
            h->note[n++] = now;
    }
    h->n_notes = rc == 0 ? n : h->n_notes;
    return rc;
}

static int clear_history(const struct kymo_deid *d, struct kymo_header *h, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < h->n_history; i++)
        if (!d->is_marked || !kymo_is_deid_line(h->history[i]))
            rc = found(d, "history", h->history[i], NULL, e);
    h->n_history = 0;
    return rc;
}

int kymo_deid_header(const struct kymo_deid *d, struct kymo_header *h, struct kymo_err *e)
{
    int rc = clear_subject(d, h, e);

    if (rc == 0)
        rc = clear_start(d, h, e);
    if (rc == 0)
        rc = clear_recording(d, h, e);
    if (rc == 0)
        rc = clear_signals(d, h, e);
    if (rc == 0)
        rc = clear_notes(d, h, e);
    return rc == 0 ? clear_history(d, h, e) : rc;
}

int kymo_deid_event(const struct kymo_deid *d, struct kymo_event *ev, struct kymo_err *e)
{
    const bool is_note = strcmp(ev->type, KYMO_NOTE_TYPE) == 0;
    int rc = 0;

    if (has_word(d, ev->type)) {
        rc = found(d, "type of event", ev->type, KYMO_NOTE_TYPE, e);
        snprintf(ev->type, sizeof ev->type, "%s", KYMO_NOTE_TYPE);
    }
    if (rc < 0 || !*ev->text || (kymo_is_standard_text(ev->text) && !has_word(d, ev->text)))
        return rc < 0 ? rc : 1;
    rc = judge_text(d, "text of event", ev->text, &ev->text, e);
    return rc < 0 ? rc : *ev->text || !is_note;
}
