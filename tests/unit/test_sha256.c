/* tests/unit/test_sha256.c - SHA-256 by its published examples. */
#include "support.h"

#include "lib/sha256.h"

#include <stdio.h>
#include <stdlib.h>

/* Of a file of text, many times over. */
static void assert_sum(const char *text, int times, const char *sum)
{
    char path[] = "/tmp/kymo_sha256_XXXXXX", found[KYMO_SHA256_TEXT];
    const int fd = mkstemp(path);
    struct kymo_err e = {0};

    assert_true(fd >= 0);
    FILE *const f = fdopen(fd, "w");
    for (int i = 0; i < times; i++)
        fputs(text, f);
    fclose(f);
    assert_int_equal(kymo_sha256_file(path, found, &e), 0);
    assert_string_equal(found, sum);
    remove(path);
}

/* NIST, FIPS 180-2 with change notice 1, appendix B, and the CAVP file SHA256ShortMsg.rsp for the empty one. */
static void published_examples_come_out(void **state)
{
    (void)state;
    assert_sum("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_sum("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_sum("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_sum("a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void what_cannot_be_read_has_no_sum(void **state)
{
    char sum[KYMO_SHA256_TEXT];
    struct kymo_err e = {0};

    (void)state;
    assert_int_equal(kymo_sha256_file("/nonsense/file", sum, &e), KYMO_EIO);
    assert_error(&e, KYMO_EIO, "/nonsense/file: No such file");
    e = (struct kymo_err){0};
    assert_int_equal(kymo_sha256_file("/", sum, &e), KYMO_EIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_examples_come_out),
        cmocka_unit_test(what_cannot_be_read_has_no_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
