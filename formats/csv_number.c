/* formats/csv_number.c - see csv_number.h. */
#include "formats/csv_number.h"

#include "lib/date.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DECIMALS 15
#define MOST_DIGITS 18
#define TIME_LIMIT (INT64_C(1) << 62)   /* from 1823 to 2116 */
#define UNIX_LEAST (INT64_C(631152000) * KYMO_NS_PER_S)   /* 1990 */

static const double power_of_ten[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};


/* ---- reading ---- */

/* "12.345" in units: the digits as an integer, so that nothing is rounded above a nanosecond. */
static bool plain_time(const char *text, size_t n, int64_t ns_per_unit, struct csv_time *t)
{
    const bool negative = n > 0 && text[0] == '-';
    int64_t whole = 0, fraction = 0, unit = ns_per_unit;
    size_t i = negative || (n > 0 && text[0] == '+');
    const size_t first = i;

    t->digits = 0;
    for (; i < n && kymo_is_digit(text[i]); i++) {
        if (__builtin_mul_overflow(whole, 10, &whole) || __builtin_add_overflow(whole, text[i] - '0', &whole))
            return false;
        t->digits += t->digits > 0 || text[i] != '0';
    }
    if (i < n && text[i] == '.')
        for (i++; i < n && kymo_is_digit(text[i]); i++) {
            t->digits += t->digits > 0 || text[i] != '0';
            if (unit >= 10)
                fraction += (unit /= 10) * (text[i] - '0');
            else if (unit > 0)
                fraction += text[i] >= '5', unit = 0;
        }
    if (i < n || n == first || (n == first + 1 && !kymo_is_digit(text[first])) ||
        __builtin_mul_overflow(whole, ns_per_unit, &whole) || __builtin_add_overflow(whole, fraction, &whole))
        return false;
    t->ns = negative ? -whole : whole;
    t->step_ns = unit > 0 ? unit : 1;
    return true;
}

struct kymo_start csv_start_of(int64_t ns)
{
    const int64_t day_ns = 86400 * KYMO_NS_PER_S, days = ns >= 0 ? ns / day_ns : -((day_ns - 1 - ns) / day_ns);
    struct kymo_start s = {.has_date = true, .has_time = true, .time_ns = ns - days * day_ns};

    kymo_set_days(&s, days);
    return s;
}

/* Up to 9 decimals behind the last point: the step of "12:00:00.25" is 10 ms. */
static int64_t step_of(const char *text, size_t n)
{
    const char *point = memchr(text, '.', n);
    int64_t step = KYMO_NS_PER_S;

    for (const char *p = point ? point + 1 : text + n; p < text + n && step > 1; p++)
        step /= 10;
    return step;
}

/* "2020-01-31T12:00:00.5", also with a blank or slashes; what it says of a zone is cut off: times are local. */
static bool dated_time(const char *text, size_t n, struct csv_time *t)
{
    int64_t year, month, day, ns;

    if (n < 16 || text[4] != text[7] || (text[4] != '-' && text[4] != '/') || (text[10] != 'T' && text[10] != ' ') ||
        !kymo_parse_int(text, 4, &year) || !kymo_parse_int(text + 5, 2, &month) || !kymo_parse_int(text + 8, 2, &day) ||
        year < 1824 || year > 2115 || !kymo_is_date(year, month, day))
        return false;
    const char *clock = text + 11;
    size_t n_clock = n - 11;
    for (size_t i = 1; i < n_clock; i++)
        if (strchr("Zz+-", clock[i]))
            n_clock = i;
    const bool no_seconds = n_clock == 5;   /* 12:00 would read as minutes and seconds */
    if (!kymo_parse_time(clock, n_clock, &ns))
        return false;
    ns = no_seconds ? 60 * ns : ns;
    if (ns < 0 || ns > 86400 * KYMO_NS_PER_S)
        return false;
    *t = (struct csv_time){kymo_days_of(year, month, day) * 86400 * KYMO_NS_PER_S + ns,
                           no_seconds ? 60 * KYMO_NS_PER_S : step_of(clock, n_clock), MOST_DIGITS, true};
    return true;
}

/* A number of s that no clock shows, but that is a time since 1970 in ms, us or ns: "1700000000000". */
static bool finer_time(const char *text, size_t n, int64_t ns_per_unit, struct csv_time *t)
{
    for (int64_t unit = ns_per_unit / 1000; unit > 0 && ns_per_unit == KYMO_NS_PER_S; unit /= 1000)
        if (plain_time(text, n, unit, t) && t->ns < TIME_LIMIT)
            return t->ns >= UNIX_LEAST;
    return false;
}

