/* lib/input.c - see input.h. */
#include "lib/input.h"

#include "lib/remote.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define READ_BYTES ((size_t)256 * 1024)   /* one read: large enough to hide the call, small enough for the cache */

struct kymo_input {
    char *name, *copy;            /* copy: of what name, a URL, stands for */
    int fd;                       /* -1: memory */
    bool at_end;                  /* nothing more behind buf[len] */
    bool is_file;                 /* of bytes on a disk: never keeps anybody waiting */
    const struct kymo_patience *patience;   /* or NULL */
    bool (*is_all)(void *of);     /* or NULL */
    void *of;
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
        in->is_file = S_ISREG(st.st_mode);
        if (in->is_file && !is_stdin)
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

/* ---- waiting ---- */

void kymo_input_be_patient(struct kymo_input *in, const struct kymo_patience *p) { in->patience = p; }

void kymo_input_until(struct kymo_input *in, bool (*is_all)(void *of), void *of)
{
    in->is_all = is_all;
    in->of = of;
}

size_t kymo_input_now(const struct kymo_input *in, int64_t offset, void *bytes, size_t n)
{
    const ssize_t got = in->is_file ? pread(in->fd, bytes, n, (off_t)offset) : 0;

    return got > 0 ? (size_t)got : 0;
}

/* Whether a read brings something, or the end, at once. */
static bool is_ready(const struct kymo_input *in)
{
    struct pollfd p = {.fd = in->fd, .events = POLLIN};
    struct stat st;

    if (in->is_file)
        return !in->patience || fstat(in->fd, &st) < 0 || st.st_size > in->base + (int64_t)in->len;
    return poll(&p, 1, 0) != 0;
}

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static ssize_t read_once(struct kymo_input *in)
{
    ssize_t got;

    do
        got = read(in->fd, in->buf + in->len, in->cap - in->len);
    while (got < 0 && errno == EINTR);
    return got;
}

/* Waits until a read does not keep us, as long as somebody is patient. Returns 1, 0 for the end, or a negative code. */
static int wait_for_more(struct kymo_input *in, struct kymo_err *e)
{
    const int64_t since_ns = now_ns();
    int rc = 1;

    while (rc > 0 && !is_ready(in)) {
        if (in->is_file && in->is_all && in->is_all(in->of))
            return 0;
        rc = in->patience->wait(in->patience->self, in->fd, now_ns() - since_ns, e);
    }
    return rc;
}

/* ---- reading ---- */

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
    const int rc = in->patience ? wait_for_more(in, e) : 1;
    const ssize_t got = rc > 0 ? read_once(in) : 0;
    if (rc < 0)
        return rc;
    if (got < 0)
        return kymo_fail_at(e, KYMO_EIO, in->name, in->base + (int64_t)in->len, "%s", strerror(errno));
    in->at_end = got == 0;
    in->len += (size_t)got;
    return 0;
}

ssize_t kymo_peek(struct kymo_input *in, size_t n, const unsigned char **p, struct kymo_err *e)
{
    return kymo_peek_ready(in, n, n, p, e);
}

ssize_t kymo_peek_ready(struct kymo_input *in, size_t least, size_t n, const unsigned char **p, struct kymo_err *e)
{
    if (in->cap && in->len - in->pos < n && in->pos > 0) {
        memmove(in->buf, in->buf + in->pos, in->len - in->pos);
        in->base += (int64_t)in->pos;
        in->len -= in->pos;
        in->pos = 0;
    }
    while (in->len - in->pos < n && !in->at_end && (in->len - in->pos < least || is_ready(in))) {
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

bool kymo_line_ready(const struct kymo_input *in)
{
    return in->at_end || (in->is_file && !in->patience) || memchr(in->buf + in->pos, '\n', in->len - in->pos) || is_ready(in);
}

int kymo_line(struct kymo_input *in, size_t limit, const char **line, size_t *n, struct kymo_err *e)
{
    const unsigned char *p = NULL;
    const unsigned char *end = NULL;
    size_t seen = 0;
    ssize_t got;

    for (;;) {
        const size_t have = in->len - in->pos, want = have > seen ? have : seen + 1;
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
