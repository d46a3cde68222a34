/* formats/hdf5_check_foreign.c - tells of HDF5 files of others what is taken of them, and what stands in the way of the rest.
 *
 * No specification binds them, so that nearly all findings are notes: what reader and notes of the header tell, signals without
 * a unit or calibration, missing samples, and whether times that are stored are evenly spaced. */
#include "formats/hdf5_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMES_LIMIT 50000000      /* longer lists of times are not looked at */
#define EVEN 1e-3                 /* of a step: what times of finite precision may deviate */

static const struct h5_place whole = {"", -1, ""};

/* ---- what the reader takes ---- */

static void hear(void *to, const char *text) { h5_found_warning(to, KYMO_WARNING, text); }

/* Everything in the file, as far as its rates are told. */
static struct kymo_reader *open_all(const struct h5_checker *k, const struct kymo_want *want, struct kymo_err *why)
{
    size_t n;
    const void *bytes = kymo_input_bytes(k->in, &n);
    struct kymo_reader *r = NULL;
    char *all = NULL;

    if (bytes) {
        struct kymo_input *in = kymo_input_memory(k->path, bytes, n, why);
        return in ? kymo_open_input(in, k->path, want, why) : NULL;
    }
    if (asprintf(&all, "%s:/", k->path) < 0) {
        kymo_fail(why, KYMO_ENOMEM, "no memory to check %s", k->path);
        return NULL;
    }
    r = kymo_open(all, want, why);
    free(all);
    return r;
}

static void tell_failure(struct h5_checker *k, const struct kymo_err *why)
{
    const struct kymo_cause *root = &why->cause[0];
    const size_t n = strlen(k->path);
    const char *object = strncmp(root->input, k->path, n) == 0 && root->input[n] == ':' ? root->input + n + 1 : "";

    if (why->n > 0 && root->code == KYMO_ENOMEM)
        k->rc = kymo_fail(k->e, KYMO_ENOMEM, "%s", root->msg);
    else
        h5_found(k, KYMO_ERROR, (struct h5_place){object, -1, ""}, "", "%s", why->n ? root->msg : "cannot be read");
}

static void tell_header(struct h5_checker *k, const struct kymo_header *h)
{
    for (size_t i = 0; i < h->n_notes; i++)
        h5_found(k, KYMO_NOTE, whole, "", "%s", h->note[i]);
    for (size_t i = 0; i < h->n_signals; i++) {
        const struct kymo_signal *s = &h->signal[i];
        if (!s->unit[0])
            h5_found(k, KYMO_NOTE, (struct h5_place){s->label, -1, ""}, "", "no unit");
        if (!s->calibrated)
            h5_found(k, KYMO_NOTE, (struct h5_place){s->label, -1, ""}, "", "no scale or gain: values are the stored integers");
    }
}

static void tell_missing(struct h5_checker *k, const struct kymo_header *h, const int64_t *n, const int64_t *missing)
{
    for (size_t i = 0; i < h->n_signals; i++)
        if (missing[i] > 0)
            h5_found(k, KYMO_NOTE, (struct h5_place){h->signal[i].label, -1, ""}, "",
                     "%lld of %lld samples are missing, %.3g %%", (long long)missing[i], (long long)n[i],
                     100.0 * (double)missing[i] / (double)n[i]);
}

static void read_through(struct h5_checker *k, struct kymo_reader *r)
{
    const size_t n_signals = r->hdr.n_signals;
    int64_t *n = calloc(2 * n_signals + 1, sizeof *n), *missing = n ? n + n_signals : NULL;
    struct kymo_err why = {0};
    struct kymo_block *b;
    int rc = n ? 1 : kymo_fail(&why, KYMO_ENOMEM, "no memory for %zu signals", n_signals);

    while (rc > 0 && k->rc == 0 && (rc = kymo_read(r, &b, &why)) > 0)
        for (size_t s = 0; s < n_signals; s++) {
            const double *x = b->span[s].n > 0 ? kymo_physical(b, s) : NULL;
            n[s] += (int64_t)b->span[s].n;
            for (size_t i = 0; i < b->span[s].n; i++)
                missing[s] += isnan(x[i]);
        }
    if (rc < 0)
        tell_failure(k, &why);
    if (n)
        tell_missing(k, &r->hdr, n, missing);
    free(n);
}

/* ---- times ---- */

/* What times at equal steps would be, and how far they are from that. */
static void judge_times(struct h5_checker *k, struct h5_place at, const double *t, size_t n)
{
    const double step = (t[n - 1] - t[0]) / (double)(n - 1);
    double least = INFINITY, most = -INFINITY;
    size_t back = 0;

    for (size_t i = 1; i < n; i++) {
        const double d = t[i] - t[i - 1];
        least = fmin(least, d);
        most = fmax(most, d);
        back += !(d > 0);
    }
    if (back > 0)
        h5_found(k, KYMO_WARNING, at, "", "%zu of %zu times are not later than the one before", back, n);
    else if (most - least > 2 * EVEN * step)
        h5_found(k, KYMO_NOTE, at, "", "uneven times, steps of %.6g to %.6g: samples that go with them have no one rate", least,
                 most);
    else
        h5_found(k, KYMO_NOTE, at, "", "even times, %.10g steps per unit of time: a rate that an attribute could tell",
                 1 / step);
}

static herr_t look_for_times(hid_t root, const char *path, const H5O_info_t *info, void *to)
{
    struct h5_checker *k = to;
    const char *name = strrchr(path, '/');
    char object[300];
    struct h5_value v;

    if (info->type != H5O_TYPE_DATASET || !h5_is_time_name(name ? name + 1 : path))
        return 0;
    const hid_t set = H5Dopen2(root, path, H5P_DEFAULT);
    snprintf(object, sizeof object, "/%s", path);
    if (set >= 0 && h5_value_read(set, true, TIMES_LIMIT, &v) > 0) {
        if (!v.is_text && v.n > 2)
            judge_times(k, h5_place_of(k, set, object), v.real, v.n);
        h5_value_release(&v);
    }
    if (set >= 0)
        H5Dclose(set);
    return k->rc < 0 ? -1 : 0;
}

void h5_check_foreign(struct h5_checker *k)
{
    const struct kymo_want want = {.log = {.warn = hear, .to = k}};
    struct kymo_err why = {0};

    h5_found(k, KYMO_NOTE, whole, "", "not of Kymo's own layout: its datasets are read by what their attributes tell");
    struct kymo_reader *r = open_all(k, &want, &why);
    if (!r) {
        tell_failure(k, &why);
    } else {
        tell_header(k, &r->hdr);
        read_through(k, r);
    }
    kymo_close(r);
    H5Ovisit2(k->file, H5_INDEX_NAME, H5_ITER_INC, look_for_times, k, H5O_INFO_BASIC);
}
