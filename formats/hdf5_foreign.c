/* formats/hdf5_foreign.c - opens HDF5 files that are not of our layout: any 1-D or 2-D dataset of numbers, CCDEF, NWB, MAT 7.3.
 *
 * This file chooses which datasets are read. hdf5_facts.c finds what is told of them, hdf5_times.c takes rates and starts from
 * that, hdf5_columns.c makes signals of them. Everything taken is told in a note of the header. */
#include "formats/hdf5_foreign.h"
#include "lib/grow.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATHS_LIMIT 65536
#define RATE_NAMES "fs, fsamp, sampling_rate, sample_rate, sampling_frequency, sfreq, rate, frequency"

int h5_note(const struct h5_foreign *f, struct kymo_err *e, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return kymo_header_add_note(&f->r->source, text, strlen(text), e);
}

/* One dataset: taken, or left out with a note; an error where the user named it. */
static int take_dataset(struct h5_foreign *f, const char *path, struct kymo_err *e)
{
    struct h5_reader *s = f->r->state;
    const hid_t id = H5Dopen2(f->file, path, H5P_DEFAULT);
    struct h5_shape shape = {.columns = NULL};
    struct kymo_ratio rate = {0, 1};
    int rc = 0;

    if (id < 0)
        return f->alone ? h5_fail(e, f->r->path, path, "cannot be opened") : h5_note(f, e, "%s cannot be opened", path);
    const char *why = h5_look_at(id, &shape);
    if (!why && !f->alone && shape.size[0] * (shape.rank == 2 ? shape.size[1] : 1) < 2)
        why = "is a single value";
    if (why)
        rc = f->alone ? h5_fail_at(e, KYMO_EFORMAT, f->r->path, path, "%s: not samples", why)
                      : h5_note(f, e, "%s is left out: %s", path, why);
    else if ((rc = h5_take_rate(f, path, &rate, e)) == 0)
        rc = f->alone ? 0 : kymo_warn(&f->r->want->log, e, f->r->path, -1, "%s is left out: no rate is told", path);
    else if (rc > 0)
        rc = h5_add_dataset(f, path, id, &shape, rate, e);
    if (rc >= 0 && s->n_sets > f->n_starts)
        rc = h5_take_start(f, path, f->n_starts++, e);
    json_decref(shape.columns);
    H5Dclose(id);
    return rc;
}

/* ---- which datasets ---- */

struct paths {
    char **path;
    size_t n, cap;
    const char *root;
};

static herr_t keep_path(hid_t at, const char *name, const H5O_info_t *info, void *to)
{
    struct paths *all = to;
    char *full = NULL;

    (void)at;
    if (info->type != H5O_TYPE_DATASET || all->n >= PATHS_LIMIT || strstr(name, "annotations/"))
        return 0;
    char **const larger = kymo_grown(all->path, all->n, &all->cap, sizeof *larger);
    if (!larger)
        return -1;
    all->path = larger;
    if (strcmp(name, ".") == 0)
        full = strdup(all->root);
    else if (asprintf(&full, "%s%s%s", strcmp(all->root, "/") == 0 ? "" : all->root, "/", name) < 0)
        full = NULL;
    if (!full)
        return -1;
    all->path[all->n++] = full;
    return 0;
}

static int list_datasets(struct h5_foreign *f, const char *root, struct paths *all, struct kymo_err *e)
{
    all->root = root;
    if (H5Ovisit_by_name2(f->file, root, H5_INDEX_NAME, H5_ITER_INC, keep_path, all, H5O_INFO_BASIC, H5P_DEFAULT) < 0)
        return h5_fail(e, f->r->path, root, "cannot be read");
    return 0;
}

/* CCDEF's groups, if the file has any. */
static int list_groups(struct h5_foreign *f, struct paths *all, struct kymo_err *e)
{
    static const char *const groups[] = {"/waveforms", "/Waveforms", "/numerics", "/Numerics"};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < sizeof groups / sizeof *groups; i++)
        if (H5Lexists(f->file, groups[i], H5P_DEFAULT) > 0)
            rc = list_datasets(f, groups[i], all, e);
    return rc;
}

