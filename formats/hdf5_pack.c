/* formats/hdf5_pack.c - the signals of an HDF5 file that is being written, and their samples; see hdf5_state.h.
 *
 * Each signal has a buffer of one chunk; full chunks go to the end of its dataset. */
#include "formats/hdf5_state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SECONDS 60              /* a chunk of samples, about, within the limits below */
#define CHUNK_LEAST 1024
#define CHUNK_MOST 32768
#define CHUNKS_BYTES ((size_t)64 << 20)   /* all signals' chunks together, about */

/* ---- datasets of signals ---- */

static const struct {
    size_t width;
    int64_t missing;
} forms[KYMO_STORAGES] = {
    [KYMO_I16] = {2, INT16_MIN}, [KYMO_I24] = {4, -(1 << 23)}, [KYMO_I32] = {4, INT32_MIN},
    [KYMO_F32] = {4, 0}, [KYMO_F64] = {8, 0},
};

static hid_t form_type(enum kymo_storage storage, bool in_file)
{
    switch (storage) {
    case KYMO_I16: return in_file ? H5T_STD_I16LE : H5T_NATIVE_INT16;
    case KYMO_I24:
    case KYMO_I32: return in_file ? H5T_STD_I32LE : H5T_NATIVE_INT32;
    case KYMO_F32: return in_file ? H5T_IEEE_F32LE : H5T_NATIVE_FLOAT;
    default: return in_file ? H5T_IEEE_F64LE : H5T_NATIVE_DOUBLE;
    }
}

static bool put_signal(hid_t set, const struct kymo_signal *s, size_t index)
{
    const bool integer = kymo_storage_is_integer(s->storage);

    return h5_put_int(set, "index", (int64_t)index) && h5_put_text(set, "label", s->label) &&
           h5_put_text(set, "unit", s->unit) && h5_put_text(set, "kind", kymo_kind_name(s->kind)) &&
           h5_put_real(set, "rate", kymo_ratio_real(s->rate)) && h5_put_int(set, "rate_num", s->rate.num) &&
           h5_put_int(set, "rate_den", s->rate.den) && h5_put_text(set, "storage", kymo_storage_name(s->storage)) &&
           (!s->can_miss || !integer || h5_put_int(set, "missing", forms[s->storage].missing)) &&
           (integer || h5_put_int(set, "can_miss", s->can_miss)) && h5_put_int(set, "calibrated", s->calibrated) &&
           h5_put_real(set, "gain", s->gain) && h5_put_real(set, "baseline", s->baseline) &&
           (!isfinite(s->digital_min) || h5_put_real(set, "digital_min", s->digital_min)) &&
           (!isfinite(s->digital_max) || h5_put_real(set, "digital_max", s->digital_max)) &&
           h5_put_text(set, "transducer", s->transducer) && h5_put_text(set, "prefilter", s->prefilter);
}

/* The label as a name that a dataset can have: no slash, not ".", not taken. */
static void name_signal(hid_t group, const char *label, size_t index, char *name, size_t cap)
{
    snprintf(name, cap - 24, "%s", *label ? label : "signal");
    for (char *c = name; *c; c++)
        *c = *c == '/' ? '_' : *c;
    if (strcmp(name, ".") == 0)
        *name = '_';
    size_t n = strlen(name);
    while (n > 0 && n >= cap - 25 && (unsigned char)name[n - 1] >= 0x80)   /* perhaps cut inside a character */
        name[--n] = '\0';
    if (H5Lexists(group, name, H5P_DEFAULT) != 0)
        snprintf(name + n, 24, " (%zu)", index);
    while (H5Lexists(group, name, H5P_DEFAULT) > 0 && strlen(name) < n + 20)
        memcpy(name + strlen(name), "_", 2);
}

/* A power of two of samples: CHUNK_SECONDS, less where very many signals share the room. */
static size_t choose_chunk(const struct kymo_header *h, const struct kymo_signal *s)
{
    const size_t room = CHUNKS_BYTES / (h->n_signals * forms[s->storage].width);
    size_t chunk = CHUNK_MOST;

    const double most = fmax(CHUNK_LEAST, 2 * CHUNK_SECONDS * kymo_ratio_real(s->rate));

    while (chunk > 16 && (chunk > room || (double)chunk > most))
        chunk /= 2;
    return chunk;
}

