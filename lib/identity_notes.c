/* lib/identity_notes.c - notes and texts of events. See identity.h. */
#include "lib/identity_inside.h"

#include "lib/plain_words.h"
#include "lib/vocabulary.h"

#include <stdio.h>
#include <string.h>

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
    const bool stays = !deid_has_word(d, was) && may_stay(d, was);

    *now = stays ? was : "";
    if (!stays)
        return deid_found(d, field, was, NULL, e);
    return d->rules.free_text == KYMO_TEXT_FLAG ? deid_found(d, field, was, was, e) : 0;
}

/* The word behind "key", and behind what brackets and colons follow it; its length, 0 where there is none. */
static size_t fact(const char *note, const char *key, const char **value)
{
    size_t n;

    for (const char *p = note; (n = deid_next_word(&p)) > 0; p += n)
        if (kymo_is_word(p, n, key) && strchr(":>", p[n]) && p[n]) {
            *value = p + n;
            return deid_next_word(value);
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
        at = snprintf(out, cap, "<age>: %lld", (long long)(years > DEID_OLDEST ? DEID_OLDEST + 1 : years));
    if (n_sex > 0 && n_sex < sizeof word)
        memcpy(word, sex, n_sex);
    if (*word && deid_is_sex(word))
        snprintf(out + at, cap - (size_t)at, "%s<sex>: %s", at ? " " : "", word);
}

/* A line that kymo wrote for a field that the format does not have. Returns 1 where it is one: *now is what it becomes. */
static int judge_field_note(const struct kymo_deid *d, struct kymo_header *h, const char *was, const char **now,
                            struct kymo_err *e)
{
    const char *value;
    char text[160] = "";

    if ((value = deid_value_of(was, "subject"))) {
        if (d->is_marked && kymo_is_pseudonym(value))
            *now = was;
        else if (*d->pseudonym)
            snprintf(text, sizeof text, "subject: %s", d->pseudonym);
    } else if ((value = deid_value_of(was, "birth"))) {
        const char *birth = deid_birth_now(d, value, h, e);
        if (!birth)
            return KYMO_ENOMEM;
        if (*birth)
            snprintf(text, sizeof text, "birth: %s", birth);
    } else if ((value = deid_value_of(was, "sex"))) {
        *now = deid_is_sex(value) ? was : *now;
    } else if ((value = deid_value_of(was, "recording"))) {
        *now = d->is_marked && kymo_is_deidentified(value) ? was : *now;
    } else if ((value = deid_value_of(was, "history"))) {
        *now = d->is_marked && kymo_is_deid_line(value) ? was : *now;
    } else if (strncmp(was, "transducer of ", 14) == 0 || strncmp(was, "prefilter of ", 13) == 0) {
        value = strstr(was, ": ");
        *now = value && kymo_is_technical_text(value + 2) && !deid_has_word(d, was) ? was : *now;
    } else if (!deid_value_of(was, "name")) {
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
        return rc < 0 ? rc : strcmp(was, *now) == 0 ? 0 : deid_found(d, "note", was, *now, e);
    keep_facts(was, facts, sizeof facts);
    if (strcmp(facts, was) == 0) {
        *now = was;
        return 0;
    }
    if (!*facts || d->rules.free_text != KYMO_TEXT_DROP)
        return judge_text(d, "note", was, now, e);
    return (*now = kymo_header_text(h, facts, strlen(facts), e)) ? deid_found(d, "note", was, *now, e) : KYMO_ENOMEM;
}

int deid_clear_notes(const struct kymo_deid *d, struct kymo_header *h, struct kymo_err *e)
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
int kymo_deid_event(const struct kymo_deid *d, struct kymo_event *ev, struct kymo_err *e)
{
    const bool is_note = strcmp(ev->type, KYMO_NOTE_TYPE) == 0;
    int rc = 0;

    if (deid_has_word(d, ev->type)) {
        rc = deid_found(d, "type of event", ev->type, KYMO_NOTE_TYPE, e);
        snprintf(ev->type, sizeof ev->type, "%s", KYMO_NOTE_TYPE);
    }
    if (rc < 0 || !*ev->text || (kymo_is_standard_text(ev->text) && !deid_has_word(d, ev->text)))
        return rc < 0 ? rc : 1;
    rc = judge_text(d, "text of event", ev->text, &ev->text, e);
    return rc < 0 ? rc : *ev->text || !is_note;
}
