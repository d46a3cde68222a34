/* formats/hdf5.c - HDF5: our own layout, kymo-hdf5(5), and any dataset of numbers.
 *
 * A file is a list of datasets (hdf5_reader.h), each of one signal or of several. Blocks are cut at multiples of a time that
 * depends on the chosen signals' rates, so that each block is one interval of time for all of them. */
#include "formats/hdf5_check.h"
#include "formats/hdf5_identity.h"
#include "formats/hdf5_reader.h"
#include "formats/hdf5_writer.h"
#include "lib/grow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SAMPLES 131072.0        /* of all signals in a block, about: stays in the cache */
#define SAMPLES_A_SIGNAL 512.0        /* or, with very many signals, so many of each */
#define LEAST_BLOCK_NS 1000
#define MOST_BLOCK_NS (3600 * KYMO_NS_PER_S)
#define RATE_LIMIT 1e9                /* Hz: a block of the least length holds so few samples */
#define EVENTS_A_BLOCK 4096
#define CACHE_BYTES ((uint64_t)64 << 20)   /* most that the chunks of one dataset may take, unless one is larger */
#define TIMES_AT_ONCE 1024

static const char signature[] = "\x89HDF\r\n\x1a\n";
#define SIGNATURE_BYTES 8
static const char matlab[] = "MATLAB 7.3 MAT-file";   /* HDF5 behind a preface of 512 bytes */

/* ---- opening ---- */

static int probe_hdf5(const unsigned char *head, size_t n, const char *path)
{
    (void)path;
    if (n >= SIGNATURE_BYTES && memcmp(head, signature, SIGNATURE_BYTES) == 0)
        return 100;
    return n >= sizeof matlab - 1 && memcmp(head, matlab, sizeof matlab - 1) == 0 ? 90 : 0;
}

struct h5_set *h5_add_set(struct h5_reader *s, const char *path, size_t n_columns, struct kymo_err *e)
{
    struct h5_set *const all = kymo_grown(s->set, s->n_sets, &s->cap_sets, sizeof *all);

    if (!all) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for %zu datasets", s->n_sets + 1);
        return NULL;
    }
    s->set = all;
    struct h5_set *set = &s->set[s->n_sets];
    *set = (struct h5_set){.id = -1, .mem = -1, .rank = 1, .n_columns = n_columns};
    set->path = strdup(path);
    set->column = calloc(n_columns, sizeof *set->column);
    if (!set->path || !set->column) {
        free(set->path);
        free(set->column);
        kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", n_columns);
        return NULL;
    }
    for (size_t i = 0; i < n_columns; i++)
        set->column[i].scale = 1;
    s->n_sets++;
    return set;
}

void h5_set_storage(struct h5_set *set, enum kymo_storage storage)
{
    set->storage = storage;
    set->width = storage == KYMO_I16 ? 2 : storage == KYMO_F64 ? 8 : 4;
    set->mem = storage == KYMO_I16   ? H5T_NATIVE_INT16
               : storage == KYMO_F32 ? H5T_NATIVE_FLOAT
               : storage == KYMO_F64 ? H5T_NATIVE_DOUBLE
                                     : H5T_NATIVE_INT32;
}

static int open_file(struct kymo_reader *r, struct kymo_err *e)
{
    struct h5_reader *s = r->state;

    s->file = h5_open_input(r->in, r->path);
    if (s->file < 0)
        return h5_fail(e, r->path, NULL, "no usable HDF5 file");
    return h5_is_ours(s->file) ? h5_open_own(r, e) : h5_open_foreign(r, e);
}

static int open_hdf5(struct kymo_reader *r, struct kymo_err *e)
{
    struct h5_reader *s = calloc(1, sizeof *s);
    struct h5_quiet q;

    r->state = s;
    if (!s)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for an HDF5 file");
    s->file = s->event_mem = s->tables.time = -1;
    if (kymo_input_size(r->in) < 0)
        return kymo_fail_at(e, KYMO_EUSAGE, kymo_input_name(r->in), -1, "HDF5 cannot be read from a pipe: name the file");
    h5_quiet(&q);
    const int rc = open_file(r, e);
    h5_loud(&q);
    return rc;
}

