/* formats/kymo_frame.h - the frames of the kymo stream, as its reader and its writer both know them: kymo-stream(5). */
#ifndef KYMO_KYMO_FRAME_H
#define KYMO_KYMO_FRAME_H

#include "lib/digest.h"
#include "lib/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KYMO_MAGIC "\x89KYMO\r\n\x1a"

enum {
    KYMO_MAGIC_BYTES = 8,
    KYMO_HEAD_BYTES = 8,             /* type, length */
    KYMO_CHECK_BYTES = 8,
    KYMO_SPAN_BYTES = 12,            /* first index, number of samples */
    KYMO_EVENT_BYTES = 56,           /* an event without its texts */
    KYMO_PAYLOAD_LIMIT = 1 << 30,
};

#define KYMO_INDEX_LIMIT (INT64_C(1) << 52)   /* 10^15 samples: index arithmetic cannot overflow */
#define KYMO_TIME_LIMIT (INT64_C(1) << 60)    /* 36 years in ns, likewise */

static inline bool kymo_frame_time(int64_t ns) { return ns >= -KYMO_TIME_LIMIT && ns <= KYMO_TIME_LIMIT; }
static inline bool kymo_frame_length(int64_t ns) { return ns == KYMO_UNKNOWN || kymo_frame_time(ns); }
static inline bool kymo_frame_index(int64_t i) { return i >= -KYMO_INDEX_LIMIT && i <= KYMO_INDEX_LIMIT; }

enum kymo_frame { KYMO_HEAD, KYMO_SEGM, KYMO_DATA, KYMO_EVNT, KYMO_ENDS, KYMO_FRAMES };
static const char *const kymo_frame_name[KYMO_FRAMES] = {"HEAD", "SEGM", "DATA", "EVNT", "ENDS"};

/* Of type, length and payload. */
static inline uint64_t kymo_frame_check(const unsigned char *frame, size_t n) { return XXH3_64bits(frame, n); }

/* What ENDS tells. */
struct kymo_totals {
    uint64_t frames, samples, events;
};

#endif
