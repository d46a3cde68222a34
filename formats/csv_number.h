/* formats/csv_number.h - the numbers and times of tables of samples: read fast, written short. */
#ifndef KYMO_CSV_NUMBER_H
#define KYMO_CSV_NUMBER_H

#include "lib/record.h"

#define CSV_NUMBER_BYTES 32      /* the longest text that the functions below write */

/* A time, trimmed: a number of units of ns_per_unit, of ms, us or ns since 1970 where it is too large for one of s; "M:S",
 * "H:M:S"; or a date and time "2020-01-31T12:00:00.5", which is given as ns since 1970 and sets dated.
 * step_ns: the value of its last digit, at least 1; digits: how many a plain number has from the first that is not 0. */
struct csv_time {
    int64_t ns, step_ns;
    int digits;
    bool dated;
};

/* False where text[n] is none of these. */
bool csv_parse_time(const char *text, size_t n, int64_t ns_per_unit, struct csv_time *t);

/* Date and time of day of a time since 1970. */
struct kymo_start csv_start_of(int64_t ns);

/* x to out: the least decimals that read back as the same double, or, of a float (is_f32), as the same float. Returns
 * the length; NaN and infinity are no text. Not terminated. */
size_t csv_put_real(char *out, double x, bool is_f32);

/* n / 10^decimals, without trailing zeros behind the point. |n| < 10^18. */
size_t csv_put_fixed(char *out, int64_t n, int decimals);

/* How many decimals the values of an integer signal need: as many as show each exactly, or, where the gain does not allow
 * that, to a hundredth of a step. So the text always reads back as the same integer, and adds no noise to speak of.
 * -1: more than there are, the value is printed as a double. */
int csv_decimals(const struct kymo_signal *s);

/* The value of one integer of s with at most so many decimals. */
size_t csv_put_digital(char *out, const struct kymo_signal *s, int32_t digital, int decimals);

#endif
