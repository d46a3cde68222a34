/* tests/unit/test_secret.c - keys, and keyed digests against the vectors of RFC 4231. */
#include "support.h"

#include "lib/secret.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void mac_is(const void *key, size_t n_key, const char *text, const char *wanted)
{
    struct kymo_key k = {.n = n_key};
    unsigned char mac[KYMO_MAC_BYTES];
    char hex[2 * KYMO_MAC_BYTES + 1];

    memcpy(k.byte, key, n_key);
    kymo_hmac(&k, text, strlen(text), mac);
    for (int i = 0; i < KYMO_MAC_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", mac[i]);
    assert_string_equal(hex, wanted);
}

static void macs_are_those_of_rfc_4231(void **state)
{
    unsigned char b[131];
    (void)state;

    memset(b, 0x0b, 20);
    mac_is(b, 20, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    mac_is("Jefe", 4, "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(b, 0xaa, sizeof b);
    mac_is(b, sizeof b, "Test Using Larger Than Block-Size Key - Hash Key First",
           "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* A file of that content and mode as a key: its length, or the code of what is wrong. */
static int key_of(const char *path, const void *bytes, size_t n, mode_t mode)
{
    struct kymo_key key;
    struct kymo_err e = {0};
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

    assert_int_equal(write(fd, bytes, n), n);
    close(fd);
    chmod(path, mode);
    const int rc = kymo_read_key(path, &key, &e);
    return rc < 0 ? rc : (int)key.n;
}

static void a_key_is_long_enough_and_nobody_elses(void **state)
{
    static const char long_one[KYMO_MOST_KEY_BYTES + 2];
    char path[64];
    (void)state;

    snprintf(path, sizeof path, "/tmp/kymo-test-key-%d", (int)getpid());
    assert_int_equal(key_of(path, "0123456789abcdef\r\n", 18, 0600), 16);
    assert_int_equal(key_of(path, "0123456789abcde\n", 16, 0600), KYMO_EDATA);
    assert_int_equal(key_of(path, "", 0, 0600), KYMO_EDATA);
    assert_int_equal(key_of(path, "0123456789abcdef", 16, 0640), KYMO_EDATA);
    assert_int_equal(key_of(path, long_one, KYMO_MOST_KEY_BYTES, 0600), KYMO_MOST_KEY_BYTES);
    assert_int_equal(key_of(path, long_one, KYMO_MOST_KEY_BYTES + 1, 0600), KYMO_EDATA);
    unlink(path);
}

static void a_new_key_is_random_and_overwrites_nothing(void **state)
{
    struct kymo_key a, b;
    struct kymo_err e = {0};
    struct stat st;
    char path[64];
    (void)state;

    snprintf(path, sizeof path, "/tmp/kymo-test-new-%d", (int)getpid());
    assert_int_equal(kymo_make_key(path, &e), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(kymo_read_key(path, &a, &e), 0);
    assert_int_equal(a.n, 64);
    assert_int_equal(kymo_make_key(path, &e), KYMO_EIO);
    unlink(path);
    assert_int_equal(kymo_make_key(path, &e), 0);
    assert_int_equal(kymo_read_key(path, &b, &e), 0);
    assert_memory_not_equal(a.byte, b.byte, 64);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(macs_are_those_of_rfc_4231),
        cmocka_unit_test(a_key_is_long_enough_and_nobody_elses),
        cmocka_unit_test(a_new_key_is_random_and_overwrites_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
