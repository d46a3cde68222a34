/* cli/deid.c - kymo deid: a recording without its subject's identity, or with a pseudonym and moved dates instead.
 *
 * What is identity and what becomes of it: lib/identity.h. */
#include "cli/deid.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_TEXT 65536       /* of a line in the list of texts that stay */
#define MOST_TEXTS 100000
#define MOST_FLAGGED 1000        /* different texts that are told of */

static const struct kymo_opt options[] = {
    KYMO_OPT_STRING('k', "key", struct deid_args, key, "KEYFILE", NULL,
                    "key for pseudonyms and moved dates; without one ids and dates go"),
    KYMO_OPT_STRING('\0', "new-key", struct deid_args, new_key, "KEYFILE", NULL,
                    "make a random key, of mode 0600, and do no more"),
    KYMO_OPT_STRING('\0', "subject", struct deid_args, subject, "ID", NULL,
                    "whose recording it is, if it does not say, or says it otherwise"),
    KYMO_OPT_COUNT('\0', "shift-days", struct deid_args, most_days, "N", "3650",
                   "move dates back by 1 to so many days, the same for all of a subject's recordings"),
    KYMO_OPT_FLAG('\0', "weekday", struct deid_args, weekday, "move them by whole weeks"),
    KYMO_OPT_CHOICE('\0', "text", struct deid_args, free_text, "drop|keep|flag", "drop",
                    "free text of notes and events; flag: keep it, and say what there is"),
    KYMO_OPT_STRING('\0', "keep-text", struct deid_args, keep, "FILE", NULL, "texts that stay, one in a line"),
    KYMO_OPT_STRING('\0', "table", struct deid_args, table, "IDFILE", NULL,
                    "add who is who to this table, of mode 0600: pseudonym, days, id, name, birth"),
    KYMO_OPT_FLAG('\0', "in-place", struct deid_args, in_place, "change the files' own headers (EDF, BDF, WFDB)"),
    KYMO_OPT_FLAG('\0', "audit", struct deid_args, audit, "list what identity recordings carry; exit 1 if any"),
    KYMO_OPTS_ANNOTATOR(struct deid_args, in), KYMO_OPTS_SOURCE(struct deid_args, in),
    KYMO_OPTS_TABLE(struct deid_args, out), KYMO_OPT_LAST
};

/* ---- rules ---- */

static int read_plain_texts(const char *path, struct deid_rules *r, struct kymo_err *e)
{
    struct kymo_input *in = kymo_input_open(path, e);
    const char *line;
    size_t n, cap = 0;
    int rc = in ? 1 : (int)e->cause[0].code;

    while (rc > 0 && (rc = kymo_line(in, LONGEST_TEXT, &line, &n, e)) > 0) {
        n = kymo_trim(&line, n);
        if (n == 0)
            continue;
        if (r->rules.n_plain == cap) {
            cap = cap ? 2 * cap : 64;
            char **larger = cap <= MOST_TEXTS ? realloc(r->plain, cap * sizeof *larger) : NULL;
            if (!larger) {
                rc = kymo_fail(e, KYMO_ENOMEM, "%s: too many texts", path);
                break;
            }
            r->plain = larger;
        }
        if (!(r->plain[r->rules.n_plain] = strndup(line, n)))
            rc = kymo_fail(e, KYMO_ENOMEM, "no memory for the texts of %s", path);
        else
            r->rules.n_plain++;
    }
    kymo_input_close(in);
    r->rules.plain = (const char *const *)r->plain;
    return rc;
}

static int read_rules(const struct deid_args *args, struct deid_rules *r, struct kymo_err *e)
{
    r->rules = (struct kymo_identity_rules){
        .subject = args->subject, .most_days = args->most_days, .weekday = args->weekday,
        .free_text = (enum kymo_free_text)args->free_text, .audit = args->audit,
    };
    if (args->most_days < 7 || args->most_days > KYMO_SHIFT_LIMIT)
        return kymo_fail(e, KYMO_EUSAGE, "--shift-days is 7 to %d", KYMO_SHIFT_LIMIT);
    if (args->audit && (args->in_place || args->key || args->table))
        return kymo_fail(e, KYMO_EUSAGE, "--audit changes nothing: it goes without --in-place, --key and --table");
    if (args->in_place && args->out.path)
        return kymo_fail(e, KYMO_EUSAGE, "--in-place writes no other file: it goes without -o");
    if (args->table && !args->key)
        return kymo_fail(e, KYMO_EUSAGE, "--table needs --key: without it nobody has a pseudonym");
    if (args->key) {
        const int rc = kymo_read_key(args->key, &r->key, e);
        if (rc < 0)
            return rc;
        r->rules.key = &r->key;
    }
    return args->keep ? read_plain_texts(args->keep, r, e) : 0;
}

static void release_rules(struct deid_rules *r)
{
    for (size_t i = 0; i < r->rules.n_plain; i++)
        free(r->plain[i]);
    free(r->plain);
    kymo_forget(&r->key);
}

/* ---- a copy ---- */

int deid_copy_header(const struct kymo_deid *d, const struct kymo_header *source, struct kymo_header *h, struct kymo_err *e)
{
    const char *name = *kymo_deid_pseudonym(d) ? kymo_deid_pseudonym(d) : "recording";
    int rc = kymo_header_copy(h, source, NULL, 0, e);

    if (rc == 0 && !(h->record = kymo_header_text(h, name, strlen(name), e)))
        rc = KYMO_ENOMEM;
    if (rc == 0)
        rc = kymo_deid_header(d, h, e);
    return rc;
}

