/* formats/device_time.c - see device_time.h. */
#include "formats/device_time.h"

#include "formats/csv_number.h"
#include "lib/date.h"

#include <stdio.h>
#include <string.h>

#define DAY_NS (86400 * KYMO_NS_PER_S)
#define MOST_NUMBERS 3

struct scan {
    const char *p, *end;
    int64_t number[MOST_NUMBERS];    /* of the date, in the order of the text, */
    int digits[MOST_NUMBERS];
    int n_numbers;
    int month;                       /* by name; 0: none */
    int64_t clock_ns, step_ns;
    bool has_clock, am, pm;
};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

/* Up to nine digits; how many there were. */
static int take_digits(struct scan *s, int64_t *value)
{
    int n = 0;

    for (*value = 0; s->p < s->end && is_digit(*s->p) && n < 9; n++)
        *value = 10 * *value + (*s->p++ - '0');
    return n;
}

/* What follows the hour: ":15", ":15:00", ":15:00.250". */
static bool take_clock(struct scan *s, int64_t hour)
{
    int64_t part[2] = {0, 0};
    int n = 0;

    for (; n < 2 && s->p < s->end && *s->p == ':'; n++) {
        s->p++;
        if (take_digits(s, &part[n]) != 2 || part[n] >= 60 + (n == 1))   /* a leap second counts as one */
            return false;
    }
    s->clock_ns = ((hour * 60 + part[0]) * 60 + part[1]) * KYMO_NS_PER_S;
    s->step_ns = n == 2 ? KYMO_NS_PER_S : 60 * KYMO_NS_PER_S;
    if (n == 2 && s->p < s->end && *s->p == '.')
        for (s->p++; s->p < s->end && is_digit(*s->p); s->p++)
            if (s->step_ns > 1)
                s->clock_ns += (s->step_ns /= 10) * (*s->p - '0');
    s->has_clock = true;
    return hour < 24;
}

static bool take_number(struct scan *s)
{
    int64_t value;
    const int digits = take_digits(s, &value);

    if (!s->has_clock && s->p < s->end && *s->p == ':')
        return digits <= 2 && take_clock(s, value);
    if (s->n_numbers == MOST_NUMBERS)
        return false;
    s->number[s->n_numbers] = value;
    s->digits[s->n_numbers++] = digits;
    if (s->p < s->end && memchr("-/.,", *s->p, 4))
        s->p++;
    return true;
}

/* AM, PM, a month, the T between date and time, the name of a zone. */
static bool take_word(struct scan *s)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    char word[4] = "";
    size_t n = 0;

    for (; s->p < s->end && is_letter(*s->p); s->p++, n++)
        if (n < 3)
            word[n] = (char)(*s->p | 32);
    if (s->p < s->end && (*s->p == ',' || *s->p == '.' || *s->p == '-'))
        s->p++;
    if (n == 2 && word[1] == 'm' && (word[0] == 'a' || word[0] == 'p')) {
        s->am = word[0] == 'a';
        s->pm = word[0] == 'p';
        return true;
    }
    for (int i = 0; n >= 3 && i < 12 && s->month == 0; i++)
        if (memcmp(months + 3 * i, word, 3) == 0) {
            s->month = i + 1;
            return true;
        }
    const bool zone = strcmp(word, "z") == 0 || strcmp(word, "utc") == 0 || strcmp(word, "gmt") == 0;
    return strcmp(word, "t") == 0 || (s->has_clock && zone);
}

/* "+01:00", "-0700". */
static bool take_zone(struct scan *s)
{
    const char *const begin = ++s->p;

    while (s->p < s->end && (is_digit(*s->p) || *s->p == ':'))
        s->p++;
    return s->has_clock && s->p > begin;
}

static bool take_all(struct scan *s)
{
    bool ok = true;

    while (ok && s->p < s->end)
        if (*s->p == ' ' || *s->p == ',')
            s->p++;
        else if (is_digit(*s->p))
            ok = take_number(s);
        else if (*s->p == '+' || *s->p == '-')
            ok = take_zone(s);
        else
            ok = is_letter(*s->p) && take_word(s);
    return ok;
}

/* Twelve hours: 12 AM is midnight. */
static bool settle_clock(struct scan *s)
{
    const int64_t hour = s->clock_ns / (3600 * KYMO_NS_PER_S);

    if (!s->am && !s->pm)
        return true;
    if (!s->has_clock || hour < 1 || hour > 12)
        return false;
    s->clock_ns += ((s->pm ? 12 : 0) - (hour == 12 ? 12 : 0)) * 3600 * KYMO_NS_PER_S;
    return true;
}

static bool is_date(int64_t year, int64_t month, int64_t day)
{
    static const int most[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return year >= 1900 && year <= 2115 && month >= 1 && month <= 12 && day >= 1 && day <= most[month - 1] &&
           (leap || month != 2 || day < 29);
}

static void set_order(const struct scan *s, int order, int64_t year, int64_t month, int64_t day, struct device_time *t)
{
    t->possible[order] = is_date(year, month, day);
    if (t->possible[order])
        t->ns[order] = kymo_days_of(year, month, day) * DAY_NS + s->clock_ns;
}

bool device_parse_time(const char *text, size_t n, struct device_time *t)
{
    struct scan s = {.p = text, .end = text + n};

    if (!take_all(&s) || !settle_clock(&s))
        return false;
    *t = (struct device_time){.step_ns = s.step_ns, .has_clock = s.has_clock, .has_am_pm = s.am || s.pm};
    const int64_t *const v = s.number;
    if (s.month > 0 && s.n_numbers == 2) {
        const bool year_first = s.digits[0] == 4;
        for (int i = 0; i < DEVICE_ORDERS; i++)
            set_order(&s, i, v[!year_first], s.month, v[year_first], t);
    } else if (s.month == 0 && s.n_numbers == 3 && s.digits[0] == 4) {
        for (int i = 0; i < DEVICE_ORDERS; i++)
            set_order(&s, i, v[0], v[1], v[2], t);
    } else if (s.month == 0 && s.n_numbers == 3 && s.digits[2] == 4) {
        set_order(&s, DEVICE_DAY_FIRST, v[2], v[1], v[0], t);
        set_order(&s, DEVICE_MONTH_FIRST, v[2], v[0], v[1], t);
    }
    if (!t->possible[DEVICE_DAY_FIRST])
        t->ns[DEVICE_DAY_FIRST] = t->ns[DEVICE_MONTH_FIRST];
    if (!t->possible[DEVICE_MONTH_FIRST])
        t->ns[DEVICE_MONTH_FIRST] = t->ns[DEVICE_DAY_FIRST];
    return t->possible[DEVICE_DAY_FIRST] || t->possible[DEVICE_MONTH_FIRST];
}

int device_put_birth(struct kymo_header *h, const char *text, size_t n, struct kymo_err *e)
{
    static const char months[][4] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
    struct device_time t;
    char line[100];

    if (!device_parse_time(text, n, &t) || t.ns[0] != t.ns[1]) {
        const int len = snprintf(line, sizeof line, "date of birth: %.*s", (int)(n < 60 ? n : 60), text);
        return kymo_header_add_note(h, line, (size_t)len, e);
    }
    const struct kymo_start day = csv_start_of(t.ns[0]);
    const int len = snprintf(line, sizeof line, "%02d-%s-%04d", day.day, months[day.month - 1], day.year);
    return (h->subject.birth = kymo_header_text(h, line, (size_t)len, e)) ? 0 : KYMO_ENOMEM;
}
