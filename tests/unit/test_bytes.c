/* tests/unit/test_bytes.c - integers and floats from and to bytes: fixed patterns, and there and back at any alignment. */
#include "support.h"

#include "lib/bytes.h"

static void bytes_are_little_endian(void **state)
{
    static const unsigned char p[] = {0x01, 0x82, 0x03, 0x84, 0x05, 0x86, 0x07, 0x88};
    (void)state;

    assert_int_equal(kymo_le16(p), 0x8201);
    assert_int_equal(kymo_le16s(p), 0x8201 - 0x10000);
    assert_int_equal(kymo_le24s(p), 0x038201);
    assert_int_equal(kymo_le24s(p + 1), 0x840382 - 0x1000000);
    assert_int_equal(kymo_le32(p), 0x84038201);
    assert_true(kymo_le64(p) == 0x8807860584038201);
}

static void extremes_of_24_bits_keep_their_sign(void **state)
{
    (void)state;
    assert_int_equal(kymo_le24s((const unsigned char[]){0, 0, 0x80}), -(1 << 23));
    assert_int_equal(kymo_le24s((const unsigned char[]){0xff, 0xff, 0x7f}), (1 << 23) - 1);
    assert_int_equal(kymo_le24s((const unsigned char[]){0xff, 0xff, 0xff}), -1);
}

static void what_is_put_comes_back_at_any_alignment(void **state)
{
    struct dice d = {3};
    unsigned char p[16];
    (void)state;

    for (size_t at = 0; at < 8; at++) {
        const uint64_t v = roll(&d);
        kymo_put_le32(p + at, (uint32_t)v);
        assert_int_equal(kymo_le32(p + at), (uint32_t)v);
        kymo_put_le64(p + at, v);
        assert_true(kymo_le64(p + at) == v);
        kymo_put_le_f64(p + at, -0.1);
        assert_true(kymo_le_f64(p + at) == -0.1);
    }
    kymo_put_le_f64(p, 1);
    assert_memory_equal(p, "\0\0\0\0\0\0\xf0\x3f", 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_little_endian),
        cmocka_unit_test(extremes_of_24_bits_keep_their_sign),
        cmocka_unit_test(what_is_put_comes_back_at_any_alignment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
