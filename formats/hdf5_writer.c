/* formats/hdf5_writer.c - see hdf5_writer.h; kymo-hdf5(5) is the specification.
 *
 * Each signal has a buffer of one chunk; full chunks go to the end of its dataset. A segment's row of the tables is written
 * when the segment ends, since only then it is known where each signal's samples begin. Events wait until no earlier one can
 * come, so that they stand in order of time. None of this depends on how the recording was cut into blocks. */
#include "formats/hdf5_writer.h"

#include "formats/hdf5_file.h"
#include "lib/grow.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFLATE_LEVEL 1               /* higher ones take twice the time for two percent */
#define CHUNK_SECONDS 60              /* a chunk of samples, about, within the limits below */
#define CHUNK_LEAST 1024
#define CHUNK_MOST 32768
#define CHUNKS_BYTES ((size_t)64 << 20)   /* all signals' chunks together, about */
#define TABLE_CHUNK 4096              /* items in a chunk of the segment tables */
#define TEXTS_BYTES ((size_t)16384)   /* in a chunk of texts, about */
#define TABLE_CACHE ((size_t)1 << 20)
#define EVENTS_WAITING 4096           /* most that wait where no samples tell the time */

struct pack {
    hid_t set, mem;
    unsigned char *buf;
    size_t n, chunk, width;           /* samples in buf, room in it, bytes of each */
    hsize_t stored;                   /* samples in the dataset */
    int64_t origin, first, next;      /* indices: of the segment, of its first sample here, of the next one */
    hsize_t offset;                   /* place of the segment's first sample in the dataset */
    bool began;                       /* the segment has samples of this signal */
};

enum table { ORIGIN, FIRST, OFFSET, TABLES };
static const char *const table_name[TABLES] = {"/segments/index", "/segments/first", "/segments/offset"};

struct file_writer {
    struct h5_disk disk;
    hid_t file, time_table, table[TABLES], events, texts, event_mem;
    char *beside;
    struct pack *pack;
    int64_t *row;                     /* one of a table */
    int64_t segment_ns, end_ns;       /* end: of the last sample */
    hsize_t n_segments, n_events, n_text_bytes;
    struct kymo_event *waiting;       /* in order of time; the texts are malloc'ed */
    size_t n_waiting, cap_waiting;
};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to write HDF5"); }

static int cannot_write(const struct kymo_writer *w, const char *object, struct kymo_err *e)
{
    const struct file_writer *s = w->state;

    if (s->disk.cause)
        return kymo_fail_at(e, KYMO_EIO, w->path, -1, "cannot be written: %s", strerror(s->disk.cause));
    return h5_fail(e, w->path, object, "cannot be written");
}

/* ---- the file ---- */

static int open_beside(struct kymo_writer *w, struct kymo_err *e)
{
    struct file_writer *s = w->state;
    struct stat st;

    if (stat(w->path, &st) == 0 && !S_ISREG(st.st_mode))
        return kymo_fail_at(e, KYMO_EIO, w->path, -1, "is no regular file: HDF5 cannot be written to it");
    if (asprintf(&s->beside, "%s.XXXXXX", w->path) < 0) {
        s->beside = NULL;
        return out_of_memory(e);
    }
    s->disk.fd = mkostemp(s->beside, O_CLOEXEC);
    if (s->disk.fd < 0) {
        const int cause = errno;
        free(s->beside);
        s->beside = NULL;
        return kymo_fail_at(e, KYMO_EIO, w->path, -1, "cannot be written: %s", strerror(cause));
    }
    const mode_t mask = umask(0);
    umask(mask);
    fchmod(s->disk.fd, 0666 & ~mask);
    return 0;
}

static int create_file(struct kymo_writer *w, struct kymo_err *e)
{
    struct file_writer *s = w->state;
    const int rc = open_beside(w, e);

    if (rc < 0)
        return rc;
    s->file = h5_disk_create(&s->disk, s->beside);
    return s->file < 0 ? cannot_write(w, NULL, e) : 0;
}

/* An extendible dataset of compressed chunks, each row of n_columns (0: a list). cache: bytes of open chunks; samples come
 * by whole chunks and need none. */