static void close_hdf5(struct kymo_reader *r)
{
    struct h5_reader *s = r->state;
    struct h5_quiet q;

    if (!s)
        return;
    if (s->file >= 0) {
        h5_quiet(&q);
        for (size_t i = 0; i < s->n_sets; i++)
            if (s->set[i].is_record)
                H5Tclose(s->set[i].mem);
        if (s->event_mem >= 0)
            H5Tclose(s->event_mem);
        H5Fclose(s->file);
        h5_loud(&q);
    }
    for (size_t i = 0; i < s->n_sets; i++) {
        free(s->set[i].path);
        free(s->set[i].column);
    }
    free(s->set);
    free(s->row);
    free(s->raw);
    free(s->event);
    free(s);
}

/* ---- what is wanted ---- */

static bool is_wanted(const struct kymo_reader *r, const struct h5_set *set)
{
    for (size_t c = 0; c < set->n_columns; c++)
        if (r->slot[set->signal + c] != KYMO_SKIP)
            return true;
    return false;
}

static uint64_t at_least_one(uint64_t n) { return n ? n : 1; }

/* How many bytes of decoded chunks to keep, so that none is decoded twice: those that one sample of all columns touches. */
static int choose_cache(const struct kymo_reader *r, const struct h5_set *set, hid_t id, uint64_t *bytes, struct kymo_err *e)
{
    const hid_t how = H5Dget_create_plist(id), type = H5Dget_type(id);
    hsize_t chunk[2] = {1, 1};
    uint64_t one = 0;

    *bytes = 0;
    if (how >= 0 && type >= 0 && H5Pget_layout(how) == H5D_CHUNKED && H5Pget_chunk(how, set->rank, chunk) == set->rank) {
        one = (set->rank == 2 ? chunk[1] : 1) > H5_CHUNK_LIMIT || chunk[0] > H5_CHUNK_LIMIT
                  ? UINT64_MAX : chunk[0] * (set->rank == 2 ? chunk[1] : 1);
        one = one > H5_CHUNK_LIMIT ? one : one * H5Tget_size(type);
        const uint64_t across = set->rank < 2 || set->is_record ? 1 : at_least_one(chunk[set->time_second ? 0 : 1]);
        const uint64_t all = (set->n_columns + across - 1) / across;
        *bytes = one > H5_CHUNK_LIMIT || all > CACHE_BYTES / at_least_one(one) ? CACHE_BYTES : all * one;
        *bytes = *bytes > one ? *bytes : one;
    }
    const bool external = how >= 0 && H5Pget_external_count(how) > 0;
    if (type >= 0)
        H5Tclose(type);
    if (how >= 0)
        H5Pclose(how);
    if (external)
        return h5_fail_at(e, KYMO_EFORMAT, r->path, set->path, "its samples are in other files: not read");
    if (one > H5_CHUNK_LIMIT)
        return h5_fail_at(e, KYMO_EFORMAT, r->path, set->path, "chunks of more than 1 GB");
    return 0;
}

/* A dataset that claims samples and stores none of them would give as many zeros as it likes to claim. */
static int check_stored(const struct kymo_reader *r, const struct h5_set *set, hid_t id, struct kymo_err *e)
{
    const hid_t how = H5Dget_create_plist(id);
    const bool is_virtual = how >= 0 && H5Pget_layout(how) == H5D_VIRTUAL;
    hsize_t chunk[2] = {1, 1}, stored = 0, needed = 1;
    const bool chunked = how >= 0 && H5Pget_layout(how) == H5D_CHUNKED &&
                         H5Pget_chunk(how, set->rank, chunk) == set->rank && H5Dget_num_chunks(id, H5S_ALL, &stored) >= 0;

    if (how >= 0)
        H5Pclose(how);
    if (set->n == 0 || is_virtual)
        return 0;
    if (H5Dget_storage_size(id) == 0)
        return h5_fail_at(e, KYMO_EFORMAT, r->path, set->path, "%llu samples claimed, none stored",
                          (unsigned long long)set->n);
    if (!chunked)
        return 0;
    const hsize_t along = at_least_one(chunk[set->time_second]), across = at_least_one(chunk[!set->time_second]);
    needed = (set->n + along - 1) / along;
    if (set->rank == 2)
        needed *= (set->n_columns + across - 1) / across;
    if (stored / 16 + 1 < needed / 1024)
        return h5_fail_at(e, KYMO_EFORMAT, r->path, set->path, "%llu of %llu chunks are stored",
                          (unsigned long long)stored, (unsigned long long)needed);
    if (stored < needed)
        return kymo_warn(&r->want->log, e, r->path, -1, "%s: %llu of %llu chunks are not stored: read as the fill value",
                         set->path, (unsigned long long)(needed - stored), (unsigned long long)needed);
    return 0;
}

