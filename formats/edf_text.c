/* formats/edf_text.c - see edf_text.h. */
#include "formats/edf_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    const bool is_field = strncmp(recording, word, sizeof word - 1) == 0;
    const char *rest = is_field ? recording + sizeof word - 1 + strcspn(recording + sizeof word - 1, " ") : recording;
    const bool keeps_x = is_field && recording[sizeof word - 1] == 'X' && (!start->has_date || edf_knows_year(start));
    char date[32] = "X", *out = NULL;

    if (start->has_date && !keeps_x)
        snprintf(date, sizeof date, "%02d-%.3s-%04d", start->day, kymo_months + 3 * (start->month - 1), start->year);
    if (asprintf(&out, "%s%s%s%s%s", word, date, is_field ? "" : " X X X", *rest && !is_field ? " " : "", rest) < 0)
        return NULL;
    return out;
}
