/* lib/files.h - which files a recording is made of, with their sizes and digests: what it was when something was made of it. */
#ifndef KYMO_FILES_H
#define KYMO_FILES_H

#include "lib/json.h"

/* The files of a recording, as commands name it, as a JSON array of objects: path, bytes, mtime_ns, digest. Those of a WFDB
 * record are its header, what that names (data, segments with theirs), and the annotations of that annotator ("": none; NULL:
 * all files of its name whose ending could be an annotator's, one word of letters and digits that is none of the usual
 * formats'). Of one by URL only the name is told, and it never changes. NULL with *e set. */
json_t *kymo_files_of(const char *recording, const char *annotator, struct kymo_err *e);

/* Whether they still are those: sizes and times are the same, else digests. An empty array is not. */
bool kymo_files_same(const json_t *files);
const char *kymo_files_changed(const json_t *files);   /* the path of the first that is not, or NULL */

/* A pattern for glob that fits text[n] alone; returns its length, at most cap - 4. */
size_t kymo_plain_pattern(const char *text, size_t n, char *pattern, size_t cap);

#endif