static int start_set(struct kymo_reader *r, struct h5_set *set, struct kymo_err *e)
{
    const struct h5_reader *s = r->state;
    const hid_t plain = H5Dopen2(s->file, set->path, H5P_DEFAULT);
    uint64_t bytes = 0;
    int rc = plain >= 0 ? choose_cache(r, set, plain, &bytes, e) : h5_fail(e, r->path, set->path, "cannot be opened");

    if (rc == 0)
        rc = check_stored(r, set, plain, e);
    if (plain >= 0)
        H5Dclose(plain);
    if (rc < 0)
        return rc;
    const hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    H5Pset_chunk_cache(access, set->n_columns > 1 ? 521 : 11, (size_t)bytes, 1);   /* primes: slots of its hash table */
    set->id = H5Dopen2(s->file, set->path, access);
    const hid_t held = h5_hold(set->id >= 0);
    H5Pclose(access);
    h5_put_back(held);
    return set->id >= 0 ? 0 : h5_fail(e, r->path, set->path, "cannot be opened");
}

/* The longest of 1 us .. 1 h in steps of 1-2-5 in which the wanted samples do not outgrow the block. */
static int64_t choose_block_ns(const struct kymo_header *h)
{
    const double room = fmax(BLOCK_SAMPLES, SAMPLES_A_SIGNAL * (double)h->n_signals);
    int64_t best = LEAST_BLOCK_NS, ns = best;
    double per_s = 0;

    for (size_t i = 0; i < h->n_signals; i++)
        per_s += kymo_ratio_real(h->signal[i].rate);
    for (int step = 0; ns <= MOST_BLOCK_NS; step++) {
        if (per_s * (double)ns / KYMO_NS_PER_S <= room)
            best = ns;
        ns = step % 3 == 1 ? ns / 2 * 5 : ns * 2;
    }
    return best;
}

static int start_sets(struct kymo_reader *r, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    size_t kept = 0;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < s->n_sets; i++) {
        struct h5_set *set = &s->set[i];
        if (is_wanted(r, set)) {
            if (kymo_ratio_real(set->rate) > RATE_LIMIT)
                return h5_fail_at(e, KYMO_EDATA, r->path, set->path, "rate %g Hz, at most %g", kymo_ratio_real(set->rate),
                                  RATE_LIMIT);
            rc = start_set(r, set, e);
            const struct h5_set keep = *set;   /* the wanted ones first */
            *set = s->set[kept];
            s->set[kept++] = keep;
        }
    }
    s->n_wanted = kept;
    return rc;
}

static int start_hdf5(struct kymo_reader *r, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    struct h5_quiet q;

    s->block_ns = choose_block_ns(&r->hdr);
    s->row = calloc(4 * s->tables.n_columns + 1, sizeof *s->row);
    s->event = calloc(H5_EVENT_BATCH, sizeof *s->event);
    if (!s->row || !s->event)
        return kymo_fail(e, KYMO_ENOMEM, "no memory to read %s", r->path);
    h5_quiet(&q);
    s->event_mem = h5_event_type(false);
    const int rc = start_sets(r, e);
    h5_loud(&q);
    return rc;
}

/* ---- segments ---- */

static bool read_row(hid_t set, hsize_t k, hsize_t n_rows, hsize_t n, int64_t *row)
{
    const hsize_t first[2] = {k, 0}, count[2] = {n_rows, n};

    return h5_read_part(set, H5T_NATIVE_INT64, 2, first, count, row);
}

