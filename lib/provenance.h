/* lib/provenance.h - how an output was made, as JSON: what --provenance FILE writes, and kymo verify reads.
 *
 * Everything in it follows from the inputs, the command line and the version, so that the same run writes the same bytes: no
 * time, no memory, no name of a machine. Inputs are digested before the command runs, outputs behind it. */
#ifndef KYMO_PROVENANCE_H
#define KYMO_PROVENANCE_H

#include "lib/command.h"
#include "lib/json.h"

struct kymo_provenance;

/* Before command c runs: word[n_words] is its line from its name on, as it was given. Sees that shared->provenance can be
 * written, and is none of the files that the command reads or writes. All must stay but word. NULL with *e set. */
struct kymo_provenance *kymo_provenance_begin(const struct kymo_command *c, const char *const *word, size_t n_words,
                                              const struct kymo_call *call, const struct kymo_shared *shared,
                                              struct kymo_err *e);

/* A warning, or an error that did not end the work or did. NULL is fine. */
void kymo_provenance_warning(struct kymo_provenance *p, const char *text);
void kymo_provenance_error(struct kymo_provenance *p, const char *text);

/* Behind the run: writes the file, at once as a whole. made: there is an output; status: the exit status. 0 or a negative
 * code. */
int kymo_provenance_write(struct kymo_provenance *p, bool made, int status, struct kymo_err *e);

void kymo_provenance_destroy(struct kymo_provenance *p);   /* NULL is fine */

#endif
