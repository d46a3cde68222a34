/* formats/hdf5_writer.c - see hdf5_writer.h; kymo-hdf5(5) is the specification.
 *
 * Samples go through the packs of hdf5_pack.c, events through the queue of hdf5_put_events.c. A segment's row of the tables
 * is written when the segment ends, since only then it is known where each signal's samples begin. None of this depends on
 * how the recording was cut into blocks. */
#include "formats/hdf5_writer.h"

#include "formats/hdf5_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TABLE_CHUNK 4096              /* items in a chunk of the segment tables */

static const char *const table_name[H5_TABLES] = {"/segments/index", "/segments/first", "/segments/offset"};

/* ---- opening ---- */

static int open_beside(struct kymo_writer *w, struct kymo_err *e)
{
    struct h5_writer *s = w->state;
    struct stat st;

    if (stat(w->path, &st) == 0 && !S_ISREG(st.st_mode))
        return kymo_fail_at(e, KYMO_EIO, w->path, -1, "is no regular file: HDF5 cannot be written to it");
    if (asprintf(&s->beside, "%s.XXXXXX", w->path) < 0) {
        s->beside = NULL;
        return h5_no_memory(e);
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
    struct h5_writer *s = w->state;
    const int rc = open_beside(w, e);

    if (rc < 0)
        return rc;
    s->file = h5_disk_create(&s->disk, s->beside);
    return s->file < 0 ? h5_cannot_write(w, NULL, e) : 0;
}

static int create_tables(struct kymo_writer *w, struct kymo_err *e)
{
    struct h5_writer *s = w->state;
    const hsize_t n = w->hdr.n_signals, rows = n < TABLE_CHUNK ? TABLE_CHUNK / (n + 1) + 1 : 1;
    const hid_t group = H5Gcreate2(s->file, "segments", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t type = h5_event_type(true);
    bool ok = group >= 0;

    s->event_mem = h5_event_type(false);
    if (ok)
        s->time_table = h5_create_set(group, "time_ns", H5T_STD_I64LE, TABLE_CHUNK, 0, H5_TABLE_CACHE);
    for (enum h5_table t = 0; n > 0 && t < H5_TABLES; t++) {
        s->table[t] = ok ? h5_create_set(s->file, table_name[t], H5T_STD_I64LE, rows, n, H5_TABLE_CACHE) : -1;
        ok = ok && s->table[t] >= 0;
    }
    s->events = ok ? h5_create_set(s->file, "events", type, H5_EVENT_BATCH, 0, H5_TABLE_CACHE) : -1;
    s->texts = ok ? h5_create_set(s->file, "event_texts", H5T_STD_U8LE, H5_TEXTS_BYTES, 0, H5_TABLE_CACHE) : -1;
    if (group >= 0)
        H5Gclose(group);
    H5Tclose(type);
    return ok && s->time_table >= 0 && s->events >= 0 && s->texts >= 0 ? 0 : h5_cannot_write(w, "/segments", e);
}

static int create_all(struct kymo_writer *w, struct kymo_err *e)
{
    struct h5_writer *s = w->state;
    int rc = create_file(w, e);

    if (rc == 0 && !h5_put_header(s->file, &w->hdr))
        rc = h5_cannot_write(w, "/", e);
    if (rc == 0)
        rc = h5_create_signals(w, e);
    if (rc == 0)
        rc = create_tables(w, e);
    return rc == 0 && s->disk.cause ? h5_cannot_write(w, NULL, e) : rc;
}

int hdf5_create(struct kymo_writer *w, struct kymo_err *e)
{
    struct h5_writer *s = calloc(1, sizeof *s);
    struct h5_quiet q;

    w->state = s;
    if (!s)
        return h5_no_memory(e);
    s->file = s->event_mem = -1;
    s->disk.fd = -1;
    s->end_ns = KYMO_UNKNOWN;
    s->pack = calloc(w->hdr.n_signals + 1, sizeof *s->pack);
    s->row = calloc(w->hdr.n_signals + 1, sizeof *s->row);
    if (!s->pack || !s->row)
        return h5_no_memory(e);
    h5_quiet(&q);
    const int rc = create_all(w, e);
    h5_loud(&q);
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

static int64_t row_item(const struct h5_pack *p, enum h5_table table)
{
    if (table == H5_TABLE_OFFSET)
        return (int64_t)p->offset;
    return table == H5_TABLE_FIRST && p->began ? p->first : p->origin;
}

/* Writes the rows of the segment that has ended. */
static int end_segment(struct kymo_writer *w, struct kymo_err *e)
{
    struct h5_writer *s = w->state;
    const size_t n = w->hdr.n_signals;
    bool ok = h5_append_items(s->time_table, H5T_NATIVE_INT64, s->n_segments, 1, &s->segment_ns);

    for (enum h5_table t = 0; ok && n > 0 && t < H5_TABLES; t++) {
        for (size_t i = 0; i < n; i++)
            s->row[i] = row_item(&s->pack[i], t);
        ok = append_row(s->table[t], s->n_segments, n, s->row);
    }
    s->n_segments++;
    for (size_t i = 0; i < n; i++) {
        const struct h5_pack *p = &s->pack[i];
        const int64_t end = s->segment_ns + kymo_time_of(w->hdr.signal[i].rate, p->next - p->origin);
        if (p->began && end > s->end_ns)
            s->end_ns = end;
    }
    return ok ? 0 : h5_cannot_write(w, "/segments", e);
}

static int begin_segment(struct kymo_writer *w, const struct kymo_block *b, struct kymo_err *e)
{
    struct h5_writer *s = w->state;
    const int rc = end_segment(w, e);

    if (rc == 0 && !h5_is_time(b->segment_ns))
        return kymo_fail(e, KYMO_EDATA, "a segment at %lld ns: no recording is so long", (long long)b->segment_ns);
    s->segment_ns = b->segment_ns;
    for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++) {
        struct h5_pack *p = &s->pack[i];
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
    const struct h5_writer *s = w->state;
    bool any = false, differs = b->segment_ns != s->segment_ns;

    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        any |= b->span[i].n > 0;
        differs |= b->span[i].segment_first != s->pack[i].origin;
    }
    return w->hdr.n_signals > 0 && (b->new_segment || (any && differs));
}

/* ---- blocks and events ---- */

static int write_block(struct kymo_writer *w, struct kymo_block *b, struct kymo_err *e)
{
    const struct h5_writer *s = w->state;
    int rc = is_other_segment(w, b) ? begin_segment(w, b, e) : 0;

    for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++)
        rc = h5_write_span(w, i, &b->span[i], e);
    for (size_t i = 0; rc == 0 && i < b->n_events; i++)
        rc = h5_keep_event(w, &b->event[i], e);
    if (rc == 0)
        rc = h5_write_due_events(w, e);
    return rc == 0 && s->disk.cause ? h5_cannot_write(w, NULL, e) : rc;
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
    struct h5_writer *s = w->state;
    struct h5_quiet q;
    int rc = h5_keep_event(w, ev, e);

    if (rc == 0 && w->hdr.n_signals == 0 && s->n_waiting >= H5_EVENTS_WAITING) {
        h5_quiet(&q);
        rc = h5_write_events(w, s->n_waiting, e);
        h5_loud(&q);
    }
    return rc;
}

/* ---- the end ---- */

/* Counts and, behind everything else, the end mark. */
static int write_end(struct kymo_writer *w, struct kymo_err *e)
{
    struct h5_writer *s = w->state;
    const int64_t duration = w->hdr.duration_ns != KYMO_UNKNOWN ? w->hdr.duration_ns : s->end_ns;
    int64_t n_samples = 0;

    for (size_t i = 0; i < w->hdr.n_signals; i++)
        n_samples += (int64_t)s->pack[i].stored;
    if ((duration != KYMO_UNKNOWN && !h5_put_int(s->file, "duration_ns", duration)) ||
        !h5_put_int(s->file, "n_signals", (int64_t)w->hdr.n_signals) ||
        !h5_put_int(s->file, "n_segments", (int64_t)s->n_segments) || !h5_put_int(s->file, "n_samples", n_samples) ||
        !h5_put_int(s->file, "n_events", (int64_t)s->n_events) || H5Fflush(s->file, H5F_SCOPE_LOCAL) < 0 ||
        !h5_put_int(s->file, "complete", 1))
        return h5_cannot_write(w, "/", e);
    return 0;
}

static int close_file(struct kymo_writer *w, struct kymo_err *e)
{
    struct h5_writer *s = w->state;
    const herr_t closed = H5Fclose(s->file);

    s->file = -1;
    return closed < 0 || s->disk.cause ? h5_cannot_write(w, NULL, e) : 0;
}

/* To the disk, and under its name. */
static int put_in_place(struct kymo_writer *w, struct kymo_err *e)
{
    struct h5_writer *s = w->state;

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
    struct h5_writer *s = w->state;
    int rc = end_segment(w, e);

    for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++)
        rc = h5_flush_pack(w, i, e);
    if (rc == 0)
        rc = h5_write_events(w, s->n_waiting, e);
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

static void release_library(struct h5_writer *s)
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
    struct h5_writer *s = w->state;

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