bool csv_parse_time(const char *text, size_t n, int64_t ns_per_unit, struct csv_time *t)
{
    double x;

    n = kymo_trim(&text, n);
    t->dated = false;
    if (plain_time(text, n, ns_per_unit, t) && t->ns > -TIME_LIMIT && t->ns < TIME_LIMIT)
        return true;
    if (finer_time(text, n, ns_per_unit, t))
        return true;
    t->digits = MOST_DIGITS;
    if (n > 0 && memchr(text, ':', n)) {
        if (dated_time(text, n, t))
            return true;
        t->step_ns = step_of(text, n);
        return kymo_parse_time(text, n, &t->ns) && t->ns < TIME_LIMIT;
    }
    if (!kymo_parse_real(text, n, &x) || fabs(x) * (double)ns_per_unit >= (double)TIME_LIMIT)
        return false;
    t->ns = llround(x * (double)ns_per_unit);
    t->step_ns = 1;
    return true;
}

/* ---- writing ---- */

static const char two_digits[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960"
    "616263646566676869707172737475767778798081828384858687888990919293949596979899";

/* v in decimal, ending before p, which has 20 bytes before it; returns where it begins. */
static char *put_before(char *p, uint64_t v)
{
    for (; v >= 100; v /= 100)
        memcpy(p -= 2, two_digits + 2 * (v % 100), 2);
    if (v >= 10)
        memcpy(p -= 2, two_digits + 2 * v, 2);
    else
        *--p = (char)('0' + v);
    return p;
}

size_t csv_put_fixed(char *out, int64_t n, int decimals)
{
    char text[20], *at = out;
    uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

    while (decimals > 0 && size % 10 == 0)
        size /= 10, decimals--;
    const char *p = put_before(text + sizeof text, size);
    const int digits = (int)(text + sizeof text - p), whole = digits - decimals;
    if (n < 0)
        *at++ = '-';
    if (whole > 0) {
        memcpy(at, p, (size_t)whole);
        at += whole;
    } else {
        *at++ = '0';
    }
    if (decimals > 0) {
        *at++ = '.';
        for (int zeros = whole < 0 ? -whole : 0; zeros > 0; zeros--)
            *at++ = '0';
        const int rest = whole > 0 ? decimals : digits;
        memcpy(at, p + (whole > 0 ? whole : 0), (size_t)rest);
        at += rest;
    }
    return (size_t)(at - out);
}

static size_t put_shortest(char *out, double x, bool is_f32)
{
    char text[40];
    int n = 0;

    for (int digits = is_f32 ? 6 : 15; digits <= 17; digits++) {
        n = snprintf(text, sizeof text, "%.*g", digits, x);
        const double back = strtod(text, NULL);
        if (is_f32 ? (float)back == (float)x : back == x)
            break;
    }
    memcpy(out, text, (size_t)n);
    return (size_t)n;
}

size_t csv_put_real(char *out, double x, bool is_f32)
{
    if (!isfinite(x))
        return 0;
    for (int d = 0; d <= MOST_DECIMALS; d++) {
        const double n = nearbyint(x * power_of_ten[d]);
        if (fabs(n) >= 1e15)
            break;
        const double back = n / power_of_ten[d];   /* correctly rounded: what a reader of the text gets */
        if (is_f32 ? (float)back == (float)x : back == x)
            return csv_put_fixed(out, (int64_t)n, d);
    }
    return put_shortest(out, x, is_f32);
}

int csv_decimals(const struct kymo_signal *s)
{
    const double steps_per_unit = fabs(s->gain);

    for (int d = 0; d <= MOST_DECIMALS; d++) {
        const bool exact = fmod(power_of_ten[d], steps_per_unit) == 0 &&
                           fmod(s->baseline * (power_of_ten[d] / steps_per_unit), 1) == 0;
        if (exact || 50 * steps_per_unit <= power_of_ten[d])
            return d;
    }
    return -1;
}

size_t csv_put_digital(char *out, const struct kymo_signal *s, int32_t digital, int decimals)
{
    const double x = (digital - s->baseline) / s->gain;
    const double n = decimals < 0 ? (double)INFINITY
                                  : nearbyint((digital - s->baseline) * power_of_ten[decimals] / s->gain);

    return fabs(n) < 1e15 ? csv_put_fixed(out, (int64_t)n, decimals) : csv_put_real(out, x, false);
}
