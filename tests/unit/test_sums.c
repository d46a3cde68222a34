/* tests/unit/test_sums.c - SHA256SUMS.txt and RECORDS: what is taken, and that no name leads out of the folder. */
#include "support.h"

#include "lib/sums.h"

#include <stdio.h>
#include <string.h>

#define A64 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define UPPER "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"

static int next_of(const char *text, bool names, struct kymo_sum *sum, struct kymo_err *e)
{
    struct kymo_input *const in = kymo_input_memory("list", text, strlen(text), e);
    int64_t line = 0;
    const int rc = names ? kymo_names_next(in, &line, sum, e) : kymo_sums_next(in, &line, sum, e);

    kymo_input_close(in);
    return rc;
}

static void lines_of_sha256sum_are_taken(void **state)
{
    static const char *const lines[] = {A64 "  100.dat\n", A64 " *100.dat", A64 " 100.dat\r\n", "\n\n" UPPER "  ./100.dat\n"};
    struct kymo_err e = {0};
    struct kymo_sum sum;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        assert_int_equal(next_of(lines[i], false, &sum, &e), 1);
        assert_string_equal(sum.name, "100.dat");
        assert_string_equal(sum.sha256, A64);
    }
    assert_int_equal(next_of(A64 "  x1/a b.dat\n", false, &sum, &e), 1);
    assert_string_equal(sum.name, "x1/a b.dat");
    assert_int_equal(next_of("", false, &sum, &e), 0);
    assert_int_equal(next_of(" \n\n", false, &sum, &e), 0);
}

static void other_lines_are_refused_with_their_number(void **state)
{
    static const char *const lines[] = {"100.dat\n", A64 "\n", A64 "  \n", A64 "x  100.dat\n", "\\" A64 "  100.dat\n",
                                        "g0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff  100.dat\n",
                                        "0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff  100.dat\n"};
    struct kymo_sum sum;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct kymo_err e = {0};
        assert_int_equal(next_of(lines[i], false, &sum, &e), KYMO_EFORMAT);
        assert_error(&e, KYMO_EFORMAT, "list:1: ");
    }
}

static void no_name_leads_out_of_the_folder(void **state)
{
    static const char *const wrong[] = {"..", "../x", "x/../../y", "x/..", "/etc/passwd", "x//y", ".", "x/./y", "x\\..\\y",
                                        "x\ty", "x\x7f", "", "x/", "/"};
    static const char *const right[] = {"x", "x/y", "...", "..x", "x..", "x y", "-", "a/b/c.hea", "\xc3\xa4"};
    char text[200], longest[300];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct kymo_err e = {0};
        struct kymo_sum sum;
        assert_false(kymo_is_safe_path(wrong[i], strlen(wrong[i])));
        snprintf(text, sizeof text, A64 "  %s\n", wrong[i]);
        assert_int_equal(next_of(text, false, &sum, &e), KYMO_EFORMAT);
    }
    for (size_t i = 0; i < COUNT_OF(right); i++)
        assert_true(kymo_is_safe_path(right[i], strlen(right[i])));
    assert_false(kymo_is_safe_path("x\0y", 3));
    memset(longest, 'x', sizeof longest);
    assert_true(kymo_is_safe_path(longest, 200));
    assert_false(kymo_is_safe_path(longest, 201));   /* LONGEST_PART of sums.c */
}

static void a_list_of_names_may_hold_folders(void **state)
{
    struct kymo_err e = {0};
    struct kymo_sum sum;

    (void)state;
    assert_int_equal(next_of("100\n", true, &sum, &e), 1);
    assert_string_equal(sum.name, "100");
    assert_string_equal(sum.sha256, "");
    assert_int_equal(next_of("p00/p000020/\r\n", true, &sum, &e), 1);
    assert_string_equal(sum.name, "p00/p000020/");
    assert_int_equal(next_of("/\n", true, &sum, &e), KYMO_EFORMAT);
    e = (struct kymo_err){0};
    assert_int_equal(next_of("../\n", true, &sum, &e), KYMO_EFORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_sha256sum_are_taken),
        cmocka_unit_test(other_lines_are_refused_with_their_number),
        cmocka_unit_test(no_name_leads_out_of_the_folder),
        cmocka_unit_test(a_list_of_names_may_hold_folders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
