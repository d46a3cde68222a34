/* lib/output.h - bytes out: standard output or a file, buffered, every error noticed.
 *
 * A file is written beside its place and renamed by finish, so that a failure leaves the old one as it was. */
#ifndef KYMO_OUTPUT_H
#define KYMO_OUTPUT_H

#include "lib/err.h"

#include <stdbool.h>

struct kymo_output;

/* path NULL or "-": standard output. NULL with *e set. */
struct kymo_output *kymo_output_open(const char *path, struct kymo_err *e);

/* A file without a name, in the folder of path, which messages call it: gone with destroy, however the program ends. */
struct kymo_output *kymo_output_scratch(const char *path, struct kymo_err *e);

/* The same for a command that writes to path: where that is NULL or "-", standard output, it is name in TMPDIR or /tmp. */
struct kymo_output *kymo_output_scratch_for(const char *path, const char *name, struct kymo_err *e);

/* All that was put there can now be read at path. 0 or a negative code. */
#define KYMO_REREAD_PATH 32
int kymo_output_reread(struct kymo_output *out, char path[KYMO_REREAD_PATH], struct kymo_err *e);

/* Collects in memory, for tests: kymo_output_bytes shows it. */
struct kymo_output *kymo_output_memory(struct kymo_err *e);
const unsigned char *kymo_output_bytes(const struct kymo_output *out, size_t *n);

/* bytes[n]; a text; a text that is formatted. Each returns 0 or a negative code: KYMO_EIO, or in memory
 * KYMO_ENOMEM. */
int kymo_put(struct kymo_output *out, const void *bytes, size_t n, struct kymo_err *e);
int kymo_put_text(struct kymo_output *out, const char *text, struct kymo_err *e);
int kymo_putf(struct kymo_output *out, struct kymo_err *e, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void kymo_output_be_live(struct kymo_output *out, bool live);   /* each row of a table on it leaves at once */
bool kymo_output_is_live(const struct kymo_output *out);
int kymo_output_flush(struct kymo_output *out, struct kymo_err *e);   /* so that a reader of the pipe sees it now */

/* Over n bytes at offset of a file that were put before. */
int kymo_output_patch(struct kymo_output *out, int64_t offset, const void *bytes, size_t n, struct kymo_err *e);

/* Everything is out: flush, sync, rename into place. Once, before destroy. */
int kymo_output_finish(struct kymo_output *out, struct kymo_err *e);

/* For files that belong together: sync does all of finish but the renaming, which a later finish then does; move says
 * where to, a path in the same folder. */
int kymo_output_sync(struct kymo_output *out, struct kymo_err *e);
int kymo_output_move(struct kymo_output *out, const char *path, struct kymo_err *e);

/* Frees; an unfinished file is removed. NULL is fine. */
void kymo_output_destroy(struct kymo_output *out);

const char *kymo_output_name(const struct kymo_output *out);
bool kymo_output_is_terminal(const struct kymo_output *out);

#endif
