/* lib/input.c - see input.h. */
#include "lib/input.h"

#include "lib/remote.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_BYTES ((size_t)256 * 1024)   /* one read: large enough to hide the call, small enough for the cache */

struct kymo_input {
    char *name, *copy;            /* copy: of what name, a URL, stands for */
    int fd;                       /* -1: memory */
    bool at_end;                  /* nothing more behind buf[len] */
    int64_t size;
    int64_t base;                 /* offset in the input of buf[0] */
    unsigned char *buf;
    size_t pos, len, cap;         /* next byte, end of what was read, room (0: memory, not ours) */
};

static struct kymo_input *input_new(const char *name, struct kymo_err *e)
{
    struct kymo_input *in = calloc(1, sizeof *in);

    if (in && !(in->name = strdup(name))) {
        free(in);
        in = NULL;
    }
    if (!in)
        kymo_fail(e, KYMO_ENOMEM, "no memory to open %s", name);
    else
        in->fd = -1, in->size = -1;
    return in;
}

static struct kymo_input *open_file(const char *path, struct kymo_err *e)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    struct kymo_input *in = input_new(is_stdin ? "stdin" : path, e);
    struct stat st;

    if (!in)
        return NULL;
    in->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0 || fstat(in->fd, &st) < 0) {
        kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
    } else if (S_ISDIR(st.st_mode)) {
        kymo_fail_at(e, KYMO_EIO, path, -1, "is a directory, not a recording");
    } else if (!(in->buf = malloc(in->cap = READ_BYTES))) {
        kymo_fail(e, KYMO_ENOMEM, "no memory to read %s", path);
    } else {
        if (S_ISREG(st.st_mode) && !is_stdin)
            in->size = st.st_size;
        return in;
    }
    kymo_input_close(in);
    return NULL;
}

/* The copy under its URL's name. */
static struct kymo_input *open_remote(const char *path, struct kymo_err *e)
{
    char *const url = kymo_remote_url(path, e), *copy = NULL;
    struct kymo_input *in = NULL;
    const int rc = url ? kymo_remote_fetch(url, &copy, e) : KYMO_EUSAGE;

    if (rc == 0)
        kymo_fail_at(e, KYMO_EIO, url, -1, "the server has no such file");
    else if (rc > 0 && (in = open_file(copy, e))) {
        free(in->name);
        in->name = url;
        in->copy = copy;
        return in;
    }
    free(url);
    free(copy);
    return NULL;
}

struct kymo_input *kymo_input_open(const char *path, struct kymo_err *e)
{
    return kymo_is_remote(path) ? open_remote(path, e) : open_file(path, e);
}

int kymo_input_exists(const char *path, struct kymo_err *e)
{
    char *copy = NULL;

    if (!kymo_is_remote(path))
        return access(path, F_OK) == 0;
    const int rc = kymo_remote_fetch(path, &copy, e);
    free(copy);
    return rc;
}

struct kymo_input *kymo_input_memory(const char *name, const void *bytes, size_t n, struct kymo_err *e)
{
    struct kymo_input *in = input_new(name, e);

    if (!in)
        return NULL;
    in->buf = (unsigned char *)(uintptr_t)bytes;   /* read only: cap 0 keeps every writer away */
    in->len = n;
    in->size = (int64_t)n;
    in->at_end = true;
    return in;
}

void kymo_input_close(struct kymo_input *in)
{
    if (!in)
        return;
    if (in->fd > STDIN_FILENO)
        close(in->fd);
    if (in->cap)
        free(in->buf);
    free(in->name);
    free(in->copy);
    free(in);
}

/* One read behind buf[len]; sets at_end where there is no more. */
static int read_more(struct kymo_input *in, struct kymo_err *e)
{
    if (in->cap - in->len < READ_BYTES / 2) {
        unsigned char *larger = realloc(in->buf, 2 * in->cap);
        if (!larger)
            return kymo_fail_at(e, KYMO_ENOMEM, in->name, kymo_offset(in), "no memory for %zu bytes", 2 * in->cap);
        in->buf = larger;
        in->cap *= 2;
    }
    ssize_t got;
    do
        got = read(in->fd, in->buf + in->len, in->cap - in->len);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return kymo_fail_at(e, KYMO_EIO, in->name, in->base + (int64_t)in->len, "%s", strerror(errno));
    in->at_end = got == 0;
    in->len += (size_t)got;
    return 0;
}

