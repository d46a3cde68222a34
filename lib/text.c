/* lib/text.c - see text.h. */
#include "lib/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_NUMBER 352   /* any double, written out with nine decimals */
#define NS_PER_S INT64_C(1000000000)
#define EXACT_LIMIT 9007199254740992.0     /* 2^53: integers below are doubles, and so is their quotient by 10^22 or less */

static const double power_of_ten[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

size_t kymo_trim(const char **text, size_t n)
{
    while (n > 0 && is_blank(**text))
        (*text)++, n--;
    while (n > 0 && (is_blank((*text)[n - 1]) || (*text)[n - 1] == '\0'))
        n--;
    return n;
}

bool kymo_parse_int(const char *text, size_t n, int64_t *value)
{
    int64_t v = 0;
    size_t i = 0;

    n = kymo_trim(&text, n);
    const bool negative = n > 0 && text[0] == '-';
    if (n > 0 && (text[0] == '-' || text[0] == '+'))
        i++;
    if (i == n)
        return false;
    for (; i < n; i++)
        if (!kymo_is_digit(text[i]) || __builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, text[i] - '0', &v))
            return false;
    *value = negative ? -v : v;
    return true;
}

const char *kymo_plain_number(const char *p, const char *end, double *value)
{
    const bool negative = p < end && *p == '-';
    uint64_t mantissa = 0;
    const char *point = NULL, *first;

    p += negative || (p < end && *p == '+');
    first = p;
    for (; p < end && kymo_is_digit(*p); p++)
        mantissa = mantissa * 10 + (uint64_t)(*p - '0');
    if (p < end && *p == '.') {
        point = ++p;
        for (; p < end && kymo_is_digit(*p); p++)
            mantissa = mantissa * 10 + (uint64_t)(*p - '0');
    }
    const ptrdiff_t digits = p - first - (point ? 1 : 0), decimals = point ? p - point : 0;
    if (digits == 0 || digits > 18 || mantissa > (uint64_t)EXACT_LIMIT || (p < end && (*p == 'e' || *p == 'E')))
        return NULL;
    const double x = (double)mantissa / power_of_ten[decimals];
    *value = negative ? -x : x;
    return p;
}

bool kymo_parse_real(const char *text, size_t n, double *value)
{
    char copy[LONGEST_NUMBER], *end;
    double plain;

    n = kymo_trim(&text, n);
    if (n == 0 || n >= sizeof copy)
        return false;
    if (kymo_plain_number(text, text + n, &plain) == text + n) {
        *value = plain;
        return true;
    }
    for (size_t i = 0; i < n; i++)   /* strtod also takes hexadecimal, "inf" and "nan": not numbers here */
        if (!kymo_is_digit(text[i]) && !memchr("+-.eE", text[i], 5))
            return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    const double v = strtod(copy, &end);
    if (*end || !isfinite(v))
        return false;
    *value = v;
    return true;
}

bool kymo_is_missing(const char *text, size_t n)
{
    static const char *const words[] = {"", "nan", "na", "n/a", "#n/a", "null", "none", "-", "--", "---"};
    char copy[8];

    n = kymo_trim(&text, n);
    if (n >= sizeof copy)
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (kymo_same_text(copy, words[i]))
            return true;
    return false;
}

int64_t kymo_common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

struct kymo_ratio kymo_ratio(int64_t num, int64_t den)
{
    const int64_t d = kymo_common_divisor(num, den);
    const int64_t sign = den < 0 ? -1 : 1;

    return (struct kymo_ratio){sign * num / d, sign * den / d};
}

double kymo_ratio_real(struct kymo_ratio r) { return (double)r.num / (double)r.den; }

bool kymo_ratio_near(double value, struct kymo_ratio *r)
{
    double rest = value;
    int64_t num[2] = {0, 1}, den[2] = {1, 0};   /* convergents of the continued fraction, the last and the one before */

    for (int i = 0; i < 32 && rest >= 0 && rest < 1e9; i++) {
        const int64_t whole = (int64_t)rest;
        const int64_t n = whole * num[1] + num[0], d = whole * den[1] + den[0];
        if (n > 1000000000 || d > 1000000000)
            break;
        num[0] = num[1], den[0] = den[1];
        num[1] = n, den[1] = d;
        if (n > 0 && fabs((double)n / (double)d - value) <= 1e-10 * value) {
            *r = kymo_ratio(n, d);
            return true;
        }
        rest = 1 / (rest - (double)whole);
    }
    return false;
}