static int check_part(const struct kymo_reader *r, const struct h5_set *set, hsize_t k, struct kymo_err *e)
{
    const struct h5_reader *s = r->state;

    if (set->end < set->offset || set->end > set->n || !h5_is_index(set->origin) || !h5_is_index(set->first) ||
        set->first < set->origin)
        return h5_fail_at(e, KYMO_EFORMAT, r->path, "/segments", "segment %llu of %s does not fit its samples",
                          (unsigned long long)k, set->path);
    const int64_t length = set->first - set->origin + (int64_t)(set->end - set->offset);
    if (!h5_is_time(s->segment_ns) || !h5_is_time(s->segment_ns + kymo_time_of(set->rate, length)))
        return h5_fail_at(e, KYMO_EFORMAT, r->path, "/segments", "segment %llu lies at no possible time",
                          (unsigned long long)k);
    return 0;
}

/* Where segment k lies in each dataset. */
static int load_segment(struct kymo_reader *r, hsize_t k, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    const struct h5_tables *t = &s->tables;
    const size_t n = (size_t)t->n_columns;
    const bool last = k + 1 == t->n_segments;
    int rc = 0;

    s->segment = k;
    s->in_segment = true;
    s->new_segment |= k > 0;
    if (t->time < 0) {
        for (size_t i = 0; rc == 0 && i < s->n_wanted; i++)
            rc = check_part(r, &s->set[i], k, e);
        return rc;
    }
    if (!h5_read_items(t->time, H5T_NATIVE_INT64, k, 1, &s->segment_ns) ||
        (n > 0 && (!read_row(t->origin, k, 1, n, s->row) || !read_row(t->first, k, 1, n, s->row + n) ||
                   !read_row(t->offset, k, last ? 1 : 2, n, s->row + 2 * n))))
        return h5_fail(e, r->path, "/segments", "cannot be read");
    for (size_t i = 0; rc == 0 && i < s->n_wanted; i++) {
        struct h5_set *set = &s->set[i];
        const int64_t *row = s->row + set->table_column;
        set->origin = row[0];
        set->first = row[n];
        set->offset = set->at = row[2 * n] < 0 ? set->n + 1 : (hsize_t)row[2 * n];
        set->end = last ? set->n : row[3 * n] < 0 ? 0 : (hsize_t)row[3 * n];
        rc = check_part(r, set, k, e);
    }
    return rc;
}

/* Index of the sample that comes next, and its time in the segment. */
static int64_t next_index(const struct h5_set *set) { return set->first + (int64_t)(set->at - set->offset); }
static int64_t next_ns(const struct h5_set *set) { return kymo_time_of(set->rate, next_index(set) - set->origin); }

/* The earliest of them; false where the segment has no more samples. */
static bool earliest(const struct h5_reader *s, int64_t *ns)
{
    bool any = false;

    for (size_t i = 0; i < s->n_wanted; i++) {
        const struct h5_set *set = &s->set[i];
        if (set->at == set->end)
            continue;
        const int64_t t = next_ns(set);
        if (!any || t < *ns)
            *ns = t;
        any = true;
    }
    return any;
}

