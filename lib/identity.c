/* lib/identity.c - the fields of a header. See identity.h. */
#include "lib/identity_inside.h"

#include "lib/date.h"
#include "lib/plain_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int deid_found(const struct kymo_deid *d, const char *field, const char *was, const char *now, struct kymo_err *e)
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
    return deid_found(d, field, was, now, e);
}

bool deid_is_sex(const char *text)
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
    int64_t day, year;
    int month = 0;

    if (strlen(text) != 11 || text[2] != '-' || text[6] != '-' || !kymo_parse_int(text, 2, &day) ||
        !kymo_parse_int(text + 7, 4, &year))
        return false;
    while (month < 12 && strncasecmp(kymo_months + 3 * month, text + 3, 3) != 0)
        month++;
    *birth = (struct kymo_start){.has_date = true, .year = (int)year, .month = month + 1, .day = (int)day};
    return month < 12 && day >= 1 && day <= 31 && year >= 1;
}

const char *deid_birth_now(const struct kymo_deid *d, const char *was, struct kymo_header *h, struct kymo_err *e)
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
    const int n = snprintf(text, sizeof text, "01-JAN-%04d", moved.year - (age > DEID_OLDEST ? DEID_OLDEST + 1 : age));
    return kymo_header_text(h, text, (size_t)n, e);
}

static int clear_subject(const struct kymo_deid *d, struct kymo_header *h, struct kymo_err *e)
{
    struct kymo_subject *s = &h->subject;
    const bool stays = d->is_marked && kymo_is_pseudonym(s->id);
    const bool is_told = !deid_is_unknown(s->id) || *s->name || d->rules.subject;
    const char *id = stays || !is_told ? s->id : kymo_header_text(h, d->pseudonym, strlen(d->pseudonym), e);
    const char *birth = deid_birth_now(d, s->birth, h, e);

    if (!id || !birth)
        return KYMO_ENOMEM;
    s->id = deid_is_unknown(s->id) ? "" : s->id;
    int rc = replace(d, "subject id", &s->id, is_told ? id : s->id, e);
    if (rc == 0)
        rc = replace(d, "subject name", &s->name, "", e);
    if (rc == 0 && !deid_is_sex(s->sex))
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
    return deid_found(d, "start date", was, h->start.has_date ? now : NULL, e);
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
    h->recording = d->rules.key && h->start.has_date ? DEID_MARK_DATES : DEID_MARK;
    return says_nothing(was) ? 0 : deid_found(d, "recording", was, NULL, e);
}

/* A label, a unit, a name of a track: it loses the words of the name; where nothing is left it is "WORD I". */
static int clear_name(const struct kymo_deid *d, struct kymo_header *h, const char *field, size_t i, const char **text,
                      const char *word, struct kymo_err *e)
{
    char place[64], name[64];

    if (!deid_has_word(d, *text))
        return 0;
    char *left = strdup(*text);
    if (!left)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a label");
    deid_leave_words_out(d, left);
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

    if (kymo_is_technical_text(*text) && !deid_has_word(d, *text))
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
static int clear_history(const struct kymo_deid *d, struct kymo_header *h, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < h->n_history; i++)
        if (!d->is_marked || !kymo_is_deid_line(h->history[i]))
            rc = deid_found(d, "history", h->history[i], NULL, e);
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
        rc = deid_clear_notes(d, h, e);
    return rc == 0 ? clear_history(d, h, e) : rc;
}
