/* cli/deid_audit.c - kymo deid --audit: each thing in recordings that tells of whom they are. */
#include "cli/deid.h"

#include <string.h>

static const struct kymo_column columns[] = {{"record", 0}, {"field", 0}, {"value", 0}};

struct audit {
    const struct kymo_call *call;
    const struct kymo_identity_rules *rules;
    struct kymo_table *table;     /* NULL: quiet */
    const char *record;
    size_t n;
};

static int put_found(void *to, const char *field, const char *was, const char *now, struct kymo_err *e)
{
    struct audit *a = to;

    (void)now;
    a->n++;
    if (!a->table)
        return 0;
    kymo_cell_text(a->table, a->record);
    kymo_cell_text(a->table, field);
    kymo_cell_text(a->table, was);
    return kymo_row_end(a->table, e);
}

/* A name that is neither the file's nor one that kymo deid gave. */
static int audit_name(const struct kymo_identity_rules *rules, const char *path, const char *record, struct kymo_err *e)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const size_t n = strlen(record);
    const bool is_file = strcmp(record, path) == 0 || (strncmp(name, record, n) == 0 && (name[n] == '.' || name[n] == '\0'));

    return n == 0 || is_file || strcmp(record, "recording") == 0 || kymo_is_pseudonym(record)
               ? 0 : rules->found(rules->to, "record name", record, NULL, e);
}

static int audit_recording(const char *path, struct kymo_reader *r,
                           const struct kymo_identity_rules *rules, struct kymo_err *e)
{
    struct kymo_deid *d = kymo_deid_create(&r->source, rules, e);
    struct kymo_header h;
    struct kymo_block *b;
    int rc = d ? audit_name(rules, path, r->source.record, e) : (int)e->cause[0].code;

    kymo_header_init(&h);
    if (rc == 0)
        rc = deid_copy_header(d, &r->source, &h, e);
    for (int more = 1; rc == 0 && more > 0;) {
        more = rc = kymo_read(r, &b, e);
        for (size_t i = 0; rc > 0 && i < b->n_events; i++) {
            struct kymo_event ev = b->event[i];
            const int judged = kymo_deid_event(d, &ev, e);
            rc = judged < 0 ? judged : rc;
        }
        rc = rc > 0 ? 0 : rc;
    }
    kymo_header_release(&h);
    kymo_deid_destroy(d);
    return rc;
}

/* What open reads over, of a file that can be opened again. */
static int audit_hidden(const struct kymo_reader *r, const struct kymo_identity_rules *rules, struct kymo_err *e)
{
    if (!r->format->hidden || strcmp(r->path, "-") == 0)
        return 0;
    struct kymo_input *in = kymo_input_open(r->path, e);
    const int rc = in ? r->format->hidden(in, r->path, rules, e) : (int)e->cause[0].code;

    kymo_input_close(in);
    return rc;
}

static int audit_one(const struct kymo_call *call, const char *path, const struct kymo_identity_rules *rules,
                     struct kymo_err *e)
{
    const struct deid_args *args = call->args;
    struct kymo_call one = *call;
    const int page = deid_is_page(path, e);

    if (page != 0)
        return page < 0 ? page : deid_audit_page(path, rules, e);
    one.operand = &path;
    one.n_operands = 1;
    struct kymo_reader *r = kymo_call_open(&one, &args->in, true, e);
    int rc = r ? audit_recording(path, r, rules, e) : (int)e->cause[0].code;

    if (rc == 0)
        rc = audit_hidden(r, rules, e);
    kymo_close(r);
    return rc;
}

/* A recording that cannot be read is reported, and the others are looked at. */
static int audit_all(struct audit *a, struct kymo_err *e)
{
    const struct kymo_call *call = a->call;
    struct kymo_identity_rules rules = *a->rules;
    size_t failed = 0;

    rules.found = put_found;
    rules.to = a;
    for (size_t i = 0; i < call->n_operands || (i == 0 && call->n_operands == 0); i++) {
        struct kymo_err why = {0};
        a->record = call->n_operands > 0 ? call->operand[i] : "-";
        const int rc = audit_one(call, a->record, &rules, call->n_operands > 1 ? &why : e);
        if (rc < 0 && call->n_operands <= 1)
            return rc;
        if (rc < 0) {
            call->report(call, &why);
            failed++;
        }
    }
    return failed > 0 ? KYMO_SOME : a->n > 0 ? KYMO_FOUND : 0;
}

static int fill(const void *of, struct kymo_table *t, struct kymo_err *e)
{
    struct audit a = *(const struct audit *)of;

    a.table = t;
    return audit_all(&a, e);
}

int deid_audit(const struct kymo_call *call, const struct kymo_identity_rules *rules, struct kymo_err *e)
{
    const struct deid_args *args = call->args;
    struct audit a = {.call = call, .rules = rules};

    return call->quiet ? audit_all(&a, e) : kymo_print_table(args->out.path, (enum kymo_table_form)args->out.form, columns,
                                                             sizeof columns / sizeof *columns, fill, &a, e);
}