/* Keeps those that could be samples. */
static void keep_usable(const struct h5_foreign *f, struct paths *all)
{
    size_t kept = 0;

    for (size_t i = 0; i < all->n; i++) {
        struct h5_shape shape = {.columns = NULL};
        const hid_t id = H5Dopen2(f->file, all->path[i], H5P_DEFAULT);
        const bool usable = id >= 0 && !h5_look_at(id, &shape) &&
                            shape.size[0] * (shape.rank == 2 ? shape.size[1] : 1) > 1;
        json_decref(shape.columns);
        if (id >= 0)
            H5Dclose(id);
        if (usable)
            all->path[kept++] = all->path[i];
        else
            free(all->path[i]);
    }
    all->n = kept;
}

static int fail_choose(const struct h5_foreign *f, const struct paths *all, struct kymo_err *e)
{
    char list[140] = "";

    if (all->n == 0)
        return h5_fail_at(e, KYMO_EDATA, f->r->path, NULL, "no dataset of numbers in one or two dimensions");
    for (size_t i = 0; i < all->n && strlen(list) < sizeof list - 44; i++)
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%.40s", i ? ", " : "", all->path[i]);
    return h5_fail_at(e, KYMO_EUSAGE, f->r->path, NULL, "%zu datasets (%s%s): choose one, or a group, as in %.60s:%.60s",
                      all->n, list, strlen(list) >= sizeof list - 44 ? ", ..." : "", f->r->path, all->path[0]);
}

/* What to read: what the user named, else CCDEF's groups, else the only dataset there is. */
static int choose_datasets(struct h5_foreign *f, struct paths *all, struct kymo_err *e)
{
    const char *inside = f->r->inside;
    int rc;

    if (inside && strcmp(inside, "/") != 0) {
        if (H5Oexists_by_name(f->file, inside, H5P_DEFAULT) <= 0)
            return h5_fail_at(e, KYMO_EUSAGE, f->r->path, inside, "no such group or dataset");
        rc = list_datasets(f, inside, all, e);
        f->alone = all->n == 1 && strcmp(all->path[0], inside) == 0;
        if (rc == 0 && all->n == 0)
            return h5_fail_at(e, KYMO_EDATA, f->r->path, inside, "no datasets");
        return rc;
    }
    if ((rc = list_groups(f, all, e)) < 0 || all->n > 0)
        return rc;
    if ((rc = list_datasets(f, "/", all, e)) < 0)
        return rc;
    if (inside)
        return 0;
    keep_usable(f, all);
    f->alone = all->n == 1;
    return all->n == 1 ? 0 : fail_choose(f, all, e);
}

static int take_datasets(struct h5_foreign *f, struct paths *all, struct kymo_err *e)
{
    struct h5_reader *s = f->r->state;
    int rc = choose_datasets(f, all, e);

    if (rc < 0)
        return rc;
    f->start_s = calloc(all->n + 1, sizeof *f->start_s);
    f->start_ns = calloc(all->n + 1, sizeof *f->start_ns);
    if (!f->start_s || !f->start_ns)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu datasets", all->n);
    for (size_t i = 0; rc >= 0 && i < all->n; i++)
        rc = take_dataset(f, all->path[i], e);
    if (rc >= 0 && s->n_sets == 0)
        return h5_fail_at(e, KYMO_EUSAGE, f->r->path, all->n == 1 ? all->path[0] : f->r->inside,
                          "no rate: looked for %s, here and in the groups above; tell it with --rate", RATE_NAMES);
    return rc < 0 ? rc : h5_align_sets(f, e);
}

int h5_open_foreign(struct kymo_reader *r, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    struct h5_foreign f = {.r = r, .file = s->file};
    struct paths all = {0};

    s->tables.n_segments = 1;
    r->source.format = "hdf5";
    if (!(r->source.record = kymo_header_text(&r->source, r->path, strlen(r->path), e)))
        return KYMO_ENOMEM;
    const int rc = take_datasets(&f, &all, e);
    for (size_t i = 0; i < all.n; i++)
        free(all.path[i]);
    free(all.path);
    free(f.start_s);
    free(f.start_ns);
    return rc;
}