/* To the next segment that has wanted samples. Returns 1, 0 where there is none. */
static int find_samples(struct kymo_reader *r, int64_t *ns, struct kymo_err *e)
{
    struct h5_reader *s = r->state;

    while (s->n_wanted > 0) {
        if (s->in_segment && earliest(s, ns) && !(r->want->to_set && s->segment_ns + *ns >= r->want->to_ns))
            return 1;
        const hsize_t next = s->in_segment ? s->segment + 1 : 0;
        if (next >= s->tables.n_segments)
            return 0;
        const int rc = load_segment(r, next, e);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* ---- samples ---- */

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

    span->first = next_index(set);
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
    const hsize_t piece = at_least_one(h5_piece_of(set->id)), from = set->at;
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
static int fill_set(struct kymo_reader *r, struct h5_set *set, int64_t end_ns, struct kymo_block *b, struct kymo_err *e)
{
    const int64_t wanted = kymo_index_at(set->rate, end_ns) + set->origin - next_index(set);
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

/* ---- events ---- */

/* The next batch; of damaged chunks, which a batch is as long as, to the next one that is not. */
static int load_events(struct kymo_reader *r, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    int rc = 0;

    s->n_event = s->at_event = 0;
    while (rc == 0 && s->n_event == 0 && s->next_event < s->tables.n_events) {
        const hsize_t left = s->tables.n_events - s->next_event;
        const size_t n = left < H5_EVENT_BATCH ? (size_t)left : H5_EVENT_BATCH;
        if (h5_read_items(s->tables.events, s->event_mem, s->next_event, n, s->event))
            s->n_event = n;
        else if (r->want->salvage)
            rc = kymo_warn(&r->want->log, e, r->path, -1, "/events: %zu events of a damaged chunk are left out", n);
        else
            rc = h5_fail(e, r->path, "/events", "cannot be read");
        s->next_event += n;
    }
    return rc < 0 ? rc : s->n_event > 0;
}

static bool text_fits(const struct h5_tables *t, const struct h5_event *ev)
{
    return ev->text_bytes >= 0 && (size_t)ev->text_bytes <= H5_TEXT_LIMIT && ev->text_at >= 0 &&
           (hsize_t)ev->text_at <= t->n_text_bytes && (hsize_t)ev->text_bytes <= t->n_text_bytes - (hsize_t)ev->text_at;
}

static int add_event(const struct kymo_reader *r, const struct h5_event *from, struct kymo_block *b, struct kymo_err *e)
{
    const struct kymo_header *h = &r->source;
    struct kymo_event ev = {
        .time_ns = from->time_ns, .duration_ns = from->duration_ns, .sample = from->sample, .signal = -1,
        .track = from->track, .subtype = from->subtype, .num = from->num, .value = from->value,
    };
    const struct h5_reader *s = r->state;

    if (from->signal < -1 || from->signal >= (int64_t)s->tables.n_columns || from->track < 0 ||
        from->track >= (int64_t)h->n_tracks || !h5_is_time(from->time_ns) ||
        (from->duration_ns != KYMO_UNKNOWN && !h5_is_time(from->duration_ns)) || !text_fits(&s->tables, from))
        return h5_fail_at(e, KYMO_EFORMAT, r->path, "/events", "an event at %lld ns of signal %d, track %d: damaged",
                          (long long)from->time_ns, from->signal, from->track);
    memcpy(ev.type, from->type, sizeof ev.type - 1);
    for (size_t i = 0; from->signal >= 0 && i < s->n_wanted; i++)
        if (s->set[i].table_column == (size_t)from->signal)
            ev.signal = (int)r->slot[s->set[i].signal];
    char *text = calloc((size_t)from->text_bytes + 1, 1);
    if (!text)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for an event's text");
    int rc = 0;
    if (from->text_bytes > 0 && !h5_read_items(s->tables.texts, H5T_NATIVE_UINT8, (hsize_t)from->text_at,
                                               (hsize_t)from->text_bytes, text))
        rc = h5_fail(e, r->path, "/event_texts", "cannot be read");
    ev.text = text;
    if (rc == 0)
        rc = kymo_block_event(b, &ev, e);
    free(text);
    return rc;
}

/* The events before ns, as far as the block has room. Returns how many, or a negative code. */
static int take_events(struct kymo_reader *r, int64_t ns, struct kymo_block *b, struct kymo_err *e)
{
    struct h5_reader *s = r->state;

    while (b->n_events < EVENTS_A_BLOCK) {
        if (s->at_event == s->n_event) {
            const int rc = load_events(r, e);
            if (rc <= 0)
                return rc < 0 ? rc : (int)b->n_events;
        }
        const struct h5_event *next = &s->event[s->at_event];
        if (next->time_ns >= ns)
            break;
        struct kymo_err why = {0};
        int rc = add_event(r, next, b, &why);
        if (rc == KYMO_EFORMAT && r->want->salvage)
            rc = kymo_warn(&r->want->log, e, r->path, -1, "left out: %s", why.cause[0].msg);
        else if (rc < 0)
            *e = why;
        if (rc < 0)
            return rc;
        s->at_event++;
    }
    return (int)b->n_events;
}

/* ---- blocks ---- */

static int read_block(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    int64_t ns = 0;
    int rc = find_samples(r, &ns, e);

    if (rc <= 0)
        return rc < 0 ? rc : take_events(r, INT64_MAX, b, e) < 0 ? KYMO_EFORMAT : b->n_events > 0;
    const int64_t end_ns = (ns / s->block_ns + 1) * s->block_ns;
    b->segment_ns = s->segment_ns;
    b->new_segment = s->new_segment;
    s->new_segment = false;
    for (size_t i = 0; rc >= 0 && i < s->n_wanted; i++)
        rc = fill_set(r, &s->set[i], end_ns, b, e);
    if (rc >= 0)
        rc = take_events(r, s->segment_ns + end_ns, b, e);
    return rc < 0 ? rc : 1;
}

static int read_hdf5(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    struct h5_quiet q;

    h5_quiet(&q);
    const int rc = read_block(r, b, e);
    h5_loud(&q);
    return rc;
}

/* The last segment that begins at or before ns, by the table of times. */
static int find_segment(struct kymo_reader *r, int64_t ns, hsize_t *found, struct kymo_err *e)
{
    const struct h5_tables *t = &((const struct h5_reader *)r->state)->tables;
    int64_t time[TIMES_AT_ONCE];

    *found = 0;
    for (hsize_t k = 0; t->time >= 0 && k < t->n_segments; k += TIMES_AT_ONCE) {
        const size_t n = t->n_segments - k < TIMES_AT_ONCE ? (size_t)(t->n_segments - k) : TIMES_AT_ONCE;
        if (!h5_read_items(t->time, H5T_NATIVE_INT64, k, n, time))
            return h5_fail(e, r->path, "/segments/time_ns", "cannot be read");
        for (size_t i = 0; i < n; i++) {
            if (time[i] > ns)
                return 0;
            *found = k + i;
        }
    }
    return 0;
}

/* When the last of the loaded segment's wanted samples has passed. */
static int64_t segment_end(const struct h5_reader *s)
{
    int64_t ns = INT64_MIN;

    for (size_t i = 0; i < s->n_wanted; i++) {
        const struct h5_set *set = &s->set[i];
        const int64_t length = set->first - set->origin + (int64_t)(set->end - set->offset);
        const int64_t end = s->segment_ns + kymo_time_of(set->rate, length);
        ns = set->end > set->offset && end > ns ? end : ns;
    }
    return ns;
}

static int seek_samples(struct kymo_reader *r, int64_t ns, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    hsize_t k = 0;
    int rc = find_segment(r, ns, &k, e);

    if (rc < 0 || s->tables.n_segments == 0)
        return rc;
    bool reaches = k > 0;                  /* segments that overlap: an earlier one may still have samples */
    while (reaches && rc == 0) {
        rc = load_segment(r, k - 1, e);
        reaches = segment_end(s) > ns && --k > 0;
    }
    if (rc < 0 || (rc = load_segment(r, k, e)) < 0)
        return rc;
    s->new_segment = k > 0;
    for (size_t i = 0; i < s->n_wanted; i++) {
        struct h5_set *set = &s->set[i];
        const int64_t skip = kymo_index_at(set->rate, ns - s->segment_ns) + set->origin - set->first;
        const hsize_t n = set->end - set->offset;
        set->at = set->offset + (skip <= 0 ? 0 : (hsize_t)skip < n ? (hsize_t)skip : n);
    }
    return 0;
}

static int seek_hdf5(struct kymo_reader *r, int64_t ns, struct kymo_err *e)
{
    struct h5_quiet q;

    if (ns <= 0)
        return 0;
    h5_quiet(&q);
    const int rc = seek_samples(r, ns, e);
    h5_loud(&q);
    return rc;
}

const struct kymo_format kymo_format_hdf5 = {
    .name = "hdf5", .about = "HDF5 files, see kymo-hdf5(5)", .makes_files = true,
    .endings = ".h5 .hdf5",
    .probe = probe_hdf5, .open = open_hdf5, .start = start_hdf5, .read = read_hdf5, .seek = seek_hdf5,
    .close = close_hdf5,
    .check = hdf5_check, .fix = hdf5_fix, .hidden = hdf5_hidden,
    .create = hdf5_create, .write = hdf5_write, .write_event = hdf5_write_event,
    .finish = hdf5_finish, .discard = hdf5_discard,
};