static int create_signal(struct kymo_writer *w, hid_t group, size_t i, struct kymo_err *e)
{
    struct h5_writer *s = w->state;
    const struct kymo_signal *sig = &w->hdr.signal[i];
    struct h5_pack *p = &s->pack[i];
    char name[280];

    name_signal(group, sig->label, i, name, sizeof name);
    p->width = forms[sig->storage].width;
    p->chunk = choose_chunk(&w->hdr, sig);
    p->mem = form_type(sig->storage, false);
    p->set = h5_create_set(group, name, form_type(sig->storage, true), p->chunk, 0, 0);
    if (p->set < 0 || !put_signal(p->set, sig, i))
        return h5_cannot_write(w, name, e);
    return (p->buf = malloc(p->chunk * p->width)) ? 0 : h5_no_memory(e);
}

int h5_create_signals(struct kymo_writer *w, struct kymo_err *e)
{
    struct h5_writer *s = w->state;
    const hid_t how = H5Pcreate(H5P_GROUP_CREATE);
    int rc = 0;

    H5Pset_link_creation_order(how, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);   /* h5py lists them in order */
    const hid_t group = H5Gcreate2(s->file, "signals", H5P_DEFAULT, how, H5P_DEFAULT);
    if (group < 0)
        rc = h5_cannot_write(w, "/signals", e);
    for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++)
        rc = create_signal(w, group, i, e);
    if (group >= 0)
        H5Gclose(group);
    H5Pclose(how);
    return rc;
}

/* ---- samples ---- */

int h5_flush_pack(struct kymo_writer *w, size_t i, struct kymo_err *e)
{
    struct h5_writer *s = w->state;
    struct h5_pack *p = &s->pack[i];

    if (!h5_append_items(p->set, p->mem, p->stored, p->n, p->buf))
        return h5_cannot_write(w, w->hdr.signal[i].label, e);
    p->stored += p->n;
    p->n = 0;
    return 0;
}

/* n samples into the buffer. Returns how many of them the storage cannot hold. */
static size_t pack_integers(const struct kymo_signal *sig, const int32_t *x, size_t n, unsigned char *to)
{
    const int32_t missing = (int32_t)forms[sig->storage].missing, most = ~missing;   /* -2^k, 2^k - 1 */
    const int32_t least = missing + sig->can_miss;
    size_t bad = 0;

    for (size_t i = 0; i < n; i++) {
        const bool gone = x[i] == KYMO_MISSING;
        bad += gone ? !sig->can_miss : x[i] < least || x[i] > most;
    }
    if (sig->storage == KYMO_I16) {
        int16_t *out = (int16_t *)(void *)to;             /* aligned: buffers begin as malloc gives them */
        for (size_t i = 0; i < n; i++)
            out[i] = (int16_t)(x[i] == KYMO_MISSING ? missing : x[i]);
    } else {
        int32_t *out = (int32_t *)(void *)to;
        for (size_t i = 0; i < n; i++)
            out[i] = x[i] == KYMO_MISSING ? missing : x[i];
    }
    return bad;
}

static size_t pack_span(const struct kymo_signal *sig, const struct kymo_span *span, size_t from, size_t n,
                        unsigned char *to)
{
    if (kymo_storage_is_integer(sig->storage))
        return pack_integers(sig, span->digital + from, n, to);
    if (sig->storage == KYMO_F64) {
        memcpy(to, span->physical + from, n * sizeof *span->physical);
    } else {
        float *out = (float *)(void *)to;
        for (size_t i = 0; i < n; i++)
            out[i] = (float)span->physical[from + i];
    }
    return 0;
}

int h5_write_span(struct kymo_writer *w, size_t i, const struct kymo_span *span, struct kymo_err *e)
{
    struct h5_writer *s = w->state;
    const struct kymo_signal *sig = &w->hdr.signal[i];
    struct h5_pack *p = &s->pack[i];
    int rc = 0;

    if (span->n == 0)
        return 0;
    if (p->began ? span->first != p->next : span->first < p->origin || !h5_is_index(span->first))
        return kymo_fail(e, KYMO_EDATA, "samples of %s were lost on the way: sample %lld follows %lld", sig->label,
                         (long long)span->first, (long long)p->next - 1);
    if (!p->began)
        p->first = span->first;
    p->began = true;
    for (size_t done = 0; rc == 0 && done < span->n;) {
        const size_t left = span->n - done, room = p->chunk - p->n, n = left < room ? left : room;
        const size_t bad = pack_span(sig, span, done, n, p->buf + p->n * p->width);
        if (bad > 0)
            return kymo_fail(e, KYMO_EDATA, "%zu samples of %s at %lld do not fit into %s", bad, sig->label,
                             (long long)span->first + (long long)done, kymo_storage_name(sig->storage));
        done += n;
        p->n += n;
        if (p->n == p->chunk)
            rc = h5_flush_pack(w, i, e);
    }
    p->next = span->first + (int64_t)span->n;
    return rc;
}
