/* lib/output.c - see output.h. */
#include "lib/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_BYTES ((size_t)128 * 1024)
#define PIPE_BYTES (1 << 20)

struct kymo_output {
    char *path, *beside;      /* path NULL: standard output or memory; beside NULL: written in place */
    int fd;                   /* -1: memory */
    bool live;
    size_t used, cap;
    unsigned char *buf;
};

static struct kymo_output *output_new(const char *path, int fd, struct kymo_err *e)
{
    struct kymo_output *out = calloc(1, sizeof *out);

    if (out) {
        out->fd = fd;
        out->cap = BUFFER_BYTES;
        out->buf = malloc(out->cap);
        out->path = path ? strdup(path) : NULL;
    }
    if (!out || !out->buf || (path && !out->path)) {
        kymo_output_destroy(out);
        kymo_fail(e, KYMO_ENOMEM, "no memory to write");
        return NULL;
    }
    return out;
}

/* Creates the file beside path; a device, pipe or socket (/dev/null) is opened as it is. */
static int open_beside(struct kymo_output *out)
{
    struct stat st;

    if (stat(out->path, &st) == 0 && !S_ISREG(st.st_mode))
        return open(out->path, O_WRONLY | O_CLOEXEC);
    if (asprintf(&out->beside, "%s.XXXXXX", out->path) < 0) {
        out->beside = NULL;
        return -1;
    }
    const int fd = mkostemp(out->beside, O_CLOEXEC);
    const mode_t mask = umask(0);
    umask(mask);
    if (fd >= 0)
        fchmod(fd, 0666 & ~mask);
    return fd;
}

static struct kymo_output *open_stdout(struct kymo_err *e)
{
    fcntl(STDOUT_FILENO, F_SETPIPE_SZ, PIPE_BYTES);   /* where it is a pipe and we may: fewer changes of process */
    return output_new(NULL, STDOUT_FILENO, e);
}

struct kymo_output *kymo_output_open(const char *path, struct kymo_err *e)
{
    if (!path || strcmp(path, "-") == 0)
        return open_stdout(e);
    struct kymo_output *out = output_new(path, -1, e);
    if (out && (out->fd = open_beside(out)) < 0) {
        kymo_fail_at(e, KYMO_EIO, path, -1, "cannot be written: %s", strerror(errno));
        free(out->beside);
        out->beside = NULL;
        kymo_output_destroy(out);
        return NULL;
    }
    return out;
}

struct kymo_output *kymo_output_scratch(const char *path, struct kymo_err *e)
{
    struct kymo_output *out = output_new(path, -1, e);
    char *name = NULL;

    if (!out)
        return NULL;
    if (asprintf(&name, "%s.XXXXXX", path) < 0)
        name = NULL;
    else if ((out->fd = mkostemp(name, O_CLOEXEC)) >= 0)
        unlink(name);
    free(name);
    if (out->fd < 0) {
        kymo_fail_at(e, KYMO_EIO, path, -1, "cannot be written: %s", strerror(errno));
        kymo_output_destroy(out);
        return NULL;
    }
    return out;
}

struct kymo_output *kymo_output_scratch_for(const char *path, const char *name, struct kymo_err *e)
{
    const char *const tmp = getenv("TMPDIR");
    char there[4096];

    if (path && strcmp(path, "-") != 0)
        return kymo_output_scratch(path, e);
    snprintf(there, sizeof there, "%s/%s", tmp && *tmp ? tmp : "/tmp", name);
    return kymo_output_scratch(there, e);
}

int kymo_output_reread(struct kymo_output *out, char path[KYMO_REREAD_PATH], struct kymo_err *e)
{
    snprintf(path, KYMO_REREAD_PATH, "/dev/fd/%d", out->fd);
    return kymo_output_flush(out, e);
}

void kymo_output_be_live(struct kymo_output *out, bool live) { out->live = live; }
bool kymo_output_is_live(const struct kymo_output *out) { return out->live; }

struct kymo_output *kymo_output_memory(struct kymo_err *e) { return output_new(NULL, -1, e); }

const unsigned char *kymo_output_bytes(const struct kymo_output *out, size_t *n)
{
    *n = out->used;
    return out->buf;
}

