/* formats/raw.h - bare samples, as a device, a serial line or a pipe gives them: what they are, nobody but the user tells.
 *
 * They come interleaved, one sample of each channel after the other; or as text, a line for each sample with a number for each
 * channel between blanks, commas, semicolons or tabs. */
#ifndef KYMO_FORMATS_RAW_H
#define KYMO_FORMATS_RAW_H

#include "lib/reader.h"

#define KYMO_RAW_WORDS "u8|s8|s16le|s16be|s24le|s24be|s32le|s32be|f32le|f64le|text"   /* struct kymo_raw.form is the index */

/* Lists have commas between and may be shorter than n: "" or NULL is the usual, and the last of gains and baselines holds for
 * all channels behind it. */
struct kymo_raw {
    int form;
    size_t n;                     /* channels, 1 or more */
    const char *labels, *units;   /* usual: ch1, ch2 ...; no unit */
    const char *gains, *baselines;   /* integers in a unit, integer of 0 units; usual: 1, 0 */
};

#endif
