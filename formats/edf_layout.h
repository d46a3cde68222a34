/* formats/edf_layout.h - what the numbers in an EDF header have to be, so that nothing is lost in their 8 characters.
 *
 * EDF tells calibration as four limits of at most 8 characters, and rates as a whole number of samples in a data record
 * whose duration is a decimal of at most 8 characters. */
#ifndef KYMO_EDF_LAYOUT_H
#define KYMO_EDF_LAYOUT_H

#include "lib/record.h"

#define EDF_NUMBER_CHARS 8
#define EDF_SAME_TIME_NS 1000             /* onsets are decimal: closer than a microsecond is no gap */
#define EDF_MOST_RECORDS 99999999
#define EDF_RECORD_LIMIT (10 << 20)       /* bytes; EDFlib opens no file with longer records */

/* ---- calibration ---- */

struct edf_limits {
    char physical_min[EDF_NUMBER_CHARS + 1], physical_max[EDF_NUMBER_CHARS + 1];
    int32_t digital_min, digital_max;
    double gain, baseline;                /* as a reader computes them */
    double off_steps;                     /* values differ from those of the signal by at most so many steps */
};

/* The limits for a signal whose integers lie in seen_min..seen_max, all of which must lie in least..most. Taken are, in this
 * order: those of the signal, if they give exactly its gain and baseline and hold what was seen (or keep: whatever was
 * seen); the widest that give them; a power of two of them, rounded. Returns whether off_steps is at most 1/2; *l is the best
 * there is in any case. */
bool edf_limits_for(const struct kymo_signal *s, bool keep, int32_t seen_min, int32_t seen_max, int32_t least,
                    int32_t most, struct edf_limits *l);

/* Limits for values in low..high spread over least..most, rounded outwards. */
void edf_limits_spread(double low, double high, int32_t least, int32_t most, struct edf_limits *l);

/* v in at most 8 characters: exactly, if so many can; else the nearest, the next below (way < 0) or above (way > 0). */
void edf_format_number(double v, int way, char text[EDF_NUMBER_CHARS + 1]);

/* ---- data records ---- */

/* The shortest time in which every signal has a whole number of samples. False where it is too long for any use. */
bool edf_period(const struct kymo_header *h, struct kymo_ratio *period);

/* How many samples a signal has in a period. */
int64_t edf_per_period(const struct kymo_signal *s, struct kymo_ratio period);

struct edf_duration {
    char text[EDF_NUMBER_CHARS + 1];
    int64_t periods;                      /* in a data record */
    bool divides;                         /* all segments are whole records */
    double off;                           /* relative error of text: 0 if it is exact */
};

/* The duration of data records that hold bytes_per_period bytes of samples a period. common: a number of periods of which
 * all segments are multiples, 0 where there is none. As near as can be to 1 s or, if that is longer than 61440 bytes,
 * to so many; exactly told if that is possible at all, and then such that it divides common if possible. False where
 * records would be longer than EDF_RECORD_LIMIT. */
bool edf_duration_for(struct kymo_ratio period, int64_t common, double bytes_per_period, struct edf_duration *d);

#endif
