/* cli/again.h - a recording that is wanted a second time but comes through a pipe: kept, while it is read, in a file without a
 * name, for commands that judge the whole before they pass it on. */
#ifndef KYMO_CLI_AGAIN_H
#define KYMO_CLI_AGAIN_H

#include "cli/heart.h"
#include "lib/writer.h"

struct again {
    const char *output;           /* file beside which it is kept; NULL or "-", standard output: in TMPDIR or /tmp */
    struct kymo_output *scratch;
    struct kymo_writer *stream;
};

/* Keeps a block; a struct heart_tap with a struct again of which only output is set. */
int again_keep(void *self, struct kymo_block *b, struct kymo_err *e);

/* All of them, once, for kymo_close; h is what they were of, if there was none. NULL with *e set. */
struct kymo_reader *again_open(struct again *a, const struct kymo_header *h, struct kymo_err *e);

void again_release(struct again *a);

#endif