/* "[+-]digits[.digits][e[+-]digits]" as digits x 10^exponent. */
static bool split_decimal(const char *text, size_t n, int64_t *digits, int64_t *exponent)
{
    const char *e = memchr(text, 'e', n);
    char plain[LONGEST_NUMBER];
    size_t m = 0, decimals = 0;
    bool point = false;

    if (!e)
        e = memchr(text, 'E', n);
    *exponent = 0;
    if (e && (!kymo_parse_int(e + 1, n - (size_t)(e - text) - 1, exponent) || *exponent < -12 || *exponent > 12))
        return false;
    for (const char *p = text; p < (e ? e : text + n); p++) {
        if (*p == '.' && !point)
            point = true;
        else if (m + 1 < sizeof plain)
            plain[m++] = *p, decimals += point;
    }
    while (decimals > 0 && m > 1 && plain[m - 1] == '0')
        m--, decimals--;
    *exponent -= (int64_t)decimals;
    return m < 20 && kymo_parse_int(plain, m, digits);
}

bool kymo_parse_ratio(const char *text, size_t n, struct kymo_ratio *value)
{
    n = kymo_trim(&text, n);
    if (n == 0 || n >= LONGEST_NUMBER)
        return false;
    const char *slash = memchr(text, '/', n);
    if (slash) {
        int64_t num, den;
        const size_t before = (size_t)(slash - text);
        if (!kymo_parse_int(text, before, &num) || !kymo_parse_int(slash + 1, n - before - 1, &den) || den <= 0)
            return false;
        *value = kymo_ratio(num, den);
    } else {
        int64_t num, exponent, den = 1;
        if (!split_decimal(text, n, &num, &exponent))
            return false;
        for (; exponent > 0; exponent--)
            if (__builtin_mul_overflow(num, 10, &num))
                return false;
        for (; exponent < 0; exponent++)
            if (__builtin_mul_overflow(den, 10, &den))
                return false;
        *value = kymo_ratio(num, den);
    }
    return llabs(value->num) <= KYMO_RATIO_LIMIT && value->den <= KYMO_RATIO_LIMIT;
}

/* Seconds with decimals as ns, rounded to the nearest. */
static bool parse_seconds(const char *text, size_t n, int64_t *ns)
{
    int64_t whole = 0, fraction = 0, unit = NS_PER_S;
    size_t i = 0;

    for (; i < n && kymo_is_digit(text[i]); i++)
        if (__builtin_mul_overflow(whole, 10, &whole) || __builtin_add_overflow(whole, text[i] - '0', &whole))
            return false;
    if (i == 0 || (i < n && text[i] != '.'))
        return false;
    for (i++; i < n; i++) {
        if (!kymo_is_digit(text[i]))
            return false;
        if (unit > 1)
            fraction += (unit /= 10) * (text[i] - '0');
        else if (unit == 1)
            fraction += text[i] >= '5', unit = 0;
    }
    return !__builtin_mul_overflow(whole, NS_PER_S, &whole) && !__builtin_add_overflow(whole, fraction, ns);
}

bool kymo_parse_time(const char *text, size_t n, int64_t *ns)
{
    int64_t larger = 0, part, seconds;
    const char *colon;
    int colons = 0;

    n = kymo_trim(&text, n);
    while ((colon = memchr(text, ':', n))) {
        const size_t before = (size_t)(colon - text);
        if (++colons > 2 || before == 0 || !kymo_is_digit(text[0]) || !kymo_parse_int(text, before, &part) ||
            (colons > 1 && part > 59) || part > INT32_MAX)
            return false;
        larger = larger * 60 + part;
        text = colon + 1;
        n -= before + 1;
    }
    if (!parse_seconds(text, n, &seconds) || (colons > 0 && seconds >= 60 * NS_PER_S))
        return false;
    int64_t total;
    if (__builtin_mul_overflow(larger, 60 * NS_PER_S, &total) || __builtin_add_overflow(total, seconds, &total))
        return false;
    *ns = total;
    return true;
}

