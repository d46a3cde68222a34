/* lib/text.h - numbers, times and names as people and files write them.
 *
 * Parsing takes text[n] (no terminator needed), is independent of the locale, wants the whole text (blanks around it are
 * allowed) and returns false, leaving *value alone, where the text is anything else. */
#ifndef KYMO_TEXT_H
#define KYMO_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An exact rational number, in lowest terms, den > 0. */
struct kymo_ratio {
    int64_t num, den;
};

#define KYMO_RATIO_LIMIT INT64_C(1000000000000)   /* of num and den: keeps index x rate x 10^9 inside 128 bits */

/* All of text[n], trimmed, as a decimal number; false, and *value as it was, where it is none or does not fit. */
bool kymo_parse_int(const char *text, size_t n, int64_t *value);
bool kymo_parse_real(const char *text, size_t n, double *value);   /* finite; decimal point, exponent allowed */

/* A plain decimal number (sign, digits, point) that begins at p: *value is the double nearest to it. Returns where it
 * stops, or NULL where there is none, or one too long or with an exponent, which kymo_parse_real may still take. */
const char *kymo_plain_number(const char *p, const char *end, double *value);

/* Whether text[n], trimmed, is one of the usual words for no value: nothing, nan, na, n/a, #n/a, null, none, -, --, ---. */
bool kymo_is_missing(const char *text, size_t n);

/* "499.95" -> 9999/20, "1/30" -> 1/30: at most 18 digits and exponent -12..12; |num|, den <= 10^12. */
bool kymo_parse_ratio(const char *text, size_t n, struct kymo_ratio *value);

/* A time from the start: "90", "90.5" (seconds), "1:30" (min:s), "0:05:00" (h:min:s, hours unbounded), in ns. */
bool kymo_parse_time(const char *text, size_t n, int64_t *ns);

/* The simplest ratio that value, > 0, can be the rounding of: within 10^-10 of it. Returns false where there is none. */
bool kymo_ratio_near(double value, struct kymo_ratio *r);

int64_t kymo_common_divisor(int64_t a, int64_t b);   /* the greatest; not negative */
struct kymo_ratio kymo_ratio(int64_t num, int64_t den);   /* reduced; den != 0 */
double kymo_ratio_real(struct kymo_ratio r);

/* text[n] without blanks at either end: moves *text, returns the length that is left. */
size_t kymo_trim(const char **text, size_t n);

/* Bytes of unknown encoding to UTF-8 in out[cap] (cap > 3n is always enough): valid UTF-8 stays, anything else is taken
 * as latin-1; control characters (C0, DEL, C1) become blanks. Returns the length, terminated. */
size_t kymo_utf8(const char *text, size_t n, char *out, size_t cap);

/* Whether text[n] is UTF-8 throughout (RFC 3629: no overlong forms, no surrogates). */
bool kymo_is_utf8(const char *text, size_t n);

/* ns as seconds with just the digits it has: 1500000000 -> "1.5". Returns the length; cap >= 24. */
size_t kymo_format_seconds(int64_t ns, char *out, size_t cap);

/* x with as few digits, from 12 on, as are read back as the same number. */
void kymo_format_real(double x, char out[32]);

/* text as one word: blanks, control characters, % and the characters of marks become %XX, its code in hexadecimal digits.
 * Cuts what does not fit; cap > 3 strlen(text) is always enough. Returns the length. */
size_t kymo_escape(const char *text, const char *marks, char *out, size_t cap);

/* Undoes that to text[n]. False where a % is not followed by two digits, a code is 0, or the result does not fit. */
bool kymo_unescape(const char *text, size_t n, char *out, size_t cap);

/* Letters are those of ASCII, whatever the locale. */
static inline bool kymo_is_digit(char c) { return c >= '0' && c <= '9'; }
static inline char kymo_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c; }
static inline bool kymo_is_letter(char c) { return kymo_lower(c) >= 'a' && kymo_lower(c) <= 'z'; }

/* Comparison whatever the case: of all, of text[n] with a word, of how text begins. */
bool kymo_same_text(const char *a, const char *b);
bool kymo_is_word(const char *text, size_t n, const char *word);
bool kymo_begins(const char *text, const char *word);

extern const char kymo_months[];   /* "JANFEBMAR...": three letters each, as EDF+ has them */

#endif