ssize_t kymo_peek(struct kymo_input *in, size_t n, const unsigned char **p, struct kymo_err *e)
{
    if (in->cap && in->len - in->pos < n && in->pos > 0) {
        memmove(in->buf, in->buf + in->pos, in->len - in->pos);
        in->base += (int64_t)in->pos;
        in->len -= in->pos;
        in->pos = 0;
    }
    while (in->len - in->pos < n && !in->at_end) {
        const int rc = read_more(in, e);
        if (rc < 0)
            return rc;
    }
    const size_t have = in->len - in->pos;
    *p = in->buf + in->pos;
    return (ssize_t)(have < n ? have : n);
}

void kymo_skip(struct kymo_input *in, size_t n) { in->pos += n; }

ssize_t kymo_take(struct kymo_input *in, void *to, size_t n, struct kymo_err *e)
{
    const unsigned char *p;
    const ssize_t got = kymo_peek(in, n, &p, e);

    if (got <= 0)
        return got;
    if ((size_t)got < n)
        return kymo_fail_at(e, KYMO_EFORMAT, in->name, kymo_offset(in), "input stops %zd bytes into an item of %zu", got,
                            n);
    memcpy(to, p, n);
    kymo_skip(in, n);
    return got;
}

int kymo_seek(struct kymo_input *in, int64_t offset, struct kymo_err *e)
{
    if (offset >= in->base && offset <= in->base + (int64_t)in->len) {
        in->pos = (size_t)(offset - in->base);
        return 0;
    }
    if (in->fd < 0) {
        in->pos = in->len;
        return 0;
    }
    if (in->size >= 0 && lseek(in->fd, offset, SEEK_SET) == offset) {
        in->base = offset;
        in->pos = in->len = 0;
        in->at_end = false;
        return 0;
    }
    if (offset < kymo_offset(in))
        return kymo_fail_at(e, KYMO_EIO, in->name, kymo_offset(in), "cannot go back to byte %lld of a pipe",
                            (long long)offset);
    while (kymo_offset(in) < offset) {
        const unsigned char *p;
        const int64_t left = offset - kymo_offset(in);
        const ssize_t got = kymo_peek(in, left < (int64_t)READ_BYTES ? (size_t)left : READ_BYTES, &p, e);
        if (got <= 0)
            return (int)got;
        kymo_skip(in, (size_t)got);
    }
    return 0;
}

int kymo_line(struct kymo_input *in, size_t limit, const char **line, size_t *n, struct kymo_err *e)
{
    const unsigned char *p = NULL;
    const unsigned char *end = NULL;
    size_t seen = 0, want = 4096;
    ssize_t got;

    for (;; want *= 2) {
        if ((got = kymo_peek(in, want, &p, e)) <= 0)
            return (int)got;
        if ((end = memchr(p + seen, '\n', (size_t)got - seen)) || (size_t)got < want)
            break;
        seen = (size_t)got;
        if (seen > limit)
            return kymo_fail_at(e, KYMO_EFORMAT, in->name, kymo_offset(in), "a line of more than %zu bytes", limit);
    }
    size_t len = end ? (size_t)(end - p) : (size_t)got;
    if (len > limit)
        return kymo_fail_at(e, KYMO_EFORMAT, in->name, kymo_offset(in), "a line of more than %zu bytes", limit);
    kymo_skip(in, end ? len + 1 : len);
    while (len > 0 && p[len - 1] == '\r')
        len--;
    *line = (const char *)p;
    *n = len;
    return end ? 1 : 2;
}

const char *kymo_input_name(const struct kymo_input *in) { return in->name; }
const char *kymo_input_copy(const struct kymo_input *in) { return in->copy; }
int64_t kymo_offset(const struct kymo_input *in) { return in->base + (int64_t)in->pos; }
int64_t kymo_input_size(const struct kymo_input *in) { return in->size; }

const void *kymo_input_bytes(const struct kymo_input *in, size_t *n)
{
    *n = in->fd < 0 ? in->len : 0;
    return in->fd < 0 ? in->buf : NULL;
}
