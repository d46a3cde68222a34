/* lib/input.h - bytes in: a file, a pipe or memory behind one face, with names and offsets for error messages.
 *
 * Reading is by peek (look at what comes next, in place) and skip, or by take (copy). Offsets are 64 bits. No size that
 * a file claims is trusted: buffers grow only as bytes really arrive. */
#ifndef KYMO_INPUT_H
#define KYMO_INPUT_H

#include "lib/err.h"

#include <stdbool.h>
#include <sys/types.h>

struct kymo_input;

/* path "-" is standard input; a URL is read from its copy in the cache (remote.h), and keeps its name. NULL with *e set
 * (KYMO_EIO, KYMO_ENOMEM; of a URL also KYMO_EUSAGE, KYMO_EDATA, KYMO_ENET). A directory is refused. */
struct kymo_input *kymo_input_open(const char *path, struct kymo_err *e);

/* Whether there is a file of that name; of a URL, which is fetched then. Returns 1, 0, or a negative code. */
int kymo_input_exists(const char *path, struct kymo_err *e);

/* Over bytes[n], which must stay. name is what messages call it. */
struct kymo_input *kymo_input_memory(const char *name, const void *bytes, size_t n, struct kymo_err *e);

void kymo_input_close(struct kymo_input *in);   /* NULL is fine */

/* Up to n bytes at the current place, without moving: *p points at them until the next call on this input. Returns how
 * many there are, less than n only at the end of input, or a negative code. */
ssize_t kymo_peek(struct kymo_input *in, size_t n, const unsigned char **p, struct kymo_err *e);

/* The same, but waits for the first LEAST bytes only: of what lies behind them shows what is there already. */
ssize_t kymo_peek_ready(struct kymo_input *in, size_t least, size_t most, const unsigned char **p, struct kymo_err *e);

/* Whether kymo_line can give a line without waiting. */
bool kymo_line_ready(const struct kymo_input *in);

void kymo_skip(struct kymo_input *in, size_t n);   /* past n bytes that a peek showed */

/* Who waits for bytes that are not there yet: of a pipe, or, so that it is followed while it grows, of a file. wait is called
 * with the descriptor and the time since bytes last came. It sleeps as long as it likes and returns 1 to look again, 0 for
 * the end of the input, or a negative code. */
struct kymo_patience {
    int (*wait)(void *self, int fd, int64_t waited_ns, struct kymo_err *e);
    void *self;
};
void kymo_input_be_patient(struct kymo_input *in, const struct kymo_patience *p);   /* *p must stay; NULL: none */

/* is_all(of) tells at the end of a followed file whether it is whole, by what the format knows. NULL: nothing tells. */
void kymo_input_until(struct kymo_input *in, bool (*is_all)(void *of), void *of);

/* n bytes at offset of a file as they are now; fewer where it is shorter, or no file. */
size_t kymo_input_now(const struct kymo_input *in, int64_t offset, void *bytes, size_t n);

/* Copies exactly n bytes. Returns n, 0 if the input ended before the first, or KYMO_EFORMAT if it ended among them. */
ssize_t kymo_take(struct kymo_input *in, void *to, size_t n, struct kymo_err *e);

/* To a byte offset; on a pipe only forward. An offset beyond the end is found out by the next peek. */
int kymo_seek(struct kymo_input *in, int64_t offset, struct kymo_err *e);

/* The next line without its end (not terminated), in place until the next call; *n its length. Returns 1, 2
 * for a last line without an end, 0 at the end of input, or a negative code: a line of more than limit bytes is
 * KYMO_EFORMAT. Ends LF and CR LF are taken. */
int kymo_line(struct kymo_input *in, size_t limit, const char **line, size_t *n, struct kymo_err *e);

const char *kymo_input_name(const struct kymo_input *in);
const char *kymo_input_copy(const struct kymo_input *in);   /* path in the cache of what a URL names; NULL for others */
int64_t kymo_offset(const struct kymo_input *in);       /* of the next byte */
int64_t kymo_input_size(const struct kymo_input *in);   /* in bytes, or -1 for a pipe */

/* All *n bytes of an input in memory, as it was given them; NULL for others. */
const void *kymo_input_bytes(const struct kymo_input *in, size_t *n);

#endif
