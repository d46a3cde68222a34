/* formats/hdf5_fix.c - writes a copy of an HDF5 file of our own layout with what can be read of it: our reader reads, our
 * writer writes.
 *
 * Samples in damaged chunks are missing in the copy, events that make no sense are left out, counts and end mark are those of
 * what is there. What changed is what the checker finds in the file and no longer in the copy. */
#include "formats/hdf5_check.h"
#include "lib/grow.h"
#include "lib/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENT_DELAY_NS (2 * H5_TIME_LIMIT)   /* any order of events: the writer sorts them all */

struct finding {
    int64_t offset;
    char field[200], value[96], text[400];
};

struct findings {
    struct finding *f;
    size_t n, cap;
};

static int keep_finding(void *to, const struct kymo_finding *f, struct kymo_err *e)
{
    struct findings *all = to;
    struct finding *const more = kymo_grown(all->f, all->n, &all->cap, sizeof *more);

    if (!more)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu findings", all->n + 1);
    all->f = more;
    struct finding *kept = &all->f[all->n++];
    kept->offset = f->offset;
    snprintf(kept->field, sizeof kept->field, "%s", f->field);
    snprintf(kept->value, sizeof kept->value, "%.*s", (int)f->n_value, f->value);
    snprintf(kept->text, sizeof kept->text, "%s", f->text);
    return 0;
}

static bool is_among(const struct findings *all, const struct finding *f)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->f[i].field, f->field) == 0 && strcmp(all->f[i].text, f->text) == 0)
            return true;
    return false;
}

static int tell_changes(struct h5_checker *k, const struct findings *before, const struct findings *after)
{
    for (size_t i = 0; i < before->n; i++) {
        const struct finding *f = &before->f[i];
        if (!is_among(after, f))
            h5_found(k, KYMO_FIXED, (struct h5_place){f->field, f->offset, ""}, f->value, "no longer so: %s", f->text);
    }
    return k->rc;
}

static void hear(void *to, const char *text) { h5_found_warning(to, KYMO_FIXED, text); }

/* From its beginning, through the reader that goes on behind damage, to the file copy. */
static int write_copy(struct h5_checker *k, const char *copy)
{
    const struct kymo_want want = {.salvage = true, .log = {.warn = hear, .to = k}};
    const struct kymo_log silent = {.warn = NULL};
    struct kymo_reader *r = kymo_open(k->path, &want, k->e);
    struct kymo_writer *w = r ? kymo_create_file(kymo_format_named("hdf5"), copy, &r->hdr, EVENT_DELAY_NS, false, &silent, k->e)
                              : NULL;
    int rc = w ? kymo_copy(r, w, k->e) : k->e->cause[0].code;

    kymo_writer_destroy(w);
    kymo_close(r);
    return rc < 0 ? rc : k->rc;
}

static int check_copy(const char *copy, struct findings *all, struct kymo_err *e)
{
    struct kymo_check c = {.found = keep_finding, .to = all};
    struct kymo_input *in = kymo_input_open(copy, e);
    const int rc = in ? hdf5_check(in, copy, &c, e) : KYMO_EIO;

    kymo_input_close(in);
    return rc;
}

static bool is_own_file(struct kymo_input *in, const char *path)
{
    struct h5_quiet q;

    h5_quiet(&q);
    const hid_t file = h5_open_input(in, path);
    const bool own = file < 0 || h5_is_ours(file);   /* what does not open fails with its cause when it is read */
    if (file >= 0)
        H5Fclose(file);
    h5_loud(&q);
    return own;
}

int hdf5_fix(struct kymo_input *in, const char *path, const char *copy, struct kymo_check *c, struct kymo_err *e)
{
    struct h5_checker k = {.path = path, .in = in, .c = c, .e = e};
    struct findings before = {.n = 0}, after = {.n = 0};
    struct kymo_check first = {.found = keep_finding, .to = &before};
    int rc = 0;

    if (kymo_input_size(in) < 0)
        return kymo_fail_at(e, KYMO_EUSAGE, path, -1, "HDF5 cannot be read from a pipe: name the file");
    if (!is_own_file(in, path))
        return kymo_fail_at(e, KYMO_EUSAGE, path, -1,
                            "is not of Kymo's own layout: kymo convert copies what can be read of it");
    if ((rc = hdf5_check(in, path, &first, e)) == 0 && (rc = write_copy(&k, copy)) == 0 &&
        (rc = check_copy(copy, &after, e)) == 0)
        rc = tell_changes(&k, &before, &after);
    free(before.f);
    free(after.f);
    return rc;
}
