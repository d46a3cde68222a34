/* tests/unit/test_text.c - numbers, times and names as people and files write them. */
#include "support.h"

#include <math.h>
#include <string.h>

static bool int_is(const char *text, int64_t wanted)
{
    int64_t v = -77;

    return kymo_parse_int(text, strlen(text), &v) && v == wanted;
}

static bool is_no_int(const char *text, size_t n)
{
    int64_t v = -77;

    return !kymo_parse_int(text, n, &v) && v == -77;
}

static void integers_are_whole_texts_within_64_bits(void **state)
{
    (void)state;
    assert_true(int_is("0", 0) && int_is("-1", -1) && int_is("+12", 12) && int_is("  7 \n", 7) && int_is("007", 7));
    assert_true(int_is("9223372036854775807", INT64_MAX) && int_is("-9223372036854775807", -INT64_MAX));
    static const char *const wrong[] = {"", " ", "-", "+", "- 1", "1 2", "1.0", "1e3", "0x10", "--1", "abc", "1a",
                                        "9223372036854775808", "99999999999999999999999"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_true(is_no_int(wrong[i], strlen(wrong[i])));
    assert_true(is_no_int("1\0002", 3));
    assert_true(kymo_parse_int("123", 2, &(int64_t){0}));
}

static void blanks_and_nuls_behind_a_number_are_padding(void **state)
{
    int64_t v;
    (void)state;

    assert_true(kymo_parse_int("42\0\0\0\0\0\0", 8, &v));
    assert_int_equal(v, 42);
}

static bool real_is(const char *text, double wanted)
{
    double v = -77;

    return kymo_parse_real(text, strlen(text), &v) && v == wanted;
}

static void reals_are_finite_decimal_numbers(void **state)
{
    double v = -77;
    (void)state;

    assert_true(real_is("0.1", 0.1) && real_is("-1e-3", -0.001) && real_is(" 5. ", 5) && real_is(".5", 0.5) &&
                real_is("+2E2", 200));
    static const char *const wrong[] = {"", ".", "-", "e5", "1e", "nan", "inf", "-inf", "0x1p3", "1,5", "1 2", "1.2.3",
                                        "1e999", "1d5", "--1"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(kymo_parse_real(wrong[i], strlen(wrong[i]), &v));
    assert_false(kymo_parse_real("1\0002", 3, &v));   /* a NUL inside must not end it */
    assert_true(v == -77);
}

static bool ratio_is(const char *text, int64_t num, int64_t den)
{
    struct kymo_ratio r = {-7, -7};

    return kymo_parse_ratio(text, strlen(text), &r) && r.num == num && r.den == den;
}

static void ratios_are_exact_and_in_lowest_terms(void **state)
{
    (void)state;
    assert_true(ratio_is("499.95", 9999, 20) && ratio_is("1/30", 1, 30) && ratio_is("360", 360, 1) &&
                ratio_is("1.001", 1001, 1000));
    assert_true(ratio_is("0.5", 1, 2) && ratio_is("2.50", 5, 2) && ratio_is("1e3", 1000, 1) &&
                ratio_is("1e-12", 1, KYMO_RATIO_LIMIT));
    assert_true(ratio_is("-3", -3, 1) && ratio_is("6/4", 3, 2) && ratio_is("0", 0, 1) && ratio_is(" 256 ", 256, 1));
    assert_true(ratio_is("1e12", KYMO_RATIO_LIMIT, 1) && ratio_is("1000000000000/1", KYMO_RATIO_LIMIT, 1));
}

static void ratios_out_of_reach_are_refused(void **state)
{
    struct kymo_ratio r = {-7, -7};
    static const char *const wrong[] = {"", "/", "1/", "/2", "1/0", "1/-2", "1//2", "1e13", "1e-13", "1000000000001", "abc",
                                        "1/1000000000001", "1.2.3", "0.0000000000001", "123456789012345678901", "1e",
                                        "9223372036854775807e12", "1 2"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        if (kymo_parse_ratio(wrong[i], strlen(wrong[i]), &r))
            fail_msg("\"%s\" was taken for %lld/%lld", wrong[i], (long long)r.num, (long long)r.den);
}

static void a_reduced_ratio_keeps_its_value_and_a_positive_denominator(void **state)
{
    const struct kymo_ratio r = kymo_ratio(-6, -4), s = kymo_ratio(6, -4), z = kymo_ratio(0, 5);
    (void)state;

    assert_true(r.num == 3 && r.den == 2);
    assert_true(s.num == -3 && s.den == 2);
    assert_true(z.num == 0 && z.den == 1);
    assert_true(kymo_ratio_real((struct kymo_ratio){1, 4}) == 0.25);
}

static bool time_is(const char *text, int64_t ns)
{
    int64_t v = -77;

    return kymo_parse_time(text, strlen(text), &v) && v == ns;
}

static void times_are_seconds_or_clock_like(void **state)
{
    const int64_t s = KYMO_NS_PER_S;
    (void)state;

    assert_true(time_is("90", 90 * s) && time_is("90.5", 90 * s + s / 2) && time_is("1:30", 90 * s) &&
                time_is("0:05:00", 300 * s));
    assert_true(time_is("100:00:00", 360000 * s) && time_is("90:00", 5400 * s) && time_is("0.000000001", 1) &&
                time_is("5.", 5 * s));
    assert_true(time_is("0.0000000005", 1) && time_is("0.0000000004", 0) && time_is("1:2.25", 62 * s + s / 4));
    assert_true(time_is("9223372036.854775807", INT64_MAX));
}

static void what_is_no_time_is_refused(void **state)
{
    int64_t v = -77;
    static const char *const wrong[] = {"", "-1", "+1", ".5", "1:60", "1:2:3:4", "::", ":5", "5:", "1:-2", "1:60:00", "1e3",
                                        "abc", "1.2.3", "9223372036.854775808", "99999999999", "2147483648:00", "1: 2"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        if (kymo_parse_time(wrong[i], strlen(wrong[i]), &v))
            fail_msg("\"%s\" was taken for %lld ns", wrong[i], (long long)v);
    assert_int_equal(v, -77);
}

static void seconds_are_printed_with_just_their_digits(void **state)
{
    static const struct { int64_t ns; const char *text; } all[] = {
        {0, "0"}, {1, "0.000000001"}, {1500000000, "1.5"}, {-1500000000, "-1.5"}, {10000000000, "10"}, {-1, "-0.000000001"},
        {INT64_MAX, "9223372036.854775807"}, {INT64_MIN, "-9223372036.854775808"},
    };
    char text[24];
    (void)state;

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        assert_int_equal(kymo_format_seconds(all[i].ns, text, sizeof text), strlen(all[i].text));
        assert_string_equal(text, all[i].text);
    }
}

static void printed_seconds_read_back(void **state)
{
    struct dice d = {1};
    char text[24];
    (void)state;

    for (int i = 0; i < 10000; i++) {
        const int64_t ns = (int64_t)(roll(&d) >> (1 + roll_below(&d, 60)));
        int64_t back = -1;
        assert_true(kymo_parse_time(text, kymo_format_seconds(ns, text, sizeof text), &back));
        assert_int_equal(back, ns);
    }
}

static void trim_takes_blanks_from_both_ends(void **state)
{
    const char *text = "\t a b \r\n\0";
    (void)state;

    assert_int_equal(kymo_trim(&text, 9), 3);
    assert_memory_equal(text, "a b", 3);
    assert_int_equal(kymo_trim(&(const char *){"  "}, 2), 0);
    assert_int_equal(kymo_trim(&(const char *){""}, 0), 0);
}

static void cleaned_is(const char *text, size_t n, const char *wanted)
{
    char out[100];

    assert_int_equal(kymo_utf8(text, n, out, sizeof out), strlen(wanted));
    assert_string_equal(out, wanted);
}

static void utf8_stays_and_anything_else_is_latin_1(void **state)
{
    (void)state;
    cleaned_is("\xc2\xb5V", 3, "\xc2\xb5V");
    cleaned_is("\xb5V", 2, "\xc2\xb5V");
    cleaned_is("S\xf8ren \xe9", 7, "S\xc3\xb8ren \xc3\xa9");
    cleaned_is("\xe2\x82\xac\xf0\x9f\x98\x80", 7, "\xe2\x82\xac\xf0\x9f\x98\x80");
    cleaned_is("", 0, "");
    cleaned_is("\xc0\xaf", 2, "\xc3\x80\xc2\xaf");              /* overlong */
    cleaned_is("\xed\xa0\x80", 3, "\xc3\xad\xc2\xa0 ");         /* a surrogate */
    cleaned_is("\xf4\x90\xa0\xa0", 4, "\xc3\xb4 \xc2\xa0\xc2\xa0");   /* above U+10FFFF */
    cleaned_is("ab\xc3", 3, "ab\xc3\x83");                      /* cut */
}

static void control_characters_become_blanks(void **state)
{
    (void)state;
    cleaned_is("a\0b\x1b[2Jc\x7f\n", 10, "a b [2Jc  ");
    cleaned_is("\xc2\x9b" "2J", 4, " 2J");   /* CSI of C1: terminals obey it */
    cleaned_is("\x9b" "2J\xe9", 4, " 2J\xc3\xa9");
}

/* The law behind all of that, on random bytes: valid UTF-8, no controls, idempotent. */
static void cleaned_text_is_clean(void **state)
{
    struct dice d = {2};
    char text[40], out[130], again[400];
    (void)state;

    for (int k = 0; k < 20000; k++) {
        const size_t n = roll_below(&d, sizeof text);
        for (size_t i = 0; i < n; i++)
            text[i] = (char)(roll_below(&d, 3) ? 0xc0 + roll_below(&d, 64) : roll_below(&d, 256));
        const size_t made = kymo_utf8(text, n, out, sizeof out);
        assert_true(made < sizeof out && strlen(out) == made);
        for (size_t i = 0; i < made; i++)
            assert_true((unsigned char)out[i] >= 0x20 && out[i] != 0x7f);
        assert_int_equal(kymo_utf8(out, made, again, sizeof again), made);
        assert_string_equal(again, out);
    }
}

static void too_little_room_cuts_between_characters(void **state)
{
    char out[10];
    (void)state;

    const size_t n = kymo_utf8("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 12, out, sizeof out);
    assert_true(n < sizeof out && n % 2 == 0);
    assert_int_equal(strlen(out), n);
}

static void same_text_ignores_ascii_case_only(void **state)
{
    (void)state;
    assert_true(kymo_same_text("ECG ii", "ecg II") && kymo_same_text("", ""));
    assert_false(kymo_same_text("ECG", "ECG1") || kymo_same_text("ECG1", "ECG") || kymo_same_text("@", "`") ||
                 kymo_same_text("[", "{"));
}

static void words_are_told_whatever_their_case(void **state)
{
    (void)state;
    assert_true(kymo_begins("Lead II", "LEAD ") && kymo_begins("x", "") && kymo_begins("", ""));
    assert_false(kymo_begins("Lea", "lead") || kymo_begins("[x", "{x"));
    assert_true(kymo_is_word("ECG1", 3, "ecg") && kymo_is_word("", 0, ""));
    assert_false(kymo_is_word("ECG1", 4, "ecg") || kymo_is_word("ECG", 2, "ecg") || kymo_is_word("ECG", 3, "eeg"));
    assert_true(kymo_is_letter('a') && kymo_is_letter('Z') && kymo_is_digit('0') && kymo_is_digit('9'));
    assert_false(kymo_is_letter('@') || kymo_is_letter('[') || kymo_is_letter('`') || kymo_is_letter('{') ||
                 kymo_is_letter('\xe4') || kymo_is_digit('/') || kymo_is_digit(':'));
}

static void words_come_back(void **state)
{
    static const struct { const char *text, *word; } cases[] = {
        {"", ""}, {"desat", "desat"}, {"a b%\t", "a%20b%25%09"}, {"{x}=1", "%7Bx%7D%3D1"}, {"\xc3\xa4", "\xc3\xa4"},
    };
    char word[64], back[64];
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(kymo_escape(cases[i].text, "{}=", word, sizeof word), strlen(cases[i].word));
        assert_string_equal(word, cases[i].word);
        assert_true(kymo_unescape(word, strlen(word), back, sizeof back));
        assert_string_equal(back, cases[i].text);
    }
    assert_false(kymo_unescape("%", 1, back, sizeof back) || kymo_unescape("a%2", 3, back, sizeof back) ||
                 kymo_unescape("%2g", 3, back, sizeof back) || kymo_unescape("%00", 3, back, sizeof back));
    assert_true(kymo_unescape("abc", 3, back, 4));
    assert_false(kymo_unescape("abcd", 4, back, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_whole_texts_within_64_bits),
        cmocka_unit_test(blanks_and_nuls_behind_a_number_are_padding),
        cmocka_unit_test(reals_are_finite_decimal_numbers),
        cmocka_unit_test(ratios_are_exact_and_in_lowest_terms),
        cmocka_unit_test(ratios_out_of_reach_are_refused),
        cmocka_unit_test(a_reduced_ratio_keeps_its_value_and_a_positive_denominator),
        cmocka_unit_test(times_are_seconds_or_clock_like),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(seconds_are_printed_with_just_their_digits),
        cmocka_unit_test(printed_seconds_read_back),
        cmocka_unit_test(trim_takes_blanks_from_both_ends),
        cmocka_unit_test(utf8_stays_and_anything_else_is_latin_1),
        cmocka_unit_test(control_characters_become_blanks),
        cmocka_unit_test(cleaned_text_is_clean),
        cmocka_unit_test(too_little_room_cuts_between_characters),
        cmocka_unit_test(words_come_back),
        cmocka_unit_test(same_text_ignores_ascii_case_only),
        cmocka_unit_test(words_are_told_whatever_their_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
