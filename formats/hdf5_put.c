/* formats/hdf5_put.c - the header of an HDF5 file, and how its datasets are made; see hdf5_state.h. */
#include "formats/hdf5_state.h"

#include <stdlib.h>
#include <string.h>

#define DEFLATE_LEVEL 1               /* higher ones take twice the time for two percent */

int h5_cannot_write(const struct kymo_writer *w, const char *object, struct kymo_err *e)
{
    const struct h5_writer *s = w->state;

    if (s->disk.cause)
        return kymo_fail_at(e, KYMO_EIO, w->path, -1, "cannot be written: %s", strerror(s->disk.cause));
    return h5_fail(e, w->path, object, "cannot be written");
}

hid_t h5_create_set(hid_t at, const char *name, hid_t type, hsize_t chunk, hsize_t n_columns, size_t cache)
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
    const hid_t set = h5_create_set(file, name, type, width < H5_TEXTS_BYTES ? H5_TEXTS_BYTES / width : 1, 0, H5_TABLE_CACHE);
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

bool h5_put_header(hid_t file, const struct kymo_header *h)
{
    return h5_put_text(file, "format", "kymo") && h5_put_int(file, "version", H5_VERSION_OURS) &&
           h5_put_text(file, "record", h->record) && h5_put_text(file, "source_format", h->format) &&
           put_start(file, &h->start) && h5_put_text(file, "subject_id", h->subject.id) &&
           h5_put_text(file, "subject_name", h->subject.name) && h5_put_text(file, "subject_sex", h->subject.sex) &&
           h5_put_text(file, "subject_birth", h->subject.birth) && h5_put_text(file, "recording", h->recording) &&
           put_texts(file, "tracks", h->track, h->n_tracks) && put_texts(file, "history", h->history, h->n_history) &&
           put_texts(file, "notes", h->note, h->n_notes);
}
