/* formats/hdf5_disk.c - a file driver for the HDF5 library that never fails to write.
 *
 * After a failed write the library (1.10 to 1.14) cannot close its file any more, and crashes when the program ends. So it
 * is told that all is well, the rest is dropped, and whoever writes looks at h5_disk.cause. */
#include "formats/hdf5_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct disk_file {
    H5FD_t common;                /* the library's part, first */
    struct h5_disk *disk;
    haddr_t eoa, eof;             /* end of what is allocated, and of what was written */
};

static H5FD_t *open_disk(const char *name, unsigned flags, hid_t access, haddr_t most)
{
    struct h5_disk *const *disk = H5Pget_driver_info(access);
    struct disk_file *f = calloc(1, sizeof *f);

    (void)name;
    (void)flags;
    (void)most;
    if (!disk || !f) {
        free(f);
        return NULL;
    }
    f->disk = *disk;
    return &f->common;
}

static herr_t close_disk(H5FD_t *file)
{
    free(file);                   /* the descriptor is its opener's */
    return 0;
}

static herr_t query_disk(const H5FD_t *file, unsigned long *flags)
{
    (void)file;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
    return 0;
}

static haddr_t get_eoa(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const struct disk_file *)file)->eoa;
}

static herr_t set_eoa(H5FD_t *file, H5FD_mem_t type, haddr_t eoa)
{
    (void)type;
    ((struct disk_file *)file)->eoa = eoa;
    return 0;
}

static haddr_t get_eof(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const struct disk_file *)file)->eof;
}

/* What was never written is zeros. */
static herr_t read_disk(H5FD_t *file, H5FD_mem_t type, hid_t how, haddr_t at, size_t n, void *to)
{
    const struct disk_file *f = (const struct disk_file *)file;
    unsigned char *p = to;

    (void)type;
    (void)how;
    while (n > 0) {
        const ssize_t got = pread(f->disk->fd, p, n, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        p += got;
        at += (haddr_t)got;
        n -= (size_t)got;
    }
    memset(p, 0, n);
    return 0;
}

static herr_t write_disk(H5FD_t *file, H5FD_mem_t type, hid_t how, haddr_t at, size_t n, const void *from)
{
    struct disk_file *f = (struct disk_file *)file;
    const unsigned char *p = from;

    (void)type;
    (void)how;
    f->eof = at + n > f->eof ? at + n : f->eof;
    while (n > 0 && !f->disk->cause) {
        const ssize_t got = pwrite(f->disk->fd, p, n, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            f->disk->cause = got < 0 ? errno : ENOSPC;
            break;
        }
        p += got;
        at += (haddr_t)got;
        n -= (size_t)got;
    }
    return 0;
}

/* The file ends where the library's allocation does. */
static herr_t truncate_disk(H5FD_t *file, hid_t how, hbool_t closing)
{
    struct disk_file *f = (struct disk_file *)file;

    (void)how;
    (void)closing;
    if (f->eof != f->eoa && !f->disk->cause && ftruncate(f->disk->fd, (off_t)f->eoa) < 0)
        f->disk->cause = errno;
    f->eof = f->eoa;
    return 0;
}

static const H5FD_class_t driver = {
    .name = "kymo", .maxaddr = (haddr_t)INT64_MAX, .fc_degree = H5F_CLOSE_WEAK, .fapl_size = sizeof(struct h5_disk *),
    .open = open_disk, .close = close_disk, .query = query_disk, .get_eoa = get_eoa, .set_eoa = set_eoa,
    .get_eof = get_eof, .read = read_disk, .write = write_disk, .truncate = truncate_disk,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

hid_t h5_disk_create(struct h5_disk *disk, const char *path)
{
    const hid_t id = H5FDregister(&driver), access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t file = -1;

    if (id >= 0 && H5Pset_driver(access, id, &disk) >= 0) {
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);   /* closing the file closes what is open in it */
        H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110);   /* all but the samples has checksums then */
        file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    }
    const hid_t held = h5_hold(file >= 0);
    H5Pclose(access);
    if (id >= 0)
        H5FDunregister(id);       /* the file keeps it as long as it needs it */
    h5_put_back(held);
    return file;
}
