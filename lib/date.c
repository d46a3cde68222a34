/* lib/date.c - see date.h. */
#include "lib/date.h"

#define DAY_NS (86400 * KYMO_NS_PER_S)

int64_t kymo_days_of(int64_t year, int64_t month, int64_t day)
{
    const int64_t m = (month - 14) / 12;

    return 1461 * (year + 4800 + m) / 4 + 367 * (month - 2 - 12 * m) / 12 - 3 * ((year + 4900 + m) / 100) / 4 + day - 32075 -
           2440588;
}

bool kymo_is_date(int64_t year, int64_t month, int64_t day)
{
    struct kymo_start s;

    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    kymo_set_days(&s, kymo_days_of(year, month, day));
    return s.day == day;
}

void kymo_set_days(struct kymo_start *s, int64_t days)
{
    const int64_t julian = days + 2440588, f = julian + 1401 + (4 * julian + 274277) / 146097 * 3 / 4 - 38;
    const int64_t e = 4 * f + 3, g = e % 1461 / 4, h = 5 * g + 2;

    s->day = (int)(h % 153 / 5 + 1);
    s->month = (int)((h / 153 + 2) % 12 + 1);
    s->year = (int)(e / 1461 - 4716 + (14 - s->month) / 12);
}

void kymo_move_start(struct kymo_start *s, int64_t ns)
{
    int64_t time = s->time_ns + ns % DAY_NS, days = ns / DAY_NS;

    days += time < 0 ? -1 : time >= DAY_NS ? 1 : 0;
    time += time < 0 ? DAY_NS : time >= DAY_NS ? -DAY_NS : 0;
    s->time_ns = time;
    if (s->has_date && days != 0)
        kymo_set_days(s, kymo_days_of(s->year, s->month, s->day) + days);
}
