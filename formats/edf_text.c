/* formats/edf_text.c - see edf_text.h. */
#include "formats/edf_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_NS (86400 * KYMO_NS_PER_S)
#define LATIN_LETTERS 0xc0           /* to 0xff: letters with accents */

/* ---- ASCII ---- */

/* The character at *p, which moves on; UTF-8 is valid here, since kymo_utf8 made it. */
static uint32_t next_char(const char **p)
{
    const unsigned char *c = (const unsigned char *)*p;
    const int more = c[0] < 0x80 ? 0 : c[0] < 0xe0 ? 1 : c[0] < 0xf0 ? 2 : 3;
    uint32_t code = more == 0 ? c[0] : c[0] & (0x3fu >> more);

    for (int i = 1; i <= more && c[i]; i++)
        code = code << 6 | (c[i] & 0x3f);
    for (int i = 0; i <= more && **p; i++)
        (*p)++;
    return code;
}

static const char *unit_sign(uint32_t code)
{
    switch (code) {
    case 0xb5: case 0x3bc: return "u";
    case 0xb0: return "deg";
    case 0x3a9: case 0x2126: return "Ohm";
    default: return NULL;
    }
}

size_t edf_ascii(const char *text, char *out, size_t cap)
{
    static const char base[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";
    size_t n = 0, changed = 0;

    while (*text && n + 4 < cap) {
        const uint32_t code = next_char(&text);
        const char *sign = unit_sign(code);
        if (sign) {
            for (; *sign; sign++)
                out[n++] = *sign;
        } else if (code >= 0x20 && code < 0x7f) {
            out[n++] = (char)code;
        } else {
            changed++;
            out[n++] = code >= LATIN_LETTERS && code <= 0xff ? base[code - LATIN_LETTERS] : '?';
        }
    }
    out[n] = '\0';
    return changed;
}

/* ---- patient and recording ---- */

char *edf_patient(const struct kymo_subject *u)
{
    const char *part[] = {u->id, u->sex, u->birth, u->name};
    char *out = malloc(strlen(u->id) + strlen(u->sex) + strlen(u->birth) + strlen(u->name) + 8);
    size_t n = 0;

    for (int i = 0; out && i < 4; i++) {
        if (i > 0)
            out[n++] = ' ';
        for (const char *p = *part[i] ? part[i] : "X"; *p; p++)
            out[n++] = *p == ' ' ? '_' : *p;
    }
    if (out)
        out[n] = '\0';
    return out;
}

bool edf_knows_year(const struct kymo_start *start) { return start->year >= 1985 && start->year <= 2084; }

char *edf_recording(const char *recording, const struct kymo_start *start)
{
    static const char word[] = "Startdate ";
    static const char *const months[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
    const bool is_field = strncmp(recording, word, sizeof word - 1) == 0;
    const char *rest = is_field ? recording + sizeof word - 1 + strcspn(recording + sizeof word - 1, " ") : recording;
    const bool keeps_x = is_field && recording[sizeof word - 1] == 'X' && (!start->has_date || edf_knows_year(start));
    char date[32] = "X", *out = NULL;

    if (start->has_date && !keeps_x)
        snprintf(date, sizeof date, "%02d-%s-%04d", start->day, months[start->month - 1], start->year);
    if (asprintf(&out, "%s%s%s%s%s", word, date, is_field ? "" : " X X X", *rest && !is_field ? " " : "", rest) < 0)
        return NULL;
    return out;
}

/* ---- start ---- */

/* Days since 1970-01-01 of a date of the Gregorian calendar, and back. Source: E. G. Richards, Explanatory Supplement to
 * the Astronomical Almanac, 3rd ed. 2013, 15.11 (Julian day numbers, less that of 1970). */
static int64_t days_of(const struct kymo_start *s)
{
    const int64_t m = (s->month - 14) / 12;

    return (int64_t)1461 * (s->year + 4800 + m) / 4 + 367 * (s->month - 2 - 12 * m) / 12 -
           3 * ((s->year + 4900 + m) / 100) / 4 + s->day - 32075;
}

static void set_days(struct kymo_start *s, int64_t day)
{
    const int64_t f = day + 1401 + (4 * day + 274277) / 146097 * 3 / 4 - 38;
    const int64_t e = 4 * f + 3, g = e % 1461 / 4, h = 5 * g + 2;

    s->day = (int)(h % 153 / 5 + 1);
    s->month = (int)((h / 153 + 2) % 12 + 1);
    s->year = (int)(e / 1461 - 4716 + (14 - s->month) / 12);
}

void edf_move_start(struct kymo_start *start, int64_t ns)
{
    int64_t time = start->time_ns + ns % DAY_NS, days = ns / DAY_NS;

    days += time < 0 ? -1 : time >= DAY_NS ? 1 : 0;
    time += time < 0 ? DAY_NS : time >= DAY_NS ? -DAY_NS : 0;
    start->time_ns = time;
    if (start->has_date && days != 0)
        set_days(start, days_of(start) + days);
}
