/* tests/unit/test_wfdb_signal.c - the packings of WFDB signal files: patterns by hand, lengths, parts against the whole. */
#include "support.h"

#include "formats/wfdb_signal.h"

#include <stdlib.h>
#include <string.h>

static const int formats[] = {16, 212, 24, 32, 61, 80, 160, 310, 311, 8};

static void assert_unpacks(int format, const char *bytes, size_t n, const int32_t *wanted)
{
    const struct wfdb_packing *p = wfdb_packing_of(format);
    int32_t x[8];

    assert_non_null(p);
    p->unpack((const unsigned char *)bytes, n, x);
    for (size_t i = 0; i < n; i++)
        if (x[i] != wanted[i])
            fail_msg("format %d, sample %zu: %d, not %d", format, i, x[i], wanted[i]);
}

/* From the bit layouts of signal(5). */
static void patterns_unpack_as_the_manual_says(void **state)
{
    (void)state;
    assert_unpacks(16, "\x01\x00\xff\xff\x00\x80", 3, (const int32_t[]){1, -1, -32768});
    assert_unpacks(212, "\xff\x07\x00" "\x00\x88\x00", 4, (const int32_t[]){2047, 0, -2048, -2048});
    assert_unpacks(212, "\xe3\x33\xf3", 2, (const int32_t[]){0x3e3, 0x3f3});
    assert_unpacks(212, "\x01\x0f", 1, (const int32_t[]){-255});
    assert_unpacks(24, "\x01\x00\x00\xff\xff\xff\x00\x00\x80", 3, (const int32_t[]){1, -1, -8388608});
    assert_unpacks(32, "\x01\x00\x00\x00\xff\xff\xff\xff", 2, (const int32_t[]){1, -1});
    assert_unpacks(61, "\x00\x01\xff\xfe", 2, (const int32_t[]){1, -2});
    assert_unpacks(80, "\x80\x00\xff", 3, (const int32_t[]){0, -128, 127});
    assert_unpacks(160, "\x00\x80\x01\x80\x00\x00", 3, (const int32_t[]){0, 1, -32768});
}

static void an_unknown_format_has_no_packing(void **state)
{
    (void)state;
    assert_null(wfdb_packing_of(0));
    assert_null(wfdb_packing_of(17));
    assert_null(wfdb_packing_of(-16));
}

/* n samples take just the bytes that hold n, and one byte less holds fewer. */
static void bytes_and_samples_agree(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT_OF(formats); k++) {
        const struct wfdb_packing *p = wfdb_packing_of(formats[k]);
        for (size_t n = 0; n < 50; n++) {
            const size_t bytes = wfdb_packed_bytes(p, n);
            if (wfdb_packed_samples(p, (int64_t)bytes) < (int64_t)n || (n > 0 &&
                                                                        wfdb_packed_samples(p,
                                                                            (int64_t)bytes - 1) >= (int64_t)n))
                fail_msg("format %d: %zu samples in %zu bytes", p->format, n, bytes);
        }
    }
}

/* Unpacking the first n samples gives the first n of the whole, and reads no byte behind those they take: the copy that
 * is unpacked is as long as they are, so that a sanitizer sees more. */
static void parts_unpack_like_the_whole(void **state)
{
    struct dice d = {70};
    unsigned char bytes[200];
    int32_t whole[48], part[48];
    (void)state;

    for (size_t k = 0; k < COUNT_OF(formats); k++) {
        const struct wfdb_packing *p = wfdb_packing_of(formats[k]);
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (unsigned char)roll(&d);
        p->unpack(bytes, 48, whole);
        for (size_t n = 1; n <= 48; n++) {
            const size_t n_bytes = wfdb_packed_bytes(p, n);
            unsigned char *exact = malloc(n_bytes);
            memcpy(exact, bytes, n_bytes);
            p->unpack(exact, n, part);
            for (size_t i = 0; i < n; i++)
                if (part[i] != whole[i])
                    fail_msg("format %d, %zu samples: sample %zu is %d, not %d", p->format, n, i, part[i], whole[i]);
            free(exact);
        }
    }
}

static void values_stay_within_their_bits(void **state)
{
    struct dice d = {71};
    unsigned char bytes[200];
    int32_t x[48];
    (void)state;

    for (size_t k = 0; k < COUNT_OF(formats); k++) {
        const struct wfdb_packing *p = wfdb_packing_of(formats[k]);
        for (int run = 0; run < 200; run++) {
            for (size_t i = 0; i < sizeof bytes; i++)
                bytes[i] = (unsigned char)roll(&d);
            p->unpack(bytes, 48, x);
            for (size_t i = 0; i < 48; i++)
                assert_true(x[i] >= -(INT64_C(1) << (p->bits - 1)) && x[i] < INT64_C(1) << (p->bits - 1));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_unpack_as_the_manual_says),
        cmocka_unit_test(an_unknown_format_has_no_packing),
        cmocka_unit_test(bytes_and_samples_agree),
        cmocka_unit_test(parts_unpack_like_the_whole),
        cmocka_unit_test(values_stay_within_their_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
