/* formats/device_time.h - dates and times as apps and sensors print them. */
#ifndef KYMO_DEVICE_TIME_H
#define KYMO_DEVICE_TIME_H

#include "lib/record.h"

enum { DEVICE_DAY_FIRST, DEVICE_MONTH_FIRST, DEVICE_ORDERS };

#define DEVICE_GUESSED_DAY "day and month cannot be told apart: taken as day first"
#define DEVICE_GUESSED_MONTH "day and month cannot be told apart: taken as month first"

/* A date, and a time of day where it has one, in ns since 1970: of "01/02/2020" one for each order of day and month, equal
 * where only one can be meant ("2020-02-01", "13/02/2020", "Feb 1, 2020"). What the text says of a time zone is cut off. */
struct device_time {
    int64_t ns[DEVICE_ORDERS];
    int64_t step_ns;             /* value of the last digit */
    bool has_clock, has_am_pm;
    bool possible[DEVICE_ORDERS];
};

/* text[n], in any of: "2020-02-28T23:15:00.5+01:00", "2020/2/28 23:15", "28/02/2020 23:15", "02-28-2020 11:15 PM",
 * "23:15:00 28/02/2020", "11:15:00PM Feb 28, 2020", "23:15:00 Feb 28 2020", "28 Feb 2020". Years have four digits and are
 * 1900..2115; months are in English. False where it is none of these. */
bool device_parse_time(const char *text, size_t n, struct device_time *t);

/* text[n], a date of birth, as the subject's of h; what is no date, or may be two, becomes a note. Returns 0 or a negative
 * code. */
int device_put_birth(struct kymo_header *h, const char *text, size_t n, struct kymo_err *e);

#endif