static hid_t create_set(hid_t at, const char *name, hid_t type, hsize_t chunk, hsize_t n_columns, size_t cache)
{
    const hsize_t size[2] = {0, n_columns}, most[2] = {H5S_UNLIMITED, n_columns}, chunks[2] = {chunk, n_columns};
    const int rank = n_columns ? 2 : 1;
    const hid_t space = H5Screate_simple(rank, size, most), how = H5Pcreate(H5P_DATASET_CREATE);
    const hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    hid_t set = -1;

    H5Pset_obj_track_times(how, false);                   /* the same recording gives the same file */
    H5Pset_chunk_cache(access, 1, cache, 1);
    if (H5Pset_chunk(how, rank, chunks) >= 0 && H5Pset_shuffle(how) >= 0 && H5Pset_deflate(how, DEFLATE_LEVEL) >= 0)
        set = H5Dcreate2(at, name, type, space, H5P_DEFAULT, how, access);
    const hid_t held = h5_hold(set >= 0);
    H5Pclose(access);
    H5Pclose(how);
    H5Sclose(space);
    h5_put_back(held);
    return set;
}

/* A list of texts, each padded to the longest. */
static bool put_texts(hid_t file, const char *name, const char *const *text, size_t n)
{
    size_t width = 1;

    for (size_t i = 0; i < n; i++)
        width = strlen(text[i]) > width ? strlen(text[i]) : width;
    char *padded = n ? malloc(width) : NULL;
    if (!padded)
        return n == 0;
    const hid_t type = h5_text_type(width);
    const hid_t set = create_set(file, name, type, width < TEXTS_BYTES ? TEXTS_BYTES / width : 1, 0, TABLE_CACHE);
    bool ok = set >= 0;
    for (size_t i = 0; ok && i < n; i++) {
        memset(padded, 0, width);
        memcpy(padded, text[i], strlen(text[i]));
        ok = h5_append_items(set, type, i, 1, padded);
    }
    const hid_t held = h5_hold(ok);
    free(padded);
    if (set >= 0)
        H5Dclose(set);
    H5Tclose(type);
    h5_put_back(held);
    return ok;
}

static bool put_start(hid_t file, const struct kymo_start *start)
{
    const struct kymo_start date = {.has_date = start->has_date, .year = start->year, .month = start->month,
                                    .day = start->day};
    char text[64];

    kymo_start_text(&date, text, sizeof text);
    if (!h5_put_text(file, "start_date", text) || (start->has_time && !h5_put_int(file, "start_time_ns", start->time_ns)))
        return false;
    kymo_start_text(start, text, sizeof text);
    return h5_put_text(file, "start", text);
}

static bool put_header(hid_t file, const struct kymo_header *h)
{
    return h5_put_text(file, "format", "kymo") && h5_put_int(file, "version", H5_VERSION_OURS) &&
           h5_put_text(file, "record", h->record) && h5_put_text(file, "source_format", h->format) &&
           put_start(file, &h->start) && h5_put_text(file, "subject_id", h->subject.id) &&
           h5_put_text(file, "subject_name", h->subject.name) && h5_put_text(file, "subject_sex", h->subject.sex) &&
           h5_put_text(file, "subject_birth", h->subject.birth) && h5_put_text(file, "recording", h->recording) &&
           put_texts(file, "tracks", h->track, h->n_tracks) && put_texts(file, "history", h->history, h->n_history) &&
           put_texts(file, "notes", h->note, h->n_notes);
}

/* ---- signals ---- */

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
    struct file_writer *s = w->state;
    const struct kymo_signal *sig = &w->hdr.signal[i];
    struct pack *p = &s->pack[i];
    char name[280];

    name_signal(group, sig->label, i, name, sizeof name);
    p->width = forms[sig->storage].width;
    p->chunk = choose_chunk(&w->hdr, sig);
    p->mem = form_type(sig->storage, false);
    p->set = create_set(group, name, form_type(sig->storage, true), p->chunk, 0, 0);
    if (p->set < 0 || !put_signal(p->set, sig, i))
        return cannot_write(w, name, e);
    return (p->buf = malloc(p->chunk * p->width)) ? 0 : out_of_memory(e);
}