static int write_all(struct kymo_output *out, const unsigned char *p, size_t n, struct kymo_err *e)
{
    while (n > 0) {
        const ssize_t got = write(out->fd, p, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return kymo_fail_at(e, KYMO_EIO, kymo_output_name(out), -1, "cannot be written: %s", strerror(errno));
        p += got;
        n -= (size_t)got;
    }
    return 0;
}

int kymo_output_flush(struct kymo_output *out, struct kymo_err *e)
{
    if (out->fd < 0)
        return 0;
    const size_t n = out->used;
    out->used = 0;
    return write_all(out, out->buf, n, e);
}

static int keep_in_memory(struct kymo_output *out, const void *bytes, size_t n, struct kymo_err *e)
{
    while (out->cap - out->used < n) {
        unsigned char *larger = realloc(out->buf, 2 * out->cap);
        if (!larger)
            return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu bytes", 2 * out->cap);
        out->buf = larger;
        out->cap *= 2;
    }
    memcpy(out->buf + out->used, bytes, n);
    out->used += n;
    return 0;
}

int kymo_put(struct kymo_output *out, const void *bytes, size_t n, struct kymo_err *e)
{
    if (out->fd < 0)
        return keep_in_memory(out, bytes, n, e);
    if (out->cap - out->used < n) {
        const int rc = kymo_output_flush(out, e);
        if (rc < 0)
            return rc;
    }
    if (n >= out->cap)
        return write_all(out, bytes, n, e);
    memcpy(out->buf + out->used, bytes, n);
    out->used += n;
    return 0;
}

int kymo_put_text(struct kymo_output *out, const char *text, struct kymo_err *e)
{
    return kymo_put(out, text, strlen(text), e);
}

int kymo_putf(struct kymo_output *out, struct kymo_err *e, const char *fmt, ...)
{
    char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    const int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0)
        return kymo_fail(e, KYMO_ENOMEM, "no memory to print");
    const int rc = kymo_put(out, text, (size_t)n, e);
    free(text);
    return rc;
}

int kymo_output_patch(struct kymo_output *out, int64_t offset, const void *bytes, size_t n, struct kymo_err *e)
{
    const unsigned char *p = bytes;
    const int rc = kymo_output_flush(out, e);

    if (rc < 0)
        return rc;
    while (n > 0) {
        const ssize_t got = pwrite(out->fd, p, n, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return kymo_fail_at(e, KYMO_EIO, kymo_output_name(out), offset, "cannot be written: %s", strerror(errno));
        p += got;
        offset += got;
        n -= (size_t)got;
    }
    return 0;
}

static void drop_beside(struct kymo_output *out, bool remove)
{
    if (out->beside && remove)
        unlink(out->beside);
    free(out->beside);
    out->beside = NULL;
}

int kymo_output_sync(struct kymo_output *out, struct kymo_err *e)
{
    int rc = kymo_output_flush(out, e);

    if (rc < 0 || out->fd < 0)
        return rc;
    if (out->beside && fsync(out->fd) < 0)
        rc = kymo_fail_at(e, KYMO_EIO, out->path, -1, "cannot be written: %s", strerror(errno));
    if (close(out->fd) < 0 && rc == 0)
        rc = kymo_fail_at(e, KYMO_EIO, kymo_output_name(out), -1, "cannot be written: %s", strerror(errno));
    out->fd = -1;
    free(out->buf);   /* a record may wait with thousands of files */
    out->buf = NULL;
    out->cap = 0;
    if (rc < 0)
        drop_beside(out, true);
    return rc;
}

int kymo_output_move(struct kymo_output *out, const char *path, struct kymo_err *e)
{
    char *copy = strdup(path);

    if (!copy)
        return kymo_fail(e, KYMO_ENOMEM, "no memory to write");
    free(out->path);
    out->path = copy;
    return 0;
}

int kymo_output_finish(struct kymo_output *out, struct kymo_err *e)
{
    const int rc = kymo_output_sync(out, e);

    if (rc < 0 || !out->beside)
        return rc;
    if (rename(out->beside, out->path) < 0)
        return kymo_fail_at(e, KYMO_EIO, out->path, -1, "cannot be put in place: %s", strerror(errno));
    drop_beside(out, false);
    return 0;
}

void kymo_output_destroy(struct kymo_output *out)
{
    if (!out)
        return;
    if (out->fd > STDERR_FILENO)
        close(out->fd);
    drop_beside(out, true);
    free(out->path);
    free(out->buf);
    free(out);
}

const char *kymo_output_name(const struct kymo_output *out) { return out->path ? out->path : "standard output"; }
bool kymo_output_is_terminal(const struct kymo_output *out) { return out->fd >= 0 && isatty(out->fd); }
