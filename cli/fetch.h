/* cli/fetch.h - what the files of kymo fetch share: the list of a database's files, and what is done with each of them. */
#ifndef KYMO_CLI_FETCH_H
#define KYMO_CLI_FETCH_H

#include "lib/command.h"
#include "lib/sums.h"
#include "lib/transfer.h"

/* ---- which files ---- */

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

/* ---- what is done with them ---- */

struct fetch_args {
    const char *folder;
    struct kymo_strings only;
    bool verify;
    int64_t jobs;
    int form;
};

#define FETCH_MOST_JOBS 16

struct fetch {
    const struct kymo_call *call;
    const struct fetch_args *args;
    char *base, *folder;          /* URL, with "/" at its end, NULL to verify; where to */
    char *sums;                   /* name of the list of sums, for messages */
    bool by_sums;                 /* there is one: the list is all there is */
    struct fetch_list list;
    struct kymo_transfer *transfer[FETCH_MOST_JOBS];   /* of each that works at the same time */
    size_t n_jobs, n_failed;
};

/* File NAME of the database to path. Returns as kymo_transfer_get. */
int fetch_get(const struct fetch *f, struct kymo_transfer *t, const char *name, const char *sha256, const char *path,
              bool renewed, struct kymo_err *e);

/* Fetches or verifies all files of the list that are wanted, with a row of the table for each; the list may grow meanwhile.
 * Failures are reported and counted. Returns 0 or a negative code. */
extern const struct kymo_column fetch_columns[];
#define FETCH_COLUMNS 4
int fetch_all(struct fetch *f, struct kymo_table *t, struct kymo_err *e);

#endif