static int create_signals(struct kymo_writer *w, struct kymo_err *e)
{
    struct file_writer *s = w->state;
    const hid_t how = H5Pcreate(H5P_GROUP_CREATE);
    int rc = 0;

    H5Pset_link_creation_order(how, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);   /* h5py lists them in order */
    const hid_t group = H5Gcreate2(s->file, "signals", H5P_DEFAULT, how, H5P_DEFAULT);
    if (group < 0)
        rc = cannot_write(w, "/signals", e);
    for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++)
        rc = create_signal(w, group, i, e);
    if (group >= 0)
        H5Gclose(group);
    H5Pclose(how);
    return rc;
}

static int create_tables(struct kymo_writer *w, struct kymo_err *e)
{
    struct file_writer *s = w->state;
    const hsize_t n = w->hdr.n_signals, rows = n < TABLE_CHUNK ? TABLE_CHUNK / (n + 1) + 1 : 1;
    const hid_t group = H5Gcreate2(s->file, "segments", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t type = h5_event_type(true);
    bool ok = group >= 0;

    s->event_mem = h5_event_type(false);
    if (ok)
        s->time_table = create_set(group, "time_ns", H5T_STD_I64LE, TABLE_CHUNK, 0, TABLE_CACHE);
    for (int t = 0; n > 0 && t < TABLES; t++) {
        s->table[t] = ok ? create_set(s->file, table_name[t], H5T_STD_I64LE, rows, n, TABLE_CACHE) : -1;
        ok = ok && s->table[t] >= 0;
    }
    s->events = ok ? create_set(s->file, "events", type, H5_EVENT_BATCH, 0, TABLE_CACHE) : -1;
    s->texts = ok ? create_set(s->file, "event_texts", H5T_STD_U8LE, TEXTS_BYTES, 0, TABLE_CACHE) : -1;
    if (group >= 0)
        H5Gclose(group);
    H5Tclose(type);
    return ok && s->time_table >= 0 && s->events >= 0 && s->texts >= 0 ? 0 : cannot_write(w, "/segments", e);
}

static int create_all(struct kymo_writer *w, struct kymo_err *e)
{
    struct file_writer *s = w->state;
    int rc = create_file(w, e);

    if (rc == 0 && !put_header(s->file, &w->hdr))
        rc = cannot_write(w, "/", e);
    if (rc == 0)
        rc = create_signals(w, e);
    if (rc == 0)
        rc = create_tables(w, e);
    return rc == 0 && s->disk.cause ? cannot_write(w, NULL, e) : rc;
}

int hdf5_create(struct kymo_writer *w, struct kymo_err *e)
{
    struct file_writer *s = calloc(1, sizeof *s);
    struct h5_quiet q;

    w->state = s;
    if (!s)
        return out_of_memory(e);
    s->file = s->event_mem = -1;
    s->disk.fd = -1;
    s->end_ns = KYMO_UNKNOWN;
    s->pack = calloc(w->hdr.n_signals + 1, sizeof *s->pack);
    s->row = calloc(w->hdr.n_signals + 1, sizeof *s->row);
    if (!s->pack || !s->row)
        return out_of_memory(e);
    h5_quiet(&q);
    const int rc = create_all(w, e);
    h5_loud(&q);
    return rc;
}

/* ---- samples ---- */

static int flush_pack(struct kymo_writer *w, size_t i, struct kymo_err *e)
{
    struct file_writer *s = w->state;
    struct pack *p = &s->pack[i];

    if (!h5_append_items(p->set, p->mem, p->stored, p->n, p->buf))
        return cannot_write(w, w->hdr.signal[i].label, e);
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

static int write_span(struct kymo_writer *w, size_t i, const struct kymo_span *span, struct kymo_err *e)
{
    struct file_writer *s = w->state;
    const struct kymo_signal *sig = &w->hdr.signal[i];
    struct pack *p = &s->pack[i];
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
            rc = flush_pack(w, i, e);
    }
    p->next = span->first + (int64_t)span->n;
    return rc;
}

/* ---- segments ---- */

static bool append_row(hid_t set, hsize_t at, hsize_t n, const int64_t *row)
{
    const hsize_t size[2] = {at + 1, n}, first[2] = {at, 0}, count[2] = {1, n};

    if (H5Dset_extent(set, size) < 0)
        return false;
    const hid_t file_space = H5Dget_space(set), mem_space = H5Screate_simple(2, count, NULL);
    const bool ok = H5Sselect_hyperslab(file_space, H5S_SELECT_SET, first, NULL, count, NULL) >= 0 &&
                    H5Dwrite(set, H5T_NATIVE_INT64, mem_space, file_space, H5P_DEFAULT, row) >= 0;
    const hid_t held = h5_hold(ok);

    H5Sclose(mem_space);
    H5Sclose(file_space);
    h5_put_back(held);
    return ok;
}

static int64_t row_item(const struct pack *p, int table)
{
    return table == ORIGIN ? p->origin : table == OFFSET ? (int64_t)p->offset : p->began ? p->first : p->origin;
}

/* Writes the rows of the segment that has ended. */
static int end_segment(struct kymo_writer *w, struct kymo_err *e)
{
    struct file_writer *s = w->state;
    const size_t n = w->hdr.n_signals;
    bool ok = h5_append_items(s->time_table, H5T_NATIVE_INT64, s->n_segments, 1, &s->segment_ns);

    for (int t = 0; ok && n > 0 && t < TABLES; t++) {
        for (size_t i = 0; i < n; i++)
            s->row[i] = row_item(&s->pack[i], t);
        ok = append_row(s->table[t], s->n_segments, n, s->row);
    }
    s->n_segments++;
    for (size_t i = 0; i < n; i++) {
        const struct pack *p = &s->pack[i];
        const int64_t end = s->segment_ns + kymo_time_of(w->hdr.signal[i].rate, p->next - p->origin);
        if (p->began && end > s->end_ns)
            s->end_ns = end;
    }
    return ok ? 0 : cannot_write(w, "/segments", e);
}

static int begin_segment(struct kymo_writer *w, const struct kymo_block *b, struct kymo_err *e)
{
    struct file_writer *s = w->state;
    const int rc = end_segment(w, e);

    if (rc == 0 && !h5_is_time(b->segment_ns))
        return kymo_fail(e, KYMO_EDATA, "a segment at %lld ns: no recording is so long", (long long)b->segment_ns);
    s->segment_ns = b->segment_ns;
    for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++) {
        struct pack *p = &s->pack[i];
        if (!h5_is_index(b->span[i].segment_first))
            return kymo_fail(e, KYMO_EDATA, "a segment at sample %lld of %s: no recording is so long",
                             (long long)b->span[i].segment_first, w->hdr.signal[i].label);
        p->origin = p->first = p->next = b->span[i].segment_first;
        p->offset = p->stored + p->n;
        p->began = false;
    }
    return rc;
}