/* Length of the UTF-8 sequence at text[n], 0 where there is none (RFC 3629: no overlong forms, no surrogates). */
static size_t utf8_length(const unsigned char *t, size_t n)
{
    static const unsigned char mark[] = {0, 0, 0xc0, 0xe0, 0xf0};
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

    if (t[0] < 0x80)
        return 1;
    for (size_t len = 2; len <= 4; len++) {
        const unsigned char mask = (unsigned char)(0xff << (7 - len));
        if ((t[0] & mask) != mark[len])
            continue;
        uint32_t code = t[0] & (unsigned char)~mask;
        for (size_t i = 1; i < len; i++) {
            if (i >= n || (t[i] & 0xc0) != 0x80)
                return 0;
            code = code << 6 | (t[i] & 0x3f);
        }
        return code < least[len] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0 : len;
    }
    return 0;
}

bool kymo_is_utf8(const char *text, size_t n)
{
    const unsigned char *t = (const unsigned char *)text;
    size_t len = 1;

    for (size_t i = 0; i < n && len > 0; i += len)
        len = utf8_length(t + i, n - i);
    return len > 0;
}

/* Whether t[len], a UTF-8 sequence, is a control character: C0, DEL, or C1, which terminals obey too. */
static bool is_control(const unsigned char *t, size_t len)
{
    return len == 1 ? t[0] < 0x20 || t[0] == 0x7f : len == 2 && t[0] == 0xc2 && t[1] < 0xa0;
}

size_t kymo_utf8(const char *text, size_t n, char *out, size_t cap)
{
    const unsigned char *t = (const unsigned char *)text;
    bool valid = true;
    size_t made = 0;

    for (size_t i = 0, len; valid && i < n; i += len)
        valid = (len = utf8_length(t + i, n - i)) > 0;
    for (size_t i = 0; i < n && made + 5 <= cap;) {
        const size_t len = valid ? utf8_length(t + i, n - i) : 1;
        const unsigned char latin[] = {(unsigned char)(0xc0 | t[i] >> 6), (unsigned char)(0x80 | (t[i] & 0x3f))};
        const bool widen = !valid && t[i] >= 0x80;
        const unsigned char *from = widen ? latin : t + i;
        const size_t width = widen ? 2 : len;
        if (is_control(from, width)) {
            out[made++] = ' ';
        } else {
            memcpy(out + made, from, width);
            made += width;
        }
        i += len;
    }
    if (cap > 0)
        out[made] = '\0';
    return made;
}

size_t kymo_format_seconds(int64_t ns, char *out, size_t cap)
{
    const uint64_t size = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
    int n = snprintf(out, cap, "%s%" PRIu64 ".%09" PRIu64, ns < 0 ? "-" : "", size / NS_PER_S, size % NS_PER_S);

    while (out[n - 1] == '0')
        n--;
    if (out[n - 1] == '.')
        n--;
    out[n] = '\0';
    return (size_t)n;
}

bool kymo_same_text(const char *a, const char *b)
{
    while (*a && kymo_lower(*a) == kymo_lower(*b))
        a++, b++;
    return kymo_lower(*a) == kymo_lower(*b);
}

bool kymo_begins(const char *text, const char *word)
{
    while (*word && kymo_lower(*text) == kymo_lower(*word))
        text++, word++;
    return !*word;
}

bool kymo_is_word(const char *text, size_t n, const char *word) { return strlen(word) == n && kymo_begins(text, word); }

const char kymo_months[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";

/* ---- words ---- */

void kymo_format_real(double x, char out[32])
{
    for (int digits = 12; digits <= 17; digits++) {
        snprintf(out, 32, "%.*g", digits, x);
        if (strtod(out, NULL) == x)
            break;
    }
}

size_t kymo_escape(const char *text, const char *marks, char *out, size_t cap)
{
    size_t n = 0;

    for (; *text && n + 3 < cap; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c <= ' ' || c == 0x7f || c == '%' || strchr(marks, c))
            n += (size_t)snprintf(out + n, cap - n, "%%%02X", c);
        else
            out[n++] = *text;
    }
    out[n] = '\0';
    return n;
}

static int hex_digit(char c)
{
    return kymo_is_digit(c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool kymo_unescape(const char *text, size_t n, char *out, size_t cap)
{
    size_t made = 0;

    for (size_t i = 0; i < n; i++, made++) {
        int c = (unsigned char)text[i];
        if (made + 1 >= cap)
            return false;
        if (c == '%') {
            if (n - i < 3 || hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0)
                return false;
            c = 16 * hex_digit(text[i + 1]) + hex_digit(text[i + 2]);
            if (c == 0)
                return false;
            i += 2;
        }
        out[made] = (char)c;
    }
    out[made] = '\0';
    return true;
}
