/* formats/hdf5_samples.c - samples of an HDF5 file, from what is stored to a block; see hdf5_reader.h. */
#include "formats/hdf5_reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* n samples, from p at every stride-th, to x. */
static void take_i16(const int16_t *p, size_t n, size_t stride, const struct h5_column *c, int32_t *x)
{
    const int32_t missing = c->can_miss ? (int32_t)c->missing : INT32_MAX;   /* which no sample is */

    if (stride == 1 && !c->can_miss)
        for (size_t i = 0; i < n; i++)
            x[i] = p[i];
    else if (stride == 1)
        for (size_t i = 0; i < n; i++)
            x[i] = p[i] == missing ? KYMO_MISSING : p[i];
    else
        for (size_t i = 0; i < n; i++)
            x[i] = p[i * stride] == missing ? KYMO_MISSING : p[i * stride];
}

static void take_i32(const int32_t *p, size_t n, size_t stride, const struct h5_column *c, int32_t *x)
{
    const int32_t missing = c->can_miss ? (int32_t)c->missing : KYMO_MISSING;

    for (size_t i = 0; i < n; i++)
        x[i] = p[i * stride] == missing ? KYMO_MISSING : p[i * stride];
}

static double scaled(double v, const struct h5_column *c)
{
    return c->can_miss && v == c->missing ? (double)NAN : v * c->scale + c->offset;
}

static void take_real(const struct h5_set *set, const void *p, size_t n, size_t stride, const struct h5_column *c, double *x)
{
    const bool plain = !c->can_miss && c->scale == 1 && c->offset == 0;
    const float *f = p;
    const double *d = p;

    if (set->storage == KYMO_F32 && set->width == sizeof *f)
        for (size_t i = 0; i < n; i++)
            x[i] = plain ? (double)f[i * stride] : scaled((double)f[i * stride], c);
    else
        for (size_t i = 0; i < n; i++)
            x[i] = plain ? d[i * stride] : scaled(d[i * stride], c);
}

/* Column c of the n samples in raw, into the block. */
static void take_column(const struct kymo_reader *r, const struct h5_set *set, size_t c, size_t n, struct kymo_span *span)
{
    const struct h5_reader *s = r->state;
    const size_t stride = set->time_second ? 1 : set->n_columns, first = set->time_second ? c * n : c;

    span->first = h5_next_index(set);
    span->segment_first = set->origin;
    span->n = n;
    if (n == 0)
        return;
    const unsigned char *p = (const unsigned char *)s->raw + first * set->width;

    if (set->storage == KYMO_I16)
        take_i16((const int16_t *)(const void *)p, n, stride, &set->column[c], span->digital);
    else if (kymo_storage_is_integer(set->storage))
        take_i32((const int32_t *)(const void *)p, n, stride, &set->column[c], span->digital);
    else
        take_real(set, p, n, stride, &set->column[c], span->physical);
}

/* Samples [at, at + n) of all columns into raw. */
static int read_raw(struct kymo_reader *r, const struct h5_set *set, size_t n, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    const int time = set->time_second;
    const size_t bytes = n * set->n_columns * set->width;
    hsize_t first[2] = {0, 0}, count[2] = {0, 0};

    if (bytes > s->cap_raw) {
        free(s->raw);
        s->cap_raw = 0;
        if (!(s->raw = malloc(bytes)))
            return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu samples of %s", n, set->path);
        s->cap_raw = bytes;
    }
    first[time] = set->at;
    count[time] = n;
    count[!time] = set->n_columns;
    const bool ok = h5_read_part(set->id, set->mem, set->rank, first, count, s->raw);
    return ok ? 0 : h5_fail(e, r->path, set->path, "samples cannot be read");
}

/* Samples [set->at, set->at + n) of a damaged dataset of one signal: missing where they cannot be read. */
static int salvage_span(struct kymo_reader *r, struct h5_set *set, size_t n, struct kymo_span *span, struct kymo_err *e)
{
    const struct h5_reader *s = r->state;
    const hsize_t known = h5_piece_of(set->id), piece = known ? known : 1, from = set->at;
    unsigned char *const raw = s->raw;         /* read_raw has made room */

    memset(raw, 0, n * set->width);
    take_column(r, set, 0, n, span);
    for (hsize_t at = from, next; at < from + n; at = next) {
        next = (at / piece + 1) * piece;
        next = next < from + n ? next : from + n;
        const size_t first = (size_t)(at - from), here = (size_t)(next - at);
        struct kymo_span part = *span;
        part.digital += kymo_storage_is_integer(set->storage) ? first : 0;
        part.physical += kymo_storage_is_integer(set->storage) ? 0 : first;
        if (h5_read_items(set->id, set->mem, at, here, raw)) {
            take_column(r, set, 0, here, &part);
            continue;
        }
        for (size_t i = 0; i < here; i++)
            if (kymo_storage_is_integer(set->storage))
                part.digital[i] = KYMO_MISSING;
            else
                part.physical[i] = NAN;
        const int rc = kymo_warn(&r->want->log, e, r->path, -1, "%s: samples %llu to %llu are now missing", set->path,
                                 (unsigned long long)at, (unsigned long long)next - 1);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* The samples of one dataset that lie before end_ns of the segment. */
int h5_fill_set(struct kymo_reader *r, struct h5_set *set, int64_t end_ns, struct kymo_block *b, struct kymo_err *e)
{
    const int64_t wanted = kymo_index_at(set->rate, end_ns) + set->origin - h5_next_index(set);
    const hsize_t left = set->end - set->at;
    const size_t n = wanted <= 0 ? 0 : (hsize_t)wanted < left ? (size_t)wanted : (size_t)left;
    struct kymo_err damage = {0};
    int rc = n > 0 ? read_raw(r, set, n, &damage) : 0;

    if (rc == KYMO_EFORMAT && r->want->salvage && set->n_columns == 1) {
        const size_t slot = r->slot[set->signal];
        rc = kymo_block_reserve(b, slot, n, e);
        rc = rc < 0 ? rc : salvage_span(r, set, n, &b->span[slot], e);
        set->at += n;
        return rc;
    }
    if (rc < 0)
        *e = damage;
    for (size_t c = 0; rc == 0 && c < set->n_columns; c++) {
        const size_t slot = r->slot[set->signal + c];
        if (slot == KYMO_SKIP)
            continue;
        if ((rc = kymo_block_reserve(b, slot, n, e)) == 0)
            take_column(r, set, c, n, &b->span[slot]);
    }
    set->at += n;
    return rc;
}