static bool is_other_segment(const struct kymo_writer *w, const struct kymo_block *b)
{
    const struct file_writer *s = w->state;
    bool any = false, differs = b->segment_ns != s->segment_ns;

    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        any |= b->span[i].n > 0;
        differs |= b->span[i].segment_first != s->pack[i].origin;
    }
    return w->hdr.n_signals > 0 && (b->new_segment || (any && differs));
}

/* ---- events ---- */

/* The texts of n events, one after another; places[n] are told to the events. */
static bool write_texts(struct file_writer *s, const struct kymo_event *ev, struct h5_event *to, size_t n)
{
    size_t bytes = 0, at = 0;

    for (size_t i = 0; i < n; i++) {
        to[i].text_at = (int64_t)(s->n_text_bytes + bytes);
        to[i].text_bytes = (int32_t)strlen(ev[i].text);
        bytes += strlen(ev[i].text);
    }
    char *all = malloc(bytes + 1);
    if (!all)
        return false;
    for (size_t i = 0; i < n; at += strlen(ev[i].text), i++)
        memcpy(all + at, ev[i].text, strlen(ev[i].text));
    const bool ok = h5_append_items(s->texts, H5T_NATIVE_UINT8, s->n_text_bytes, bytes, all);
    s->n_text_bytes += bytes;
    free(all);
    return ok;
}