/* What left the recording, and the flagged texts: each is told of once. */
struct account {
    const struct kymo_call *call;
    size_t n_texts, n_notes;
    char *flagged[MOST_FLAGGED];
    size_t n_flagged;
};

static int tell_flagged(struct account *a, const char *field, const char *text, struct kymo_err *e)
{
    for (size_t i = 0; i < a->n_flagged; i++)
        if (strcmp(a->flagged[i], text) == 0)
            return 0;
    if (a->n_flagged == MOST_FLAGGED)
        return 0;
    if (!(a->flagged[a->n_flagged] = strdup(text)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a text");
    a->n_flagged++;
    return kymo_warn(&a->call->log, e, kymo_operand(a->call), -1, "%s kept: \"%.200s\"", field, text);
}

static int take_account(void *to, const char *field, const char *was, const char *now, struct kymo_err *e)
{
    struct account *a = to;

    if (now && strcmp(was, now) == 0)
        return tell_flagged(a, field, was, e);
    a->n_texts += strcmp(field, "text of event") == 0;
    a->n_notes += strcmp(field, "note") == 0;
    return 0;
}

static int copy_blocks(const struct kymo_deid *d, struct kymo_reader *r, struct kymo_writer *w, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    while ((rc = kymo_read(r, &b, e)) > 0) {
        size_t n = 0;
        for (size_t i = 0; i < b->n_events; i++) {
            struct kymo_event ev = b->event[i];
            if ((rc = kymo_deid_event(d, &ev, e)) < 0)
                return rc;
            if (rc > 0)
                b->event[n++] = ev;
        }
        b->n_events = n;
        if ((rc = kymo_write(w, b, e)) < 0)
            return rc;
    }
    return rc < 0 ? rc : kymo_write_finish(w, e);
}

/* The history has no names of files. */
static struct kymo_writer *open_writer(const struct kymo_call *call, const struct kymo_header *h, struct kymo_err *e)
{
    const struct deid_args *args = call->args;
    struct kymo_call nameless = *call;

    nameless.history = "kymo " KYMO_VERSION " deid";
    return kymo_call_writer(&nameless, args->out.path, h, e);
}

static int copy(const struct kymo_call *call, const struct deid_rules *how, struct account *a, struct kymo_err *e)
{
    const struct deid_args *args = call->args;
    struct kymo_identity_rules rules = how->rules;
    struct kymo_reader *r = kymo_call_open(call, &args->in, false, e);
    struct kymo_deid *d = NULL;
    struct kymo_writer *w = NULL;
    struct kymo_header h;
    int rc = r ? 0 : (int)e->cause[0].code;

    rules.found = take_account;
    rules.to = a;
    kymo_header_init(&h);
    if (rc == 0 && !(d = kymo_deid_create(&r->hdr, &rules, e)))
        rc = e->cause[0].code;
    if (rc == 0)
        rc = deid_copy_header(d, &r->hdr, &h, e);
    if (rc == 0 && args->table)
        rc = deid_put_key_row(args->table, d, &r->hdr, e);
    if (rc == 0 && !(w = open_writer(call, &h, e)))
        rc = e->cause[0].code;
    if (rc == 0)
        rc = copy_blocks(d, r, w, e);
    if (rc == 0 && a->n_texts + a->n_notes > 0)
        rc = kymo_warn(&call->log, e, kymo_operand(call), -1, "%zu texts of events and %zu notes are left out or changed",
                       a->n_texts, a->n_notes);
    kymo_header_release(&h);
    kymo_writer_destroy(w);
    kymo_deid_destroy(d);
    kymo_close(r);
    return rc;
}

static int run_copy(const struct kymo_call *call, const struct deid_rules *how, struct kymo_err *e)
{
    struct account *a = calloc(1, sizeof *a);
    int rc = KYMO_ENOMEM;

    if (call->n_operands > 1)
        rc = kymo_fail(e, KYMO_EUSAGE, "one recording becomes one copy, not %zu", call->n_operands);
    else if (!a)
        rc = kymo_fail(e, KYMO_ENOMEM, "no memory to begin");
    else if ((rc = deid_is_page(kymo_operand(call), e)) > 0) {
        rc = deid_copy_page(call, kymo_operand(call), e);
    } else if (rc == 0) {
        a->call = call;
        rc = copy(call, how, a, e);
    }
    for (size_t i = 0; a && i < a->n_flagged; i++)
        free(a->flagged[i]);
    free(a);
    return rc;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct deid_args *args = call->args;
    struct deid_rules how = {0};

    if (args->new_key)
        return call->n_operands > 0 ? kymo_fail(e, KYMO_EUSAGE, "--new-key takes no recording")
                                    : kymo_make_key(args->new_key, e);
    int rc = read_rules(args, &how, e);
    if (rc == 0)
        rc = args->audit ? deid_audit(call, &how.rules, e) : args->in_place ? deid_in_place(call, &how.rules, e)
                                                                            : run_copy(call, &how, e);
    release_rules(&how);
    return rc;
}

const struct kymo_command kymo_cmd_deid = {
    .name = "deid", .about = "a recording without its subject's identity; what identity one carries", .operands = "[RECORD]...",
    .most = SIZE_MAX, .options = options, .args_size = sizeof(struct deid_args), .run = run,
};
