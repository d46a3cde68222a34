/* tests/unit/test_sha256.c - SHA-256 by its published examples. */
#include "support.h"

#include "lib/sha256.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* NIST, FIPS 180-2 with change notice 1, appendix B, and the CAVP file SHA256ShortMsg.rsp for the empty one. */
static void published_examples_come_out(void **state)
{
    static const struct {
        const char *text, *sum;
    } known[] = {
        {"", EMPTY},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    char sum[KYMO_SHA256_TEXT];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        kymo_sha256(known[i].text, strlen(known[i].text), sum);
        assert_string_equal(sum, known[i].sum);
    }
}

static void a_file_of_a_million_letters_has_the_published_sum(void **state)
{
    char path[] = "/tmp/kymo_sha256_XXXXXX", sum[KYMO_SHA256_TEXT];
    const int fd = mkstemp(path);
    struct kymo_err e = {0};

    (void)state;
    assert_true(fd >= 0);
    FILE *const f = fdopen(fd, "w");
    assert_int_equal(kymo_sha256_file(path, sum, &e), 0);
    assert_string_equal(sum, EMPTY);
    for (int i = 0; i < 1000000; i++)
        putc('a', f);
    fclose(f);
    assert_int_equal(kymo_sha256_file(path, sum, &e), 0);
    assert_string_equal(sum, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    remove(path);
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
        cmocka_unit_test(a_file_of_a_million_letters_has_the_published_sum),
        cmocka_unit_test(what_cannot_be_read_has_no_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
