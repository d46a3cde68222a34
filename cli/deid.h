/* cli/deid.h - what the parts of kymo deid share. */
#ifndef KYMO_CLI_DEID_H
#define KYMO_CLI_DEID_H

#include "lib/command.h"
#include "lib/identity.h"

struct deid_args {
    struct kymo_input_args in;
    const char *key, *new_key, *subject, *keep, *table;
    int64_t most_days;
    bool weekday, in_place, audit;
    int free_text;                /* enum kymo_free_text */
    struct kymo_output_args out;
};

/* What the options ask for, made once. */
struct deid_rules {
    struct kymo_identity_rules rules;
    struct kymo_key key;
    char **plain;
};

/* kymo deid --audit: a row for each thing in the recordings that is identity. KYMO_FOUND where there is one. */
int deid_audit(const struct kymo_call *call, const struct kymo_identity_rules *rules, struct kymo_err *e);

/* kymo deid --in-place: the headers of all operands. */
int deid_in_place(const struct kymo_call *call, const struct kymo_identity_rules *rules, struct kymo_err *e);

/* Whether path is a page of HTML or SVG, or an error: one that is drawn (PDF, PNG) cannot be changed. Then, if it is one of
 * ours: a copy without what its marks say is identity, or the list of that (rules->found). KYMO_EDATA of a page of others. */
int deid_is_page(const char *path, struct kymo_err *e);
int deid_copy_page(const struct kymo_call *call, const char *path, struct kymo_err *e);
int deid_audit_page(const char *path, const struct kymo_identity_rules *rules, struct kymo_err *e);

/* A row for the recording in the table of who is who, made if it is not there, of mode 0600; several commands may write to
 * one table at the same time. */
int deid_put_key_row(const char *path, const struct kymo_deid *d, const struct kymo_header *source, struct kymo_err *e);

/* h becomes a copy of the source's header without identity. */
int deid_copy_header(const struct kymo_deid *d, const struct kymo_header *source, struct kymo_header *h, struct kymo_err *e);

#endif
