/* lib/secret.c - see secret.h. */
#include "lib/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/hmac.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEW_KEY_BYTES 32

static int fail_file(const char *path, struct kymo_err *e)
{
    return kymo_fail_at(e, KYMO_EIO, path, -1, "%s", strerror(errno));
}

void kymo_forget(struct kymo_key *key) { explicit_bzero(key, sizeof *key); }

/* Up to KYMO_MOST_KEY_BYTES + 1 bytes; how many, or a negative code. */
static ssize_t read_bytes(int fd, const char *path, unsigned char *to, struct kymo_err *e)
{
    size_t n = 0;

    while (n <= KYMO_MOST_KEY_BYTES) {
        const ssize_t got = read(fd, to + n, KYMO_MOST_KEY_BYTES + 1 - n);
        if (got == 0)
            break;
        if (got < 0 && errno != EINTR)
            return fail_file(path, e);
        n += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)n;
}

static int take_key(int fd, const char *path, struct kymo_key *key, struct kymo_err *e)
{
    unsigned char bytes[KYMO_MOST_KEY_BYTES + 1];
    struct stat st;

    if (fstat(fd, &st) < 0)
        return fail_file(path, e);
    if (S_ISREG(st.st_mode) && st.st_mode & 077)
        return kymo_fail_at(e, KYMO_EDATA, path, -1, "others may read this key (mode %03o): chmod 600 makes it yours alone",
                            (unsigned)st.st_mode & 0777);
    ssize_t n = read_bytes(fd, path, bytes, e);
    while (n > 0 && n <= KYMO_MOST_KEY_BYTES && (bytes[n - 1] == '\n' || bytes[n - 1] == '\r'))
        n--;
    const bool fits = n >= KYMO_LEAST_KEY_BYTES && n <= KYMO_MOST_KEY_BYTES;
    if (fits) {
        memcpy(key->byte, bytes, (size_t)n);
        key->n = (size_t)n;
    }
    explicit_bzero(bytes, sizeof bytes);
    return n < 0 ? (int)n : fits ? 0 : kymo_fail_at(e, KYMO_EDATA, path, -1, "a key has %d to %d bytes, this file has %s%zd",
                                                    KYMO_LEAST_KEY_BYTES, KYMO_MOST_KEY_BYTES,
                                                    n > KYMO_MOST_KEY_BYTES ? "at least " : "", n);
}

int kymo_read_key(const char *path, struct kymo_key *key, struct kymo_err *e)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);

    key->n = 0;
    if (fd < 0)
        return fail_file(path, e);
    const int rc = take_key(fd, path, key, e);
    close(fd);
    return rc;
}

int kymo_make_key(const char *path, struct kymo_err *e)
{
    unsigned char random[NEW_KEY_BYTES];
    char text[2 * NEW_KEY_BYTES + 2];

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return kymo_fail(e, KYMO_EIO, "no random numbers: %s", strerror(errno));
    for (size_t i = 0; i < sizeof random; i++)
        snprintf(text + 2 * i, 3, "%02x", random[i]);
    text[sizeof text - 2] = '\n';
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int rc = fd < 0 ? fail_file(path, e) : 0;
    if (rc == 0 && (write(fd, text, sizeof text - 1) != (ssize_t)sizeof text - 1 || fsync(fd) < 0))
        rc = fail_file(path, e);
    if (fd >= 0)
        close(fd);
    explicit_bzero(random, sizeof random);
    explicit_bzero(text, sizeof text);
    return rc;
}

void kymo_hmac(const struct kymo_key *key, const void *text, size_t n, unsigned char mac[KYMO_MAC_BYTES])
{
    struct hmac_sha256_ctx ctx;

    hmac_sha256_set_key(&ctx, key->n, key->byte);
    hmac_sha256_update(&ctx, n, text);
    hmac_sha256_digest(&ctx, KYMO_MAC_BYTES, mac);
    explicit_bzero(&ctx, sizeof ctx);
}