static bool write_batch(struct file_writer *s, const struct kymo_event *ev, struct h5_event *batch, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        batch[i] = (struct h5_event){
            .time_ns = ev[i].time_ns, .duration_ns = ev[i].duration_ns, .sample = ev[i].sample, .value = ev[i].value,
            .signal = ev[i].signal, .track = ev[i].track, .subtype = ev[i].subtype, .num = ev[i].num,
        };
        memcpy(batch[i].type, ev[i].type, strnlen(ev[i].type, sizeof batch[i].type - 1));
    }
    const bool ok = write_texts(s, ev, batch, n) && h5_append_items(s->events, s->event_mem, s->n_events, n, batch);
    s->n_events += n;
    return ok;
}

static int write_events(struct kymo_writer *w, size_t n, struct kymo_err *e)
{
    struct file_writer *s = w->state;
    struct h5_event *batch = n ? calloc(n < H5_EVENT_BATCH ? n : H5_EVENT_BATCH, sizeof *batch) : NULL;
    bool ok = true;

    if (n == 0)
        return 0;
    if (!batch)
        return out_of_memory(e);
    for (size_t done = 0; ok && done < n; done += H5_EVENT_BATCH)
        ok = write_batch(s, s->waiting + done, batch, n - done < H5_EVENT_BATCH ? n - done : H5_EVENT_BATCH);
    free(batch);
    for (size_t i = 0; i < n; i++)
        free((char *)(uintptr_t)s->waiting[i].text);
    memmove(s->waiting, s->waiting + n, (s->n_waiting - n) * sizeof *s->waiting);
    s->n_waiting -= n;
    return ok ? 0 : cannot_write(w, "/events", e);
}

/* Writes the events that no later block can precede. */
static int write_due_events(struct kymo_writer *w, struct kymo_err *e)
{
    const struct file_writer *s = w->state;
    int64_t ns = INT64_MAX;
    size_t due = 0;

    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        const struct pack *p = &s->pack[i];
        const int64_t next = s->segment_ns + kymo_time_of(w->hdr.signal[i].rate, p->next - p->origin);
        if (p->began && next < ns)
            ns = next;
    }
    if (ns == INT64_MAX)
        return w->hdr.n_signals == 0 && s->n_waiting >= EVENTS_WAITING ? write_events(w, s->n_waiting, e) : 0;
    while (due < s->n_waiting && s->waiting[due].time_ns < ns - w->event_delay_ns)
        due++;
    return due >= H5_EVENT_BATCH ? write_events(w, due, e) : 0;
}

static int keep_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e)
{
    struct file_writer *s = w->state;
    size_t at = s->n_waiting;

    if (!h5_is_time(ev->time_ns) || (ev->duration_ns != KYMO_UNKNOWN && !h5_is_time(ev->duration_ns)))
        return kymo_fail(e, KYMO_EDATA, "an event at %lld ns of %lld ns: no recording is so long", (long long)ev->time_ns,
                         (long long)ev->duration_ns);
    struct kymo_event *const all = kymo_grown(s->waiting, at, &s->cap_waiting, sizeof *all);
    if (!all)
        return out_of_memory(e);
    s->waiting = all;
    if (ev->text && strlen(ev->text) > H5_TEXT_LIMIT)
        return kymo_fail(e, KYMO_EDATA, "an event's text of %zu bytes, at most %zu", strlen(ev->text), H5_TEXT_LIMIT);
    char *text = strdup(ev->text ? ev->text : "");
    if (!text)
        return out_of_memory(e);
    for (; at > 0 && s->waiting[at - 1].time_ns > ev->time_ns; at--)
        s->waiting[at] = s->waiting[at - 1];
    s->waiting[at] = *ev;
    s->waiting[at].text = text;
    s->n_waiting++;
    return 0;
}

/* ---- the whole ---- */

static int write_block(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e)
{
    const struct file_writer *s = w->state;
    int rc = is_other_segment(w, b) ? begin_segment(w, b, e) : 0;

    for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++)
        rc = write_span(w, i, &b->span[i], e);
    for (size_t i = 0; rc == 0 && i < b->n_events; i++)
        rc = keep_event(w, &b->event[i], e);
    if (rc == 0)
        rc = write_due_events(w, e);
    return rc == 0 && s->disk.cause ? cannot_write(w, NULL, e) : rc;
}

