/* cli/deid_place.c - kymo deid --in-place, and the table of who is who. */
#include "cli/deid.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- in place ---- */

static int count_change(void *to, const char *field, const char *was, const char *now, struct kymo_err *e)
{
    size_t *n = to;

    (void)field;
    (void)e;
    *n += !now || strcmp(was, now) != 0;
    return 0;
}

/* Texts of events lie among the samples, where nothing is written over. */
static int check_events(const struct kymo_deid *d, struct kymo_reader *r, const char *path, const size_t *n_changes,
                        struct kymo_err *e)
{
    const size_t before = *n_changes;
    struct kymo_block *b;
    int rc;

    while ((rc = kymo_read(r, &b, e)) > 0)
        for (size_t i = 0; i < b->n_events; i++) {
            struct kymo_event ev = b->event[i];
            if ((rc = kymo_deid_event(d, &ev, e)) < 0)
                return rc;
        }
    if (rc == 0 && *n_changes > before)
        return kymo_fail_at(e, KYMO_EDATA, path, -1, "%zu events carry free text, which cannot be changed in place: write a "
                            "copy (-o), or let it stay (--keep-text, --text keep)", *n_changes - before);
    return rc;
}

static int change_one(const struct kymo_call *call, const struct kymo_identity_rules *how, struct kymo_err *e)
{
    const struct deid_args *args = call->args;
    const char *path = kymo_operand(call);
    struct kymo_identity_rules rules = *how;
    struct kymo_deid *d = NULL;
    struct kymo_header after;
    size_t n_changes = 0;
    struct kymo_reader *r = strcmp(path, "-") == 0 ? NULL : kymo_call_open(call, &args->in, true, e);
    int rc = r ? 0 : strcmp(path, "-") == 0 ? kymo_fail(e, KYMO_EUSAGE, "--in-place changes files: name one")
                                            : (int)e->cause[0].code;

    rules.found = count_change;
    rules.to = &n_changes;
    kymo_header_init(&after);
    if (rc == 0 && !r->format->put_identity)
        rc = kymo_fail_at(e, KYMO_EUSAGE, path, -1, "headers of %s cannot be changed in place: write a copy (-o)",
                          r->format->name);
    if (rc == 0 && !(d = kymo_deid_create(&r->source, &rules, e)))
        rc = e->cause[0].code;
    if (rc == 0)
        rc = deid_copy_header(d, &r->source, &after, e);
    if (rc == 0)
        rc = kymo_header_add_history(&after, "kymo " KYMO_VERSION " deid", e);
    if (rc == 0)
        rc = check_events(d, r, path, &n_changes, e);
    if (rc == 0 && args->table)
        rc = deid_put_key_row(args->table, d, &r->source, e);
    if (rc == 0)
        rc = r->format->put_identity(r->path, &r->source, &after, e);
    kymo_header_release(&after);
    kymo_deid_destroy(d);
    kymo_close(r);
    return rc;
}

int deid_in_place(const struct kymo_call *call, const struct kymo_identity_rules *rules, struct kymo_err *e)
{
    struct kymo_call one = *call;
    size_t failed = 0;

    if (call->n_operands <= 1)
        return change_one(call, rules, e);
    one.n_operands = 1;
    for (size_t i = 0; i < call->n_operands; i++) {
        struct kymo_err why = {0};
        one.operand = &call->operand[i];
        if (change_one(&one, rules, &why) < 0) {
            call->report(call, &why);
            failed++;
        }
    }
    return failed > 0 ? KYMO_SOME : 0;
}

/* ---- who is who ---- */

static const struct kymo_column columns[] = {
    {"pseudonym", 0}, {"days", 0}, {"id", 0}, {"name", 0}, {"birth", 0}, {"record", 0},
};

static int put_row(struct kymo_output *out, const struct kymo_deid *d, const struct kymo_header *h, struct kymo_err *e)
{
    struct kymo_table *t = kymo_table_create(out, KYMO_CSV, columns, sizeof columns / sizeof *columns, e);

    if (!t)
        return e->cause[0].code;
    kymo_cell_text(t, kymo_deid_pseudonym(d));
    kymo_cell_int(t, kymo_deid_days(d));
    kymo_cell_text(t, h->subject.id);
    kymo_cell_text(t, h->subject.name);
    kymo_cell_text(t, h->subject.birth);
    kymo_cell_text(t, h->record);
    int rc = kymo_row_end(t, e);
    if (rc == 0)
        rc = kymo_table_finish(t, e);
    kymo_table_destroy(t);
    return rc;
}

/* Appends text[n], whose first line is the table's head, which only a new file needs. */
static int append(int fd, const char *path, const char *text, size_t n, struct kymo_err *e)
{
    const char *row = memchr(text, '\n', n);
    struct stat st;

    if (flock(fd, LOCK_EX) < 0 || fstat(fd, &st) < 0)
        return kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
    if (S_ISREG(st.st_mode) && st.st_mode & 077)
        return kymo_fail_at(e, KYMO_EDATA, path, -1, "others may read this table (mode %03o): chmod 600 makes it yours alone",
                            (unsigned)st.st_mode & 0777);
    if (st.st_size > 0 && row) {
        n -= (size_t)(row + 1 - text);
        text = row + 1;
    }
    errno = ENOSPC;
    return write(fd, text, n) == (ssize_t)n && (fsync(fd) == 0 || errno == EINVAL)
               ? 0 : kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
}

int deid_put_key_row(const char *path, const struct kymo_deid *d, const struct kymo_header *source, struct kymo_err *e)
{
    struct kymo_output *out = kymo_output_memory(e);
    int rc = out ? put_row(out, d, source, e) : (int)e->cause[0].code;
    const int fd = rc == 0 ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;

    if (rc == 0 && fd < 0)
        rc = kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
    if (rc == 0) {
        size_t n;
        const char *text = (const char *)kymo_output_bytes(out, &n);
        rc = append(fd, path, text, n, e);
    }
    if (fd >= 0)
        close(fd);
    kymo_output_destroy(out);
    return rc;
}
