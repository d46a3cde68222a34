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

static int64_t next_ns(const struct h5_set *set) { return kymo_time_of(set->rate, h5_next_index(set) - set->origin); }

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

/* ---- blocks ---- */

static int read_block(struct kymo_reader *r, struct kymo_block *b, struct kymo_err *e)
{
    struct h5_reader *s = r->state;
    int64_t ns = 0;
    int rc = find_samples(r, &ns, e);

    if (rc <= 0)
        return rc < 0 ? rc : h5_take_events(r, INT64_MAX, b, e) < 0 ? KYMO_EFORMAT : b->n_events > 0;
    const int64_t end_ns = (ns / s->block_ns + 1) * s->block_ns;
    b->segment_ns = s->segment_ns;
    b->new_segment = s->new_segment;
    s->new_segment = false;
    for (size_t i = 0; rc >= 0 && i < s->n_wanted; i++)
        rc = h5_fill_set(r, &s->set[i], end_ns, b, e);
    if (rc >= 0)
        rc = h5_take_events(r, s->segment_ns + end_ns, b, e);
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
