/* lib/date.h - dates of the Gregorian calendar, counted in days. */
#ifndef KYMO_DATE_H
#define KYMO_DATE_H

#include "lib/record.h"

/* Days since 1970-01-01 of a date (month 1..12, day 1..31), and back into the date of *s; its time of day stays. Source: E. G.
 * Richards, Explanatory Supplement to the Astronomical Almanac, 3rd ed. 2013, 15.11 (Julian day numbers, less that of 1970);
 * from the year -4799 on. */
int64_t kymo_days_of(int64_t year, int64_t month, int64_t day);
void kymo_set_days(struct kymo_start *s, int64_t days);

bool kymo_is_date(int64_t year, int64_t month, int64_t day);   /* that the calendar has, of the years 1 to 9999 */

/* Moves a start on by ns, over midnight too; one without a date moves its time of day alone. */
void kymo_move_start(struct kymo_start *s, int64_t ns);

#endif
