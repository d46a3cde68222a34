/* cli/sleep.h - what people scored in a night: sleep stages, respiratory events, body positions, known by the words that they
 * are written in. For kymo spo2.
 *
 * A stage is "Sleep stage N2" (EDF+), "Stage 2", "SLEEP-S2", "NREM2", "N2", "Stage 2 sleep|2", 3 and 4 being N3; W and R
 * likewise. Bare digits are none. A respiratory event has "apnea" or "hypopnea", spelt either way, in it. A position is
 * "supine", "left", "right", "prone" or "upright", alone or behind "position" or "body position". An event says so in its text,
 * or in its type, where that is no mnemonic of WFDB.
 * A stage and a position without a duration last until the next one; the last stage 30 s, the last position for good. */
#ifndef KYMO_CLI_SLEEP_H
#define KYMO_CLI_SLEEP_H

#include "lib/command.h"

enum sleep_stage { STAGE_NONE, STAGE_W, STAGE_N1, STAGE_N2, STAGE_N3, STAGE_R, STAGES };
enum sleep_position {
    POSITION_NONE, POSITION_SUPINE, POSITION_LEFT, POSITION_RIGHT, POSITION_PRONE, POSITION_UPRIGHT, POSITIONS
};

#define SLEEP_CODES 32          /* positions of a signal are POSITIONS + code, code 0..SLEEP_CODES - 1 */
#define SLEEP_GROUPS (POSITIONS + SLEEP_CODES)

/* "N2", "unscored"; "supine", "position 3", "unknown". name[SLEEP_NAME]. */
#define SLEEP_NAME 32
void sleep_stage_name(unsigned char stage, char *name);
void sleep_position_name(unsigned char position, char *name);

struct sleep_span {
    int64_t from_ns, to_ns;       /* to_ns KYMO_UNKNOWN until sleep_finish */
    unsigned char is;             /* a stage or a position */
};

struct sleep_list {
    struct sleep_span *span;
    size_t n, cap;
};

struct sleep {
    struct sleep_list stages, respiratory, positions;
    size_t n_without_duration;    /* respiratory events left out for it */
};

/* Zeroed to begin with. Adds the event, if it is of these; as oximetry_args.on_event wants it. */
int sleep_add(void *scoring, const struct kymo_event *ev, struct kymo_err *e);

/* Adds the events of a file: a table, an annotation file, a recording. */
int sleep_read(const struct kymo_call *call, const char *path, struct sleep *s, struct kymo_err *e);

/* Adds, where no event tells them, the stages and positions that the recording of the call, of header h, has as signals of
 * codes: "Hypnogram" or "Stage", 0 being wake, 1..4 sleep, 5 REM; "Position", "Pos" or "Body". Not of standard input. */
int sleep_read_signals(const struct kymo_call *call, const struct kymo_input_args *in, const struct kymo_header *h,
                         struct sleep *s, struct kymo_err *e);

/* Appends a span without an end. */
int sleep_add_span(struct sleep_list *l, int64_t from_ns, int is, struct kymo_err *e);

/* When all are in: puts them in order of time, and ends those that did not say when. */
void sleep_finish(struct sleep *s);

/* group[n] becomes what the spans say of each second, the first of them first_s; the later of two that overlap; 0 elsewhere. */
void sleep_seconds(const struct sleep_list *l, int64_t first_s, size_t n, unsigned char *group);

void sleep_release(struct sleep *s);

#endif
