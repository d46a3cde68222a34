/* cli/fetch.h - what the files of kymo fetch share: the list of a database's files. */
#ifndef KYMO_CLI_FETCH_H
#define KYMO_CLI_FETCH_H

#include "lib/command.h"
#include "lib/sums.h"

struct fetch_file {
    char *name;                   /* below the database's folder, "x/100.dat" */
    char sha256[KYMO_SHA256_TEXT];   /* "": not known */
    bool guessed;                 /* may well not be there: an annotation file that only some records have */
};

struct fetch_list {
    struct fetch_file *file;
    size_t n, cap;
    char **annotator;             /* endings of annotation files, "atr" */
    size_t n_annotators;
};

/* All of the SHA256SUMS.txt at path. Returns 0 or a negative code, as the next two. */
int fetch_list_sums(struct fetch_list *list, const char *path, struct kymo_err *e);

/* The endings in the ANNOTATORS at path, "atr<TAB>reference beat annotations": before the next. */
int fetch_list_annotators(struct fetch_list *list, const char *path, struct kymo_err *e);

/* What file i, which is at path now, says there is more: a RECORDS the records, and folders with a RECORDS of their own; a WFDB
 * header its signal files, its segments and annotations. */
int fetch_list_more(struct fetch_list *list, size_t i, const char *path, const struct kymo_log *log, struct kymo_err *e);

int fetch_list_add(struct fetch_list *list, const char *name, const char *sha256, bool guessed, struct kymo_err *e);
void fetch_list_release(struct fetch_list *list);

#endif