int hdf5_write(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e)
{
    struct h5_quiet q;

    h5_quiet(&q);
    const int rc = write_block(w, b, e);
    h5_loud(&q);
    return rc;
}

int hdf5_write_event(struct kymo_writer *w, const struct kymo_event *ev, struct kymo_err *e)
{
    struct file_writer *s = w->state;
    struct h5_quiet q;
    int rc = keep_event(w, ev, e);

    if (rc == 0 && w->hdr.n_signals == 0 && s->n_waiting >= EVENTS_WAITING) {
        h5_quiet(&q);
        rc = write_events(w, s->n_waiting, e);
        h5_loud(&q);
    }
    return rc;
}

/* Counts and, behind everything else, the end mark. */
static int write_end(struct kymo_writer *w, struct kymo_err *e)
{
    struct file_writer *s = w->state;
    const int64_t duration = w->hdr.duration_ns != KYMO_UNKNOWN ? w->hdr.duration_ns : s->end_ns;
    int64_t n_samples = 0;

    for (size_t i = 0; i < w->hdr.n_signals; i++)
        n_samples += (int64_t)s->pack[i].stored;
    if ((duration != KYMO_UNKNOWN && !h5_put_int(s->file, "duration_ns", duration)) ||
        !h5_put_int(s->file, "n_signals", (int64_t)w->hdr.n_signals) ||
        !h5_put_int(s->file, "n_segments", (int64_t)s->n_segments) || !h5_put_int(s->file, "n_samples", n_samples) ||
        !h5_put_int(s->file, "n_events", (int64_t)s->n_events) || H5Fflush(s->file, H5F_SCOPE_LOCAL) < 0 ||
        !h5_put_int(s->file, "complete", 1))
        return cannot_write(w, "/", e);
    return 0;
}

static int close_file(struct kymo_writer *w, struct kymo_err *e)
{
    struct file_writer *s = w->state;
    const herr_t closed = H5Fclose(s->file);

    s->file = -1;
    return closed < 0 || s->disk.cause ? cannot_write(w, NULL, e) : 0;
}

/* To the disk, and under its name. */
static int put_in_place(struct kymo_writer *w, struct kymo_err *e)
{
    struct file_writer *s = w->state;

    if (fsync(s->disk.fd) < 0)
        return kymo_fail_at(e, KYMO_EIO, w->path, -1, "cannot be written: %s", strerror(errno));
    if (rename(s->beside, w->path) < 0)
        return kymo_fail_at(e, KYMO_EIO, w->path, -1, "cannot be put in place: %s", strerror(errno));
    free(s->beside);
    s->beside = NULL;
    return 0;
}

static int finish_file(struct kymo_writer *w, struct kymo_err *e)
{
    struct file_writer *s = w->state;
    int rc = end_segment(w, e);

    for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++)
        rc = flush_pack(w, i, e);
    if (rc == 0)
        rc = write_events(w, s->n_waiting, e);
    if (rc == 0)
        rc = write_end(w, e);
    if (rc == 0)
        rc = close_file(w, e);
    return rc == 0 ? put_in_place(w, e) : rc;
}

int hdf5_finish(struct kymo_writer *w, struct kymo_err *e)
{
    struct h5_quiet q;

    h5_quiet(&q);
    const int rc = finish_file(w, e);
    h5_loud(&q);
    return rc;
}

static void release_library(struct file_writer *s)
{
    struct h5_quiet q;

    if (s->file < 0 && s->event_mem < 0)
        return;
    h5_quiet(&q);
    if (s->event_mem >= 0)
        H5Tclose(s->event_mem);
    if (s->file >= 0)
        H5Fclose(s->file);
    h5_loud(&q);
}

void hdf5_discard(struct kymo_writer *w)
{
    struct file_writer *s = w->state;

    if (!s)
        return;
    release_library(s);
    if (s->disk.fd >= 0)
        close(s->disk.fd);
    if (s->beside)
        unlink(s->beside);
    for (size_t i = 0; s->pack && i < w->hdr.n_signals; i++)
        free(s->pack[i].buf);
    for (size_t i = 0; i < s->n_waiting; i++)
        free((char *)(uintptr_t)s->waiting[i].text);
    free(s->beside);
    free(s->pack);
    free(s->row);
    free(s->waiting);
    free(s);
}
