/* cli/batch.h - what the files of kymo batch share: a command run for each of many recordings, and what is remembered of it. */
#ifndef KYMO_CLI_BATCH_H
#define KYMO_CLI_BATCH_H

#include "lib/command.h"
#include "lib/digest.h"
#include "lib/json.h"

/* ---- recordings ---- */

struct batch_list {
    char **name;                  /* as a person would name them to a command */
    size_t n, cap;
};

/* What an operand stands for: a recording, @FILE with one a line, a folder (by its RECORDS file, else by the endings of files
 * that hold recordings), a RECORDS file, or a pattern (*.edf). Appends to *list. Returns 0 or a negative code. */
int batch_add(struct batch_list *list, const char *operand, struct kymo_err *e);
void batch_list_release(struct batch_list *list);

/* ---- what is remembered ---- */

/* The folder of a batch: manifest.jsonl, a line for each run of a recording; parts/, the tables they gave; lock. */
struct batch_state {
    char *folder;
    bool temporary;               /* gone with the batch */
    int lock;
    json_t *command;              /* array of words */
    char **line;                  /* of the manifest: the last for each recording, sorted by recording */
    char **of;                    /* recording of that line */
    size_t n;
};

/* path NULL: a temporary one. Refuses a folder that another batch works in. */
int batch_state_open(struct batch_state *s, const char *path, const char *const *word, size_t n_words, struct kymo_err *e);
void batch_state_close(struct batch_state *s);

/* What a recording is made of: files with size, time and digest, as JSON. NULL with *e set. */
json_t *batch_inputs(const char *record, struct kymo_err *e);
bool batch_inputs_same(const json_t *inputs);    /* sizes and times are still those; else digests */

/* Where the table of a recording is kept; text[cap]. ending: "csv", "tmp", "err". */
void batch_part(const struct batch_state *s, const char *record, const char *ending, char *text, size_t cap);

/* Whether the manifest has this recording done with the same inputs, words and version, and its table is there. */
bool batch_is_done(const struct batch_state *s, const char *record);

/* How a run ended. */
struct batch_run {
    const char *record, *error;   /* error: NULL, or why it failed */
    int status;                   /* exit status, or minus the signal */
    double seconds, cpu_s;
    int64_t memory_kb;
    size_t warnings;
};

/* Appends a line; inputs stays the caller's. Returns 0 or a negative code. */
int batch_remember(struct batch_state *s, const struct batch_run *run, json_t *inputs, struct kymo_err *e);

/* ---- the table ---- */

/* The parts of all recordings of list that are done, in its order, as one table with a column of recordings in front. */
int batch_put_table(const struct batch_state *s, const struct batch_list *list, const bool *done, struct kymo_output *out,
                    struct kymo_err *e);

#endif
