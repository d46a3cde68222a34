/* tests/unit/test_wfdb_annot.c - WFDB annotation files, made here word by word. */
#include "support.h"

#include "formats/wfdb_annot.h"

#include <string.h>

enum { NOTE = 22, SKIP = 59, NUM = 60, SUB = 61, CHN = 62, AUX = 63 };

static void put_word(struct bytes *b, unsigned type, unsigned value) { put_le(b, type << 10 | (value & 0x3ff), 2); }

static void put_skip(struct bytes *b, int32_t interval)
{
    put_word(b, SKIP, 0);
    put_le(b, (uint32_t)interval >> 16, 2);
    put_le(b, (uint32_t)interval, 2);
}

static void put_aux(struct bytes *b, const char *text)
{
    const size_t n = strlen(text);

    put_word(b, AUX, (unsigned)n);
    put_bytes(b, text, n);
    put_bytes(b, "", n & 1);
}

/* All annotations of b into a[most]; the last result of next in *rc. */
static size_t read_all(const struct bytes *b, struct wfdb_annotation *a, size_t most, int *rc, struct kymo_ratio *rate,
                       struct kymo_err *e)
{
    struct kymo_input *in = kymo_input_memory("x.atr", b->p ? (const void *)b->p : "", b->n, e);
    struct wfdb_annotations s;
    size_t n = 0;

    wfdb_annotations_init(&s, in, (struct kymo_ratio){360, 1});
    while (n < most && (*rc = wfdb_annotation_next(&s, &a[n], e)) > 0)
        n++;
    *rate = s.rate;
    kymo_input_close(in);
    return n;
}

static void intervals_add_up_and_skips_go_any_way(void **state)
{
    static const int64_t times[] = {10, 1033, 101033, 101028, 101028 + (int64_t)INT32_MAX};
    struct bytes b = {0};
    struct kymo_err e = {0};
    struct kymo_ratio rate;
    struct wfdb_annotation a[10];
    int rc;
    (void)state;

    put_word(&b, 1, 10);
    put_word(&b, 5, 1023);
    put_skip(&b, 100000);
    put_word(&b, 1, 0);
    put_skip(&b, -10);
    put_word(&b, 1, 5);
    put_skip(&b, INT32_MAX);
    put_word(&b, 1, 0);
    put_word(&b, 0, 0);
    assert_int_equal(read_all(&b, a, 10, &rc, &rate, &e), 5);
    assert_int_equal(rc, 0);
    assert_true(a[0].type == 1 && a[1].type == 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(a[i].time, times[i]);
    bytes_free(&b);
}

static void num_and_channel_stay_subtype_and_text_do_not(void **state)
{
    struct bytes b = {0};
    struct kymo_err e = {0};
    struct kymo_ratio rate;
    struct wfdb_annotation a[10];
    int rc;
    (void)state;

    put_word(&b, 1, 1);
    put_word(&b, 1, 1);
    put_word(&b, SUB, 0xff);
    put_word(&b, CHN, 1);
    put_word(&b, NUM, 0xfe);
    put_aux(&b, "(AFIB");
    put_word(&b, 1, 1);
    put_word(&b, 0, 0);
    assert_int_equal(read_all(&b, a, 10, &rc, &rate, &e), 3);
    assert_true(a[0].num == 0 && !a[0].has_channel && a[0].subtype == 0);
    assert_true(a[1].num == -2 && a[1].has_channel && a[1].channel == 1 && a[1].subtype == -1);
    assert_string_equal(a[1].aux, "(AFIB");
    assert_true(a[2].num == -2 && a[2].has_channel && a[2].channel == 1 && a[2].subtype == 0 && a[2].n_aux == 0);
    bytes_free(&b);
}

static void texts_of_any_length_are_padded_to_even(void **state)
{
    struct kymo_err e = {0};
    struct kymo_ratio rate;
    struct wfdb_annotation a[3];
    char text[256];
    int rc;
    (void)state;

    for (size_t n = 0; n < 256; n++) {
        struct bytes b = {0};
        memset(text, 'x', n);
        text[n] = '\0';
        put_word(&b, 28, 1);
        put_aux(&b, text);
        put_word(&b, 1, 1);
        put_word(&b, 0, 0);
        assert_int_equal(read_all(&b, a, 3, &rc, &rate, &e), 2);
        assert_string_equal(a[0].aux, text);
        assert_int_equal(a[1].time, 2);
        bytes_free(&b);
    }
}

static void a_note_at_the_start_tells_the_resolution(void **state)
{
    struct bytes b = {0}, late = {0};
    struct kymo_err e = {0};
    struct kymo_ratio rate;
    struct wfdb_annotation a[3];
    int rc;
    (void)state;

    put_word(&b, NOTE, 0);
    put_aux(&b, "## time resolution: 1000");
    put_word(&b, 1, 5);
    put_word(&b, 0, 0);
    assert_int_equal(read_all(&b, a, 3, &rc, &rate, &e), 1);
    assert_true(rate.num == 1000 && rate.den == 1 && a[0].time == 5);
    put_word(&late, NOTE, 1);
    put_aux(&late, "## time resolution: 1000");
    put_word(&late, 0, 0);
    assert_int_equal(read_all(&late, a, 3, &rc, &rate, &e), 1);
    assert_int_equal(rate.num, 360);
    bytes_free(&b);
    bytes_free(&late);
}

static void a_file_cut_at_any_byte_is_an_error(void **state)
{
    struct bytes b = {0};
    struct wfdb_annotation a[10];
    struct kymo_ratio rate;
    int rc;
    (void)state;

    put_word(&b, 1, 1);
    put_word(&b, SUB, 1);
    put_aux(&b, "odd");
    put_skip(&b, 100000);
    put_word(&b, 5, 0);
    put_word(&b, 0, 0);
    for (struct bytes cut = b; cut.n-- > 0;) {
        struct kymo_err e = {0};
        read_all(&cut, a, 10, &rc, &rate, &e);
        assert_int_equal(rc, KYMO_EFORMAT);
        assert_error(&e, KYMO_EFORMAT, " stop");
    }
    bytes_free(&b);
}

static void garbage_is_refused(void **state)
{
    static const unsigned words[] = {NUM, SUB, CHN, AUX};
    struct wfdb_annotation a[2];
    struct kymo_ratio rate;
    int rc;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        struct bytes b = {0};
        struct kymo_err e = {0};
        put_word(&b, words[i], 0);
        put_word(&b, 0, 0);
        read_all(&b, a, 2, &rc, &rate, &e);
        assert_int_equal(rc, KYMO_EFORMAT);
        assert_error(&e, KYMO_EFORMAT, "x.atr:0: no annotation here");
        bytes_free(&b);
    }
}

static void an_empty_list_is_no_error(void **state)
{
    struct bytes b = {0};
    struct kymo_err e = {0};
    struct wfdb_annotation a[1];
    struct kymo_ratio rate;
    int rc;
    (void)state;

    put_word(&b, 0, 0);
    assert_int_equal(read_all(&b, a, 1, &rc, &rate, &e), 0);
    assert_int_equal(rc, 0);
    bytes_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_add_up_and_skips_go_any_way),
        cmocka_unit_test(num_and_channel_stay_subtype_and_text_do_not),
        cmocka_unit_test(texts_of_any_length_are_padded_to_even),
        cmocka_unit_test(a_note_at_the_start_tells_the_resolution),
        cmocka_unit_test(a_file_cut_at_any_byte_is_an_error),
        cmocka_unit_test(garbage_is_refused),
        cmocka_unit_test(an_empty_list_is_no_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
